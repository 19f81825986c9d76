// What a flush makes sure, and what a power cut may leave of the rest.

import { describe, expect, it } from 'vitest';
import { Disk } from './disk.ts';
import { cutPower, diceOf, viewNow, type Image } from './image.ts';
import type { Call, Edge } from './trace.ts';

type Write = Call & { readonly kind: 'write' };

const open = (path: string, fd: number, more = {}): Call => ({
  ...{ kind: 'open', path, fd, create: true, truncate: false, append: false },
  ...more,
});
const write = (path: string, fd: number, text: string, offset: number): Write => ({
  ...{ kind: 'write', fd, path, octets: new Uint8Array(Buffer.from(text)), offset },
});
const flush = (path: string, fd: number): Call => ({ kind: 'flush', fd, path });
const rename = (path: string, to: string): Call => ({ kind: 'rename', path, to });
const whole = (call: Call): Edge[] => [
  { edge: 'begin', call },
  { edge: 'end', call },
];
const made = [open('/d/a', 3), open('/d', 4, { create: false })];

function diskAfter(...calls: readonly (Call | Edge)[]): Disk {
  const disk = new Disk('/d');
  for (const each of calls) {
    if ('edge' in each) disk.step(each);
    else for (const edge of whole(each)) disk.step(edge);
  }
  return disk;
}

/** Everything that file can be after a cut, over many seeds; `-` where it is not there. */
function outcomes(disk: Disk, path: string): ReadonlySet<string> {
  const seeds = Array.from({ length: 400 }, (_, seed) => seed);
  return new Set(seeds.map((seed) => textOf(cutPower(disk.root, diceOf(seed)), path)));
}

function textOf(image: Image, path: string): string {
  const octets = image.get(path);
  return octets === undefined ? '-' : Buffer.from(octets).toString('latin1');
}

describe('a file', () => {
  const written = [...made, write('/d/a', 3, 'one', 0)];

  it('is there only after a flush of its folder, and its octets after one of itself', () => {
    expect(outcomes(diskAfter(...written), 'a')).toContain('-');
    expect(outcomes(diskAfter(...written, flush('/d/a', 3)), 'a')).toEqual(new Set(['-', 'one']));
    const sure = diskAfter(...written, flush('/d/a', 3), flush('/d', 4));
    expect(outcomes(sure, 'a')).toEqual(new Set(['one']));
  });

  it('holds, of two writes that were not flushed, none, either or both', () => {
    const disk = diskAfter(
      ...[...written, flush('/d/a', 3), flush('/d', 4)],
      ...[write('/d/a', 3, 'X', 0), write('/d/a', 3, 'Y', 2)],
    );
    expect(outcomes(disk, 'a')).toEqual(new Set(['one', 'Xne', 'onY', 'XnY']));
  });

  it('may have its new size without its octets', () => {
    const disk = diskAfter(...made, flush('/d', 4), write('/d/a', 3, 'abc', 0));
    const found = outcomes(disk, 'a');
    expect(found).toContain('');
    expect(found).toContain('abc');
    expect(found).toContain('\0\0\0');
  });

  it('is torn at sectors, never within one', () => {
    const old = 'o'.repeat(1024);
    // It begins in the middle of the first sector and fills the second.
    const half = 'A'.repeat(256);
    const next = 'B'.repeat(512);
    const disk = diskAfter(
      ...[...made, write('/d/a', 3, old, 0), flush('/d/a', 3), flush('/d', 4)],
      write('/d/a', 3, half + next, 256),
    );
    const kept = old.slice(0, 256);
    expect(outcomes(disk, 'a')).toEqual(
      new Set([old, kept + half + old.slice(512), old.slice(0, 512) + next, kept + half + next]),
    );
  });

  it('is not covered by a flush that began before its write was over', () => {
    const late = write('/d/a', 3, 'two', 0);
    const sync = flush('/d/a', 3);
    const disk = diskAfter(
      ...[...written, flush('/d/a', 3), flush('/d', 4)],
      ...([
        { edge: 'begin', call: late },
        { edge: 'begin', call: sync },
        { edge: 'end', call: late },
        { edge: 'end', call: sync },
      ] as const),
    );
    expect(outcomes(disk, 'a')).toEqual(new Set(['one', 'two']));
  });

  it('is not covered by a flush that has not ended', () => {
    const disk = diskAfter(...written, flush('/d', 4), {
      edge: 'begin',
      call: flush('/d/a', 3),
    });
    expect(outcomes(disk, 'a')).toContain('');
  });

  it('may be emptied by an opening that truncates, before anything new is in it', () => {
    const disk = diskAfter(
      ...[...written, flush('/d/a', 3), flush('/d', 4)],
      open('/d/a', 5, { truncate: true }),
    );
    expect(outcomes(disk, 'a')).toEqual(new Set(['one', '']));
  });
});

describe('a name', () => {
  const both = [
    ...[...made, write('/d/a', 3, 'old', 0), flush('/d/a', 3)],
    ...[open('/d/b', 5), write('/d/b', 5, 'new', 0), flush('/d/b', 5), flush('/d', 4)],
  ];

  it('that was moved over another is the old or the new file, never neither', () => {
    const disk = diskAfter(...both, rename('/d/b', '/d/a'));
    expect(outcomes(disk, 'a')).toEqual(new Set(['old', 'new']));
    expect(outcomes(disk, 'b')).toEqual(new Set(['-', 'new']));
    const sure = diskAfter(...both, rename('/d/b', '/d/a'), flush('/d', 4));
    expect(outcomes(sure, 'a')).toEqual(new Set(['new']));
    expect(outcomes(sure, 'b')).toEqual(new Set(['-']));
  });

  it('that was taken away may come back until its folder is flushed', () => {
    const gone: Call = { kind: 'unlink', path: '/d/a' };
    expect(outcomes(diskAfter(...both, gone), 'a')).toEqual(new Set(['old', '-']));
    expect(outcomes(diskAfter(...both, gone, flush('/d', 4)), 'a')).toEqual(new Set(['-']));
  });

  it('in a new folder is lost with that folder', () => {
    const below = [
      { kind: 'mkdir', path: '/d/sub' } as const,
      ...[open('/d/sub/a', 3), write('/d/sub/a', 3, 'x', 0), flush('/d/sub/a', 3)],
      ...[open('/d/sub', 5, { create: false }), flush('/d/sub', 5)],
    ];
    expect(outcomes(diskAfter(...below), 'sub/a')).toEqual(new Set(['-', 'x']));
    const sure = diskAfter(...below, open('/d', 4, { create: false }), flush('/d', 4));
    expect(outcomes(sure, 'sub/a')).toEqual(new Set(['x']));
  });
});

describe('the disk', () => {
  it('is, for the process that runs, as if all had been written', () => {
    const disk = diskAfter(...made, write('/d/a', 3, 'one', 0), rename('/d/a', '/d/b'));
    expect([...viewNow(disk.root)]).toEqual([['b', new Uint8Array(Buffer.from('one'))]]);
  });

  it('gives the same image for the same seed, and others for others', () => {
    const disk = diskAfter(...made, write('/d/a', 3, 'one', 0));
    const image = (seed: number) => textOf(cutPower(disk.root, diceOf(seed)), 'a');
    for (let seed = 0; seed < 20; seed += 1) expect(image(seed)).toBe(image(seed));
    expect(outcomes(disk, 'a').size).toBeGreaterThan(2);
  });

  it.each([
    ['a file nobody saw opened', [write('/d/a', 3, 'x', 0)], 'nobody saw'],
    ['a name that was never there', [rename('/d/a', '/d/b')], 'was never there'],
    ['a file that left the disk', [...made, rename('/d/a', '/e/a')], 'left the disk'],
  ])('refuses %s', (_, calls, why) => {
    expect(() => diskAfter(...calls)).toThrow(why);
  });
});

// The numbering of both sides: window, acknowledgement, refusal, BUSY, resume.

import { describe, expect, it } from 'vitest';
import { flagPossibleDuplicate } from '#protocol/frame';
import { parseMnemonic } from '#protocol/ids';
import { Inbox } from '#src/sim/inbox';
import { Outbox } from '#src/sim/outbox';
import type { Outgoing } from '#src/sim/outbox';

function filled(count: number): Outbox {
  const outbox = new Outbox();
  for (let at = 0; at < count; at++) outbox.add(message(at));
  return outbox;
}

function message(at: number): Outgoing {
  const mnemonic = parseMnemonic('QZ01');
  if (mnemonic === undefined) throw new Error('QZ01 is a mnemonic');
  const body = Uint8Array.of(at);
  return { mnemonic, class: 3, body, flags: 0, user: undefined, number: 0, refused: false };
}

function takeAll(outbox: Outbox): [number: number, body: number, flags: number][] {
  const taken: [number, number, number][] = [];
  for (let next = outbox.take(); next !== undefined; next = outbox.take())
    taken.push([next.number, next.body[0] ?? -1, next.flags]);
  return taken;
}

describe('what is sent', () => {
  it('is numbered from 1 and open until it is handled (link M1, M4)', () => {
    const outbox = filled(3);
    expect(takeAll(outbox).map(([number]) => number)).toEqual([1, 2, 3]);
    expect(outbox.open).toBe(3);
    expect(outbox.acknowledge(2)).toBe(true);
    expect(outbox.open).toBe(1);
    expect(outbox.refuse(3)).toMatchObject({ number: 3 });
    expect(outbox.open).toBe(0);
  });

  it('takes no answer for a number never sent, and ignores an older ACK (link S5)', () => {
    const outbox = filled(2);
    takeAll(outbox);
    expect(outbox.acknowledge(3)).toBe(false);
    expect(outbox.refuse(3)).toBe('unsent');
    expect(outbox.putBack(3)).toBe(false);
    expect(outbox.acknowledge(2)).toBe(true);
    expect(outbox.acknowledge(1)).toBe(true);
    expect(outbox.refuse(1)).toBe('known');
  });

  it('goes again after BUSY with the same numbers and no flag (link M4a)', () => {
    const outbox = filled(4);
    takeAll(outbox);
    outbox.acknowledge(1);
    expect(outbox.putBack(3)).toBe(true);
    expect(outbox.open).toBe(1);
    expect(takeAll(outbox)).toEqual([
      [3, 2, 0],
      [4, 3, 0],
    ]);
  });

  it('goes flagged in a later connection once it has left, put back by BUSY or not (link S4a)', () => {
    const outbox = filled(2);
    outbox.take();
    outbox.putBack(1);
    outbox.resume(0);
    expect(takeAll(outbox)).toEqual([
      [1, 0, flagPossibleDuplicate],
      [2, 1, 0],
    ]);
  });

  it('goes again, flagged, above what the other has after a resume; what is new is not (link S4a)', () => {
    const outbox = filled(3);
    takeAll(outbox);
    outbox.add(message(9));
    expect(outbox.resume(1)).toBe(true);
    expect(takeAll(outbox)).toEqual([
      [2, 1, flagPossibleDuplicate],
      [3, 2, flagPossibleDuplicate],
      [4, 9, 0],
    ]);
  });

  it('gives the number of what is left out to the next (link S4a)', () => {
    const outbox = filled(3);
    takeAll(outbox);
    outbox.resume(0);
    outbox.skip();
    expect(takeAll(outbox).map(([number, body]) => [number, body])).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  it('counts for the window what the other has until it learns how it was handled (link S4b)', () => {
    const outbox = filled(2);
    takeAll(outbox);
    outbox.resume(2);
    expect(outbox.open).toBe(2);
    const handled: number[] = [];
    expect(outbox.refuse(1)).toMatchObject({ number: 1 });
    outbox.acknowledge(2, ({ number }) => handled.push(number));
    expect(handled).toEqual([2]);
    expect(outbox.open).toBe(0);
  });

  it('loses its numbering where the other has more than was sent or less than it acknowledged', () => {
    const outbox = filled(2);
    takeAll(outbox);
    outbox.acknowledge(1);
    expect(outbox.resume(3)).toBe(false);
    expect(outbox.resume(0)).toBe(false);
    outbox.restart();
    expect(takeAll(outbox)).toEqual([[1, 1, flagPossibleDuplicate]]);
  });
});

describe('what is received', () => {
  const refused = { code: 'X03', text: 'no' };

  it('is taken in order, once (link S5)', () => {
    const inbox = new Inbox();
    expect(inbox.arrive(1, 4)).toBe('next');
    expect(inbox.arrive(1, 4)).toBe('held');
    inbox.accept(1);
    expect(inbox.arrive(1, 4)).toBe('again');
    expect(inbox.arrive(3, 4)).toBe('gap');
  });

  it('is at most a window that is not handled (link M4)', () => {
    const inbox = new Inbox();
    expect([1, 2, 3].map((number) => inbox.arrive(number, 2))).toEqual(['next', 'next', 'flood']);
  });

  it('comes again after a resume where it was not handled', () => {
    const inbox = new Inbox();
    inbox.arrive(1, 4);
    inbox.arrive(2, 4);
    inbox.accept(1);
    inbox.resume();
    expect(inbox.handled).toBe(1);
    expect(inbox.arrive(2, 4)).toBe('next');
  });

  it('is refused in order only, and the last window of refusals is kept (link M3, S4b)', () => {
    const inbox = new Inbox();
    for (const number of [1, 2, 3]) inbox.arrive(number, 3);
    expect(() => inbox.refuse(2, refused, 2)).toThrow(RangeError);
    for (const number of [1, 2, 3]) inbox.refuse(number, refused, 2);
    expect([...inbox.refusals.keys()]).toEqual([2, 3]);
    expect(inbox.handled).toBe(3);
  });
});

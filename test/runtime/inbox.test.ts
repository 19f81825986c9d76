import { describe, expect, it } from 'vitest';
import { asciiBytes } from '#protocol/octets';
import { EventQueue } from '#src/runtime/inbox';
import type { Event } from '#switch/event';

const frame = (link: number, body = ''): Event => ({
  kind: 'frame',
  link,
  frame: {
    type: 'PING',
    flags: 0,
    class: 0,
    number: 0,
    mnemonic: undefined,
    body: asciiBytes(body),
  },
  atMs: 0,
  timeUs: 0,
});
const linkOf = (event: Event | undefined): number | undefined =>
  event?.kind === 'frame' ? event.link : undefined;

describe('the queue of events', () => {
  it('gives in order what it took, also what came before all that waits', () => {
    const queue = new EventQueue({ inboxEventsMax: 4, inboxBytesMax: 10 });
    queue.push(frame(1));
    queue.push(frame(2));
    expect(linkOf(queue.shift())).toBe(1);
    queue.prepend([frame(8), frame(9)]);
    expect(linkOf(queue.first)).toBe(8);
    expect([queue.shift(), queue.shift(), queue.shift(), queue.shift()].map(linkOf)).toEqual([
      8,
      9,
      2,
      undefined,
    ]);
  });

  it('is full by its events or by the octets of their frames, until half of both has gone', () => {
    const queue = new EventQueue({ inboxEventsMax: 4, inboxBytesMax: 10 });
    const told = (): readonly boolean[] => [queue.full, queue.hasRoom];
    queue.push(frame(1, 'four'));
    expect(told()).toEqual([false, true]);
    queue.prepend([frame(2, 'sixsix')]);
    expect(told()).toEqual([true, false]);
    queue.shift();
    expect(told()).toEqual([false, true]);
    for (let count = 0; count < 3; count++) queue.push({ kind: 'tick', atMs: 0, timeUs: 0 });
    expect(told()).toEqual([true, false]);
    queue.shift();
    expect(told()).toEqual([false, false]);
    queue.shift();
    expect(told()).toEqual([false, true]);
  });

  it('lets go of what it gave, though it never runs dry', () => {
    const queue = new EventQueue({ inboxEventsMax: 4, inboxBytesMax: 10 });
    const octets = 'X'.repeat(64 * 1024);
    queue.push(frame(0));
    for (let count = 1; count <= 6_000; count++) {
      queue.push(frame(count, octets));
      queue.shift();
    }
    expect(queue.length).toBe(1);
    // 400 MB went through; what is not let go of no collector takes.
    expect(process.memoryUsage().arrayBuffers).toBeLessThan(200 * 2 ** 20);
  });
});

// Entries that no index has yet, as a reader keeps them from one search to the next.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeEntry } from '#journal/codec';
import type { StoredEntry } from '#journal/entry';
import type { Shelf } from '#journal/sqlite/shelf';
import { isTail, Tail } from '#journal/sqlite/tail';

/** Entries from 1 on, of which a shelf gives what it is asked for, and counts it. */
function growing(bodyOctets: number): {
  readonly shelf: Shelf;
  readonly grow: (by: number) => void;
  readonly head: () => number;
  readonly read: () => number;
} {
  const blobs: Uint8Array[] = [];
  let read = 0;
  const slice: Shelf['slice'] = ({ from, to, reverse, most }) => {
    const all = blobs.slice(from - 1, to);
    const some = (reverse ? all : all.toReversed()).slice(0, most);
    read += some.length;
    return some;
  };
  const grow = (by: number): void => {
    for (let step = 0; step < by; step += 1) blobs.push(blobOf(blobs.length + 1, bodyOctets));
  };
  // Nothing else of it is asked.
  return { shelf: { slice } as Shelf, grow, head: () => blobs.length, read: () => read };
}

function blobOf(entry: number, octets: number): Uint8Array {
  const body = new Uint8Array(octets).fill(0x41);
  const stored: StoredEntry = {
    entry: { kind: 'event', event: 'heartbeat', entry, time: entry },
    body,
  };
  return encodeEntry(stored);
}

const numbers = (
  tail: Tail,
  shelf: Shelf,
  range: { readonly first: number; readonly last: number },
  reverse: boolean,
): readonly (number | undefined)[] =>
  [...tail.through(shelf, range, reverse)].map(({ stored }) => stored?.entry.entry);

describe('a tail', () => {
  it('gives every entry of any range, in order, however the journal grows between', () => {
    const step = fc.record({
      by: fc.nat(600),
      first: fc.nat(2000),
      length: fc.nat(1500),
      reverse: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
        const { shelf, grow, head } = growing(10);
        const tail = new Tail();
        for (const { by, first, length, reverse } of steps) {
          grow(by);
          const range = { first: 1 + first, last: Math.min(head(), 1 + first + length) };
          if (range.first > range.last) continue;
          const wanted = Array.from({ length: range.last - first }, (_, at) => range.first + at);
          expect(numbers(tail, shelf, range, reverse)).toEqual(
            reverse ? wanted : wanted.toReversed(),
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  it('reads what it has read no second time, and of what came since only that', () => {
    const { shelf, grow, read } = growing(10);
    const tail = new Tail();
    grow(1500);
    numbers(tail, shelf, { first: 1, last: 1500 }, false);
    expect(read()).toBe(1500);
    grow(40);
    numbers(tail, shelf, { first: 1, last: 1540 }, false);
    expect(read()).toBe(1540);
  });

  it('lets go of the oldest when it holds more octets than it may', () => {
    const { shelf, grow, read } = growing(32_768);
    const tail = new Tail();
    grow(1024);
    // 32 MiB in four parts of 8: two of them fit into 16.
    numbers(tail, shelf, { first: 1, last: 1024 }, true);
    numbers(tail, shelf, { first: 1000, last: 1024 }, true);
    expect(read()).toBe(1024);
    numbers(tail, shelf, { first: 1, last: 10 }, true);
    expect(read()).toBe(1034);
  });

  it('is no stretch of more entries than it would keep', () => {
    expect(isTail({ first: 1, last: 7936 })).toBe(true);
    expect(isTail({ first: 1, last: 7937 })).toBe(false);
  });
});

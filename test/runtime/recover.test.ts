// The state after a start: snapshot plus tail, or everything.

import { describe, expect, it } from 'vitest';
import type { StoredEntry } from '#journal/entry';
import type { Snapshot } from '#journal/journal';
import { recover } from '#src/runtime/recover';

const entry = (number: number): StoredEntry => ({
  entry: { entry: number, time: 0, kind: 'event', event: 'alarm' },
});

const journalWith = (snapshot?: Snapshot) => ({
  head: () => Promise.resolve({ entries: 5, root: '' }),
  loadSnapshot: () => Promise.resolve(snapshot),
  async *scan(from: number, to = 5) {
    for (let number = from; number <= to; number++) yield await Promise.resolve([entry(number)]);
  },
});

const recovery = {
  create: (): number[] => [],
  thaw: (state: number[], octets: Uint8Array) => {
    state.push(...octets);
    return octets[0] !== 0;
  },
  replay: (state: number[], stored: StoredEntry) => void state.push(stored.entry.entry),
};

describe('recovery', () => {
  it('replays every entry without a snapshot', async () => {
    expect(await recover(journalWith(), recovery)).toEqual({
      state: [1, 2, 3, 4, 5],
      fromEntry: 0,
      entries: 5,
    });
  });

  it('replays only what came after the snapshot', async () => {
    const snapshot = { entry: 3, leaf: '', state: Uint8Array.of(33) };
    const { state, fromEntry } = await recover(journalWith(snapshot), recovery);
    expect([state, fromEntry]).toEqual([[33, 4, 5], 3]);
  });

  it('leaves a snapshot aside that does not read, with all it has filled', async () => {
    const snapshot = { entry: 3, leaf: '', state: Uint8Array.of(0) };
    expect((await recover(journalWith(snapshot), recovery)).state).toEqual([1, 2, 3, 4, 5]);
  });
});

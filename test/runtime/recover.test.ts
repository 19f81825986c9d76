// The state after a start: snapshot plus tail, or everything.

import { randomBytes } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { StoredEntry } from '#journal/entry';
import type { Snapshot } from '#journal/journal';
import { openJournal } from '#journal/sqlite/journal';
import { recover } from '#src/runtime/recover';
import { makeJournal } from '#support/make-journal';
import { temporaryFolder } from '../journal/folders.ts';

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
    const { state, fromEntry } = await recover(journalWith(snapshot), recovery);
    expect([state, fromEntry]).toEqual([[1, 2, 3, 4, 5], 0]);
  });
});

it('does not make up a state where entries that it needs were purged', async () => {
  const purged = { ...journalWith(), scan: () => journalWith().scan(3) };
  await expect(recover(purged, recovery)).rejects.toMatchObject({ code: 'MSC-3125' });
});

describe('recovery from a journal on disk', () => {
  /** A folder whose journal has 40 entries and a snapshot on the 30th. */
  async function written(): Promise<string> {
    const dir = temporaryFolder();
    const journal = await openJournal(dir, { random: randomBytes });
    await makeJournal(journal, { count: 40, seed: 4 });
    await journal.saveSnapshot(30, Uint8Array.of(99));
    await journal.close();
    return dir;
  }
  const recovered = async (dir: string) => {
    const journal = await openJournal(dir, { random: randomBytes });
    try {
      return await recover(journal, recovery);
    } finally {
      await journal.close();
    }
  };
  const numbers = (from: number) => Array.from({ length: 41 - from }, (_, place) => from + place);

  it('replays the tail after its snapshot', async () => {
    const dir = await written();
    const expected = { state: [99, ...numbers(31)], fromEntry: 30, entries: 40 };
    expect(await recovered(dir)).toEqual(expected);
  });

  it('replays everything where the snapshot is damaged', async () => {
    const dir = await written();
    const file = join(dir, 'snapshot');
    const octets = readFileSync(file);
    octets[octets.length - 1] = 98;
    writeFileSync(file, octets);
    expect(await recovered(dir)).toEqual({ state: numbers(1), fromEntry: 0, entries: 40 });
  });

  it("replays everything where the snapshot is another journal's", async () => {
    const dir = await written();
    cpSync(join(await written(), 'snapshot'), join(dir, 'snapshot'));
    expect(await recovered(dir)).toEqual({ state: numbers(1), fromEntry: 0, entries: 40 });
  });
});

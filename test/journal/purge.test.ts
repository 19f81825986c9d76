// Purging: what holds when something has gone, and what becomes of a purge that is cut short. A sample of its steps and
// calls fails here; each of them: purge.long.test.ts. What may go: purge-plan.test.ts.

import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { encodeBatch, partsOf } from '#journal/codec';
import type { StoredEntry } from '#journal/entry';
import type { Journal } from '#journal/journal';
import { removeCatalogue, updateCatalogue } from '#journal/sqlite/catalogue';
import { countInto } from '#journal/sqlite/count';
import { removeIndex } from '#journal/sqlite/index-writer';
import { openJournal } from '#journal/sqlite/journal';
import { openForLooking } from '#journal/sqlite/looking';
import { planOf } from '#journal/sqlite/plan';
import { reindexFolder } from '#journal/sqlite/reindex-folder';
import type { SealedRange } from '#journal/sqlite/segment-files';
import { openShelf } from '#journal/sqlite/shelf';
import type { Shelf } from '#journal/sqlite/shelf';
import { openEntryStore } from '#journal/sqlite/store';
import { Tally } from '#journal/tally';
import { verifyJournal } from '#journal/verify';
import { describeSegments } from '#journal/verify-segments';
import { makeEntries } from '#support/make-journal';
import { testPurgeCalls, testPurgeSteps } from '#support/purge-faults';
import { plain } from './contract.ts';
import { collect, event, numbersOf, seededRandom, temporaryFolder } from './folders.ts';
import { purgeEvent } from './purges.ts';
import { anyQuery } from './queries.ts';
import { sealedFolder } from './sealed-folder.ts';

const seed = Number(process.env['FAULT_SEED'] ?? Date.now() % 1_000_000);
const random = seededRandom(3);

testPurgeSteps((step) => step === 2 || step === 1 + (seed % 7));
testPurgeCalls({ places: 1, seed, timeoutMs: 180_000 });

describe('a journal of which some was purged', () => {
  let journal: Journal | undefined;
  afterEach(async () => {
    await journal?.close();
    journal = undefined;
  });
  const open = async (dir: string): Promise<Journal> =>
    (journal = await openJournal(dir, { random, segments: { entries: 40, octets: 1e9 } }));
  const made = [...makeEntries({ count: 400, seed: 31 })];
  const anyKind = [{ kind: 'is', value: 'received' }] as const;
  const closeAll = async (): Promise<void> => {
    await journal?.close();
    journal = undefined;
  };
  const append = async (
    dir: string,
    to: Journal,
    last: number,
    more: Readonly<Record<string, string | number>> = {},
  ): Promise<StoredEntry> => {
    const shelf = openShelf(dir);
    const stored = purgeEvent(shelf, (await to.head()).entries + 1, last, more);
    shelf.close();
    await to.append([stored]);
    return stored;
  };

  it(
    'answers a search with what a plain filter finds in what is left, and proves itself',
    { timeout: 180_000 },
    async () => {
      const dir = temporaryFolder();
      sealedFolder(dir, made.slice(0, -1), 40, made.at(-1));
      const all = [...made];
      let to = await open(dir);
      const cuts = fc.sample(fc.integer({ min: 1, max: 3 }), { seed, numRuns: 3 });
      let last = 0;
      for (const [turn, cut] of cuts.entries()) {
        last += cut * 40;
        const purge = await append(dir, to, last);
        all.push(purge);
        const { entries, root } = await to.head();
        await to.purge(purge.entry.entry);
        const gone = (name: string): boolean => Number(/^sealed-(\d+)/.exec(name)?.[1]) <= last;
        expect(readdirSync(dir).filter(gone)).toEqual([]);
        const left = all.slice(last);
        expect(await to.oldest()).toBe(last + 1);
        expect(await collect(to.scan(1))).toEqual(left);
        expect(await collect(to.scan(last - 5, last + 5))).toEqual(left.slice(0, 5));
        await fc.assert(
          fc.asyncProperty(anyQuery(made), async (query) => {
            expect(numbersOf(await collect(to.search(query)))).toEqual(plain(left, query));
          }),
          { numRuns: 12, seed },
        );
        expect(verifyJournal(dir)).toMatchObject({ entries, root, oldest: last + 1 });
        if (turn === 1) await closeAll();
        if (turn === 1) to = await open(dir);
      }
      expect(describeSegments(dir).filter(({ state }) => state === 'purged')).toHaveLength(3);
      await closeAll();
      // Neither index nor hint is needed to know that it is whole.
      removeIndex(dir);
      removeCatalogue(dir);
      to = await open(dir);
      expect(await collect(to.scan(1))).toEqual(all.slice(last));
      expect(describeSegments(dir)[0]).toMatchObject({ first: 1, last, state: 'purged' });
    },
  );

  it('is counted and planned as far as it is there, where segments go meanwhile', () => {
    const query = { where: [], reverse: true, limit: 0 };
    const wish = { by: ['hour'], zone: 'UTC', beyond: 'counts' } as const;
    const lay = (when: 'timesOf' | 'sealed') => {
      const dir = temporaryFolder();
      sealedFolder(dir, made.slice(0, -1), 40, made.at(-1));
      // So that none of them need be open before it is read.
      updateCatalogue(dir);
      const shelf = openShelf(dir);
      // The first two segments go when the second one is asked for its times, or for its terms.
      const asked = (by: 'timesOf' | 'sealed', range: SealedRange): void => {
        if (by !== when || range.first !== 41) return;
        for (const name of readdirSync(dir))
          if (/^sealed-0+(1|41)-/.test(name)) rmSync(join(dir, name));
      };
      const entries: Shelf = {
        ...shelf,
        timesOf: (range) => (asked('timesOf', range), shelf.timesOf(range)),
        sealed: (range) => (asked('sealed', range), shelf.sealed(range)),
      };
      const parts = { entries, index: undefined };
      return { parts: { ...parts, onIndexFailed: () => undefined }, close: shelf.close };
    };
    const kinds = [{ on: 'column', column: 'kind', any: anyKind } as const];
    for (const [where, when] of [
      [[], 'timesOf'],
      [kinds, 'timesOf'],
      [kinds, 'sealed'],
    ] as const) {
      const { parts, close } = lay(when);
      const tally = new Tally(where.length === 0 ? wish : { ...wish, by: [] });
      Array.from(countInto(parts, { ...query, where }, tally));
      const left = plain(made.slice(80), { ...query, where }).length;
      const first = plain(made.slice(0, 40), { ...query, where }).length;
      // What was counted before it went stays counted.
      expect([left, left + first]).toContain(tally.count);
      close();
      const other = lay(when);
      const plan = planOf(other.parts, { ...query, where });
      expect(plan).not.toHaveProperty('unsound');
      expect([320, 360]).toContain(plan.entries);
      other.close();
    }
  });

  it('is looked into without a switch, and indexed anew, from the first entry that is left', async () => {
    const dir = temporaryFolder();
    sealedFolder(dir, made.slice(0, -1), 40, made.at(-1));
    const purge = await append(dir, await open(dir), 120);
    await journal?.purge(purge.entry.entry);
    await closeAll();
    const all = { where: [], reverse: true, limit: 0 };
    const look = async () => {
      const looking = await openForLooking(dir);
      expect(await looking.oldest()).toBe(121);
      expect(await looking.read(120)).toBeUndefined();
      expect(numbersOf(await collect(looking.search(all)))[0]).toBe(121);
      const wish = { by: [], zone: 'UTC', beyond: 'counts' } as const;
      for await (const { count } of looking.tally(all, wish)) expect(count).toBe(281);
      await looking.close();
    };
    await look();
    const end = reindexFolder(dir, { kind: 'all' }, () => undefined);
    expect(end).toMatchObject({ state: 'done', renewed: end.segments, unproved: [] });
    // The newest that is closed may still be raw.
    expect([6, 7]).toContain(end.segments);
    expect(verifyJournal(dir)).toMatchObject({ entries: 401, oldest: 121 });
    expect(verifyJournal(dir)).not.toHaveProperty('unsound');
    await look();
  });

  it('is read on while it goes: a search, a scan and a proof', { timeout: 180_000 }, async () => {
    const dir = temporaryFolder();
    sealedFolder(dir, made.slice(0, -1), 40, made.at(-1));
    const to = await open(dir);
    const readings = [to.search({ where: [], reverse: true, limit: 0 }), to.scan(1, 400)];
    let going: Promise<void> | undefined;
    const purge = await append(dir, to, 320);
    for (const reading of readings) {
      const numbers: number[] = [];
      for await (const batch of reading) {
        numbers.push(...numbersOf(batch));
        await (going ??= to.purge(purge.entry.entry));
      }
      expect(numbers.toSorted((a, b) => a - b)).toEqual(numbers);
      expect(numbers.filter((number) => number > 320 && number <= 400)).toEqual(
        numbersOf(made.slice(320)),
      );
    }
    await closeAll();
    // What goes under the eyes of a proof: the segments after the first.
    const other = temporaryFolder();
    sealedFolder(other, made.slice(0, -1), 40, made.at(-1));
    // By the store alone: an indexer that comes to it may let go of some before the proof begins.
    const store = openEntryStore(other);
    const shelf = openShelf(other);
    const stored = purgeEvent(shelf, made.length + 1, 120);
    store.commit(401, partsOf(encodeBatch([stored], random)), stored.entry.time);
    for (const one of [shelf, store]) one.close();
    const seen: number[] = [];
    const verdict = verifyJournal(other, ({ entry }) => {
      seen.push(entry);
      if (entry === 5)
        for (const name of readdirSync(other))
          if (/^sealed-0+(1|41|81)-/.test(name)) rmSync(join(other, name));
    });
    expect(verdict).toMatchObject({ entries: 401, oldest: 121, purges: [{ last: 120 }] });
    expect(seen.filter((entry) => entry > 40)[0]).toBe(121);
  });

  it('is cut, where a file was taken away by hand', { timeout: 180_000 }, async () => {
    const dir = temporaryFolder();
    sealedFolder(dir, made.slice(0, -1), 40, made.at(-1));
    const take = (first: number): void => {
      for (const name of readdirSync(dir))
        if (new RegExp(`^sealed-0+${first}-`).test(name)) rmSync(join(dir, name));
    };
    const to = await open(dir);
    const purge = await append(dir, to, 40);
    await to.purge(purge.entry.entry);
    await closeAll();
    expect(verifyJournal(dir)).toMatchObject({ oldest: 41 });
    take(41);
    expect(verifyJournal(dir)).toMatchObject({ firstBad: 41 });
    await expect(open(dir)).rejects.toMatchObject({ code: 'JOURNAL_CUT' });
    take(121);
    expect(verifyJournal(dir)).toMatchObject({ firstBad: 121 });
  });

  it(
    'does not follow an entry that is none, or says what was not',
    { timeout: 180_000 },
    async () => {
      const dir = temporaryFolder();
      sealedFolder(dir, made.slice(0, -1), 40, made.at(-1));
      const to = await open(dir);
      for (const entry of [7, 400, 999])
        await expect(to.purge(entry)).rejects.toMatchObject({ code: 'JOURNAL_PURGE' });
      const wrong = await append(dir, to, 40, { root: '00'.repeat(32) });
      expect(verifyJournal(dir)).toMatchObject({ firstBad: wrong.entry.entry });
      expect(await to.oldest()).toBe(1);
    },
  );

  it(
    'keeps a segment of which an entry says that only a part goes',
    { timeout: 180_000 },
    async () => {
      const dir = temporaryFolder();
      sealedFolder(dir, made.slice(0, -1), 40, made.at(-1));
      const to = await open(dir);
      const part = await append(dir, to, 40, { last: 37 });
      await expect(to.purge(part.entry.entry)).rejects.toMatchObject({ code: 'JOURNAL_PURGE' });
      expect(await to.read(1)).toEqual(made[0]);
    },
  );

  it('is scanned over many batches, each entry once', { timeout: 180_000 }, async () => {
    const dir = temporaryFolder();
    const some = Array.from({ length: 1299 }, (_, place) => event(place + 1));
    sealedFolder(dir, some, 100);
    const to = await open(dir);
    await to.purge((await append(dir, to, 100)).entry.entry);
    const left = Array.from({ length: 1201 }, (_, place) => 101 + place);
    expect(numbersOf(await collect(to.scan(1)))).toEqual(left);
  });

  it('gives back the snapshot that stands on what is left', { timeout: 180_000 }, async () => {
    const dir = temporaryFolder();
    sealedFolder(dir, made.slice(0, -1), 40, made.at(-1));
    const to = await open(dir);
    await to.saveSnapshot(30, Uint8Array.of(3));
    await to.saveSnapshot(350, Uint8Array.of(35));
    await to.purge((await append(dir, to, 80)).entry.entry);
    expect(await to.loadSnapshot()).toMatchObject({ entry: 350 });
    rmSync(join(dir, 'snapshot'));
    expect(await to.loadSnapshot()).toBeUndefined();
  });
});

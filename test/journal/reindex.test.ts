// Indexes of sealed segments: what a search does without them, and that they are made anew as they were.
// A sample of kills and failing calls; each of them: reindex.long.test.ts.

import { randomBytes } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { decodeEntry } from '#journal/codec';
import { matches } from '#journal/query';
import type { Query } from '#journal/query';
import type { Reindexing } from '#journal/reindexing';
import { updateCatalogue } from '#journal/sqlite/catalogue';
import { openIndexReader } from '#journal/sqlite/index-reader';
import { openJournal } from '#journal/sqlite/journal';
import { planOf } from '#journal/sqlite/plan';
import { reindexFolder } from '#journal/sqlite/reindex-folder';
import { Reindexer } from '#journal/sqlite/reindexer';
import { search } from '#journal/sqlite/search';
import { openShelf } from '#journal/sqlite/shelf';
import { openEntryStore } from '#journal/sqlite/store';
import { verifyJournal } from '#journal/verify';
import type { Verdict } from '#journal/verify';
import { wordsOf } from '#journal/words';
import { makeEntries } from '#support/make-journal';
import { testReindexCalls, testReindexSteps } from '#support/reindex-faults';
import { collect, event, numbersOf, temporaryFolder } from './folders.ts';
import { anyQuery } from './queries.ts';
import { alter, cardsIn, flip, sealedFolder, sealedNames } from './sealed-folder.ts';

const seed = Number(process.env['FAULT_SEED'] ?? Date.now() % 1_000_000);
/** Three sealed segments and an entry behind them. */
const size = 130;
const made = [...makeEntries({ count: 3 * size, seed: 31 })];
const stored = [...made, event(made.length + 1)];
const noChange = (): undefined => undefined;

testReindexSteps({ count: 2, seed });
testReindexCalls({ places: 1, seed, timeoutMs: 180_000 });

function folder(): string {
  const dir = temporaryFolder();
  sealedFolder(dir, made, size);
  return dir;
}

/** What can become of the index of a segment; its entries hold. */
const breaks: Readonly<Record<string, (dir: string, place: number) => void>> = {
  'terms that are not there': (dir, place) => alter(dir, 'DELETE FROM terms', place),
  'no table of terms': (dir, place) => alter(dir, 'DROP TABLE terms', place),
  'an octet of terms altered': (dir, place) =>
    alter(dir, `UPDATE terms SET octets = ${flip('octets', 200)}`, place),
  'the hashes of terms altered': (dir, place) =>
    alter(dir, 'UPDATE terms SET hash = -hash - 1; UPDATE terms SET hash = -hash', place),
  'no listed values': (dir, place) => alter(dir, 'DROP TABLE listed', place),
  'no times': (dir, place) => alter(dir, 'DROP TABLE marks', place),
  'no filter': (dir, place) => rmSync(join(dir, sealedNames(dir, 'filter')[place] ?? '')),
  'half a filter': (dir, place) => {
    const path = join(dir, sealedNames(dir, 'filter')[place] ?? '');
    truncateSync(path, 128);
  },
  'an emptied filter': (dir, place) => {
    const path = join(dir, sealedNames(dir, 'filter')[place] ?? '');
    chmodSync(path, 0o600);
    writeFileSync(path, readFileSync(path).fill(0, 64));
  },
  'a filter of something else': (dir, place) => {
    const path = join(dir, sealedNames(dir, 'filter')[place] ?? '');
    chmodSync(path, 0o600);
    writeFileSync(path, 'x'.repeat(640));
  },
};

function found(dir: string, query: Query): number[] {
  const [entries, index] = [openShelf(dir), openIndexReader(dir)];
  try {
    return Array.from(search({ entries, index, onIndexFailed: noChange }, query))
      .filter((blob) => blob !== undefined)
      .map((blob) => decodeEntry(blob).entry.entry);
  } finally {
    entries.close();
    index?.close();
  }
}

function simply(query: Query): number[] {
  const { entryFrom = 1, entryTo = stored.length } = query;
  const all = stored
    .filter(({ entry }) => entry.entry >= entryFrom && entry.entry <= entryTo)
    .filter((one) => matches(query, one));
  const inOrder = numbersOf(query.reverse ? all : all.toReversed());
  return query.limit > 0 ? inOrder.slice(0, query.limit) : inOrder;
}

/** Each has something to find in the second segment, by every kind of index there is. */
const directed: readonly Query[] = made
  .slice(size, 2 * size)
  .filter(({ entry, body }) => entry.fields?.['LIC'] !== undefined && body !== undefined)
  .slice(0, 3)
  .flatMap(({ entry, body = new Uint8Array() }): Query[] => {
    const [plate = ''] = entry.fields?.['LIC'] ?? [];
    const [word = ''] = wordsOf(body);
    const field = (kind: 'is' | 'begins' | 'ends', value: string): Query['where'][number] => ({
      ...{ on: 'field', field: 'LIC' },
      any: [{ kind, value }],
    });
    const all = { reverse: true, limit: 0 };
    return [
      { ...all, where: [field('is', plate)] },
      { ...all, where: [field('begins', plate.slice(0, 3))] },
      { ...all, where: [field('ends', plate.slice(-3))] },
      { ...all, where: [{ on: 'text', any: [[word]] }] },
      { ...all, where: [], since: entry.time, until: entry.time + 1 },
    ];
  });

function expectWhole(dir: string): void {
  expect(directed).toHaveLength(15);
  for (const query of directed) {
    expect(simply(query)).not.toEqual([]);
    expect(found(dir, query)).toEqual(simply(query));
  }
  fc.assert(
    fc.property(anyQuery(stored), (query) => {
      expect(found(dir, query)).toEqual(simply(query));
    }),
    { numRuns: 4 },
  );
}

const soundOf = (verdict: Verdict): Verdict =>
  'root' in verdict ? { entries: verdict.entries, root: verdict.root } : verdict;

describe.each(Object.entries(breaks))('a sealed segment with %s', (name, damage) => {
  it('is searched whole, and indexed anew to what it was', () => {
    const dir = folder();
    const before = verifyJournal(dir);
    damage(dir, 1);
    expectWhole(dir);
    const end = reindexFolder(dir, { kind: 'damaged' }, noChange);
    expect([name, end]).toMatchObject([name, { state: 'done', segments: 3, renewed: 1 }]);
    expect(verifyJournal(dir)).toEqual(before);
    expectWhole(dir);
  });
});

describe('a plan', () => {
  const query: Query = {
    where: [{ on: 'column', column: 'mke', any: [{ kind: 'is', value: 'QV' }] }],
    reverse: true,
    limit: 0,
  };
  const plan = (dir: string): ReturnType<typeof planOf> => {
    const [entries, index] = [openShelf(dir), openIndexReader(dir)];
    try {
      return planOf({ entries, index, onIndexFailed: noChange }, query);
    } finally {
      entries.close();
      index?.close();
    }
  };

  it('tells of segments without a filter, and of an index that cannot be read', () => {
    const dir = folder();
    expect(Object.keys(plan(dir))).toEqual(['entries', 'reads', 'by']);
    breaks['no filter']?.(dir, 0);
    breaks['no table of terms']?.(dir, 1);
    expect(plan(dir)).toMatchObject({ unfiltered: 1, unsound: [size + 1] });
  });
});

describe('a reindex', () => {
  it('makes files of the same content as the seal did', () => {
    const dir = folder();
    const before = sealedNames(dir, 'filter').map((name) => readFileSync(join(dir, name)));
    const verdict = verifyJournal(dir);
    rmSync(join(dir, 'catalogue.db'), { force: true });
    const reports: Reindexing[] = [];
    reindexFolder(dir, { kind: 'all' }, (report) => void reports.push(report));
    expect(reports.at(-1)).toMatchObject({ state: 'done', segments: 3, looked: 3, renewed: 3 });
    expect(new Set(reports.map(({ at }) => at))).toEqual(
      new Set([undefined, 1, size + 1, 2 * size + 1]),
    );
    expect(verifyJournal(dir)).toEqual(verdict);
    expect(sealedNames(dir, 'filter').map((name) => readFileSync(join(dir, name)))).toEqual(before);
    expect(cardsIn(dir)).toHaveLength(3);
    expect(readdirSync(dir)).not.toContain('index.db');
  });

  it('does the one segment that is asked for, and says that a raw one is none', () => {
    const dir = folder();
    for (const place of [1, 0]) breaks['no filter']?.(dir, place);
    const one = reindexFolder(dir, { kind: 'segment', entry: size + 7 }, noChange);
    expect(one).toMatchObject({ segments: 1, renewed: 1 });
    expect(sealedNames(dir, 'filter')).toHaveLength(2);
    expect(readdirSync(dir)).toContain('index.db');
    const none = reindexFolder(dir, { kind: 'segment', entry: stored.length }, noChange);
    expect(none).toMatchObject({ state: 'done', segments: 0 });
  });

  it.each([
    ['a salt altered', `UPDATE blocks SET octets = ${flip('octets', 35)} WHERE block = 0`],
    [
      'the beginning of a leaf altered',
      `UPDATE blocks SET octets = ${flip('octets', 32 * 64 + 20)} WHERE block = 0`,
    ],
    ['a block gone', 'DELETE FROM blocks WHERE block = 1'],
    ['its beginning altered', `UPDATE about SET began = ${flip('began', 5)}`],
    ['nothing that it says of itself', 'DELETE FROM about'],
  ])('leaves a segment with %s as it was, and goes on with the next', (_, sql) => {
    const dir = folder();
    alter(dir, sql, 1);
    const path = join(dir, sealedNames(dir)[1] ?? '');
    const before = readFileSync(path);
    for (const kind of ['all', 'damaged'] as const) {
      breaks['no filter']?.(dir, 2);
      const end = reindexFolder(dir, { kind }, noChange);
      expect(end).toMatchObject({ state: 'done', segments: 3, unproved: [size + 1] });
      expect(readFileSync(path)).toEqual(before);
      expect(sealedNames(dir, 'filter')).toHaveLength(3);
    }
    expect(readdirSync(dir).filter((name) => name.startsWith('sealing-'))).toEqual([]);
  });

  it('does not bring back a segment that is taken away meanwhile', () => {
    const dir = folder();
    const reports: Reindexing[] = [];
    const reindexer = new Reindexer(dir, (report) => void reports.push(report));
    reindexer.begin({ kind: 'segment', entry: 1 });
    for (let step = 0; step < 8; step += 1) reindexer.step();
    expect(readdirSync(dir)).toContain('sealing-000000000001.runs');
    for (const kind of ['db', 'filter'] as const)
      rmSync(join(dir, sealedNames(dir, kind)[0] ?? ''));
    while (reindexer.step());
    expect(reports.at(-1)).toMatchObject({ state: 'done', looked: 1, renewed: 0, unproved: [] });
    expect(sealedNames(dir)).toHaveLength(2);
  });

  it('is broken off with nothing left behind', () => {
    const dir = folder();
    updateCatalogue(dir);
    const names = readdirSync(dir).sort();
    const reindexer = new Reindexer(dir, noChange);
    reindexer.begin({ kind: 'all' });
    for (let step = 0; step < 12; step += 1) reindexer.step();
    expect(readdirSync(dir).sort()).not.toEqual(names);
    reindexer.stop();
    expect(readdirSync(dir).sort()).toEqual(names);
    expect(reindexer.step()).toBe(false);
  });

  it('is refused where a switch has the folder', () => {
    const dir = folder();
    const store = openEntryStore(dir);
    expect(() => reindexFolder(dir, { kind: 'all' }, noChange)).toThrow(
      expect.objectContaining({ code: 'JOURNAL_LOCKED' }),
    );
    store.close();
  });
});

describe('a journal that is indexed anew while it is searched', () => {
  let close: (() => Promise<void>) | undefined;
  afterEach(() => close?.());

  it(
    'answers whole all the while, and reads the new files in the end',
    { timeout: 120_000 },
    async () => {
      const dir = folder();
      for (const place of [0, 1, 2]) breaks['terms that are not there']?.(dir, place);
      rmSync(join(dir, 'index.db'));
      const journal = await openJournal(dir, { random: randomBytes });
      close = journal.close;
      const query: Query = {
        where: [{ on: 'column', column: 'mke', any: [{ kind: 'is', value: 'QV' }] }],
        reverse: false,
        limit: 0,
      };
      const { begun, over } = await journal.reindex({ kind: 'damaged' });
      expect(begun).toMatchObject({ state: 'running', segments: 3 });
      await expect(journal.reindex({ kind: 'all' })).rejects.toMatchObject({
        code: 'JOURNAL_BUSY',
      });
      const seen = { over: false };
      void over.then(() => (seen.over = true));
      let next = stored.length + 1;
      while (!seen.over) {
        expect(numbersOf(await collect(journal.search(query)))).toEqual(simply(query));
        await journal.append([event(next)]);
        next += 1;
      }
      expect(await over).toMatchObject({ state: 'done', renewed: 3, unproved: [] });
      expect(journal.reindexing()).toEqual(await over);
      // With their own terms again the plan knows how few have to be read.
      const inSealed = { ...query, entryTo: made.length };
      await vi.waitFor(
        async () => {
          const { reads, unsound } = await journal.plan(inSealed);
          expect([reads, unsound]).toEqual([simply(inSealed).length, undefined]);
        },
        { timeout: 20_000, interval: 50 },
      );
      expect(soundOf(verifyJournal(dir))).toEqual(await journal.head());
    },
  );
});

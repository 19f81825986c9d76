import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEntry } from '#journal/codec';
import type { StoredEntry } from '#journal/entry';
import { openEntryReader } from '#journal/sqlite/entry-reader';
import type { EntryReader } from '#journal/sqlite/entry-reader';
import { openIndexReader } from '#journal/sqlite/index-reader';
import type { IndexReader } from '#journal/sqlite/index-reader';
import { openIndexWriter } from '#journal/sqlite/index-writer';
import { planOf } from '#journal/sqlite/plan';
import { openEntryStore } from '#journal/sqlite/store';
import { search } from '#journal/sqlite/search';
import { encodeBatch, partsOf } from '#journal/codec';
import type { Query } from '#journal/query';
import { makeEntries } from '#support/make-journal';
import { plain } from './contract.ts';
import { seededRandom, temporaryFolder } from './folders.ts';
import { anyQuery } from './queries.ts';

const names = ['DOE, TESTMAN', "O'BRIEN-TEST, ANN", 'TEST DOE', 'ROE,TEST B', 'D0E, ANN'];

/** Three whole blocks and a tail; in the second the clock is set back by an hour. Some ask for a name. */
const made: readonly StoredEntry[] = Array.from(
  makeEntries({ count: 3 * 1024 + 200, seed: 21 }),
  ({ entry, ...body }) => {
    const time = entry.entry > 1500 ? entry.time - 3_600_000_000 : entry.time;
    const name = names[entry.entry % 7];
    const fields = name === undefined ? entry.fields : { ...entry.fields, NAM: [name] };
    return { entry: { ...entry, time, ...(fields === undefined ? {} : { fields }) }, ...body };
  },
);

/** A journal whose index stands on `blocks` blocks. */
function withIndex(
  blocks: number,
  check: (entries: EntryReader, index: IndexReader) => void,
): void {
  const dir = temporaryFolder();
  const store = openEntryStore(dir);
  store.commit(1, partsOf(encodeBatch(made, seededRandom(1))));
  const entries = openEntryReader(dir);
  const writer = openIndexWriter(dir, entries);
  for (let block = 0; block < blocks; block += 1) expect(writer.indexNext(entries)).toBe(true);
  const index = openIndexReader(dir) ?? expect.unreachable();
  check(entries, index);
  for (const open of [index, writer, entries, store]) open.close();
}

function found(entries: EntryReader, index: IndexReader | undefined, query: Query): number[] {
  const looked = search({ entries, index, onIndexFailed: () => undefined }, query);
  return Array.from(looked)
    .filter((blob) => blob !== undefined)
    .map((blob) => decodeEntry(blob).entry.entry);
}

const is = (column: 'user' | 'outcome' | 'thread', value: string): Query['where'][number] => ({
  on: 'column',
  column,
  any: [{ kind: 'is', value }],
});

describe('a search through the index', () => {
  it.each([0, 2, 3])('finds what a plain filter finds, with %i blocks indexed', (blocks) => {
    withIndex(blocks, (entries, index) => {
      fc.assert(
        fc.property(anyQuery(made), (query) => {
          expect(found(entries, index, query)).toEqual(plain(made, query));
        }),
        { numRuns: 150 },
      );
    });
  });

  it('loses and doubles nothing where the index breaks off on the way', () => {
    withIndex(3, (entries, index) => {
      const query = { where: [is('outcome', 'hit')], limit: 0 };
      for (const reverse of [true, false])
        for (let calls = 0; calls < 12; calls += 1)
          expect(found(entries, failingAfter(index, calls), { ...query, reverse })).toEqual(
            plain(made, { ...query, reverse }),
          );
    });
  });

  it('plans for no less than it finds, and says by what it is narrowed', () => {
    withIndex(3, (entries, index) => {
      const parts = { entries, index, onIndexFailed: () => expect.unreachable() };
      fc.assert(
        fc.property(anyQuery(made), (query) => {
          const plan = planOf(parts, query);
          const found = plain(made, { ...query, limit: 0 }).length;
          expect(plan.reads).toBeLessThanOrEqual(plan.entries);
          expect(plan.reads).toBeGreaterThanOrEqual(found);
          if (plan.by.length === 0) expect(plan.reads).toBe(plan.entries);
        }),
        { numRuns: 150 },
      );
      const where = [is('outcome', 'hit'), is('user', 'user07'), is('thread', '-')];
      const bounds = { reverse: true, limit: 0, entryTo: 3072 };
      expect(planOf(parts, { where, ...bounds })).toMatchObject({ entries: 3072, reads: 0 });
      // So few blocks are all looked into: then it knows.
      const hits = { where: where.slice(0, 1), ...bounds };
      expect(planOf(parts, hits).reads).toBe(plain(made, hits).length);
      const plan = planOf(parts, { where: where.slice(0, 2), ...bounds });
      expect(new Set(plan.by)).toEqual(new Set(['outcome', 'user']));
      expect(plan.reads).toBeLessThan(100);
    });
  });

  it('plans without an index that breaks off', () => {
    withIndex(3, (entries, index) => {
      let failed = false;
      const broken = failingAfter(index, 1);
      const parts = { entries, index: broken, onIndexFailed: () => (failed = true) };
      const query = { where: [is('outcome', 'hit')], reverse: true, limit: 0 };
      const { length } = made;
      expect(planOf(parts, query)).toEqual({ entries: length, reads: length, by: [] });
      expect(failed).toBe(true);
    });
  });

  it('reads only the entries that can answer', () => {
    withIndex(3, (entries, index) => {
      let read = 0;
      const counting: EntryReader = {
        ...entries,
        blob: (entry) => {
          read += 1;
          return entries.blob(entry);
        },
        slice: (slice) => {
          const blobs = entries.slice(slice);
          read += blobs.length;
          return blobs;
        },
      };
      const { thread } = made.find(({ entry }) => entry.kind === 'received')?.entry ?? {};
      const where = [is('user', 'user07'), is('thread', String(thread))];
      found(counting, index, { where, reverse: true, limit: 0, entryTo: 3072 });
      expect(read).toBeLessThanOrEqual(6);
    });
  });
});

/** An index that throws from the so-manieth call on. */
function failingAfter(index: IndexReader, calls: number): IndexReader {
  let left = calls;
  const orFail = <A extends unknown[], T>(act: (...args: A) => T) => {
    return (...args: A): T => {
      if (left === 0) throw new Error('the index is broken');
      left -= 1;
      return act(...args);
    };
  };
  return {
    standsOn: orFail(index.standsOn),
    span: orFail(index.span),
    blocks: orFail(index.blocks),
    lookup: orFail((...args: Parameters<IndexReader['lookup']>) => {
      const lookup = index.lookup(...args);
      return lookup && { ...lookup, blocks: orFail(lookup.blocks), at: orFail(lookup.at) };
    }),
    close: index.close,
  };
}

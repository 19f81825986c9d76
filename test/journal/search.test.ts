import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEntry } from '#journal/codec';
import type { StoredEntry } from '#journal/entry';
import { openIndexReader } from '#journal/sqlite/index-reader';
import type { IndexReader } from '#journal/sqlite/index-reader';
import { openIndexWriter } from '#journal/sqlite/index-writer';
import { planOf } from '#journal/sqlite/plan';
import { openShelf } from '#journal/sqlite/shelf';
import type { Shelf } from '#journal/sqlite/shelf';
import { openEntryStore } from '#journal/sqlite/store';
import { sealSegment } from '#journal/sqlite/seal';
import { search } from '#journal/sqlite/search';
import type { SearchParts } from '#journal/sqlite/search';
import { encodeBatch, partsOf } from '#journal/codec';
import { columnOf, searchColumns } from '#journal/query';
import type { Condition, Query } from '#journal/query';
import { makeEntries } from '#support/make-journal';
import { plain } from './contract.ts';
import { seededRandom, temporaryFolder } from './folders.ts';
import { anyQuery } from './queries.ts';

const names = ['DOE, TESTMAN', "O'BRIEN-TEST, ANN", 'TEST DOE', 'ROE,TEST B', 'D0E, ANN'];

/** A whole run and a tail; in it the clock is set back by an hour. Some ask for a name. */
const made: readonly StoredEntry[] = Array.from(
  makeEntries({ count: 3 * 1024 + 200, seed: 21 }),
  ({ entry, ...body }) => {
    const time = entry.entry > 1500 ? entry.time - 3_600_000_000 : entry.time;
    const name = names[entry.entry % 7];
    const fields = name === undefined ? entry.fields : { ...entry.fields, NAM: [name] };
    return { entry: { ...entry, time, ...(fields === undefined ? {} : { fields }) }, ...body };
  },
);

interface Laid {
  /** Entries of a segment. */
  readonly segment: number;
  /** Of the runs, so many are indexed, and so many of the segments that are closed and indexed are sealed. */
  readonly runs: number;
  readonly sealed: number;
}

/** A journal as the indexer may have it at any moment. */
function withJournal({ segment, runs, sealed }: Laid, check: (parts: SearchParts) => void): void {
  const dir = temporaryFolder();
  const store = openEntryStore(dir, { entries: segment, octets: 1e9 });
  const salts = seededRandom(1);
  for (let at = 0; at < made.length; at += 50)
    store.commit(at + 1, partsOf(encodeBatch(made.slice(at, at + 50), salts)), 0);
  const entries = openShelf(dir);
  const writer = openIndexWriter(dir, entries);
  for (let run = 0; run < runs; run += 1) writer.indexNext(entries);
  const index = openIndexReader(dir) ?? expect.unreachable();
  const ready = entries
    .segments()
    .filter(({ closed, last }) => closed && last <= writer.standsOn());
  for (const one of ready.slice(0, sealed)) {
    Array.from(sealSegment(dir, one, index));
    entries.look();
    writer.forget(one);
  }
  check({ entries, index, onIndexFailed: () => expect.unreachable('the index is whole') });
  for (const open of [index, writer, entries, store]) open.close();
}

function found(parts: SearchParts, query: Query): number[] {
  return Array.from(search(parts, query))
    .filter((blob) => blob !== undefined)
    .map((blob) => decodeEntry(blob).entry.entry);
}

const is = (column: 'user' | 'outcome' | 'thread', value: string): Query['where'][number] => ({
  on: 'column',
  column,
  any: [{ kind: 'is', value }],
});

const whole: Laid = { segment: 1e6, runs: 1, sealed: 0 };

describe('a search through the index', () => {
  const laid = fc.record({
    segment: fc.integer({ min: 100, max: 4000 }),
    runs: fc.nat(30),
    sealed: fc.nat(30),
  });

  it(
    'finds what a plain filter finds, however it is cut, indexed and sealed',
    { timeout: 120_000 },
    () => {
      fc.assert(
        fc.property(
          laid,
          fc.array(anyQuery(made), { minLength: 12, maxLength: 12 }),
          (laid, queries) => {
            withJournal(laid, (parts) => {
              for (const query of queries) expect(found(parts, query)).toEqual(plain(made, query));
            });
          },
        ),
        { numRuns: 12 },
      );
    },
  );

  it.each([
    whole,
    { segment: 700, runs: 30, sealed: 0 },
    { segment: 700, runs: 30, sealed: 2 },
    { segment: 700, runs: 30, sealed: 30 },
  ])('finds what a plain filter finds in %j', (laid) => {
    withJournal(laid, (parts) => {
      fc.assert(
        fc.property(anyQuery(made), (query) => {
          expect(found(parts, query)).toEqual(plain(made, query));
        }),
        { numRuns: 100 },
      );
    });
  });

  it.each([whole, { segment: 700, runs: 30, sealed: 30 }])(
    'finds every entry by each of its terms, and by the ends of its identifiers, in %j',
    { timeout: 120_000 },
    (laid) => {
      withJournal(laid, (parts) => {
        for (const { entry } of made.filter((_, place) => place % 311 === 0)) {
          const columns = searchColumns.flatMap((column) => {
            const value = columnOf(entry, column);
            return value === undefined
              ? []
              : [{ on: 'column', column, any: [{ kind: 'is', value }] }];
          });
          const fields = Object.entries(entry.fields ?? {}).flatMap(([field, [value = '']]) => [
            { on: 'field', field, any: [{ kind: 'is', value }] },
            { on: 'field', field, any: [{ kind: 'begins', value: value.slice(0, 4) }] },
            { on: 'field', field, any: [{ kind: 'ends', value: value.slice(-4) }] },
          ]);
          // Each is a condition of the query's own type.
          for (const condition of [...columns, ...fields] as Condition[]) {
            const query = { where: [condition], reverse: true, limit: 0 };
            expect(found(parts, query)).toEqual(plain(made, query));
          }
        }
      });
    },
  );

  it('loses and doubles nothing where the index breaks off on the way', () => {
    withJournal({ segment: 700, runs: 30, sealed: 1 }, (parts) => {
      const query = { where: [is('outcome', 'hit')], limit: 0 };
      for (const reverse of [true, false])
        for (let calls = 0; calls < 16; calls += 1) {
          let failed = false;
          const index = parts.index && failingAfter(parts.index, calls);
          const broken = { ...parts, index, onIndexFailed: () => (failed = true) };
          expect(found(broken, { ...query, reverse })).toEqual(plain(made, { ...query, reverse }));
          if (calls === 0 || calls === 15) expect([calls, failed]).toEqual([calls, calls === 0]);
        }
    });
  });

  it('plans for no less than it finds, and says by what it is narrowed', () => {
    for (const laid of [whole, { segment: 700, runs: 30, sealed: 3 }])
      withJournal(laid, (parts) => {
        fc.assert(
          fc.property(anyQuery(made), (query) => {
            const plan = planOf(parts, query);
            const found = plain(made, { ...query, limit: 0 }).length;
            expect(plan.reads).toBeLessThanOrEqual(plan.entries);
            expect(plan.reads).toBeGreaterThanOrEqual(found);
            if (plan.by.length === 0) expect(plan.reads).toBe(plan.entries);
          }),
          { numRuns: 100 },
        );
        const where = [is('outcome', 'hit'), is('user', 'user07'), is('thread', '-')];
        const bounds = { reverse: true, limit: 0, entryTo: 2048 };
        expect(planOf(parts, { where, ...bounds })).toMatchObject({ entries: 2048, reads: 0 });
        // So few stretches are all looked into: then it knows.
        const hits = { where: where.slice(0, 1), ...bounds };
        expect(planOf(parts, hits).reads).toBe(plain(made, hits).length);
        const plan = planOf(parts, { where: where.slice(0, 2), ...bounds });
        expect(new Set(plan.by)).toEqual(new Set(['outcome', 'user']));
        expect(plan.reads).toBeLessThan(100);
      });
  });

  it('plans without an index that breaks off', () => {
    withJournal(whole, (parts) => {
      let failed = false;
      const { index } = parts;
      const broken = index && failingAfter(index, 0);
      const query = { where: [is('outcome', 'hit')], reverse: true, limit: 0 };
      const { length } = made;
      const plan = planOf({ ...parts, index: broken, onIndexFailed: () => (failed = true) }, query);
      expect(plan).toEqual({ entries: length, reads: length, by: [] });
      expect(failed).toBe(true);
    });
  });

  it.each([whole, { segment: 700, runs: 30, sealed: 3 }])(
    'reads only the entries that can answer in %j',
    (laid) => {
      withJournal(laid, (parts) => {
        let read = 0;
        const entries: Shelf = {
          ...parts.entries,
          blob: (entry) => {
            read += 1;
            return parts.entries.blob(entry);
          },
          slice: (slice) => {
            const blobs = parts.entries.slice(slice);
            read += blobs.length;
            return blobs;
          },
        };
        const { thread } = made.find(({ entry }) => entry.kind === 'received')?.entry ?? {};
        const where = [is('user', 'user07'), is('thread', String(thread))];
        found({ ...parts, entries }, { where, reverse: true, limit: 0, entryTo: 2048 });
        expect(read).toBeLessThanOrEqual(6);
      });
    },
  );
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
    ...index,
    runs: orFail(index.runs),
    termsOf: orFail((run) => {
      const terms = index.termsOf(run);
      return { find: orFail(terms.find), listed: orFail(terms.listed) };
    }),
  };
}

// Journals as the indexer may have them at any moment: cut, indexed and sealed as far as a test says.

import { expect } from 'vitest';
import { encodeBatch, partsOf } from '#journal/codec';
import type { StoredEntry } from '#journal/entry';
import { openIndexReader } from '#journal/sqlite/index-reader';
import type { IndexReader } from '#journal/sqlite/index-reader';
import { openIndexWriter } from '#journal/sqlite/index-writer';
import { sealSegment } from '#journal/sqlite/seal';
import type { SearchParts } from '#journal/sqlite/search';
import { openShelf } from '#journal/sqlite/shelf';
import { openEntryStore } from '#journal/sqlite/store';
import { makeEntries } from '#support/make-journal';
import { seededRandom, temporaryFolder } from './folders.ts';

const names = ['DOE, TESTMAN', "O'BRIEN-TEST, ANN", 'TEST DOE', 'ROE,TEST B', 'D0E, ANN'];

/** A whole run and a tail; in it the clock is set back by an hour. Some ask for a name. */
export const made: readonly StoredEntry[] = Array.from(
  makeEntries({ count: 3 * 1024 + 200, seed: 21 }),
  ({ entry, ...body }) => {
    const time = entry.entry > 1500 ? entry.time - 3_600_000_000 : entry.time;
    const name = names[entry.entry % 7];
    const fields = name === undefined ? entry.fields : { ...entry.fields, NAM: [name] };
    return { entry: { ...entry, time, ...(fields === undefined ? {} : { fields }) }, ...body };
  },
);

export interface Laid {
  /** Entries of a segment. */
  readonly segment: number;
  /** Of the runs, so many are indexed, and so many of the segments that are closed and indexed are sealed. */
  readonly runs: number;
  readonly sealed: number;
}

export function withJournal(
  { segment, runs, sealed }: Laid,
  check: (parts: SearchParts) => void,
  all = made,
): void {
  const dir = temporaryFolder();
  const store = openEntryStore(dir, { entries: segment, octets: 1e9 });
  const salts = seededRandom(1);
  for (let at = 0; at < all.length; at += 50)
    store.commit(at + 1, partsOf(encodeBatch(all.slice(at, at + 50), salts)), 0);
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

/** An index that throws from the so-manieth call on. */
export function failingAfter(index: IndexReader, calls: number): IndexReader {
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

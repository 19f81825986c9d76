// Writes the file of a sealed segment and its filter under passing names, and puts them in their place: what a
// seal and an index that is made anew have in common. Piece by piece, so that its thread hears messages in between.
// Promises that nothing has the name of a segment that is not whole and on the disk.
// Fails with what SQLite, zlib and the file system throw; what is left is of a passing name.

import assert from 'node:assert/strict';
import { chmodSync, renameSync } from 'node:fs';
import Database from 'better-sqlite3';
import { buildFilter, writeFilter } from './filter.ts';
import type { IndexReader, Run } from './index-reader.ts';
import { mergeParts } from './merge.ts';
import { createFile, flushFile, flushFolder } from './open.ts';
import { max, min } from './run-tables.ts';
import { runParts } from './run.ts';
import { sealedTables } from './schema.ts';
import { blockEntries, encodeTimes } from './sealed-block.ts';
import {
  listedKey,
  listedSum,
  marksSum,
  noKey,
  sealedVersion,
  unsureName,
} from './sealed-terms.ts';
import type { Mark } from './sealed-terms.ts';
import type { About } from './sealed-segment.ts';
import { filterFile, sealedFile, sealingFile } from './segment-files.ts';
import type { SealedRange } from './segment-files.ts';
import { TermPages } from './term-pages.ts';
import type { TermRow } from './term-pages.ts';

/** Blocks of one piece of the work. */
export const blocksAtOnce = 8;
const listedAtOnce = 5000;

export interface Sealing {
  readonly range: SealedRange;
  /** Has the runs of all its entries. */
  readonly index: IndexReader;
  /** The frontiers before and after it, as they are stored. */
  readonly ends: Pick<About, 'began' | 'ended'>;
  /** Writes `blocks`. */
  readonly blocks: (db: Database.Database) => Generator<void>;
}

/** Everything in one transaction without a journal: a file that is torn is never read. */
export function* writeSealing(dir: string, sealing: Sealing): Generator<void> {
  const { range } = sealing;
  const path = sealingFile(dir, range.first, 'db');
  createFile(path, sealedTables);
  const hashes = yield* filling(path, (db) => fill(db, sealing));
  writeFilter(sealingFile(dir, range.first, 'filter'), buildFilter(hashes));
}

/** Fills a file that goes where it is not filled to its end. */
export function* filling<T>(
  path: string,
  fillIt: (db: Database.Database) => Generator<void, T>,
): Generator<void, T> {
  const db = new Database(path);
  try {
    db.pragma('journal_mode = OFF');
    db.pragma('synchronous = OFF');
    db.pragma('locking_mode = EXCLUSIVE');
    db.pragma('cache_size = -16000');
    db.exec('BEGIN');
    const filled = yield* fillIt(db);
    db.exec('COMMIT');
    db.close();
    yield;
    return filled;
  } finally {
    // Also after a write that failed, or where it is not gone on with: the file is not flushed, and goes.
    db.close();
  }
}

/** The filter first: with either of the two as it was the segment is whole. */
export function putInPlace(dir: string, range: SealedRange): void {
  const file = sealingFile(dir, range.first, 'db');
  chmodSync(file, 0o400);
  flushFile(file);
  renameSync(sealingFile(dir, range.first, 'filter'), filterFile(dir, range));
  renameSync(file, sealedFile(dir, range));
  flushFolder(dir);
}

function* fill(
  db: Database.Database,
  { range, index, ends, blocks }: Sealing,
): Generator<void, readonly Float64Array[]> {
  const runs = runsOf(index, range);
  yield* blocks(db);
  const times = writeMarks(db, { range, index }, runs);
  const hashes = yield* writeTerms(db, { runs, index, first: range.first });
  yield* writeListed(db, runs, index);
  const terms = hashes.reduce((sum, { length }) => sum + length, 0);
  const reaches = runs.map((run) => index.reaches(run)).reduce(min);
  const { began, ended } = ends;
  writeAbout(db, { version: sealedVersion, ...range, ...times, began, ended, terms, reaches });
  return hashes;
}

/** The runs of a segment, which have to be all of it. */
function runsOf(index: IndexReader, { first, last }: SealedRange): readonly Run[] {
  const runs = index.runs().filter((run) => run.first >= first && run.last <= last);
  let next = first;
  for (const run of runs) {
    assert(run.first === next, 'runs follow each other');
    next = run.last + 1;
  }
  assert(next === last + 1, 'the whole segment is indexed');
  return runs;
}

function writeMarks(
  db: Database.Database,
  { range, index }: Pick<Sealing, 'range' | 'index'>,
  runs: readonly Run[],
): Pick<About, 'earliest' | 'latest' | 'marks'> {
  const mark = db.prepare<[number, number, number, Uint8Array]>(
    'INSERT INTO marks VALUES (?, ?, ?, ?)',
  );
  const times = new Float64Array(range.last - range.first + 1);
  const marks: Mark[] = [];
  for (const run of runs) times.set(index.times(run), run.first - range.first);
  for (let at = 0, number = 0; at < times.length; at += blockEntries, number += 1) {
    const its = times.subarray(at, at + blockEntries);
    const [earliest, latest] = [its.reduce(min), its.reduce(max)];
    mark.run(number, earliest, latest, encodeTimes(its));
    marks.push({ block: number, earliest, latest });
  }
  return {
    ...{ earliest: times.reduce(min), latest: times.reduce(max) },
    marks: marksSum(marks),
  };
}

function* writeTerms(
  db: Database.Database,
  { runs, index, first }: { runs: readonly Run[]; index: IndexReader; first: number },
): Generator<void, readonly Float64Array[]> {
  const insert = db.prepare<[TermRow]>(
    'INSERT INTO terms VALUES (@hash, @count, @next, @sum, @octets)',
  );
  const pages = new TermPages((row) => void insert.run(row));
  const hashes: Float64Array[] = [];
  for (let part = 0; part < runParts; part += 1) {
    const parts = runs.map((run) => ({ offset: run.first - first, part: index.part(run, part) }));
    hashes.push(mergeParts(parts, pages));
    yield;
  }
  pages.close();
  return hashes;
}

function* writeListed(
  db: Database.Database,
  runs: readonly Run[],
  index: IndexReader,
): Generator<void> {
  const keys = new Set<string>();
  for (const run of runs) {
    for (const [name, values] of Object.entries(index.listed(run)))
      for (const value of values) {
        if (value.isWellFormed())
          keys.add(listedKey('begins', name, value)).add(listedKey('ends', name, value));
        else keys.add(unsureName(name));
      }
    yield;
  }
  const insert = db.prepare<[string, number]>('INSERT INTO listed VALUES (?, ?)');
  // In the order of SQLite, which is that of their octets. The first is the empty one.
  const sorted = ['', ...keys].map((key) => Buffer.from(key)).sort((a, b) => Buffer.compare(a, b));
  for (const [place, key] of sorted.entries()) {
    insert.run(key.toString(), listedSum(key, sorted[place + 1] ?? noKey));
    if (place % listedAtOnce === 0) yield;
  }
}

function writeAbout(db: Database.Database, about: Required<About>): void {
  db.prepare(
    `INSERT INTO about VALUES
     (1, @version, @first, @last, @earliest, @latest, @began, @ended, @terms, @marks, @reaches)`,
  ).run(about);
}

// Makes a sealed segment of a raw one that is closed and indexed, piece by piece, so that its thread hears
// messages in between. Promises that the raw one goes only when the sealed one is whole, proved from what was
// read back of it, and on the disk under its name. A kill at any step leaves one of the two, or both.
// Fails with what SQLite, zlib and the file system throw; the raw segment is then as it was.

import assert from 'node:assert/strict';
import { chmodSync, closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import { decodeEntry } from '../codec.ts';
import { reachOf } from '../purge.ts';
import { copyFrontier, decodeFrontier, encodeFrontier, grow } from '../tree.ts';
import type { Frontier } from '../tree.ts';
import { buildFilter, writeFilter } from './filter.ts';
import type { IndexReader, Run } from './index-reader.ts';
import { mergeParts } from './merge.ts';
import { beganAt } from './open-segment.ts';
import { createFile, flushFolder, openForReading, openForWriting } from './open.ts';
import { runParts } from './run.ts';
import { journalMigrations, sealedTables } from './schema.ts';
import { blockEntries, encodeBlock, encodeTimes } from './sealed-block.ts';
import type { BlockRow } from './sealed-block.ts';
import { listedKey, openSealedSegment, sealedVersion, unsureName } from './sealed-segment.ts';
import type { About } from './sealed-segment.ts';
import { filterFile, rawFile, removeRaw, sealedFile, sealingFile } from './segment-files.ts';
import type { SealedRange } from './segment-files.ts';
import { TermPages } from './term-pages.ts';

/** The raw segment is not what its tree says: it stays, and `verify` tells where. */
export class NotProved extends Error {}

/** Blocks, or entries proved, of one piece of the work. */
const blocksAtOnce = 8;
const listedAtOnce = 5000;

/** @throws {NotProved} */
export function* sealSegment(dir: string, range: SealedRange, index: IndexReader): Generator<void> {
  removeSealing(dir, range.first);
  if (!moveOutOfWal(dir, range.first)) throw new Error('a reader holds the WAL of the segment');
  const raw = openForReading(rawFile(dir, range.first));
  try {
    const ends = endsOf(raw, range);
    const path = sealingFile(dir, range.first, 'db');
    createFile(path, sealedTables);
    const filter = yield* fill(path, { raw, range, index, ends });
    yield* prove(dir, range, ends.ended);
    putInPlace(dir, range, filter);
  } finally {
    raw.close();
  }
  removeRaw(dir, range.first);
}

export function removeSealing(dir: string, first: number): void {
  for (const kind of ['db', 'filter'] as const)
    rmSync(sealingFile(dir, first, kind), { force: true });
}

/** All of it is then in one file, which whoever opens it sees whole. */
function moveOutOfWal(dir: string, first: number): boolean {
  const db = openForWriting(rawFile(dir, first), {
    synchronous: 'FULL',
    migrations: journalMigrations,
  });
  const [moved] = db.pragma('wal_checkpoint(PASSIVE)') as { log: number; checkpointed: number }[];
  db.close();
  return moved !== undefined && moved.log === moved.checkpointed;
}

interface Ends {
  readonly began: Frontier;
  readonly ended: Frontier;
}

function endsOf(raw: Database.Database, { first, last }: SealedRange): Ends {
  const tree = raw.prepare('SELECT size, frontier FROM tree').get() as
    | { size: number; frontier: Buffer } // the columns of the schema
    | undefined;
  if (tree?.size !== last) throw new NotProved(`its tree does not end with ${last}`);
  return {
    began: decodeFrontier(first - 1, beganAt(raw, first).frontier),
    ended: decodeFrontier(last, tree.frontier),
  };
}

interface Filling {
  readonly raw: Database.Database;
  readonly range: SealedRange;
  readonly index: IndexReader;
  readonly ends: Ends;
}

/** Everything in one transaction without a journal: a file that is torn is never read. Returns its filter. */
function* fill(path: string, filling: Filling): Generator<void, Uint8Array> {
  const { range, index, ends } = filling;
  const db = new Database(path);
  try {
    db.pragma('journal_mode = OFF');
    db.pragma('synchronous = OFF');
    db.pragma('locking_mode = EXCLUSIVE');
    db.pragma('cache_size = -16000');
    const runs = runsOf(index, range);
    db.exec('BEGIN');
    const written = yield* writeBlocks(db, filling, runs);
    const hashes = yield* writeTerms(db, { runs, index, first: range.first });
    yield* writeListed(db, runs, index);
    writeAbout(db, {
      version: sealedVersion,
      ...range,
      ...written,
      began: encodeFrontier(ends.began),
      ended: encodeFrontier(ends.ended),
      terms: hashes.reduce((sum, { length }) => sum + length, 0),
    });
    db.exec('COMMIT');
    db.close();
    yield;
    return buildFilter(hashes);
  } finally {
    // Also after a write that failed, or where it is not gone on with: the file is not flushed, and goes.
    db.close();
  }
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

function* writeBlocks(
  db: Database.Database,
  { raw, range, index }: Filling,
  runs: readonly Run[],
): Generator<void, Pick<Required<About>, 'earliest' | 'latest' | 'reaches'>> {
  const block = db.prepare<[number, Uint8Array]>('INSERT INTO blocks VALUES (?, ?)');
  const mark = db.prepare<[number, number, number, Uint8Array]>(
    'INSERT INTO marks VALUES (?, ?, ?, ?)',
  );
  const rows = raw.prepare<[number, number], BlockRow>(
    'SELECT salt, leaf, blob FROM entries WHERE entry BETWEEN ? AND ? ORDER BY entry',
  );
  const times = new Float64Array(range.last - range.first + 1);
  for (const run of runs) times.set(index.times(run), run.first - range.first);
  let reaches = range.first;
  for (let at = range.first, number = 0; at <= range.last; at += blockEntries, number += 1) {
    const to = Math.min(at + blockEntries - 1, range.last);
    const some = rows.all(at, to);
    if (some.length !== to - at + 1) throw new NotProved(`entries are missing from ${at} to ${to}`);
    block.run(number, encodeBlock(some));
    for (const { blob } of some) reaches = Math.min(reaches, reachOf(decodeEntry(blob).entry));
    const its = times.subarray(at - range.first, to - range.first + 1);
    mark.run(number, its.reduce(min), its.reduce(max), encodeTimes(its));
    if (number % blocksAtOnce === blocksAtOnce - 1) yield;
  }
  return { earliest: times.reduce(min), latest: times.reduce(max), reaches };
}

const min = (a: number, b: number): number => Math.min(a, b);
const max = (a: number, b: number): number => Math.max(a, b);

function* writeTerms(
  db: Database.Database,
  { runs, index, first }: { runs: readonly Run[]; index: IndexReader; first: number },
): Generator<void, readonly Float64Array[]> {
  const insert = db.prepare<[number, number, Uint8Array]>('INSERT INTO terms VALUES (?, ?, ?)');
  const pages = new TermPages(({ hash, count, octets }) => void insert.run(hash, count, octets));
  const hashes: Float64Array[] = [];
  for (let part = 0; part < runParts; part += 1) {
    const parts = runs.map((run) => ({ offset: run.first - first, part: index.part(run, part) }));
    hashes.push(mergeParts(parts, pages));
    yield;
  }
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
  const insert = db.prepare<[string]>('INSERT INTO listed VALUES (?)');
  for (const [place, key] of [...keys].sort().entries()) {
    insert.run(key);
    if (place % listedAtOnce === 0) yield;
  }
}

function writeAbout(db: Database.Database, about: Required<About>): void {
  db.prepare(
    `INSERT INTO about VALUES
     (1, @version, @first, @last, @earliest, @latest, @began, @ended, @terms, @reaches)`,
  ).run(about);
}

/** That the entries, as they are read back, have the tree that the raw segment ended with. */
function* prove(dir: string, range: SealedRange, ended: Frontier): Generator<void> {
  const sealed = openSealedSegment(dir, range, sealingFile(dir, range.first, 'db'));
  try {
    const frontier = copyFrontier(decodeFrontier(range.first - 1, sealed.about.began));
    for (let entry = range.first; entry <= range.last; entry += 1) {
      const leaf = sealed.leaf(entry);
      assert(leaf, 'an entry of the segment');
      grow(frontier, leaf);
      if ((entry - range.first) % (blocksAtOnce * blockEntries) === 0) yield;
    }
    if (!Buffer.from(encodeFrontier(frontier)).equals(encodeFrontier(ended)))
      throw new NotProved('its entries do not have the tree it ends with');
  } finally {
    sealed.close();
  }
}

/** The filter first: a sealed segment always has one. */
function putInPlace(dir: string, range: SealedRange, filter: Uint8Array): void {
  const [file, filterPath] = [
    sealingFile(dir, range.first, 'db'),
    sealingFile(dir, range.first, 'filter'),
  ];
  writeFilter(filterPath, filter);
  chmodSync(file, 0o400);
  flushFile(file);
  renameSync(filterPath, filterFile(dir, range));
  renameSync(file, sealedFile(dir, range));
  flushFolder(dir);
}

function flushFile(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

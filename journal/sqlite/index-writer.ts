// Writes the index of the raw segments: run after run, each of some thousand entries of one segment.
// Promises that `stands` is committed with the rows, so what it says is indexed is indexed whole.
// The file can be thrown away at any time; an index of another journal is not gone on with.

import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { decodeEntry } from '../codec.ts';
import { eachListed, eachTerm } from '../terms.ts';
import { pluck } from './entry-reader.ts';
import { indexFile, openForWriting } from './open.ts';
import { RunBuilder, runEntries, runParts } from './run.ts';
import { indexMigrations } from './schema.ts';
import { sqliteSuffixes } from './segment-files.ts';
import type { SealedRange } from './segment-files.ts';
import type { Shelf } from './shelf.ts';

export interface IndexWriter {
  /** The last entry that is indexed; everything before it is, as far as it is not sealed. */
  readonly standsOn: () => number;
  /** Indexes the next run; false when it is not whole yet. */
  readonly indexNext: (shelf: Shelf) => boolean;
  /** Lets go of entries that are sealed. */
  readonly forget: (range: SealedRange) => void;
  readonly close: () => void;
}

const walPagesMax = 4000;

/** Opens the index, or begins a new one where it is not of this journal. */
export function openIndexWriter(dir: string, shelf: Shelf): IndexWriter {
  const db = openForWriting(indexFile(dir), {
    // Loses at most the last runs in a power cut, which are then indexed again.
    synchronous: 'NORMAL',
    migrations: indexMigrations,
  });
  if (standsOnThis(db, shelf)) {
    const index = indexWriter(db, firstRawOf(shelf));
    // What a kill left of segments that were sealed.
    for (const segment of shelf.segments()) if (segment.sealed) index.forget(segment);
    return index;
  }
  db.close();
  removeIndex(dir);
  return openIndexWriter(dir, shelf);
}

/** The main file first: who opens it then finds no index, and reads without one. */
export function removeIndex(dir: string): void {
  for (const suffix of sqliteSuffixes) rmSync(indexFile(dir) + suffix, { force: true });
}

export function indexIsThere(dir: string): boolean {
  return existsSync(indexFile(dir));
}

/** The number of a part in its table. */
export const partNumber = (first: number, part: number): number => first * runParts + part;

function indexWriter(db: Database.Database, firstRaw: number): IndexWriter {
  let stands = Math.max(pluck<[], number>(db, 'SELECT entry FROM stands').get() ?? 0, firstRaw - 1);
  const builder = new RunBuilder();
  const run = db.prepare('INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?)');
  const part = db.prepare('INSERT INTO parts VALUES (?, ?)');
  const stand = db.prepare(
    `INSERT INTO stands VALUES (1, ?, ?, ?)
     ON CONFLICT DO UPDATE SET entry = excluded.entry, leaf = excluded.leaf`,
  );
  const forgetRuns = db.prepare('DELETE FROM runs WHERE first BETWEEN ? AND ?');
  const forgetParts = db.prepare('DELETE FROM parts WHERE part >= ? AND part < ?');

  const write = db.transaction((blobs: readonly Uint8Array[], leaf: Uint8Array) => {
    const [first, last] = [stands + 1, stands + blobs.length];
    const { times, listed } = gather(builder, blobs);
    const [earliest, latest] = [times.reduce(min), times.reduce(max)];
    run.run(first, last, earliest, latest, new Uint8Array(times.buffer), listed);
    for (const [place, octets] of builder.finish().entries())
      part.run(partNumber(first, place), octets);
    stand.run(first, last, leaf);
  });
  const forget = db.transaction(({ first, last }: SealedRange) => {
    forgetRuns.run(first, last);
    forgetParts.run(partNumber(first, 0), partNumber(last + 1, 0));
  });
  const checkpoint = (): void => {
    const [wal] = db.pragma('wal_checkpoint(NOOP)') as { log: number }[];
    if ((wal?.log ?? 0) > walPagesMax) db.pragma('wal_checkpoint(PASSIVE)');
  };

  return {
    standsOn: () => stands,
    indexNext: (shelf) => {
      const first = stands + 1;
      const segment = shelf.segmentOf(first);
      if (segment === undefined || segment.last < first) return false;
      const last = Math.min(first + runEntries - 1, segment.last);
      if (!segment.closed && last - first + 1 < runEntries) return false;
      const blobs = shelf.slice({ from: first, to: last, reverse: true, most: runEntries });
      assert(blobs.length === last - first + 1, 'entries are gap-free');
      const leaf = shelf.leaf(last);
      assert(leaf, 'an entry has a leaf');
      write.immediate(blobs, leaf);
      stands = last;
      checkpoint();
      return true;
    },
    forget: (range) => {
      forget.immediate(range);
      checkpoint();
    },
    close: () => db.close(),
  };
}

const min = (a: number, b: number): number => Math.min(a, b);
const max = (a: number, b: number): number => Math.max(a, b);

interface Gathered {
  readonly times: Float64Array<ArrayBuffer>;
  readonly listed: string;
}

/** Gives every term to the builder. */
function gather(builder: RunBuilder, blobs: readonly Uint8Array[]): Gathered {
  const times = new Float64Array(blobs.length);
  const listed = new Map<string, Set<string>>();
  const list = (name: string, value: string): void => {
    const values = listed.get(name);
    if (values === undefined) listed.set(name, new Set([value]));
    else values.add(value);
  };
  for (const [place, blob] of blobs.entries()) {
    const { entry, body } = decodeEntry(blob);
    times[place] = entry.time;
    builder.begin(place);
    eachTerm(entry, body, builder.take);
    eachListed(entry, list);
  }
  const values = Array.from(listed, ([name, some]) => [name, [...some]]);
  return { times, listed: JSON.stringify(Object.fromEntries(values)) };
}

function standsOnThis(db: Database.Database, shelf: Shelf): boolean {
  const stands = db.prepare('SELECT first, entry, leaf FROM stands').get() as
    | { first: number; entry: number; leaf: Buffer } // the columns of the schema
    | undefined;
  if (!stands) return true;
  // All that is not sealed has to be in it, from its beginning.
  if (stands.first > firstRawOf(shelf)) return false;
  const leaf = shelf.leaf(stands.entry);
  return leaf !== undefined && stands.leaf.equals(leaf);
}

function firstRawOf(shelf: Shelf): number {
  return shelf.segments().find(({ sealed }) => !sealed)?.first ?? 1;
}

// Writes the index of the raw segments: run after run, each of some thousand entries of one segment.
// Promises that `stands` is committed with the rows, so what it says is indexed is indexed whole.
// The file can be thrown away at any time; an index of another journal is not gone on with.

import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { pluck } from './entry-reader.ts';
import { indexFile, openForWriting } from './open.ts';
import { runTables } from './run-tables.ts';
import { runEntries } from './run.ts';
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

function indexWriter(db: Database.Database, firstRaw: number): IndexWriter {
  let stands = Math.max(pluck<[], number>(db, 'SELECT entry FROM stands').get() ?? 0, firstRaw - 1);
  const tables = runTables(db);
  const stand = db.prepare(
    `INSERT INTO stands VALUES (1, ?, ?, ?)
     ON CONFLICT DO UPDATE SET entry = excluded.entry, leaf = excluded.leaf`,
  );

  const write = db.transaction((blobs: readonly Uint8Array[], leaf: Uint8Array) => {
    const first = stands + 1;
    tables.put(first, blobs);
    stand.run(first, stands + blobs.length, leaf);
  });
  const forget = db.transaction(tables.remove);
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

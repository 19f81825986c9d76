// Writes the index: for each block of 1,024 entries, who names what where, and its earliest and latest time.
// Promises that `stands` is committed with the rows, so what it says is indexed is indexed whole.
// The file can be thrown away at any time; an index of another journal is not gone on with.

import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { decodeEntry } from '../codec.ts';
import type { JournalEntry } from '../entry.ts';
import { columnOf, foldIdentifier, searchColumns } from '../query.ts';
import type { SearchColumn } from '../query.ts';
import { pluck } from './entry-reader.ts';
import type { EntryReader } from './entry-reader.ts';
import { indexFile, openForWriting } from './open.ts';
import { indexMigrations } from './schema.ts';

/** Entries in a block; block 0 holds entries 1 to 1,024. */
export const blockEntries = 1024;

export interface IndexWriter {
  /** The last entry that is indexed, a multiple of the block. */
  readonly standsOn: () => number;
  /** Indexes the next block; false when it is not whole yet. */
  readonly indexNext: (entries: EntryReader) => boolean;
  readonly close: () => void;
}

/** A number alone narrows nothing: each session has its own. */
export const indexedColumns: readonly SearchColumn[] = searchColumns.filter(
  (column) => column !== 'number',
);
/** No column has a point in its name. */
export const fieldName = (field: string): string => `fields.${field}`;

const walPagesMax = 4000;

/** Opens the index, or begins a new one where it is not of this journal. */
export function openIndexWriter(dir: string, entries: EntryReader): IndexWriter {
  const db = openForWriting(indexFile(dir), {
    // Loses at most the last blocks in a power cut, which are then indexed again.
    synchronous: 'NORMAL',
    migrations: indexMigrations,
  });
  if (standsOnThis(db, entries)) return indexWriter(db);
  db.close();
  removeIndex(dir);
  return openIndexWriter(dir, entries);
}

/** The main file first: who opens it then finds no index, and reads without one. */
export function removeIndex(dir: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(indexFile(dir) + suffix, { force: true });
}

export function indexIsThere(dir: string): boolean {
  return existsSync(indexFile(dir));
}

function indexWriter(db: Database.Database): IndexWriter {
  let stands = pluck<[], number>(db, 'SELECT entry FROM stands').get() ?? 0;
  const posting = db.prepare('INSERT INTO postings VALUES (?, ?, ?, ?)');
  const mark = db.prepare('INSERT INTO marks VALUES (?, ?, ?)');
  const stand = db.prepare('INSERT OR REPLACE INTO stands VALUES (1, ?, ?)');

  const write = db.transaction((decoded: readonly JournalEntry[], leaf: Uint8Array) => {
    const block = stands / blockEntries;
    for (const { name, value, offsets } of postingsOf(decoded))
      posting.run(name, value, block, new Uint8Array(Uint16Array.from(offsets).buffer));
    const times = decoded.map(({ time }) => time);
    mark.run(block, Math.min(...times), Math.max(...times));
    stand.run(stands + blockEntries, leaf);
  });

  return {
    standsOn: () => stands,
    indexNext: (entries) => {
      const to = stands + blockEntries;
      const leaf = entries.leaf(to);
      if (!leaf) return false;
      const blobs = entries.slice({ from: stands + 1, to, reverse: true, most: blockEntries });
      assert(blobs.length === blockEntries, 'entries are gap-free');
      write.immediate(
        blobs.map((blob) => decodeEntry(blob).entry),
        leaf,
      );
      stands = to;
      const [wal] = db.pragma('wal_checkpoint(NOOP)') as { log: number }[];
      if ((wal?.log ?? 0) > walPagesMax) db.pragma('wal_checkpoint(PASSIVE)');
      return true;
    },
    close: () => db.close(),
  };
}

function standsOnThis(db: Database.Database, entries: EntryReader): boolean {
  const stands = db.prepare('SELECT entry, leaf FROM stands').get() as
    | { entry: number; leaf: Buffer } // the columns of the schema
    | undefined;
  if (!stands) return true;
  const leaf = entries.leaf(stands.entry);
  return leaf !== undefined && stands.leaf.equals(leaf);
}

interface Posting {
  readonly name: string;
  readonly value: string;
  readonly offsets: readonly number[];
}

/** The postings of a block, in the order of the table: neighbours go to the same page. */
function postingsOf(decoded: readonly JournalEntry[]): Posting[] {
  const names = new Map<string, Map<string, number[]>>();
  const add = (name: string, value: string, offset: number): void => {
    const values = names.get(name) ?? new Map<string, number[]>();
    if (values.size === 0) names.set(name, values);
    const offsets = values.get(value);
    if (!offsets) values.set(value, [offset]);
    else if (offsets.at(-1) !== offset) offsets.push(offset);
  };
  for (const [offset, entry] of decoded.entries()) addEntry(entry, offset, add);
  return [...names.entries()]
    .flatMap(([name, values]) =>
      Array.from(values, ([value, offsets]): Posting => ({ name, value, offsets })),
    )
    .sort((a, b) => compare(a.name, b.name) || compare(a.value, b.value));
}

function addEntry(
  entry: JournalEntry,
  offset: number,
  add: (name: string, value: string, offset: number) => void,
): void {
  for (const column of indexedColumns) {
    const value = columnOf(entry, column);
    if (value !== undefined) add(column, value, offset);
  }
  for (const [field, values] of Object.entries(entry.fields ?? {}))
    for (const value of values) add(fieldName(field), foldIdentifier(value), offset);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

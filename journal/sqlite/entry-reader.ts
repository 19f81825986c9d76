// Reads entries of the journal's file on a connection of its own, never within a transaction that
// outlives the call: a reader that stood still would keep the WAL from beginning anew.

import type Database from 'better-sqlite3';
import { journalFile, openForReading } from './open.ts';

export interface Slice {
  readonly from: number;
  readonly to: number;
  /** Oldest first. */
  readonly reverse: boolean;
  readonly most: number;
}

export interface EntryReader {
  readonly head: () => number;
  readonly blob: (entry: number) => Uint8Array | undefined;
  readonly leaf: (entry: number) => Uint8Array | undefined;
  /** The first blobs of a range, at most so many. */
  readonly slice: (slice: Slice) => readonly Uint8Array[];
  readonly close: () => void;
}

/** @throws {JournalFault} JOURNAL_OPEN */
export function openEntryReader(dir: string): EntryReader {
  const db = openForReading(journalFile(dir));
  const head = pluck<[], number>(db, 'SELECT coalesce(max(entry), 0) FROM entries');
  const blob = pluck<[number], Buffer>(db, 'SELECT blob FROM entries WHERE entry = ?');
  const leaf = pluck<[number], Buffer>(db, 'SELECT leaf FROM entries WHERE entry = ?');
  const range = 'SELECT blob FROM entries WHERE entry BETWEEN ? AND ? ORDER BY entry';
  const up = pluck<[number, number, number], Buffer>(db, `${range} LIMIT ?`);
  const down = pluck<[number, number, number], Buffer>(db, `${range} DESC LIMIT ?`);
  return {
    head: () => head.get() ?? 0,
    blob: (entry) => blob.get(entry),
    leaf: (entry) => leaf.get(entry),
    slice: ({ from, to, reverse, most }) => (reverse ? up : down).all(from, to, most),
    close: () => db.close(),
  };
}

/** A statement of one column. */
export function pluck<Bound extends unknown[], Value>(
  db: Database.Database,
  sql: string,
): Database.Statement<Bound, Value> {
  return db.prepare<Bound, Value>(sql).pluck();
}

// What reads entries: one segment, or all of them as one stream.

import type Database from 'better-sqlite3';

export interface Slice {
  readonly from: number;
  readonly to: number;
  /** Oldest first. */
  readonly reverse: boolean;
  readonly most: number;
}

export interface EntryReader {
  /** The number of the last entry. */
  readonly head: () => number;
  readonly blob: (entry: number) => Uint8Array | undefined;
  readonly leaf: (entry: number) => Uint8Array | undefined;
  /** The first blobs of a range, at most so many. */
  readonly slice: (slice: Slice) => readonly Uint8Array[];
  readonly close: () => void;
}

/** A statement of one column. */
export function pluck<Bound extends unknown[], Value>(
  db: Database.Database,
  sql: string,
): Database.Statement<Bound, Value> {
  return db.prepare<Bound, Value>(sql).pluck();
}

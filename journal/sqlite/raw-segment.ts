// Reads one raw segment on a connection of its own, never within a transaction that outlives the call:
// a reader that stood still would keep the WAL from beginning anew.

import type { EntryReader } from './entry-reader.ts';
import { pluck } from './entry-reader.ts';
import { openForReading } from './open.ts';
import { rawFile } from './segment-files.ts';

/** @throws {JournalFault} JOURNAL_OPEN */
export function openRawSegment(dir: string, first: number): EntryReader {
  const db = openForReading(rawFile(dir, first));
  const head = pluck<[], number>(db, `SELECT coalesce(max(entry), ${first - 1}) FROM entries`);
  const blob = pluck<[number], Buffer>(db, 'SELECT blob FROM entries WHERE entry = ?');
  const leaf = pluck<[number], Buffer>(db, 'SELECT leaf FROM entries WHERE entry = ?');
  const range = 'SELECT blob FROM entries WHERE entry BETWEEN ? AND ? ORDER BY entry';
  const up = pluck<[number, number, number], Buffer>(db, `${range} LIMIT ?`);
  const down = pluck<[number, number, number], Buffer>(db, `${range} DESC LIMIT ?`);
  return {
    head: () => head.get() ?? first - 1,
    blob: (entry) => blob.get(entry),
    leaf: (entry) => leaf.get(entry),
    slice: ({ from, to, reverse, most }) => (reverse ? up : down).all(from, to, most),
    close: () => db.close(),
  };
}

// Makes a sealed segment of a raw one that is closed and indexed, piece by piece, so that its thread hears
// messages in between. Promises that the raw one goes only when the sealed one is whole, proved from what was
// read back of it, and on the disk under its name. A kill at any step leaves one of the two, or both.
// Fails with what SQLite, zlib and the file system throw; the raw segment is then as it was.

import assert from 'node:assert/strict';
import type Database from 'better-sqlite3';
import { copyFrontier, decodeFrontier, encodeFrontier, grow } from '../tree.ts';
import type { IndexReader } from './index-reader.ts';
import { beganAt } from './open-segment.ts';
import { openForReading, openForWriting } from './open.ts';
import { journalMigrations } from './schema.ts';
import { blockEntries, encodeBlock } from './sealed-block.ts';
import type { BlockRow } from './sealed-block.ts';
import { openSealedSegment } from './sealed-segment.ts';
import type { About } from './sealed-segment.ts';
import { blocksAtOnce, putInPlace, writeSealing } from './sealing.ts';
import { rawFile, removeRaw, removeSealing, sealingFile } from './segment-files.ts';
import type { SealedRange } from './segment-files.ts';

/** A segment is not what its tree says: it stays as it is, and `verify` tells where. */
export class NotProved extends Error {}

/** @throws {NotProved} */
export function* sealSegment(dir: string, range: SealedRange, index: IndexReader): Generator<void> {
  removeSealing(dir, range.first);
  if (!moveOutOfWal(dir, range.first)) throw new Error('a reader holds the WAL of the segment');
  const raw = openForReading(rawFile(dir, range.first));
  try {
    const ends = endsOf(raw, range);
    const blocks = (db: Database.Database): Generator<void> => writeBlocks(db, raw, range);
    yield* writeSealing(dir, { range, index, ends, blocks });
    yield* prove(dir, range, ends.ended);
    putInPlace(dir, range);
  } finally {
    raw.close();
  }
  removeRaw(dir, range.first);
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

function endsOf(
  raw: Database.Database,
  { first, last }: SealedRange,
): Pick<About, 'began' | 'ended'> {
  const tree = raw.prepare('SELECT size, frontier FROM tree').get() as
    | { size: number; frontier: Buffer } // the columns of the schema
    | undefined;
  if (tree?.size !== last) throw new NotProved(`its tree does not end with ${last}`);
  return { began: beganAt(raw, first).frontier, ended: tree.frontier };
}

function* writeBlocks(
  db: Database.Database,
  raw: Database.Database,
  range: SealedRange,
): Generator<void> {
  const block = db.prepare<[number, Uint8Array]>('INSERT INTO blocks VALUES (?, ?)');
  const rows = raw.prepare<[number, number], BlockRow>(
    'SELECT salt, leaf, blob FROM entries WHERE entry BETWEEN ? AND ? ORDER BY entry',
  );
  for (let at = range.first, number = 0; at <= range.last; at += blockEntries, number += 1) {
    const to = Math.min(at + blockEntries - 1, range.last);
    const some = rows.all(at, to);
    if (some.length !== to - at + 1) throw new NotProved(`entries are missing from ${at} to ${to}`);
    block.run(number, encodeBlock(some));
    if (number % blocksAtOnce === blocksAtOnce - 1) yield;
  }
}

/** That the entries, as they are read back, have the tree that the raw segment ended with. */
function* prove(dir: string, range: SealedRange, ended: Uint8Array): Generator<void> {
  const sealed = openSealedSegment(dir, range, sealingFile(dir, range.first, 'db'));
  try {
    const frontier = copyFrontier(decodeFrontier(range.first - 1, sealed.about.began));
    for (let entry = range.first; entry <= range.last; entry += 1) {
      const leaf = sealed.leaf(entry);
      assert(leaf, 'an entry of the segment');
      grow(frontier, leaf);
      if ((entry - range.first) % (blocksAtOnce * blockEntries) === 0) yield;
    }
    if (!Buffer.from(encodeFrontier(frontier)).equals(ended))
      throw new NotProved('its entries do not have the tree it ends with');
  } finally {
    sealed.close();
  }
}

// The segment that is written, as its one writer holds it: commit records, keep the tree, checkpoint the WAL.
// Promises that a commit which returns is durable with its leaves and the frontier, all or nothing; and that
// a new segment is on the disk with its tables and its tree before it has the name of one.
// Fails with what SQLite and the file system throw; the writer thread decides what that means.

import assert from 'node:assert/strict';
import { renameSync, rmSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { blobOf, decodeEntry, saltOf } from '../codec.ts';
import { JournalFault } from '../fault.ts';
import { copyFrontier, decodeFrontier, encodeFrontier, grow, leafOf } from '../tree.ts';
import type { Frontier } from '../tree.ts';
import { pluck } from './entry-reader.ts';
import { causeOf, isBroken } from './full.ts';
import { createFile, openForWriting, writeThrough } from './open.ts';
import { journalMigrations, segmentTables } from './schema.ts';
import type { SegmentStart } from './schema.ts';
import { nextFile, rawFile } from './segment-files.ts';

export interface OpenSegment {
  readonly first: number;
  /** Over all entries up to now, those of earlier segments too. */
  readonly frontier: () => Frontier;
  /** Of all entries up to now, as far as it is known, in microseconds. */
  readonly latest: () => number;
  /** The day of its first entry by the latest time that was seen; undefined while it is empty. */
  readonly day: () => number | undefined;
  /** Of its file, about. */
  readonly octets: () => number;
  /** Durable when it returns. */
  readonly commit: (records: readonly Uint8Array[], latest: number) => void;
  /** Pages, about, that the WAL holds beyond the last checkpoint. */
  readonly pagesWaiting: () => number;
  /** What cannot be moved for want of room stays in the WAL, durable. */
  readonly checkpoint: () => void;
  readonly close: () => void;
}

const pageOctets = 4096;
/** Pages a commit writes however small it is: tree, table, and the way to it. */
const pagesPerCommit = 3;
/** What a row has beside its blob: salt, leaf, number and lengths. */
const rowOctets = 80;
const dayUs = 86_400_000_000;

/** Days since 1970 UTC. */
export const dayOf = (timeUs: number): number => Math.floor(timeUs / dayUs);

/**
 * Makes the file of the segment that follows. It has its name only when it is whole and on the disk; the name
 * is on the disk once the folder is flushed. Nothing is left of one that found no room.
 */
export function createSegment(dir: string, start: SegmentStart): void {
  const unfinished = nextFile(dir, start.first);
  rmSync(unfinished, { force: true });
  try {
    createFile(unfinished, segmentTables(start), 'WAL');
    renameSync(unfinished, rawFile(dir, start.first));
  } catch (error) {
    if (!isBroken(causeOf(error))) rmSync(unfinished, { force: true });
    throw error;
  }
}

/** @throws {JournalFault} JOURNAL_OPEN, JOURNAL_CUT */
export function openSegment(dir: string, first: number): OpenSegment {
  const db = openForWriting(rawFile(dir, first), {
    synchronous: 'FULL',
    migrations: journalMigrations,
  });
  let frontier = loadFrontier(db, first);
  let latest = latestOf(db, first);
  let day = firstTimeOf(db) === undefined ? undefined : dayOf(latestAtFirst(db, first));
  let octets = Number(db.pragma('page_count', { simple: true })) * pageOctets;
  let pages = 0;

  const insert = db.prepare<[number, Uint8Array, Uint8Array, Uint8Array]>(
    'INSERT INTO entries VALUES (?, ?, ?, ?)',
  );
  const keep = db.prepare<[number, Uint8Array]>('UPDATE tree SET size = ?, frontier = ?');
  const commit = db.transaction((records: readonly Uint8Array[]): Frontier => {
    const grown = copyFrontier(frontier);
    for (const record of records) {
      const leaf = leafOf(record);
      grow(grown, leaf);
      insert.run(grown.size, saltOf(record), leaf, blobOf(record));
    }
    keep.run(grown.size, encodeFrontier(grown));
    return grown;
  });

  return {
    first,
    frontier: () => frontier,
    latest: () => latest,
    day: () => day,
    octets: () => octets,
    commit: (records, latestOfThem) => {
      frontier = commit.immediate(records);
      latest = Math.max(latest, latestOfThem);
      day ??= dayOf(latest);
      const written = records.reduce((sum, record) => sum + record.length, 0);
      octets += written + records.length * rowOctets;
      pages += pagesPerCommit + Math.ceil(written / pageOctets);
    },
    pagesWaiting: () => pages,
    checkpoint: () => {
      if (writeThrough(db)) pages = 0;
    },
    close: () => db.close(),
  };
}

/** Where a segment began: the size of the tree, its frontier, and the latest time, before its first entry. */
export function beganAt(db: Database.Database, first: number): SegmentStart {
  if (first === 1) return { first, frontier: new Uint8Array(), latest: 0 };
  const row = db.prepare('SELECT size, frontier, latest FROM began').get() as
    | { size: number; frontier: Buffer; latest: number } // the columns of the schema
    | undefined;
  if (row?.size !== first - 1)
    throw new JournalFault('JOURNAL_CUT', `The segment of entry ${first} does not begin with it.`);
  return { first, frontier: row.frontier, latest: row.latest };
}

function loadFrontier(db: Database.Database, first: number): Frontier {
  beganAt(db, first);
  const row = db.prepare('SELECT size, frontier FROM tree').get() as
    | { size: number; frontier: Buffer } // the columns of the schema
    | undefined;
  const last = pluck<[], number | null>(db, 'SELECT max(entry) FROM entries').get() ?? first - 1;
  if (row?.size !== last)
    throw new JournalFault(
      'JOURNAL_CUT',
      `The tree counts ${row?.size ?? 0} entries, the last entry is ${last}.`,
    );
  return decodeFrontier(row.size, row.frontier);
}

function firstTimeOf(db: Database.Database): number | undefined {
  return timeOf(db, 'ASC');
}

function latestAtFirst(db: Database.Database, first: number): number {
  return Math.max(beganAt(db, first).latest, firstTimeOf(db) ?? 0);
}

/** Of what is between its first and its last entry nothing is read: a clock set back there is not noticed. */
function latestOf(db: Database.Database, first: number): number {
  return Math.max(latestAtFirst(db, first), timeOf(db, 'DESC') ?? 0);
}

function timeOf(db: Database.Database, order: 'ASC' | 'DESC'): number | undefined {
  const blob = pluck<[], Buffer>(db, `SELECT blob FROM entries ORDER BY entry ${order} LIMIT 1`);
  const found = blob.get();
  if (found === undefined) return undefined;
  const { time } = decodeEntry(found).entry;
  assert(Number.isSafeInteger(time), 'an entry has a time');
  return time;
}

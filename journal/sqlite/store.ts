// The journal's file as its one writer holds it: commit records, keep the tree, checkpoint the WAL.
// Promises that a commit which returns is durable with its leaves and the frontier, all or nothing.
// Fails with what SQLite throws; the writer thread decides what that means.

import assert from 'node:assert/strict';
import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { blobOf, saltOf } from '../codec.ts';
import { JournalFault } from '../fault.ts';
import type { Head } from '../journal.ts';
import { copyFrontier, decodeFrontier, encodeFrontier, grow, leafOf, rootOf } from '../tree.ts';
import type { Frontier } from '../tree.ts';
import { pluck } from './entry-reader.ts';
import { isFull } from './full.ts';
import { journalFile, openForWriting, sentenceOf } from './open.ts';
import { journalMigrations } from './schema.ts';

export interface EntryStore {
  readonly entries: () => number;
  readonly head: () => Head;
  /** Commits records, the first of which is entry number `first`. Durable when it returns. */
  readonly commit: (first: number, records: readonly Uint8Array[]) => void;
  /** Pages, about, that the WAL holds beyond the last checkpoint. */
  readonly pagesWaiting: () => number;
  readonly checkpoint: () => void;
  readonly close: () => void;
}

/** Says what the journal held at least, should its WAL file be taken away; see `verify.ts`. */
const headFile = (dir: string): string => join(dir, 'head');

const pageOctets = 4096;
/** Pages a commit writes however small it is: tree, table, and the way to it. */
const pagesPerCommit = 3;

/** @throws {JournalFault} JOURNAL_LOCKED, JOURNAL_OPEN or JOURNAL_CUT */
export function openEntryStore(dir: string): EntryStore {
  const lock = lockFolder(dir);
  const db = openForWriting(journalFile(dir), {
    synchronous: 'FULL',
    migrations: journalMigrations,
  });
  let frontier = loadFrontier(db);
  requireWhole(dir, frontier.size);
  const head = openSync(headFile(dir), constants.O_RDWR | constants.O_CREAT, 0o600);
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
  const noteHead = (): void => {
    try {
      // Not flushed: it may lag after a power cut, but never runs ahead of what is durable.
      writeSync(head, `${String(frontier.size).padStart(16)} ${rootOf(frontier)}\n`, 0);
    } catch (error) {
      // The entries are durable: for want of room their note comes with the next commit.
      if (!isFull(error)) throw error;
    }
  };
  noteHead();

  return {
    entries: () => frontier.size,
    head: () => ({ entries: frontier.size, root: rootOf(frontier) }),
    commit: (first, records) => {
      assert(first === frontier.size + 1, 'entries come in order, gap-free');
      frontier = commit.immediate(records);
      const octets = records.reduce((sum, record) => sum + record.length, 0);
      pages += pagesPerCommit + Math.ceil(octets / pageOctets);
      noteHead();
    },
    pagesWaiting: () => pages,
    checkpoint: () => {
      // Passive: it never waits for a reader, so a long one makes the WAL longer, not an append slower.
      db.pragma('wal_checkpoint(PASSIVE)');
      pages = 0;
    },
    close: () => {
      closeSync(head);
      db.close();
      lock.close();
    },
  };
}

/** A lock that goes with the process, however it ends: SQLite's own, on an empty file. */
function lockFolder(dir: string): Database.Database {
  const path = join(dir, 'lock');
  try {
    closeSync(openSync(path, 'a', 0o600));
    const lock = new Database(path, { timeout: 0 });
    // With a change, which is never committed: SQLite opens for reading alone what it may not write, and its
    // lock would then keep nobody out.
    lock.exec('BEGIN EXCLUSIVE; PRAGMA user_version = 1');
    return lock;
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code === 'SQLITE_BUSY')
      throw new JournalFault('JOURNAL_LOCKED', `Another process writes the journal in ${dir}.`);
    const code = isFull(error) ? 'JOURNAL_FULL' : 'JOURNAL_OPEN';
    throw new JournalFault(code, `${path}: ${sentenceOf(error)}.`, error);
  }
}

function loadFrontier(db: Database.Database): Frontier {
  const row = db.prepare('SELECT size, frontier FROM tree').get() as
    | { size: number; frontier: Buffer } // the columns of the schema
    | undefined;
  const last = pluck<[], number>(db, 'SELECT max(entry) FROM entries').get() ?? 0;
  if (!row || row.size !== last)
    throw new JournalFault(
      'JOURNAL_CUT',
      `The tree counts ${row?.size ?? 0} entries, the last entry is ${last}.`,
    );
  return decodeFrontier(row.size, row.frontier);
}

function requireWhole(dir: string, entries: number): void {
  const noted = notedEntries(dir);
  if (noted <= entries) return;
  throw new JournalFault(
    'JOURNAL_CUT',
    `The journal in ${dir} ends at entry ${entries}, but ${noted} were durable.`,
  );
}

function notedEntries(dir: string): number {
  try {
    return Number(/^ *(\d+) /.exec(readFileSync(headFile(dir), 'latin1'))?.[1] ?? 0);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0;
    throw error;
  }
}

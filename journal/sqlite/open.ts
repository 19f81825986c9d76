// Opens a SQLite file so that a commit is on the disk when it returns, and proves it on every open.
// Promises WAL, the flush asked for, a SQLite without the WAL-reset bug, no memory map, mode 0600.
// Fails with a JOURNAL_OPEN fault, JOURNAL_FULL for want of room; it never goes on with less than was asked for.

import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, readSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { JournalFault } from '../fault.ts';
import { isBroken, isFull } from './full.ts';

export const indexFile = (dir: string): string => join(dir, 'index.db');

/** How a commit is flushed: FULL is on the disk when it returns; NORMAL may lose the last ones, never more. */
export type Synchronous = 'FULL' | 'NORMAL';

/** SQLite before this can corrupt a WAL file. @source security 9, WAL-reset bug */
const sqliteLowest = [3, 51, 3] as const;
const synchronousNumber: Readonly<Record<Synchronous, number>> = { FULL: 2, NORMAL: 1 };
const busyTimeoutMs = 5000;

/** Opens or creates a file for its one writer, and brings its tables up to date. */
export function openForWriting(
  path: string,
  options: { readonly synchronous: Synchronous; readonly migrations: readonly string[] },
): Database.Database {
  return guarded(path, () => {
    // Made first with its mode: SQLite gives the same one to the files beside it.
    closeSync(openSync(path, 'a', 0o600));
    const db = new Database(path, { timeout: busyTimeoutMs });
    return keepIf(db, () => {
      requireVersion(db);
      // Of a newer program's file nothing is changed, not even how it is flushed.
      requireKnown(path, versionOf(db), options.migrations.length);
      db.pragma('journal_mode = WAL');
      db.pragma(`synchronous = ${options.synchronous}`);
      db.pragma('mmap_size = 0');
      // The writer runs checkpoints itself, when it has the time.
      db.pragma('wal_autocheckpoint = 0');
      readBack(db, 'journal_mode', 'wal');
      // better-sqlite3 is built so that a WAL file would be NORMAL (security 1, rule 1).
      readBack(db, 'synchronous', synchronousNumber[options.synchronous]);
      migrate(db, options.migrations);
      // What an earlier run left there may be in memory alone: after a flush that failed the kernel takes
      // pages for written that are not (security 4.3).
      writeThrough(db);
      flushFolder(dirname(path));
    });
  });
}

/**
 * Makes a file of its own that has what `sql` says, flushed when this returns. There is no journal beside it:
 * the file has its final name only when it is whole, so a torn one is never read. One that will be written gets its WAL
 * mode here: set later, a power cut leaves a journal that who only reads cannot roll back.
 */
export function createFile(path: string, sql: string, mode: 'WAL' | 'DELETE' = 'DELETE'): void {
  guarded(path, () => {
    closeSync(openSync(path, 'ax', 0o600));
    const db = new Database(path);
    keepIf(db, () => {
      requireVersion(db);
      db.pragma('journal_mode = MEMORY');
      db.pragma('synchronous = FULL');
      readBack(db, 'synchronous', synchronousNumber.FULL);
      db.transaction(() => db.exec(sql)).exclusive();
      if (mode === 'WAL') db.pragma('journal_mode = WAL');
    });
    db.close();
  });
}

/** Opens an existing file for reading only. */
export function openForReading(path: string): Database.Database {
  return guarded(path, () => {
    const db = new Database(path, { readonly: true, fileMustExist: true, timeout: busyTimeoutMs });
    return keepIf(db, () => {
      requireVersion(db);
      db.pragma('mmap_size = 0');
    });
  });
}

/** Makes the folder that only its owner may enter, so that a power cut does not take it away again. */
export function prepareFolder(dir: string): void {
  guarded(dir, () => {
    const path = resolve(dir);
    const made = mkdirSync(path, { recursive: true, mode: 0o700 });
    chmodSync(path, 0o700);
    if (made === undefined) flushIfReadable(dirname(path));
    else flushAbove(path, made);
  });
}

/** Copies what the WAL holds into the main file, and flushes it; false where for want of room it stays there, durable. */
export function writeThrough(db: Database.Database): boolean {
  try {
    // Passive: it waits for no reader of another connection, so a long one makes the WAL longer, not an append slower.
    db.pragma('wal_checkpoint(PASSIVE)');
    return true;
  } catch (error) {
    if (!isFull(error)) throw error;
    return false;
  }
}

/** Whoever made the folder below, a person or a start that was killed, may not have flushed this one. */
function flushIfReadable(dir: string): void {
  try {
    flushFolder(dir);
  } catch (error) {
    // Who may not read it did not make the folder below, and did not begin this installation.
    if (!(error instanceof Error && 'code' in error && error.code === 'EACCES')) throw error;
  }
}

/** The name of each folder that was made stands in the one above it. @param first The uppermost of them. */
function flushAbove(path: string, first: string): void {
  for (let at = path; ; at = dirname(at)) {
    flushFolder(dirname(at));
    if (at === first) return;
  }
}

/** A new or renamed file is there after a power cut only once its folder is flushed. */
export function flushFolder(dir: string): void {
  flushFile(dir);
}

/** What was written to it, by whomever. */
export function flushFile(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function requireVersion(db: Database.Database): void {
  const version = String(db.prepare('SELECT sqlite_version()').pluck().get());
  const numbers = version.split('.').map(Number);
  const differs = sqliteLowest.findIndex((lowest, place) => numbers[place] !== lowest);
  if (differs >= 0 && (numbers[differs] ?? 0) < (sqliteLowest[differs] ?? 0))
    throw new Error(`SQLite ${version} is older than ${sqliteLowest.join('.')}`);
}

function readBack(db: Database.Database, pragma: string, wanted: string | number): void {
  const found: unknown = db.pragma(pragma, { simple: true });
  if (found !== wanted) throw new Error(`${pragma} is ${String(found)}, not ${wanted}`);
}

function migrate(db: Database.Database, migrations: readonly string[]): void {
  const version = versionOf(db);
  for (const [index, sql] of migrations.entries()) {
    if (index < version) continue;
    db.transaction(() => {
      db.exec(sql);
      db.pragma(`user_version = ${index + 1}`);
    }).exclusive();
  }
}

const versionOf = (db: Database.Database): number =>
  Number(db.pragma('user_version', { simple: true }));

function requireKnown(path: string, version: number, known: number): void {
  if (version <= known) return;
  throw new JournalFault(
    'JOURNAL_NEWER',
    `${path} has tables of version ${version}; this program knows ${known}.`,
  );
}

/**
 * The same from the head of a file that need not be opened for it. What is no file of SQLite passes: whoever opens
 * it is told.
 *
 * @throws {JournalFault} JOURNAL_NEWER, JOURNAL_OPEN
 * @source https://www.sqlite.org/fileformat.html, the magic at offset 0 and the user version at 60
 */
export function requireKnownVersion(path: string, known: number): void {
  const head = Buffer.alloc(64);
  const read = guarded(path, () => {
    const fd = openSync(path, 'r');
    try {
      return readSync(fd, head, 0, head.length, 0);
    } finally {
      closeSync(fd);
    }
  });
  const isDatabase = read === head.length && head.toString('latin1', 0, 16) === sqliteMagic;
  if (isDatabase) requireKnown(path, head.readUInt32BE(60), known);
}

const sqliteMagic = 'SQLite format 3\0';

/**
 * Closes the connection again where it turns out not to be what was asked for; not after a failed write or
 * flush, for SQLite would write and flush again what it closes.
 */
function keepIf(db: Database.Database, check: () => void): Database.Database {
  try {
    check();
    return db;
  } catch (error) {
    if (!isBroken(error)) db.close();
    throw error;
  }
}

function guarded<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof JournalFault) throw error;
    const code = isFull(error) ? 'JOURNAL_FULL' : 'JOURNAL_OPEN';
    throw new JournalFault(code, `${path} cannot be opened: ${sentenceOf(error)}.`, error);
  }
}

export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

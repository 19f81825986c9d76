// Tells a disk without room from one that fails. Without room nothing was lost, and the same may be tried
// again; what a failed write or flush left is unknown, and never tried again (security 4.3).

import Database from 'better-sqlite3';
import { JournalFault } from '../fault.ts';

/** SHMSIZE: the shared file beside the WAL could not grow. Nothing of it is ever flushed. */
const sqliteCodes: readonly string[] = ['SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE'];
const systemCodes: readonly string[] = ['ENOSPC', 'EDQUOT'];

export function isFull(error: unknown): boolean {
  const codes = error instanceof Database.SqliteError ? sqliteCodes : systemCodes;
  return codes.includes(codeOf(error));
}

/** A write, flush or read that failed: what the file has now is unknown. */
export function isBroken(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'EIO' || (code.startsWith('SQLITE_IOERR') && !isFull(error));
}

/** What was met: behind a fault of ours stands what SQLite or the system said. */
export function causeOf(error: unknown): unknown {
  return error instanceof JournalFault ? error.cause : error;
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

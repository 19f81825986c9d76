// How the process ends when it cannot go on: said once in the log, then at once, with 74 or 70.
// Promises that nothing more is acknowledged, and after a failed write or flush that nothing is written.
// The next start recovers from what the disk really has.

import { errorFields } from './log.ts';
import type { Log } from './log.ts';
import { journalFaultCode } from './start-fault.ts';

/** @param exit 74 for the journal, 70 for a fault of ours; a failed register store is 74 in any case. */
export function die(log: Log, exit: 70 | 74, cause: unknown): void {
  const fields = errorFields(cause);
  if (exit === 74 || journalFaultCode(cause) === 'JOURNAL_FAILED') {
    log.write('error', 'journal-failed', { ...fields, code: 'MSC-3101' });
    void log.close().then(() => leaveAtOnce(74));
    return;
  }
  log.write('error', 'bug', fields);
  void log.close().then(() => process.exit(exit));
}

/**
 * As a kill would end it, but with an exit code. An orderly exit closes every SQLite file, and to close one
 * is to copy its WAL and flush it: the flush that failed would be tried again (security 4.3).
 */
export function leaveAtOnce(exit: number): never {
  process.execve?.(process.execPath, ['msc', '-e', `process.exitCode = ${exit}`], {});
  // Only where the system has no such call.
  return process.exit(exit);
}

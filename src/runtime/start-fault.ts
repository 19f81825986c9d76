// What a failed start of the journal is called for the person who started it.

import type { JournalFaultCode } from '#journal/fault';
import { MscFault } from '#src/errors';
import { journalFaults } from '#src/journal-faults';

/** The same with a code of ours; any other error as it is. */
export function startFault(cause: unknown): Error {
  // Something failed, and after it the closing of what was open.
  if (cause instanceof SuppressedError) return startFault(cause.suppressed);
  if (!(cause instanceof Error)) return new MscFault('MSC-9001', { cause });
  const code = journalFaultCode(cause);
  if (code === undefined) return cause;
  return new MscFault(journalFaults[code] ?? 'MSC-3101', { detail: cause.message, cause });
}

/** The code of a fault of the journal or the register store; undefined for anything else. */
export function journalFaultCode(cause: unknown): JournalFaultCode | undefined {
  if (!(cause instanceof Error) || cause.name !== 'JournalFault' || !('code' in cause))
    return undefined;
  // Only JournalFault has that name, and its codes are the type's.
  return cause.code as JournalFaultCode;
}

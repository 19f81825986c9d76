// What a failed start of the journal is called for the person who started it.

import type { JournalFaultCode } from '#journal/fault';
import { MscFault, type FaultCode } from '#src/errors';

const codes: Readonly<Partial<Record<JournalFaultCode, FaultCode>>> = {
  JOURNAL_LOCKED: 'MSC-3103',
  JOURNAL_CUT: 'MSC-3102',
};

/** The same with a code of ours; any other error as it is. */
export function startFault(cause: unknown): Error {
  if (!(cause instanceof Error)) return new MscFault('MSC-9001', { cause });
  if (cause.name !== 'JournalFault' || !('code' in cause)) return cause;
  const code = Object.entries(codes).find(([name]) => name === cause.code)?.[1] ?? 'MSC-3101';
  return new MscFault(code, { detail: cause.message, cause });
}

// What a fault of the journal that keeps it from being opened is called for the person who meets it.

import type { FaultCode } from '#src/errors';

/** By the code of the journal; MSC-3101 for any other. */
export const journalFaults: Readonly<Partial<Record<string, FaultCode>>> = {
  JOURNAL_LOCKED: 'MSC-3103',
  JOURNAL_CUT: 'MSC-3102',
  JOURNAL_FULL: 'MSC-3106',
  JOURNAL_NEWER: 'MSC-3104',
};

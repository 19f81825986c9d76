// What can go wrong with the world under the journal. Programs read the code, people the sentence.
// No fault carries octets or text of an entry.

export type JournalFaultCode =
  /** The files cannot be opened, or are not what they should be. */
  | 'JOURNAL_OPEN'
  /** Another process has this journal open for writing. */
  | 'JOURNAL_LOCKED'
  /** Entries that were durable are missing at the end. */
  | 'JOURNAL_CUT'
  /** A write or flush failed: what became of it is unknown until the next start. */
  | 'JOURNAL_FAILED'
  /** No room on the disk to open the files, or until the journal was closed: nothing of this was written. */
  | 'JOURNAL_FULL'
  /** What is asked for is being done already. */
  | 'JOURNAL_BUSY'
  /** Written by a newer version than this program knows: nothing was touched. */
  | 'JOURNAL_NEWER'
  /** What an entry says was purged has not gone, or not all of it. */
  | 'JOURNAL_PURGE'
  /** A read failed. */
  | 'JOURNAL_READ'
  /** The journal was closed before. */
  | 'JOURNAL_CLOSED';

export class JournalFault extends Error {
  readonly code: JournalFaultCode;

  constructor(code: JournalFaultCode, sentence: string, cause?: unknown) {
    super(sentence, cause === undefined ? undefined : { cause });
    this.name = 'JournalFault';
    this.code = code;
  }
}

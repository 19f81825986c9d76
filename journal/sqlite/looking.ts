// Reads the journal of a folder that no switch writes: with the code of every search, in a thread of the process
// that asks, which ends with it however it ends. Promises to write no entry, and to take no lock that would turn a
// start of the switch away; one may begin, write, cut and seal meanwhile. It ends at the entry it found last.
// Fails with JOURNAL faults.

import { readFileSync, readlinkSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { decodeEntry } from '../codec.ts';
import type { Head, Journal } from '../journal.ts';
import type { Query } from '../query.ts';
import { askHead, askOldest, askPlan, gatherReads, search, tally } from './questions.ts';
import { lazyReader } from './reader-client.ts';

export interface LookingJournal extends Pick<
  Journal,
  'read' | 'search' | 'tally' | 'plan' | 'oldest'
> {
  readonly head: () => Promise<Pick<Head, 'entries'>>;
  /** The time of the last entry, in microseconds; undefined where there is none. */
  readonly lastUs: number | undefined;
  readonly close: () => Promise<void>;
}

/** @throws {JournalFault} JOURNAL_READ, JOURNAL_OPEN */
export async function openForLooking(dir: string): Promise<LookingJournal> {
  const reads = lazyReader(dir, 'thread');
  try {
    const entries = await askHead(reads);
    const { parts } = await reads.ask({ kind: 'read', entries: [entries] });
    const [last] = parts;
    const lastUs = last?.length ? decodeEntry(last).entry.time : undefined;
    const readOne = gatherReads(reads);
    const bounded = (query: Query): Query => ({
      ...query,
      entryTo: Math.min(query.entryTo ?? entries, entries),
    });
    // The index is the switch's own: it builds it anew itself.
    const onIndexFailed = (): void => undefined;
    return {
      lastUs,
      head: () => Promise.resolve({ entries }),
      read: (entry) => (entry > entries ? Promise.resolve(undefined) : readOne(entry)),
      search: (query) => search(reads, bounded(query), onIndexFailed),
      tally: (query, wish) => tally(reads, { query: bounded(query), wish }, onIndexFailed),
      oldest: () => askOldest(reads),
      plan: (query, wish) => askPlan(reads, bounded(query), wish),
      close: reads.close,
    };
  } catch (error) {
    await reads.close();
    throw error;
  }
}

/**
 * Whether a process has the journal of a folder for writing. Told by the kernel's list of locks, because a lock of
 * our own, however short, could turn a start away; where there is no such list, nobody is said to have it.
 */
export function isHeld(dir: string): boolean {
  try {
    const lock = realpathSync(join(dir, 'lock'));
    const inode = String(statSync(lock, { bigint: true }).ino);
    const locks = readFileSync('/proc/locks', 'latin1').split('\n');
    // 1: POSIX  ADVISORY  WRITE 4711 08:01:393230 0 EOF
    const holders = locks.flatMap((line) => {
      const [, pid, of] = / WRITE +(\d+) [0-9a-f]+:[0-9a-f]+:(\d+) /.exec(line) ?? [];
      return pid !== undefined && of === inode ? [pid] : [];
    });
    return holders.some((pid) => hasOpen(pid, lock));
  } catch {
    return false;
  }
}

/** Two file systems may have the same number for a file. */
function hasOpen(pid: string, file: string): boolean {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).some((fd) => linkOf(join(folder, fd)) === file);
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    // Closed meanwhile.
    return undefined;
  }
}

// The journal on disk: the port over a writer thread, a reader thread, an indexer, and a process for searches.
// Promises what the port promises; the caller's thread encodes and decodes and never touches the disk,
// but for snapshots, which go through the file system's own threads.
// Fails with JOURNAL faults; it never decides what becomes of the process.

import { decodeEntry } from '../codec.ts';
import type { Random } from '../codec.ts';
import type { StoredEntry } from '../entry.ts';
import { JournalFault } from '../fault.ts';
import type { Journal, JournalCondition } from '../journal.ts';
import type { Plan, Query } from '../query.ts';
import { startIndexer } from './indexer-client.ts';
import { prepareFolder } from './open.ts';
import { lazyReader } from './reader-client.ts';
import type { Reader } from './reader-client.ts';
import { usualLimits } from './segment-files.ts';
import type { SegmentLimits } from './segment-files.ts';
import { readSnapshots, writeSnapshot } from './snapshot.ts';
import { startWriter } from './writer-client.ts';

export interface JournalOptions {
  /** Salts of the leaves: from a cryptographic source, but in tests. */
  readonly random: Random;
  /** When another segment is begun. */
  readonly segments?: SegmentLimits | undefined;
}

/**
 * Opens the journal of a folder, or begins one. Only one process at a time may have it open.
 *
 * @throws {JournalFault} JOURNAL_LOCKED, JOURNAL_OPEN, or JOURNAL_CUT where durable entries are missing
 */
export async function openJournal(dir: string, options: JournalOptions): Promise<Journal> {
  prepareFolder(dir);
  const listeners: ((condition: JournalCondition) => void)[] = [];
  const writer = await startWriter(dir, {
    random: options.random,
    limits: options.segments ?? usualLimits,
    onCondition: (condition) => {
      for (const listener of listeners) listener(condition);
    },
  });
  const reads = lazyReader(dir, 'thread');
  const searches = lazyReader(dir, 'process');
  const indexer = startIndexer(dir);
  const leafOf = async (entry: number): Promise<string> => {
    const { parts } = await reads.ask({ kind: 'leaf', entry });
    return Buffer.from(parts[0] ?? []).toString('hex');
  };
  const closeAll = async (): Promise<void> => {
    await Promise.all([reads.close(), searches.close(), indexer.close()]);
    // Last, so that SQLite leaves one whole file behind.
    await writer.close();
  };
  let closed: Promise<void> | undefined;
  let saved = Promise.resolve();

  return {
    head: writer.head,
    append: (entries) =>
      closed
        ? Promise.reject(new JournalFault('JOURNAL_CLOSED', 'The journal is closed.'))
        : writer.append(entries),
    read: gatherReads(reads),
    scan: (from, to) => scan(reads, from, to ?? writer.entries()),
    search: (query) => search(searches, query, indexer.rebuild),
    plan: async (query) => {
      const { parts } = await searches.ask({ kind: 'plan', query });
      // The reader wrote it so.
      return JSON.parse(Buffer.from(parts[0] ?? []).toString()) as Plan;
    },
    reindex: indexer.reindex,
    reindexing: indexer.reindexing,
    saveSnapshot: (entry, state) => {
      const save = async (): Promise<void> => {
        const leaf = await leafOf(entry);
        if (leaf === '')
          throw new JournalFault('JOURNAL_READ', `No entry ${entry} for a snapshot to stand on.`);
        await writeSnapshot(dir, { entry, leaf, state });
      };
      // One after the other, whatever became of the one before: they share the unfinished file.
      saved = saved.then(save, save);
      return saved;
    },
    loadSnapshot: async () => {
      for (const snapshot of await readSnapshots(dir))
        if (snapshot.leaf === (await leafOf(snapshot.entry))) return snapshot;
      return undefined;
    },
    onCondition: (listener) => void listeners.push(listener),
    close: () => (closed ??= closeAll()),
  };
}

/** Reads asked for in one go travel in one message. */
function gatherReads(reads: Reader): (entry: number) => Promise<StoredEntry | undefined> {
  let wanted: number[] = [];
  let answer: Promise<readonly Uint8Array[]> | undefined;
  const askAll = async (): Promise<readonly Uint8Array[]> => {
    await Promise.resolve();
    const entries = wanted;
    wanted = [];
    answer = undefined;
    return (await reads.ask({ kind: 'read', entries })).parts;
  };
  return async (entry) => {
    const place = wanted.push(entry) - 1;
    answer ??= askAll();
    const blob = (await answer)[place];
    return blob?.length ? decodeEntry(blob) : undefined;
  };
}

/** The next batch is read while the caller works on this one. */
async function* scan(
  reads: Reader,
  from: number,
  to: number,
): AsyncGenerator<readonly StoredEntry[]> {
  let at = from;
  let next = reads.ask({ kind: 'scan', from: at, to });
  for (let done = false; !done;) {
    const answered = await next;
    ({ done } = answered);
    at += answered.parts.length;
    if (!done) next = reads.ask({ kind: 'scan', from: at, to });
    // Who goes on hears of a failure above; who stops here never asks.
    next.catch(() => undefined);
    if (answered.parts.length > 0) yield answered.parts.map(decodeEntry);
  }
}

async function* search(
  searches: Reader,
  query: Query,
  onIndexFailed: () => void,
): AsyncGenerator<readonly StoredEntry[]> {
  let answered = await searches.ask({ kind: 'search', query });
  const { id } = answered;
  let over = false;
  try {
    for (;;) {
      if (answered.indexFailed) onIndexFailed();
      over = answered.done;
      if (answered.parts.length > 0) yield answered.parts.map(decodeEntry);
      if (over) return;
      answered = await searches.ask({ kind: 'more', search: id });
    }
  } finally {
    // Where the thread has ended meanwhile there is nothing left to stop.
    if (!over) await searches.ask({ kind: 'stop', search: id }).catch(() => undefined);
  }
}

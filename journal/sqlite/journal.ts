// The journal on disk: the port over a writer thread, a reader thread, an indexer, and a process for searches.
// Promises what the port promises; the caller's thread encodes and decodes and never touches the disk,
// but for snapshots, which go through the file system's own threads.
// Fails with JOURNAL faults; it never decides what becomes of the process.

import { Worker } from 'node:worker_threads';
import { decodeEntry } from '../codec.ts';
import type { Random } from '../codec.ts';
import type { StoredEntry } from '../entry.ts';
import { JournalFault } from '../fault.ts';
import type { Journal, JournalCondition } from '../journal.ts';
import type { PurgePlan } from '../purge.ts';
import type { Plan, Query } from '../query.ts';
import type { Asked, FromIndexer, ToIndexer } from './messages.ts';
import { prepareFolder } from './open.ts';
import { lazyReader } from './reader-client.ts';
import type { Reader } from './reader-client.ts';
import { usualLimits } from './segment-files.ts';
import type { SegmentLimits } from './segment-files.ts';
import { readSnapshots, writeSnapshot } from './snapshot.ts';
import { threadFile } from './thread-file.ts';
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
    oldest: async () => {
      const { parts } = await searches.ask({ kind: 'oldest' });
      return Number(Buffer.from(parts[0] ?? []).toString());
    },
    planPurge: async (asked) => {
      for await (const parts of pieces(searches, { kind: 'purge-plan', asked }, indexer.rebuild))
        // The reader wrote it so, and nothing else.
        if (parts[0] !== undefined)
          return JSON.parse(Buffer.from(parts[0]).toString()) as PurgePlan;
      throw new JournalFault('JOURNAL_READ', 'What a purge would take was not found out.');
    },
    purge: indexer.purge,
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
    const last = answered.parts.at(-1);
    // By its own number: what was before the first may have been purged.
    if (last !== undefined) at = decodeEntry(last).entry.entry + 1;
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
  for await (const parts of pieces(searches, { kind: 'search', query }, onIndexFailed))
    yield parts.map(decodeEntry);
}

/** What a search finds, piece by piece, as it is stored. */
async function* pieces(
  searches: Reader,
  asked: Asked,
  onIndexFailed: () => void,
): AsyncGenerator<readonly Uint8Array[]> {
  let answered = await searches.ask(asked);
  const { id } = answered;
  let over = false;
  try {
    for (;;) {
      if (answered.indexFailed) onIndexFailed();
      over = answered.done;
      if (answered.parts.length > 0) yield answered.parts;
      if (over) return;
      answered = await searches.ask({ kind: 'more', search: id });
    }
  } finally {
    // Where the thread has ended meanwhile there is nothing left to stop.
    if (!over) await searches.ask({ kind: 'stop', search: id }).catch(() => undefined);
  }
}

interface Indexer {
  readonly rebuild: () => void;
  readonly purge: (entry: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A search is complete without it, so its end is no fault of the journal. */
function startIndexer(dir: string): Indexer {
  const worker = new Worker(threadFile('indexer'), { workerData: dir });
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => resolve());
    worker.once('error', () => resolve());
  });
  const post = (message: ToIndexer): void => worker.postMessage(message);
  const purges = new Map<number, PromiseWithResolvers<undefined>>();
  const settle = (id: number, failure: string | undefined): void => {
    const waits = purges.get(id);
    purges.delete(id);
    if (failure === undefined) waits?.resolve(undefined);
    else waits?.reject(new JournalFault('JOURNAL_PURGE', failure));
  };
  worker.on('message', ({ id, failure }: FromIndexer) => settle(id, failure));
  void ended.then(() => {
    for (const id of [...purges.keys()]) settle(id, 'What purges the journal ended.');
  });
  let asks = 0;
  return {
    rebuild: () => post({ kind: 'rebuild' }),
    purge: async (entry) => {
      const id = (asks += 1);
      const waits = Promise.withResolvers<undefined>();
      purges.set(id, waits);
      post({ kind: 'purge', id, entry });
      await waits.promise;
    },
    close: async () => {
      post({ kind: 'close' });
      await ended;
    },
  };
}

// The port of the journal: append, read, search, head, snapshot, close.
// Duties of the caller: entries come numbered, gap-free, from head + 1; one writer.
// Duties of the journal: append resolves only when every entry of it is durable; order is kept;
// a failed flush is never retried (JOURNAL fault, the process must stop); a full disk blocks and recovers.

import type { StoredEntry } from './entry.ts';
import type { PurgeAsked, PurgePlan } from './purge.ts';
import type { Plan, Query } from './query.ts';
import type { ReindexBegun, Reindexing, ReindexWish } from './reindexing.ts';
import type { TallyStep, TallyWish } from './tally.ts';

export interface Head {
  /** Number of entries, which is the number of the last one. */
  readonly entries: number;
  /** Root of the tree over all entries, lower-case hex. */
  readonly root: string;
}

export interface Snapshot {
  /** Entry the state stands on, and that entry's leaf: a snapshot of another journal is not taken. */
  readonly entry: number;
  readonly leaf: string;
  readonly state: Uint8Array;
}

export type JournalCondition =
  /** Appends wait: the disk is full, or does not answer. They go on by themselves, in order. */
  | { readonly kind: 'blocked'; readonly why: 'full' | 'slow' }
  | { readonly kind: 'open' }
  /** A write or flush failed: nothing more is written, the process must end with exit 74. */
  | { readonly kind: 'failed'; readonly cause: Error };

export interface Journal {
  readonly head: () => Promise<Head>;
  /** Resolves when all are durable. Several calls may be under way; they keep their order. */
  readonly append: (entries: readonly StoredEntry[]) => Promise<void>;
  /** One entry by number, or undefined when there is none, or none durable yet. */
  readonly read: (entry: number) => Promise<StoredEntry | undefined>;
  /** Entries from..to inclusive, oldest first, for replay. Batches bound the memory. */
  readonly scan: (from: number, to?: number) => AsyncIterable<readonly StoredEntry[]>;
  /** Complete: what the index has not seen yet is read entry by entry. */
  readonly search: (query: Query) => AsyncIterable<readonly StoredEntry[]>;
  /** Counts what `search` would find; the groups come last. Each step says how far it is. */
  readonly tally: (query: Query, wish: TallyWish) => AsyncIterable<TallyStep>;
  /** What `search` would take, or `tally` where one is wished; reads no more of the entries than it must. */
  readonly plan: (query: Query, wish?: TallyWish) => Promise<Plan>;
  /**
   * Makes indexes anew in the background; searches are complete meanwhile. Resolves when it has begun; rejects with
   * JOURNAL_BUSY while one runs.
   */
  readonly reindex: (wish: ReindexWish) => Promise<ReindexBegun>;
  /** The reindex that runs, or the last one since the journal was opened. */
  readonly reindexing: () => Reindexing | undefined;
  /** The number of the oldest entry that is there: 1, unless some were purged. */
  readonly oldest: () => Promise<number>;
  /** What a purge would take. Bounded in memory, whatever the journal holds. */
  readonly planPurge: (asked: PurgeAsked) => Promise<PurgePlan>;
  /**
   * Lets go of what a `purge` entry says, which has to be durable. Resolves when it has gone; where it rejects it goes
   * later, by the next start at the latest.
   */
  readonly purge: (entry: number) => Promise<void>;
  readonly saveSnapshot: (entry: number, state: Uint8Array) => Promise<void>;
  /** The newest snapshot that stands on this journal, or undefined. */
  readonly loadSnapshot: () => Promise<Snapshot | undefined>;
  readonly onCondition: (listener: (condition: JournalCondition) => void) => void;
  /** Finishes what was appended, then lets go of the files. */
  readonly close: () => Promise<void>;
}

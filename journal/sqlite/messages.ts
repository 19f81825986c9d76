// What the threads of the journal say to each other. Octets travel in buffers that are handed over.

import type { Batch } from '../codec.ts';
import type { JournalFaultCode } from '../fault.ts';
import type { Head } from '../journal.ts';
import type { PurgeAsked } from '../purge.ts';
import type { Query } from '../query.ts';
import type { Reindexing, ReindexWish } from '../reindexing.ts';
import type { TallyStep, TallyWish } from '../tally.ts';
import type { SegmentLimits } from './segment-files.ts';

/** What the writer's thread is started with. */
export interface WriterData {
  readonly dir: string;
  readonly limits: SegmentLimits;
}

export type ToWriter =
  /** Records of the entries `first` and on, and the latest time among them; they keep the order of the messages. */
  | {
      readonly kind: 'append';
      readonly first: number;
      readonly batch: Batch;
      readonly latest: number;
    }
  /** Answered in the order asked. */
  | { readonly kind: 'head' }
  /** Finish what waits, unless the disk is full; then end. */
  | { readonly kind: 'close' };

export type FromWriter =
  | { readonly kind: 'opened'; readonly entries: number }
  | { readonly kind: 'unopened'; readonly code: JournalFaultCode; readonly sentence: string }
  /** All entries up to this one are on the disk. */
  | { readonly kind: 'durable'; readonly entries: number }
  | { readonly kind: 'blocked' }
  | { readonly kind: 'unblocked' }
  | { readonly kind: 'failed'; readonly sentence: string }
  | { readonly kind: 'head'; readonly head: Head };

export type Asked =
  /** Answered with one part for each number, an empty one where there is no such entry. */
  | { readonly kind: 'read'; readonly entries: readonly number[] }
  /** Answered with the leaf, or an empty part. */
  | { readonly kind: 'leaf'; readonly entry: number }
  /** Answered with the first blobs from there; `done` when they reach `to`. */
  | { readonly kind: 'scan'; readonly from: number; readonly to: number }
  /** Answered with what a bounded piece of work found, perhaps nothing; `more` goes on. */
  | { readonly kind: 'search'; readonly query: Query }
  /** Answered as `search`, but with groups as JSON, when everything is counted. */
  | { readonly kind: 'tally'; readonly query: Query; readonly wish: TallyWish }
  /** Answered with the plan as JSON. */
  | { readonly kind: 'plan'; readonly query: Query; readonly wish?: TallyWish | undefined }
  /** As a search; at its end, the plan as JSON. */
  | { readonly kind: 'purge-plan'; readonly asked: PurgeAsked }
  /** Answered with the number of the last entry, as JSON. */
  | { readonly kind: 'head' }
  /** Answered with the number of the oldest entry there is, as JSON; 1 where there is none. */
  | { readonly kind: 'oldest' }
  | { readonly kind: 'more'; readonly search: number }
  | { readonly kind: 'stop'; readonly search: number };

export interface ToReader {
  readonly id: number;
  readonly asked: Asked;
}

export type FromReader =
  | {
      readonly kind: 'answer';
      readonly id: number;
      readonly parts: Batch;
      readonly done: boolean;
      /** The index broke off; the search went on without it. */
      readonly indexFailed: boolean;
      /** How far a tally is. */
      readonly tally?: Omit<TallyStep, 'groups'> | undefined;
    }
  | { readonly kind: 'failed'; readonly id: number; readonly sentence: string };

export type ToIndexer =
  /** Throw the index away and begin anew. */
  | { readonly kind: 'rebuild' }
  /** Make the indexes of sealed segments anew, and with more than one of them this one too. */
  | { readonly kind: 'reindex'; readonly wish: ReindexWish }
  /** Let go of what this entry, which is durable, says was purged. Answered. */
  | { readonly kind: 'purge'; readonly id: number; readonly entry: number }
  | { readonly kind: 'close' };

export type FromIndexer =
  /** How far a reindex is. */
  | { readonly kind: 'reindexing'; readonly reindexing: Reindexing }
  | ({ readonly kind: 'purged' } & PurgeEnded);

/** How a purge ended; where it did not, it is tried again by itself. */
export interface PurgeEnded {
  readonly id: number;
  readonly failure?: string | undefined;
}

// What the control socket says about searches of the journal. Types alone; both ends use them, and names are
// kept from version to version.

import type { Plan, Query } from '#journal/query';
import type { Reindexing } from '#journal/reindexing';
import type { TallyBy } from '#journal/tally';

export interface SearchWish {
  readonly query: Query;
  /** The words the person typed, for the journal's record of this search. */
  readonly asked: string;
  /** Only the number of entries: no rows. */
  readonly count?: boolean;
  /** Their numbers by a column, instead of them: a row for each value. */
  readonly by?: TallyBy;
  /** Zone of hours and days; UTC unless told. */
  readonly zone?: string;
  /** Texts may be read one by one. */
  readonly scan?: boolean;
  /** In the background, whatever it takes. */
  readonly job?: boolean;
  /** Never in the background by itself. */
  readonly stay?: boolean;
}

/** What a search would take, about. */
export interface PlanReport extends Plan {
  readonly seconds: number;
  readonly budgetSeconds: number;
  /** Texts would be read one by one: it must be asked for. */
  readonly needsScan: boolean;
  /** It is bounded by times or numbers. */
  readonly hasRange: boolean;
  /** It is over the budget: it would become a job by itself. */
  readonly isJob: boolean;
}

/** A search in the background. */
export interface JobView {
  /** Number of the entry that says that it began. */
  readonly job: number;
  readonly person: string;
  readonly asked: string;
  /** `full`: it found more than a job keeps. `broken off`: the switch ended. */
  readonly state: 'running' | 'done' | 'full' | 'cancelled' | 'failed' | 'broken off';
  readonly startedMs: number;
  readonly endedMs?: number;
  /** Entries it found, so far. */
  readonly count: number;
  /** It counts by this; `entries` for a number alone. */
  readonly by?: TallyBy | 'entries' | undefined;
}

/** Indexes that are made anew, as `Reindexing`. */
export interface ReindexView extends Reindexing {
  /** The entry that says that it began. */
  readonly entry?: number;
}

export interface SearchSettings {
  /** `22:00-06:00` by name, by the clock on the wall there. */
  readonly shifts: Readonly<Record<string, string>>;
  readonly timezone: string;
  readonly budgetMs: number;
}

/** Who had an OIF, from when until when. */
export interface Holder {
  readonly oif: string;
  readonly user: string;
  readonly name: string;
  readonly agency: string;
  /** Microseconds since 1970 UTC. */
  readonly sinceUs: number;
  /** Exclusive; absent: still. */
  readonly untilUs?: number;
}

export interface SearchEnd {
  readonly count: number;
  /** The last entry that was there when it began. */
  readonly head?: number;
  /** Places that narrowed it; empty: each entry in its range was read. */
  readonly narrowedBy?: readonly string[];
  /** First entries of sealed segments that have no index that can be read: each of their entries was read. */
  readonly unsound?: readonly number[];
  /** It runs in the background, and has found nothing yet. */
  readonly job?: JobView;
  /** Where the search named an OIF. */
  readonly holders?: readonly Holder[];
  /** Resolved instants of the search, microseconds. */
  readonly sinceUs?: number | undefined;
  readonly untilUs?: number | undefined;
  /** Entries up to this one were purged, and the search would have looked among them. */
  readonly purgedTo?: number;
  readonly tookMs: number;
  /** The entry that records this search; absent where the switch is down. */
  readonly entry?: number | undefined;
  /** Number of the release, where text was shown. */
  readonly release?: string;
}

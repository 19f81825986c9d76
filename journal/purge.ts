// What a purge is: whole segments that go, oldest first, because an entry says so; what is asked before it; and
// what keeps a segment. Pure and total. An entry says so before anything goes, so it is never itself among what goes.

import type { JournalEntry } from './entry.ts';
import { parseRanges } from './ranges.ts';
import type { Ranges } from './ranges.ts';

/** @source clets 5.3 J3: from the later of last delivery and last recorded release */
export const keptDaysLeast = 1096;

export const dayUs = 86_400_000_000;

/** What one purge took, as its entry says. */
export interface Purge extends PurgedRange {
  readonly entry: number;
  /** Microseconds since 1970 UTC. */
  readonly time: number;
  readonly person?: string | undefined;
  readonly reason?: string | undefined;
}

export interface PurgedRange {
  /** Both inclusive. */
  readonly first: number;
  readonly last: number;
  /** Of the tree over all entries up to `last`, lower-case hex. */
  readonly root: string;
  /** Of these entries, in microseconds. */
  readonly earliest: number;
  readonly latest: number;
  /** The last release of each year among them and all before: `2023-000017,2024-000004`. */
  readonly releases: string;
}

export interface PurgeAsked {
  /** Nothing at or after it goes, in microseconds. */
  readonly beforeUs: number;
  /** By the newest entry: a wall clock that stepped has its entry before that. */
  readonly nowUs: number;
  readonly keptDays: number;
  /** The oldest message that is not delivered, expired or ended otherwise. */
  readonly waiting?: number | undefined;
}

export type KeptCause =
  /** As asked: it is not all before the date. */
  | 'before'
  /** It is the open one, or not sealed yet. */
  | 'raw'
  /** A message of it waits, in a queue or for an operator. */
  | 'waiting'
  /** No snapshot stands behind it: a start would need it. */
  | 'state'
  /** An entry of its own is too young. */
  | 'age'
  /** A later entry says something of a message of it: a delivery, an end, a hold. */
  | 'delivery'
  /** It was released, and that is too young. */
  | 'release'
  /** It is old enough by the clock alone: that went forward, or stood still, and that does not count. */
  | 'clock';

/** Why the oldest segment that stays does so. */
export interface Kept {
  readonly first: number;
  /** Absent for the open one. */
  readonly last?: number | undefined;
  readonly cause: KeptCause;
  /** What keeps it. */
  readonly entry?: number | undefined;
  /** The earliest that it may go, in microseconds, as far as that is known. */
  readonly fromUs?: number | undefined;
}

export interface PurgePlan {
  /** Oldest first, without a gap. */
  readonly goes: readonly Omit<PurgedRange, 'root' | 'releases'>[];
  /** All of them as one; absent for none. */
  readonly range?: PurgedRange | undefined;
  readonly kept?: Kept | undefined;
}

/** What an entry says was purged; undefined for every other entry. */
export function purgeIn(entry: JournalEntry): Purge | undefined {
  if (entry.kind !== 'event' || entry.event !== 'purge') return undefined;
  const { first, last, root, earliest, latest, releases } = entry.detail ?? {};
  const numbers = [first, last, earliest, latest].map(Number);
  if (!numbers.every(Number.isSafeInteger) || typeof root !== 'string') return undefined;
  if (!(1 <= Number(first) && Number(first) <= Number(last) && Number(last) < entry.entry))
    return undefined;
  return {
    ...{ entry: entry.entry, time: entry.time, first: Number(first), last: Number(last), root },
    ...{ earliest: Number(earliest), latest: Number(latest), releases: String(releases ?? '') },
    ...{ person: entry.person, reason: entry.reason },
  };
}

/** The messages that an entry says something of, besides itself: their entries. */
export function messagesOf(entry: JournalEntry): readonly number[] {
  const { thread } = entry;
  const source = 'delivery' in entry ? Number.parseInt(entry.delivery ?? '', 10) : Number.NaN;
  const answers = 'answers' in entry ? entry.answers : undefined;
  return [thread, source, answers].filter(
    (message): message is number => message !== undefined && message >= 1 && message < entry.entry,
  );
}

/** The oldest message that an entry says something of; itself where it speaks of no other. */
export function reachOf(entry: JournalEntry): number {
  return Math.min(entry.entry, ...messagesOf(entry));
}

/** Of the entries that a release showed; undefined where it does not say: it may have shown any. */
export function releasedIn(entry: JournalEntry): Ranges | undefined {
  const said = entry.kind === 'event' ? entry.detail?.['entries'] : undefined;
  return typeof said === 'string' ? parseRanges(said) : undefined;
}

/** The last number of each year: `2023-000017`. */
export class ReleaseCount {
  readonly #last = new Map<number, number>();

  /** A number, or several with commas between them. */
  see(numbers: unknown): void {
    if (typeof numbers !== 'string') return;
    for (const number of numbers.split(',')) {
      const [, year, count] = /^(\d{4})-(\d{6,12})$/.exec(number) ?? [];
      if (year === undefined) continue;
      const known = this.#last.get(Number(year)) ?? 0;
      this.#last.set(Number(year), Math.max(known, Number(count)));
    }
  }

  of(year: number): number {
    return this.#last.get(year) ?? 0;
  }

  format(): string {
    return [...this.#last]
      .sort(([one], [other]) => one - other)
      .map(([year, count]) => `${year}-${String(count).padStart(6, '0')}`)
      .join(',');
  }
}

// Counts entries in groups, by columns of theirs or by the calendar of a zone. Bounded: what has no group any more is
// counted beside them. It has no clock of its own, and does not see texts.

import type { JournalEntry } from './entry.ts';
import { columnOf } from './query.ts';
import type { SearchColumn } from './query.ts';

/** A column of entries, or the calendar. */
export type TallyBy = SearchColumn | 'hour' | 'day';

export interface TallyWish {
  /** None: only the number of entries. */
  readonly by: readonly TallyBy[];
  /** Of hours and days. */
  readonly zone: string;
  /** What has no group any more: is counted without one, or ends the counting. */
  readonly beyond: 'counts' | 'ends';
}

/** Where an entry stands. */
export interface Mark {
  readonly entry: number;
  readonly time: number;
}

export interface Group {
  /** In the order of the columns; empty where its entries have none. */
  readonly values: readonly string[];
  readonly count: number;
  /** Of its entries the one with the lowest number, and with the highest. */
  readonly first: Mark;
  readonly last: Mark;
}

/** How far a tally is. */
export interface TallyStep {
  /** All entries so far. */
  readonly count: number;
  /** Of them those that have no group, for want of room. */
  readonly others: number;
  /** Some more of the groups, in their order; they come when everything is counted. */
  readonly groups: readonly Group[];
}

/** More than a county has of users or mnemonics; hours of a year. */
export const groupsMost = 10_000;
/** Groups of one step. */
export const groupsAtOnce = 250;

const quarterUs = 900_000_000;

export class Tally {
  readonly by: readonly TallyBy[];
  readonly #zone: string;
  readonly #beyond: TallyWish['beyond'];
  readonly #groups = new Map<string, Group>();
  /** Every offset of a zone is whole quarters of an hour: one look at the calendar for each. */
  readonly #quarters = new Map<number, { readonly hour: string; readonly day: string }>();
  #count = 0;
  #others = 0;

  constructor({ by, zone, beyond }: TallyWish) {
    this.by = by;
    this.#zone = zone;
    this.#beyond = beyond;
  }

  get count(): number {
    return this.#count;
  }

  get others(): number {
    return this.#others;
  }

  /** There is nothing more to count for. */
  get isOver(): boolean {
    return this.#beyond === 'ends' && this.#others > 0;
  }

  add(entry: JournalEntry): void {
    if (this.by.length === 0) return this.addCount(1);
    const values = this.by.map((by) =>
      by === 'hour' || by === 'day' ? this.timeOf(entry.time, by) : (columnOf(entry, by) ?? ''),
    );
    this.addGroup({ values, count: 1, first: entry, last: entry });
  }

  /** So many more, where nothing but their number is asked for. */
  addCount(count: number): void {
    this.#count += count;
  }

  addGroup({ values, count, first, last }: Group): void {
    this.#count += count;
    const key = values.join('\n');
    const known = this.#groups.get(key);
    if (known === undefined && this.#groups.size >= groupsMost) {
      this.#others += count;
      return;
    }
    this.#groups.set(key, {
      values,
      count: (known?.count ?? 0) + count,
      first: known !== undefined && known.first.entry < first.entry ? known.first : markOf(first),
      last: known !== undefined && known.last.entry > last.entry ? known.last : markOf(last),
    });
  }

  /** Hours and days in their order; else the most first, then what came first. */
  groups(): readonly Group[] {
    const isCalendar = this.by[0] === 'hour' || this.by[0] === 'day';
    const nameOf = ({ values: [name = ''] }: Group): string => (isCalendar ? name : '');
    return [...this.#groups.values()].sort(
      (one, other) =>
        compare(nameOf(one), nameOf(other)) ||
        other.count - one.count ||
        one.first.entry - other.first.entry,
    );
  }

  /** `2026-11-01`; `2026-11-01 01:00-07:00`, with its offset, because an hour may occur twice. */
  timeOf(timeUs: number, by: 'hour' | 'day'): string {
    const quarter = Math.floor(timeUs / quarterUs);
    const known = this.#quarters.get(quarter);
    if (known !== undefined) return known[by];
    const zoned = Temporal.Instant.fromEpochMilliseconds(
      (quarter * quarterUs) / 1000,
    ).toZonedDateTimeISO(this.#zone);
    const day = zoned.toPlainDate().toString();
    const hour = `${day} ${String(zoned.hour).padStart(2, '0')}:00${zoned.offset}`;
    if (this.#quarters.size >= groupsMost) this.#quarters.clear();
    this.#quarters.set(quarter, { hour, day });
    return by === 'day' ? day : hour;
  }
}

const markOf = ({ entry, time }: Mark): Mark => ({ entry, time });

function compare(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}

// Counts entries by one of their columns, or by the hour or day. Bounded: what has no place any more is counted
// under one name. Pure but for the calendar of the zone that is asked for.

import type { JournalEntry } from '#journal/entry';
import { columnOf } from '#journal/query';
import type { TallyBy } from './wire-search.ts';

/** More than a county has of users or mnemonics; hours of a year. */
const groupsMax = 10_000;
/** Where an entry has no value, and where there are too many. */
const none = '-';
const others = '(others)';
const quarterUs = 900_000_000;

export interface Group {
  readonly value: string;
  readonly count: number;
}

export class Tally {
  readonly #by: TallyBy;
  readonly #zone: string;
  readonly #counts = new Map<string, number>();
  /** Every offset of a zone is whole quarters of an hour: one look at the calendar for each. */
  readonly #quarters = new Map<number, string>();

  /** @param zone Of hours and days. */
  constructor(by: TallyBy, zone: string) {
    this.#by = by;
    this.#zone = zone;
  }

  add(entry: JournalEntry): void {
    const value = this.#valueOf(entry);
    const isKnown = this.#counts.has(value) || this.#counts.size < groupsMax;
    const under = isKnown ? value : others;
    this.#counts.set(under, (this.#counts.get(under) ?? 0) + 1);
  }

  /** Hours and days in their order; else the most first. */
  groups(): readonly Group[] {
    const groups = Array.from(this.#counts, ([value, count]): Group => ({ value, count }));
    const byName = (a: Group, b: Group): number => (a.value < b.value ? -1 : 1);
    return this.#by === 'hour' || this.#by === 'day'
      ? groups.sort(byName)
      : groups.sort((a, b) => b.count - a.count || byName(a, b));
  }

  #valueOf(entry: JournalEntry): string {
    if (this.#by === 'hour' || this.#by === 'day') return this.#timeOf(entry.time, this.#by);
    return columnOf(entry, this.#by) ?? none;
  }

  #timeOf(timeUs: number, by: 'hour' | 'day'): string {
    const quarter = Math.floor(timeUs / quarterUs);
    const known = this.#quarters.get(quarter);
    if (known !== undefined) return known;
    const zoned = Temporal.Instant.fromEpochMilliseconds(
      (quarter * quarterUs) / 1000,
    ).toZonedDateTimeISO(this.#zone);
    const day = zoned.toPlainDate().toString();
    // With its offset, because an hour may occur twice.
    const hour = String(zoned.hour).padStart(2, '0');
    const text = by === 'day' ? day : `${day} ${hour}:00${zoned.offset}`;
    if (this.#quarters.size >= groupsMax) this.#quarters.clear();
    this.#quarters.set(quarter, text);
    return text;
  }
}

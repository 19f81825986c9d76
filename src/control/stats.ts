// Counting entries in groups, for `journal who-ran` and `journal stats`. Read as a search reads, without a row and
// without a text for each; it leaves the entry of a search. Bounded: too many groups are refused, never cut off.

import type { JournalEntry } from '#journal/entry';
import { columnOf } from '#journal/query';
import { formatTime, type Row } from '#journal/row';
import { MscFault } from '#src/errors';
import type { Desk } from './desk.ts';
import { mustBeZone } from './local-time.ts';
import { boundedNow, howEnded, noteSearch } from './release.ts';
import { instantsOf, withPulse } from './notes.ts';
import { untilGone, type Visit } from './visit.ts';
import type { Commands } from './wire.ts';
import type { SearchEnd } from './wire-search.ts';
import type { TallyColumn } from './wire-releases.ts';

const groupsMost = 10_000;
/** Rows of one line of the answer. */
const rowsAtOnce = 250;

export async function tally(
  desk: Desk,
  visit: Visit,
  args: Commands['tally']['args'],
): Promise<SearchEnd> {
  const startedMs = visit.nowMs();
  const { command, asked, by, zone } = args;
  mustBeZone(zone);
  const query = await boundedNow(desk, args.query);
  const groups = new Groups(by, zone);
  let entry = 0;
  try {
    await withPulse(visit, async () => {
      for await (const batch of untilGone(desk.journal.search(query), visit.gone))
        for (const { entry } of batch) groups.add(entry);
    });
    const rows = groups.rows();
    for (let at = 0; at < rows.length && !visit.gone.aborted; at += rowsAtOnce)
      await visit.sendRows(rows.slice(at, at + rowsAtOnce));
  } finally {
    const detail = { count: groups.count, by: by.join(' '), ended: howEnded(visit) };
    entry = await noteSearch(desk, visit, { command, asked, why: {} }, detail);
  }
  const tookMs = visit.nowMs() - startedMs;
  return { count: groups.count, ...instantsOf(query), tookMs, entry };
}

interface Group {
  readonly values: readonly string[];
  count: number;
  readonly first: JournalEntry;
  last: JournalEntry;
}

class Groups {
  readonly #by: readonly TallyColumn[];
  readonly #dayOf: (timeUs: number) => string;
  readonly #groups = new Map<string, Group>();
  count = 0;

  constructor(by: readonly TallyColumn[], zone: string) {
    this.#by = by;
    this.#dayOf = daysIn(zone);
  }

  /** Entries come oldest first. @throws MscFault MSC-1704 */
  add(entry: JournalEntry): void {
    this.count += 1;
    const values = this.#by.map((column) =>
      column === 'day' ? this.#dayOf(entry.time) : (columnOf(entry, column) ?? ''),
    );
    const key = values.join('\n');
    const group = this.#groups.get(key);
    if (group !== undefined) {
      group.count += 1;
      group.last = entry;
      return;
    }
    if (this.#groups.size >= groupsMost)
      throw new MscFault('MSC-1704', { detail: `more than ${groupsMost}` });
    this.#groups.set(key, { values, count: 1, first: entry, last: entry });
  }

  /** In the order of the first column's values, days as they came; the largest first within. */
  rows(): readonly Row[] {
    const all = [...this.#groups.values()].toSorted(
      (one, other) =>
        Number(this.#by[0] === 'day') *
          (one.values[0] ?? '').localeCompare(other.values[0] ?? '') ||
        other.count - one.count ||
        one.first.entry - other.first.entry,
    );
    return all.map(({ values, count, first, last }) => {
      const row: Record<string, unknown> = {};
      for (const [at, column] of this.#by.entries())
        if (values[at] !== '') row[column] = values[at];
      const times = { first: formatTime(first.time), last: formatTime(last.time) };
      return { ...row, count, ...times, first_entry: first.entry, last_entry: last.entry };
    });
  }
}

/** The local day of a time, `2026-11-21`; asked again within one day it is not reckoned again. */
function daysIn(zone: string): (timeUs: number) => string {
  let [from, to, day] = [0, 0, ''];
  return (timeUs) => {
    if (timeUs >= from && timeUs < to) return day;
    const date = Temporal.Instant.fromEpochMilliseconds(Math.floor(timeUs / 1000))
      .toZonedDateTimeISO(zone)
      .toPlainDate();
    const begins = (of: Temporal.PlainDate): number =>
      of.toZonedDateTime(zone).epochMilliseconds * 1000;
    [from, to, day] = [begins(date), begins(date.add({ days: 1 })), date.toString()];
    return day;
  };
}

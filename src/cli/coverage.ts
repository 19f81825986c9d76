// Which days a journal covers: how many entries each has, from which number to which, and when nothing was written
// although a running switch writes an entry a minute. Pure: it is told each entry, in order, and asked at the end.

/** A day as a person names it, local. */
export interface DayCovered {
  readonly day: string;
  entries: number;
  /** Numbers of its first and last entry; 0 where it has none. */
  first: number;
  last: number;
  readonly silences: Silence[];
  /** It had entries, which were purged; all of them, where it has none. */
  purged?: boolean;
}

export interface Silence {
  /** Microseconds since 1970 UTC. */
  readonly fromUs: number;
  readonly toUs: number;
  /** The entry before it. */
  readonly after: number;
  /** `stopped` in order; `down` without a word before the next start; `silent` though it ran. */
  readonly why: 'stopped' | 'down' | 'silent';
}

export interface Period {
  readonly since: Temporal.PlainDate;
  /** The first day after it. */
  readonly until: Temporal.PlainDate;
}

interface Told {
  readonly entry: number;
  readonly time: number;
  readonly event?: string;
  readonly purge?: { readonly earliest: number; readonly latest: number };
}

/** A heart-beat comes each minute; one may be late. @source contracts 2 */
const silenceUs = 150 * 1_000_000;

export class Coverage {
  readonly #zone: string;
  readonly #period: Period | undefined;
  readonly #days = new Map<string, DayCovered>();
  readonly #purges: { readonly earliest: number; readonly latest: number }[] = [];
  #before: Told | undefined;
  /** The local day that was met last, and where it begins and ends, in microseconds. */
  #day: { readonly name: string; readonly fromUs: number; readonly toUs: number } | undefined;

  constructor(zone: string, period?: Period) {
    this.#zone = zone;
    this.#period = period;
  }

  see(told: Told): void {
    const before = this.#before;
    this.#before = told;
    if (told.purge !== undefined) this.#purges.push(told.purge);
    if (before !== undefined && told.time - before.time > silenceUs)
      this.#dayAt(before.time)?.silences.push(silenceBetween(before, told));
    const day = this.#dayAt(told.time);
    if (day === undefined) return;
    day.entries += 1;
    if (day.first === 0) day.first = told.entry;
    day.last = told.entry;
  }

  /** The days in their order, also those within that have no entry. */
  days(): readonly DayCovered[] {
    for (const purge of this.#purges) this.#notePurged(purge);
    const names = [...this.#days.keys()].toSorted();
    const [first, last] = [names[0], names.at(-1)];
    if (first === undefined || last === undefined) return [];
    const days: DayCovered[] = [];
    const end = Temporal.PlainDate.from(last);
    for (
      let date = Temporal.PlainDate.from(first);
      Temporal.PlainDate.compare(date, end) <= 0;
      date = date.add({ days: 1 })
    )
      days.push(this.#days.get(date.toString()) ?? emptyDay(date.toString()));
    return days;
  }

  /** The days from the earliest to the latest time of what was purged. */
  #notePurged({ earliest, latest }: { readonly earliest: number; readonly latest: number }): void {
    for (let at = earliest; ; at = dayOf(at, this.#zone).toUs) {
      const day = this.#dayAt(Math.min(at, latest));
      if (day !== undefined) day.purged = true;
      if (at >= latest) return;
    }
  }

  /** Undefined outside the period. */
  #dayAt(timeUs: number): DayCovered | undefined {
    if (this.#day === undefined || timeUs < this.#day.fromUs || timeUs >= this.#day.toUs)
      this.#day = dayOf(timeUs, this.#zone);
    const { name } = this.#day;
    const known = this.#days.get(name);
    if (known !== undefined || !this.#isWanted(name)) return known;
    const day = emptyDay(name);
    this.#days.set(name, day);
    return day;
  }

  #isWanted(name: string): boolean {
    if (this.#period === undefined) return true;
    const { since, until } = this.#period;
    return name >= since.toString() && name < until.toString();
  }
}

/** `2026`, `2026-10`, `2026-10-05`; undefined for anything else. */
export function parsePeriod(text: string): Period | undefined {
  const [, year = '', month, day] = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(text) ?? [];
  try {
    const since = Temporal.PlainDate.from(`${year}-${month ?? '01'}-${day ?? '01'}`);
    const length =
      day !== undefined ? { days: 1 } : month !== undefined ? { months: 1 } : { years: 1 };
    return { since, until: since.add(length) };
  } catch (error) {
    // Temporal throws RangeError for what is no date.
    if (!(error instanceof RangeError)) throw error;
    return undefined;
  }
}

function silenceBetween(before: Told, next: Told): Silence {
  const why =
    next.event !== 'start' && next.event !== 'clock'
      ? 'silent'
      : before.event === 'stop'
        ? 'stopped'
        : 'down';
  return { fromUs: before.time, toUs: next.time, after: before.entry, why };
}

function emptyDay(day: string): DayCovered {
  return { day, entries: 0, first: 0, last: 0, silences: [] };
}

function dayOf(timeUs: number, zone: string) {
  const date = Temporal.Instant.fromEpochMilliseconds(Math.floor(timeUs / 1000))
    .toZonedDateTimeISO(zone)
    .toPlainDate();
  const beginUs = (of: Temporal.PlainDate): number =>
    of.toZonedDateTime(zone).epochMilliseconds * 1000;
  return { name: date.toString(), fromUs: beginUs(date), toUs: beginUs(date.add({ days: 1 })) };
}

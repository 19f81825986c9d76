// Days and stamps of the simulated NCIC. Every time comes in with the call; what is kept here is only
// when days begin in a zone, because a calendar is asked for the same days a million times.

/** Days of one time zone. */
export interface Calendar {
  /** YYYYMMDD of a moment. */
  dateOf(atMs: number): string;
  /** The first moment of a date; undefined for no date. */
  startOf(date: string): number | undefined;
  /** So many days after a date, as a date. */
  plusDays(date: string, days: number): string;
}

/** Whose days the simulated state counts. */
export const homeZone = 'America/Los_Angeles';

export function createCalendar(zone: string): Calendar {
  const starts = new Map<string, number | undefined>();
  const dates = new Map<number, string>();
  const startOf = (date: string): number | undefined => {
    if (starts.has(date)) return starts.get(date);
    const day = parseDate(date);
    const start = day?.toZonedDateTime(zone).epochMilliseconds;
    if (starts.size > daysKept) starts.clear();
    starts.set(date, start);
    return start;
  };
  return {
    startOf,
    dateOf: (atMs) => {
      const quarter = Math.floor(atMs / quarterMs);
      const known = dates.get(quarter);
      if (known !== undefined) return known;
      const date = formatDate(momentOf(atMs).toZonedDateTimeISO(zone).toPlainDate());
      if (dates.size > daysKept) dates.clear();
      dates.set(quarter, date);
      return date;
    },
    plusDays: (date, days) => {
      const day = parseDate(date);
      return day === undefined ? date : formatDate(day.add({ days }));
    },
  };
}

/** `YYYYMMDD HHMM ZZZ` in Eastern time. @source ncic 1.8 */
export function formatStamp(atMs: number): string {
  const at = momentOf(atMs).toZonedDateTimeISO(stampZone);
  const time = `${pad(at.hour, 2)}${pad(at.minute, 2)}`;
  const name = at.offsetNanoseconds === easternStandardNs ? 'EST' : 'EDT';
  return `${formatDate(at.toPlainDate())} ${time} ${name}`;
}

/** The moment of a stamp; undefined for any other text. */
export function parseStamp(stamp: string): number | undefined {
  const [, date = '', hour = '', minute = '', zone] =
    /^(\d{8}) ([01]\d|2[0-3])([0-5]\d) (EST|EDT)$/.exec(stamp) ?? [];
  const day = parseDate(date);
  if (day === undefined) return undefined;
  const offset = zone === 'EST' ? '-05:00' : '-04:00';
  return Temporal.Instant.from(`${day.toString()}T${hour}:${minute}:00${offset}`).epochMilliseconds;
}

/** YYYYMMDD as a real date of the years 1000 to 9999. @source ncic 1.8 */
export function parseDate(text: string): Temporal.PlainDate | undefined {
  const [, year, month, day] = /^([1-9]\d{3})(\d{2})(\d{2})$/.exec(text) ?? [];
  try {
    return Temporal.PlainDate.from(
      { year: Number(year), month: Number(month), day: Number(day) },
      { overflow: 'reject' },
    );
  } catch {
    return undefined; // No date of the calendar: that is the answer.
  }
}

export const formatDate = (day: Temporal.PlainDate): string =>
  `${pad(day.year, 4)}${pad(day.month, 2)}${pad(day.day, 2)}`;

/** No zone's day begins within a quarter of an hour. */
const quarterMs = 900_000;
/** Days kept at once. */
const daysKept = 40_000;
const stampZone = 'America/New_York';
const easternStandardNs = -5 * 3_600_000_000_000;
/** The years 1000 and 9999 in milliseconds: a host's clock that stands beyond them is taken as standing there. */
const earliestMs = -30_600_000_000_000;
const latestMs = 253_300_000_000_000;

const momentOf = (atMs: number): Temporal.Instant =>
  Temporal.Instant.fromEpochMilliseconds(
    Math.trunc(Math.min(latestMs, Math.max(earliestMs, atMs))),
  );

const pad = (value: number, length: number): string => String(value).padStart(length, '0');

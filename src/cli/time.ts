// Times as a person types them, and as a person reads them (operator-experience 5).
// Total: any text gives an instant or a sentence that says what is wrong. An hour that occurs twice
// or never is refused until an offset is given; nothing is guessed.

import { fail, ok } from '#protocol/result';
import type { Result } from '#protocol/result';
import { formatInstant } from '#src/control/local-time';
import { isShift, parseShift } from './shift.ts';
import type { Shifts, Span } from './shift.ts';

export interface TimeContext {
  readonly now: Temporal.Instant;
  readonly zone: string;
  /** What the switch told, where a time names a shift. */
  readonly shifts?: Shifts | undefined;
}

/** The forms, for sentences and help. */
export const timeForms =
  '2026-11-01, 2026-11-01 14:30[:05], with Z or -07:00; now, today, yesterday; -2d, -1h30m; @1793577600; shift:night';

/** An instant; a bare date is its first moment for `since`, its last for `until`. */
export function parseTime(
  text: string,
  edge: 'since' | 'until',
  context: TimeContext,
): Result<Temporal.Instant, string> {
  const trimmed = text.trim();
  try {
    const span = parseSpan(trimmed, context);
    if (span?.ok === true) return ok(edge === 'since' ? span.value.since : span.value.until);
    if (span !== undefined) return span;
    return parseInstant(trimmed, context);
  } catch (error) {
    // Temporal throws RangeError for a month 13, a day 31 of June, a year beyond its range.
    if (!(error instanceof RangeError)) throw error;
    return fail(`"${trimmed}" is no time that exists`);
  }
}

/** The whole of one day or shift: `--on`. */
export function parseOn(text: string, context: TimeContext): Result<Span, string> {
  try {
    const span = parseSpan(text.trim(), context);
    return span ?? fail('a day is 2026-11-01, today or yesterday; or shift:NAME');
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return fail(`"${text.trim()}" is no day that exists`);
  }
}

/** `1h30m`, `90m`, `2d`, in seconds; a day is 24 hours, a week 7 days. */
export function parseLength(text: string): Result<number, string> {
  const match =
    /^(?:(\d{1,4})w)?(?:(\d{1,5})d)?(?:(\d{1,6})h)?(?:(\d{1,7})m)?(?:(\d{1,9})s)?$/.exec(
      text.trim(),
    );
  if (match === null || text.trim() === '') return fail('a length of time is 90m, 1h30m or 2d');
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(1)
    .map((part: string | undefined) => Number(part ?? 0));
  return ok((((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds);
}

/** `2026-11-21 23:41`: with its year, for what may be years ago. */
export function formatRowMinute(text: string, zone: string): string {
  return formatInstant(Temporal.Instant.from(text), zone).slice(0, 16);
}

/** `11-21 23:41:07.118`, from the journal's RFC 3339 text; the text itself where it is none. */
export function formatRowTime(text: string, zone: string): string {
  try {
    const zoned = Temporal.Instant.from(text).toZonedDateTimeISO(zone);
    const clock = zoned.toPlainTime().toString({ smallestUnit: 'millisecond' });
    return `${zoned.toPlainDate().toString().slice(5)} ${clock}`;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return text;
  }
}

/** `12 d 04:11`, `00:03:40`: an age in words for tables. */
export function formatAge(ageMs: number): string {
  const seconds = Math.max(0, Math.floor(ageMs / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = two(Math.floor(seconds / 3600) % 24);
  const minutes = two(Math.floor(seconds / 60) % 60);
  if (seconds >= 86_400) return `${Math.floor(seconds / 86_400)} d ${hours}:${minutes}`;
  return `${hours}:${minutes}:${two(seconds % 60)}`;
}

/** The time of day, `02:55`. */
export function formatClock(ms: number, zone: string): string {
  const zoned = Temporal.Instant.fromEpochMilliseconds(Math.floor(ms)).toZonedDateTimeISO(zone);
  return zoned.toPlainTime().toString({ smallestUnit: 'minute' });
}

function parseSpan(text: string, context: TimeContext): Result<Span, string> | undefined {
  const { now, zone } = context;
  if (isShift(text))
    return parseShift(text, {
      ...{ now, known: context.shifts },
      dayOf: (day, where) => dayOf(day, { now, zone: where }),
    });
  const date = dayOf(text, context);
  if (date === undefined) return undefined;
  // A day begins with its first moment, also where midnight does not exist on it.
  return ok({
    since: date.toZonedDateTime(zone).toInstant(),
    until: date.add({ days: 1 }).toZonedDateTime(zone).toInstant(),
  });
}

function dayOf(text: string, { now, zone }: TimeContext): Temporal.PlainDate | undefined {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return Temporal.PlainDate.from(text);
  if (text !== 'today' && text !== 'yesterday') return undefined;
  const today = now.toZonedDateTimeISO(zone).toPlainDate();
  return text === 'today' ? today : today.subtract({ days: 1 });
}

function parseInstant(text: string, context: TimeContext): Result<Temporal.Instant, string> {
  if (text === 'now') return ok(context.now);
  if (text.startsWith('-')) {
    const length = parseLength(text.slice(1));
    return length.ok ? ok(context.now.subtract({ seconds: length.value })) : length;
  }
  const epoch = /^@(\d{1,12})$/.exec(text);
  if (epoch !== null) return ok(Temporal.Instant.fromEpochMilliseconds(Number(epoch[1]) * 1000));
  const clock =
    /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?) ?(Z|[+-]\d{2}:\d{2})?$/.exec(
      text,
    );
  if (clock === null) return fail(`"${text}" is no time; the forms are ${timeForms}`);
  const [, date = '', time = '', offset] = clock;
  if (offset !== undefined) return ok(Temporal.Instant.from(`${date}T${time}${offset}`));
  return wallClock(Temporal.PlainDateTime.from(`${date}T${time}`), context.zone);
}

/** A wall clock time means one instant, or it is refused. */
function wallClock(time: Temporal.PlainDateTime, zone: string): Result<Temporal.Instant, string> {
  const first = time.toZonedDateTime(zone, { disambiguation: 'earlier' });
  const second = time.toZonedDateTime(zone, { disambiguation: 'later' });
  if (first.equals(second)) return ok(first.toInstant());
  const how = first.toPlainDateTime().equals(time) ? 'occurs twice' : 'does not occur';
  return fail(
    `${time.toString()} ${how} in ${zone} (clock change): add an offset, ${first.offset} or ${second.offset}`,
  );
}

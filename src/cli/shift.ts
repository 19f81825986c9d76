// Shifts as times of a search: `shift:night` is the one that began last, `shift:night@yesterday` the one that
// began on that day. Pure: the switch has told what shifts there are, and where their clock hangs.

import { fail, ok } from '#protocol/result';
import type { Result } from '#protocol/result';

export interface Shifts {
  /** `22:00-06:00` by name. */
  readonly shifts: Readonly<Record<string, string>>;
  readonly timezone: string;
}

export interface Span {
  readonly since: Temporal.Instant;
  /** Exclusive. */
  readonly until: Temporal.Instant;
}

export interface ShiftContext {
  readonly now: Temporal.Instant;
  readonly known: Shifts | undefined;
  /** The day that is meant by a word or a date. */
  readonly dayOf: (text: string, zone: string) => Temporal.PlainDate | undefined;
}

export const isShift = (text: string): boolean => text.trim().startsWith('shift:');

/** The whole of a shift. @throws RangeError for a day that does not exist. */
export function parseShift(text: string, context: ShiftContext): Result<Span, string> {
  const { known, now, dayOf } = context;
  const [name = '', day] = text.slice('shift:'.length).split('@');
  const form = known !== undefined && Object.hasOwn(known.shifts, name) ? known.shifts[name] : '';
  if (known === undefined || form === undefined || form === '') return fail(noSuch(known));
  const shift = { form, zone: known.timezone };
  if (day !== undefined) {
    const date = dayOf(day, known.timezone);
    return date === undefined
      ? fail('the day of a shift is 2026-11-01, today or yesterday')
      : ok(spanOn(date, shift));
  }
  const today = now.toZonedDateTimeISO(known.timezone).toPlainDate();
  const span = spanOn(today, shift);
  const isBegun = Temporal.Instant.compare(span.since, now) <= 0;
  return ok(isBegun ? span : spanOn(today.subtract({ days: 1 }), shift));
}

function noSuch(known: Shifts | undefined): string {
  const names = Object.keys(known?.shifts ?? {});
  return names.length === 0
    ? 'no shift is named in the configuration ([journal.shifts])'
    : `there is no such shift; there are ${names.join(', ')}`;
}

/**
 * From the wall clock's beginning to its end. Nobody can add an offset to a setting: where a boundary occurs
 * twice, the earlier begins and the later ends, so that nothing of the shift is left out.
 */
function spanOn(
  date: Temporal.PlainDate,
  { form, zone }: { readonly form: string; readonly zone: string },
): Span {
  const [from = '', to = ''] = form.split('-');
  const isNextDay = to <= from;
  const begin = date.toPlainDateTime(Temporal.PlainTime.from(from));
  const end = date.add({ days: isNextDay ? 1 : 0 }).toPlainDateTime(Temporal.PlainTime.from(to));
  return {
    since: begin.toZonedDateTime(zone, { disambiguation: 'earlier' }).toInstant(),
    until: end.toZonedDateTime(zone, { disambiguation: 'later' }).toInstant(),
  };
}

// Forms of values that a pattern cannot say: days of the calendar, heights, weights (ncic 1.8).
// Each takes any string. None looks at a clock: what is not in the future only a host can tell.

import { isDate, longDate } from './calendar.ts';

export type FormName =
  | 'date'
  | 'partial-date'
  | 'short-date'
  | 'moment'
  | 'height'
  | 'height-range'
  | 'weight'
  | 'weight-range'
  | 'year-range';

export const forms: Readonly<Record<FormName, (value: string) => boolean>> = {
  date: isDate,
  'partial-date': isPartialDate,
  'short-date': (value) => longDate(value) !== undefined,
  moment: isMoment,
  height: isHeight,
  'height-range': (value) => isRange(value, 3, isHeight),
  weight: isWeight,
  'weight-range': (value) => isRange(value, 3, isWeight),
  'year-range': (value) => isRange(value, 4, isYear),
};

export function isForm(value: unknown): value is FormName {
  return typeof value === 'string' && Object.hasOwn(forms, value);
}

/** A day, or 00 where the day, or month and day, are unknown. @source ncic 3.6, DOB */
function isPartialDate(value: string): boolean {
  if (value.endsWith('0000')) return isDate(`${value.slice(0, 4)}0101`);
  return isDate(value.endsWith('00') ? `${value.slice(0, 6)}01` : value);
}

/** A day, and perhaps `@` with hour and minute. @source nlets 9.4 */
function isMoment(value: string): boolean {
  return isDate(value.slice(0, 8)) && /^[0-9]{8}(?:@(?:[01][0-9]|2[0-3])[0-5][0-9])?$/.test(value);
}

/** Feet, then inches of two digits: 400 to 711. @source ncic 1.8 */
function isHeight(value: string): boolean {
  return /^[4-7](?:0[0-9]|1[01])$/.test(value);
}

/** Pounds: 050 to 499. @source ncic 1.8 */
function isWeight(value: string): boolean {
  return /^[0-4][0-9]{2}$/.test(value) && Number(value) >= 50;
}

function isYear(value: string): boolean {
  return /^[0-9]{4}$/.test(value);
}

/** One value, or the least and the most written as one. @source ncic 3.6, EYB */
function isRange(value: string, width: number, fits: (part: string) => boolean): boolean {
  if (value.length === width) return fits(value);
  const [least, most] = [value.slice(0, width), value.slice(width)];
  return value.length === 2 * width && fits(least) && fits(most) && least <= most;
}

// The bounds of one member of a control body (link F5): each check takes a JSON value and gives it
// back in its type, or undefined. Pure and total; what a member means is control.ts's business.

import { daysOf } from './calendar.ts';
import { parseMnemonic, parseSessionId } from './ids.ts';
import type { JsonValue } from './json.ts';
import { utf8Length } from './octets.ts';

export type Member<T> = (value: JsonValue) => T | undefined;

/** A string of 1 to `bytesMax` octets without control characters. @source link F5 */
export function text(bytesMax = 128): Member<string> {
  return (value) => (typeof value === 'string' && textFits(value, bytesMax) ? value : undefined);
}

/** A number without sign, fraction and exponent, within the bounds given. @source link F5 */
export function integer(min = 0, max = 4_294_967_295): Member<number> {
  return (value) => (typeof value === 'number' && value >= min && value <= max ? value : undefined);
}

export const flag: Member<boolean> = (value) => (typeof value === 'boolean' ? value : undefined);

/** One of the values named. */
export function oneOf<const T extends JsonValue>(...values: readonly T[]): Member<T> {
  return (value) => values.find((known) => known === value);
}

export function listOf<T>(item: Member<T>): Member<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value)) return undefined;
    // Array.isArray leaves a readonly array's items as `any`; they are JSON values.
    const items = (value as readonly JsonValue[]).map(item);
    return items.every((checked) => checked !== undefined) ? items : undefined;
  };
}

/** @source link S4 */
export const sessionText: Member<string> = (value) =>
  typeof value === 'string' ? parseSessionId(value) : undefined;

/** @source link 3 */
export const mnemonicText: Member<string> = (value) =>
  typeof value === 'string' ? parseMnemonic(value) : undefined;

/** An RFC 3339 time in UTC, a day of the calendar; a leap second is one. @source link F5 */
export const time: Member<string> = (value) =>
  typeof value === 'string' && textFits(value, 128) && timeFits(value) ? value : undefined;

function textFits(value: string, bytesMax: number): boolean {
  const length = utf8Length(value);
  return length >= 1 && length <= bytesMax && value.isWellFormed() && !/\p{Cc}/u.test(value);
}

const timeForm = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.\d+)?(?:[Zz]|[+-]00:00)$/;

function timeFits(value: string): boolean {
  const parts = timeForm.exec(value)?.slice(1).map(Number);
  if (parts === undefined) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  const date = month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month);
  return (
    date &&
    hour <= 23 &&
    minute <= 59 &&
    (second <= 59 || (hour === 23 && minute === 59 && second === 60))
  );
}

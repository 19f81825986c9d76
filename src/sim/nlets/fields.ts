// The fields of a text as Nlets reads it: `CODE/value` between periods, control characters passed over
// wherever they stand, the last field without its period. Total and bounded.

import type { Field } from '#protocol/field';
import { withoutControls } from './input.ts';

export interface NletsFields {
  /** The first value of each code, in the order of the text. */
  readonly values: ReadonlyMap<string, string>;
  /** What is edited: each field that holds something, and before them, without a code, text that is no field. */
  readonly list: readonly Field[];
  /** Offset of the end. */
  readonly end: number;
}

/** Fields of one text that are read; no format has a tenth of them. */
const fieldsMax = 200;

/** @source nlets 2.2 */
export function readFields(text: string): NletsFields {
  const clean = withoutControls(text);
  const starts = [...clean.slice(0, textMax).matchAll(/(?:^|\.)\s*([A-Z]{2,8})\//g)];
  const before = clean.slice(0, starts[0]?.index);
  const list: Field[] = before === '' ? [] : [{ value: before, at: 0 }];
  const values = new Map<string, string>();
  for (const [i, start] of starts.slice(0, fieldsMax).entries()) {
    const code = start[1] ?? '';
    // A value runs to the next field, so that free remarks may hold periods.
    const value = clean.slice(start.index + start[0].length, starts[i + 1]?.index);
    const trimmed = withoutTail(value);
    if (!values.has(code)) values.set(code, trimmed);
    // What is left empty would not be sent (nlets 2.2): it is as if it were not there.
    if (trimmed !== '') list.push({ code, value: trimmed, at: start.index });
  }
  return { values, list, end: clean.length };
}

/** Without the periods and blanks at its end; a pattern would look at each run of them again and again. */
function withoutTail(value: string): string {
  let end = value.length;
  while (end > 0 && /[.\s]/.test(value.charAt(end - 1))) end--;
  return value.slice(0, end);
}

/** Characters in which fields are looked for. */
const textMax = 20_000;

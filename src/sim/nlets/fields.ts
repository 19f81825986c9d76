// The fields of a text that Nlets reads: `CODE/value` between periods, control characters passed over
// wherever they stand, the last field without its period. Total and bounded.

import { withoutControls } from './input.ts';

export interface NletsFields {
  /** The first value of each code, in the order of the text. */
  readonly values: ReadonlyMap<string, string>;
  /** A code that stands twice. */
  readonly repeated?: string | undefined;
  /** Text stands before the first field, or there is none. */
  readonly stray: boolean;
}

/** Fields of one text that are read; no format has a tenth of them. */
const fieldsMax = 200;

/** @source nlets 2.2 */
export function readFields(text: string): NletsFields {
  const clean = withoutControls(text);
  const starts = [...clean.slice(0, textMax).matchAll(/(?:^|\.)\s*([A-Z]{2,8})\//g)];
  const values = new Map<string, string>();
  let repeated: string | undefined;
  for (const [i, start] of starts.slice(0, fieldsMax).entries()) {
    const code = start[1] ?? '';
    // A value runs to the next field, so that free remarks may hold periods.
    const value = clean.slice(start.index + start[0].length, starts[i + 1]?.index);
    if (values.has(code)) repeated ??= code;
    else values.set(code, value.replace(/[.\s]+$/, ''));
  }
  return { values, repeated, stray: starts[0]?.index !== 0 };
}

/** Characters in which fields are looked for. */
const textMax = 20_000;

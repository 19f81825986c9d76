// Which code a value has: by its tag, or by its place (ncic 1.2). Total; nothing is judged here but
// values that have no place. A value keeps its octets but for the blanks around it (ncic 1.1).

import { isTagged } from './field.ts';
import type { Field } from './field.ts';
import type { Format } from './formats.ts';

/** A field with its code. */
export interface BoundField {
  readonly code: string;
  readonly value: string;
  /** Offset of its value in the body. */
  readonly at: number;
}

/** A bound field, and where the whole of it begins. */
export interface Placed extends BoundField {
  readonly fieldAt: number;
}

/** `code` is undefined where a value has no place. */
export type Bound = Placed | { readonly code: undefined; readonly fieldAt: number };

/**
 * Gives each value its code, in the order of the text.
 *
 * A body whose first element has no tag is positional. Bare values take the positional fields in
 * their order, past those that were given before; an empty one leaves its field out. Where a key
 * begins with identifiers the bare values stand behind them. In any other tagged body a bare value
 * has no place.
 */
export function bind(format: Format, given: readonly Field[]): readonly Bound[] {
  const fields = withoutEnd(given.map(untrimmed));
  const first = fields[0];
  const positional = first !== undefined && first.code === undefined;
  const open = positional || format.identify.length > 0;
  const named = new Set<string>();
  const bound: Bound[] = [];
  let next = 0;
  for (const field of fields) {
    const tagged = field.code !== undefined && !(positional && !format.rules.has(field.code));
    if (tagged) {
      named.add(field.code);
      bound.push(place(field.code, field.value, field.at, 4));
      continue;
    }
    while (named.has(format.positional[next] ?? '')) next++;
    const code = open ? format.positional[next++] : undefined;
    // A positional VCO SIL/BLK reads like a tag, and is none: the format has no field SIL.
    const value = field.code === undefined ? field.value : `${field.code}/${field.value}`;
    if (code === undefined) bound.push({ code, fieldAt: field.at });
    else if (value.trim() !== '') bound.push(place(code, value, field.at, 0));
  }
  return bound;
}

function place(code: string, raw: string, fieldAt: number, tag: number): Placed {
  const from = blanksEnd(raw);
  // By hand: a regular expression would look at each run of blanks once for every blank in it.
  let to = raw.length;
  while (to > from && raw[to - 1] === ' ') to--;
  return { code, value: raw.slice(from, to), at: fieldAt + tag + from, fieldAt };
}

/** Blanks before a code: what follows them is a pair after all. */
function untrimmed(field: Field): Field {
  const from = field.code === undefined ? blanksEnd(field.value) : 0;
  if (from === 0 || !isTagged(field.value, from)) return field;
  const { value, at } = field;
  return { code: value.slice(from, from + 3), value: value.slice(from + 4), at: at + from };
}

/** A closing period is tolerated, and so are blanks behind it. */
function withoutEnd(fields: readonly Field[]): readonly Field[] {
  const last = fields.at(-1);
  if (fields.length < 2 || last === undefined || last.code !== undefined) return fields;
  return blanksEnd(last.value) === last.value.length ? fields.slice(0, -1) : fields;
}

/** Where the blanks at the beginning end. */
function blanksEnd(text: string): number {
  let at = 0;
  while (text[at] === ' ') at++;
  return at;
}

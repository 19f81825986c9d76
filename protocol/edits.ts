// The edits of a key (X08): each field keeps its rule, what must be there is there, what finds a
// record stands first. Pure and total: any fields give their codes or the first flaw, in the order
// of the text; what is missing comes last. Nothing here needs a clock, the register or a record.

import { bind } from './bind.ts';
import type { BoundField, Placed } from './bind.ts';
import { fieldsMax } from './field.ts';
import type { Field } from './field.ts';
import type { Condition, FieldSet } from './format-row.ts';
import { formatTable } from './formats.ts';
import type { Format, FormatTable } from './formats.ts';
import type { KeyEntry } from './keys.ts';
import { fail, ok } from './result.ts';
import type { Result } from './result.ts';

export interface FieldFlaw {
  /** `data`: the value breaks its edit. `missing`, `not-allowed`, `repeated`: as they say. `pair`: what
   *  it begins with finds no record. `extra`: a value that has no place. */
  readonly kind: 'data' | 'missing' | 'not-allowed' | 'repeated' | 'pair' | 'extra';
  /** Three-letter code; of `extra` the last one before it, empty where none is. */
  readonly field: string;
  /** Offset of the field in the body; of what is missing: the end of the fields. */
  readonly at: number;
}

/**
 * Gives every bare value its code and checks all edits of the key.
 *
 * @param end Offset of the end of the fields in the body.
 * @returns The fields with their codes, or the first flaw. A key without a format has no edits.
 * @source ncic 1.2, 3, 4.2, 5; nlets 5 to 8
 */
export function editFields(
  key: Pick<KeyEntry, 'edits'>,
  fields: readonly Field[],
  end: number,
  formats: FormatTable = formatTable,
): Result<readonly BoundField[], FieldFlaw> {
  const format = key.edits === undefined ? undefined : formats.get(key.edits.format);
  if (format === undefined) return ok(fields.flatMap(tagged));
  // The reader stops at so many; what it has not seen must not pass for edited.
  const last = fields[fieldsMax - 1];
  if (last !== undefined) return fail({ kind: 'extra', field: last.code ?? '', at: last.at });
  const values: Text['values'] = new Map();
  const placed: Placed[] = [];
  let flaw: FieldFlaw | undefined;
  for (const field of bind(format, fields)) {
    if (field.code === undefined) {
      const before = placed.at(-1)?.code ?? '';
      flaw ??= { kind: 'extra', field: before, at: field.fieldAt };
      break;
    }
    placed.push(field);
    const held = values.get(field.code);
    if (held === undefined) values.set(field.code, [field.value]);
    else held.push(field.value);
  }
  const text: Text = { format, values, set: nearestSet(format, values), end };
  const found = firstFlaw(text, placed, flaw);
  if (found !== undefined) return fail(found);
  return ok(placed.map(({ code, value, at }) => ({ code, value, at })));
}

interface Text {
  readonly format: Format;
  readonly values: Map<string, string[]>;
  /** Of the sets of which one stands, the one that is meant. */
  readonly set: FieldSet | undefined;
  readonly end: number;
}

/**
 * Of the alternatives of a format, the set that the given fields come nearest to: what it must have counts three for
 * it or two against it, what it may have one for it. Undefined where there are none, or the value that chooses them is not known.
 */
function nearestSet(
  { alternatives }: Format,
  given: ReadonlyMap<string, readonly string[]>,
): FieldSet | undefined {
  const chosenBy = alternatives?.field;
  const value = chosenBy === undefined ? '' : (given.get(chosenBy)?.[0] ?? '');
  const count = (codes: readonly string[] = []): number =>
    codes.reduce((sum, code) => (given.has(code) ? sum + 1 : sum), 0);
  let best: { readonly set: FieldSet; readonly score: number } | undefined;
  for (const set of alternatives?.of(value) ?? []) {
    const have = count(set.required);
    const lacks = set.required.length - have;
    const meant = have > 0 || lacks === 0;
    const score = meant ? 3 * have + count(set.optional) - 2 * lacks : -Infinity;
    if (best === undefined || score > best.score) best = { set, score };
  }
  return best?.set;
}

/** @param extra A value that has no place. */
function firstFlaw(
  text: Text,
  placed: readonly Placed[],
  extra: FieldFlaw | undefined,
): FieldFlaw | undefined {
  if (text.format.kind === 'interstate') {
    const stray = earlier(placedFlaw(text, placed, unfitting), extra);
    return stray ?? missingFlaw(text) ?? placedFlaw(text, placed, badData);
  }
  const any: Judge = (...about) => unfitting(...about) ?? badData(...about);
  const first = earlier(identityFlaw(text, placed), earlier(placedFlaw(text, placed, any), extra));
  return first ?? missingFlaw(text);
}

function tagged({ code, value, at }: Field): readonly BoundField[] {
  return code === undefined ? [] : [{ code, value, at: at + 4 }];
}

function earlier(one: FieldFlaw | undefined, other: FieldFlaw | undefined): FieldFlaw | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return other.at < one.at ? other : one;
}

/** One field of a text, and what came before it. */
interface Stand {
  readonly field: Placed;
  readonly index: number;
  readonly identity: readonly string[];
  /** How often its code has stood so far, with this one. */
  readonly count: number;
}

type Judge = (text: Text, stand: Stand) => FieldFlaw['kind'] | undefined;

/** The first field that is wrong where it stands. */
function placedFlaw(text: Text, placed: readonly Placed[], judge: Judge): FieldFlaw | undefined {
  const identity = identityOf(text.format, placed) ?? text.format.identify[0] ?? [];
  const seen = new Map<string, number>();
  for (const [index, field] of placed.entries()) {
    const count = (seen.get(field.code) ?? 0) + 1;
    seen.set(field.code, count);
    const kind = judge(text, { field, index, identity, count });
    if (kind !== undefined) return { kind, field: field.code, at: field.fieldAt };
  }
  return undefined;
}

/** Is it a field that may be here, and so often? */
function unfitting(
  text: Text,
  { field, index, identity, count }: Stand,
): 'not-allowed' | 'repeated' | undefined {
  const { format, set } = text;
  const { code } = field;
  // What an inquiry asks besides is the host's to judge.
  if (!format.rules.has(code)) return format.kind === 'inquiry' ? undefined : 'not-allowed';
  if (set !== undefined && format.alternatives?.among.has(code) === true && !isOf(set, code))
    return 'not-allowed';
  if (format.fixed.has(code) && index >= identity.length) return 'not-allowed';
  return count > mostOf(format, identity, code) ? 'repeated' : undefined;
}

const isOf = ({ required, optional = [] }: FieldSet, code: string): boolean =>
  required.includes(code) || optional.includes(code);

/** Does it keep its rule? */
function badData(text: Text, { field, index, identity }: Stand): 'data' | undefined {
  const { format } = text;
  const { code, value } = field;
  const rule = format.rules.get(code);
  if (rule === undefined) return undefined;
  const keeps = value === '' ? mayDelete(format, identity, { code, index }) : rule.fits(value);
  return keeps && !isRefused(text, field) ? undefined : 'data';
}

/** Once, but for what may repeat. A change names an identifier twice: as it was, and as it will be. */
function mostOf(format: Format, identity: readonly string[], code: string): number {
  const most = format.most.get(code) ?? 1;
  const asIdentifier = identity.reduce((count, known) => (known === code ? count + 1 : count), 0);
  if (asIdentifier === 0) return most;
  return format.kind === 'modify' ? most + asIdentifier : Math.max(most, asIdentifier);
}

/** `CODE/` takes a field away: in a change, behind the identifiers, and not what must be there. */
function mayDelete(
  format: Format,
  identity: readonly string[],
  { code, index }: { readonly code: string; readonly index: number },
): boolean {
  return format.kind === 'modify' && index >= identity.length && !format.keep.has(code);
}

function isRefused(text: Text, { code, value }: Placed): boolean {
  const { format, values } = text;
  for (const condition of format.conditions) {
    const { refuses } = condition;
    if (refuses?.field === code && refuses.values.includes(value) && applies(values, condition))
      return true;
  }
  for (const [one = '', other = ''] of format.differ)
    if (code === other && values.get(one)?.includes(value) === true) return true;
  return false;
}

function applies(values: Text['values'], { field, values: named }: Condition): boolean {
  const found = values.get(field);
  if (found === undefined) return false;
  return named === undefined || found.some((value) => named.includes(value));
}

/** The codes a text begins with, when they are one of the sets that find a record. */
function identityOf(format: Format, placed: readonly Placed[]): readonly string[] | undefined {
  return format.identify.find((set) => {
    const left = [...set];
    for (const { code } of placed.slice(0, set.length)) {
      const at = left.indexOf(code);
      if (at === -1) return false;
      left.splice(at, 1);
    }
    return left.length === 0;
  });
}

/** Points at the first field that no set goes on with; or names what the nearest set still wants. */
function identityFlaw(text: Text, placed: readonly Placed[]): FieldFlaw | undefined {
  const { format, end } = text;
  if (format.identify.length === 0 || identityOf(format, placed) !== undefined) return undefined;
  let open = format.identify.map((set) => [...set]);
  for (const { code, fieldAt } of placed) {
    const going = open.filter((set) => set.includes(code));
    if (going.length === 0) return { kind: 'pair', field: code, at: fieldAt };
    open = going.map((set) => set.toSpliced(set.indexOf(code), 1));
  }
  const shortest = open.toSorted((a, b) => a.length - b.length)[0];
  return { kind: 'pair', field: shortest?.[0] ?? '', at: end };
}

function missingFlaw(text: Text): FieldFlaw | undefined {
  const { format, values, end } = text;
  // Whether what is left of a record is whole after a change only its host can tell.
  if (format.kind === 'modify') return undefined;
  const field =
    format.mandatory.find((code) => !values.has(code)) ??
    tooFew(text) ??
    first(format.oneOf, (sets) => missingOf(values, sets)) ??
    first(format.together, (codes) => unequal(values, codes)) ??
    first(format.conditions, (condition) => unmet(values, condition)) ??
    text.set?.required.find((code) => !values.has(code));
  return field === undefined ? undefined : { kind: 'missing', field, at: end };
}

function tooFew({ format, values }: Text): string | undefined {
  for (const [code, least] of format.least)
    if ((values.get(code)?.length ?? 0) < least) return code;
  return undefined;
}

/** Of the set that is nearest to whole, what it lacks. */
function missingOf(
  values: Text['values'],
  sets: readonly (readonly string[])[],
): string | undefined {
  let best: { readonly there: number; readonly lacks: string } | undefined;
  for (const set of sets) {
    const lacks = set.find((code) => !values.has(code));
    if (lacks === undefined) return undefined;
    const there = set.reduce((count, code) => (values.has(code) ? count + 1 : count), 0);
    if (best === undefined || there > best.there) best = { there, lacks };
  }
  return best?.lacks;
}

function unequal(values: Text['values'], codes: readonly string[]): string | undefined {
  const counts = codes.map((code) => values.get(code)?.length ?? 0);
  const most = Math.max(...counts);
  return codes.find((_, index) => counts[index] !== most);
}

function unmet(values: Text['values'], condition: Condition): string | undefined {
  if (!applies(values, condition)) return undefined;
  const lacks = (condition.needs ?? []).find((code) => !values.has(code));
  return lacks ?? (condition.oneOf === undefined ? undefined : missingOf(values, condition.oneOf));
}

function first<T>(rules: readonly T[], flaw: (rule: T) => string | undefined): string | undefined {
  for (const rule of rules) {
    const field = flaw(rule);
    if (field !== undefined) return field;
  }
  return undefined;
}

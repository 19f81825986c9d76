// Which entries of a stretch may answer a query, by its terms: all that answer are among them.
// A term whose number is that of another one gives entries too many, never too few; `matches` decides.

import { foldIdentifier, nameFields } from '../query.ts';
import type { Condition, NameWord, Pattern, PlainCondition } from '../query.ts';
import { columnTerm, fieldTerm, isListed, nameTerm, termColumns, wordTerm } from '../terms.ts';
import type { Term } from '../terms.ts';

/** The terms of a stretch of entries: a run, or a sealed segment. */
export interface TermSource {
  readonly find: (term: Term) => Found | undefined;
  /** The values of a name that fit; undefined where they are too many, or cannot be told. */
  readonly listed: (name: string, pattern: PartPattern) => readonly string[] | undefined;
}

/** Entries that may answer a part of a query. */
export interface Sought {
  /** So many at most. */
  readonly count: number;
  /** From 0, rising. */
  readonly places: () => Uint32Array;
}

export interface Found extends Sought {
  /** Nothing else in the stretch has its number. */
  readonly sure: boolean;
}

export type PartPattern = Pattern & { readonly kind: 'begins' | 'ends' };

/** Decoding so many further places costs as much as looking at one entry. */
const placesAnEntry = 500;

/** Places that may answer all the conditions, rising; undefined where nothing narrows. */
export function narrow(source: TermSource, where: readonly Condition[]): Uint32Array | undefined {
  return inAll(where.map((condition) => soughtOf(condition, source)))?.places();
}

/** What may answer one condition; undefined where it does not narrow. */
export function soughtOf(condition: Condition, source: TermSource): Sought | undefined {
  return seek(wantedOf(condition), source);
}

/** False only where nothing with these terms answers the condition. */
export function mayAnswer(condition: Condition, mayHave: (term: Term) => boolean): boolean {
  return mayHold(wantedOf(condition), mayHave);
}

/** A condition by its terms. */
type Wanted =
  | { readonly kind: 'term'; readonly term: Term }
  /** Values of a name that are only known in part. */
  | ({ readonly kind: 'listed'; readonly pattern: PartPattern } & Place)
  | { readonly kind: 'any' | 'all'; readonly of: readonly Wanted[] }
  /** It may be anywhere. */
  | { readonly kind: 'anywhere' };

/** Made once: a search asks a thousand segments the same. */
const known = new WeakMap<Condition, Wanted>();

function wantedOf(condition: Condition): Wanted {
  const wanted =
    known.get(condition) ??
    (condition.on === 'either' ? anyOf(condition.of.map(plainWanted)) : plainWanted(condition));
  known.set(condition, wanted);
  return wanted;
}

function plainWanted(condition: PlainCondition): Wanted {
  if (condition.not === true) return anywhere;
  switch (condition.on) {
    case 'column': {
      const { column } = condition;
      if (!termColumns.includes(column)) return anywhere;
      const list = isListed(column) ? `c ${column}` : undefined;
      return patterns(condition.any, { list, term: (value) => columnTerm(column, value) });
    }
    case 'field': {
      const { field } = condition;
      const any = condition.any.map(({ kind, value }) => ({ kind, value: foldIdentifier(value) }));
      return patterns(any, { list: `f ${field}`, term: (value) => fieldTerm(field, value) });
    }
    case 'name':
      // Words of names alone are terms.
      if (!nameFields.has(condition.field)) return anywhere;
      return anyOf(condition.any.map((words) => named(condition.field, words)));
    case 'text':
      return anyOf(condition.any.map((phrase) => allOf(phrase.map((word) => one(wordTerm(word))))));
  }
}

interface Place {
  /** Under which its values are listed; undefined where they are not. */
  readonly list: string | undefined;
  readonly term: (value: string) => Term;
}

function patterns(any: readonly Pattern[], place: Place): Wanted {
  return anyOf(
    any.map((pattern) =>
      isPart(pattern) ? { kind: 'listed', pattern, ...place } : one(place.term(pattern.value)),
    ),
  );
}

/** Every word of a name; one that begins like very many does not narrow. */
function named(field: string, words: readonly NameWord[]): Wanted {
  const place = { list: `n ${field}`, term: (value: string): Term => nameTerm(field, value) };
  return allOf(
    words.map(({ value, begins }) => patterns([{ kind: begins ? 'begins' : 'is', value }], place)),
  );
}

const anywhere: Wanted = { kind: 'anywhere' };
const one = (term: Term): Wanted => ({ kind: 'term', term });
const anyOf = (of: readonly Wanted[]): Wanted => ({ kind: 'any', of });
const allOf = (of: readonly Wanted[]): Wanted => ({ kind: 'all', of });

function mayHold(wanted: Wanted, mayHave: (term: Term) => boolean): boolean {
  switch (wanted.kind) {
    case 'term':
      return mayHave(wanted.term);
    case 'any':
      return wanted.of.some((part) => mayHold(part, mayHave));
    case 'all':
      return wanted.of.every((part) => mayHold(part, mayHave));
    case 'listed':
    case 'anywhere':
      return true;
  }
}

const none: Sought = { count: 0, places: () => new Uint32Array() };

function seek(wanted: Wanted, source: TermSource): Sought | undefined {
  switch (wanted.kind) {
    case 'term':
      return source.find(wanted.term) ?? none;
    case 'any':
      return inAny(wanted.of.map((part) => seek(part, source)));
    case 'all':
      return inAll(wanted.of.map((part) => seek(part, source)));
    case 'listed': {
      const { list, pattern, term } = wanted;
      const values = list === undefined ? undefined : source.listed(list, pattern);
      return values && inAny(values.map((value) => source.find(term(value)) ?? none));
    }
    case 'anywhere':
      return undefined;
  }
}

/** What one of them has; undefined where one of them may be anywhere. */
function inAny(parts: readonly (Sought | undefined)[]): Sought | undefined {
  const known = parts.filter((part) => part !== undefined);
  if (known.length < parts.length) return undefined;
  return {
    count: known.reduce((sum, { count }) => sum + count, 0),
    places: () => union(known.filter(({ count }) => count > 0).map(({ places }) => places())),
  };
}

/** What all of them have; those that may be anywhere do not narrow. */
function inAll(parts: readonly (Sought | undefined)[]): Sought | undefined {
  const known = parts.filter((part) => part !== undefined).sort((a, b) => a.count - b.count);
  const [best, ...others] = known;
  if (best === undefined) return undefined;
  return { count: best.count, places: () => commonTo(best, others) };
}

function commonTo(best: Sought, others: readonly Sought[]): Uint32Array {
  let places = best.places();
  for (const other of others) {
    if (places.length === 0) break;
    if (other.count < places.length * placesAnEntry) places = common(places, other.places());
  }
  return places;
}

function isPart(pattern: Pattern): pattern is PartPattern {
  return pattern.kind !== 'is';
}

/** All that are in one of them, rising. */
export function union(lists: readonly Uint32Array[]): Uint32Array {
  const [only] = lists;
  if (only !== undefined && lists.length === 1) return only;
  const all = new Uint32Array(lists.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  all.sort();
  let kept = 0;
  for (const place of all) if (kept === 0 || all[kept - 1] !== place) all[kept++] = place;
  return all.subarray(0, kept);
}

/** All that are in both, rising. */
export function common(a: Uint32Array, b: Uint32Array): Uint32Array {
  const both = new Uint32Array(Math.min(a.length, b.length));
  let [inA, inB, kept] = [0, 0, 0];
  while (inA < a.length && inB < b.length) {
    const [left = 0, right = 0] = [a[inA], b[inB]];
    if (left === right) both[kept++] = left;
    if (left <= right) inA += 1;
    if (right <= left) inB += 1;
  }
  return both.subarray(0, kept);
}

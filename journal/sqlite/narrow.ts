// Which entries of a stretch may answer a query, by its terms: all that answer are among them.
// A term whose number is that of another one gives entries too many, never too few; `matches` decides.

import { foldIdentifier } from '../query.ts';
import type { Condition, Pattern } from '../query.ts';
import { columnTerm, fieldTerm, isListed, termColumns } from '../terms.ts';
import type { Term } from '../terms.ts';

/** The terms of a stretch of entries: a run, or a sealed segment. */
export interface TermSource {
  readonly find: (term: Term) => Found | undefined;
  /** The values of a name that fit; undefined where they are too many, or cannot be told. */
  readonly listed: (name: string, pattern: PartPattern) => readonly string[] | undefined;
}

export interface Found {
  readonly count: number;
  /** Nothing else in the stretch has its number. */
  readonly sure: boolean;
  /** From 0, rising. */
  readonly places: () => Uint32Array;
}

export type PartPattern = Pattern & { readonly kind: 'begins' | 'ends' };

/** Decoding so many further places costs as much as looking at one entry. */
const placesAnEntry = 500;

/** Places that may answer all the conditions, rising; undefined where nothing narrows. */
export function narrow(source: TermSource, where: readonly Condition[]): Uint32Array | undefined {
  const found = where
    .map((condition) => termsOf(condition, source))
    .filter((terms) => terms !== undefined)
    .map((terms) => terms.map(source.find).filter((each) => each !== undefined))
    .sort((a, b) => countOf(a) - countOf(b));
  const [best, ...others] = found;
  if (best === undefined) return undefined;
  let places = union(best.map((each) => each.places()));
  for (const other of others) {
    if (places.length === 0) break;
    if (countOf(other) < places.length * placesAnEntry)
      places = common(places, union(other.map((each) => each.places())));
  }
  return places;
}

export function countOf(found: readonly Found[]): number {
  return found.reduce((sum, { count }) => sum + count, 0);
}

/** The terms one of which an entry that answers has; undefined for a condition that does not narrow. */
export function termsOf(condition: Condition, source: TermSource): readonly Term[] | undefined {
  if (condition.on === 'field') {
    const any = condition.any.map(({ kind, value }) => ({ kind, value: foldIdentifier(value) }));
    const name = `f ${condition.field}`;
    return termsOfAny({ any, name, source, term: (value) => fieldTerm(condition.field, value) });
  }
  const { column, any } = condition;
  if (!termColumns.includes(column)) return undefined;
  if (!isListed(column) && any.some(({ kind }) => kind !== 'is')) return undefined;
  return termsOfAny({
    any,
    name: `c ${column}`,
    source,
    term: (value) => columnTerm(column, value),
  });
}

interface Asked {
  readonly any: readonly Pattern[];
  readonly name: string;
  readonly source: TermSource;
  readonly term: (value: string) => Term;
}

function termsOfAny({ any, name, source, term }: Asked): readonly Term[] | undefined {
  const terms = new Map<number, Term>();
  for (const pattern of any) {
    const values = isPart(pattern) ? source.listed(name, pattern) : [pattern.value];
    if (values === undefined) return undefined;
    for (const value of values) {
      const one = term(value);
      terms.set(one.hash, one);
    }
  }
  return [...terms.values()];
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

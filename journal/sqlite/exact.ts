// How many entries of a stretch answer a condition, told by the counts of its terms, where these decide it: one
// condition, of which each term is there or not, and no other term has its number. Everything else is undefined,
// and has to be read. A term may also have the number of one that is not there: one entry that has it is looked at.

import { foldIdentifier, matches, nameFields } from '../query.ts';
import type { Condition, Pattern, PlainCondition, SearchColumn } from '../query.ts';
import type { StoredEntry } from '../entry.ts';
import type { Group, Mark, Tally, TallyBy } from '../tally.ts';
import { columnTerm, fieldTerm, isListed, nameTerm, termColumns, wordTerm } from '../terms.ts';
import type { Term } from '../terms.ts';
import type { Found, PartPattern, TermSource } from './narrow.ts';

/** Entries that follow each other, with what an index says of them. */
export interface Counted {
  readonly terms: TermSource;
  readonly entries: number;
  /** The number of the entry at place 0. */
  readonly first: number;
  /** The entry at a place. */
  readonly at: (place: number) => StoredEntry | undefined;
  /** Gives the time of the entry at a place, in microseconds; undefined where the index has it no more. */
  readonly times: () => ((place: number) => number) | undefined;
}

interface Unread {
  readonly where: readonly Condition[];
  readonly of: Counted;
}

/** Whether a whole stretch can be counted unread. */
export function isCountable(by: readonly TallyBy[], { where, of }: Unread): boolean {
  const [only] = by;
  if (only === undefined) return countOf(where, of) !== undefined;
  if (where.length > 0 || by.length > 1) return false;
  return only === 'hour' || only === 'day' || valuesOf(only, of) !== undefined;
}

/** Adds a whole stretch to a tally, unread; false where that cannot be. Then, or where it throws, nothing was added. */
export function addUnread(tally: Tally, { where, of }: Unread): boolean {
  const [only, more] = tally.by;
  if (only === undefined) {
    const count = countOf(where, of);
    if (count !== undefined) tally.addCount(count);
    return count !== undefined;
  }
  if (where.length > 0 || more !== undefined) return false;
  const groups = only === 'hour' || only === 'day' ? byTime(tally, only, of) : byValue(only, of);
  for (const group of groups ?? []) tally.addGroup(group);
  return groups !== undefined;
}

/** How many entries answer; undefined where the terms do not decide it. */
export function countOf(where: readonly Condition[], of: Counted): number | undefined {
  const [condition] = where;
  if (condition === undefined) return of.entries;
  if (where.length > 1 || condition.on === 'either') return undefined;
  const count = presentIn(condition, of);
  return count === undefined || condition.not !== true ? count : of.entries - count;
}

/** In how many it is there, whether that is asked for or not. */
function presentIn(condition: PlainCondition, of: Counted): number | undefined {
  switch (condition.on) {
    case 'column':
      return termColumns.includes(condition.column)
        ? ofColumn(condition.column, condition.any, of)
        : undefined;
    case 'field': {
      const value = wholeOf(condition.any);
      if (value === undefined) return undefined;
      const term = fieldTerm(condition.field, foldIdentifier(value));
      return ofTerm(term, condition, of);
    }
    case 'name': {
      const [word, more] = onlyOf(condition.any) ?? [];
      if (!nameFields.has(condition.field) || word === undefined || more || word.begins)
        return undefined;
      return ofTerm(nameTerm(condition.field, word.value), condition, of);
    }
    case 'text': {
      const [word, more] = onlyOf(condition.any) ?? [];
      return word === undefined || more !== undefined
        ? undefined
        : ofTerm(wordTerm(word), condition, of);
    }
  }
}

/** An entry has one value of a column, so those of different values add up. */
function ofColumn(column: SearchColumn, any: readonly Pattern[], of: Counted): number | undefined {
  const whole = any.flatMap(({ kind, value }) => (kind === 'is' ? [value] : []));
  const known = new Set<string>();
  for (const pattern of any.filter(isPart)) {
    const values = isListed(column) ? of.terms.listed(`c ${column}`, pattern) : undefined;
    if (values === undefined) return undefined;
    for (const value of values) known.add(value);
  }
  let count = 0;
  for (const value of known) {
    const found = of.terms.find(columnTerm(column, value));
    if (found?.sure === false) return undefined;
    count += found?.count ?? 0;
  }
  for (const value of new Set(whole)) {
    if (known.has(value)) continue;
    const alone = { on: 'column', column, any: [{ kind: 'is', value }] } as const;
    const more = ofTerm(columnTerm(column, value), alone, of);
    if (more === undefined) return undefined;
    count += more;
  }
  return count;
}

/** Where nothing else has its number, all its entries answer or none does: one of them tells. */
function ofTerm(term: Term, condition: PlainCondition, of: Counted): number | undefined {
  const found = of.terms.find(term);
  if (found === undefined) return 0;
  if (!found.sure) return undefined;
  const [place] = found.places();
  const stored = place === undefined ? undefined : of.at(place);
  if (stored === undefined) return undefined;
  const where = [{ ...condition, not: undefined }];
  return matches({ where, reverse: true, limit: 0 }, stored) ? found.count : 0;
}

interface Value {
  readonly value: string;
  readonly found: Found;
}

/** Every value of a column that the stretch has; undefined where the terms do not tell them all apart. */
function valuesOf(column: SearchColumn, { terms }: Counted): readonly Value[] | undefined {
  if (!isListed(column)) return undefined;
  const values = terms.listed(`c ${column}`, { kind: 'begins', value: '' });
  if (values === undefined) return undefined;
  const all = values.flatMap((value): Value[] => {
    const found = terms.find(columnTerm(column, value));
    return found?.sure === true ? [{ value, found }] : [];
  });
  return all.length === values.length ? all : undefined;
}

/** A group for each value, and one for the entries without. */
function byValue(column: SearchColumn, of: Counted): readonly Group[] | undefined {
  const [values, timeOf] = [valuesOf(column, of), of.times()];
  if (values === undefined || timeOf === undefined) return undefined;
  const without = new Uint8Array(of.entries).fill(1);
  const markOf = (place: number): Mark => ({ entry: of.first + place, time: timeOf(place) });
  const groups = values.map(({ value, found }): Group => {
    const places = found.places();
    for (const place of places) without[place] = 0;
    const [first = 0, last = first] = [places[0], places.at(-1)];
    const span = { first: markOf(first), last: markOf(last) };
    return { values: [value], count: places.length, ...span };
  });
  const count = without.reduce((sum, one) => sum + one, 0);
  if (count === 0) return groups;
  const span = { first: markOf(without.indexOf(1)), last: markOf(without.lastIndexOf(1)) };
  return [...groups, { values: [''], count, ...span }];
}

/** Times stand beside the entries: nothing else is read. Those of one hour, side by side, are one group. */
function byTime(tally: Tally, by: 'hour' | 'day', of: Counted): readonly Group[] | undefined {
  const timeOf = of.times();
  if (timeOf === undefined) return undefined;
  const groups: Group[] = [];
  let [from, value] = [0, ''];
  const end = (to: number): void => {
    if (to === from) return;
    const markOf = (place: number): Mark => ({ entry: of.first + place, time: timeOf(place) });
    const span = { first: markOf(from), last: markOf(to - 1) };
    groups.push({ values: [value], count: to - from, ...span });
    from = to;
  };
  for (let place = 0; place < of.entries; place += 1) {
    const its = tally.timeOf(timeOf(place), by);
    if (its !== value) end(place);
    value = its;
  }
  end(of.entries);
  return groups;
}

/** The one of a list, unless it has more. */
function onlyOf<T>(any: readonly T[]): T | undefined {
  return any.length === 1 ? any[0] : undefined;
}

function wholeOf(any: readonly Pattern[]): string | undefined {
  const only = onlyOf(any);
  return only?.kind === 'is' ? only.value : undefined;
}

function isPart(pattern: Pattern): pattern is PartPattern {
  return pattern.kind !== 'is';
}

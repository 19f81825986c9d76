// What a search asks, and whether one entry answers it. The index only narrows; this decides.
// Pure and total. Identifiers are compared folded: capitals, no blanks or punctuation, letter O as zero.
// Names and texts are compared word by word, in capitals; there an O is an O.

import { asciiBytes } from '#protocol/octets';
import type { JournalEntry, StoredEntry } from './entry.ts';
import { wordsOf } from './words.ts';

/** Columns an entry can be searched by, by their names and in the order of contracts 2. */
export const searchColumns = [
  'kind',
  'event',
  'direction',
  'thread',
  'station',
  'mnemonic',
  'pool',
  'upstream',
  'session',
  'number',
  'peer',
  'user',
  'oif',
  'taf',
  'ori',
  'agency',
  'mke',
  'suphdr',
  'class',
  'requester',
  'recipient',
  'purpose',
  'case',
  'job',
  'rule',
  'code',
  'outcome',
] as const;
export type SearchColumn = (typeof searchColumns)[number];

export type Pattern =
  | { readonly kind: 'is'; readonly value: string }
  | { readonly kind: 'begins'; readonly value: string }
  | { readonly kind: 'ends'; readonly value: string };

/** One word of a name as it is asked for: the whole of it, or its beginning. */
export interface NameWord {
  readonly value: string;
  readonly begins: boolean;
}

/** Words of a text that stand side by side; one alone is a word. In capitals, as `wordsOf` gives them. */
export type Phrase = readonly string[];

/** Asked of one place of an entry: any of its patterns. With `not`: none of them, also where the place is empty. */
export type PlainCondition = { readonly not?: true | undefined } & (
  | { readonly on: 'column'; readonly column: SearchColumn; readonly any: readonly Pattern[] }
  /** An identifier of the text, such as LIC. */
  | { readonly on: 'field'; readonly field: string; readonly any: readonly Pattern[] }
  /** A name of the text: every word asked for is a word of one value, in whatever order. */
  | {
      readonly on: 'name';
      readonly field: string;
      readonly any: readonly (readonly NameWord[])[];
    }
  /** Words of the message, wherever they stand in it. */
  | { readonly on: 'text'; readonly any: readonly Phrase[] }
);

/** All conditions of a query must hold; of `either`, one. */
export type Condition =
  PlainCondition | { readonly on: 'either'; readonly of: readonly PlainCondition[] };

/** Events of these names. */
export function eventsNamed(...names: readonly string[]): PlainCondition {
  return { on: 'column', column: 'event', any: names.map((value) => ({ kind: 'is', value })) };
}

/** Fields that hold names of persons: compared by words. All others are identifiers. */
export const nameFields: ReadonlySet<string> = new Set(['NAM']);

export interface Query {
  /** Microseconds since 1970 UTC, inclusive. */
  readonly since?: number | undefined;
  /** Microseconds since 1970 UTC, exclusive. */
  readonly until?: number | undefined;
  readonly entryFrom?: number | undefined;
  readonly entryTo?: number | undefined;
  readonly where: readonly Condition[];
  /** Oldest first. */
  readonly reverse: boolean;
  /** 0 means all. */
  readonly limit: number;
}

/** What a search would take, about. */
export interface Plan {
  /** Entries within its numbers and times; whole blocks of them are counted. */
  readonly entries: number;
  /** Of them those that have to be read. */
  readonly reads: number;
  /** Of them those that are counted by what the index says of them, unread; only where it is about a count. */
  readonly counted?: number | undefined;
  /** Places by which an index narrows it, the best first: `LIC`, `user`. Empty: each entry is read. */
  readonly by: readonly string[];
  /** Sealed segments whose filter is not there, or is none: each is looked into. */
  readonly unfiltered?: number | undefined;
  /** First entries of sealed segments whose index cannot be read: each of their entries is read. */
  readonly unsound?: readonly number[] | undefined;
}

/** Folds an identifier for comparing: capitals, letters and digits only, O as 0. @source operator-experience 5 */
export function foldIdentifier(value: string): string {
  return value
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]/g, '')
    .replaceAll('O', '0');
}

/** The words of a text that a person typed; of characters that no message can hold, nothing sensible. */
export function wordsIn(text: string): readonly string[] {
  return [...wordsOf(asciiBytes(text))];
}

/** Decides, on the entry and the octets of its message. Octets that are withheld are not looked into. */
export function matches(query: Query, stored: StoredEntry): boolean {
  const { entry } = stored;
  if (query.since !== undefined && entry.time < query.since) return false;
  if (query.until !== undefined && entry.time >= query.until) return false;
  if (query.entryFrom !== undefined && entry.entry < query.entryFrom) return false;
  if (query.entryTo !== undefined && entry.entry > query.entryTo) return false;
  return query.where.every((condition) =>
    condition.on === 'either'
      ? condition.of.some((one) => holds(one, stored))
      : holds(condition, stored),
  );
}

function holds(condition: PlainCondition, stored: StoredEntry): boolean {
  return isThere(condition, stored) !== (condition.not === true);
}

function isThere(condition: PlainCondition, { entry, body, withheld }: StoredEntry): boolean {
  switch (condition.on) {
    case 'column': {
      const value = columnOf(entry, condition.column);
      return value !== undefined && fits(condition.any, value, (text) => text);
    }
    case 'field': {
      const values = entry.fields?.[condition.field] ?? [];
      return values.some((value) => fits(condition.any, foldIdentifier(value), foldIdentifier));
    }
    case 'name': {
      const values = entry.fields?.[condition.field] ?? [];
      return values.some((value) => isNamed(condition.any, wordsIn(value)));
    }
    case 'text':
      return body !== undefined && withheld !== true && says(condition.any, [...wordsOf(body)]);
  }
}

function isNamed(any: readonly (readonly NameWord[])[], words: readonly string[]): boolean {
  return any.some((asked) =>
    asked.every(({ value, begins }) =>
      begins ? words.some((word) => word.startsWith(value)) : words.includes(value),
    ),
  );
}

function says(any: readonly Phrase[], words: readonly string[]): boolean {
  return any.some((phrase) => {
    const [first = ''] = phrase;
    for (let at = words.indexOf(first); at >= 0; at = words.indexOf(first, at + 1))
      if (phrase.every((word, further) => words[at + further] === word)) return true;
    return false;
  });
}

/** The text of a column as it is compared, or undefined where the entry has none. */
export function columnOf(entry: JournalEntry, column: SearchColumn): string | undefined {
  // Every search column is optional text or number on some member of the union.
  const value = (entry as unknown as Readonly<Record<string, string | number | undefined>>)[column];
  return value === undefined ? undefined : String(value);
}

function fits(any: readonly Pattern[], value: string, fold: (text: string) => string): boolean {
  return any.some((pattern) => {
    const wanted = fold(pattern.value);
    switch (pattern.kind) {
      case 'is':
        return value === wanted;
      case 'begins':
        return value.startsWith(wanted);
      case 'ends':
        return value.endsWith(wanted);
    }
  });
}

// What a search asks, and whether one entry answers it. The index only narrows; this decides.
// Pure and total. Identifiers are compared folded: capitals, no blanks or punctuation, letter O as zero.

import type { JournalEntry } from './entry.ts';

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

/** All conditions must hold; within one, any of its patterns. */
export type Condition =
  | { readonly on: 'column'; readonly column: SearchColumn; readonly any: readonly Pattern[] }
  /** An identifier of the text, such as LIC or NAM. */
  | { readonly on: 'field'; readonly field: string; readonly any: readonly Pattern[] };

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

/** Folds an identifier for comparing: capitals, letters and digits only, O as 0. @source operator-experience 5 */
export function foldIdentifier(value: string): string {
  return value
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]/g, '')
    .replaceAll('O', '0');
}

export function matches(query: Query, entry: JournalEntry): boolean {
  if (query.since !== undefined && entry.time < query.since) return false;
  if (query.until !== undefined && entry.time >= query.until) return false;
  if (query.entryFrom !== undefined && entry.entry < query.entryFrom) return false;
  if (query.entryTo !== undefined && entry.entry > query.entryTo) return false;
  return query.where.every((condition) => holds(condition, entry));
}

function holds(condition: Condition, entry: JournalEntry): boolean {
  if (condition.on === 'field') {
    const values = entry.fields?.[condition.field] ?? [];
    return values.some((value) => fits(condition.any, foldIdentifier(value), foldIdentifier));
  }
  const value = columnOf(entry, condition.column);
  return value !== undefined && fits(condition.any, value, (text) => text);
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

// Reads the index for one search: which blocks, and which entries of a block, may answer a condition.
// Promises to leave out nothing that answers; what it gives is decided by `matches` afterwards.
// A condition it cannot narrow by is undefined. Throws what SQLite throws where the file is broken.

import type Database from 'better-sqlite3';
import { foldIdentifier } from '../query.ts';
import type { Condition, Pattern, PlainCondition, Query } from '../query.ts';
import { pluck } from './entry-reader.ts';
import { fieldName, indexedColumns, indexIsThere } from './index-writer.ts';
import { indexFile, openForReading } from './open.ts';

/** Entries that may answer one condition. */
export interface Lookup {
  /** Blocks that have some, counted up to a bound: the fewer, the better it narrows. */
  readonly weight: number;
  /** At most `blocksAtOnce` of them, the first of the range in its order. */
  readonly blocks: (range: BlockRange) => readonly number[];
  /** Places within a block. */
  readonly at: (block: number) => ReadonlySet<number>;
}

export interface BlockRange {
  readonly from: number;
  readonly to: number;
  /** Oldest first. */
  readonly reverse: boolean;
}

export interface IndexReader {
  readonly standsOn: () => number;
  /** Blocks from first to last whose times touch the query's. */
  readonly span: (query: Query) => { readonly from: number; readonly to: number } | undefined;
  /** Blocks of a range whose times touch the query's, at most `blocksAtOnce`. */
  readonly blocks: (range: BlockRange, query: Query) => readonly number[];
  readonly lookup: (condition: Condition, span: { from: number; to: number }) => Lookup | undefined;
  readonly close: () => void;
}

export const blocksAtOnce = 256;
const weightMost = 1000;
/** What a pattern may gather in memory before it counts as no help. */
const rowsMost = 50_000;
const valuesMost = 100_000;

/** Undefined where there is no index. */
export function openIndexReader(dir: string): IndexReader | undefined {
  if (!indexIsThere(dir)) return undefined;
  const db = openForReading(indexFile(dir));
  const touching = 'FROM marks WHERE latest >= ? AND earliest < ?';
  const ends = db.prepare(`SELECT min(block) AS first, max(block) AS last ${touching}`);
  const blocks = inOrder(db, `SELECT block ${touching} AND block BETWEEN ? AND ?`);
  return {
    standsOn: () => pluck<[], number>(db, 'SELECT entry FROM stands').get() ?? 0,
    span: (query) => {
      // An aggregate answers one row, of nulls where no block is touched.
      const row = ends.get(...timesOf(query)) as { first: number | null; last: number | null };
      return row.first === null || row.last === null
        ? undefined
        : { from: row.first, to: row.last };
    },
    blocks: (range, query) => blocks(range.reverse).all(...timesOf(query), range.from, range.to),
    lookup: (condition, span) => {
      if (condition.on !== 'either') return plainLookup(db, condition, span);
      const all = condition.of.map((one) => plainLookup(db, one, span));
      // One that narrows nothing leaves every entry in.
      return all.every((lookup) => lookup !== undefined) ? united(all) : undefined;
    },
    close: () => db.close(),
  };
}

function timesOf(query: Query): [number, number] {
  return [query.since ?? -Number.MAX_SAFE_INTEGER, query.until ?? Number.MAX_SAFE_INTEGER];
}

function plainLookup(
  db: Database.Database,
  condition: PlainCondition,
  span: { from: number; to: number },
): Lookup | undefined {
  const wanted = wantedOf(condition);
  if (!wanted) return undefined;
  const [only] = wanted.any;
  if (wanted.any.length === 1 && only?.kind === 'is') return exact(db, wanted.name, only.value);
  return gathered(db, wanted, span);
}

/** Entries that one of them has. */
function united(all: readonly Lookup[]): Lookup {
  return {
    weight: Math.min(
      all.reduce((sum, { weight }) => sum + weight, 0),
      weightMost,
    ),
    blocks: (range) => {
      const blocks = [...new Set(all.flatMap((lookup) => lookup.blocks(range)))];
      return blocks.sort((a, b) => (range.reverse ? a - b : b - a)).slice(0, blocksAtOnce);
    },
    at: (block) =>
      all.reduce<ReadonlySet<number>>((set, lookup) => set.union(lookup.at(block)), new Set()),
  };
}

/** `holds`: a value that has all these parts in it. */
type Sought = Pattern | { readonly kind: 'holds'; readonly parts: readonly string[] };

interface Wanted {
  readonly name: string;
  readonly any: readonly Sought[];
}

/** The condition as the index writes names and values; undefined where it does not narrow. */
function wantedOf(condition: PlainCondition): Wanted | undefined {
  if (condition.not === true || condition.on === 'text') return undefined;
  if (condition.on === 'name') {
    // The index has names folded whole: each word asked for is somewhere in them.
    const any = condition.any.map((words) => ({
      kind: 'holds' as const,
      parts: words.map(({ value }) => foldIdentifier(value)),
    }));
    return { name: fieldName(condition.field), any };
  }
  const isField = condition.on === 'field';
  if (!isField && !indexedColumns.includes(condition.column)) return undefined;
  // Half a character has no UTF-8 form: comparing octets would go wrong.
  if (!condition.any.every(({ value }) => value.isWellFormed())) return undefined;
  const fold = isField ? foldIdentifier : (value: string): string => value;
  return {
    name: isField ? fieldName(condition.field) : condition.column,
    any: condition.any.map(({ kind, value }) => ({ kind, value: fold(value) })),
  };
}

/** One value: blocks stream from the table in their order. */
function exact(db: Database.Database, name: string, value: string): Lookup {
  const of = 'FROM postings WHERE name = ? AND value = ?';
  const blocks = inOrder(db, `SELECT block ${of} AND block BETWEEN ? AND ?`);
  const at = pluck<[string, string, number], Buffer>(db, `SELECT offsets ${of} AND block = ?`);
  const weight = pluck<[string, string], number>(
    db,
    `SELECT count(*) FROM (SELECT 1 ${of} LIMIT ${weightMost})`,
  );
  return {
    weight: weight.get(name, value) ?? 0,
    blocks: (range) => blocks(range.reverse).all(name, value, range.from, range.to),
    at: (block) => offsetsOf(at.get(name, value, block)),
  };
}

interface Row {
  readonly block: number;
  readonly offsets: Buffer;
}

/** Several values or patterns: their rows are gathered first, unless they are too many. */
function gathered(
  db: Database.Database,
  wanted: Wanted,
  span: { from: number; to: number },
): Lookup | undefined {
  const places = new Map<number, Set<number>>();
  let rows = 0;
  for (const pattern of wanted.any) {
    for (const row of rowsOf(db, wanted.name, pattern, span)) {
      rows += 1;
      if (!row || rows > rowsMost) return undefined;
      const known = places.get(row.block) ?? new Set<number>();
      places.set(row.block, known.union(offsetsOf(row.offsets)));
    }
  }
  const sorted = [...places.keys()].sort((a, b) => a - b);
  return {
    weight: Math.min(places.size, weightMost),
    blocks: ({ from, to, reverse }) => {
      const within = sorted.filter((block) => block >= from && block <= to);
      return (reverse ? within : within.reverse()).slice(0, blocksAtOnce);
    },
    at: (block) => places.get(block) ?? new Set(),
  };
}

/** Rows of one pattern; yields undefined where that takes too much. */
function* rowsOf(
  db: Database.Database,
  name: string,
  pattern: Sought,
  span: { from: number; to: number },
): Generator<Row | undefined> {
  const rows = (where: string, ...values: string[]): IterableIterator<Row> =>
    db
      .prepare<unknown[], Row>(
        `SELECT block, offsets FROM postings WHERE name = ? AND ${where} AND block BETWEEN ? AND ?`,
      )
      .iterate(name, ...values, span.from, span.to);
  switch (pattern.kind) {
    case 'is':
      yield* rows('value = ?', pattern.value);
      return;
    case 'begins':
      // The octet FF stands behind every text that begins so, in the order of octets.
      yield* rows(`value >= ? AND value < CAST(? || x'FF' AS TEXT)`, pattern.value, pattern.value);
      return;
    case 'ends':
      for (const value of valuesOf(db, name)) {
        if (value === undefined) yield undefined;
        else if (value.endsWith(pattern.value)) yield* rows('value = ?', value);
      }
      return;
    case 'holds':
      for (const value of valuesOf(db, name)) {
        if (value === undefined) yield undefined;
        else if (pattern.parts.every((part) => value.includes(part)))
          yield* rows('value = ?', value);
      }
  }
}

/** Each value of a name once, jumping from one to the next; undefined where there are too many. */
function* valuesOf(db: Database.Database, name: string): Generator<string | undefined> {
  const next = pluck<[string, string], string>(
    db,
    'SELECT value FROM postings WHERE name = ? AND value > ? ORDER BY value LIMIT 1',
  );
  const none = pluck<[string, string], string>(
    db,
    'SELECT value FROM postings WHERE name = ? AND value = ? LIMIT 1',
  ).get(name, '');
  if (none !== undefined) yield none;
  let value = next.get(name, '');
  for (let count = 1; value !== undefined; count += 1) {
    yield count > valuesMost ? undefined : value;
    value = next.get(name, value);
  }
}

function offsetsOf(octets: Buffer | undefined): ReadonlySet<number> {
  // A copy, because the octets of a Buffer need not begin at an even address.
  return new Set(octets && new Uint16Array(new Uint8Array(octets).buffer));
}

function inOrder(
  db: Database.Database,
  sql: string,
): (reverse: boolean) => Database.Statement<unknown[], number> {
  const up = pluck<unknown[], number>(db, `${sql} ORDER BY block LIMIT ${blocksAtOnce}`);
  const down = pluck<unknown[], number>(db, `${sql} ORDER BY block DESC LIMIT ${blocksAtOnce}`);
  return (reverse) => (reverse ? up : down);
}

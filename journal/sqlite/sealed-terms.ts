// The index of a sealed segment as its file has it: terms, listed values, the times of its blocks. Sums tell what was
// altered and what is missing. Throws `Altered` then, or what SQLite throws: a search does without the index.

import { crc32 } from 'node:zlib';
import type Database from 'better-sqlite3';
import { pluck } from './entry-reader.ts';
import type { Found, TermSource } from './narrow.ts';
import { decodeTimes } from './sealed-block.ts';
import { Altered, findInRow, foundOf, placesOfRow, requireRow } from './term-pages.ts';
import type { TermRow } from './term-pages.ts';

export const sealedVersion = 1;

/** A block by its times, in microseconds. */
export interface Mark {
  readonly block: number;
  readonly earliest: number;
  readonly latest: number;
}

/** So many values of one name are looked up; more are no help. */
const listedMost = 5000;
/** Terms that were looked up last: those of a search or two. */
const findsKept = 16;
/** Stands behind the last listed value. */
export const noKey: Uint8Array = Buffer.of(0xff);

/** @throws {Altered} */
export function readMarks(
  db: Database.Database,
  { marks: sum }: { readonly marks: number },
): readonly Mark[] {
  const marks = db
    .prepare<[], Mark>('SELECT block, earliest, latest FROM marks ORDER BY block')
    .all();
  if (marksSum(marks) !== sum) throw new Altered('its times are not what was written');
  return marks;
}

/** Reads those of a block. Its mark is summed, they themselves are not: they must be those it speaks of. */
export function timesReader(
  db: Database.Database,
): (mark: Mark | undefined, entries: number) => Float64Array {
  const octets = pluck<[number], Buffer>(db, 'SELECT times FROM marks WHERE block = ?');
  return (mark, entries) => {
    const times = decodeTimes(octets.get(mark?.block ?? -1) ?? new Uint8Array());
    const isOfIt = Math.min(...times) === mark?.earliest && Math.max(...times) === mark.latest;
    if (times.length === entries && isOfIt) return times;
    throw new Altered('its times are not what was written');
  };
}

export function marksSum(marks: readonly Mark[]): number {
  const numbers = new Float64Array(marks.length * 3);
  for (const [place, { block, earliest, latest }] of marks.entries())
    numbers.set([block, earliest, latest], place * 3);
  return crc32(new Uint8Array(numbers.buffer));
}

export function termSource(db: Database.Database): TermSource {
  // The places of a frequent term are read only when they are asked for.
  const row = db.prepare<[number], TermRow>(
    `SELECT hash, count, next, sum, CASE WHEN count = 0 THEN octets ELSE x'' END AS octets
     FROM terms WHERE hash <= ? ORDER BY hash DESC LIMIT 1`,
  );
  const places = pluck<[number], Buffer>(db, 'SELECT octets FROM terms WHERE hash = ?');
  const lists = listReader(db);
  const look = (hash: number): Found | undefined => {
    const found = requireRow(row.get(hash), hash);
    if (found.count === 0) return findInRow(found, hash);
    if (found.hash !== hash) return undefined;
    return foundOf(found.count, () => placesOfRow(places.get(hash) ?? new Uint8Array()));
  };
  /** By hash: a search asks again what its plan has asked. */
  const known = new Map<number, Found | undefined>();
  return {
    find: ({ hash }) => {
      if (known.has(hash)) return known.get(hash);
      const found = look(hash);
      if (known.size >= findsKept) known.clear();
      known.set(hash, found);
      return found;
    },
    listed: (name, { kind, value }) => {
      if (!value.isWellFormed() || lists(unsureName(name)).includes(unsureName(name)))
        return undefined;
      const before = listedKey(kind, name, '');
      const found = lists(listedKey(kind, name, value));
      if (found.length > listedMost) return undefined;
      return found.map((key) => valueOf(kind, key.slice(before.length)));
    },
  };
}

interface ListedRow {
  readonly value: string;
  readonly sum: number;
}

/** Keys that begin so, a few more than are of any help at most. @throws {Altered} */
function listReader(db: Database.Database): (beginning: string) => readonly string[] {
  const before = db.prepare<[string], ListedRow>(
    'SELECT value, sum FROM listed WHERE value < ? ORDER BY value DESC LIMIT 1',
  );
  const from = db.prepare<[string], ListedRow>(
    'SELECT value, sum FROM listed WHERE value >= ? ORDER BY value',
  );
  const requireNext = (row: ListedRow | undefined, next: Uint8Array): void => {
    if (row === undefined || listedSum(Buffer.from(row.value), next) !== row.sum)
      throw new Altered('a listed value is not what was written');
  };
  return (beginning) => {
    // Each tells which one follows, so that none in between is missing.
    let row = before.get(beginning);
    const keys: string[] = [];
    for (const next of from.iterate(beginning)) {
      requireNext(row, Buffer.from(next.value));
      if (!next.value.startsWith(beginning)) return keys;
      keys.push(next.value);
      if (keys.length > listedMost) return keys;
      row = next;
    }
    requireNext(row, noKey);
    return keys;
  };
}

/** Of a listed value and the one that follows. */
export function listedSum(key: Uint8Array, next: Uint8Array): number {
  return crc32(next, crc32(key));
}

/** Stands for a name with a value that has half a character, which no file can hold. */
export const unsureName = (name: string): string => `!${name}`;

/** A value as it is listed for patterns that begin, or end, with a part of it. */
export function listedKey(kind: 'begins' | 'ends', name: string, value: string): string {
  return `${kind === 'begins' ? '>' : '<'}${name}\0${valueOf(kind, value)}`;
}

/** Backwards where its end is looked for; by characters, so that none is torn. */
function valueOf(kind: 'begins' | 'ends', value: string): string {
  return kind === 'begins' ? value : Array.from(value).reverse().join('');
}

// Reads one sealed segment: its entries by number, its terms, its times. It is never written, so nothing of it
// that was read grows old. A few blocks that were decompressed last are kept.
// Fails with JOURNAL_OPEN where the file is none; throws what zlib and SQLite throw where it is broken.

import type Database from 'better-sqlite3';
import { saltOctets } from '../codec.ts';
import { JournalFault } from '../fault.ts';
import { leafOf } from '../tree.ts';
import { pluck } from './entry-reader.ts';
import type { EntryReader } from './entry-reader.ts';
import type { TermSource } from './narrow.ts';
import { openForReading } from './open.ts';
import { blockEntries, decodeBlock, decodeTimes } from './sealed-block.ts';
import type { Block } from './sealed-block.ts';
import { sealedFile } from './segment-files.ts';
import type { SealedRange } from './segment-files.ts';
import { findInRow, foundOf, placesIn } from './term-pages.ts';
import type { TermRow } from './term-pages.ts';

export const sealedVersion = 1;

/** What a sealed segment says of itself. */
export interface About {
  readonly version: number;
  readonly first: number;
  readonly last: number;
  /** Of its entries, in microseconds, wherever in it they stand. */
  readonly earliest: number;
  readonly latest: number;
  /** The frontier over all entries before it, and with it. */
  readonly began: Uint8Array;
  readonly ended: Uint8Array;
  /** Different terms. */
  readonly terms: number;
  /** The oldest message that its entries say something of; absent where it was sealed before that was noted. */
  readonly reaches?: number;
}

export interface SealedSegment extends EntryReader {
  readonly about: About;
  readonly terms: TermSource;
  /** Ranges of entries of the blocks whose times touch these, in their order. */
  readonly touching: (times: { readonly since: number; readonly until: number }) => SealedRange[];
  /** Of each entry of a block, in microseconds. */
  readonly times: (block: number) => Float64Array;
}

const blocksKept = 32;
/** So many values of one name are looked up; more are no help. */
const listedMost = 5000;

/**
 * @param path Where it lies while it is being made.
 * @throws {JournalFault} JOURNAL_OPEN
 */
export function openSealedSegment(
  dir: string,
  range: SealedRange,
  path = sealedFile(dir, range),
): SealedSegment {
  const db = openForReading(path);
  try {
    return sealedSegment(db, aboutOf(db, path));
  } catch (error) {
    db.close();
    throw error;
  }
}

function aboutOf(db: Database.Database, path: string): About {
  // The columns of the schema.
  const about = db.prepare('SELECT * FROM about').get() as About | undefined;
  if (about?.version === sealedVersion) return about;
  throw new JournalFault('JOURNAL_OPEN', `${path} is no sealed segment of version 1.`);
}

function sealedSegment(db: Database.Database, about: About): SealedSegment {
  const { first, last } = about;
  const octets = pluck<[number], Buffer>(db, 'SELECT octets FROM blocks WHERE block = ?');
  const times = pluck<[number], Buffer>(db, 'SELECT times FROM marks WHERE block = ?');
  const touching = pluck<[number, number], number>(
    db,
    'SELECT block FROM marks WHERE latest >= ? AND earliest < ? ORDER BY block',
  );
  const kept = new Map<number, Block>();

  const countOf = (block: number): number =>
    Math.min(blockEntries, last - first + 1 - block * blockEntries);
  const block = (number: number): Block => {
    const found = kept.get(number) ?? decodeBlock(blobOfBlock(octets, number), countOf(number));
    kept.delete(number);
    kept.set(number, found);
    const [oldest] = kept.keys();
    if (kept.size > blocksKept && oldest !== undefined) kept.delete(oldest);
    return found;
  };
  const blob = (entry: number): Uint8Array | undefined => {
    if (entry < first || entry > last) return undefined;
    const place = entry - first;
    return block(Math.floor(place / blockEntries)).blob(place % blockEntries);
  };

  return {
    about,
    head: () => last,
    blob,
    leaf: (entry) => {
      const found = blob(entry);
      if (found === undefined) return undefined;
      const place = entry - first;
      const salt = block(Math.floor(place / blockEntries)).salt(place % blockEntries);
      const record = new Uint8Array(1 + saltOctets + found.length);
      record.set(salt, 1);
      record.set(found, 1 + saltOctets);
      return leafOf(record);
    },
    slice: ({ from, to, reverse, most }) => {
      const [low, high] = [Math.max(from, first), Math.min(to, last)];
      const count = Math.max(0, Math.min(most, high - low + 1));
      return Array.from({ length: count }, (_, step) => {
        const found = blob(reverse ? low + step : high - step);
        return found ?? new Uint8Array();
      });
    },
    touching: ({ since, until }) =>
      touching.all(since, until).map((number) => ({
        first: first + number * blockEntries,
        last: first + number * blockEntries + countOf(number) - 1,
      })),
    times: (number) => decodeTimes(times.get(number) ?? new Uint8Array()),
    terms: termSource(db),
    close: () => db.close(),
  };
}

function blobOfBlock(octets: Database.Statement<[number], Buffer>, block: number): Buffer {
  const found = octets.get(block);
  if (found === undefined) throw new Error(`its block ${block} is missing`);
  return found;
}

function termSource(db: Database.Database): TermSource {
  // The places of a frequent term are read only when they are asked for.
  const row = db.prepare<[number], TermRow>(
    `SELECT hash, count, CASE WHEN count = 0 THEN octets ELSE x'' END AS octets FROM terms
     WHERE hash <= ? ORDER BY hash DESC LIMIT 1`,
  );
  const places = pluck<[number], Buffer>(db, 'SELECT octets FROM terms WHERE hash = ?');
  const range = "FROM listed WHERE value >= ? AND value < CAST(? || x'FF' AS TEXT)";
  const values = pluck<[string, string], string>(
    db,
    `SELECT value ${range} LIMIT ${listedMost + 1}`,
  );
  const unsure = pluck<[string], number>(db, 'SELECT 1 FROM listed WHERE value = ?');
  return {
    find: ({ hash }) => {
      const found = row.get(hash);
      if (found === undefined) return undefined;
      if (found.count === 0) return findInRow(found, hash);
      if (found.hash !== hash) return undefined;
      return foundOf(found.count, () => placesIn(places.get(hash) ?? new Uint8Array()));
    },
    listed: (name, { kind, value }) => {
      if (!value.isWellFormed() || unsure.get(unsureName(name)) !== undefined) return undefined;
      const before = listedKey(kind, name, '');
      const wanted = listedKey(kind, name, value);
      const found = values.all(wanted, wanted);
      if (found.length > listedMost) return undefined;
      return found.map((key) => valueOf(kind, key.slice(before.length)));
    },
  };
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

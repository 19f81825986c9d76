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
import { blockEntries, decodeBlock } from './sealed-block.ts';
import type { Block } from './sealed-block.ts';
import { readMarks, sealedVersion, termSource, timesReader } from './sealed-terms.ts';
import { sealedFile } from './segment-files.ts';
import type { SealedRange } from './segment-files.ts';

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
  /** Sum of its marks. */
  readonly marks: number;
  /** The oldest message that its entries say something of; absent where it was sealed before that was noted. */
  readonly reaches?: number;
}

export interface SealedSegment extends EntryReader {
  readonly about: About;
  readonly terms: TermSource;
  /** Ranges of entries of the blocks whose times touch these, in their order. */
  readonly touching: (times: { readonly since: number; readonly until: number }) => SealedRange[];
  /** Of each entry of a block, in microseconds. @throws {Altered} */
  readonly times: (block: number) => Float64Array;
  /** A block as it is stored. */
  readonly block: (number: number) => Uint8Array;
}

const blocksKept = 32;

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
  if (about !== undefined && about.version > sealedVersion)
    throw new JournalFault(
      'JOURNAL_NEWER',
      `${path} is of version ${about.version}; this program knows ${sealedVersion}.`,
    );
  throw new JournalFault('JOURNAL_OPEN', `${path} is no sealed segment of version 1.`);
}

function sealedSegment(db: Database.Database, about: About): SealedSegment {
  const { first, last } = about;
  const octets = pluck<[number], Buffer>(db, 'SELECT octets FROM blocks WHERE block = ?');
  // Of the index only when it is asked for: the entries are there to be read whatever became of it.
  const terms = once(() => termSource(db));
  const marks = once(() => readMarks(db, about));
  const times = once(() => timesReader(db));
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
      marks()
        .filter(({ earliest, latest }) => latest >= since && earliest < until)
        .map(({ block: number }) => ({
          first: first + number * blockEntries,
          last: first + number * blockEntries + countOf(number) - 1,
        })),
    times: (number) => times()(marks()[number], countOf(number)),
    block: (number) => blobOfBlock(octets, number),
    terms: {
      find: (term) => terms().find(term),
      listed: (name, pattern) => terms().listed(name, pattern),
    },
    close: () => db.close(),
  };
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function blobOfBlock(octets: Database.Statement<[number], Buffer>, block: number): Buffer {
  const found = octets.get(block);
  if (found === undefined) throw new Error(`its block ${block} is missing`);
  return found;
}

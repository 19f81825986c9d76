// Compares the index of a sealed segment with its entries: every term with every place, the times, the listed
// values and the filter. What is compared are sums over all of them, so that it takes no memory: what is too
// much, missing or altered alters a sum.

import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type Database from 'better-sqlite3';
import type { JournalEntry } from './entry.ts';
import { reachOf } from './purge.ts';
import { eachListed, eachTerm } from './terms.ts';

interface TermRow {
  readonly hash: number;
  readonly count: number;
  readonly next: number;
  readonly sum: number;
  /** Behind them their own sum. */
  readonly octets: Buffer;
}

interface ListedRow {
  readonly value: string;
  readonly sum: number;
}

interface Sealed {
  readonly first: number;
  readonly last: number;
  readonly path: string;
}

/** What a segment says of its index, and of what decides how long it is kept. */
export interface Told {
  readonly earliest: number;
  readonly latest: number;
  /** Different terms. */
  readonly terms: number;
  /** Sum of its marks. */
  readonly marks: number;
  /** The oldest message that its entries speak of; who sealed before there were purges did not note it. */
  readonly reaches?: number;
}

interface Mark {
  readonly block: number;
  readonly earliest: number;
  readonly latest: number;
  readonly times: Buffer;
}

const blockEntries = 64;
const min = (a: number, b: number): number => Math.min(a, b);
const max = (a: number, b: number): number => Math.max(a, b);

export class IndexProof {
  readonly #db: Database.Database;
  readonly #path: string;
  readonly #wanted = new Sum();
  readonly #listed = new Set<string>();
  #hashes = new Set<number>();
  readonly #times: number[] = [];
  #place = 0;
  #reaches: number;

  constructor(db: Database.Database, { path, first }: Sealed) {
    this.#db = db;
    this.#path = path;
    this.#reaches = first;
  }

  /** The entries, in their order. */
  take(entry: JournalEntry, body: Uint8Array | undefined): void {
    const place = this.#place;
    this.#hashes.clear();
    eachTerm(entry, body, (hash) => {
      if (this.#hashes.has(hash)) return;
      this.#hashes.add(hash);
      this.#wanted.add(hash, place);
    });
    eachListed(entry, (name, value) => {
      if (!value.isWellFormed()) this.#listed.add(`!${name}`);
      else
        this.#listed
          .add(`>${name}\0${value}`)
          .add(`<${name}\0${Array.from(value).reverse().join('')}`);
    });
    this.#times.push(entry.time);
    this.#reaches = Math.min(this.#reaches, reachOf(entry));
    this.#place += 1;
  }

  /** What does not hold of the index; undefined where all of it does. A part that cannot be read does not. */
  *flaw(about: Told): Generator<void, string | undefined> {
    try {
      return (yield* this.#flaws(about)) ?? undefined;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return `it cannot be read: ${why}`;
    }
  }

  *#flaws(about: Told): Generator<void, string | undefined> {
    if (!this.#timesHold(about)) return 'its times are not those of its entries';
    const { reaches = this.#reaches } = about;
    if (reaches !== this.#reaches) return 'its reach is not that of its entries';
    const found = new Sum();
    const hashes: number[] = [];
    let wanted = 0;
    for (const row of this.#db
      .prepare<[], TermRow>('SELECT * FROM terms ORDER BY hash')
      .iterate()) {
      if (row.hash !== wanted || !sumsHold(row))
        return 'a row of its terms is not what was written';
      wanted = row.next;
      for (const { hash, count, places } of termsIn(row)) {
        hashes.push(hash);
        if (places.length !== count) return 'the count of a term is not that of its entries';
        for (const place of places) found.add(hash, place);
      }
      yield;
    }
    if (wanted !== 2 ** 52) return 'its terms do not come to an end';
    if (!found.equals(this.#wanted) || hashes.length !== about.terms)
      return 'its terms are not those of its entries';
    if (!this.#listHolds()) return 'its listed values are not those of its entries';
    yield;
    return this.#filterFlaw(hashes);
  }

  /** Of the segment, of each block, of each entry. */
  #timesHold({ earliest, latest, marks: sum }: Told): boolean {
    const times = this.#times;
    const marks = this.#db.prepare<[], Mark>('SELECT * FROM marks ORDER BY block').all();
    if (marks.length !== Math.ceil(times.length / blockEntries)) return false;
    const hold = marks.every((mark, block) => {
      const its = times.slice(block * blockEntries, (block + 1) * blockEntries);
      const found = timesIn(mark.times);
      return (
        mark.block === block &&
        found.length === its.length &&
        found.every((time, place) => time === its[place]) &&
        mark.earliest === Math.min(...its) &&
        mark.latest === Math.max(...its)
      );
    });
    const of = (which: 'earliest' | 'latest', least: (a: number, b: number) => number): number =>
      marks.map((mark) => mark[which]).reduce(least, marks[0]?.[which] ?? 0);
    const numbers = marks.flatMap((mark) => [mark.block, mark.earliest, mark.latest]);
    const sums = crcOf(numbers) === sum;
    return hold && sums && of('earliest', min) === earliest && of('latest', max) === latest;
  }

  /** The empty one first, then each with a sum of itself and the one that follows. */
  #listHolds(): boolean {
    const rows = this.#db.prepare<[], ListedRow>('SELECT * FROM listed ORDER BY value').all();
    if (rows[0]?.value !== '' || rows.length - 1 !== this.#listed.size) return false;
    return rows.every(({ value, sum }, place) => {
      const next = rows[place + 1];
      const after = next === undefined ? Buffer.of(0xff) : Buffer.from(next.value);
      return (place === 0 || this.#listed.has(value)) && crc32(after, crc32(value)) === sum;
    });
  }

  /** A filter that denies a term hides its entries; one that is not there hides nothing. */
  #filterFlaw(hashes: readonly number[]): string | undefined {
    const filter = readIfThere(this.#path.replace(/\.db$/, '.filter'));
    if (filter === undefined) return undefined;
    const blocks = filter.length >= 16 ? filter.readDoubleLE(8) : 0;
    if (filter.toString('latin1', 0, 4) !== 'MSCF' || filter.length !== (blocks + 1) * 64)
      return 'its filter is none';
    for (let at = 64; at < filter.length; at += 64)
      if (filter.readUInt32BE(at + 60) !== crc32(filter.subarray(at, at + 60)))
        return 'its filter is not what was written';
    return hashes.every((hash) => isIn(filter, blocks, hash))
      ? undefined
      : 'its filter denies a term of it';
  }
}

function sumsHold({ hash, count, next, sum, octets }: TermRow): boolean {
  if (octets.length < 4 || crcOf([hash, count, next]) !== sum) return false;
  return octets.readUInt32BE(octets.length - 4) === crc32(octets.subarray(0, -4));
}

/** Of numbers as eight octets each. */
function crcOf(numbers: readonly number[]): number {
  return crc32(new Uint8Array(Float64Array.from(numbers).buffer));
}

/** The first one whole, each other as its distance from the one before it. */
function timesIn(octets: Buffer): readonly number[] {
  let time = 0;
  return Array.from(
    varints(octets),
    (number) => (time += number % 2 === 0 ? number / 2 : -(number + 1) / 2),
  );
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    // It may be purged while we look.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** As `filter.ts` describes it. */
function isIn(filter: Buffer, blocks: number, hash: number): boolean {
  const block = Math.min(blocks - 1, Math.floor((hash / 2 ** 52) * blocks));
  let bits = (hash | 0) ^ 0x5bd1e995;
  for (let asked = 0; asked < 6; asked += 1) {
    bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
    bits = Math.imul(bits ^ (bits >>> 12), 0x297a2d39);
    bits = (bits ^ (bits >>> 15)) | 0;
    const bit = Math.floor(((bits >>> 0) / 2 ** 32) * 480);
    if (((filter[(1 + block) * 64 + Math.floor(bit / 8)] ?? 0) & (1 << (bit % 8))) === 0)
      return false;
  }
  return true;
}

/** A sum over pairs, whatever their order. */
class Sum {
  #count = 0;
  #a = 0;
  #b = 0;

  add(hash: number, place: number): void {
    const low = Math.imul((hash | 0) ^ Math.imul(place + 1, 0x9e3779b1), 0x85ebca6b);
    const high = Math.imul(
      Math.floor(hash / 0x1_0000_0000) ^ Math.imul(place + 7, 0xc2b2ae35),
      0x27d4eb2f,
    );
    const mixed = Math.imul(low ^ (low >>> 15) ^ high, 0x2c1b3c6d);
    this.#count += 1;
    this.#a = (this.#a + (mixed ^ (mixed >>> 13))) | 0;
    this.#b = (this.#b + Math.imul(high ^ (high >>> 16) ^ (low << 7), 0x297a2d39)) | 0;
  }

  equals(other: Sum): boolean {
    return this.#count === other.#count && this.#a === other.#a && this.#b === other.#b;
  }
}

interface FoundTerm {
  readonly hash: number;
  readonly count: number;
  readonly places: readonly number[];
}

/** As `term-pages.ts` describes its rows. */
function* termsIn({ hash: first, count, octets: summed }: TermRow): Generator<FoundTerm> {
  const octets = summed.subarray(0, -4);
  if (count > 0) {
    yield { hash: first, count: Math.floor(count / 2), places: placesIn(octets) };
    return;
  }
  const numbers = new Varints(octets);
  for (let hash = first; numbers.at < octets.length;) {
    hash += numbers.next();
    const counted = Math.floor(numbers.next() / 2);
    const length = numbers.next();
    const places = placesIn(octets.subarray(numbers.at, numbers.at + length));
    numbers.at += length;
    yield { hash, count: counted, places };
  }
}

function placesIn(octets: Buffer): readonly number[] {
  let place = 0;
  return [...varints(octets)].map((distance) => (place += distance));
}

function* varints(octets: Buffer): Generator<number> {
  const numbers = new Varints(octets);
  while (numbers.at < octets.length) yield numbers.next();
}

class Varints {
  readonly #octets: Buffer;
  at = 0;

  constructor(octets: Buffer) {
    this.#octets = octets;
  }

  next(): number {
    let number = 0;
    for (let factor = 1; ; factor *= 128) {
      const octet = this.#octets[this.at++] ?? 0;
      number += (octet % 128) * factor;
      if (octet < 128) return number;
    }
  }
}

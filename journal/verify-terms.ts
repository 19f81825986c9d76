// Compares the index of a sealed segment with its entries: every term with every place, the times, the listed
// values and the filter. What is compared are sums over all of them, so that it takes no memory: what is too
// much, missing or altered alters a sum.

import { readFileSync } from 'node:fs';
import type Database from 'better-sqlite3';
import type { JournalEntry } from './entry.ts';
import { reachOf } from './purge.ts';
import { eachListed, eachTerm } from './terms.ts';

interface TermRow {
  readonly hash: number;
  readonly count: number;
  readonly octets: Buffer;
}

interface Sealed {
  readonly first: number;
  readonly last: number;
  readonly path: string;
}

interface Spans {
  readonly earliest: number;
  readonly latest: number;
  readonly reaches?: number;
}

export class IndexProof {
  readonly #db: Database.Database;
  readonly #path: string;
  readonly #wanted = new Sum();
  readonly #listed = new Set<string>();
  #hashes = new Set<number>();
  #times: number[] = [];
  #place = 0;
  #timesHold = true;
  #earliest = Infinity;
  #latest = -Infinity;
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
    this.#earliest = Math.min(this.#earliest, entry.time);
    this.#latest = Math.max(this.#latest, entry.time);
    this.#reaches = Math.min(this.#reaches, reachOf(entry));
    this.#place += 1;
  }

  /** Of a block whose entries were taken. */
  proveTimes(octets: Buffer | null, count: number): void {
    const found: number[] = [];
    let time = 0;
    for (const number of varints(octets ?? Buffer.of())) {
      time += number % 2 === 0 ? number / 2 : -(number + 1) / 2;
      found.push(time);
    }
    const same =
      found.length === count && found.every((each, place) => each === this.#times[place]);
    if (!same) this.#timesHold = false;
    this.#times = [];
  }

  /** What does not hold of the index; undefined where all of it does. */
  flaw(): string | undefined {
    if (!this.#timesHold) return 'its times are not those of its entries';
    const found = new Sum();
    const hashes: number[] = [];
    for (const row of this.#db.prepare<[], TermRow>('SELECT * FROM terms ORDER BY hash').iterate())
      for (const { hash, count, places } of termsIn(row)) {
        hashes.push(hash);
        if (places.length !== count) return 'the count of a term is not that of its entries';
        for (const place of places) found.add(hash, place);
      }
    if (!found.equals(this.#wanted)) return 'its terms are not those of its entries';
    if (!this.#listHolds()) return 'its listed values are not those of its entries';
    return this.#filterFlaw(hashes);
  }

  /** What it says of itself decides how long it is kept; who sealed before there were purges did not note its reach. */
  aboutFlaw({ earliest, latest, reaches = this.#reaches }: Spans): string | undefined {
    if (earliest !== this.#earliest || latest !== this.#latest)
      return 'its earliest and latest time are not those of its entries';
    return reaches === this.#reaches ? undefined : 'its reach is not that of its entries';
  }

  #listHolds(): boolean {
    let rows = 0;
    for (const { value } of this.#db
      .prepare<[], { value: string }>('SELECT value FROM listed')
      .iterate()) {
      if (!this.#listed.has(value)) return false;
      rows += 1;
    }
    return rows === this.#listed.size;
  }

  /** A filter that denies a term hides its entries; one that is not there hides nothing. */
  #filterFlaw(hashes: readonly number[]): string | undefined {
    const filter = readIfThere(this.#path.replace(/\.db$/, '.filter'));
    if (filter === undefined) return undefined;
    const blocks = filter.length >= 16 ? filter.readDoubleLE(8) : 0;
    if (filter.toString('latin1', 0, 4) !== 'MSCF' || filter.length !== (blocks + 1) * 64)
      return 'its filter is none';
    return hashes.every((hash) => isIn(filter, blocks, hash))
      ? undefined
      : 'its filter denies a term of it';
  }
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
    const bit = bits >>> 23;
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
function* termsIn({ hash: first, count, octets }: TermRow): Generator<FoundTerm> {
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

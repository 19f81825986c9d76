// The terms of a sealed segment as rows of a table: in the order of their hashes, many small ones in one row,
// one with many places in a row of its own, so that its count is there without its places. Pure.
//
//   row of many:  hash, count 0              │ for each: distance of its hash, count * 2 + doubted, octets, places
//   row of one:   hash, count * 2 + doubted  │ places
//
// Places are distances from the one before, as varints. `doubted`: another term has the same hash. The first row has
// hash 0, each names the hash of the next one, and sums tell whether a row is what was written: so what is not
// there is known not to be there. Reading throws where a row is altered or missing: a search then does without.

import { crc32 } from 'node:zlib';
import { hashBits } from '../terms.ts';
import type { Found } from './narrow.ts';
import { Octets, VarintReader } from './varint.ts';

export interface TermRow {
  readonly hash: number;
  readonly count: number;
  /** Hash of the row that follows. */
  readonly next: number;
  /** Of the three before. */
  readonly sum: number;
  /** Behind them the sum of them, four octets. */
  readonly octets: Uint8Array;
}

/** A row of many stays within a page of the file. */
const rowOctetsMost = 3900;
const placesOctetsMost = 1500;

/** Takes terms in the order of their hashes, and gives rows. */
export class TermPages {
  readonly #write: (row: TermRow) => void;
  readonly #row = new Octets();
  readonly #places = new Octets();
  /** It is written when it is known what follows. */
  #pending: Pending = noTerms;
  #first = 0;
  #before = 0;

  constructor(write: (row: TermRow) => void) {
    this.#write = write;
  }

  /** Begins the places of a term; give them to `place`, rising, then `end`. */
  begin(): void {
    this.#places.clear();
    this.#before = 0;
  }

  place(place: number): void {
    this.#places.put(place - this.#before);
    this.#before = place;
  }

  #last = 0;

  end(hash: number, { count, sure }: { readonly count: number; readonly sure: boolean }): void {
    const counted = count * 2 + (sure ? 0 : 1);
    if (this.#places.length > placesOctetsMost) {
      this.flush();
      this.#put({ hash, count: counted, octets: this.#places.view });
      return;
    }
    if (this.#row.length + this.#places.length + 20 > rowOctetsMost) this.flush();
    if (this.#row.length === 0) this.#first = this.#last = hash;
    this.#row.put(hash - this.#last);
    this.#row.put(counted);
    this.#row.put(this.#places.length);
    this.#row.add(this.#places.view);
    this.#last = hash;
  }

  flush(): void {
    if (this.#row.length === 0) return;
    this.#put({ hash: this.#first, count: 0, octets: this.#row.view });
    this.#row.clear();
  }

  /** After the last term. */
  close(): void {
    this.flush();
    this.#writePending(hashesEnd);
  }

  #put({ hash, count, octets }: Pending): void {
    // The least hash there can be is as good as that of nothing.
    if (hash > 0) this.#writePending(hash);
    this.#pending = { hash, count, octets: octets.slice() };
  }

  #writePending(next: number): void {
    const { hash, count, octets } = this.#pending;
    this.#write({ hash, count, next, sum: headSum({ hash, count, next }), octets: summed(octets) });
  }
}

type Pending = Pick<TermRow, 'hash' | 'count' | 'octets'>;
const noTerms: Pending = { hash: 0, count: 0, octets: new Uint8Array() };
const hashesEnd = 2 ** hashBits;

/** A row, or what should be one, is not what was written: its segment is searched without its terms. */
export class Altered extends Error {}

/** The row has to be the one that has this hash, if any has. @throws {Altered} */
export function requireRow(row: TermRow | undefined, hash: number): TermRow {
  if (row === undefined || row.sum !== headSum(row) || hash >= row.next)
    throw new Altered('a row of terms is not what was written');
  return row;
}

function headSum({ hash, count, next }: Pick<TermRow, 'hash' | 'count' | 'next'>): number {
  return crc32(new Uint8Array(Float64Array.of(hash, count, next).buffer));
}

/** With their sum behind them. */
export function summed(octets: Uint8Array): Uint8Array {
  const both = new Uint8Array(octets.length + sumOctets);
  both.set(octets);
  new DataView(both.buffer).setUint32(octets.length, crc32(octets));
  return both;
}

/** Without their sum, which has to be theirs. @throws {Altered} */
export function unsummed(octets: Uint8Array): Uint8Array {
  const end = octets.length - sumOctets;
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
  if (end < 0 || view.getUint32(end) !== crc32(octets.subarray(0, end)))
    throw new Altered('octets of the index are not what was written');
  return octets.subarray(0, end);
}

const sumOctets = 4;

/** The term in a row of many. */
export function findInRow(
  { hash: first, octets: itsOctets }: TermRow,
  wanted: number,
): Found | undefined {
  const octets = unsummed(itsOctets);
  const reader = new VarintReader(octets);
  for (let hash = first; !reader.done;) {
    hash += reader.next();
    const counted = reader.next();
    const length = reader.next();
    const from = reader.at;
    if (hash === wanted)
      return foundOf(counted, () => placesIn(octets.subarray(from, from + length)));
    if (hash > wanted) return undefined;
    reader.skip(length);
  }
  return undefined;
}

export function foundOf(counted: number, places: () => Uint32Array): Found {
  return { count: Math.floor(counted / 2), sure: counted % 2 === 0, places };
}

/** Of a row of one. */
export function placesOfRow(octets: Uint8Array): Uint32Array {
  return placesIn(unsummed(octets));
}

function placesIn(octets: Uint8Array): Uint32Array {
  const reader = new VarintReader(octets);
  // Each place has an octet at least.
  const places = new Uint32Array(octets.length);
  let [place, count] = [0, 0];
  while (!reader.done) places[count++] = place += reader.next();
  return places.subarray(0, count);
}

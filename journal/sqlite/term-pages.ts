// The terms of a sealed segment as rows of a table: in the order of their hashes, many small ones in one row,
// one with many places in a row of its own, so that its count is there without its places. Pure.
//
//   row of many:  hash of the first, count 0 │ for each: distance of its hash, count * 2 + doubted, octets, places
//   row of one:   hash, count * 2 + doubted  │ places
//
// Places are distances from the one before, as varints. `doubted`: another term has the same hash.

import type { Found } from './narrow.ts';
import { Octets, VarintReader } from './varint.ts';

export interface TermRow {
  readonly hash: number;
  readonly count: number;
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
      this.#write({ hash, count: counted, octets: this.#places.view });
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
    this.#write({ hash: this.#first, count: 0, octets: this.#row.view });
    this.#row.clear();
  }
}

/** The term in a row of many. */
export function findInRow({ hash: first, octets }: TermRow, wanted: number): Found | undefined {
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

export function placesIn(octets: Uint8Array): Uint32Array {
  const reader = new VarintReader(octets);
  // Each place has an octet at least.
  const places = new Uint32Array(octets.length);
  let [place, count] = [0, 0];
  while (!reader.done) places[count++] = place += reader.next();
  return places.subarray(0, count);
}

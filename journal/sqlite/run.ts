// A run: the terms of some thousand entries that follow each other, in the order of their hashes, in parts.
// Everything in it is typed arrays: a term or a place is never an object. Pure but for its own memory.

import { hashBits } from '../terms.ts';
import { orderOf } from './radix.ts';

/** Entries of a run at most: a search reads those behind the last run one by one. */
export const runEntries = 2048;
/** Parts by the uppermost bits of a hash: who looks for one term reads one part. */
export const runParts = 32;
const partSpan = 2 ** hashBits / runParts;

export const partOf = (hash: number): number => Math.floor(hash / partSpan);

/** Stands in the place of the check where different terms have one hash. */
export const collided = 0xffff_ffff;

/** A part of a run. Places are of the run; those of term n end at `ends[n]`. */
export interface Part {
  readonly hashes: Float64Array;
  readonly checks: Uint32Array;
  readonly ends: Uint32Array;
  readonly places: Uint16Array;
}

/** Gathers terms entry by entry. Used again and again: its memory stays with it. */
export class RunBuilder {
  /** Open addressing: the number of the term in each slot, plus one. */
  #slots = new Uint32Array(1 << 15);
  #hashes = new Float64Array(1 << 14);
  #checks = new Uint32Array(1 << 14);
  /** Place of the last posting of each term, plus one. */
  #last = new Uint16Array(1 << 14);
  #counts = new Uint32Array(1 << 14);
  #terms = 0;
  #postingTerms = new Uint32Array(1 << 16);
  #postingPlaces = new Uint16Array(1 << 16);
  #postings = 0;
  #place = 0;

  /** What is taken from now on is of the entry at this place. */
  begin(place: number): void {
    this.#place = place;
  }

  readonly take = (hash: number, check: number): void => {
    const term = this.#termOf(hash, check);
    if (this.#last[term] === this.#place + 1) return;
    this.#last[term] = this.#place + 1;
    this.#counts[term] = (this.#counts[term] ?? 0) + 1;
    if (this.#postings === this.#postingTerms.length) this.#growPostings();
    this.#postingTerms[this.#postings] = term;
    this.#postingPlaces[this.#postings] = this.#place;
    this.#postings += 1;
  };

  /** The parts, each as it is stored; the builder is empty again. */
  finish(): readonly Uint8Array[] {
    const terms = this.#terms;
    const hashes = this.#hashes.slice(0, terms);
    const order = orderOf(hashes);
    // Where the places of each term begin, in that order; then every posting goes to its place.
    const starts = new Uint32Array(terms);
    const ends = new Uint32Array(terms);
    let total = 0;
    for (let rank = 0; rank < terms; rank += 1) {
      const term = order[rank] ?? 0;
      starts[term] = total;
      total += this.#counts[term] ?? 0;
      ends[rank] = total;
    }
    const places = new Uint16Array(total);
    for (let posting = 0; posting < this.#postings; posting += 1) {
      const term = this.#postingTerms[posting] ?? 0;
      const to = starts[term] ?? 0;
      places[to] = this.#postingPlaces[posting] ?? 0;
      starts[term] = to + 1;
    }
    const parts = this.#cut(order, ends, places);
    this.#clear();
    return parts;
  }

  #cut(order: Uint32Array, ends: Uint32Array, places: Uint16Array): readonly Uint8Array[] {
    const parts: Uint8Array[] = [];
    let from = 0;
    for (let part = 0; part < runParts; part += 1) {
      let to = from;
      while (to < order.length && partOf(this.#hashes[order[to] ?? 0] ?? 0) === part) to += 1;
      const base = from === 0 ? 0 : (ends[from - 1] ?? 0);
      const encoded = emptyPart(to - from, (to === 0 ? 0 : (ends[to - 1] ?? 0)) - base);
      for (let rank = from; rank < to; rank += 1) {
        const term = order[rank] ?? 0;
        encoded.part.hashes[rank - from] = this.#hashes[term] ?? 0;
        encoded.part.checks[rank - from] = this.#checks[term] ?? 0;
        encoded.part.ends[rank - from] = (ends[rank] ?? 0) - base;
      }
      encoded.part.places.set(places.subarray(base, base + encoded.part.places.length));
      parts.push(encoded.octets);
      from = to;
    }
    return parts;
  }

  #termOf(hash: number, check: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const term = (this.#slots[slot] ?? 0) - 1;
      if (term < 0) return this.#add(slot, hash, check);
      if (this.#hashes[term] !== hash) continue;
      if (this.#checks[term] !== check) this.#checks[term] = collided;
      return term;
    }
  }

  #add(slot: number, hash: number, check: number): number {
    if (this.#terms === this.#hashes.length) {
      this.#growTerms();
      return this.#termOf(hash, check);
    }
    const term = this.#terms;
    this.#terms += 1;
    this.#slots[slot] = term + 1;
    this.#hashes[term] = hash;
    this.#checks[term] = check;
    this.#last[term] = 0;
    this.#counts[term] = 0;
    return term;
  }

  #growTerms(): void {
    const size = this.#hashes.length * 2;
    this.#hashes = grown(this.#hashes, new Float64Array(size));
    this.#checks = grown(this.#checks, new Uint32Array(size));
    this.#last = grown(this.#last, new Uint16Array(size));
    this.#counts = grown(this.#counts, new Uint32Array(size));
    this.#slots = new Uint32Array(size * 2);
    const mask = this.#slots.length - 1;
    for (let term = 0; term < this.#terms; term += 1) {
      let slot = (this.#hashes[term] ?? 0) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = term + 1;
    }
  }

  #growPostings(): void {
    const size = this.#postingTerms.length * 2;
    this.#postingTerms = grown(this.#postingTerms, new Uint32Array(size));
    this.#postingPlaces = grown(this.#postingPlaces, new Uint16Array(size));
  }

  #clear(): void {
    this.#slots.fill(0);
    this.#terms = 0;
    this.#postings = 0;
  }
}

function grown<A extends Float64Array | Uint32Array | Uint16Array>(from: A, to: A): A {
  to.set(from);
  return to;
}

/** terms, places (4 octets each) · hashes (8) · checks (4) · ends (4) · places (2), in the machine's order */
function emptyPart(terms: number, places: number): { octets: Uint8Array; part: Part } {
  const octets = new Uint8Array(headOctets + terms * 16 + places * 2);
  new Uint32Array(octets.buffer, 0, 2).set([terms, places]);
  return { octets, part: viewPart(octets.buffer) };
}

const headOctets = 8;

export function readPart(octets: Uint8Array): Part {
  // A copy where the views would not begin at an even address.
  const { buffer } = octets.byteOffset % 8 === 0 ? octets : new Uint8Array(octets);
  const offset = buffer === octets.buffer ? octets.byteOffset : 0;
  return viewPart(buffer, offset);
}

function viewPart(buffer: ArrayBufferLike, offset = 0): Part {
  const [terms = 0, places = 0] = new Uint32Array(buffer, offset, 2);
  const at = offset + headOctets;
  return {
    hashes: new Float64Array(buffer, at, terms),
    checks: new Uint32Array(buffer, at + terms * 8, terms),
    ends: new Uint32Array(buffer, at + terms * 12, terms),
    places: new Uint16Array(buffer, at + terms * 16, places),
  };
}

/** The place of a hash in a part, or -1. */
export function findIn(hashes: Float64Array, hash: number): number {
  let [low, high] = [0, hashes.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = hashes[middle] ?? 0;
    if (found === hash) return middle;
    if (found < hash) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

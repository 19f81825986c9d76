// Entries that no index has yet, decoded once and kept: one search after the other looks at the same ones.
// Nothing of it grows old, because an entry never changes, and what is purged was sealed long before. Bounded
// in entries and in octets; what is not kept is read anew.

import { decodeEntry } from '../codec.ts';
import type { StoredEntry } from '../entry.ts';
import type { SealedRange } from './segment-files.ts';
import type { Shelf } from './shelf.ts';

/** An entry that may answer; decoded where it was before. */
export interface Candidate {
  readonly blob: Uint8Array;
  readonly stored?: StoredEntry | undefined;
}

/** Kept together: those whose numbers have the same hundreds, so to speak. */
const chunkEntries = 256;
/** More than an indexer that keeps up is ever behind. */
const chunksKept = 32;
const octetsMost = 16 * 2 ** 20;

/** A longer stretch is a journal without an index: it is read through, and nothing of it kept. */
export function isTail({ first, last }: SealedRange): boolean {
  return last - first < (chunksKept - 1) * chunkEntries;
}

export class Tail {
  /** By number; the one that was used last stands last. */
  readonly #chunks = new Map<number, Chunk>();
  #octets = 0;

  /** Every entry of a range, newest first or, with `reverse`, oldest first. */
  *through(entries: Shelf, range: SealedRange, reverse: boolean): Generator<Candidate> {
    const [low, high] = [chunkOf(range.first), chunkOf(range.last)];
    for (let step = 0; step <= high - low; step += 1) {
      const number = reverse ? low + step : high - step;
      const first = Math.max(range.first, number * chunkEntries);
      const last = Math.min(range.last, (number + 1) * chunkEntries - 1);
      const some = this.#read(entries, { first, last });
      yield* reverse ? some : some.toReversed();
    }
  }

  /** Entries of one chunk. */
  #read(entries: Shelf, { first, last }: SealedRange): readonly Candidate[] {
    const number = chunkOf(first);
    const known = this.#chunks.get(number);
    const chunk = grown(entries, known && known.first <= first ? known : noneFrom(first), last);
    this.#keep(number, chunk);
    return chunk.all.slice(first - chunk.first, last - chunk.first + 1);
  }

  #keep(number: number, chunk: Chunk): void {
    this.#letGo(number);
    this.#chunks.set(number, chunk);
    this.#octets += chunk.octets;
    for (const [oldest] of this.#chunks) {
      if (this.#chunks.size <= chunksKept && this.#octets <= octetsMost) return;
      this.#letGo(oldest);
    }
  }

  #letGo(number: number): void {
    this.#octets -= this.#chunks.get(number)?.octets ?? 0;
    this.#chunks.delete(number);
  }
}

/** From `first` on without a gap. */
interface Chunk {
  readonly first: number;
  readonly all: readonly Candidate[];
  readonly octets: number;
}

const noneFrom = (first: number): Chunk => ({ first, all: [], octets: 0 });

function grown(entries: Shelf, chunk: Chunk, last: number): Chunk {
  const from = chunk.first + chunk.all.length;
  if (last < from) return chunk;
  const further = decoded(entries, { first: from, last });
  const octets = further.reduce((sum, { blob }) => sum + blob.length, chunk.octets);
  return { first: chunk.first, all: [...chunk.all, ...further], octets };
}

const chunkOf = (entry: number): number => Math.floor(entry / chunkEntries);

function decoded(entries: Shelf, { first, last }: SealedRange): readonly Candidate[] {
  const blobs = entries.slice({ from: first, to: last, reverse: true, most: chunkEntries });
  return blobs.map((blob) => ({ blob, stored: decodeEntry(blob) }));
}

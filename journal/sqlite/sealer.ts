// Which segment is sealed next, and one piece of that work at a time.
// Promises that a segment whose sealing failed is left as it was, and tried again after a while; one that its
// own tree does not prove is left alone, for `verify` to name.

import { AssertionError } from 'node:assert/strict';
import { tryUpdateCatalogue } from './catalogue.ts';
import { RunGone } from './index-reader.ts';
import type { IndexReader } from './index-reader.ts';
import type { IndexWriter } from './index-writer.ts';
import { NotProved, sealSegment } from './seal.ts';
import { removeSealing } from './segment-files.ts';
import type { Segment, Shelf } from './shelf.ts';

/** Steps until a seal that failed is tried again: minutes, where nothing else is to do. */
const stepsToRest = 600;
/** With more than these waiting the thread no longer rests. */
const waitingMost = 2;

interface Work {
  readonly pieces: Generator<void>;
  readonly of: Segment;
  readonly index: IndexReader;
}

export class Sealer {
  readonly #dir: string;
  #work: Work | undefined;
  #rest = 0;
  #waiting = 0;
  /** First entries of segments that do not prove themselves. */
  readonly #unproved = new Set<number>();
  /** Of those whose sealing broke off over what was read: once it may have been the index. */
  readonly #suspect = new Set<number>();

  constructor(dir: string) {
    this.#dir = dir;
    tryUpdateCatalogue(dir);
  }

  get isBehind(): boolean {
    return this.#waiting > waitingMost;
  }

  /** Does one piece; false where there is none. Throws what says that the index is broken. */
  step(shelf: Shelf, index: IndexWriter, openIndex: () => IndexReader | undefined): boolean {
    if (this.#rest > 0) {
      this.#rest -= 1;
      return false;
    }
    try {
      this.#work ??= this.#begin(shelf, index, openIndex);
      if (this.#work === undefined) return false;
      const { pieces, of } = this.#work;
      if (pieces.next().done !== true) return true;
      this.letGo();
      shelf.look();
      index.forget(of);
      tryUpdateCatalogue(this.#dir);
      return true;
    } catch (error) {
      this.#fail(error);
      return false;
    }
  }

  /** What was made of the current one is begun anew. */
  letGo(): void {
    const work = this.#work;
    this.#work = undefined;
    work?.pieces.return(undefined);
    work?.index.close();
  }

  #begin(
    shelf: Shelf,
    index: IndexWriter,
    openIndex: () => IndexReader | undefined,
  ): Work | undefined {
    const raw = shelf.segments().filter(({ sealed, closed }) => closed && !sealed);
    this.#waiting = raw.length;
    if (raw.length === 0) return undefined;
    const of = raw.find(
      ({ first, last }) => !this.#unproved.has(first) && index.standsOn() >= last,
    );
    const reader = of && openIndex();
    return reader && { pieces: sealSegment(this.#dir, of, reader), of, index: reader };
  }

  #fail(error: unknown): void {
    const first = this.#work?.of.first;
    this.letGo();
    this.#rest = stepsToRest;
    if (first === undefined) return;
    if (error instanceof NotProved || this.#suspect.has(first)) this.#unproved.add(first);
    try {
      // Its room is the journal's.
      removeSealing(this.#dir, first);
    } catch {
      // A disk that does not even forget: the next try removes it, or the next start.
    }
    if (!isUnreadable(error) || this.#unproved.has(first)) return;
    this.#suspect.add(first);
    throw error;
  }
}

/** What was read is not what was written: the index, most likely, or else the segment. */
function isUnreadable(error: unknown): boolean {
  if (error instanceof AssertionError || error instanceof RunGone) return true;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB';
}

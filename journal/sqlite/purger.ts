// Lets go of what the journal says was purged: whole sealed segments, oldest first, one at a time, each gone for good
// before the next. A kill at any step leaves a journal that begins with a later segment, and the next start goes on:
// it looks for the newest purge, whoever asked for it. What fails is told, and tried again a while later.

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import type { Purge } from '../purge.ts';
import { notePurge, updateCatalogue } from './catalogue.ts';
import type { IndexWriter } from './index-writer.ts';
import type { PurgeEnded } from './messages.ts';
import { flushFolder, sentenceOf } from './open.ts';
import { newestPurge, purgeAt } from './purged.ts';
import { filterFile, sealedFile } from './segment-files.ts';
import type { SealedRange } from './segment-files.ts';
import type { Segment, Shelf } from './shelf.ts';

/** Entries looked at in one step of the search for the newest purge. */
const looksAtOnce = 2048;
/** Steps until what failed is tried again: minutes, where nothing else is to do. */
const stepsToRest = 600;

interface Asked {
  readonly id: number;
  readonly entry: number;
}

export class Purger {
  readonly #dir: string;
  readonly #answer: (ended: PurgeEnded) => void;
  readonly #asked: Asked[] = [];
  /** The search of a start; undefined once it is over. */
  #looking: Generator<void, Purge | undefined> | undefined;
  #isLooking = true;
  /** What goes, as far as it has not. */
  #purge: Purge | undefined;
  #rest = 0;

  constructor(dir: string, answer: (ended: PurgeEnded) => void) {
    this.#dir = dir;
    this.#answer = answer;
  }

  /** It goes with the next steps. */
  ask(asked: Asked): void {
    this.#asked.push(asked);
    this.#rest = 0;
  }

  /** Does one piece; false where there is none. */
  step(shelf: Shelf, index: IndexWriter): boolean {
    if (this.#rest > 0) {
      this.#rest -= 1;
      return false;
    }
    try {
      return this.#takeAsked(shelf) || this.#look(shelf) || this.#letOneGo(shelf, index);
    } catch (error) {
      this.#fail(`What was purged has not all gone: ${sentenceOf(error)}.`);
      return false;
    }
  }

  /** The search of a start is begun anew with the shelf that comes next. */
  letGo(): void {
    this.#looking?.return(undefined);
    this.#looking = undefined;
  }

  #takeAsked(shelf: Shelf): boolean {
    if (this.#purge !== undefined) return false;
    const [asked] = this.#asked;
    if (asked === undefined) return false;
    this.#purge = purgeAt(shelf, asked.entry);
    if (this.#purge !== undefined) return true;
    this.#asked.shift();
    const failure = `Entry ${asked.entry} says of nothing that it was purged.`;
    this.#answer({ id: asked.id, failure });
    return true;
  }

  /** After a start: what was journalled, and has not gone. */
  #look(shelf: Shelf): boolean {
    if (!this.#isLooking || this.#purge !== undefined) return false;
    this.#looking ??= newestPurge(this.#dir, shelf);
    for (let looked = 0; looked < looksAtOnce; looked += 1) {
      const next = this.#looking.next();
      if (next.done !== true) continue;
      this.#isLooking = false;
      this.#looking = undefined;
      this.#purge = next.value;
      return true;
    }
    return true;
  }

  #letOneGo(shelf: Shelf, index: IndexWriter): boolean {
    const purge = this.#purge;
    if (purge === undefined) return false;
    const oldest = shelf.segments()[0];
    if (oldest === undefined || oldest.first > purge.last) {
      this.#finish(purge, index);
      return true;
    }
    // It takes whole segments: what says anything else is not followed.
    if (oldest.last > purge.last) this.#purge = undefined;
    requireWhole(oldest, purge);
    removeSealed(this.#dir, oldest);
    flushFolder(this.#dir);
    // The time of a folder is too coarse to tell two that go at once: it is listed anew.
    assert(shelf.isPurged(oldest), 'what was taken away is gone');
    return true;
  }

  /** What only helps comes last: it may be missing. */
  #finish(purge: Purge, index: IndexWriter): void {
    // Where a kill left rows of a segment that was sealed, and the segment has gone since.
    index.forget({ first: 1, last: purge.last });
    try {
      updateCatalogue(this.#dir);
      notePurge(this.#dir, purge);
    } catch {
      // Each segment says the same of itself, and the entry of the purge is found without a hint.
    }
    this.#purge = undefined;
    if (this.#asked[0]?.entry !== purge.entry) return;
    for (const { id } of this.#asked.splice(0, 1)) this.#answer({ id });
  }

  #fail(failure: string): void {
    this.letGo();
    this.#rest = stepsToRest;
    for (const { id } of this.#asked.splice(0)) this.#answer({ id, failure });
  }
}

function requireWhole({ last, sealed, first }: Segment, purge: Purge): void {
  if (sealed && last <= purge.last) return;
  throw new Error(`the segment from entry ${first} is not sealed, or is only partly purged`);
}

/** The filter first: without one a segment is asked itself. */
function removeSealed(dir: string, range: SealedRange): void {
  rmSync(filterFile(dir, range), { force: true });
  rmSync(sealedFile(dir, range), { force: true });
}

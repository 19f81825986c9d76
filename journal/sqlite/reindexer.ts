// Makes the indexes of sealed segments anew, one after the other, one piece at a time. Promises that a segment
// whose entries do not hold is left alone and named, and that for want of room, or where the disk fails, it stops
// and leaves nothing behind but what was there.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { nothingYet } from '../reindexing.ts';
import type { Reindexing, ReindexWish } from '../reindexing.ts';
import { tryRenewBank, tryUpdateCatalogue } from './catalogue.ts';
import { sentenceOf } from './open.ts';
import { flawOfSealed, resealSegment } from './reseal.ts';
import { NotProved } from './seal.ts';
import { listSealed, removeSealing, sealedFile } from './segment-files.ts';
import type { SealedRange } from './segment-files.ts';

export class Reindexer {
  readonly #dir: string;
  readonly #onChange: (report: Reindexing) => void;
  #work: Generator<void> | undefined;
  #report: Reindexing | undefined;

  constructor(dir: string, onChange: (report: Reindexing) => void) {
    this.#dir = dir;
    this.#onChange = onChange;
  }

  begin(wish: ReindexWish): void {
    this.stop();
    this.#report = { wish, state: 'running', ...nothingYet };
    this.#work = this.#renew(wish);
  }

  /** Does one piece; false where there is none. */
  step(): boolean {
    if (this.#work === undefined) return false;
    try {
      if (this.#work.next().done === true) this.#end('done');
    } catch (error) {
      this.#end('failed', sentenceOf(error));
    }
    return true;
  }

  /** Breaks off; what was made of the current one goes. */
  stop(): void {
    this.#work?.return(undefined);
    if (this.#work !== undefined) this.#end('broken off');
  }

  *#renew(wish: ReindexWish): Generator<void> {
    const ranges = sealedOf(this.#dir, wish);
    if (wish.kind !== 'segment') tryRenewBank(this.#dir);
    this.#change({ segments: ranges.length });
    for (const range of ranges) {
      const { looked, renewed, unproved } = this.#change({ at: range.first });
      // So that it is told before the first piece, which may take a while.
      yield;
      const became = yield* renewOne(this.#dir, range, wish);
      this.#change({
        looked: looked + 1,
        renewed: renewed + (became === 'renewed' ? 1 : 0),
        unproved: became === 'unproved' ? [...unproved, range.first] : unproved,
      });
    }
  }

  #end(state: Reindexing['state'], why?: string): void {
    this.#work = undefined;
    this.#change({ state, at: undefined, why });
  }

  #change(to: Partial<Reindexing>): Reindexing {
    assert(this.#report, 'it has begun');
    const report = { ...this.#report, ...to };
    this.#report = report;
    this.#onChange(report);
    return report;
  }
}

/** The sealed segments that are looked at; none where the one that is wanted is not sealed. */
export function sealedOf(dir: string, wish: ReindexWish): readonly SealedRange[] {
  const all = listSealed(dir);
  if (wish.kind !== 'segment') return all;
  return all.filter(({ first, last }) => first <= wish.entry && wish.entry <= last);
}

function* renewOne(
  dir: string,
  range: SealedRange,
  wish: ReindexWish,
): Generator<void, 'renewed' | 'sound' | 'unproved' | 'gone'> {
  try {
    if (wish.kind === 'damaged' && (yield* flawOfSealed(dir, range)) === undefined) return 'sound';
    yield* resealSegment(dir, range);
    tryUpdateCatalogue(dir, range);
    return 'renewed';
  } catch (error) {
    if (!existsSync(sealedFile(dir, range))) return 'gone';
    if (error instanceof NotProved || isCorrupt(error)) return 'unproved';
    throw error;
  } finally {
    tryRemove(dir, range);
  }
}

function isCorrupt(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB';
}

function tryRemove(dir: string, { first }: SealedRange): void {
  try {
    removeSealing(dir, first);
  } catch {
    // A disk that does not even forget: the next start removes it.
  }
}

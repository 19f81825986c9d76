// What a search would take: how many entries are in its range, how many of them have to be read, and by what
// it is narrowed. From the terms alone, of some sealed segments where there are many; it reads no entry.

import type { Condition, Plan, Query } from '../query.ts';
import type { Run } from './index-reader.ts';
import { narrow, soughtOf } from './narrow.ts';
import type { TermSource } from './narrow.ts';
import { attempt, indexedIn, mayHave, rangeOf, stretchesOf, within } from './search.ts';
import type { SearchParts } from './search.ts';
import type { SealedRange } from './segment-files.ts';
import type { Segment } from './shelf.ts';

/** Sealed segments that are looked into; of further ones it is taken that they are like these. */
const sampled = 32;
/** So many places are counted one by one; of more the rarest term says enough. */
const countedMost = 20_000;

export function planOf(parts: SearchParts, query: Query): Plan {
  const planner = new Planner(parts, query);
  const wanted = rangeOf(parts.entries, query);
  const { runs } = indexedIn(parts);
  for (const segment of parts.entries.segments()) {
    const range = within(segment, wanted);
    if (range.first > range.last) continue;
    if (segment.sealed) planner.lookIntoSealed(segment, range);
    else for (const { run, ...stretch } of stretchesOf(range, runs)) planner.lookAt(stretch, run);
  }
  return planner.end();
}

class Planner {
  readonly #parts: SearchParts;
  readonly #query: Query;
  readonly #conditions: readonly { readonly condition: Condition; count: number }[];
  #entries = 0;
  #reads = 0;
  #isIndexed = false;
  readonly #sealed = { looked: 0, entries: 0, reads: 0 };

  constructor(parts: SearchParts, query: Query) {
    this.#parts = parts;
    this.#query = query;
    this.#conditions = query.where
      .filter((condition) => soughtOf(condition, anything) !== undefined)
      .map((condition) => ({ condition, count: 0 }));
  }

  /** Entries of a raw segment; without a run nobody knows their times and terms. */
  lookAt(stretch: SealedRange, run: Run | undefined): void {
    const { index, onIndexFailed } = this.#parts;
    const { since = -Infinity, until = Infinity } = this.#query;
    if (run !== undefined && (run.latest < since || run.earliest >= until)) return;
    const source = run && attempt(() => index?.termsOf(run), onIndexFailed);
    const entries = sizeOf(stretch);
    const reads = source && attempt(() => this.#readsIn(source, entries), onIndexFailed);
    this.#entries += entries;
    this.#reads += reads ?? entries;
  }

  lookIntoSealed(segment: Segment, range: SealedRange): void {
    const { entries: shelf } = this.#parts;
    const { since = -Number.MAX_SAFE_INTEGER, until = Number.MAX_SAFE_INTEGER } = this.#query;
    const { earliest, latest } = shelf.timesOf(segment);
    if (latest < since || earliest >= until) return;
    this.#isIndexed = true;
    if (this.#sealed.looked >= sampled) return this.#take(this.#likeOthers(sizeOf(range)));
    const may = mayHave(shelf, segment, this.#query.where);
    const isWhole = earliest >= since && latest < until;
    // A segment that its filter leaves out is opened only where its times have to tell how much of it counts.
    const entries = isWhole ? sizeOf(range) : this.#touched(segment, range, { since, until });
    const reads = may ? this.#readsIn(shelf.sealed(segment).terms, entries) : 0;
    this.#sealed.looked += 1;
    this.#sealed.entries += entries;
    this.#sealed.reads += reads;
    this.#take({ entries, reads });
  }

  end(): Plan {
    const best = this.#conditions.toSorted((a, b) => a.count - b.count);
    const by = this.#isIndexed ? best.map(({ condition }) => nameOf(condition)) : [];
    return { entries: this.#entries, reads: this.#reads, by: [...new Set(by)] };
  }

  #readsIn(source: TermSource, entries: number): number {
    this.#isIndexed = true;
    let least = Infinity;
    for (const each of this.#conditions) {
      const sought = soughtOf(each.condition, source);
      each.count += sought?.count ?? entries;
      least = Math.min(least, sought?.count ?? Infinity);
    }
    const places = least > countedMost ? undefined : narrow(source, this.#query.where);
    return Math.min(entries, places?.length ?? least);
  }

  #touched(
    segment: Segment,
    range: SealedRange,
    times: { readonly since: number; readonly until: number },
  ): number {
    const blocks = this.#parts.entries.sealed(segment).touching(times);
    return blocks.reduce((sum, block) => sum + Math.max(0, sizeOf(within(block, range))), 0);
  }

  #likeOthers(entries: number): { readonly entries: number; readonly reads: number } {
    const share = this.#sealed.entries === 0 ? 1 : this.#sealed.reads / this.#sealed.entries;
    return { entries, reads: Math.ceil(entries * share) };
  }

  #take({ entries, reads }: { readonly entries: number; readonly reads: number }): void {
    this.#entries += entries;
    this.#reads += reads;
  }
}

/** Narrows by whatever can be narrowed by at all. */
const anything: TermSource = { find: () => undefined, listed: () => [] };

const sizeOf = ({ first, last }: SealedRange): number => last - first + 1;

/** `user`, `LIC`, `LIC or VIN`. */
function nameOf(condition: Condition): string {
  switch (condition.on) {
    case 'column':
      return condition.column;
    case 'field':
    case 'name':
      return condition.field;
    case 'text':
      return 'text';
    case 'either':
      return condition.of.map(nameOf).join(' or ');
  }
}

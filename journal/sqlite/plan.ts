// What a search would take: how many entries are in its range, how many of them have to be read, and by what
// it is narrowed. From the terms alone, of some sealed segments where there are many; it reads no entry.

import type { Condition, Plan, Query } from '../query.ts';
import type { TallyWish } from '../tally.ts';
import { isWithin, ofRun, ofSealed } from './count.ts';
import { isCountable } from './exact.ts';
import type { Counted } from './exact.ts';
import type { Run } from './index-reader.ts';
import { narrow, soughtOf } from './narrow.ts';
import type { TermSource } from './narrow.ts';
import {
  attempt,
  indexedIn,
  mayHave,
  rangeOf,
  stretchesOf,
  touches,
  whileThere,
  within,
} from './search.ts';
import type { SearchParts } from './search.ts';
import type { SealedRange } from './segment-files.ts';
import type { Segment } from './shelf.ts';

/** Sealed segments that are looked into; of further ones it is taken that they are like these. */
const sampled = 32;
/** So many places are counted one by one; of more the rarest term says enough. */
const countedMost = 20_000;

export function planOf(parts: SearchParts, query: Query, wish?: TallyWish): Plan {
  const planner = new Planner(parts, query, wish);
  const wanted = rangeOf(parts.entries, query);
  const { runs } = indexedIn(parts);
  for (const segment of parts.entries.segments()) {
    const range = within(segment, wanted);
    if (range.first > range.last) continue;
    if (segment.sealed)
      whileThere(parts.entries, segment, () => planner.lookIntoSealed(segment, range));
    else for (const { run, ...stretch } of stretchesOf(range, runs)) planner.lookAt(stretch, run);
  }
  return planner.end();
}

interface Told {
  readonly entries: number;
  readonly reads: number;
  readonly counted: number;
}

class Planner {
  readonly #parts: SearchParts;
  readonly #query: Query;
  readonly #conditions: readonly { readonly condition: Condition; count: number }[];
  #entries = 0;
  #reads = 0;
  #counted = 0;
  #isIndexed = false;
  readonly #wish: TallyWish | undefined;
  readonly #sealed = { looked: 0, entries: 0, reads: 0, counted: 0, unfiltered: 0 };
  readonly #unsound: number[] = [];

  constructor(parts: SearchParts, query: Query, wish: TallyWish | undefined) {
    this.#parts = parts;
    this.#wish = wish;
    this.#query = query;
    this.#conditions = query.where
      .filter((condition) => soughtOf(condition, anything) !== undefined)
      .map((condition) => ({ condition, count: 0 }));
  }

  /** Entries of a raw segment; without a run nobody knows their times and terms. */
  lookAt(stretch: SealedRange, run: Run | undefined): void {
    const { index, onIndexFailed } = this.#parts;
    if (run !== undefined && !touches(run, this.#query)) return;
    const entries = sizeOf(stretch);
    const told = attempt(() => {
      if (run === undefined || index === undefined) return undefined;
      const reads = this.#readsIn(index.termsOf(run), entries);
      const isWhole = isWithin(run, stretch, this.#query);
      const isCounted = isWhole && this.#isCounted(() => ofRun(this.#parts.entries, index, run));
      return { reads: isCounted ? 0 : reads, counted: isCounted ? entries : 0 };
    }, onIndexFailed);
    this.#take({ entries, ...(told ?? { reads: entries, counted: 0 }) });
  }

  lookIntoSealed(segment: Segment, range: SealedRange): void {
    const { entries: shelf } = this.#parts;
    const { since = -Number.MAX_SAFE_INTEGER, until = Number.MAX_SAFE_INTEGER } = this.#query;
    const { earliest, latest } = shelf.timesOf(segment);
    if (!touches({ earliest, latest }, this.#query)) return;
    this.#isIndexed = true;
    if (this.#sealed.looked >= sampled) return this.#take(this.#likeOthers(sizeOf(range)));
    let unfiltered = 0;
    const may = mayHave(shelf, segment, this.#query.where, () => (unfiltered = 1));
    const isWhole = earliest >= since && latest < until;
    const unsound = (): void => {
      // Nothing is wrong with what has gone: the caller passes over it.
      if (shelf.isPurged(segment)) throw new Error('it was purged meanwhile');
      this.#unsound.push(segment.first);
    };
    // A segment that its filter leaves out is opened only where its times have to tell how much of it counts.
    const entries = isWhole
      ? sizeOf(range)
      : (attempt(() => this.#touched(segment, range, { since, until }), unsound) ?? sizeOf(range));
    const ask = (): Told => {
      const reads = this.#readsIn(shelf.sealed(segment).terms, entries);
      const isAsked = isWithin({ ...segment, earliest, latest }, range, this.#query);
      const isCounted = isAsked && this.#isCounted(() => ofSealed(shelf, segment));
      return { entries, reads: isCounted ? 0 : reads, counted: isCounted ? entries : 0 };
    };
    const all: Told = { entries, reads: entries, counted: 0 };
    const told = may ? (attempt(ask, unsound) ?? all) : { ...all, reads: 0 };
    this.#sealed.looked += 1;
    this.#sealed.unfiltered += unfiltered > 0 && !shelf.isPurged(segment) ? 1 : 0;
    this.#sealed.entries += entries;
    this.#sealed.reads += told.reads;
    this.#sealed.counted += told.counted;
    this.#take(told);
  }

  end(): Plan {
    const best = this.#conditions.toSorted((a, b) => a.count - b.count);
    const by = this.#isIndexed ? best.map(({ condition }) => nameOf(condition)) : [];
    const { unfiltered } = this.#sealed;
    const unsound = [...new Set(this.#unsound)];
    return {
      ...{ entries: this.#entries, reads: this.#reads, by: [...new Set(by)] },
      ...(this.#wish === undefined ? {} : { counted: this.#counted }),
      ...(unfiltered === 0 ? {} : { unfiltered }),
      ...(unsound.length === 0 ? {} : { unsound }),
    };
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

  #isCounted(of: () => Counted): boolean {
    if (this.#wish === undefined || this.#query.limit > 0) return false;
    return isCountable(this.#wish.by, { where: this.#query.where, of: of() });
  }

  #likeOthers(entries: number): Told {
    const { entries: all, reads, counted } = this.#sealed;
    const share = all === 0 ? 1 : reads / all;
    const unread = all === 0 ? 0 : Math.floor((entries * counted) / all);
    return { entries, reads: Math.ceil(entries * share), counted: unread };
  }

  #take({ entries, reads, counted }: Told): void {
    this.#entries += entries;
    this.#reads += reads;
    this.#counted += counted;
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

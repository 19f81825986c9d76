// One search: the index narrows, `matches` decides, and what the index has not seen is read entry by entry.
// Promises every entry that answers, once, in order; an index that breaks off costs time, never an answer.
// It yields after each entry and block looked at, so that the thread can serve others in between.

import { decodeEntry } from '../codec.ts';
import { matches } from '../query.ts';
import type { Query } from '../query.ts';
import type { EntryReader } from './entry-reader.ts';
import { blocksAtOnce } from './index-reader.ts';
import type { IndexReader, Lookup } from './index-reader.ts';
import { blockEntries } from './index-writer.ts';

/** The blob of an entry that answers, or undefined for one that does not. */
export type Looked = Uint8Array | undefined;

export interface SearchParts {
  readonly entries: EntryReader;
  readonly index: IndexReader | undefined;
  /** Told where the index breaks off. */
  readonly onIndexFailed: () => void;
}

const sliceEntries = 256;

export function* search(parts: SearchParts, query: Query): Generator<Looked> {
  let found = 0;
  for (const blob of candidates(parts, query)) {
    const hit = blob !== undefined && matches(query, decodeEntry(blob));
    yield hit ? blob : undefined;
    if (hit) found += 1;
    if (hit && found === query.limit) return;
  }
}

interface Range {
  readonly from: number;
  readonly to: number;
}

function* candidates(parts: SearchParts, query: Query): Generator<Looked> {
  const { entries, index, onIndexFailed } = parts;
  const from = Math.max(query.entryFrom ?? 1, 1);
  const to = Math.min(query.entryTo ?? Number.MAX_SAFE_INTEGER, entries.head());
  const indexed = attempt(() => index?.standsOn() ?? 0, onIndexFailed) ?? 0;
  const tail = { from: Math.max(from, indexed + 1), to };
  if (!query.reverse) yield* walk(entries, tail, query.reverse);
  yield* narrowed(parts, query, { from, to: Math.min(to, indexed) });
  if (query.reverse) yield* walk(entries, tail, query.reverse);
}

/** Every entry of a range. */
function* walk(entries: EntryReader, range: Range, reverse: boolean): Generator<Looked> {
  let { from, to } = range;
  while (from <= to) {
    const blobs = entries.slice({ from, to, reverse, most: sliceEntries });
    if (blobs.length === 0) return;
    yield* blobs;
    if (reverse) from += blobs.length;
    else to -= blobs.length;
  }
}

/** The entries of an indexed range that may answer; all that remain, should the index break off. */
function* narrowed(parts: SearchParts, query: Query, range: Range): Generator<Looked> {
  const { index, entries, onIndexFailed } = parts;
  if (!index || range.from > range.to) return;
  const { reverse } = query;
  const blocks = placesOf(index, query, range);
  let left = range;
  for (;;) {
    const next = attempt(() => blocks.next(), onIndexFailed);
    if (!next) break;
    if (next.done) return;
    const { block, places } = next.value;
    yield undefined;
    if (places === 'all') yield* walk(entries, entriesOf(block, range), reverse);
    else for (const entry of numbersOf(block, places, reverse)) yield entries.blob(entry);
    left = beyond(left, block, reverse);
  }
  yield* walk(entries, left, reverse);
}

/** Whatever is wrong with the index, the entries themselves are there to be read. */
function attempt<T>(ask: () => T, onFailed: () => void): T | undefined {
  try {
    return ask();
  } catch {
    onFailed();
    return undefined;
  }
}

/** Blocks of a range, in order, with the places that may answer. It touches nothing but the index. */
function* placesOf(
  index: IndexReader,
  query: Query,
  range: Range,
): Generator<{ readonly block: number; readonly places: ReadonlySet<number> | 'all' }> {
  const touched = index.span(query);
  if (!touched) return;
  const { reverse } = query;
  let left = {
    from: Math.max(touched.from, blockOf(range.from)),
    to: Math.min(touched.to, blockOf(range.to)),
    reverse,
  };
  const lookups = query.where
    .map((condition) => index.lookup(condition, left))
    .filter((lookup): lookup is Lookup => lookup !== undefined)
    .sort((a, b) => a.weight - b.weight);
  const [best] = lookups;
  for (;;) {
    const blocks = best ? best.blocks(left) : index.blocks(left, query);
    for (const block of blocks) yield { block, places: best ? common(lookups, block) : 'all' };
    const last = blocks.at(-1);
    if (last === undefined || blocks.length < blocksAtOnce) return;
    left = reverse ? { ...left, from: last + 1 } : { ...left, to: last - 1 };
  }
}

/** Places that all lookups have; the one that narrows best is asked first. */
function common(lookups: readonly Lookup[], block: number): ReadonlySet<number> {
  let places: ReadonlySet<number> | undefined;
  for (const lookup of lookups) {
    places = places ? places.intersection(lookup.at(block)) : lookup.at(block);
    if (places.size === 0) break;
  }
  return places ?? new Set();
}

const blockOf = (entry: number): number => Math.floor((entry - 1) / blockEntries);

function entriesOf(block: number, range: Range): Range {
  const first = block * blockEntries + 1;
  return { from: Math.max(range.from, first), to: Math.min(range.to, first + blockEntries - 1) };
}

function numbersOf(block: number, places: ReadonlySet<number>, reverse: boolean): number[] {
  const numbers = Array.from(places, (place) => block * blockEntries + 1 + place).sort(
    (a, b) => a - b,
  );
  return reverse ? numbers : numbers.reverse();
}

/** What is left of a range after a block of it. */
function beyond(range: Range, block: number, reverse: boolean): Range {
  return reverse
    ? { from: (block + 1) * blockEntries + 1, to: range.to }
    : { from: range.from, to: block * blockEntries };
}

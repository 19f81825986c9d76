// One search: segment after segment, terms narrow, `matches` decides, and what no index has is read entry by
// entry. Promises every entry that answers, once, in order; an index that breaks off costs time, never an answer.
// It yields after each entry looked at and each stretch passed over, so that the thread can serve others.

import { decodeEntry } from '../codec.ts';
import type { JournalEntry } from '../entry.ts';
import { matches } from '../query.ts';
import type { Condition, Query } from '../query.ts';
import type { Term } from '../terms.ts';
import { RunGone } from './index-reader.ts';
import type { IndexReader, Run } from './index-reader.ts';
import { mayAnswer, narrow } from './narrow.ts';
import type { SealedRange } from './segment-files.ts';
import type { Segment, Shelf } from './shelf.ts';
import { isTail } from './tail.ts';
import type { Candidate, Tail } from './tail.ts';

/** The blob of an entry that answers, or undefined for one that does not. */
export type Looked = Uint8Array | undefined;

export interface SearchParts {
  readonly entries: Shelf;
  /** Of a reader that searches more than once. */
  readonly tail?: Tail | undefined;
  readonly index: IndexReader | undefined;
  /** Told where the index breaks off. */
  readonly onIndexFailed: () => void;
}

const sliceEntries = 256;

export function* search(parts: SearchParts, query: Query): Generator<Looked> {
  for (const hit of hits(parts, query)) yield hit?.blob;
}

interface Hit {
  readonly blob: Uint8Array;
  readonly entry: JournalEntry;
}

/** What answers; undefined for each entry that was looked at and does not. */
export function* hits(parts: SearchParts, query: Query): Generator<Hit | undefined> {
  let found = 0;
  for (const candidate of candidates(parts, query)) {
    const hit = candidate && hitOf(query, candidate);
    yield hit;
    if (hit) found += 1;
    if (hit && found === query.limit) return;
  }
}

function hitOf(query: Query, { blob, stored = decodeEntry(blob) }: Candidate): Hit | undefined {
  return matches(query, stored) ? { blob, entry: stored.entry } : undefined;
}

function* candidates(parts: SearchParts, query: Query): Generator<Candidate | undefined> {
  const { entries } = parts;
  const wanted = rangeOf(entries, query);
  const indexed = indexedIn(parts);
  for (const segment of ordered(entries.segments(), query)) {
    const range = within(segment, wanted);
    if (range.first > range.last) continue;
    yield undefined;
    if (segment.sealed) yield* asFarAsThere(parts, query, { segment, range });
    else yield* inRaw({ ...parts, index: indexed.index }, query, { range, runs: indexed.runs });
  }
}

/** The numbers that a query asks for, of those that there are. */
export function rangeOf(entries: Shelf, { entryFrom = 1, entryTo }: Query): SealedRange {
  return {
    first: Math.max(entryFrom, 1),
    last: Math.min(entryTo ?? Number.MAX_SAFE_INTEGER, entries.head()),
  };
}

/** Of some entries the earliest and the latest, in microseconds. */
export type Times = Pick<Run, 'earliest' | 'latest'>;

/** Whether some of them may lie within the times asked for. */
export function touches({ earliest, latest }: Times, { since, until }: Query): boolean {
  return latest >= (since ?? -Infinity) && earliest < (until ?? Infinity);
}

interface Indexed {
  readonly index: IndexReader | undefined;
  readonly runs: readonly Run[];
}

export function indexedIn({ index, onIndexFailed }: SearchParts): Indexed {
  const runs = attempt(() => index?.runs() ?? [], onIndexFailed);
  return runs === undefined ? { index: undefined, runs: [] } : { index, runs };
}

/** In the order of the query: newest first, unless told. */
function ordered<T>(all: readonly T[], { reverse }: Query): readonly T[] {
  return reverse ? all : all.toReversed();
}

export function within(a: SealedRange, b: SealedRange): SealedRange {
  return { first: Math.max(a.first, b.first), last: Math.min(a.last, b.last) };
}

/** Every entry of a range. */
function* walk(entries: Shelf, range: SealedRange, reverse: boolean): Generator<Candidate> {
  let { first: from, last: to } = range;
  while (from <= to) {
    const blobs = entries.slice({ from, to, reverse, most: sliceEntries });
    if (blobs.length === 0) return;
    for (const blob of blobs) yield { blob };
    if (reverse) from += blobs.length;
    else to -= blobs.length;
  }
}

interface InSealed {
  readonly segment: Segment;
  readonly range: SealedRange;
}

/** Undefined where a segment is purged meanwhile: it has no more to answer. */
export function whileThere<T>(entries: Shelf, segment: Segment, look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (!entries.isPurged(segment)) throw error;
    return undefined;
  }
}

/** The same for what yields. */
function* asFarAsThere(
  parts: SearchParts,
  query: Query,
  asked: InSealed,
): Generator<Candidate | undefined> {
  try {
    yield* inSealed(parts, query, asked);
  } catch (error) {
    if (!parts.entries.isPurged(asked.segment)) throw error;
  }
}

function* inSealed(
  parts: SearchParts,
  query: Query,
  asked: InSealed,
): Generator<Candidate | undefined> {
  const { entries } = parts;
  const { segment, range } = asked;
  if (!touches(entries.timesOf(segment), query) || !mayHave(entries, segment, query.where)) return;
  const found = attempt(() => inIndex(entries, query, asked), ignored);
  if (found?.places !== undefined)
    yield* atPlaces(entries, query, { places: found.places, first: segment.first, range });
  // Where its index cannot be read every entry is: that takes its time, and leaves none out.
  else
    for (const block of ordered(found?.blocks ?? [range], query))
      yield* walk(entries, block, query.reverse);
}

interface InIndex {
  /** Where it may be; undefined where nothing narrows. */
  readonly places?: Uint32Array | undefined;
  /** Where its times allow it. */
  readonly blocks?: readonly SealedRange[];
}

function inIndex(entries: Shelf, query: Query, { segment, range }: InSealed): InIndex {
  const { since = -Number.MAX_SAFE_INTEGER, until = Number.MAX_SAFE_INTEGER } = query;
  const { terms, touching } = entries.sealed(segment);
  const places = narrow(terms, query.where);
  const { earliest, latest } = entries.timesOf(segment);
  const isWhole = earliest >= since && latest < until;
  if (places?.length === 0 || (places && isWhole)) return { places };
  const blocks = touching({ since, until }).map((block) => within(block, range));
  return places ? { places: placesWithin(places, segment.first, blocks) } : { blocks };
}

/** Those in one of some blocks; both rise. */
function placesWithin(
  places: Uint32Array,
  first: number,
  blocks: readonly SealedRange[],
): Uint32Array {
  let at = 0;
  return places.filter((place) => {
    while (at < blocks.length && (blocks[at]?.last ?? 0) < first + place) at += 1;
    return (blocks[at]?.first ?? Infinity) <= first + place;
  });
}

/** The plan tells of it, and `verify`: the search itself is complete. */
export const ignored = (): void => undefined;

/** Asks the filter of a segment: without it, or for what it cannot tell, yes. @param onNone Told that it has none. */
export function mayHave(
  entries: Shelf,
  segment: Segment,
  where: readonly Condition[],
  onNone: () => void = ignored,
): boolean {
  const answer = entries.filtering(segment, (filter) => {
    const mayHave = ({ hash }: Term): boolean => filter.mayHave(hash);
    return where.every((condition) => mayAnswer(condition, mayHave));
  });
  if (answer === undefined) onNone();
  return answer ?? true;
}

interface InRaw {
  readonly range: SealedRange;
  readonly runs: readonly Run[];
}

/** Runs of a range, and between and behind them what is not indexed. */
function* inRaw(
  parts: SearchParts,
  query: Query,
  { range, runs }: InRaw,
): Generator<Candidate | undefined> {
  const { entries, tail } = parts;
  for (const stretch of ordered(stretchesOf(range, runs), query)) {
    yield undefined;
    const { run } = stretch;
    const places = run === undefined ? undefined : placesIn(parts, query, run);
    if (run !== undefined && places !== undefined)
      yield* atPlaces(entries, query, { places, first: run.first, range: stretch });
    else if (run === undefined && tail !== undefined && isTail(stretch))
      yield* tail.through(entries, stretch, query.reverse);
    else yield* walk(entries, stretch, query.reverse);
  }
}

export interface Stretch extends SealedRange {
  readonly run?: Run | undefined;
}

export function stretchesOf(range: SealedRange, runs: readonly Run[]): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let next = range.first;
  for (const run of runs) {
    const part = within(run, range);
    if (part.first > part.last) continue;
    if (part.first > next) stretches.push({ first: next, last: part.first - 1 });
    stretches.push({ ...part, run });
    next = part.last + 1;
  }
  if (next <= range.last) stretches.push({ first: next, last: range.last });
  return stretches;
}

/** Undefined: all of them, because nothing narrows or the index broke off. */
function placesIn(
  { index, onIndexFailed }: SearchParts,
  query: Query,
  run: Run,
): Uint32Array | undefined {
  if (!touches(run, query)) return new Uint32Array();
  if (!index) return undefined;
  return attempt(() => narrow(index.termsOf(run), query.where), onIndexFailed);
}

/** Whatever is wrong with the index, the entries themselves are there to be read. */
export function attempt<T>(ask: () => T, onFailed: () => void): T | undefined {
  try {
    return ask();
  } catch (error) {
    if (!(error instanceof RunGone)) onFailed();
    return undefined;
  }
}

interface AtPlaces {
  readonly places: Uint32Array;
  /** The entry of place 0. */
  readonly first: number;
  readonly range: SealedRange;
}

function* atPlaces(
  entries: Shelf,
  { reverse }: Query,
  { places, first, range }: AtPlaces,
): Generator<Candidate | undefined> {
  for (let step = 0; step < places.length; step += 1) {
    const entry = first + (places[reverse ? step : places.length - 1 - step] ?? 0);
    if (entry < range.first || entry > range.last) continue;
    const blob = entries.blob(entry);
    yield blob && { blob };
  }
}

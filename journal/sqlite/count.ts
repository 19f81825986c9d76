// Counts what a search would find, and reads no more for it than it must: a sealed segment, or a run of the index,
// that lies whole within the times and numbers asked for is counted by its terms where these decide. The rest is
// searched. Promises the number that a search would find; yields as a search does, and the groups, as JSON, last.

import { decodeEntry } from '../codec.ts';
import type { StoredEntry } from '../entry.ts';
import type { Query } from '../query.ts';
import type { Tally } from '../tally.ts';
import { addUnread } from './exact.ts';
import type { Counted } from './exact.ts';
import type { IndexReader, Run } from './index-reader.ts';
import { blockEntries } from './sealed-block.ts';
import {
  attempt,
  hits,
  ignored,
  indexedIn,
  mayHave,
  rangeOf,
  stretchesOf,
  touches,
  whileThere,
  within,
} from './search.ts';
import type { Looked, SearchParts } from './search.ts';
import type { SealedRange } from './segment-files.ts';
import type { Segment, Shelf } from './shelf.ts';

export function* countInto(parts: SearchParts, query: Query, tally: Tally): Generator<Looked> {
  for (const piece of piecesOf(parts, query, tally)) {
    if (piece === undefined) {
      yield undefined;
      continue;
    }
    const asked = { ...query, entryFrom: piece.first, entryTo: piece.last };
    for (const hit of hits(parts, asked)) {
      if (hit) tally.add(hit.entry);
      if (tally.isOver) break;
      yield undefined;
    }
    if (tally.isOver) break;
  }
  for (const group of tally.groups()) yield Buffer.from(JSON.stringify(group));
}

/** Ranges that have to be searched; undefined for each that was counted unread. */
function* piecesOf(
  parts: SearchParts,
  query: Query,
  tally: Tally,
): Generator<SealedRange | undefined> {
  const range = rangeOf(parts.entries, query);
  // What stops at its limit does not count by wholes.
  if (query.limit > 0) {
    yield range;
    return;
  }
  let left: SealedRange | undefined;
  for (const stretch of stretches(parts, query)) {
    const { first, last, of } = stretch;
    const { where } = query;
    // An index that breaks off is left aside: what it would have said is read.
    const onFailed = stretch.sealed ? ignored : parts.onIndexFailed;
    if (of && attempt(() => addUnread(tally, { where, of: of() }), onFailed)) {
      if (left) yield left;
      left = undefined;
      yield undefined;
    } else left = { first: left?.first ?? first, last };
  }
  if (left) yield left;
}

interface Stretch extends SealedRange {
  /** Where it lies whole within what is asked for, and is indexed. */
  readonly of: (() => Counted) | undefined;
  readonly sealed: boolean;
}

/** What may have an answer, oldest first: segments that are sealed, runs, and what is not indexed. */
function* stretches(parts: SearchParts, query: Query): Generator<Stretch> {
  const { entries } = parts;
  const wanted = rangeOf(entries, query);
  const { index, runs } = indexedIn(parts);
  for (const segment of entries.segments()) {
    const range = within(segment, wanted);
    if (range.first > range.last) continue;
    if (!segment.sealed) {
      for (const { run, ...stretch } of stretchesOf(range, runs))
        if (run === undefined || index === undefined)
          yield { ...stretch, sealed: false, of: undefined };
        else if (touches(run, query))
          yield {
            ...{ ...stretch, sealed: false },
            of: isWithin(run, stretch, query) ? () => ofRun(entries, index, run) : undefined,
          };
      continue;
    }
    // What is purged from here on is not counted, or is searched for and not found.
    const stretch = whileThere(entries, segment, () => inSealed(parts, query, { segment, range }));
    if (stretch) yield stretch;
  }
}

/** Undefined where none of it is asked for. */
function inSealed(
  { entries }: SearchParts,
  query: Query,
  { segment, range }: { readonly segment: Segment; readonly range: SealedRange },
): Stretch | undefined {
  const times = entries.timesOf(segment);
  if (!touches(times, query) || !mayHave(entries, segment, query.where)) return undefined;
  const isWhole = isWithin({ ...segment, ...times }, range, query);
  const of = isWhole ? () => ofSealed(entries, segment) : undefined;
  return { ...range, sealed: true, of };
}

/** Whether all of it is asked for: its numbers, and its times. */
export function isWithin(whole: Run, range: SealedRange, { since, until }: Query): boolean {
  const { first, last, earliest, latest } = whole;
  const isAll = range.first === first && range.last === last;
  return isAll && earliest >= (since ?? -Infinity) && latest < (until ?? Infinity);
}

export function ofSealed(shelf: Shelf, { first, last }: SealedRange): Counted {
  const { terms, times } = shelf.sealed({ first, last });
  return {
    ...{ terms, first, entries: last - first + 1 },
    at: (place) => entryAt(shelf, first + place),
    times: () => {
      let block = -1;
      let known: Float64Array = new Float64Array();
      return (place) => {
        const wanted = Math.floor(place / blockEntries);
        if (wanted !== block) [block, known] = [wanted, times(wanted)];
        return known[place % blockEntries] ?? 0;
      };
    },
  };
}

export function ofRun(shelf: Shelf, index: IndexReader, run: Run): Counted {
  const { first, last } = run;
  const entries = last - first + 1;
  return {
    ...{ terms: index.termsOf(run), first, entries },
    at: (place) => entryAt(shelf, first + place),
    times: () => {
      const times = index.times(run);
      return times.length === entries ? (place) => times[place] ?? 0 : undefined;
    },
  };
}

function entryAt(shelf: Shelf, entry: number): StoredEntry | undefined {
  const blob = shelf.blob(entry);
  return blob && decodeEntry(blob);
}

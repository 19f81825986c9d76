// All segments of a folder as one stream of entries, for who reads them: deliveries, searches, the indexer.
// Promises to notice a cut at once, and whatever else becomes of segments with the next look; and that no
// more than a few segments are open at a time. Fails with JOURNAL_OPEN where a segment cannot be read.

import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import type { EntryReader, Slice } from './entry-reader.ts';
import { openRawSegment } from './raw-segment.ts';
import { listSegments, rawFile } from './segment-files.ts';

export interface Shelf extends EntryReader {
  /** Looks whether segments came or went; cheap where none did. */
  readonly look: () => void;
  /** The segments as they are, oldest first. */
  readonly segments: () => readonly Segment[];
}

export interface Segment {
  readonly first: number;
  /** Of the one that is still written the last entry of now. */
  readonly last: number;
  /** Nothing more is written to it. */
  readonly closed: boolean;
}

/** Each is up to three descriptors. */
const openMost = 16;

/** @throws {JournalFault} JOURNAL_OPEN */
export function openShelf(dir: string): Shelf {
  let firsts = listSegments(dir);
  let seen = changeOf(dir);
  /** The one that was used last stands last. */
  const open = new Map<number, EntryReader>();

  const letGo = (first: number): void => {
    open.get(first)?.close();
    open.delete(first);
  };
  const list = (): void => {
    seen = changeOf(dir);
    firsts = listSegments(dir);
    for (const first of open.keys()) if (!firsts.includes(first)) letGo(first);
  };
  const reader = (first: number): EntryReader => {
    const known = open.get(first);
    open.delete(first);
    const one = known ?? openRawSegment(dir, first);
    open.set(first, one);
    const [oldest] = open.keys();
    if (open.size > openMost && oldest !== undefined) letGo(oldest);
    return one;
  };
  const newest = (): number => firsts.at(-1) ?? 1;
  const head = (): number => {
    for (;;) {
      const last = reader(newest()).head();
      // The time of a folder is too coarse to tell two changes that follow at once.
      if (last < newest() || !existsSync(rawFile(dir, last + 1))) return last;
      list();
      assert(newest() > last, 'the segment that follows is listed');
    }
  };
  /** The segment that would hold an entry; undefined for one before all of them. */
  const firstOf = (entry: number): number | undefined => {
    const place = firsts.findLastIndex((first) => first <= entry);
    return firsts[place];
  };
  const lastOf = (first: number): number => {
    const next = firsts[firsts.indexOf(first) + 1];
    return next === undefined ? head() : next - 1;
  };
  const readerOf = (entry: number): EntryReader | undefined => {
    if (entry > newest()) head();
    const first = firstOf(entry);
    return first === undefined ? undefined : reader(first);
  };

  return {
    look: () => {
      if (changeOf(dir) !== seen) list();
    },
    segments: () => {
      head();
      return firsts.map((first) => ({ first, last: lastOf(first), closed: first !== newest() }));
    },
    head,
    blob: (entry) => readerOf(entry)?.blob(entry),
    leaf: (entry) => readerOf(entry)?.leaf(entry),
    slice: (wanted) => {
      const blobs: Uint8Array[] = [];
      const to = Math.min(wanted.to, head());
      let left: Slice = { ...wanted, to, from: Math.max(wanted.from, firsts[0] ?? 1) };
      while (left.from <= left.to && left.most > 0) {
        const first = firstOf(left.reverse ? left.from : left.to);
        assert(first !== undefined, 'the range begins with the first segment');
        const [from, to] = [Math.max(left.from, first), Math.min(left.to, lastOf(first))];
        const some = reader(first).slice({ ...left, from, to });
        blobs.push(...some);
        const most = left.most - some.length;
        left = left.reverse ? { ...left, from: to + 1, most } : { ...left, to: from - 1, most };
      }
      return blobs;
    },
    close: () => {
      for (const first of [...open.keys()]) letGo(first);
    },
  };
}

/** What changes when a file of the folder comes or goes. */
function changeOf(dir: string): bigint {
  return statSync(dir, { bigint: true }).mtimeNs;
}

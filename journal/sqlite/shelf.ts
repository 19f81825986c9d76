// All segments of a folder, raw and sealed, as one stream of entries, for who reads them: deliveries, searches,
// the indexer. Promises to notice a cut at once, and whatever else becomes of segments with the next look; and
// that no more than a few are open at a time. Fails with JOURNAL_OPEN where a segment cannot be read.

import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { openCatalogue } from './catalogue.ts';
import type { Card, Catalogue } from './catalogue.ts';
import type { EntryReader, Slice } from './entry-reader.ts';
import { openFilter } from './filter.ts';
import type { Filter } from './filter.ts';
import { openRawSegment } from './raw-segment.ts';
import { openSealedSegment } from './sealed-segment.ts';
import type { SealedSegment } from './sealed-segment.ts';
import { filterFile, listSegments, rawFile, sealedFile } from './segment-files.ts';
import type { SealedRange, SegmentFile } from './segment-files.ts';

export interface Shelf extends EntryReader {
  /** Looks whether segments came or went; cheap where none did. */
  readonly look: () => void;
  /** The segments as they are, oldest first. */
  readonly segments: () => readonly Segment[];
  /** The segment that has an entry, or will have it next. */
  readonly segmentOf: (entry: number) => Segment | undefined;
  /** Of the entries of a sealed segment the earliest and the latest, in microseconds. */
  readonly timesOf: (range: SealedRange) => Pick<Card, 'earliest' | 'latest'>;
  /** Whether a segment that was listed has been purged since. */
  readonly isPurged: (range: Pick<SealedRange, 'first'>) => boolean;
  /** Asks of terms whether a sealed segment may have them; undefined where nothing but the segment can tell. */
  readonly filtering: <T>(range: SealedRange, ask: (filter: Filter) => T) => T | undefined;
  /** A sealed segment of now, until the next call. */
  readonly sealed: (range: SealedRange) => SealedSegment;
}

export interface Segment extends SealedRange {
  /** Nothing more is written to it. */
  readonly closed: boolean;
  readonly sealed: boolean;
}

/** Each is up to three descriptors. */
const openMost = 24;

/** @throws {JournalFault} JOURNAL_OPEN */
export function openShelf(dir: string): Shelf {
  let files = listSegments(dir);
  let seen = changeOf(dir);
  const open = openSegments(dir);
  const cards = new Map<number, Pick<Card, 'earliest' | 'latest'>>();
  let catalogue: Catalogue | undefined;
  /** Those that end where the next begins: nothing of them changes while the folder does not. */
  let closed: readonly Segment[] | undefined;

  const list = (): void => {
    seen = changeOf(dir);
    files = listSegments(dir);
    open.keep(files);
    closed = undefined;
    // A segment whose index was made anew may say other times of itself.
    cards.clear();
    // It is written after a segment is there, which the folder shows once more.
    if (catalogue?.isCurrent() === false) letGoOfCatalogue();
  };
  const letGoOfCatalogue = (): void => {
    catalogue?.close();
    catalogue = undefined;
  };
  const catalogued = (): Catalogue => (catalogue ??= openCatalogue(dir));
  const newest = (): SegmentFile => files.at(-1) ?? { first: 1 };
  const head = (): number => {
    for (;;) {
      const { first, last: sealedLast } = newest();
      // What is not sealed is not purged.
      const last = sealedLast ?? reading(newest(), (reader) => reader.head()) ?? first - 1;
      // The time of a folder is too coarse to tell two changes that follow at once.
      if (last < first || !existsSync(rawFile(dir, last + 1))) return last;
      list();
      assert(newest().first > last, 'the segment that follows is listed');
    }
  };
  const oldest = (): number => files[0]?.first ?? 1;
  /** A segment that was sealed since the last look is read in its new file; of one that was purged there is nothing. */
  const reading = <T>(file: SegmentFile, act: (reader: EntryReader) => T): T | undefined => {
    try {
      return act(open.reader(file));
    } catch (error) {
      list();
      if (file.first < oldest()) return undefined;
      const now = files.find(({ first }) => first === file.first);
      if (now === undefined || now.last === file.last) throw error;
      return act(open.reader(now));
    }
  };
  const placeOf = (entry: number): number => {
    if (entry > newest().first) head();
    return files.findLastIndex(({ first }) => first <= entry);
  };
  const fileOf = (entry: number): SegmentFile | undefined => files[placeOf(entry)];
  const lastOf = (place: number): number => {
    const next = files[place + 1];
    return files[place]?.last ?? (next === undefined ? head() : next.first - 1);
  };
  const segmentAt = (place: number): Segment | undefined => {
    const file = files[place];
    if (file === undefined) return undefined;
    const { first, last } = file;
    const closed = place < files.length - 1 || last !== undefined;
    return { first, last: lastOf(place), closed, sealed: last !== undefined };
  };
  const segmentsAt = (places: Iterable<number>): readonly Segment[] =>
    Array.from(places, segmentAt).filter((segment) => segment !== undefined);
  const one = (entry: number, what: 'blob' | 'leaf'): Uint8Array | undefined => {
    const file = fileOf(entry);
    return file && reading(file, (reader) => reader[what](entry));
  };

  return {
    look: () => {
      if (changeOf(dir) !== seen) list();
    },
    segments: () => {
      head();
      closed ??= segmentsAt(files.slice(0, -1).keys());
      return [...closed, ...segmentsAt([files.length - 1])];
    },
    segmentOf: (entry) => segmentAt(placeOf(entry)),
    sealed: (range) => open.sealed(range),
    isPurged: ({ first }) => {
      list();
      return first < oldest();
    },
    timesOf: (range) => {
      // What is sealed does not change while the folder does not: it is asked once.
      const known = cards.get(range.first) ?? catalogued().cardOf(range.first);
      const card = known ?? open.sealed(range).about;
      cards.set(range.first, card);
      return card;
    },
    filtering: (range, ask) => {
      const banked = catalogued().filterOf(range.first);
      if (banked !== undefined) return ask(banked);
      const filter = openFilter(filterFile(dir, range));
      try {
        return filter && ask(filter);
      } finally {
        filter?.close();
      }
    },
    head,
    blob: (entry) => one(entry, 'blob'),
    leaf: (entry) => one(entry, 'leaf'),
    slice: (wanted) => {
      const blobs: Uint8Array[] = [];
      const to = Math.min(wanted.to, head());
      let left: Slice = { ...wanted, to, from: Math.max(wanted.from, oldest()) };
      while (left.from <= left.to && left.most > 0) {
        const place = placeOf(left.reverse ? left.from : left.to);
        const file = files[place];
        assert(file, 'the range begins with the first segment');
        const [from, to] = [Math.max(left.from, file.first), Math.min(left.to, lastOf(place))];
        const piece = { ...left, from, to };
        const some = reading(file, (reader) => reader.slice(piece));
        if (some === undefined) {
          left = { ...left, from: Math.max(left.from, oldest()) };
          continue;
        }
        blobs.push(...some);
        const most = left.most - some.length;
        left = left.reverse ? { ...left, from: to + 1, most } : { ...left, to: from - 1, most };
      }
      return blobs;
    },
    close: () => {
      letGoOfCatalogue();
      open.close();
    },
  };
}

interface OpenSegments {
  readonly reader: (file: SegmentFile) => EntryReader;
  readonly sealed: (range: SealedRange) => SealedSegment;
  /** Closes those that are no longer there. */
  readonly keep: (files: readonly SegmentFile[]) => void;
  readonly close: () => void;
}

/** Segments that are open, a few of them. */
function openSegments(dir: string): OpenSegments {
  /** By key; the one that was used last stands last. */
  const raw = new Map<string, EntryReader>();
  const sealed = new Map<string, SealedSegment>();
  const use = <R extends EntryReader>(of: Map<string, R>, key: string, begin: () => R): R => {
    const known = of.get(key) ?? begin();
    of.delete(key);
    of.set(key, known);
    const [oldest] = of.keys();
    if (of.size > openMost && oldest !== undefined) letGo(of, oldest);
    return known;
  };
  /** Which file was opened: one with a new index has the name of the one before it. */
  const inodes = new WeakMap<EntryReader, bigint | undefined>();
  const inodeOf = (range: SealedRange): bigint | undefined =>
    statSync(sealedFile(dir, range), { bigint: true, throwIfNoEntry: false })?.ino;
  const useSealed = (range: SealedRange): SealedSegment =>
    use(sealed, keyOf(range), () => {
      // Asked before it is opened: should it be replaced in between it is opened once more, later.
      const inode = inodeOf(range);
      const opened = openSealedSegment(dir, range);
      inodes.set(opened, inode);
      return opened;
    });
  return {
    reader: ({ first, last }) =>
      last === undefined
        ? use(raw, keyOf({ first }), () => openRawSegment(dir, first))
        : useSealed({ first, last }),
    sealed: useSealed,
    keep: (files) => {
      const isAsOpened = ({ first, last }: SegmentFile): boolean => {
        const opened = last === undefined ? undefined : sealed.get(keyOf({ first, last }));
        if (last === undefined || opened === undefined) return true;
        return inodes.get(opened) === inodeOf({ first, last });
      };
      const keys = new Set(files.filter(isAsOpened).map(keyOf));
      for (const some of [raw, sealed])
        for (const key of [...some.keys()]) if (!keys.has(key)) letGo(some, key);
    },
    close: () => {
      for (const some of [raw, sealed]) for (const key of [...some.keys()]) letGo(some, key);
    },
  };
}

function letGo(of: Map<string, EntryReader>, key: string): void {
  of.get(key)?.close();
  of.delete(key);
}

function keyOf({ first, last }: SegmentFile): string {
  return `${first} ${last ?? ''}`;
}

/** What changes when a file of the folder comes or goes. */
function changeOf(dir: string): bigint {
  return statSync(dir, { bigint: true }).mtimeNs;
}

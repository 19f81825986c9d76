// The journal as its one writer holds it: its folder locked, its newest segment open, cut when it is time.
// Promises that a commit which returns is durable, all or nothing; that segments follow each other without a
// gap; and that a clock set back cuts none. A cut that finds no room is put off: the open segment grows on.
// Fails with what SQLite throws; the writer thread decides what that means.

import assert from 'node:assert/strict';
import { closeSync, constants, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { JournalFault } from '../fault.ts';
import type { Head } from '../journal.ts';
import { encodeFrontier, rootOf } from '../tree.ts';
import { causeOf, isBroken, isFull } from './full.ts';
import { flushFolder, requireKnownVersion, sentenceOf } from './open.ts';
import { createSegment, dayOf, openSegment } from './open-segment.ts';
import type { OpenSegment } from './open-segment.ts';
import { requireBeginning } from './purged.ts';
import { openRawSegment } from './raw-segment.ts';
import {
  listSegments,
  rawFile,
  removeOutlived,
  removeUnfinished,
  usualLimits,
} from './segment-files.ts';
import type { SealedRange, SegmentFile, SegmentLimits } from './segment-files.ts';
import { journalMigrations } from './schema.ts';
import type { SegmentStart } from './schema.ts';
import { openSealedSegment } from './sealed-segment.ts';

export interface EntryStore {
  readonly entries: () => number;
  readonly head: () => Head;
  /**
   * Commits records, the first of which is entry number `first`. Durable when it returns. They go into one
   * segment, which is a new one where the open one is full or of another day.
   *
   * @param latest The latest time among them, in microseconds.
   */
  readonly commit: (first: number, records: readonly Uint8Array[], latest: number) => void;
  /** Pages, about, that the WAL holds beyond the last checkpoint. */
  readonly pagesWaiting: () => number;
  /** What cannot be moved for want of room stays in the WAL, durable. */
  readonly checkpoint: () => void;
  readonly close: () => void;
}

/** The next segment is begun and cannot be opened, for want of room or a descriptor: it is tried again. */
export class SegmentWaits extends Error {}

/** Says what the journal held at least, should its WAL file be taken away; see `verify.ts`. */
const headFile = (dir: string): string => join(dir, 'head');

/** After a cut that found no room so many entries are written before the next try. */
const entriesBetweenTries = 1000;

/** @throws {JournalFault} JOURNAL_LOCKED, JOURNAL_OPEN, JOURNAL_NEWER or JOURNAL_CUT */
export function openEntryStore(dir: string, limits: SegmentLimits = usualLimits): EntryStore {
  const lock = lockFolder(dir);
  requireKnownFormat(dir);
  removeUnfinished(dir);
  removeOutlived(dir);
  let open = openNewest(dir);
  requireBeginning(dir);
  requireWhole(dir, open.frontier().size);
  const head = openSync(headFile(dir), constants.O_RDWR | constants.O_CREAT, 0o600);
  const entries = (): number => open.frontier().size;
  let tryFrom = 0;
  /** The next segment is there: nothing more may go into the open one. */
  let made = false;

  const noteHead = (): void => {
    try {
      // Not flushed: it may lag after a power cut, but never runs ahead of what is durable.
      writeSync(head, `${String(entries()).padStart(16)} ${rootOf(open.frontier())}\n`, 0);
    } catch (error) {
      // The entries are durable: for want of room their note comes with the next commit.
      if (!isFull(error)) throw error;
    }
  };
  const isDue = (latest: number): boolean => {
    const count = entries() - open.first + 1;
    if (made) return true;
    if (count === 0 || entries() < tryFrom) return false;
    const full = count >= limits.entries || open.octets() >= limits.octets;
    return full || dayOf(Math.max(latest, open.latest())) !== open.day();
  };
  const cut = (): void => {
    const first = entries() + 1;
    if (!made && !tryCreate(dir, open)) {
      tryFrom = entries() + entriesBetweenTries;
      return;
    }
    made = true;
    const next = openMade(dir, first);
    open.checkpoint();
    open.close();
    open = next;
    made = false;
  };
  noteHead();
  // Once, name and size too: from now on a power cut leaves one of its values, never none.
  fsyncSync(head);
  flushFolder(dir);

  return {
    entries,
    head: () => ({ entries: entries(), root: rootOf(open.frontier()) }),
    commit: (first, records, latest) => {
      assert(first === entries() + 1, 'entries come in order, gap-free');
      if (isDue(latest)) cut();
      open.commit(records, latest);
      noteHead();
    },
    pagesWaiting: () => open.pagesWaiting(),
    checkpoint: () => open.checkpoint(),
    close: () => {
      closeSync(head);
      open.close();
      lock.close();
    },
  };
}

/** The newest segment, when each one begins where the one before it ends. */
function openNewest(dir: string): OpenSegment {
  const segments = listSegments(dir);
  for (const [place, segment] of segments.entries()) {
    const next = segments[place + 1];
    if (next !== undefined) requireEnd(dir, segment, next.first - 1);
  }
  const newest = segments.at(-1);
  if (newest?.last === undefined) return openSegment(dir, newest?.first ?? 1);
  // The open one is gone, and with it the entries that the head file names, if there were any.
  createSegment(dir, afterSealed(dir, { ...newest, last: newest.last }));
  flushFolder(dir);
  return openSegment(dir, newest.last + 1);
}

function afterSealed(dir: string, range: SealedRange): SegmentStart {
  const { about, close } = openSealedSegment(dir, range);
  close();
  return { first: range.last + 1, frontier: about.ended, latest: about.latest };
}

function requireEnd(dir: string, { first, last: named }: SegmentFile, wanted: number): void {
  const last = named ?? lastOfRaw(dir, first);
  if (last === wanted) return;
  throw new JournalFault(
    'JOURNAL_CUT',
    `The segment of entry ${first} in ${dir} ends at ${last}, and the next begins at ${wanted + 1}.`,
  );
}

function lastOfRaw(dir: string, first: number): number {
  const segment = openRawSegment(dir, first);
  const last = segment.head();
  segment.close();
  return last;
}

/** The segment is there, and so the old one is over: what is only wanting is waited for. */
function openMade(dir: string, first: number): OpenSegment {
  try {
    flushFolder(dir);
    return openSegment(dir, first);
  } catch (error) {
    if (isBroken(causeOf(error))) throw error;
    throw new SegmentWaits('the next segment cannot be opened yet', { cause: error });
  }
}

/** False for want of room, or of a descriptor: the journal goes on in the segment it has. */
function tryCreate(dir: string, open: OpenSegment): boolean {
  const frontier = open.frontier();
  const start = {
    first: frontier.size + 1,
    frontier: encodeFrontier(frontier),
    latest: open.latest(),
  };
  try {
    createSegment(dir, start);
    return true;
  } catch (error) {
    if (isBroken(causeOf(error))) throw error;
    return false;
  }
}

/** A lock that goes with the process, however it ends: SQLite's own, on an empty file. */
export function lockFolder(dir: string): Database.Database {
  const path = join(dir, 'lock');
  try {
    closeSync(openSync(path, 'a', 0o600));
    const lock = new Database(path, { timeout: 0 });
    // With a change, which is never committed: SQLite opens for reading alone what it may not write, and its
    // lock would then keep nobody out.
    lock.exec('BEGIN EXCLUSIVE; PRAGMA user_version = 1');
    return lock;
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code === 'SQLITE_BUSY')
      throw new JournalFault('JOURNAL_LOCKED', `Another process writes the journal in ${dir}.`);
    const code = isFull(error) ? 'JOURNAL_FULL' : 'JOURNAL_OPEN';
    throw new JournalFault(code, `${path}: ${sentenceOf(error)}.`, error);
  }
}

/**
 * Before anything is touched. A program makes segments of its own version alone: the newest of each kind tells.
 *
 * @throws {JournalFault} JOURNAL_NEWER
 */
export function requireKnownFormat(dir: string): void {
  const segments = listSegments(dir);
  const [raw, sealed] = [
    segments.findLast(({ last }) => last === undefined),
    segments.findLast(({ last }) => last !== undefined),
  ];
  if (raw !== undefined) requireKnownVersion(rawFile(dir, raw.first), journalMigrations.length);
  if (sealed?.last !== undefined) requireKnownSealed(dir, { ...sealed, last: sealed.last });
}

/** One that is broken is no reason not to start: whoever reads it is told, and `verify` says where. */
function requireKnownSealed(dir: string, range: SealedRange): void {
  try {
    openSealedSegment(dir, range).close();
  } catch (error) {
    if (error instanceof JournalFault && error.code === 'JOURNAL_NEWER') throw error;
  }
}

function requireWhole(dir: string, entries: number): void {
  const noted = notedEntries(dir);
  if (noted <= entries) return;
  throw new JournalFault(
    'JOURNAL_CUT',
    `The journal in ${dir} ends at entry ${entries}, but ${noted} were durable.`,
  );
}

function notedEntries(dir: string): number {
  try {
    return Number(/^ *(\d+) /.exec(readFileSync(headFile(dir), 'latin1'))?.[1] ?? 0);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0;
    throw error;
  }
}

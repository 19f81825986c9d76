// Makes the index of a sealed segment anew: terms, listed values, times, counts and filter, from its entries.
// Promises that nothing is taken over that does not have the tree the segment ends with, that the new file is
// proved by the code of `verify` from what was read back of it, and that the old one stays until the new one has
// its name. Whoever has the old one open reads on in it. A kill at any step leaves one of the two, whole.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { levelsOf, walkFrom } from '../verify-walk.ts';
import { provingSealed } from '../verify-sealed.ts';
import { copyFrontier, decodeFrontier, encodeFrontier, grow } from '../tree.ts';
import { openRuns } from './index-reader.ts';
import { createFile } from './open.ts';
import { runTables } from './run-tables.ts';
import { runEntries } from './run.ts';
import { runsTables } from './schema.ts';
import { NotProved } from './seal.ts';
import { blockEntries } from './sealed-block.ts';
import { openSealedSegment } from './sealed-segment.ts';
import type { SealedSegment } from './sealed-segment.ts';
import { blocksAtOnce, filling, putInPlace, writeSealing } from './sealing.ts';
import { filterFile, removeSealing, sealedFile, sealingFile } from './segment-files.ts';
import type { SealedRange } from './segment-files.ts';

/** @throws {NotProved} where its entries do not hold: then it is as it was. */
export function* resealSegment(dir: string, range: SealedRange): Generator<void> {
  removeSealing(dir, range.first);
  const old = openOld(dir, range);
  try {
    const passing = sealingFile(dir, range.first, 'runs');
    createFile(passing, runsTables);
    yield* filling(passing, (db) => writeRuns(db, old, range));
    yield* writeAnew(dir, old, range);
    const flaw = yield* flawOf(range, { path: sealingFile(dir, range.first, 'db'), of: old });
    assert(flaw === undefined, 'an index that was made anew is that of its entries');
    // It may have been purged meanwhile: what is gone does not come back.
    if (!existsSync(sealedFile(dir, range))) throw new NotProved('it was taken away meanwhile');
    putInPlace(dir, range);
  } finally {
    old.close();
  }
  removeSealing(dir, range.first);
}

/**
 * What does not hold of its index, or that its filter is missing; undefined where all of it is sound.
 *
 * @throws {NotProved} where its entries do not hold.
 */
export function* flawOfSealed(
  dir: string,
  range: SealedRange,
): Generator<void, string | undefined> {
  if (!existsSync(filterFile(dir, range))) return 'its filter is missing';
  const of = openOld(dir, range);
  try {
    return yield* flawOf(range, { path: sealedFile(dir, range), of });
  } finally {
    of.close();
  }
}

function openOld(dir: string, range: SealedRange): SealedSegment {
  try {
    const old = openSealedSegment(dir, range);
    const { first, last } = old.about;
    if (first === range.first && last === range.last) return old;
    old.close();
  } catch (cause) {
    throw new NotProved('what it says of itself cannot be read', { cause });
  }
  throw new NotProved('it is not the segment that its name says');
}

/** The runs of all its entries, which have the tree it ends with. */
function* writeRuns(
  db: Database.Database,
  old: SealedSegment,
  { first, last }: SealedRange,
): Generator<void> {
  const { put } = runTables(db);
  const frontier = copyFrontier(decodeFrontier(first - 1, old.about.began));
  for (let from = first; from <= last; from += runEntries) {
    const to = Math.min(from + runEntries - 1, last);
    const blobs: Uint8Array[] = [];
    for (let entry = from; entry <= to; entry += 1) {
      const [leaf, blob] = readOf(old, entry);
      grow(frontier, leaf);
      blobs.push(blob);
      if (blobs.length % (blocksAtOnce * blockEntries) === 0) yield;
    }
    put(from, blobs);
    yield;
  }
  if (!Buffer.from(encodeFrontier(frontier)).equals(old.about.ended))
    throw new NotProved('its entries do not have the tree it ends with');
}

/** A block that cannot be read is the disk's, or somebody's: the segment is left alone. */
function readOf(old: SealedSegment, entry: number): readonly [Uint8Array, Uint8Array] {
  try {
    const [leaf, blob] = [old.leaf(entry), old.blob(entry)];
    assert(leaf && blob, 'an entry of the segment');
    return [leaf, blob];
  } catch (cause) {
    throw new NotProved(`its entry ${entry} cannot be read`, { cause });
  }
}

function* writeAnew(dir: string, old: SealedSegment, range: SealedRange): Generator<void> {
  const index = openRuns(sealingFile(dir, range.first, 'runs'));
  try {
    const blocks = (db: Database.Database): Generator<void> => copyBlocks(db, old, range);
    yield* writeSealing(dir, { range, index, ends: old.about, blocks });
  } finally {
    index.close();
  }
}

function* copyBlocks(
  db: Database.Database,
  old: SealedSegment,
  { first, last }: SealedRange,
): Generator<void> {
  const insert = db.prepare<[number, Uint8Array]>('INSERT INTO blocks VALUES (?, ?)');
  for (let number = 0; number * blockEntries <= last - first; number += 1) {
    insert.run(number, old.block(number));
    if (number % blocksAtOnce === blocksAtOnce - 1) yield;
  }
}

/** By the code of `verify`. @throws {NotProved} */
function* flawOf(
  range: SealedRange,
  { path, of }: { readonly path: string; readonly of: SealedSegment },
): Generator<void, string | undefined> {
  const { first } = range;
  const walk = walkFrom(first, levelsOf(first - 1, of.about.began));
  let flaw: string | undefined;
  const told = (reason: string): unknown => (flaw = reason);
  const bad = yield* provingSealed({ ...range, path }, walk, { noted: undefined, told });
  if (bad !== undefined) throw new NotProved(`its entry ${bad.firstBad}: ${bad.reason}`);
  return flaw;
}

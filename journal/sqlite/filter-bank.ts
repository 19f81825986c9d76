// The filters of all sealed segments, one behind the other in one file beside the catalogue: a thousand of them
// are asked from one file, and of one that is not too large from memory. A copy, as the catalogue is: the file of
// a segment's own filter stays, and is asked where the bank has none.
//
//   64 octets: "MSCB", version, 3 of nothing, the bank's number (8) │ filters, as their files have them
//
// Places stand in the catalogue, under the number of the bank they are of; they are committed after the bank is
// flushed, so a place never names octets that are not there.

import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { blocksIn, blocksOfFile, filterAt, readFilter } from './filter.ts';
import type { Blocks, Filter } from './filter.ts';
import { flushFolder } from './open.ts';
import { filterFile } from './segment-files.ts';
import type { SealedRange } from './segment-files.ts';

/** Where the filter of a segment lies in the bank. */
interface FilterPlace {
  readonly first: number;
  readonly at: number;
  readonly octets: number;
}

export interface FilterBank {
  /** Of the segment that begins with this entry; undefined where the bank has none. */
  readonly filterOf: (first: number) => Filter | undefined;
  readonly close: () => void;
}

const headOctets = 64;
const magic = 'MSCB';
const version = 1;
/** A bank up to this size, some 25 million entries, is held in memory by who asks it. */
const heldMost = 64 * 2 ** 20;

const bankFile = (dir: string): string => join(dir, 'catalogue.filters');

interface Folder {
  readonly sealed: readonly SealedRange[];
  /** One whose filter was made anew. */
  readonly renewed: SealedRange | undefined;
}

/** Adds the filters of segments that the bank does not have, and forgets those of segments that are gone. */
export function updateBank(dir: string, db: Database.Database, { sealed, renewed }: Folder): void {
  const known = placesIn(db);
  const firsts = new Set(sealed.map(({ first }) => first));
  const gone = known.filter(({ first }) => !firsts.has(first));
  const live = known.filter(({ first }) => firsts.has(first) && first !== renewed?.first);
  const end = endOf(dir);
  // What is forgotten takes room until it is more than half of the bank.
  const isSparse = sumOf(live) * 2 < end - headOctets;
  if (isSparse || !isBank(dir, numberIn(db))) beginBank(dir, db, sealed);
  else fillBank(dir, db, { sealed, live, gone, end });
}

/** Behind all that was ever written: whoever has an older catalogue open finds there what it says, or nothing. */
function endOf(dir: string): number {
  const size = statSync(bankFile(dir), { throwIfNoEntry: false })?.size ?? 0;
  return Math.max(headOctets, Math.ceil(size / headOctets) * headOctets);
}

function beginBank(dir: string, db: Database.Database, sealed: readonly SealedRange[]): void {
  const number = randomBytes(8);
  const head = Buffer.alloc(headOctets);
  head.write(magic, 'latin1');
  head[4] = version;
  number.copy(head, 8);
  // Who has the old one open goes on with it.
  rmSync(bankFile(dir), { force: true });
  const fd = openSync(bankFile(dir), 'wx', 0o600);
  try {
    writeAll(fd, head, 0);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  flushFolder(dir);
  db.transaction(() => {
    db.exec('DELETE FROM filters');
    db.prepare('INSERT OR REPLACE INTO bank VALUES (1, ?)').run(number);
  }).immediate();
  fillBank(dir, db, { sealed, live: [], gone: [], end: headOctets });
}

interface Filling {
  readonly sealed: readonly SealedRange[];
  readonly live: readonly FilterPlace[];
  /** Of segments that are not there any more: nothing of them stays. */
  readonly gone: readonly FilterPlace[];
  /** Where nothing was written yet. */
  readonly end: number;
}

function fillBank(dir: string, db: Database.Database, filling: Filling): void {
  const { sealed, live, gone, end } = filling;
  const have = new Set(live.map(({ first }) => first));
  const added: FilterPlace[] = [];
  const fd = openSync(bankFile(dir), constants.O_RDWR);
  try {
    let at = end;
    for (const range of sealed) {
      const octets = have.has(range.first) ? undefined : readFilter(filterFile(dir, range));
      if (octets === undefined) continue;
      writeAll(fd, octets, at);
      added.push({ first: range.first, at, octets: octets.length });
      at += octets.length;
    }
    // Blocks of nothing have no sum that fits: who still asks them hears that anything may be there.
    for (const place of gone) writeAll(fd, Buffer.alloc(place.octets), place.at);
    if (added.length + gone.length > 0) fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  const insert = db.prepare('INSERT INTO filters VALUES (@first, @at, @octets)');
  const remove = db.prepare('DELETE FROM filters WHERE first = ?');
  db.transaction(() => {
    for (const { first } of placesIn(db)) if (!have.has(first)) remove.run(first);
    for (const place of added) insert.run(place);
  }).immediate();
}

export function removeBank(dir: string): void {
  rmSync(bankFile(dir), { force: true });
}

/** The bank that the catalogue names; undefined where it is not there, or is another one by now. */
export function openBank(dir: string, db: Database.Database): FilterBank | undefined {
  const places = new Map(placesIn(db).map((place) => [place.first, place]));
  const fd = openIfBank(dir, numberIn(db));
  if (fd === undefined) return undefined;
  let blocks: Blocks | undefined;
  return {
    filterOf: (first) => {
      const place = places.get(first);
      return place && filterAt((blocks ??= blocksOf(fd)), place.at, place.octets);
    },
    close: () => closeSync(fd),
  };
}

function placesIn(db: Database.Database): readonly FilterPlace[] {
  return db.prepare<[], FilterPlace>('SELECT first, at, octets FROM filters').all();
}

function numberIn(db: Database.Database): Buffer | undefined {
  return db.prepare<[], { number: Buffer }>('SELECT number FROM bank').get()?.number;
}

function isBank(dir: string, number: Buffer | undefined): boolean {
  const fd = openIfBank(dir, number);
  if (fd !== undefined) closeSync(fd);
  return fd !== undefined;
}

function openIfBank(dir: string, number: Buffer | undefined): number | undefined {
  let fd: number;
  try {
    fd = openSync(bankFile(dir), 'r');
  } catch {
    return undefined;
  }
  if (isOf(fd, number)) return fd;
  closeSync(fd);
  return undefined;
}

/** A disk that does not give its head back has no bank. */
function isOf(fd: number, number: Buffer | undefined): boolean {
  const head = Buffer.alloc(headOctets);
  try {
    readSync(fd, head, 0, headOctets, 0);
  } catch {
    return false;
  }
  const isOne = head.toString('latin1', 0, 4) === magic && head[4] === version;
  return isOne && number?.equals(head.subarray(8, 16)) === true;
}

/** A thousand questions to memory take a tenth of what a thousand reads take, and no disk is waited for. */
function blocksOf(fd: number): Blocks {
  try {
    const octets = Buffer.allocUnsafeSlow(fstatSync(fd).size);
    if (octets.length > heldMost) return blocksOfFile(fd);
    for (let at = 0; at < octets.length;) {
      const read = readSync(fd, octets, at, octets.length - at, at);
      if (read === 0) return blocksOfFile(fd);
      at += read;
    }
    return blocksIn(octets);
  } catch {
    // What the disk does not give back is asked for place by place, and what is not given then denies nothing.
    return blocksOfFile(fd);
  }
}

function writeAll(fd: number, octets: Uint8Array, start: number): void {
  for (let done = 0; done < octets.length;)
    done += writeSync(fd, octets, done, octets.length - done, start + done);
}

function sumOf(places: readonly FilterPlace[]): number {
  return places.reduce((sum, { octets }) => sum + octets, 0);
}

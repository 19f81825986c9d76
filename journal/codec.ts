// One entry to one blob and back: JSON of `{ v, ...entry }`, then LF and the octets of the body.
// Encoded once; what is stored is what was hashed. JSON writes no raw LF, so the first one ends it.
// Fails by assertion: before an entry is written and after it is read. It never repairs.

import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { entryVersion } from './entry.ts';
import type { JournalEntry, StoredEntry } from './entry.ts';
import { JournalFault } from './fault.ts';

/** Parts laid end to end in one buffer that is handed from thread to thread without a copy. */
export interface Batch {
  readonly octets: Uint8Array<ArrayBuffer>;
  /** End of each part, in octets from the beginning. */
  readonly ends: Uint32Array<ArrayBuffer>;
}

/** Random octets from outside, so that a test can repeat them. */
export type Random = (octets: number) => Uint8Array;

export const saltOctets = 32;
/** A record is `0x00`, salt, blob: exactly what its leaf is the hash of, so it is hashed in one go. */
const blobAt = 1 + saltOctets;

const versionMark = `{"v":${entryVersion},`;
const lineFeed = 0x0a;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Grows to the batch it holds, each of which is copied out of it at its exact size; a very large one is let go. */
const scratchBytes = 1 << 20;
const scratchKeptMax = 1 << 24;
let scratch = new Uint8Array(scratchBytes);

/** The blob of one entry. */
export function encodeEntry(stored: StoredEntry): Uint8Array {
  return scratch.slice(0, writeBlob(stored, 0));
}

/** The records of many entries, each with a fresh salt. */
export function encodeBatch(entries: readonly StoredEntry[], random: Random): Batch {
  const salts = random(entries.length * saltOctets);
  const ends = new Uint32Array(entries.length);
  let end = 0;
  for (const [index, stored] of entries.entries()) {
    const start = end;
    end = writeBlob(stored, start + blobAt);
    scratch[start] = 0x00;
    scratch.set(salts.subarray(index * saltOctets, (index + 1) * saltOctets), start + 1);
    ends[index] = end;
  }
  const octets = scratch.slice(0, end);
  if (scratch.length > scratchKeptMax) scratch = new Uint8Array(scratchBytes);
  return { octets, ends };
}

/** Fails by assertion on what `encodeEntry` did not make. The body is a copy of its own. */
export function decodeEntry(blob: Uint8Array): StoredEntry {
  const at = blob.indexOf(lineFeed);
  const json = decoder.decode(at < 0 ? blob : blob.subarray(0, at));
  requireKnown(json);
  // What stands behind the version was a JournalEntry when writeBlob took it.
  const entry = JSON.parse(`{${json.slice(versionMark.length)}`) as JournalEntry;
  assertEntry(entry);
  return at < 0 ? { entry } : { entry, body: new Uint8Array(blob.subarray(at + 1)) };
}

/** @throws {JournalFault} JOURNAL_NEWER */
function requireKnown(json: string): void {
  if (json.startsWith(versionMark)) return;
  const version = Number(/^\{"v":(\d{1,9}),/.exec(json)?.[1] ?? 0);
  assert(version > entryVersion, 'an entry begins with the version this program writes');
  throw new JournalFault(
    'JOURNAL_NEWER',
    `An entry is of version ${version}, not ${entryVersion}.`,
  );
}

/** Lays parts into one new buffer. */
export function packParts(parts: readonly Uint8Array[]): Batch {
  const ends = new Uint32Array(parts.length);
  const octets = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const [index, part] of parts.entries()) {
    octets.set(part, end);
    end += part.length;
    ends[index] = end;
  }
  return { octets, ends };
}

/** The parts of a batch, as views on its buffer. */
export function partsOf(batch: Batch): Uint8Array[] {
  let start = 0;
  return Array.from(batch.ends, (end) => {
    const part = batch.octets.subarray(start, end);
    start = end;
    return part;
  });
}

export function saltOf(record: Uint8Array): Uint8Array {
  return record.subarray(1, blobAt);
}

export function blobOf(record: Uint8Array): Uint8Array {
  return record.subarray(blobAt);
}

/** Writes a blob into the scratch buffer; returns where it ends. */
function writeBlob(stored: StoredEntry, at: number): number {
  const { entry, body } = stored.withheld === true ? withhold(stored) : stored;
  assertEntry(entry);
  const json = versionMark + JSON.stringify(entry).slice(1);
  // One UTF-16 unit becomes at most three octets.
  makeRoom(at + json.length * 3 + 1 + (body?.length ?? 0));
  const end = at + encoder.encodeInto(json, scratch.subarray(at)).written;
  if (body === undefined) return end;
  scratch[end] = lineFeed;
  scratch.set(body, end + 1);
  return end + 1 + body.length;
}

/** Secrets and floods: length and digest stand in for octets that are not to be kept (link S12). */
function withhold({ entry, body = new Uint8Array() }: StoredEntry): StoredEntry {
  return { entry: { ...entry, bytes: body.length, digest: hash('sha256', body) } };
}

function makeRoom(octets: number): void {
  if (octets <= scratch.length) return;
  const larger = new Uint8Array(Math.max(octets, scratch.length * 2));
  larger.set(scratch);
  scratch = larger;
}

function assertEntry(entry: JournalEntry): void {
  assert(Number.isSafeInteger(entry.entry) && entry.entry >= 1, 'an entry has a number from 1 on');
  assert(Number.isSafeInteger(entry.time), 'an entry has a time in whole microseconds');
  assert(typeof entry.kind === 'string', 'an entry has a kind');
}

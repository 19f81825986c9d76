// Proves a sealed segment: every entry by its salt, content and leaf, the tree from where the segment began to
// where it ended; and then that its index is that of its entries. It shares no code with what sealed it, but for
// the definition of a term (`terms.ts`), which is what the two are compared by.

import { zstdDecompressSync } from 'node:zlib';
import Database from 'better-sqlite3';
import type { JournalEntry } from './entry.ts';
import { IndexProof } from './verify-terms.ts';
import type { Told } from './verify-terms.ts';
import { bad, frontierOf, goOn, heldOf, jsonIn, see, sha256, skipTo } from './verify-walk.ts';
import type { Bad, Segment, Walk } from './verify-walk.ts';

/** A sealed segment has its last entry in its name. */
type Sealed = Segment & { readonly last: number };

interface About extends Told {
  readonly version: number;
  readonly first: number;
  readonly last: number;
  readonly began: Buffer;
  readonly ended: Buffer;
}

interface Block {
  readonly block: number;
  readonly octets: Buffer;
}

const blockEntries = 64;
const saltOctets = 32;
const beginningOctets = 4;

interface How {
  readonly noted: number | undefined;
  /** Told what does not hold of the index. */
  readonly told: (reason: string) => void;
}

export function proveSealed(segment: Sealed, walk: Walk, how: How): Bad | undefined {
  const proof = provingSealed(segment, walk, how);
  for (;;) {
    const { done, value } = proof.next();
    if (done === true) return value;
  }
}

/** The same piece by piece, for who has to hear messages in between. */
export function* provingSealed(
  segment: Sealed,
  walk: Walk,
  how: How,
): Generator<void, Bad | undefined> {
  const db = new Database(segment.path, { readonly: true, fileMustExist: true });
  try {
    const about = db.prepare<[], About>('SELECT * FROM about').get();
    const wrong = proveAbout(about, segment, walk);
    if (about === undefined || wrong !== undefined) return wrong;
    const index = new IndexProof(db, segment);
    const entries = yield* proveBlocks(db, segment, { walk, noted: how.noted, index });
    if (entries !== undefined) return entries;
    if (!frontierOf(walk).equals(about.ended))
      return bad(segment.first, 'the tree of its sealed segment is not the one over these entries');
    const unsound = yield* index.flaw(about);
    if (unsound !== undefined) how.told(unsound);
    return undefined;
  } finally {
    db.close();
  }
}

function proveAbout(
  about: About | undefined,
  { first, last }: Sealed,
  walk: Walk,
): Bad | undefined {
  if (about !== undefined && about.version > 1)
    return { ...bad(first, `its sealed segment is of version ${about.version}`), newer: true };
  if (about?.version !== 1) return bad(first, 'its sealed segment is of no version that is known');
  if (about.first !== first || about.last !== last)
    return bad(first, 'its sealed segment is not the one that its name says');
  if (first > walk.next) return skipTo(walk, first, about.began);
  return frontierOf(walk).equals(about.began)
    ? undefined
    : bad(first, 'its sealed segment does not go on from the entries before it');
}

interface Proving {
  readonly walk: Walk;
  readonly noted: number | undefined;
  readonly index: IndexProof;
}

function* proveBlocks(
  db: Database.Database,
  { first, last }: Sealed,
  proving: Proving,
): Generator<void, Bad | undefined> {
  const blocks = db.prepare<[], Block>('SELECT block, octets FROM blocks ORDER BY block');
  const { walk } = proving;
  for (const { block, octets } of blocks.iterate()) {
    if (first + block * blockEntries !== walk.next) return bad(walk.next, 'its block is missing');
    const count = Math.min(blockEntries, last - walk.next + 1);
    if (count <= 0) return bad(walk.next, 'its sealed segment has more than its name says');
    const wrong = proveBlock(octets, count, proving);
    if (wrong !== undefined) return wrong;
    yield;
  }
  return walk.next === last + 1 ? undefined : bad(walk.next, 'its block is missing');
}

/** salts │ beginnings of leaves │ lengths as varints │ blobs, zstd */
function proveBlock(
  octets: Buffer,
  count: number,
  { walk, noted, index }: Proving,
): Bad | undefined {
  const beginnings = count * saltOctets;
  let at = beginnings + count * beginningOctets;
  const lengths: number[] = [];
  while (lengths.length < count) {
    let length = 0;
    let factor = 1;
    for (;;) {
      const octet = octets[at++] ?? 0;
      length += (octet % 128) * factor;
      factor *= 128;
      if (octet < 128) break;
    }
    lengths.push(length);
  }
  const blobs = inflate(octets.subarray(at));
  if (blobs === undefined) return bad(walk.next, 'its block cannot be decompressed');
  let from = 0;
  for (const [place, length] of lengths.entries()) {
    const blob = blobs.subarray(from, (from += length));
    const salt = octets.subarray(place * saltOctets, (place + 1) * saltOctets);
    const beginsAt = beginnings + place * beginningOctets;
    const leaf = sha256(Buffer.of(0x00), salt, blob);
    if (
      !leaf
        .subarray(0, beginningOctets)
        .equals(octets.subarray(beginsAt, beginsAt + beginningOctets))
    )
      return bad(walk.next, 'its leaf is not the hash of it');
    const columns = jsonIn(blob);
    const held = heldOf(columns);
    if (held?.entry !== walk.next)
      return bad(walk.next, 'its content is of another entry or of none');
    see(walk, held);
    // Its leaf holds, so it is what was written as an entry.
    index.take(columns as JournalEntry, bodyIn(blob));
    goOn(walk, leaf, noted);
  }
  return from === blobs.length
    ? undefined
    : bad(walk.next - 1, 'its block has more than its entries');
}

function inflate(octets: Buffer): Buffer | undefined {
  try {
    return zstdDecompressSync(octets, { maxOutputLength: inflatedMost });
  } catch {
    // What does not decompress holds nothing.
    return undefined;
  }
}

/** Sixty-four entries of the longest frame there may be, and their columns, are well below. */
const inflatedMost = 1 << 30;

function bodyIn(blob: Buffer): Buffer | undefined {
  const end = blob.indexOf(0x0a);
  return end < 0 ? undefined : blob.subarray(end + 1);
}

// A block of a sealed segment: 64 entries with their salts, the beginnings of their leaves, and their blobs,
// compressed together. Pure. Throws what zlib throws where the octets are not what they were.
//
//   salts, 32 octets each │ leaf beginnings, 4 each │ lengths, varints │ blobs, zstd
//
// Salts are random and leaves are hashes: neither can be compressed. A leaf is made of salt and blob when it is
// asked for; four octets of each are kept so that the first entry that does not hold can be named.

import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { saltOctets } from '../codec.ts';
import { Octets, VarintReader } from './varint.ts';

export const blockEntries = 64;
const leafBeginning = 4;
const level = { params: { [constants.ZSTD_c_compressionLevel]: 3 } };

export interface BlockRow {
  readonly salt: Uint8Array;
  readonly leaf: Uint8Array;
  readonly blob: Uint8Array;
}

export interface Block {
  /** Of each entry of it. */
  readonly blob: (place: number) => Uint8Array;
  readonly salt: (place: number) => Uint8Array;
  readonly beginning: (place: number) => Uint8Array;
}

const lengths = new Octets();

export function encodeBlock(rows: readonly BlockRow[]): Uint8Array {
  lengths.clear();
  for (const { blob } of rows) lengths.put(blob.length);
  const blobs = Buffer.concat(rows.map(({ blob }) => blob));
  return Buffer.concat([
    ...rows.map(({ salt }) => salt),
    ...rows.map(({ leaf }) => leaf.subarray(0, leafBeginning)),
    lengths.view,
    zstdCompressSync(blobs, level),
  ]);
}

export function decodeBlock(octets: Uint8Array, count: number): Block {
  const beginningsAt = count * saltOctets;
  const reader = new VarintReader(octets, beginningsAt + count * leafBeginning);
  const ends = new Uint32Array(count);
  let end = 0;
  for (let place = 0; place < count; place += 1) ends[place] = end += reader.next();
  const blobs = zstdDecompressSync(octets.subarray(reader.at), {
    maxOutputLength: Math.max(end, 1),
  });
  if (blobs.length !== end) throw new Error('a block is not as long as it says');
  const part = (from: number, size: number, place: number): Uint8Array =>
    octets.subarray(from + place * size, from + (place + 1) * size);
  return {
    blob: (place) => blobs.subarray(place === 0 ? 0 : ends[place - 1], ends[place]),
    salt: (place) => part(0, saltOctets, place),
    beginning: (place) => part(beginningsAt, leafBeginning, place),
  };
}

const times = new Octets();

/** The first one whole, each other as its distance from the one before it: a clock may be set back. */
export function encodeTimes(some: Float64Array): Uint8Array {
  times.clear();
  let before = 0;
  for (const time of some) {
    times.putSigned(time - before);
    before = time;
  }
  return times.view.slice();
}

export function decodeTimes(octets: Uint8Array): Float64Array {
  const reader = new VarintReader(octets);
  const some: number[] = [];
  let time = 0;
  while (!reader.done) some.push((time += reader.nextSigned()));
  return Float64Array.from(some);
}

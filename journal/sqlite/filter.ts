// The filter of a sealed segment: says of most terms that are not in it that they are not, from one read of
// 64 octets. It never says so of one that is. A file of its own, so that a segment need not be opened.
//
//   64 octets: "MSCF", version, 3 of nothing, blocks (8, little end first) │ blocks of 60 octets and their sum
//
// @source Putze, Sanders, Singler: Cache-, Hash- and Space-Efficient Bloom Filters (blocked)

import {
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs';
import { crc32 } from 'node:zlib';
import { hashBits } from '../terms.ts';

const blockOctets = 64;
/** The others are the sum of these. */
const termOctets = 60;
/** With these, about one term in a hundred that is not there seems to be. */
const bitsPerTerm = 10;
const bitsSet = 6;
const version = 1;
const magic = 'MSCF';
const span = 2 ** hashBits;

/** The filter of these terms, as its file has it. */
export function buildFilter(hashes: readonly Float64Array[]): Uint8Array {
  const terms = hashes.reduce((sum, { length }) => sum + length, 0);
  const blocks = Math.max(1, Math.ceil((terms * bitsPerTerm) / (blockOctets * 8)));
  const octets = new Uint8Array((blocks + 1) * blockOctets);
  octets.set(Buffer.from(magic, 'latin1'));
  octets[4] = version;
  new DataView(octets.buffer).setFloat64(8, blocks, true);
  addTerms(octets, hashes);
  return octets;
}

/** Adds terms to the octets of a filter, and sums its blocks. */
export function addTerms(octets: Uint8Array, hashes: readonly Float64Array[]): void {
  const blocks = octets.length / blockOctets - 1;
  for (const some of hashes)
    for (const hash of some) {
      const at = (1 + blockOf(hash, blocks)) * blockOctets;
      let bits = seedOf(hash);
      for (let set = 0; set < bitsSet; set += 1) {
        bits = nextOf(bits);
        const bit = bitOf(bits);
        octets[at + (bit >>> 3)] = (octets[at + (bit >>> 3)] ?? 0) | (1 << (bit & 7));
      }
    }
  for (let at = blockOctets; at < octets.length; at += blockOctets) {
    const block = octets.subarray(at, at + blockOctets);
    new DataView(block.buffer, block.byteOffset).setUint32(termOctets, sumOf(block));
  }
}

/** Writes a new file, flushed when this returns. */
export function writeFilter(path: string, octets: Uint8Array): void {
  const fd = openSync(path, 'wx', 0o400);
  try {
    for (let at = 0; at < octets.length;) at += writeSync(fd, octets, at);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

export interface Filter {
  /** False only where the term is not in the segment. */
  readonly mayHave: (hash: number) => boolean;
}

export interface OpenFilter extends Filter {
  readonly close: () => void;
}

/** Undefined for a file that is not there, or that is none: then the segment itself has to be asked. */
export function openFilter(path: string): OpenFilter | undefined {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return undefined;
  }
  const head = Buffer.alloc(blockOctets);
  const { size } = fstatSync(fd);
  if (readWhole(fd, head, 0) && isFilter(head, size))
    return { ...filterAt(blocksOfFile(fd), 0, size), close: () => closeSync(fd) };
  closeSync(fd);
  return undefined;
}

/** The octets of a filter, or undefined for a file that is not there, or that is none. */
export function readFilter(path: string): Buffer | undefined {
  try {
    const octets = readFileSync(path);
    return isFilter(octets, octets.length) ? octets : undefined;
  } catch {
    return undefined;
  }
}

function isFilter(head: Buffer, octets: number): boolean {
  if (head.length < blockOctets || head.toString('latin1', 0, 4) !== magic) return false;
  const blocks = head.readDoubleLE(8);
  return head[4] === version && blocks >= 1 && (blocks + 1) * blockOctets === octets;
}

/** What filters lie in: a block by its place, until the next one is asked for; undefined where it is not given back. */
export type Blocks = (at: number) => Buffer | undefined;

/** Of a file, each block read when it is asked for. */
export function blocksOfFile(fd: number): Blocks {
  return (at) => (readWhole(fd, asked, at) ? asked : undefined);
}

/** Of a file that was read as a whole. */
export function blocksIn(octets: Buffer): Blocks {
  return (at) =>
    at + blockOctets <= octets.length ? octets.subarray(at, at + blockOctets) : undefined;
}

/** The filter that lies at a place. @param octets Of all of it, which is known to be one. */
export function filterAt(blocksAt: Blocks, start: number, octets: number): Filter {
  const blocks = octets / blockOctets - 1;
  return {
    mayHave: (hash) => {
      const block = blocksAt(start + (1 + blockOf(hash, blocks)) * blockOctets);
      // What was altered, or is not given back, says nothing.
      if (block === undefined || block.readUInt32BE(termOctets) !== sumOf(block)) return true;
      let bits = seedOf(hash);
      for (let set = 0; set < bitsSet; set += 1) {
        bits = nextOf(bits);
        const bit = bitOf(bits);
        if (((block[bit >>> 3] ?? 0) & (1 << (bit & 7))) === 0) return false;
      }
      return true;
    },
  };
}

/** A disk that does not give a block of it back says nothing of the segment. */
function readWhole(fd: number, block: Buffer, at: number): boolean {
  try {
    return readSync(fd, block, 0, blockOctets, at) === blockOctets;
  } catch {
    return false;
  }
}

/** The block that is looked at; one after the other. */
const asked = Buffer.alloc(blockOctets);

/** By the upper bits of the hash; the bits within a block come from the lower ones. */
function blockOf(hash: number, blocks: number): number {
  return Math.min(blocks - 1, Math.floor((hash / span) * blocks));
}

const sumOf = (block: Uint8Array): number => crc32(block.subarray(0, termOctets));

/** One of those that are for terms. */
const bitOf = (bits: number): number => Math.floor(((bits >>> 0) / 2 ** 32) * termOctets * 8);

const seedOf = (hash: number): number => (hash | 0) ^ 0x5bd1e995;

function nextOf(bits: number): number {
  let next = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
  next = Math.imul(next ^ (next >>> 12), 0x297a2d39);
  return (next ^ (next >>> 15)) | 0;
}

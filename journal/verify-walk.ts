// Where a proof of the journal stands, and the tree it builds: what proofs of raw and sealed segments share.
// It shares no code with the writer.

import { createHash } from 'node:crypto';

export interface Bad {
  readonly firstBad: number;
  readonly reason: string;
}

/** A sealed segment, by its first entry, in which a search may not find all. */
export interface Unsound {
  readonly first: number;
  readonly reason: string;
}

/** Where the walk stands. */
export interface Walk {
  /** The entry that comes next; all before it hold. */
  next: number;
  /** At place n the root of a full subtree of 2^n leaves, or nothing: a binary counter. */
  readonly levels: (Buffer | undefined)[];
  /** The root where the tree was as large as the head file says. */
  notedRoot: string | undefined;
  /** Sees each entry that holds. */
  readonly look?: ((entry: Held) => void) | undefined;
}

/** What a walk tells of an entry that holds, in order. */
export interface Held {
  readonly entry: number;
  /** Microseconds since 1970 UTC. */
  readonly time: number;
  readonly event?: string;
}

/** A segment by its file; a sealed one has its last entry in its name. */
export interface Segment {
  readonly first: number;
  readonly last?: number | undefined;
  readonly path: string;
}

export function bad(firstBad: number, reason: string): Bad {
  return { firstBad, reason };
}

/** Takes the next entry, which holds. @param noted How many entries the head file names. */
export function goOn(walk: Walk, leaf: Buffer, noted: number | undefined): void {
  addLeaf(walk.levels, leaf);
  if (walk.next === noted) walk.notedRoot = rootOf(walk.levels);
  walk.next += 1;
}

/** The frontier over all entries so far, as segments carry it. */
export function frontierOf(walk: Walk): Buffer {
  return Buffer.concat(walk.levels.filter((node) => node !== undefined).reverse());
}

/** What a blob says it is; undefined for what is no entry. */
export function heldIn(blob: Buffer): Held | undefined {
  return heldOf(jsonIn(blob));
}

/** The columns of a blob, as they were parsed; undefined for what is no JSON. */
export function jsonIn(blob: Buffer): unknown {
  const end = blob.indexOf(0x0a);
  try {
    return JSON.parse(blob.toString('utf8', 0, end < 0 ? blob.length : end));
  } catch {
    // What is no JSON names no entry.
    return undefined;
  }
}

export function heldOf(value: unknown): Held | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!('v' in value) || value.v !== 1 || !('entry' in value) || !('time' in value))
    return undefined;
  const { entry, time } = value;
  if (typeof entry !== 'number' || typeof time !== 'number') return undefined;
  const event = 'event' in value && typeof value.event === 'string' ? { event: value.event } : {};
  return { entry, time, ...event };
}

function addLeaf(levels: (Buffer | undefined)[], leaf: Buffer): void {
  let node = leaf;
  let level = 0;
  for (let left = levels[0]; left; left = levels[level]) {
    levels[level] = undefined;
    node = sha256(Buffer.of(0x01), left, node);
    level += 1;
  }
  levels[level] = node;
}

export function rootOf(levels: readonly (Buffer | undefined)[]): string {
  let root: Buffer | undefined;
  for (const node of levels) {
    if (node && root) root = sha256(Buffer.of(0x01), node, root);
    else root = node ?? root;
  }
  return (root ?? sha256()).toString('hex');
}

export function sha256(...parts: readonly Buffer[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

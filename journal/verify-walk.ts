// Where a proof of the journal stands, and the tree it builds: what proofs of raw and sealed segments share.
// It shares no code with the writer.

import { createHash } from 'node:crypto';
import type { JournalEntry } from './entry.ts';
import { purgeIn } from './purge.ts';
import type { Purge } from './purge.ts';

export interface Bad {
  readonly firstBad: number;
  readonly reason: string;
  /** It was written by a newer program than this one, which cannot judge it. */
  readonly newer?: true;
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
  /** Entries that are not there: before the first segment, and what goes while we look. Both inclusive. */
  readonly skipped: { readonly first: number; readonly last: number }[];
  /** The root where a segment ended, by its last entry: what a purge says of it is compared with. */
  readonly ends: Map<number, string>;
  /** What entries that hold say was purged. */
  readonly purges: Purge[];
}

/** What a walk tells of an entry that holds, in order. */
export interface Held {
  readonly entry: number;
  /** Microseconds since 1970 UTC. */
  readonly time: number;
  readonly event?: string;
  readonly purge?: Purge;
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

/** Begins before `next`, where the tree is of these levels. */
export function walkFrom(
  next: number,
  levels: (Buffer | undefined)[],
  look?: (entry: Held) => void,
): Walk {
  const gathered = { skipped: [], ends: new Map<number, string>(), purges: [] };
  return { next, levels, notedRoot: undefined, look, ...gathered };
}

/** Notes an entry that holds. */
export function see(walk: Walk, held: Held): void {
  if (held.purge !== undefined) walk.purges.push(held.purge);
  walk.look?.(held);
}

/** Goes on with `first`, whose segment says what tree was before it: its own entries prove it by the end of it. */
export function skipTo(walk: Walk, first: number, frontier: Buffer): Bad | undefined {
  const size = first - 1;
  const count = size.toString(2).replaceAll('0', '').length;
  if (frontier.length !== count * 32)
    return bad(first, 'its segment does not say what tree came before it');
  walk.skipped.push({ first: walk.next, last: size });
  walk.levels.splice(0, Infinity, ...levelsOf(size, frontier));
  walk.next = first;
  walk.ends.set(size, rootOf(walk.levels));
  return undefined;
}

/** The frontier over all entries so far, as segments carry it. */
export function frontierOf(walk: Walk): Buffer {
  return Buffer.concat(walk.levels.filter((node) => node !== undefined).reverse());
}

/** The levels of a tree of so many leaves, from its frontier as segments carry it. */
export function levelsOf(size: number, frontier: Uint8Array): (Buffer | undefined)[] {
  const levels: (Buffer | undefined)[] = [];
  let end = frontier.length;
  for (let level = 0, left = size; left > 0; level += 1, left = Math.floor(left / 2)) {
    if (left % 2 === 0) continue;
    levels[level] = Buffer.from(frontier.subarray(end - 32, end));
    end -= 32;
  }
  return levels;
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
  if (!('event' in value) || typeof value.event !== 'string') return { entry, time };
  // An event entry, as far as a purge needs it: what it says is checked.
  const purge = value.event === 'purge' ? purgeIn(value as unknown as JournalEntry) : undefined;
  return { entry, time, event: value.event, ...(purge && { purge }) };
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

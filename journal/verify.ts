// Walks the journal of a folder and proves it: numbers gap-free, leaf, content and tree of every entry.
// Promises the first entry that does not hold, also where the file no longer opens; it alters nothing.
// It shares no code with the writer: what both got wrong together would prove itself.
// It works beside a running switch: what it reads was final before it began.

import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

export type Verdict =
  /** Every entry holds; the root of the tree over them, lower-case hex. */
  | { readonly entries: number; readonly root: string }
  | { readonly firstBad: number; readonly reason: string };

/** What lies in a folder before anything of it is read. */
export type Place =
  /** A journal, or what is left of one. */
  | { readonly kind: 'journal' }
  | { readonly kind: 'none' }
  /** Somebody with more rights has to look. */
  | { readonly kind: 'closed'; readonly path: string };

/** Tells a journal from a folder that never had one, and both from one that we may not read. */
export function lookForJournal(dir: string): Place {
  try {
    const names = readdirSync(dir).filter((name) => journalFiles.test(name));
    const needed = names.filter((name) => name.startsWith('journal') || name === 'head');
    const closed = needed.map((name) => join(dir, name)).find((file) => !may(file, constants.R_OK));
    if (closed !== undefined) return { kind: 'closed', path: closed };
    // SQLite makes a file beside the journal to read it, where the switch has not made it already.
    if (names.length > 0 && !existsSync(join(dir, 'journal.db-shm')) && !may(dir, constants.W_OK))
      return { kind: 'closed', path: dir };
    return names.length > 0 ? { kind: 'journal' } : { kind: 'none' };
  } catch (error) {
    // What is not there, or is no folder, holds no journal.
    return isRefusal(error) ? { kind: 'closed', path: dir } : { kind: 'none' };
  }
}

/** What a walk tells of an entry that holds, in order. */
export interface Held {
  readonly entry: number;
  /** Microseconds since 1970 UTC. */
  readonly time: number;
  readonly event?: string;
}

/**
 * Never throws for what it finds.
 *
 * @param look Sees each entry that holds; those before the first that does not were seen as well.
 */
export function verifyJournal(dir: string, look?: (entry: Held) => void): Verdict {
  // Read before the journal: it may lag behind what is there, never run ahead.
  const noted = readNoted(dir);
  const walk: Walk = { next: 1, levels: [], notedRoot: undefined, look };
  let db: Database.Database | undefined;
  try {
    db = new Database(join(dir, 'journal.db'), { readonly: true, fileMustExist: true });
    const tree = readTree(db);
    const bad = walkEntries(db, tree.size, walk, noted?.entries) ?? proveTree(tree, walk);
    return bad ?? proveNoted(noted, walk) ?? { entries: tree.size, root: rootOf(walk.levels) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { firstBad: walk.next, reason: `the journal cannot be read: ${why}` };
  } finally {
    db?.close();
  }
}

const journalFiles = /^((journal|index)\.db(-wal|-shm)?|head|lock|snapshot(\.old|\.new)?)$/;

/** Whether nothing but the rights of the person stands against it; any other trouble is the journal's. */
function may(path: string, how: number): boolean {
  try {
    accessSync(path, how);
    return true;
  } catch (error) {
    return !isRefusal(error);
  }
}

function isRefusal(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
}

type Bad = Extract<Verdict, { readonly firstBad: number }>;

/** Where the walk stands. */
interface Walk {
  /** The entry that comes next; all before it hold. */
  next: number;
  /** At place n the root of a full subtree of 2^n leaves, or nothing: a binary counter. */
  readonly levels: (Buffer | undefined)[];
  /** The root where the tree was as large as the head file says. */
  notedRoot: string | undefined;
  readonly look: ((entry: Held) => void) | undefined;
}

interface Tree {
  readonly size: number;
  readonly last: number;
  readonly frontier: Buffer;
}

interface EntryRow {
  readonly entry: number;
  readonly salt: unknown;
  readonly leaf: unknown;
  readonly blob: unknown;
}

interface Noted {
  readonly entries: number;
  readonly root: string;
}

const rowsAtOnce = 500;

/** One statement sees one state of the file. */
function readTree(db: Database.Database): Tree {
  const row = db
    .prepare<[], Tree>(
      'SELECT size, frontier, coalesce((SELECT max(entry) FROM entries), 0) AS last FROM tree',
    )
    .get();
  if (!row) throw new Error('its tree is missing');
  return row;
}

function walkEntries(
  db: Database.Database,
  size: number,
  walk: Walk,
  noted: number | undefined,
): Bad | undefined {
  const rows = db.prepare<[number, number], EntryRow>(
    `SELECT entry, salt, leaf, blob FROM entries
     WHERE entry BETWEEN ? AND ? ORDER BY entry LIMIT ${rowsAtOnce}`,
  );
  if (noted === 0) walk.notedRoot = rootOf(walk.levels);
  while (walk.next <= size) {
    const some = rows.all(walk.next, size);
    if (some.length === 0) return bad(walk.next, 'it is missing');
    for (const row of some) {
      if (row.entry !== walk.next) return bad(walk.next, 'it is missing');
      const reason = proveRow(row, walk.look);
      if (reason !== undefined) return bad(walk.next, reason);
      // proveRow saw that it is one.
      addLeaf(walk.levels, row.leaf as Buffer);
      if (walk.next === noted) walk.notedRoot = rootOf(walk.levels);
      walk.next += 1;
    }
  }
  return undefined;
}

/** Why a row does not hold. */
function proveRow({ entry, salt, leaf, blob }: EntryRow, look: Walk['look']): string | undefined {
  if (!Buffer.isBuffer(salt) || !Buffer.isBuffer(leaf) || !Buffer.isBuffer(blob))
    return 'its columns are not octets';
  if (salt.length !== 32) return 'its salt is not of 32 octets';
  if (!sha256(Buffer.of(0x00), salt, blob).equals(leaf)) return 'its leaf is not the hash of it';
  const end = blob.indexOf(0x0a);
  const json = blob.toString('utf8', 0, end < 0 ? blob.length : end);
  const held = heldEntry(json);
  if (held?.entry !== entry) return 'its content is of another entry or of none';
  look?.(held);
  return undefined;
}

function heldEntry(json: string): Held | undefined {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value !== 'object' || value === null) return undefined;
    if (!('v' in value) || value.v !== 1 || !('entry' in value) || !('time' in value))
      return undefined;
    const { entry, time } = value;
    if (typeof entry !== 'number' || typeof time !== 'number') return undefined;
    const event = 'event' in value && typeof value.event === 'string' ? { event: value.event } : {};
    return { entry, time, ...event };
  } catch {
    // What is no JSON names no entry.
    return undefined;
  }
}

/** Compares the frontier that was committed with the one the leaves give. */
function proveTree(tree: Tree, walk: Walk): Bad | undefined {
  if (tree.last > tree.size) return bad(tree.size + 1, 'the tree does not count it');
  let covered = 0;
  let at = 0;
  for (const [level, node] of [...walk.levels.entries()].reverse()) {
    if (!node) continue;
    if (!node.equals(tree.frontier.subarray(at, at + 32)))
      return bad(covered + 1, 'from it on, the tree is not the one over these entries');
    covered += 2 ** level;
    at += 32;
  }
  if (at !== tree.frontier.length) return bad(tree.size + 1, 'the tree says more than the entries');
  return undefined;
}

/** Compares with what the writer noted beside the journal: the end may have been cut off whole. */
function proveNoted(noted: Noted | undefined, walk: Walk): Bad | undefined {
  if (!noted) return bad(walk.next, 'the head file is missing or torn: the end may have been cut');
  if (noted.entries >= walk.next)
    return bad(walk.next, `it is missing: the journal held ${noted.entries}`);
  if (noted.root !== walk.notedRoot)
    return bad(1, 'the journal is not the one that its head file names');
  return undefined;
}

function readNoted(dir: string): Noted | undefined {
  try {
    const text = readFileSync(join(dir, 'head'), 'latin1');
    const [, entries, root] = /^ *(\d+) ([0-9a-f]{64})\n/.exec(text) ?? [];
    return root === undefined ? undefined : { entries: Number(entries), root };
  } catch {
    // What cannot be read is not there; proveNoted says what that means.
    return undefined;
  }
}

function bad(firstBad: number, reason: string): Bad {
  return { firstBad, reason };
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

function rootOf(levels: readonly (Buffer | undefined)[]): string {
  let root: Buffer | undefined;
  for (const node of levels) {
    if (node && root) root = sha256(Buffer.of(0x01), node, root);
    else root = node ?? root;
  }
  return (root ?? sha256()).toString('hex');
}

function sha256(...parts: readonly Buffer[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

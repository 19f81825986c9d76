// Walks the journal of a folder, segment after segment, and proves it: numbers gap-free, leaf, content and
// tree of every entry, and that each segment goes on from where the one before it ended.
// Promises the first entry that does not hold, also where the file no longer opens; it alters nothing.
// It shares no code with the writer: what both got wrong together would prove itself.
// It works beside a running switch: what it reads was final before it began.

import { accessSync, constants, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { proveBank } from './verify-bank.ts';
import { proveSealed } from './verify-sealed.ts';
import {
  bad,
  heldIn,
  frontierOf,
  goOn,
  rootOf,
  see,
  sha256,
  skipTo,
  walkFrom,
} from './verify-walk.ts';
import type { Purge } from './purge.ts';
import type { Bad, Held, Segment, Unsound, Walk } from './verify-walk.ts';

export type Verdict =
  /** Every entry holds; the root of the tree over them, lower-case hex. */
  | {
      readonly entries: number;
      readonly root: string;
      /** Sealed segments whose index is not that of their entries: a search may not find all of them. */
      readonly unsound?: readonly Unsound[];
      /** What was purged, as entries that hold say: these are not there and need not be. The newest stands last. */
      readonly purges?: readonly Purge[];
      /** The oldest entry that is there, where some were purged. */
      readonly oldest?: number;
    }
  | Bad;

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
    const needed = names.filter((name) => /^(journal|sealed|head)/.test(name));
    const closed = needed.map((name) => join(dir, name)).find((file) => !may(file, constants.R_OK));
    if (closed !== undefined) return { kind: 'closed', path: closed };
    // SQLite makes a file beside a segment to read it, where the switch has not made it already.
    const segments = names.filter((name) => segmentFile.test(name));
    const makes = segments.some((name) => !names.includes(`${name}-shm`));
    if (names.length > 0 && makes && !may(dir, constants.W_OK))
      return { kind: 'closed', path: dir };
    return names.length > 0 ? { kind: 'journal' } : { kind: 'none' };
  } catch (error) {
    // What is not there, or is no folder, holds no journal.
    return isRefusal(error) ? { kind: 'closed', path: dir } : { kind: 'none' };
  }
}

/** Whether a file of the folder has entries, by its name. */
export function isSegment(name: string): boolean {
  return segmentFile.test(name) || sealedFile.test(name);
}

/**
 * Never throws for what it finds.
 *
 * @param look Sees each entry that holds; those before the first that does not were seen as well.
 */
export function verifyJournal(dir: string, look?: (entry: Held) => void): Verdict {
  // Read before the journal: it may lag behind what is there, never run ahead.
  const noted = readNoted(dir);
  const walk = walkFrom(1, [], look);
  try {
    const unsound: Unsound[] = [];
    const bad =
      proveSegments(dir, walk, { noted: noted?.entries, unsound }) ??
      proveNoted(noted, walk) ??
      provePurges(walk);
    unsound.push(...proveBank(dir, segmentsOf(dir)));
    const whole = { entries: walk.next - 1, root: rootOf(walk.levels), ...purgedIn(walk) };
    return bad ?? (unsound.length > 0 ? { ...whole, unsound } : whole);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { firstBad: walk.next, reason: `the journal cannot be read: ${why}` };
  }
}

const journalFiles =
  /^((journal|journal-\d{12}|index|catalogue)\.db(-wal|-shm)?|catalogue\.filters|sealed-\d{12}-\d{12}\.(db|filter)|head|lock|snapshot(\.old|\.new)?)$/;
/** The number is that of its first entry; the first one has none. */
const segmentFile = /^journal(-(\d{12}))?\.db$/;
const sealedFile = /^sealed-(\d{12})-(\d{12})\.db$/;

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
/** The tables of a raw segment that are known here. */
const tablesKnown = 1;

interface Proving {
  readonly noted: number | undefined;
  readonly unsound: Unsound[];
}

/** A segment that is begun meanwhile is not looked at: all before it was final. One that is purged is passed over. */
function proveSegments(dir: string, walk: Walk, proving: Proving): Bad | undefined {
  if (proving.noted === 0) walk.notedRoot = rootOf(walk.levels);
  let segments = segmentsOf(dir);
  const begun = new Set(segments.map(({ first }) => first));
  // Nothing behind what was there at the beginning: the head file was read before.
  const until = segments.at(-1)?.first ?? 1;
  for (;;) {
    const segment = segments.find(({ first }) => first >= walk.next && first <= until);
    if (segment === undefined) return undefined;
    const { first, path } = segment;
    // Only what is gone before the first of them, or went while we looked, may have been purged.
    const mayBePurged = walk.next === 1 || begun.has(walk.next);
    if (first !== walk.next && !mayBePurged) return bad(walk.next, 'it is missing');
    try {
      const wrong = proveOne(segment, walk, proving);
      if (wrong !== undefined) return wrong;
      walk.ends.set(walk.next - 1, rootOf(walk.levels));
      // An empty one is the open one, and the last.
      if (walk.next === first) return first === until ? undefined : bad(walk.next, 'it is missing');
    } catch (error) {
      segments = segmentsOf(dir);
      // Sealed or purged meanwhile, it is not there under that name: else it cannot be read.
      if (segments.some((each) => each.path === path)) throw error;
    }
  }
}

function proveOne(segment: Segment, walk: Walk, { noted, unsound }: Proving): Bad | undefined {
  const { first, last } = segment;
  if (last === undefined) return proveSegment(segment, walk, noted);
  const told = (reason: string): unknown => unsound.push({ first, reason });
  return proveSealed({ ...segment, last }, walk, { noted, told });
}

/** What is not there was purged, as an entry that holds says, with the tree that there was. */
function provePurges({ skipped, purges, ends }: Walk): Bad | undefined {
  for (const { first, last } of skipped) {
    const covering = purges.filter((purge) => purge.last >= last);
    if (covering.length > 0) continue;
    // Some of it may have been.
    const purged = purges.reduce((most, purge) => Math.max(most, purge.last), first - 1);
    return bad(purged + 1, 'it is missing, and no entry says that it was purged');
  }
  for (const { entry, last, root } of purges) {
    const found = ends.get(last);
    if (found !== undefined && found !== root)
      return bad(entry, 'the tree that it says was purged is not the one that there was');
  }
  return undefined;
}

function purgedIn({ skipped, purges }: Walk): { purges?: readonly Purge[]; oldest?: number } {
  const last = skipped.at(-1)?.last;
  return last === undefined ? {} : { purges, oldest: last + 1 };
}

/** In their order; the first, should there be none. A sealed one stands for the raw one it was made of. */
export function segmentsOf(dir: string): readonly Segment[] {
  const names = readdirSync(dir);
  const found = new Map<number, Segment>();
  for (const name of names) {
    const [whole, , first = '1'] = segmentFile.exec(name) ?? [];
    if (whole !== undefined)
      found.set(Number(first), { first: Number(first), path: join(dir, name) });
  }
  for (const name of names) {
    const [, first, last] = (sealedFile.exec(name) ?? []).map(Number);
    if (first === undefined || last === undefined) continue;
    found.set(first, { first, last, path: join(dir, name) });
  }
  if (found.size === 0) return [{ first: 1, path: join(dir, 'journal.db') }];
  return [...found.values()].sort((a, b) => a.first - b.first);
}

function proveSegment(
  { first, path }: Segment,
  walk: Walk,
  noted: number | undefined,
): Bad | undefined {
  const db = new Database(path, { readonly: true, fileMustExist: true });
  try {
    const version = Number(db.pragma('user_version', { simple: true }));
    if (version > tablesKnown)
      return { ...bad(first, `its segment has tables of version ${version}`), newer: true };
    const tree = readTree(db);
    return (
      (first === 1 ? undefined : proveBeginning(db, first, walk)) ??
      walkEntries(db, tree.size, walk, noted) ??
      proveTree(tree, walk)
    );
  } finally {
    db.close();
  }
}

/** A later segment carries the frontier that it goes on from. */
function proveBeginning(db: Database.Database, first: number, walk: Walk): Bad | undefined {
  const row = db.prepare<[], { size: number; frontier: Buffer }>(
    'SELECT size, frontier FROM began',
  );
  const began = row.get();
  if (began?.size !== first - 1) return bad(first, 'its segment does not begin with it');
  if (first > walk.next) return skipTo(walk, first, began.frontier);
  return frontierOf(walk).equals(began.frontier)
    ? undefined
    : bad(walk.next, 'its segment does not go on from the entries before it');
}

/** One statement sees one state of the file. */
function readTree(db: Database.Database): Tree {
  const row = db
    .prepare<[], Tree>(
      'SELECT size, frontier, coalesce((SELECT max(entry) FROM entries), size) AS last FROM tree',
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
  while (walk.next <= size) {
    const some = rows.all(walk.next, size);
    if (some.length === 0) return bad(walk.next, 'it is missing');
    for (const row of some) {
      if (row.entry !== walk.next) return bad(walk.next, 'it is missing');
      const reason = proveRow(row, walk);
      if (reason !== undefined) return bad(walk.next, reason);
      // proveRow saw that it is one.
      goOn(walk, row.leaf as Buffer, noted);
    }
  }
  return undefined;
}

/** Why a row does not hold. */
function proveRow({ entry, salt, leaf, blob }: EntryRow, walk: Walk): string | undefined {
  if (!Buffer.isBuffer(salt) || !Buffer.isBuffer(leaf) || !Buffer.isBuffer(blob))
    return 'its columns are not octets';
  if (salt.length !== 32) return 'its salt is not of 32 octets';
  if (!sha256(Buffer.of(0x00), salt, blob).equals(leaf)) return 'its leaf is not the hash of it';
  const held = heldIn(blob);
  if (held?.entry !== entry) return 'its content is of another entry or of none';
  see(walk, held);
  return undefined;
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
  if (noted.root !== (walk.notedRoot ?? walk.ends.get(noted.entries)))
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

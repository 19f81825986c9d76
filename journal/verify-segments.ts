// The segments of a folder, as each says of itself; for whoever looks from outside, with the switch up or down.
// It proves nothing: `verify.ts` does. Throws what SQLite throws for a file that is none.

import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { segmentsOf } from './verify.ts';
import type { Segment } from './verify-walk.ts';

export interface SegmentInfo {
  readonly first: number;
  /** Below `first` where nothing is in it yet. */
  readonly last: number;
  readonly state: 'raw' | 'sealed' | 'purged';
  /** Of its entries, in microseconds; a raw one does not know. */
  readonly earliest?: number;
  readonly latest?: number;
  /** Of its files. */
  readonly octets: number;
  /** Its index is being made anew. */
  readonly reindexing?: true;
}

/** Oldest first; what was purged, as far as the catalogue still knows it apart. */
export function describeSegments(dir: string): readonly SegmentInfo[] {
  const segments = segmentsOf(dir);
  return [
    ...purgedBefore(dir, segments[0]?.first ?? 1),
    ...segments.map((segment) => describe(dir, segment)),
  ];
}

function describe(dir: string, segment: Segment): SegmentInfo {
  const octets = octetsOf(dir, segment);
  const db = new Database(segment.path, { readonly: true, fileMustExist: true });
  try {
    const { first, last } = segment;
    if (last === undefined) return { first, ...lastOf(db), state: 'raw', octets };
    const anew = isMadeAnew(dir, first) ? ({ reindexing: true } as const) : {};
    return { ...{ first, last, ...timesOf(db) }, state: 'sealed', octets, ...anew };
  } finally {
    db.close();
  }
}

type PurgeRow = Required<Pick<SegmentInfo, 'first' | 'last' | 'earliest' | 'latest'>>;

/** All entries before the oldest segment; `verify` says whether their purges are proved. */
function purgedBefore(dir: string, oldest: number): readonly SegmentInfo[] {
  const purged: SegmentInfo[] = [];
  let next = 1;
  for (const row of purgesOf(dir)) {
    if (row.last >= oldest || row.first < next) continue;
    if (row.first > next)
      purged.push({ first: next, last: row.first - 1, state: 'purged', octets: 0 });
    purged.push({ ...row, state: 'purged', octets: 0 });
    next = row.last + 1;
  }
  if (next < oldest) purged.push({ first: next, last: oldest - 1, state: 'purged', octets: 0 });
  return purged;
}

/** Nothing where the catalogue is not there, or cannot be read: it only helps. */
function purgesOf(dir: string): readonly PurgeRow[] {
  try {
    const db = new Database(join(dir, 'catalogue.db'), { readonly: true, fileMustExist: true });
    try {
      return db
        .prepare<[], PurgeRow>('SELECT first, last, earliest, latest FROM purges ORDER BY first')
        .all();
    } finally {
      db.close();
    }
  } catch {
    return [];
  }
}

/** First entries of sealed segments that are plainly without a filter or an index; only `verify` compares them. */
export function withoutIndex(dir: string): readonly number[] {
  return (
    segmentsOf(dir)
      .filter(({ last, path }) => last !== undefined && !(hasFilter(path) && hasIndex(path)))
      // One that was purged while we looked lacks nothing.
      .filter(({ path }) => existsSync(path))
      .map(({ first }) => first)
  );
}

/** As `filter.ts` describes it. */
function hasFilter(path: string): boolean {
  const filter = path.replace(/\.db$/, '.filter');
  if (!existsSync(filter)) return false;
  const head = Buffer.alloc(16);
  const fd = openSync(filter, 'r');
  try {
    readSync(fd, head, 0, head.length, 0);
    const isOne = head.toString('latin1', 0, 4) === 'MSCF';
    return isOne && fstatSync(fd).size === (head.readDoubleLE(8) + 1) * 64;
  } finally {
    closeSync(fd);
  }
}

function hasIndex(path: string): boolean {
  try {
    const db = new Database(path, { readonly: true, fileMustExist: true });
    try {
      return ['terms', 'marks', 'listed'].every(
        (table) => db.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get() !== undefined,
      );
    } finally {
      db.close();
    }
  } catch {
    // A file that cannot be read has no index either.
    return false;
  }
}

/** By the passing file that is there as long as it takes. */
function isMadeAnew(dir: string, first: number): boolean {
  return existsSync(join(dir, `sealing-${String(first).padStart(12, '0')}.runs`));
}

function lastOf(db: Database.Database): Pick<SegmentInfo, 'last'> {
  const size = db.prepare<[], { size: number }>('SELECT size FROM tree').get()?.size;
  return { last: size ?? 0 };
}

function timesOf(db: Database.Database): Pick<SegmentInfo, 'earliest' | 'latest'> {
  const row = db.prepare<[], { earliest: number; latest: number }>(
    'SELECT earliest, latest FROM about',
  );
  return row.get() ?? {};
}

/** With what lies beside it: a WAL, a filter. */
function octetsOf(dir: string, { path }: Segment): number {
  const stem = path.slice(dir.length + 1).replace(/\.db$/, '');
  return readdirSync(dir)
    .filter((name) => name.startsWith(`${stem}.`))
    .map((name) => statSync(join(dir, name), { throwIfNoEntry: false })?.size ?? 0)
    .reduce((sum, size) => sum + size, 0);
}

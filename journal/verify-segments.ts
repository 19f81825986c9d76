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
  readonly state: 'raw' | 'sealed';
  /** Of its entries, in microseconds; a raw one does not know. */
  readonly earliest?: number;
  readonly latest?: number;
  /** Of its files. */
  readonly octets: number;
  /** Its index is being made anew. */
  readonly reindexing?: true;
}

/** Oldest first. */
export function describeSegments(dir: string): readonly SegmentInfo[] {
  return segmentsOf(dir).map((segment) => {
    const octets = octetsOf(dir, segment);
    const db = new Database(segment.path, { readonly: true, fileMustExist: true });
    try {
      return segment.last === undefined
        ? { first: segment.first, ...lastOf(db), state: 'raw', octets }
        : {
            ...{
              first: segment.first,
              last: segment.last,
              ...timesOf(db),
              state: 'sealed',
              octets,
            },
            ...(isMadeAnew(dir, segment.first) ? { reindexing: true } : {}),
          };
    } finally {
      db.close();
    }
  });
}

/** First entries of sealed segments that are plainly without a filter or an index; only `verify` compares them. */
export function withoutIndex(dir: string): readonly number[] {
  return segmentsOf(dir)
    .filter(({ last, path }) => last !== undefined && !(hasFilter(path) && hasIndex(path)))
    .map(({ first }) => first);
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

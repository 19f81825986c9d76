// Proves that the bank has the filters of the segments: a copy that lost a bit would hide entries from a search.
// It shares no code with what wrote the bank. A bank that is not there, or is no longer the one that the catalogue
// names, is not asked by a search either.

import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Segment, Unsound } from './verify-walk.ts';

interface Row {
  readonly first: number;
  readonly at: number;
  readonly octets: number;
  readonly number: Buffer;
}

export function proveBank(dir: string, segments: readonly Segment[]): readonly Unsound[] {
  const rows = readRows(dir);
  const fd = tryOpen(join(dir, 'catalogue.filters'));
  if (fd === undefined) return [];
  try {
    const head = readAt(fd, 0, 64);
    return rows
      .filter(({ number }) => number.equals(head.subarray(8, 16)))
      .filter((row) => differs(row, { fd, segments }))
      .map(({ first }) => ({ first, reason: 'the copy of its filter is another one' }));
  } finally {
    closeSync(fd);
  }
}

function differs(
  { first, at, octets }: Row,
  { fd, segments }: { readonly fd: number; readonly segments: readonly Segment[] },
): boolean {
  const segment = segments.find((one) => one.first === first);
  // Of a segment that is gone nobody asks anything.
  if (segment?.last === undefined) return false;
  const own = tryRead(segment.path.replace(/\.db$/, '.filter'));
  return own !== undefined && !own.equals(readAt(fd, at, octets));
}

function readRows(dir: string): readonly Row[] {
  try {
    const db = new Database(join(dir, 'catalogue.db'), { readonly: true, fileMustExist: true });
    try {
      return db.prepare<[], Row>('SELECT first, at, octets, number FROM filters, bank').all();
    } finally {
      db.close();
    }
  } catch {
    // What cannot be read is not asked.
    return [];
  }
}

function readAt(fd: number, at: number, octets: number): Buffer {
  const found = Buffer.alloc(octets);
  return found.subarray(0, readSync(fd, found, 0, octets, at));
}

function tryOpen(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch {
    return undefined;
  }
}

function tryRead(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

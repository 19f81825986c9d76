// The names of the segments in the folder of a journal, and which of them are there.
// A segment's first entry is in its name, so that a folder tells its order without a file being opened.
// A raw segment keeps its name for as long as it is one: SQLite's files are not renamed under a reader.

import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** When the writer begins another segment. */
export interface SegmentLimits {
  readonly entries: number;
  readonly octets: number;
}

/** What `segment_entries` and `segment_size` say unless told. */
export const usualLimits: SegmentLimits = { entries: 1_000_000, octets: 1 << 30 };

export const sqliteSuffixes = ['', '-wal', '-shm'] as const;

const digits = 12;
const rawName = /^journal-(\d{12})\.db$/;
const segmentName = /^journal(?:-\d{12})?\.db((?:-wal)?)$/;
/** Made under another name, so that whatever has the name of a segment is whole. */
const unfinishedName = /^next-/;

const numbered = (entry: number): string => String(entry).padStart(digits, '0');

/** The first one has the name that a journal of one segment always had. */
export const rawFile = (dir: string, first: number): string =>
  join(dir, first === 1 ? 'journal.db' : `journal-${numbered(first)}.db`);

export const nextFile = (dir: string, first: number): string =>
  join(dir, `next-${numbered(first)}.db`);

/** The first entries of the segments that are there now, in their order. */
export function listSegments(dir: string): readonly number[] {
  return readdirSync(dir)
    .flatMap((name) => (name === 'journal.db' ? [1] : numbersIn(rawName, name)))
    .sort((a, b) => a - b);
}

/** What a file of the folder is to whoever watches the disk; undefined for anything else. */
export function kindOfFile(name: string): 'segment' | 'wal' | undefined {
  const [, wal] = segmentName.exec(name) ?? [];
  return wal === undefined ? undefined : wal === '' ? 'segment' : 'wal';
}

/** Takes away what was begun and not finished. Only the one writer of the folder may. */
export function removeUnfinished(dir: string): void {
  if (!existsSync(dir)) return;
  for (const name of readdirSync(dir)) if (unfinishedName.test(name)) rmSync(join(dir, name));
}

function numbersIn(form: RegExp, name: string): number[] {
  return (form.exec(name)?.slice(1) ?? []).map(Number);
}

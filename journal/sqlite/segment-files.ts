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

/** The entries of a sealed segment, both inclusive. */
export interface SealedRange {
  readonly first: number;
  readonly last: number;
}

/** A raw segment does not have its last entry in its name. */
export interface SegmentFile {
  readonly first: number;
  readonly last?: number | undefined;
}

/** What `segment_entries` and `segment_size` say unless told. */
export const usualLimits: SegmentLimits = { entries: 1_000_000, octets: 1 << 30 };

export const sqliteSuffixes = ['', '-wal', '-shm'] as const;

const digits = 12;
const sealedName = /^sealed-(\d{12})-(\d{12})\.db$/;
const rawName = /^journal-(\d{12})\.db$/;
const segmentName = /^(?:journal(?:-\d{12})?|sealed-\d{12}-\d{12})\.(?:db|filter)((?:-wal)?)$/;
/** Made under another name, so that whatever has the name of a segment is whole. */
const unfinishedName = /^(next|sealing)-/;

const numbered = (entry: number): string => String(entry).padStart(digits, '0');

/** The first one has the name that a journal of one segment always had. */
export const rawFile = (dir: string, first: number): string =>
  join(dir, first === 1 ? 'journal.db' : `journal-${numbered(first)}.db`);

export const nextFile = (dir: string, first: number): string =>
  join(dir, `next-${numbered(first)}.db`);

export const sealedFile = (dir: string, range: SealedRange): string =>
  join(dir, `${sealedStem(range)}.db`);

/** Says of terms that they are not in the segment. */
export const filterFile = (dir: string, range: SealedRange): string =>
  join(dir, `${sealedStem(range)}.filter`);

const sealedStem = ({ first, last }: SealedRange): string =>
  `sealed-${numbered(first)}-${numbered(last)}`;

/** `runs`: the passing index from which that of a sealed segment is made anew. */
const sealingKinds = ['db', 'filter', 'runs'] as const;

export const sealingFile = (
  dir: string,
  first: number,
  kind: (typeof sealingKinds)[number],
): string => join(dir, `sealing-${numbered(first)}.${kind}`);

export function removeSealing(dir: string, first: number): void {
  for (const kind of sealingKinds) rmSync(sealingFile(dir, first, kind), { force: true });
}

/** The segments that are there now, in their order. A sealed one stands for the raw one it was made of. */
export function listSegments(dir: string): readonly SegmentFile[] {
  const names = readdirSync(dir);
  const sealed = names.flatMap(sealedIn);
  const firsts = new Set(sealed.map(({ first }) => first));
  const raw = names.flatMap(rawIn).filter((first) => !firsts.has(first));
  return [...sealed, ...raw.map((first) => ({ first }))].sort((a, b) => a.first - b.first);
}

/** Those of them that are sealed. */
export function listSealed(dir: string): readonly SealedRange[] {
  return listSegments(dir).flatMap(({ first, last }) =>
    last === undefined ? [] : [{ first, last }],
  );
}

/** Takes away the raw segments that a kill left beside the sealed ones made of them. */
export function removeOutlived(dir: string): void {
  const names = readdirSync(dir);
  const firsts = new Set(names.flatMap(sealedIn).map(({ first }) => first));
  const raw = new Set(names.flatMap((name) => rawIn(name.replace(/-(wal|shm)$/, ''))));
  for (const first of raw) if (firsts.has(first)) removeRaw(dir, first);
}

/** The main file first: who opens it then finds none, and looks again. */
export function removeRaw(dir: string, first: number): void {
  for (const suffix of sqliteSuffixes) rmSync(rawFile(dir, first) + suffix, { force: true });
}

function rawIn(name: string): readonly number[] {
  return name === 'journal.db' ? [1] : numbersIn(rawName, name);
}

function sealedIn(name: string): readonly SealedRange[] {
  const [first, last] = numbersIn(sealedName, name);
  return first === undefined || last === undefined ? [] : [{ first, last }];
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

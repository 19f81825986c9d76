// A folder whose closed segments are all sealed, and whoever alters their files.

import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { encodeBatch, partsOf } from '#journal/codec';
import type { StoredEntry } from '#journal/entry';
import { openCatalogue } from '#journal/sqlite/catalogue';
import type { Card } from '#journal/sqlite/catalogue';
import { openIndexReader } from '#journal/sqlite/index-reader';
import { openIndexWriter } from '#journal/sqlite/index-writer';
import { sealSegment } from '#journal/sqlite/seal';
import { listSegments } from '#journal/sqlite/segment-files';
import { openShelf } from '#journal/sqlite/shelf';
import { openEntryStore } from '#journal/sqlite/store';
import { event } from './folders.ts';
import { seededRandom } from './salts.ts';

const random = seededRandom(1);

/** One more entry is in the open segment, which closed the last: an event, or what `last` says. */
export function sealedFolder(
  dir: string,
  entries: readonly StoredEntry[],
  size = 40,
  last: StoredEntry = event(entries.length + 1),
): void {
  const store = openEntryStore(dir, { entries: size, octets: 1e9 });
  const commit = (first: number, some: readonly StoredEntry[]): void =>
    store.commit(first, partsOf(encodeBatch(some, random)), 0);
  for (let at = 0; at < entries.length; at += size) commit(at + 1, entries.slice(at, at + size));
  commit(entries.length + 1, [last]);
  const shelf = openShelf(dir);
  const index = openIndexWriter(dir, shelf);
  while (index.indexNext(shelf));
  const reader = openIndexReader(dir);
  if (reader === undefined) throw new Error('it is indexed');
  for (const segment of shelf.segments())
    if (segment.closed) {
      Array.from(sealSegment(dir, segment, reader));
      index.forget(segment);
    }
  for (const open of [reader, index, shelf, store]) open.close();
}

/** What the catalogue has, oldest first. */
export function cardsIn(dir: string): readonly Card[] {
  const { cardOf, close } = openCatalogue(dir);
  close();
  return listSegments(dir).flatMap(({ first }) => cardOf(first) ?? []);
}

/** The files of sealed segments, oldest first. */
export const sealedNames = (dir: string, kind: 'db' | 'filter' = 'db'): readonly string[] =>
  readdirSync(dir)
    .filter((name) => name.startsWith('sealed-') && name.endsWith(`.${kind}`))
    .sort();

/** Whoever may write the folder may write the file too. @param place Which of them; the oldest unless told. */
export function alter(dir: string, sql: string, place = 0): void {
  const path = join(dir, sealedNames(dir)[place] ?? '');
  chmodSync(path, 0o600);
  const db = new Database(path);
  db.exec(sql);
  db.close();
}

/** An octet of a column becomes another one. */
export const flip = (column: string, at: number): string =>
  `CAST(substr(${column}, 1, ${at}) || x'7e' || substr(${column}, ${at + 2}) AS BLOB)`;

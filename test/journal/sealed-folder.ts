// A folder whose closed segments are all sealed, made by one thread, so that it is there at once.

import { encodeBatch, partsOf } from '#journal/codec';
import type { StoredEntry } from '#journal/entry';
import { openIndexReader } from '#journal/sqlite/index-reader';
import { openIndexWriter } from '#journal/sqlite/index-writer';
import { sealSegment } from '#journal/sqlite/seal';
import { openShelf } from '#journal/sqlite/shelf';
import { openEntryStore } from '#journal/sqlite/store';
import { event, seededRandom } from './folders.ts';

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
  if (reader === undefined) throw new Error('there is no index');
  for (const segment of shelf.segments())
    if (segment.closed) Array.from(sealSegment(dir, segment, reader));
  for (const open of [reader, index, shelf, store]) open.close();
}

// A process that fills a journal, indexes it and seals its first segment: node seal-child.ts DIR COUNT.
// Says `sealed`, or with 3 that it could not. It is one thread, so that a fault meets the seal alone.

import { encodeBatch, partsOf } from '#journal/codec';
import { openIndexReader } from '#journal/sqlite/index-reader';
import { openIndexWriter } from '#journal/sqlite/index-writer';
import { sealSegment } from '#journal/sqlite/seal';
import { removeSealing } from '#journal/sqlite/segment-files';
import { openShelf } from '#journal/sqlite/shelf';
import { openEntryStore } from '#journal/sqlite/store';
import { makeEntries } from '#support/make-journal';
import { seededRandom } from './salts.ts';
import { tinySegments } from './tiny.ts';

const [dir = '', count = '0'] = process.argv.slice(2);
const store = openEntryStore(dir, tinySegments);
const made = [...makeEntries({ count: Number(count), seed: 1 })];
for (const stored of made.slice(store.entries()))
  store.commit(
    stored.entry.entry,
    partsOf(encodeBatch([stored], seededRandom(stored.entry.entry))),
    stored.entry.time,
  );
const shelf = openShelf(dir);
const index = openIndexWriter(dir, shelf);
while (index.indexNext(shelf));
const reader = openIndexReader(dir);
const [first] = shelf.segments();
if (reader === undefined || first === undefined) throw new Error('there is nothing to seal');
try {
  Array.from(sealSegment(dir, first, reader));
  index.forget(first);
  process.stdout.write('sealed\n');
} catch {
  removeSealing(dir, first.first);
  process.exitCode = 3;
}
for (const open of [reader, index, shelf, store]) open.close();

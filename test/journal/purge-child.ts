// A process that seals the first two segments of a journal, writes that they are purged, and lets them go:
// node purge-child.ts DIR COUNT. Says `journalled`, then `purged`, or with 3 that they have not all gone.

import { encodeBatch, partsOf } from '#journal/codec';
import { openIndexWriter } from '#journal/sqlite/index-writer';
import type { IndexWriter } from '#journal/sqlite/index-writer';
import type { PurgeEnded } from '#journal/sqlite/messages';
import { Purger } from '#journal/sqlite/purger';
import { openShelf } from '#journal/sqlite/shelf';
import { openEntryStore } from '#journal/sqlite/store';
import { makeEntries } from '#support/make-journal';
import { purgeEvent } from './purges.ts';
import { seededRandom } from './salts.ts';
import { sealedFolder } from './sealed-folder.ts';
import { smallSegments } from './tiny.ts';

const [dir = '', text = '0'] = process.argv.slice(2);
const count = Number(text);
const made = [...makeEntries({ count, seed: 1 })];
sealedFolder(dir, made.slice(0, -1), smallSegments.entries, made.at(-1));
const store = openEntryStore(dir, smallSegments);
const shelf = openShelf(dir);
const purge = purgeEvent(shelf, count + 1, smallSegments.entries * 2);
store.commit(count + 1, partsOf(encodeBatch([purge], seededRandom(count + 1))), purge.entry.time);
process.stdout.write('journalled\n');
const index = tryIndex();
if (index !== undefined) letGo(index);
else process.exitCode = 3;
for (const open of [index, shelf, store]) open?.close();

/** What keeps it from being opened has kept the purge from beginning. */
function tryIndex(): IndexWriter | undefined {
  try {
    return openIndexWriter(dir, shelf);
  } catch {
    return undefined;
  }
}

function letGo(index: IndexWriter): void {
  const ended: PurgeEnded[] = [];
  const purger = new Purger(dir, (message) => ended.push(message));
  purger.ask({ id: 1, entry: count + 1 });
  for (let step = 0; step < 100 && ended.length === 0; step += 1) purger.step(shelf, index);
  if (ended[0]?.failure === undefined) process.stdout.write('purged\n');
  else process.exitCode = 3;
}

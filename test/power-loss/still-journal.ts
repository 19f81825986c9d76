// The journal of a folder as a start opens it, in this thread: the store, the shelf and the snapshots that the
// port stands on, without the threads it starts. Of thousands of images the threads cost more than the recovery.

import { setImmediate as turn } from 'node:timers/promises';
import { decodeEntry } from '#journal/codec';
import type { StoredEntry } from '#journal/entry';
import type { Journal } from '#journal/journal';
import { prepareFolder } from '#journal/sqlite/open';
import { openShelf, type Shelf } from '#journal/sqlite/shelf';
import { readSnapshots } from '#journal/sqlite/snapshot';
import { openEntryStore } from '#journal/sqlite/store';

const scanEntries = 512;

/** What a recovery needs of the journal. */
export type Still = Pick<Journal, 'head' | 'loadSnapshot' | 'scan' | 'close'>;

/** @throws {JournalFault} as `openJournal` does */
export function openStill(dir: string): Still {
  prepareFolder(dir);
  const store = openEntryStore(dir);
  const shelf = openShelf(dir);
  return {
    head: () => Promise.resolve(store.head()),
    scan: (from, to) => scan(shelf, from, to ?? store.entries()),
    loadSnapshot: async () => {
      for (const snapshot of await readSnapshots(dir)) {
        const leaf = Buffer.from(shelf.leaf(snapshot.entry) ?? []).toString('hex');
        if (snapshot.leaf === leaf) return snapshot;
      }
      return undefined;
    },
    close: () => {
      shelf.close();
      store.checkpoint();
      store.close();
      return Promise.resolve();
    },
  };
}

async function* scan(shelf: Shelf, from: number, to: number): AsyncGenerator<StoredEntry[]> {
  for (let at = from; at <= to;) {
    const blobs = shelf.slice({ from: at, to, reverse: true, most: scanEntries });
    if (blobs.length === 0) return;
    // Several images are looked at in one thread: each gets its turn.
    await turn();
    yield blobs.map(decodeEntry);
    at += blobs.length;
  }
}

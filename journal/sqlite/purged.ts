// What the journal says was purged: found by its entries, which are the only ones to say so.
// Promises the newest purge of all; each covers whatever was before it. Throws what reading throws.

import { decodeEntry } from '../codec.ts';
import { JournalFault } from '../fault.ts';
import { purgeIn } from '../purge.ts';
import type { Purge } from '../purge.ts';
import { eventsNamed } from '../query.ts';
import { readPurgeHints } from './catalogue.ts';
import { openIndexReader } from './index-reader.ts';
import type { IndexReader } from './index-reader.ts';
import { search } from './search.ts';
import { listSegments } from './segment-files.ts';
import { openShelf } from './shelf.ts';
import type { Shelf } from './shelf.ts';

/** Events of these names, all of them. */
export function asEvents(...names: readonly string[]) {
  return { where: [eventsNamed(...names)], limit: 0 };
}

/** What an entry that is there says was purged. */
export function purgeAt(entries: Pick<Shelf, 'blob'>, entry: number): Purge | undefined {
  const blob = entries.blob(entry);
  return blob && purgeIn(decodeEntry(blob).entry);
}

/** Looks for the newest purge, and yields so that its thread hears messages in between. */
export function* newestPurge(dir: string, entries: Shelf): Generator<void, Purge | undefined> {
  const index = tryIndex(dir);
  try {
    const parts = { entries, index, onIndexFailed: () => undefined };
    for (const blob of search(parts, { ...asEvents('purge'), reverse: false })) {
      const purge = blob && purgeIn(decodeEntry(blob).entry);
      if (purge !== undefined) return purge;
      yield;
    }
    return undefined;
  } finally {
    index?.close();
  }
}

/**
 * A journal that does not begin with entry 1 is whole where a purge took all before.
 *
 * @throws {JournalFault} JOURNAL_CUT
 */
export function requireBeginning(dir: string): void {
  if ((listSegments(dir)[0]?.first ?? 1) === 1) return;
  const entries = openShelf(dir);
  try {
    const first = entries.segments()[0]?.first ?? 1;
    const covers = (purge: Purge | undefined): boolean => (purge?.last ?? 0) >= first - 1;
    const hint = readPurgeHints(dir).at(-1);
    if (hint !== undefined && covers(purgeAt(entries, hint.entry))) return;
    if (covers(newestNow(dir, entries))) return;
    throw new JournalFault('JOURNAL_CUT', `The entries before ${first} are missing in ${dir}.`);
  } finally {
    entries.close();
  }
}

function newestNow(dir: string, entries: Shelf): Purge | undefined {
  const looking = newestPurge(dir, entries);
  for (;;) {
    const next = looking.next();
    if (next.done === true) return next.value;
  }
}

/** Without an index every entry is read, and the answer is the same. */
function tryIndex(dir: string): IndexReader | undefined {
  try {
    return openIndexReader(dir);
  } catch {
    return undefined;
  }
}

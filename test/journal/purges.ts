// Entries that say that something was purged.

import type { StoredEntry } from '#journal/entry';
import { decodeFrontier, rootOf } from '#journal/tree';
import type { Shelf } from '#journal/sqlite/shelf';

/** As entry `entry`: everything up to `last`, which a sealed segment ends with, goes. */
export function purgeEvent(
  shelf: Shelf,
  entry: number,
  last: number,
  more: Readonly<Record<string, string | number>> = {},
): StoredEntry {
  const segments = shelf.segments();
  const newest = segments.find((segment) => segment.last === last);
  const first = segments[0]?.first ?? 1;
  if (newest === undefined) throw new Error(`no segment ends with ${last}`);
  const root = rootOf(decodeFrontier(last, shelf.sealed(newest).about.ended));
  const detail = { first, last, entries: last - first + 1, root, earliest: 0, latest: 1 };
  return {
    entry: {
      ...{ entry, time: 1_000_000 * entry, kind: 'event', event: 'purge', person: 'ann' },
      ...{ reason: 'kept long enough', detail: { ...detail, releases: '', ...more } },
    },
  };
}

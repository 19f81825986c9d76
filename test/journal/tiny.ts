// A journal that is cut every few entries.

import type { StoredEntry } from '#journal/entry';
import type { Journal } from '#journal/journal';

export const tinySegments = { entries: 40, octets: 1 << 30 } as const;

/** Appends piece after piece: an append is never cut in two, so a large one would all be in one segment. */
export async function appendPieces(
  append: Journal['append'],
  entries: readonly StoredEntry[],
  piece: number,
): Promise<void> {
  const pieces: Promise<void>[] = [];
  for (let at = 0; at < entries.length; at += piece) {
    const last = append(entries.slice(at, at + piece));
    pieces.push(last);
    // What waits goes into one transaction, and so into one segment.
    if (pieces.length % 3 === 0) await last;
  }
  await Promise.all(pieces);
}

/** Two segments and a half of the journals that faults are put into. */
export const smallSegments = { entries: 15, octets: 1 << 30 } as const;

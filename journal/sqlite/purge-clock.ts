// How long ago something was, as far as the journal vouches for it. A clock that is set forward makes nothing older:
// by how much it stepped does not count, nor does a long silence before a start, which between two runs looks the
// same. A step back takes a step forward back again. So a mistake keeps things too long, never too short.

import { decodeEntry } from '../codec.ts';
import { dayUs } from '../purge.ts';
import type { PurgeAsked } from '../purge.ts';
import { asEvents } from './purged.ts';
import { search } from './search.ts';
import type { Looked, SearchParts } from './search.ts';

/** An entry, by its number and its stamp in microseconds. */
interface Stamped {
  readonly entry: number;
  readonly time: number;
}

export interface PurgeClock {
  /** What is stamped before keeps nothing, whatever the clock did. */
  readonly sinceUs: number;
  /** Whether it is too young, as far as anybody knows. */
  readonly keeps: (stamped: Stamped) => boolean;
  /** It is kept, and by the clock alone it would not be. */
  readonly isDoubted: (stamped: Stamped) => boolean;
  /** When it no longer keeps anything. */
  readonly fromUs: (stamped: Stamped) => number;
}

/** A silence that long before a start may be a clock set forward. A county's switch is not down for a day unseen. */
const silenceUsMost = dayUs;

interface Jump {
  readonly entry: number;
  readonly byUs: number;
}

export function* clockOf(
  parts: SearchParts,
  { nowUs, keptDays }: PurgeAsked,
): Generator<Looked, PurgeClock> {
  const jumps: Jump[] = [];
  for (const blob of search(parts, { ...asEvents('clock', 'start'), reverse: true })) {
    yield undefined;
    const jump = blob && jumpAt(parts, blob);
    if (jump !== undefined) jumps.push(jump);
  }
  const doubts = doubtsOf(jumps);
  const doubtAt = (entry: number): number =>
    doubts.find((doubt) => entry < doubt.before)?.byUs ?? 0;
  const keptUs = keptDays * dayUs;
  const fromUs = ({ entry, time }: Stamped): number => time + keptUs + doubtAt(entry);
  const keeps = (stamped: Stamped): boolean => fromUs(stamped) > nowUs;
  return {
    sinceUs: nowUs - keptUs - doubts.reduce((most, { byUs }) => Math.max(most, byUs), 0),
    keeps,
    isDoubted: (stamped) => keeps(stamped) && stamped.time + keptUs <= nowUs,
    fromUs,
  };
}

/** By how much the clock may have gone forward between this entry and the one before it. */
function jumpAt({ entries }: SearchParts, blob: Uint8Array): Jump | undefined {
  const { entry } = decodeEntry(blob);
  if (entry.kind !== 'event') return undefined;
  if (entry.event === 'clock') {
    const byUs = Number(entry.detail?.['stepMs'] ?? 0) * 1000;
    return { entry: entry.entry, byUs };
  }
  const before = entries.blob(entry.entry - 1);
  // What came before the very first, or was purged, is older than all there is.
  if (before === undefined) return undefined;
  const byUs = entry.time - decodeEntry(before).entry.time;
  // Set back between two runs has its own entry behind the start.
  return byUs > silenceUsMost ? { entry: entry.entry, byUs } : undefined;
}

/** What does not count for entries before each jump: it and all that follow, together; never less than nothing. */
function doubtsOf(
  jumps: readonly Jump[],
): readonly { readonly before: number; readonly byUs: number }[] {
  let sum = 0;
  return jumps
    .toReversed()
    .map(({ entry, byUs }) => {
      sum += byUs;
      return { before: entry, byUs: Math.max(0, sum) };
    })
    .reverse();
}

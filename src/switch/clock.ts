// Two times come with each event: the steady one, for deadlines, and that of the wall clock, for stamps.
// Entries carry the second alone. So a step of the wall clock gets an entry of its own, and a replay
// takes it off again: nothing lives an hour longer or expires at once because somebody set a clock.
// Between two runs no clock is steady: set back it is noticed, set forward it looks like a long pause.

import type { JournalEntry } from '#journal/entry';
import { stepMsOf } from './apply-event.ts';
import type { Ledger } from './ledger.ts';
import type { Turn } from './turn.ts';

/** Less is the slewing of a clock that is kept, and no deadline is as fine. */
const stepMsLeast = 1_000;

/** At a start no clock has slewed yet: what is left over when steady time was not to step back is noted. */
export const stepMsAtStart = 10;

/** By how much the wall clock has stepped since that was last noted; 0 where nothing is to be noted. */
export function stepMsNow(turn: Omit<Turn, 'effects'>, leastMs = stepMsLeast): number {
  const { state, ledger, atMs, timeUs } = turn;
  // The entry `start` stands before it: only then is it known what the last run left.
  if (state.mode === 'starting') return 0;
  const stepMs = Math.round(timeUs / 1000 - atMs - ledger.aheadMs);
  return Math.abs(stepMs) <= leastMs ? 0 : stepMs;
}

/** The steady time at which an entry was made, as far as the entries tell: to a second. */
export function steadyMsOf(ledger: Ledger, entry: JournalEntry): number {
  const stepMs = entry.kind === 'event' ? stepMsOf(entry) : 0;
  return entry.time / 1000 - ledger.aheadMs - stepMs;
}

// Two times come with each event: the steady one, for deadlines, and that of the wall clock, for stamps.
// Entries carry the second alone. So a step of the wall clock gets an entry of its own, and a replay
// takes it off again: nothing lives an hour longer or expires at once because somebody set a clock.
// Between two runs no clock is steady: set back it is noticed, set forward it looks like a long pause.

import type { JournalEntry } from '#journal/entry';
import { stepMsOf } from './apply-event.ts';
import type { Ledger } from './ledger.ts';
import { log, recordEvent, type Turn } from './turn.ts';

/** Less is the slewing of a clock that is kept, and no deadline is as fine. */
const stepMsLeast = 1_000;

/** At a start no clock has slewed yet: what is left over when steady time was not to step back is noted. */
export const stepMsAtStart = 10;

/** To be looked at before anything else that happens, so that each entry has its step before it. */
export function noteClock(turn: Turn, leastMs = stepMsLeast): void {
  const { state, ledger, atMs, timeUs } = turn;
  if (state.mode === 'starting') return;
  const stepMs = Math.round(timeUs / 1000 - atMs - ledger.aheadMs);
  if (Math.abs(stepMs) <= leastMs) return;
  recordEvent(turn, 'clock', { direction: 'local', detail: { stepMs } });
  log(turn, 'warn', 'clock', { stepMs });
}

/** The steady time at which an entry was made, as far as the entries tell: to a second. */
export function steadyMsOf(ledger: Ledger, entry: JournalEntry): number {
  const stepMs = entry.kind === 'event' ? stepMsOf(entry) : 0;
  return entry.time / 1000 - ledger.aheadMs - stepMs;
}

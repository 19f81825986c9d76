// BUSY from an upstream in the middle of a window (link M4a): it has taken nothing from that number on. What
// was sent from there waits until its time is over, then goes again: same order, same numbers, not flagged.
// What expires meanwhile is left out, and its number goes to the next.

import { parseBusy } from '#protocol/control';
import type { Frame } from '#protocol/frame';
import { neverSent } from './acknowledge.ts';
import { pump } from './deliver.ts';
import { closeGarbled } from './link-life.ts';
import type { OpenLink } from './state.ts';
import { log, namesOf, recordEvent, type Turn } from './turn.ts';

export function onBusy(turn: Turn, link: OpenLink, frame: Frame): void {
  const parsed = parseBusy(frame.body);
  if (!parsed.ok) {
    return closeGarbled(turn, link, { code: 'C01', text: parsed.error.reason }, frame.body);
  }
  const { number } = frame;
  const session = turn.ledger.sessions.get(link.key);
  if (session === undefined) return;
  // Said twice of the number that we hold back already.
  if (turn.atMs < link.putOffUntilMs && number === session.sent + 1) return;
  if (number > session.sent || number <= session.acked) return neverSent(turn, link, frame);
  const { retryAfterMs } = parsed.value;
  recordEvent(turn, 'busy', { ...namesOf(link), number, detail: { retryAfterMs } });
  link.unhandled = link.unhandled.filter((sent) => sent.number < number);
  link.putOffUntilMs = turn.atMs + retryAfterMs;
  turn.effects.push({ kind: 'wake', atMs: link.putOffUntilMs });
  log(turn, 'warn', 'upstream-busy', { upstream: link.upstream, number, retryAfterMs });
}

/** Its time is over: what was put off goes again. */
export function goOnWhenDue(turn: Turn, link: OpenLink): void {
  if (link.putOffUntilMs === 0 || turn.atMs < link.putOffUntilMs) return;
  link.putOffUntilMs = 0;
  pump(turn, link);
}

// The way out: HELLO gets C07, MESSAGE gets BUSY, nobody is signed off; once all that was sent is
// handled, or at the deadline, every link gets CLOSE C07 (link S9).

import { closeLink, leaveDialled, turnAway } from './link-life.ts';
import type { GreetingLink } from './state.ts';
import { type Close, log, type Turn } from './turn.ts';

export function onDrain(turn: Turn, forMs: number): void {
  turn.state.mode = 'draining';
  turn.state.drainUntilMs = turn.atMs + forMs;
  log(turn, 'info', 'drain', { forMs });
}

/** Looked at after every turn of a drain. */
export function drainNow(turn: Turn): void {
  const links = [...turn.state.live.values()];
  const waits = links.some(
    (link) => link.reading > 0 || (turn.ledger.sessions.get(link.key)?.inFlight.size ?? 0) > 0,
  );
  if (waits && turn.atMs < turn.state.drainUntilMs) return;
  turn.state.mode = 'drained';
  for (const link of links) closeLink(turn, link, draining);
  // Whoever has not said HELLO, or not answered ours, would hold the way out for as long as he likes.
  for (const link of turn.state.links.values()) {
    if (link.phase === 'greeting') turnAway(turn, link, draining);
    else if (link.phase === 'dialled') leaveDialled(turn, link.upstream, draining.text);
  }
  turn.effects.push({ kind: 'drained' });
}

/** A connection that comes after the last link was closed. */
export function refuseLate(turn: Turn, link: GreetingLink): void {
  if (turn.state.mode === 'drained') turnAway(turn, link, draining);
}

const draining: Close = { code: 'C07', text: 'the switch is draining' };

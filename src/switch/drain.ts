// The way out: HELLO gets C07, MESSAGE gets BUSY, nobody is signed off; once all that was sent is
// handled, or at the deadline, every link gets CLOSE C07 (link S9).

import { closeLink } from './link-life.ts';
import { log, type Turn } from './turn.ts';

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
  for (const link of links) closeLink(turn, link, { code: 'C07', text: 'the switch is draining' });
  turn.state.mode = 'drained';
  turn.effects.push({ kind: 'drained' });
}

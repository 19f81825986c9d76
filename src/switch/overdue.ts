// What we sent and the peer does not handle (link M8): after 30 s, a printer after 10 min, the connection is
// given up with C15; whoever comes back resumes. The time runs from when the octets could leave, and it stands
// still for what a BUSY put off.

import { closeLink } from './link-life.ts';
import type { OpenLink } from './state.ts';
import type { Turn } from './turn.ts';

const unhandledMs = 30_000;
/** Paper runs out, and somebody has to come. */
const unprintedMs = 10 * 60_000;

export function closeWhenOverdue(turn: Turn, link: OpenLink): void {
  const oldest = oldestUnhandled(turn, link);
  if (oldest === undefined) return;
  const { durableEntries } = turn.state;
  // Not on its way yet: the disk is slow, not the peer.
  if (oldest.entry > durableEntries) oldest.sinceMs = turn.atMs;
  const limitMs = link.role === 'printer' ? unprintedMs : unhandledMs;
  if (turn.atMs - oldest.sinceMs < limitMs) return;
  closeLink(turn, link, { code: 'C15', text: 'no acknowledgement in time: come back and resume' });
}

function oldestUnhandled(turn: Turn, link: OpenLink): OpenLink['unhandled'][number] | undefined {
  const inFlight = turn.ledger.sessions.get(link.key)?.inFlight;
  const { unhandled } = link;
  const handled = unhandled.findIndex(({ number }) => inFlight?.has(number) === true);
  unhandled.splice(0, handled < 0 ? unhandled.length : handled);
  return unhandled[0];
}

// The end of a sign-on, however it comes: the person, the clock, the register, or the connection.
// The entry returns a lent mnemonic to its pool.

import { controlFrame } from '#protocol/frame';
import { takeBackReads } from './deliver.ts';
import { closeLink } from './link-life.ts';
import type { SignOn } from './ledger.ts';
import { stationKey } from './ledger.ts';
import type { OpenLink } from './state.ts';
import { recordEvent, send, type Turn } from './turn.ts';

/** link S7d, and `link` for a connection that ended for good. */
export type SignOffReason = 'user' | 'idle' | 'age' | 'suspended' | 'elsewhere' | 'link';

/** Records the end; the terminal is told by the caller, where one is there. */
export function endSignOn(turn: Turn, signOn: SignOn, reason: SignOffReason): void {
  const { station, user, oif, agency, mnemonic, pool } = signOn;
  recordEvent(turn, 'sign-off', { station, user, oif, agency, mnemonic, pool, reason });
  takeBackReads(turn);
}

/** The switch signs a person off: it takes effect when it is sent (link S7d). */
export function signOff(turn: Turn, signOn: SignOn, reason: SignOffReason): void {
  endSignOn(turn, signOn, reason);
  const link = turn.state.live.get(stationKey(signOn.station));
  if (link === undefined) return;
  send(turn, link, controlFrame('SIGN_OFF', { reason }));
  link.signOffSent = true;
  settleNumbers(turn, link);
}

/**
 * Another person's message could come under a number that is taken, and would get the ACK of the one
 * before. So the station comes back, and the resume says which numbers are taken (link S4a, S7b).
 */
export function settleNumbers(turn: Turn, link: OpenLink): void {
  if (link.takenBack === undefined) return;
  link.takenBack = undefined;
  closeLink(turn, link, { code: 'C15', text: 'come back: we resume' });
}

// Who is signed on at a terminal, and whose answer is awaited (link S7, S7a, S7d). Over a break the
// person stays seated until WELCOME says whether the sign-on was kept.

import {
  parseRefused,
  parseSignedOn,
  parseSignOff,
  type SignOn,
  type Welcome,
} from '#protocol/control';
import { controlFrame, type Frame } from '#protocol/frame';
import { pump } from './messages.ts';
import type { Declined } from './output.ts';
import { close, say, send, type StationTurn } from './turn.ts';

export function onSignOn(turn: StationTurn, signOn: SignOn): void {
  const why = whyNoSignOn(turn);
  if (why !== undefined) return say(turn, { kind: 'declined', why });
  turn.state.seat = { phase: 'signing' };
  send(turn, controlFrame('SIGN_ON', signOn));
}

/** One at a time: the switch would answer C04 (link S7c). */
function whyNoSignOn({ state: { settings, line, seat } }: StationTurn): Declined | undefined {
  if (settings.role !== 'terminal') return 'role';
  if (line.phase !== 'open') return 'not-connected';
  if (seat.phase === 'vacant') return undefined;
  return seat.phase === 'taken' ? 'signed-on-already' : 'unanswered';
}

export function onSignOff(turn: StationTurn): void {
  const { state } = turn;
  const { seat, line } = state;
  if (state.settings.role !== 'terminal') return say(turn, { kind: 'declined', why: 'role' });
  if (seat.phase === 'leaving') return say(turn, { kind: 'declined', why: 'unanswered' });
  if (seat.phase === 'vacant') return say(turn, { kind: 'declined', why: 'nobody-signed-on' });
  // Said while there is no connection, it is sent once a WELCOME says that the sign-on was kept.
  state.seat = { phase: 'leaving', signing: seat.phase === 'signing' };
  if (line.phase === 'open') sendSignOff(turn);
}

function sendSignOff(turn: StationTurn): void {
  send(turn, controlFrame('SIGN_OFF', { reason: 'user' }));
}

/** SIGNED_ON of the switch. */
export function onSignedOn(turn: StationTurn, frame: Frame): void {
  const parsed = parseSignedOn(frame.body);
  if (!parsed.ok) return close(turn, parsed.error.code, parsed.error.reason);
  const { seat } = turn.state;
  const signedOn = parsed.value;
  if (seat.phase === 'leaving' && seat.signing) {
    turn.state.seat = { phase: 'leaving', signing: false };
    return;
  }
  if (seat.phase !== 'signing') return close(turn, 'C04', 'SIGNED_ON without SIGN_ON.');
  const { user, mnemonic } = signedOn;
  turn.state.seat = { phase: 'taken', user, mnemonic };
  say(turn, { kind: 'signed-on', user, mnemonic, signedOn });
  pump(turn);
}

/** REFUSED 0 answers a SIGN_ON; without one it speaks of a number never sent (link S5). */
export function onSignOnRefused(turn: StationTurn, frame: Frame): void {
  const parsed = parseRefused(frame.body);
  if (!parsed.ok) return close(turn, parsed.error.code, parsed.error.reason);
  const refused = parsed.value;
  const { seat } = turn.state;
  if (seat.phase === 'leaving' && seat.signing) {
    turn.state.seat = { phase: 'leaving', signing: false };
    return say(turn, { kind: 'sign-on-refused', refused });
  }
  if (seat.phase !== 'signing') return close(turn, 'C10', 'REFUSED 0 without SIGN_ON.');
  turn.state.seat = { phase: 'vacant' };
  say(turn, { kind: 'sign-on-refused', refused });
}

/** SIGN_OFF of the switch: the answer to ours, or its own, which we answer (link S7d). */
export function onSwitchSignOff(turn: StationTurn, frame: Frame): void {
  const parsed = parseSignOff(frame.body);
  if (!parsed.ok) return close(turn, parsed.error.code, parsed.error.reason);
  const { seat } = turn.state;
  turn.state.seat = { phase: 'vacant' };
  if (seat.phase !== 'leaving') send(turn, controlFrame('SIGN_OFF', {}));
  if (seat.phase !== 'vacant') say(turn, { kind: 'signed-off', reason: parsed.value.reason });
}

/** link S7a: `user` counts as SIGNED_ON; without it nobody is signed on any more. */
export function seatAfterWelcome(turn: StationTurn, { user, mnemonics }: Welcome): void {
  const { state } = turn;
  const { phase } = state.seat;
  // The person left, and the switch did not read it: it is said again.
  if (user !== undefined && phase === 'leaving') return sendSignOff(turn);
  if (user === undefined) {
    state.seat = { phase: 'vacant' };
    if (phase !== 'vacant') say(turn, { kind: 'signed-off', reason: 'link' });
    return;
  }
  const mnemonic = mnemonics[0] ?? '';
  state.seat = { phase: 'taken', user, mnemonic };
  say(turn, { kind: 'signed-on', user, mnemonic, signedOn: undefined });
}

/** The connection is over: a SIGN_ON without its answer is lost with it. */
export function seatWhenLost(turn: StationTurn): void {
  const { state } = turn;
  const { seat } = state;
  if (seat.phase === 'signing') state.seat = { phase: 'vacant' };
  else if (seat.phase === 'leaving' && seat.signing)
    state.seat = { phase: 'leaving', signing: false };
  else return;
  say(turn, { kind: 'sign-on-lost' });
}

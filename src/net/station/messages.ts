// MESSAGE in both directions: what the window, BUSY and the person signed on allow to be sent, what the
// switch says of it, and what arrives and is answered in its order (link M1 to M4a, S4b, S5, S7b, S7d).

import { parseBusy, parseRefused, type Refused } from '#protocol/control';
import {
  ackFrame,
  controlFrame,
  flagPossibleDuplicate,
  type Frame,
  messageFrame,
} from '#protocol/frame';
import type { Mnemonic } from '#protocol/ids';
import type { Handed } from './input.ts';
import type { Outgoing } from './outbox.ts';
import type { Declined } from './output.ts';
import { numberMax, type OpenLine, type StationState } from './state.ts';
import { close, lostNumbers, say, send, type StationTurn } from './turn.ts';

export function onHanded(turn: StationTurn, message: Handed): void {
  const { state } = turn;
  const { id, mnemonic, body, class: messageClass = 0, flagged = false } = message;
  const why = whyNotHanded(state);
  if (why !== undefined) return say(turn, { kind: 'declined', id, why });
  const user = state.seat.phase === 'taken' ? state.seat.user : undefined;
  const fresh = { sent: false, number: 0, sentAtMs: 0 };
  state.outbox.add({ id, mnemonic, body, class: messageClass, flagged, user, ...fresh });
  pump(turn);
}

function whyNotHanded({ settings, seat, outbox }: StationState): Declined | undefined {
  if (settings.role === 'printer') return 'role';
  if (settings.role === 'terminal' && seat.phase !== 'taken') return 'nobody-signed-on';
  return outbox.waiting >= settings.waitingMax ? 'full' : undefined;
}

/** Sends what the window, BUSY and the person signed on allow. */
export function pump(turn: StationTurn): void {
  const { outbox } = turn.state;
  for (let next = outbox.next; next !== undefined; next = outbox.next) {
    const { line } = turn.state;
    if (line.phase !== 'open' || line.busyUntilMs !== undefined) return;
    if (outbox.open >= line.window) return;
    const fate = fateOf(turn.state, line, next);
    if (fate === 'wait') return;
    if (fate === 'send') sendNext(turn);
    else drop(turn, next, fate);
  }
}

function fateOf(
  { settings, seat }: StationState,
  line: OpenLine,
  { user, body }: Outgoing,
): 'send' | 'wait' | 'other-user' | 'too-long' {
  if (settings.role === 'terminal') {
    if (seat.phase !== 'taken') return 'wait';
    if (seat.user !== user) return 'other-user';
  }
  return body.length > line.frameBytesMax ? 'too-long' : 'send';
}

function drop(turn: StationTurn, { id, user }: Outgoing, why: 'other-user' | 'too-long'): void {
  turn.state.outbox.skip();
  say(turn, { kind: 'dropped', id, why, user });
}

function sendNext(turn: StationTurn): void {
  const { outbox } = turn.state;
  // link S4: the last number is never passed; a new session begins at 1.
  if (outbox.last >= numberMax) return close(turn, 'C10', 'The numbers are used up.');
  const message = outbox.take(turn.atMs);
  if (message === undefined) return;
  const { number, mnemonic, class: messageClass, body, flagged } = message;
  const flags = flagged ? flagPossibleDuplicate : 0;
  send(turn, messageFrame({ flags, class: messageClass, number, mnemonic, body }));
}

export function onAck(turn: StationTurn, { number }: Frame): void {
  const accepted = turn.state.outbox.acknowledge(number);
  if (accepted === 'unsent') return close(turn, 'C10', lostNumbers);
  for (const { id } of accepted) say(turn, { kind: 'accepted', id });
  pump(turn);
}

export function onRefused(turn: StationTurn, { number, body }: Frame): void {
  const parsed = parseRefused(body);
  if (!parsed.ok) return close(turn, parsed.error.code, parsed.error.reason);
  const message = turn.state.outbox.refuse(number);
  if (message === 'unsent') return close(turn, 'C10', lostNumbers);
  if (message !== 'known') say(turn, { kind: 'refused', id: message.id, refused: parsed.value });
  pump(turn);
}

/** link M4a: no MESSAGE for that time, then `number` and all that followed it. */
export function onBusy(turn: StationTurn, line: OpenLine, { number, body }: Frame): void {
  const parsed = parseBusy(body);
  if (!parsed.ok) return close(turn, parsed.error.code, parsed.error.reason);
  const { outbox } = turn.state;
  // Said twice of the same number, before it came again: the wait begins anew.
  const again = line.busyUntilMs !== undefined && number === outbox.last + 1;
  if (!again && !outbox.putBack(number)) return close(turn, 'C10', lostNumbers);
  const { retryAfterMs } = parsed.value;
  line.busyUntilMs = turn.atMs + retryAfterMs;
  say(turn, { kind: 'busy', retryAfterMs });
}

export function onMessage(turn: StationTurn, line: OpenLine, frame: Frame): void {
  const { inbox } = turn.state;
  switch (inbox.arrive(frame.number, line.window)) {
    case 'next':
      return takeMessage(turn, line, frame);
    case 'again':
      return answerAgain(turn, line, frame.number);
    case 'held':
      return;
    case 'gap':
      return close(turn, 'C10', 'The number is not the next one.');
    case 'flood':
      return close(turn, 'C11', 'More messages than the window allows.');
  }
}

function takeMessage(turn: StationTurn, line: OpenLine, frame: Frame): void {
  const { number, flags, class: messageClass, mnemonic, body } = frame;
  // The frame's own check has seen to it that a MESSAGE has a mnemonic.
  if (mnemonic === undefined) return;
  const ticket = turn.state.inbox.take();
  const refused = whyRefused(turn.state, line, mnemonic);
  if (refused !== undefined) return onJudged(turn, ticket, refused);
  say(turn, { kind: 'message', ticket, number, flags, class: messageClass, mnemonic, body });
}

/** What the station refuses by itself: nobody is there any more (link S7d), or it is not ours. */
function whyRefused(
  { seat }: StationState,
  line: OpenLine,
  mnemonic: Mnemonic,
): Refused | undefined {
  if (seat.phase === 'leaving') return refusals.R01;
  if (line.mnemonics.includes(mnemonic)) return undefined;
  return seat.phase === 'taken' && seat.mnemonic === mnemonic ? undefined : refusals.R03;
}

function answerAgain(turn: StationTurn, line: OpenLine, number: number): void {
  const refused = turn.state.inbox.refusalOf(number);
  if (refused === undefined) line.ackDue = true;
  else send(turn, controlFrame('REFUSED', refused, number));
}

/** The person, or the station itself, has decided; the answers go out in their order (link M3). */
export function onJudged(turn: StationTurn, ticket: number, verdict: 'accepted' | Refused): void {
  const { inbox, line } = turn.state;
  if (!inbox.judge(ticket, verdict)) return;
  for (let next = inbox.settle(); next !== undefined; next = inbox.settle()) {
    // Without a connection `received` of the next HELLO tells it, and link S4b repeats a REFUSED.
    if (line.phase !== 'open') continue;
    if (next.verdict === 'accepted') line.ackDue = true;
    else send(turn, controlFrame('REFUSED', next.verdict, next.number));
  }
}

/** One ACK for all that this turn handled. */
export function sendAck(turn: StationTurn): void {
  const { line, inbox } = turn.state;
  if (line.phase !== 'open' || !line.ackDue) return;
  line.ackDue = false;
  send(turn, ackFrame(inbox.handled));
}

export const refusals: Readonly<Record<'R01' | 'R02' | 'R03', Refused>> = {
  R01: { code: 'R01', text: 'Nobody is here to show it to.' },
  R02: { code: 'R02', text: 'It cannot be shown, printed or stored.' },
  R03: { code: 'R03', text: 'The mnemonic is not ours.' },
};

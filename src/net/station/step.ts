// The station side of the link protocol (link S3 to S11, M1 to M9) as a pure state machine, the
// counterpart of `src/switch/step.ts`: what happened goes in, what is to be done about it comes out.
// It promises the order of its outputs; what the switch does wrong ends in CLOSE with its code.
// It has no socket, clock or dice, and never decides for the person what is printed, shown or stored.

import { parseStatus } from '#protocol/control';
import { echoFrame, type Frame } from '#protocol/frame';
import { askForTick, onTick } from './deadlines.ts';
import { onClose, onConnected, onLeave, onLost, onWelcome } from './greeting.ts';
import type { StationInput, StationTime } from './input.ts';
import {
  onAck,
  onBusy,
  onHanded,
  onJudged,
  onMessage,
  onRefused,
  refusals,
  sendAck,
} from './messages.ts';
import type { StationOutput } from './output.ts';
import { onSignedOn, onSignOff, onSignOn, onSignOnRefused, onSwitchSignOff } from './seat.ts';
import type { OpenLine, StationState } from './state.ts';
import { close, say, send, type StationTurn } from './turn.ts';

export function stepStation(
  state: StationState,
  input: StationInput,
  { atMs, fraction }: StationTime,
): readonly StationOutput[] {
  const turn: StationTurn = { state, atMs, fraction, outputs: [] };
  if (input.kind === 'tick') state.wakeAtMs = undefined;
  happen(turn, input);
  sendAck(turn);
  askForTick(turn);
  return turn.outputs;
}

function happen(turn: StationTurn, input: StationInput): void {
  switch (input.kind) {
    case 'connected':
      return onConnected(turn);
    case 'frame':
      return onFrame(turn, input.frame);
    case 'garbled':
      return onGarbled(turn, input);
    case 'heard':
      return onHeard(turn);
    case 'lost':
      return onLost(turn);
    case 'tick':
      return onTick(turn);
    case 'sign-on':
      return onSignOn(turn, input.signOn);
    case 'sign-off':
      return onSignOff(turn);
    case 'message':
      return onHanded(turn, input.message);
    case 'handled':
      return onJudged(turn, input.ticket, 'accepted');
    case 'refuse':
      return onJudged(turn, input.ticket, refusals[input.code]);
    case 'leave':
      return onLeave(turn);
  }
}

function onGarbled(turn: StationTurn, { code, reason }: { code: string; reason: string }): void {
  const { phase } = turn.state.line;
  if (phase === 'greeting' || phase === 'open') close(turn, code, reason);
}

function onHeard(turn: StationTurn): void {
  const { line } = turn.state;
  if (line.phase === 'open') line.heardAtMs = turn.atMs;
}

function onFrame(turn: StationTurn, frame: Frame): void {
  const { line } = turn.state;
  switch (line.phase) {
    case 'greeting':
      return frame.type === 'WELCOME' ? onWelcome(turn, frame) : onClose(turn, frame);
    case 'open':
      line.heardAtMs = turn.atMs;
      return onOpenFrame(turn, line, frame);
    case 'down':
    case 'closing':
      return;
  }
}

/** Which frames may come at all was judged at the edge, by what `expect` said (link F6). */
function onOpenFrame(turn: StationTurn, line: OpenLine, frame: Frame): void {
  switch (frame.type) {
    case 'MESSAGE':
      return onMessage(turn, line, frame);
    case 'ACK':
      return onAck(turn, frame);
    case 'REFUSED':
      return frame.number === 0 ? onSignOnRefused(turn, frame) : onRefused(turn, frame);
    case 'BUSY':
      return onBusy(turn, line, frame);
    case 'SIGNED_ON':
      return onSignedOn(turn, frame);
    case 'SIGN_OFF':
      return onSwitchSignOff(turn, frame);
    case 'STATUS': {
      const parsed = parseStatus(frame.body);
      if (parsed.ok) return say(turn, { kind: 'status', status: parsed.value });
      return close(turn, parsed.error.code, parsed.error.reason);
    }
    case 'PING':
      return send(turn, echoFrame('PONG', frame.body));
    case 'PONG':
      return;
    case 'CLOSE':
      return onClose(turn, frame);
    case 'HELLO':
    case 'WELCOME':
    case 'SIGN_ON':
      return close(turn, 'C04', 'The frame is not allowed now.');
  }
}

// The beginning and the end of a connection: HELLO, WELCOME and what both sides repeat, CLOSE, and when
// to come back (link S3, S4 to S4b, S7a, S9, S10).

import { type Close, type Hello, parseClose, parseWelcome, type Welcome } from '#protocol/control';
import {
  ackFrame,
  controlFrame,
  type Frame,
  switchFrames,
  welcomeBytesMax,
  welcomeOnly,
} from '#protocol/frame';
import { pump } from './messages.ts';
import { seatAfterWelcome, seatWhenLost } from './seat.ts';
import { numberMax, type StationState } from './state.ts';
import { close, lostNumbers, say, send, type StationTurn } from './turn.ts';

const firstMs = 1_000;
const mostMs = 60_000;
const jitter = 0.2;
/** After these a station comes back after 60 s at least (link S10). */
const longWait: readonly string[] = ['C02', 'C06', 'C09', 'C12', 'C17'];

export function onConnected(turn: StationTurn): void {
  const { state } = turn;
  const { station, role, software } = state.settings;
  if (state.outbox.last >= numberMax || state.inbox.handled >= numberMax) state.session = undefined;
  // From here on `received` is said: what the person has not handled is the switch's again.
  state.inbox.forgetTaken();
  state.line = { phase: 'greeting', sinceMs: turn.atMs };
  say(turn, { kind: 'expect', frames: welcomeOnly, bodyBytesMax: welcomeBytesMax });
  const hello: Hello = {
    protocol: [1],
    station,
    role,
    software,
    ...(state.session === undefined ? {} : { session: state.session }),
    received: state.session === undefined ? 0 : state.inbox.handled,
  };
  send(turn, controlFrame('HELLO', hello));
}

export function onWelcome(turn: StationTurn, frame: Frame): void {
  const { state } = turn;
  const parsed = parseWelcome(frame.body);
  if (!parsed.ok) return close(turn, parsed.error.code, parsed.error.reason);
  const welcome = parsed.value;
  if (!fits(state, welcome)) return close(turn, 'C10', lostNumbers);
  goOn(turn, welcome);
  const { window, frameBytesMax, keepAliveMs, mnemonics } = welcome;
  state.line = {
    phase: 'open',
    window,
    frameBytesMax,
    keepAliveMs,
    mnemonics,
    heardAtMs: turn.atMs,
    spokeAtMs: turn.atMs,
    busyUntilMs: undefined,
    ackDue: false,
  };
  const frames = switchFrames[state.settings.role];
  say(turn, { kind: 'expect', frames, bodyBytesMax: frameBytesMax });
  say(turn, { kind: 'welcomed', welcome });
  repeatAnswers(turn, window);
  seatAfterWelcome(turn, welcome);
  pump(turn);
}

/** link S4: it goes on with what we named, at a number we can go on from. */
function fits(state: StationState, { resumed, session, received }: Welcome): boolean {
  if (!resumed) return received === 0;
  return session === state.session && state.outbox.fits(received);
}

function goOn({ state, atMs }: StationTurn, { resumed, session, received }: Welcome): void {
  if (resumed) {
    state.outbox.resume(received, atMs);
    state.attempts = 0;
    return;
  }
  state.outbox.restart();
  state.inbox.restart();
  state.session = session;
}

/** link S4b: the last `window` REFUSED of this session, then ACK of all that is handled. */
function repeatAnswers(turn: StationTurn, window: number): void {
  const { inbox } = turn.state;
  for (const [number, refused] of inbox.refusals(window)) {
    send(turn, controlFrame('REFUSED', refused, number));
  }
  if (inbox.handled > 0) send(turn, ackFrame(inbox.handled));
}

/** The switch said CLOSE: nothing follows it. */
export function onClose(turn: StationTurn, frame: Frame): void {
  const parsed = parseClose(frame.body);
  if (!parsed.ok) return close(turn, parsed.error.code, parsed.error.reason);
  endAfter(turn, parsed.value);
}

function endAfter(turn: StationTurn, { code, text }: Close): void {
  const { state } = turn;
  state.closeCode = code;
  if (code === 'C10') state.session = undefined;
  state.line = { phase: 'closing' };
  say(turn, { kind: 'closed', by: 'switch', code, text });
}

export function onLost(turn: StationTurn): void {
  const { state } = turn;
  seatWhenLost(turn);
  state.line = { phase: 'down' };
  if (state.intent === 'leave') return;
  const long = state.closeCode !== undefined && longWait.includes(state.closeCode);
  const doubled = Math.min(mostMs, firstMs * 2 ** state.attempts);
  const waitMs = long ? mostMs : doubled;
  state.attempts += 1;
  state.closeCode = undefined;
  say(turn, { kind: 'dial', afterMs: waitMs * (1 + jitter * turn.fraction) });
}

export function onLeave(turn: StationTurn): void {
  const { state } = turn;
  state.intent = 'leave';
  if (state.line.phase === 'greeting' || state.line.phase === 'open') {
    close(turn, 'C18', 'The station leaves.');
  }
}

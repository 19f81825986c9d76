// What time alone brings about at a station: keep-alive, a dead line, an answer that does not come, the
// end of a BUSY (link S6, M4a, M8). It asks for the `tick` it needs next.

import { echoFrame } from '#protocol/frame';
import { pump } from './messages.ts';
import type { OpenLine, StationState } from './state.ts';
import { close, say, send, type StationTurn } from './turn.ts';

/** From HELLO to WELCOME; the switch itself gives up after 10 s (link S1, M4a). */
const welcomeMs = 30_000;
/** link M8. */
const answerMs = 30_000;

export function onTick(turn: StationTurn): void {
  const { state, atMs } = turn;
  const { line } = state;
  if (line.phase === 'greeting' && atMs - line.sinceMs >= welcomeMs) return cut(turn);
  if (line.phase !== 'open') return;
  if (atMs - line.heardAtMs >= 2 * line.keepAliveMs) return cut(turn);
  const { oldestAtMs } = state.outbox;
  if (oldestAtMs !== undefined && atMs - oldestAtMs >= answerMs) {
    return close(turn, 'C15', 'No acknowledgement in time.');
  }
  if (atMs - line.spokeAtMs >= line.keepAliveMs) send(turn, echoFrame('PING'));
  if (line.busyUntilMs === undefined || atMs < line.busyUntilMs) return;
  line.busyUntilMs = undefined;
  pump(turn);
}

function cut(turn: StationTurn): void {
  turn.state.line = { phase: 'closing' };
  say(turn, { kind: 'cut' });
}

/** Asks for the next `tick`, unless an earlier one is asked for already. */
export function askForTick(turn: StationTurn): void {
  const { state } = turn;
  const atMs = nextDeadline(state);
  if (atMs === undefined || (state.wakeAtMs !== undefined && state.wakeAtMs <= atMs)) return;
  state.wakeAtMs = atMs;
  say(turn, { kind: 'wake', atMs });
}

function nextDeadline({ line, outbox }: StationState): number | undefined {
  if (line.phase === 'greeting') return line.sinceMs + welcomeMs;
  return line.phase === 'open' ? nextOf(line, outbox.oldestAtMs) : undefined;
}

function nextOf(line: OpenLine, oldestAtMs: number | undefined): number {
  return Math.min(
    line.heardAtMs + 2 * line.keepAliveMs,
    line.spokeAtMs + line.keepAliveMs,
    line.busyUntilMs ?? Infinity,
    (oldestAtMs ?? Infinity) + answerMs,
  );
}

// One turn of a station: its state, the time, and the outputs so far, in order.

import { controlFrame } from '#protocol/frame';
import type { StationOutput } from './output.ts';
import type { StationState } from './state.ts';

export interface StationTurn {
  readonly state: StationState;
  readonly atMs: number;
  readonly fraction: number;
  readonly outputs: StationOutput[];
}

export function say(turn: StationTurn, output: StationOutput): void {
  turn.outputs.push(output);
}

export function send(turn: StationTurn, frame: Uint8Array): void {
  turn.outputs.push({ kind: 'send', frame });
  const { line } = turn.state;
  if (line.phase === 'open') line.spokeAtMs = turn.atMs;
}

/** CLOSE is the last frame: we take nothing more (link S9). */
export function close(turn: StationTurn, code: string, text: string): void {
  send(turn, controlFrame('CLOSE', { code, text }));
  // The numbering is lost, whoever is wrong: we come back without the session (link S4).
  if (code === 'C10') turn.state.session = undefined;
  turn.state.line = { phase: 'closing' };
  say(turn, { kind: 'closed', by: 'us', code, text });
}

export const lostNumbers = 'The numbers do not fit.';

// The socket of one station: dials over TLS, feeds the state machine of `station/`, writes what it says,
// and comes back when it asks to. It promises one connection at a time and one write for each turn.
// A failed attempt and a broken line are both the input `lost`. It decides nothing about the protocol.

import { connect } from 'node:tls';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { noFrames } from '#protocol/frame';
import { Framer } from '#protocol/framer';
import type { Clock, Random } from './ports.ts';
import type { StationInput } from './station/input.ts';
import type { StationOutput } from './station/output.ts';
import { createStation, type StationSettings, type StationState } from './station/state.ts';
import { stepStation } from './station/step.ts';

export interface StationClientParts {
  readonly host: string;
  readonly port: number;
  /** From `dialTlsOptions`. */
  readonly tls: ConnectionOptions;
  readonly settings: StationSettings;
  readonly clock: Pick<Clock, 'atMs'>;
  readonly random: Pick<Random, 'fraction'>;
  readonly limits: StationClientLimits;
  /** What the station says, in its order, after the octets of the turn were written. */
  readonly onOutput: (output: StationOutput) => void;
}

export interface StationClientLimits {
  /** TCP and TLS together. */
  readonly connectMs: number;
  /** From a frame's first octet to its last; link F4. */
  readonly frameMs: number;
  /** After CLOSE: reads and throws away for so long; link S9. */
  readonly discardMs: number;
  /** Octets the switch may leave unread before the line is cut. */
  readonly writeBytesMax: number;
}

export class StationClient {
  readonly state: StationState;
  readonly #parts: StationClientParts;
  #socket: TLSSocket | undefined;
  #framer = newFramer();
  #dialTimer: NodeJS.Timeout | undefined;
  #wakeTimer: NodeJS.Timeout | undefined;
  #frameTimer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(parts: StationClientParts) {
    this.#parts = parts;
    this.state = createStation(parts.settings);
  }

  /** The first attempt, at once; later ones come by themselves. */
  start(): void {
    this.#dial();
  }

  put(input: StationInput): void {
    if (this.#stopped) return;
    const { clock, random, onOutput } = this.#parts;
    const time = { atMs: clock.atMs(), fraction: random.fraction() };
    const outputs = stepStation(this.state, input, time);
    const frames = outputs.flatMap((output) => (output.kind === 'send' ? [output.frame] : []));
    this.#write(frames);
    for (const output of outputs) {
      this.#act(output);
      onOutput(output);
    }
  }

  /** At once, without a word; nothing more is said or dialled. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#dialTimer);
    clearTimeout(this.#wakeTimer);
    clearTimeout(this.#frameTimer);
    this.#socket?.destroy();
  }

  #dial(): void {
    // It said meanwhile that it does not come back.
    if (this.state.intent === 'leave') return;
    const { host, port, tls, limits } = this.#parts;
    const socket = connect({ ...tls, host, port });
    this.#socket = socket;
    this.#framer = newFramer();
    socket.setNoDelay(true);
    const deadline = setTimeout(() => socket.destroy(), limits.connectMs);
    socket.once('secureConnect', () => {
      clearTimeout(deadline);
      this.put({ kind: 'connected' });
    });
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    // What went wrong is told by `close`, which always follows.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      clearTimeout(deadline);
      this.#lost();
    });
  }

  #lost(): void {
    clearTimeout(this.#frameTimer);
    this.#frameTimer = undefined;
    this.#socket = undefined;
    this.put({ kind: 'lost' });
  }

  #read(chunk: Buffer): void {
    this.#framer.push(chunk);
    let frames = 0;
    for (let next = this.#framer.next(); next !== undefined; next = this.#framer.next()) {
      frames += 1;
      if (next.ok) this.put({ kind: 'frame', frame: next.value });
      else this.put({ kind: 'garbled', code: next.error.code, reason: next.error.reason });
    }
    if (frames === 0) this.put({ kind: 'heard' });
    this.#followFrame(frames > 0);
  }

  /** Keeps the clock of the frame under way. */
  #followFrame(anew: boolean): void {
    if (anew || !this.#framer.midFrame) {
      clearTimeout(this.#frameTimer);
      this.#frameTimer = undefined;
    }
    if (!this.#framer.midFrame || this.#frameTimer !== undefined) return;
    const late = { kind: 'garbled', code: 'C05', reason: 'The frame was not complete.' } as const;
    this.#frameTimer = setTimeout(() => this.put(late), this.#parts.limits.frameMs);
  }

  #write(frames: readonly Uint8Array[]): void {
    const socket = this.#socket;
    if (frames.length === 0 || socket?.writable !== true) return;
    socket.write(Buffer.concat(frames));
    if (socket.writableLength > this.#parts.limits.writeBytesMax) socket.destroy();
  }

  #act(output: StationOutput): void {
    switch (output.kind) {
      case 'expect': {
        const { frames: allowed, bodyBytesMax } = output;
        this.#framer.rules = { from: 'switch', allowed, bodyBytesMax };
        return;
      }
      case 'closed':
        return this.#end(output.by);
      case 'cut':
        this.#socket?.destroy();
        return;
      case 'dial':
        clearTimeout(this.#dialTimer);
        this.#dialTimer = setTimeout(() => this.#dial(), output.afterMs);
        return;
      case 'wake': {
        clearTimeout(this.#wakeTimer);
        const waitMs = Math.max(0, output.atMs - this.#parts.clock.atMs());
        this.#wakeTimer = setTimeout(() => this.put({ kind: 'tick' }), waitMs);
        return;
      }
      case 'send':
      case 'welcomed':
      case 'message':
      case 'accepted':
      case 'refused':
      case 'dropped':
      case 'declined':
      case 'signed-on':
      case 'sign-on-refused':
      case 'sign-on-lost':
      case 'signed-off':
      case 'busy':
      case 'status':
        return;
    }
  }

  /** After our own CLOSE, what still comes is read and thrown away for a while (link S9). */
  #end(by: 'us' | 'switch'): void {
    const socket = this.#socket;
    if (socket === undefined) return;
    if (by === 'switch') socket.end();
    const deadline = setTimeout(() => socket.destroy(), this.#parts.limits.discardMs);
    socket.once('close', () => clearTimeout(deadline));
  }
}

/** Nothing may come before HELLO is said: a switch that speaks first is wrong (link F6). */
function newFramer(): Framer {
  return new Framer({ from: 'switch', allowed: noFrames, bodyBytesMax: 0 });
}

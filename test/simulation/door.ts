// src/net/link.ts on the simulated network: octets to frames, frames to octets, the deadlines of HELLO and
// of a frame, who does not read is cut, and the end of a link after CLOSE.

import {
  type Frame,
  type FrameReject,
  type FrameType,
  helloBytesMax,
  helloOnly,
  noFrames,
  welcomeBytesMax,
  welcomeOnly,
} from '#protocol/frame';
import { Framer } from '#protocol/framer';
import { concatBytes } from '#protocol/octets';
import { holds } from '#src/net/link';
import type { Happening, LateReject, LinkId } from '#switch/event';
import type { End, Side, Wire } from './wire.ts';

export interface DoorParts {
  readonly id: LinkId;
  readonly wire: Wire;
  readonly side: Side;
  readonly far: 'station' | 'switch';
  readonly limits: DoorLimits;
  readonly put: (happening: Happening) => void;
  readonly nowMs: () => number;
  readonly after: (ms: number, act: () => void) => void;
  readonly isInboxFull: () => boolean;
  readonly onClosed: (door: Door) => void;
}

export interface DoorLimits {
  readonly helloMs: number;
  readonly frameMs: number;
  readonly writeBytesMax: number;
  readonly discardMs: number;
}

type Hold = (typeof holds)[keyof typeof holds];
const heardEveryMs = 1000;

export class Door implements End {
  readonly id: LinkId;
  readonly #parts: DoorParts;
  readonly #framer: Framer;
  readonly #sinceMs: number;
  #phase: 'reading' | 'garbled' | 'ending' | 'closed' = 'reading';
  #held = 0;
  #greeted = false;
  #peerClosed = false;
  #frameSinceMs: number | undefined;
  #heardAtMs: number;
  #why = 'ended';
  #unwritten: Uint8Array[] = [];
  /** What arrives while nobody reads stays in the buffers of the network. */
  #unread: Uint8Array[] = [];

  constructor(parts: DoorParts) {
    this.id = parts.id;
    this.#parts = parts;
    this.#sinceMs = this.#heardAtMs = parts.nowMs();
    this.#framer = new Framer(
      parts.far === 'station'
        ? { from: 'station', allowed: helloOnly, bodyBytesMax: helloBytesMax }
        : { from: 'switch', allowed: welcomeOnly, bodyBytesMax: welcomeBytesMax },
    );
  }

  get wire(): Wire {
    return this.#parts.wire;
  }

  data(octets: Uint8Array): void {
    if (this.#phase !== 'reading' || this.#peerClosed) return;
    if (this.#held !== 0) {
      this.#unread.push(octets);
      return;
    }
    this.#framer.push(octets);
    this.#read();
  }

  closed(): void {
    if (this.#phase === 'closed') return;
    this.#phase = 'closed';
    this.#parts.onClosed(this);
    this.#parts.put({ kind: 'closed', link: this.id, why: this.#why });
  }

  send(frame: Uint8Array): void {
    if (this.#phase === 'ending' || this.#phase === 'closed') return;
    this.#unwritten.push(frame);
  }

  flush(): void {
    if (this.#unwritten.length === 0) return;
    const { wire, side, limits } = this.#parts;
    const octets = concatBytes(...this.#unwritten);
    this.#unwritten = [];
    if (this.#phase === 'closed') return;
    wire.send(side, octets);
    if (wire.backlog(side) > limits.writeBytesMax) this.cut('slow reader');
  }

  expect(allowed: ReadonlySet<FrameType>, bodyBytesMax: number): void {
    this.#framer.rules = { from: this.#parts.far, allowed, bodyBytesMax };
    this.release(holds.rules);
  }

  end(): void {
    if (this.#phase === 'ending' || this.#phase === 'closed') return;
    this.flush();
    this.#phase = 'ending';
    this.#held = 0;
    const { wire, side, limits, after } = this.#parts;
    const finish = (): void => {
      wire.end(side);
      after(limits.discardMs, () => this.cut('did not end'));
    };
    if (this.#peerClosed) finish();
    else after(limits.discardMs, finish);
  }

  cut(why = 'cut'): void {
    if (this.#phase === 'closed') return;
    this.#why = why;
    this.#parts.wire.destroy(this.#parts.side);
  }

  hold(hold: Hold): void {
    if (this.#phase === 'reading') this.#held |= hold;
  }

  release(hold: Hold): void {
    if ((this.#held & hold) === 0) return;
    this.#held &= ~hold;
    if (this.#held !== 0 || this.#phase !== 'reading') return;
    if (this.#frameSinceMs !== undefined) this.#frameSinceMs = this.#parts.nowMs();
    for (const octets of this.#unread.splice(0)) this.#framer.push(octets);
    if (this.#framer.pendingBytes > 0) this.#read();
  }

  /** Looks at the deadlines. @source link S1, F4 */
  check(): void {
    if (this.#phase !== 'reading' || this.#held !== 0) return;
    const { limits, nowMs } = this.#parts;
    if (!this.#greeted && nowMs() - this.#sinceMs >= limits.helloMs)
      this.#garble({ code: 'C05', reason: 'The first frame was not complete in time.' });
    else if (this.#frameSinceMs !== undefined && nowMs() - this.#frameSinceMs >= limits.frameMs)
      this.#garble({ code: 'C05', reason: 'A frame was not complete in time.' });
  }

  #read(): void {
    let frames = 0;
    while (!this.#peerClosed && (this.#held & holds.rules) === 0) {
      const next = this.#framer.next();
      if (next === undefined) break;
      if (!next.ok) return this.#garble(next.error);
      this.#deliver(next.value);
      frames += 1;
    }
    this.#follow(frames);
    if (this.#parts.isInboxFull()) this.hold(holds.inbox);
  }

  #deliver(frame: Frame): void {
    this.#parts.put({ kind: 'frame', link: this.id, frame });
    this.#peerClosed ||= frame.type === 'CLOSE';
    if (this.#greeted) return;
    this.#greeted = true;
    if (this.#parts.far === 'station')
      this.#framer.rules = { ...this.#framer.rules, allowed: noFrames };
    else this.hold(holds.rules);
  }

  #follow(frames: number): void {
    const nowMs = this.#parts.nowMs();
    if (frames > 0) this.#heardAtMs = nowMs;
    if (!this.#framer.midFrame) this.#frameSinceMs = undefined;
    else if (frames > 0 || this.#frameSinceMs === undefined) this.#frameSinceMs = nowMs;
    if (nowMs - this.#heardAtMs < heardEveryMs) return;
    this.#heardAtMs = nowMs;
    this.#parts.put({ kind: 'heard', link: this.id });
  }

  #garble(reject: FrameReject | LateReject): void {
    this.#phase = 'garbled';
    this.#parts.put({ kind: 'garbled', link: this.id, reject });
  }
}

// One connection of either kind: octets to frames, frames to octets, with a bound on everything.
// It promises event `closed` exactly once, frames in their order, and one write for all frames
// sent in one turn. Too slow a frame or a garbled one is event `garbled`; the switch decides.
// A peer that does not read costs `writeBytesMax` at most, then it is cut off.

import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { helloBytesMax, helloOnly, noFrames, welcomeBytesMax, welcomeOnly } from '#protocol/frame';
import type { Frame, FrameReject, FrameType } from '#protocol/frame';
import { Framer } from '#protocol/framer';
import type { LateReject, LinkId } from '#switch/event';
import type { Clock, Inbox, Stamp } from './ports.ts';

export interface LinkLimits {
  /** The first frame is complete so long after the connection began; link S1. */
  readonly helloMs: number;
  /** From a frame's first octet to its last; link F4. */
  readonly frameMs: number;
  /** Octets waiting to be written: above `High` nothing more is read from the peer, above `Max` it is cut. */
  readonly writeBytesHigh: number;
  readonly writeBytesMax: number;
  /** The same of all links together: above it those with most are cut. */
  readonly writeBytesTotal: number;
  /** After CLOSE: reads and throws away for so long; link S9. */
  readonly discardMs: number;
}

export interface LinkParts {
  readonly id: LinkId;
  readonly socket: Socket;
  /** Who is at the other end. */
  readonly far: 'station' | 'switch';
  readonly peer: string;
  /** When the connection began, by the steady clock. */
  readonly sinceMs: number;
  readonly limits: LinkLimits;
  readonly clock: Clock;
  readonly inbox: Inbox;
  /** Has something to write at the end of this turn. */
  readonly onDirty: (link: Link) => void;
  readonly onClosed: (link: Link) => void;
}

/** What the edge knows of a connection, and the switch does not. */
export interface EdgeFacts {
  /** When the connection began, by the steady clock. */
  readonly sinceMs: number;
  readonly port: number | undefined;
  /** `TLSv1.3`; undefined without TLS. With it both ends always show a certificate (link T2). */
  readonly tls: string | undefined;
  /** Octets that wait to be written. */
  readonly waitingBytes: number;
  /** It does not take what we send as fast as we would. */
  readonly slow: boolean;
}

/** Why nothing is read from the peer now; bits, because several may hold at once. */
export const holds = {
  /** The inbox of the loop is over its mark. */
  inbox: 1,
  /** The loop keeps what came from this peer until the journal goes on. */
  loop: 2,
  /** The peer does not read what we send. */
  writing: 4,
  /** Which frames may follow WELCOME is not said yet. */
  rules: 8,
} as const;
export type Hold = (typeof holds)[keyof typeof holds];

const heardEveryMs = 1000;
/** Why a link was cut whose peer does not read. */
export const slowReader = 'slow reader';

export class Link {
  readonly id: LinkId;
  readonly peer: string;
  readonly #parts: LinkParts;
  readonly #socket: Socket;
  readonly #framer: Framer;
  #phase: 'reading' | 'garbled' | 'ending' | 'closed' = 'reading';
  #held = 0;
  #greeted = false;
  /** CLOSE is the last frame: nothing after it is read (link S9). */
  #peerClosed = false;
  #frameSinceMs: number | undefined;
  #heardAtMs: number;
  #why = 'ended';
  #unwritten: Uint8Array[] = [];
  #unwrittenBytes = 0;
  #ending: NodeJS.Timeout | undefined;

  constructor(parts: LinkParts) {
    this.id = parts.id;
    this.peer = parts.peer;
    this.#parts = parts;
    this.#socket = parts.socket;
    this.#heardAtMs = parts.sinceMs;
    this.#framer = new Framer(
      parts.far === 'station'
        ? { from: 'station', allowed: helloOnly, bodyBytesMax: helloBytesMax }
        : { from: 'switch', allowed: welcomeOnly, bodyBytesMax: welcomeBytesMax },
    );
    parts.socket.on('error', (error) => this.#onError(error));
    parts.socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    parts.socket.on('drain', () => this.release(holds.writing));
    parts.socket.on('close', () => this.#onClose());
  }

  /** Octets that wait to be written. */
  get waitingBytes(): number {
    return this.#unwrittenBytes + this.#socket.writableLength;
  }

  get facts(): EdgeFacts {
    const socket = this.#socket;
    return {
      sinceMs: this.#parts.sinceMs,
      port: socket.remotePort,
      tls: socket instanceof TLSSocket ? (socket.getProtocol() ?? undefined) : undefined,
      waitingBytes: this.waitingBytes,
      slow: (this.#held & holds.writing) !== 0,
    };
  }

  /** Queues one frame; `flush` writes it. Ignored once the link takes nothing more. */
  send(frame: Uint8Array): void {
    if (this.#phase === 'ending' || this.#phase === 'closed') return;
    if (this.#unwritten.push(frame) === 1) this.#parts.onDirty(this);
    this.#unwrittenBytes += frame.length;
    if (this.waitingBytes > this.#parts.limits.writeBytesMax) this.cut(slowReader);
  }

  /** Writes all that was queued in this turn, in one piece: one TLS record instead of many. */
  flush(): void {
    const frames = this.#unwritten;
    if (frames.length === 0) return;
    this.#unwritten = [];
    this.#unwrittenBytes = 0;
    if (this.#phase === 'closed' || !this.#socket.writable) return;
    const first = frames[0];
    this.#socket.write(frames.length === 1 && first ? first : Buffer.concat(frames));
    if (this.#socket.writableLength > this.#parts.limits.writeBytesHigh) this.hold(holds.writing);
  }

  /** Which frames may come from now on, and how large; goes on with what was held for it. */
  expect(allowed: ReadonlySet<FrameType>, bodyBytesMax: number): void {
    this.#framer.rules = { from: this.#parts.far, allowed, bodyBytesMax };
    this.release(holds.rules);
  }

  /** Takes nothing more: reads and throws away until the peer ends or the time is over (link S9). */
  end(): void {
    if (this.#phase === 'ending' || this.#phase === 'closed') return;
    this.flush();
    this.#phase = 'ending';
    this.#held = 0;
    this.#socket.resume();
    const { discardMs } = this.#parts.limits;
    const finish = (): void => {
      this.#socket.end();
      // A peer that neither reads nor ends would keep the socket for ever.
      this.#ending = setTimeout(() => this.cut('did not end'), discardMs);
    };
    // After the peer's own CLOSE nothing comes that would have to be thrown away.
    if (this.#peerClosed) finish();
    else this.#ending = setTimeout(finish, discardMs);
  }

  /** The socket is destroyed at once. */
  cut(why = 'cut'): void {
    if (this.#phase === 'closed') return;
    this.#why = why;
    this.#socket.destroy();
  }

  /** Stops reading for this reason, until `release`. */
  hold(hold: Hold): void {
    if (this.#phase !== 'reading') return;
    this.#held |= hold;
    this.#socket.pause();
  }

  release(hold: Hold): void {
    if ((this.#held & hold) === 0) return;
    this.#held &= ~hold;
    if (this.#held !== 0 || this.#phase !== 'reading') return;
    // It was us who did not read: the clock of the frame begins anew.
    if (this.#frameSinceMs !== undefined) this.#frameSinceMs = this.#parts.clock.atMs();
    if (this.#framer.pendingBytes > 0) this.#read(this.#parts.clock.stamp());
    if (!this.#isHeld()) this.#socket.resume();
  }

  /** Looks at the deadlines; called a few times a second. @source link S1, F4 */
  check(stamp: Stamp): void {
    if (this.#phase !== 'reading' || this.#held !== 0) return;
    const { sinceMs, limits } = this.#parts;
    if (!this.#greeted && stamp.atMs - sinceMs >= limits.helloMs)
      this.#garble({ code: 'C05', reason: 'The first frame was not complete in time.' }, stamp);
    else if (this.#frameSinceMs !== undefined && stamp.atMs - this.#frameSinceMs >= limits.frameMs)
      this.#garble({ code: 'C05', reason: 'A frame was not complete in time.' }, stamp);
  }

  #isHeld(): boolean {
    return this.#held !== 0;
  }

  #onData(chunk: Buffer): void {
    // After CLOSE, or after garbled octets, what comes is thrown away.
    if (this.#phase !== 'reading' || this.#peerClosed) return;
    this.#framer.push(chunk);
    this.#read(this.#parts.clock.stamp());
  }

  #read(stamp: Stamp): void {
    let frames = 0;
    while (!this.#peerClosed && (this.#held & holds.rules) === 0) {
      const next = this.#framer.next();
      if (next === undefined) break;
      if (!next.ok) {
        this.#garble(next.error, stamp);
        return;
      }
      this.#deliver(next.value, stamp);
      frames++;
    }
    this.#follow(frames, stamp);
    if (this.#parts.inbox.full) this.hold(holds.inbox);
  }

  #deliver(frame: Frame, stamp: Stamp): void {
    const { atMs, timeUs } = stamp;
    this.#parts.inbox.put({ kind: 'frame', link: this.id, frame, atMs, timeUs });
    this.#peerClosed ||= frame.type === 'CLOSE';
    if (this.#greeted) return;
    this.#greeted = true;
    // A station says nothing before WELCOME (link F6); a switch may go on right after it, so what
    // follows waits until the switch's own state machine has said what may come.
    if (this.#parts.far === 'station')
      this.#framer.rules = { ...this.#framer.rules, allowed: noFrames };
    else this.hold(holds.rules);
  }

  /** Keeps the clock of the frame under way, and tells that the peer is alive. */
  #follow(frames: number, stamp: Stamp): void {
    if (frames > 0) this.#heardAtMs = stamp.atMs;
    if (!this.#framer.midFrame) this.#frameSinceMs = undefined;
    else if (frames > 0 || this.#frameSinceMs === undefined) this.#frameSinceMs = stamp.atMs;
    if (stamp.atMs - this.#heardAtMs < heardEveryMs) return;
    this.#heardAtMs = stamp.atMs;
    this.#parts.inbox.put({ kind: 'heard', link: this.id, ...stamp });
  }

  #garble(reject: FrameReject | LateReject, stamp: Stamp): void {
    this.#phase = 'garbled';
    this.#socket.pause();
    this.#parts.inbox.put({ kind: 'garbled', link: this.id, reject, ...stamp });
  }

  #onError(error: NodeJS.ErrnoException): void {
    this.#why = error.code ?? 'error';
    this.#socket.destroy();
  }

  #onClose(): void {
    if (this.#phase === 'closed') return;
    this.#phase = 'closed';
    clearTimeout(this.#ending);
    this.#unwritten = [];
    this.#parts.onClosed(this);
    const stamp = this.#parts.clock.stamp();
    this.#parts.inbox.put({ kind: 'closed', link: this.id, why: this.#why, ...stamp });
  }
}

// Where a connection waits until its TLS may begin: first for a whole ClientHello, then for its turn.
// It promises that whoever says nothing, or says it octet by octet, costs a socket and no TLS; that so many
// handshakes begin a second and no more, evenly, address after address; and a bound on places and time.
// Who has waited too long is let go and comes back (link S10); it decides nothing about certificates.

import type { Socket } from 'node:net';
import type { Clock } from './ports.ts';

export interface RoomLimits {
  /** Connections waiting at one time. */
  readonly places: number;
  /** Handshakes begun a second, from all addresses together. */
  readonly handshakesPerSecond: number;
  /** From TCP accept to a whole ClientHello. */
  readonly firstOctetsMs: number;
  /** From then on until its turn: what is left of link S1 must do for TLS and HELLO. */
  readonly turnMs: number;
}

export interface RoomParts {
  readonly limits: RoomLimits;
  readonly clock: Clock;
  /** Its turn: what was read is back in the socket, and nobody listens to it. */
  readonly begin: (arrival: Arrival) => void;
  readonly turnAway: (peer: string, why: string) => void;
}

export interface Arrival {
  readonly socket: Socket;
  readonly peer: string;
  /** When TCP was accepted, steady milliseconds. */
  readonly sinceMs: number;
}

interface Waiting extends Arrival {
  octets: Buffer;
  /** When its ClientHello was whole. */
  readyMs: number | undefined;
  readonly onData: (chunk: Buffer) => void;
  readonly onClose: () => void;
}

/** A TLS record: type 22 is a handshake, octets 3 and 4 are its length. @source RFC 8446, 5.1 */
const recordHeadBytes = 5;
const handshakeRecord = 22;
/** A ClientHello longer than this is TLS's to judge; one with a post-quantum share has about 1,700 octets. */
const helloBytesMax = 4_096;
const sweepMs = 100;

export class WaitingRoom {
  readonly #parts: RoomParts;
  /** In the order they came. */
  readonly #speechless = new Set<Waiting>();
  /** In the order they were ready, by address; the first address is next. */
  readonly #ready = new Map<string, Set<Waiting>>();
  #readyCount = 0;
  #turnTimer: NodeJS.Timeout | undefined;
  /** When the next handshake may begin. */
  #nextTurnMs = 0;
  readonly #sweepTimer: NodeJS.Timeout;

  constructor(parts: RoomParts) {
    this.#parts = parts;
    this.#sweepTimer = setInterval(() => this.#sweep(), sweepMs).unref();
  }

  get size(): number {
    return this.#speechless.size + this.#readyCount;
  }

  enter(arrival: Arrival): void {
    if (this.size >= this.#parts.limits.places && !this.#makeRoom()) {
      this.#parts.turnAway(arrival.peer, 'too many connections');
      arrival.socket.destroy();
      return;
    }
    const waiting: Waiting = {
      ...arrival,
      octets: empty,
      readyMs: undefined,
      onData: (chunk) => this.#hear(waiting, chunk),
      onClose: () => {
        if (this.#forget(waiting)) this.#parts.turnAway(waiting.peer, 'left before TLS began');
      },
    };
    this.#speechless.add(waiting);
    arrival.socket.on('data', waiting.onData).on('close', waiting.onClose);
  }

  /** Nobody's turn comes any more; who waits is let go. */
  close(): void {
    clearInterval(this.#sweepTimer);
    clearTimeout(this.#turnTimer);
    for (const waiting of this.#all()) this.#letGo(waiting, 'the switch is going');
  }

  /** Whoever has said nothing for longest gives way: a station speaks as soon as it is connected. */
  #makeRoom(): boolean {
    const [oldest] = this.#speechless;
    if (oldest === undefined) return false;
    this.#letGo(oldest, 'too many connections');
    return true;
  }

  #hear(waiting: Waiting, chunk: Buffer): void {
    // Joined at once: the few octets must not keep the large chunk they came in.
    waiting.octets = Buffer.concat([waiting.octets, chunk]);
    const { octets, socket, peer, readyMs } = waiting;
    if (octets[0] !== handshakeRecord) return this.#letGo(waiting, 'no TLS');
    // More than a ClientHello has no business before our answer: it waits in the kernel.
    if (octets.length >= helloBytesMax) socket.pause();
    if (readyMs !== undefined || !isWhole(octets)) return;
    this.#speechless.delete(waiting);
    waiting.readyMs = this.#parts.clock.atMs();
    const line = this.#ready.get(peer) ?? new Set();
    this.#ready.set(peer, line.add(waiting));
    this.#readyCount += 1;
    this.#takeTurns();
  }

  /** One at a time, so that handshakes come spread over the second and links are read between them. */
  #takeTurns(): void {
    const { clock, limits, begin } = this.#parts;
    const nowMs = clock.atMs();
    if (this.#turnTimer !== undefined || this.#readyCount === 0) return;
    if (nowMs >= this.#nextTurnMs) {
      const next = this.#next();
      // At most one turn is saved up: none is lost to a timer that is late by a little.
      const everyMs = 1_000 / limits.handshakesPerSecond;
      this.#nextTurnMs = Math.max(this.#nextTurnMs, nowMs - savedTurns * everyMs) + everyMs;
      if (next !== undefined) begin(next);
    }
    if (this.#readyCount === 0) return;
    this.#turnTimer = setTimeout(
      () => {
        this.#turnTimer = undefined;
        this.#takeTurns();
      },
      Math.max(1, this.#nextTurnMs - nowMs),
    );
  }

  /** The first of the address whose turn it is; that address is last then. */
  #next(): Arrival | undefined {
    const [first] = this.#ready;
    if (first === undefined) return undefined;
    const [peer, line] = first;
    const [waiting] = line;
    if (waiting === undefined) return undefined;
    this.#forget(waiting);
    if (line.size > 0) {
      this.#ready.delete(peer);
      this.#ready.set(peer, line);
    }
    const { socket, octets, sinceMs } = waiting;
    socket.pause();
    socket.unshift(octets);
    return { socket, peer, sinceMs };
  }

  #sweep(): void {
    const { clock, limits } = this.#parts;
    const nowMs = clock.atMs();
    for (const waiting of this.#speechless) {
      if (nowMs - waiting.sinceMs < limits.firstOctetsMs) break;
      this.#letGo(waiting, 'handshake not complete in time');
    }
    for (const line of this.#ready.values())
      for (const waiting of line) {
        if (nowMs - (waiting.readyMs ?? nowMs) < limits.turnMs) break;
        this.#letGo(waiting, 'too many new connections');
      }
  }

  #letGo(waiting: Waiting, why: string): void {
    this.#forget(waiting);
    this.#parts.turnAway(waiting.peer, why);
    waiting.socket.destroy();
  }

  /** Whether it was still here. */
  #forget(waiting: Waiting): boolean {
    const { socket, peer, onData, onClose } = waiting;
    socket.off('data', onData).off('close', onClose);
    if (this.#speechless.delete(waiting)) return true;
    const line = this.#ready.get(peer);
    if (line?.delete(waiting) !== true) return false;
    this.#readyCount -= 1;
    if (line.size === 0) this.#ready.delete(peer);
    return true;
  }

  #all(): readonly Waiting[] {
    return [...this.#speechless, ...[...this.#ready.values()].flatMap((line) => [...line])];
  }
}

const empty = Buffer.alloc(0);
const savedTurns = 4;

/** The first record is here, or so much of it that TLS may see to the rest. */
function isWhole(octets: Buffer): boolean {
  if (octets.length < recordHeadBytes) return false;
  return octets.length >= Math.min(recordHeadBytes + octets.readUInt16BE(3), helloBytesMax);
}

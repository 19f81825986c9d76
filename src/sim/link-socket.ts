// One end of one connection, either side: frames in, octets out, keep-alive, the clocks of F4 and S6,
// and CLOSE as S9 wants it. It gathers the writes of one turn of the event loop into one. It answers
// PING itself and gives every other frame to its owner. What the peer does wrong ends in CLOSE with
// the code; what the socket does wrong ends in `ended`, once.

import type { Socket } from 'node:net';
import { controlFrame, echoFrame } from '#protocol/frame';
import type { Frame, FrameRules } from '#protocol/frame';
import { Framer } from '#protocol/framer';

export interface LinkOwner {
  frame(frame: Frame): void;
  /** Every frame of what arrived together was given. */
  settled(): void;
  /** The connection is over; nothing follows. */
  ended(cause: Error | undefined): void;
  /** When the oldest MESSAGE without an answer was sent (link M8). */
  readonly sentAtMs?: () => number | undefined;
}

/** Octets a peer may leave unread before the connection is cut; a slow reader costs no more. */
const unreadBytesMax = 16 * 1024 * 1024;
const frameTimeMs = 30_000;
/** link M8. */
const answerTimeMs = 30_000;
const lingerMs = 2_000;

export class LinkSocket {
  readonly #socket: Socket;
  readonly #framer: Framer;
  readonly #owner: LinkOwner;
  #out: Uint8Array[] = [];
  #flushing = false;
  #closing = false;
  #held = false;
  #over = false;
  #mute = false;
  #keepAliveMs = 30_000;
  #sentAt = performance.now();
  #heardAt = performance.now();
  #frameSince = 0;
  #clock: NodeJS.Timeout;

  constructor(socket: Socket, rules: FrameRules, owner: LinkOwner) {
    this.#socket = socket;
    this.#framer = new Framer(rules);
    this.#owner = owner;
    this.#clock = setInterval(() => this.#tick(), 1_000).unref();
    socket.setNoDelay(true);
    // Without setEncoding a socket gives octets.
    socket.on('data', (chunk) => this.#read(chunk as Uint8Array));
    socket.on('error', (error) => this.#end(error));
    socket.on('close', () => this.#end(undefined));
  }

  /** False once CLOSE was sent or the connection is gone. */
  isOpen(): boolean {
    return !this.#closing && !this.#over;
  }

  set rules(rules: FrameRules) {
    this.#framer.rules = rules;
  }

  /** Milliseconds of silence after which a PING goes out (link S6). */
  set keepAliveMs(ms: number) {
    this.#keepAliveMs = ms;
    clearInterval(this.#clock);
    if (!this.#over) this.#clock = setInterval(() => this.#tick(), Math.min(1_000, ms / 4)).unref();
  }

  /** Gives no frame until the next turn, so that the owner's owner can get ready for them. */
  holdForATurn(): void {
    this.#held = true;
    setImmediate(() => {
      this.#held = false;
      this.#giveFrames();
    });
  }

  /** Octets that go out at the end of this turn. */
  write(octets: Uint8Array): void {
    if (this.#closing || this.#over || this.#mute) return;
    this.#out.push(octets);
    if (this.#flushing) return;
    this.#flushing = true;
    setImmediate(() => this.#flush());
  }

  /** CLOSE, then nothing more is taken (link S9). */
  close(code: string, text: string): void {
    if (!this.isOpen()) return;
    this.write(controlFrame('CLOSE', { code, text }));
    this.#closing = true;
    this.#flush();
    setTimeout(() => this.#socket.destroy(), lingerMs).unref();
    this.#socket.once('end', () => this.#socket.destroy());
  }

  /** The stream ends after what was written; used when the peer said CLOSE. */
  end(): void {
    this.#flush();
    this.#closing = true;
    this.#socket.end();
    setTimeout(() => this.#socket.destroy(), lingerMs).unref();
  }

  /** The line is cut: no CLOSE, no farewell. */
  cut(): void {
    this.#socket.destroy();
    this.#end(undefined);
  }

  /** What was written leaves, then the line is cut: no CLOSE. */
  cutAfterWrites(): void {
    this.#flush();
    this.#closing = true;
    this.#socket.destroySoon();
  }

  /** What was written leaves, and nothing more; the connection stays. */
  fallSilent(): void {
    this.#flush();
    this.#mute = true;
  }

  #flush(): void {
    this.#flushing = false;
    const out = this.#out;
    const [first] = out;
    if (first === undefined || this.#over) return;
    this.#out = [];
    this.#sentAt = performance.now();
    this.#socket.write(out.length === 1 ? first : Buffer.concat(out));
    if (this.#socket.writableLength > unreadBytesMax) this.cut();
  }

  #read(chunk: Uint8Array): void {
    this.#heardAt = performance.now();
    if (!this.isOpen()) return;
    this.#framer.push(chunk);
    this.#giveFrames();
  }

  #giveFrames(): void {
    while (this.isOpen() && !this.#held) {
      const next = this.#framer.next();
      if (next === undefined) break;
      this.#frameSince = 0;
      if (next.ok) this.#give(next.value);
      else this.close(next.error.code, next.error.reason);
    }
    if (this.#framer.midFrame) this.#frameSince ||= this.#heardAt;
    if (this.isOpen()) this.#owner.settled();
  }

  #give(frame: Frame): void {
    if (frame.type === 'PING') this.write(echoFrame('PONG', frame.body));
    else if (frame.type !== 'PONG') this.#owner.frame(frame);
  }

  #tick(): void {
    const now = performance.now();
    if (now - this.#heardAt >= 2 * this.#keepAliveMs) {
      this.cut();
      return;
    }
    if (this.#frameSince > 0 && now - this.#frameSince >= frameTimeMs) {
      this.close('C05', 'The frame was not complete in time.');
      return;
    }
    if (now - (this.#owner.sentAtMs?.() ?? now) >= answerTimeMs) {
      this.close('C15', 'No acknowledgement in time.');
      return;
    }
    if (now - this.#sentAt >= this.#keepAliveMs) this.write(echoFrame('PING'));
  }

  #end(cause: Error | undefined): void {
    if (this.#over) return;
    this.#over = true;
    clearInterval(this.#clock);
    this.#socket.destroy();
    this.#owner.ended(cause);
  }
}

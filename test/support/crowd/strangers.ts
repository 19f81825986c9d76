// Peers that never become a link, many at once: silent ones, and those that begin a TLS handshake and
// send it octet by octet. Each comes back as soon as it is cut, so that the pressure stays.

import { connect as connectTcp, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { tlsProfile } from '#src/sim/tls-profile';

export interface StrangerPlan {
  readonly host: string;
  readonly port: number;
  readonly count: number;
  /** Source addresses they are spread over. */
  readonly addresses: readonly string[];
  /** Dials a second, all together, until all have come once. */
  readonly perSecond: number;
  /** An octet of a ClientHello so often; absent: silent. */
  readonly octetMs?: number | undefined;
  /** Whoever is cut comes back. */
  readonly comesBack: boolean;
}

export interface StrangerCounts {
  readonly dialled: number;
  readonly connected: number;
  readonly open: number;
}

const turnMs = 20;

export class Strangers {
  readonly #plan: StrangerPlan;
  readonly #hello: Uint8Array;
  readonly #open = new Map<Socket, number>();
  readonly #timers: NodeJS.Timeout[] = [];
  #dialled = 0;
  #connected = 0;
  #due = 0;
  #stopped = false;

  constructor(plan: StrangerPlan, hello: Uint8Array) {
    this.#plan = plan;
    this.#hello = hello;
    this.#due = plan.count;
    this.#timers.push(setInterval(() => this.#dialDue(), turnMs));
    const { octetMs } = plan;
    if (octetMs === undefined) return;
    // A tenth of them in each tick, so that their octets do not come all at once.
    let turn = 0;
    this.#timers.push(setInterval(() => this.#dribble(turn++ % 10), octetMs / 10));
  }

  get counts(): StrangerCounts {
    return { dialled: this.#dialled, connected: this.#connected, open: this.#open.size };
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers) clearInterval(timer);
    for (const socket of this.#open.keys()) socket.destroy();
  }

  #dialDue(): void {
    const most = Math.ceil((this.#plan.perSecond * turnMs) / 1_000);
    for (let left = Math.min(most, this.#due); left > 0; left -= 1) this.#dial();
  }

  #dial(): void {
    const { host, port, addresses, comesBack } = this.#plan;
    const localAddress = addresses[this.#dialled % addresses.length];
    this.#due -= 1;
    this.#dialled += 1;
    const socket = connectTcp({ host, port, ...(localAddress && { localAddress }) });
    this.#open.set(socket, 0);
    socket.on('error', () => socket.destroy());
    socket.on('connect', () => (this.#connected += 1));
    socket.on('close', () => {
      this.#open.delete(socket);
      if (comesBack && !this.#stopped) this.#due += 1;
    });
    socket.resume();
  }

  #dribble(tenth: number): void {
    let nth = 0;
    for (const [socket, sent] of this.#open) {
      nth += 1;
      // The last octet is never sent.
      if (nth % 10 !== tenth || socket.pending || sent >= this.#hello.length - 1) continue;
      socket.write(this.#hello.subarray(sent, sent + 1));
      this.#open.set(socket, sent + 1);
    }
  }
}

/** What a client of ours says first. */
export function firstFlight(): Promise<Uint8Array> {
  return new Promise((resolve) => {
    const wire = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _, done) => {
        resolve(Uint8Array.from(chunk));
        done();
      },
    });
    connectTls({ ...tlsProfile, socket: wire });
  });
}

// One enrolled station that guesses passwords and does not wait for the answers: it signs on twice at once,
// is closed for it (link S7c), and comes back. So many guesses a second as the switch lets in.

import { connect as connectTcp, type Socket } from 'node:net';
import { connect, createSecureContext, type SecureContext } from 'node:tls';
import { controlFrame } from '#protocol/frame';
import { tlsProfile } from '#src/sim/tls-profile';
import type { Badge } from './badges.ts';

export interface GuessPlan {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly perSecond: number;
  readonly addresses: readonly string[];
}

const atOnce = 2;

export class Guesser {
  readonly #plan: GuessPlan;
  readonly #station: string;
  readonly #context: SecureContext;
  readonly #open = new Set<Socket>();
  readonly #timer: NodeJS.Timeout;
  #dialled = 0;
  guesses = 0;

  constructor(plan: GuessPlan, { badge, key }: { readonly badge: Badge; readonly key: string }) {
    this.#plan = plan;
    this.#station = badge.station;
    this.#context = createSecureContext({ ...tlsProfile, cert: badge.cert, key });
    this.#timer = setInterval(() => this.#dial(), (1_000 * atOnce) / plan.perSecond);
  }

  stop(): void {
    clearInterval(this.#timer);
    for (const socket of this.#open) socket.destroy();
  }

  #dial(): void {
    const { host, port, addresses } = this.#plan;
    const localAddress = addresses[this.#dialled++ % addresses.length] ?? '127.0.0.1';
    const wire = connectTcp({ host, port, localAddress });
    // It is the switch that is on trial.
    const rejectUnauthorized = false;
    const socket = connect({ socket: wire, secureContext: this.#context, rejectUnauthorized });
    this.#open.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#open.delete(socket));
    socket.once('secureConnect', () => {
      const body = { protocol: [1], station: this.#station, role: 'terminal', software: 'guesser' };
      socket.write(controlFrame('HELLO', { ...body, received: 0 }));
    });
    // The first that comes is WELCOME; after the guesses it is CLOSE.
    socket.once('data', () => this.#guess(socket));
  }

  #guess(socket: Socket): void {
    for (let left = atOnce; left > 0; left -= 1) {
      const password = `guess ${++this.guesses}`;
      socket.write(controlFrame('SIGN_ON', { user: this.#plan.user, password }));
    }
    socket.on('data', () => socket.destroy());
  }
}

// Dials one upstream for as long as the process lives: TCP, TLS, chain, usage and name, then a link.
// It promises one attempt at a time and to back off, 1 s doubling to 60 s with jitter (link S10).
// A failed attempt is logged and tried again by itself; a link that ended waits for `dialAgain`.

import { connect } from 'node:tls';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import type { Links } from './links.ts';
import type { Clock, Inbox, Random, Trust } from './ports.ts';

export interface UpstreamParts {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** From `dialTlsOptions`. */
  readonly tls: ConnectionOptions;
  /** For its certificate as long as the link lasts. */
  readonly trust: Trust;
  /** TCP and TLS together. */
  readonly connectMs: number;
  readonly backOff: BackOff;
  readonly links: Links;
  readonly clock: Clock;
  readonly random: Random;
  readonly inbox: Inbox;
  /** An attempt failed; the reason is a code, and `attempt` counts from 1. */
  readonly onFailure: (failure: DialFailure) => void;
}

export interface BackOff {
  readonly firstMs: number;
  readonly mostMs: number;
  /** Added at random: 0.2 is up to 20 %. */
  readonly jitter: number;
}

export interface DialFailure {
  readonly upstream: string;
  readonly why: string;
  readonly attempt: number;
  readonly againInMs: number;
}

/** Where a dialler stands while there is no link. */
export interface DialFacts {
  /** `resting`: told not to dial. */
  readonly state: 'dialling' | 'waiting' | 'resting' | 'idle';
  /** Until the next attempt. */
  readonly nextInMs: number | undefined;
  /** Of the last attempt that failed, since the last that did not. */
  readonly why: string | undefined;
  readonly attempts: number;
}

export class Upstream {
  readonly #parts: UpstreamParts;
  /** Attempts since the last connection that did well. */
  #attempts = 0;
  #timer: NodeJS.Timeout | undefined;
  #socket: TLSSocket | undefined;
  #stopped = false;
  /** Told not to dial until `dialAgain`. */
  #resting = false;
  #nextAtMs = 0;
  #why: string | undefined;

  constructor(parts: UpstreamParts) {
    this.#parts = parts;
  }

  /** An attempt is under way or due; else there is a link, or one ended and `dialAgain` is awaited. */
  get dials(): boolean {
    return this.#socket !== undefined || this.#timer !== undefined;
  }

  get facts(): DialFacts {
    const { clock } = this.#parts;
    const waits = this.#timer !== undefined;
    const awake = waits ? 'waiting' : this.#socket === undefined ? 'idle' : 'dialling';
    return {
      state: this.#resting ? 'resting' : awake,
      nextInMs: waits ? Math.max(0, this.#nextAtMs - clock.atMs()) : undefined,
      why: this.#why,
      attempts: this.#attempts,
    };
  }

  /** The first attempt, at once. */
  start(): void {
    this.#dial();
  }

  /** No further attempt until `dialAgain`; one under way is broken off. */
  rest(): void {
    this.#resting = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#why = undefined;
    this.#socket?.destroy();
  }

  /** The link has ended: dial again after the back-off, `atLeastMs` at least. */
  dialAgain(again: { readonly atLeastMs: number; readonly fresh: boolean }): void {
    this.#resting = false;
    if (again.fresh) this.#attempts = 0;
    // An attempt under way is the one wanted.
    if (this.#socket === undefined) this.#later(again.atLeastMs);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#socket?.destroy();
  }

  #later(atLeastMs: number): number {
    const { firstMs, mostMs, jitter } = this.#parts.backOff;
    const wait = Math.max(atLeastMs, Math.min(mostMs, firstMs * 2 ** this.#attempts));
    const waitMs = wait * (1 + jitter * this.#parts.random.fraction());
    this.#attempts++;
    clearTimeout(this.#timer);
    if (!this.#stopped) this.#timer = setTimeout(() => this.#dial(), waitMs);
    this.#nextAtMs = this.#parts.clock.atMs() + waitMs;
    return waitMs;
  }

  #dial(): void {
    const { host, port, tls, connectMs, clock } = this.#parts;
    this.#timer = undefined;
    const sinceMs = clock.atMs();
    const socket = connect({ ...tls, host, port });
    this.#socket = socket;
    let why = 'closed';
    const deadline = setTimeout(() => {
      why = 'not complete in time';
      socket.destroy();
    }, connectMs);
    const onError = (error: NodeJS.ErrnoException): void => {
      why = error.code ?? 'failed';
      socket.destroy();
    };
    const onClose = (): void => {
      clearTimeout(deadline);
      this.#failed(why);
    };
    socket.on('error', onError);
    socket.on('close', onClose);
    socket.on('secureConnect', () => {
      if (!socket.authorized || socket.isSessionReused()) {
        why = 'not trusted';
        socket.destroy();
        return;
      }
      clearTimeout(deadline);
      socket.off('close', onClose);
      this.#open(socket, sinceMs);
      socket.off('error', onError);
    });
  }

  #open(socket: TLSSocket, sinceMs: number): void {
    const { name, host, links, inbox, clock, trust } = this.#parts;
    this.#socket = undefined;
    this.#why = undefined;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 60_000);
    const peer = socket.remoteAddress ?? host;
    const certificate = socket.getPeerX509Certificate();
    const standing = certificate === undefined ? undefined : trust.standing(certificate);
    const flaw = (nowMs: number): string | undefined =>
      standing === undefined ? notOurs : trust.flaw(standing, nowMs);
    const link = links.open({ socket, far: 'switch', peer, sinceMs, flaw });
    inbox.put({ kind: 'dialled', link: link.id, upstream: name, peer, ...clock.stamp() });
  }

  #failed(why: string): void {
    this.#socket = undefined;
    if (this.#stopped || this.#resting) return;
    this.#why = why;
    const attempt = this.#attempts + 1;
    const againInMs = Math.round(this.#later(0));
    this.#parts.onFailure({ upstream: this.#parts.name, why, attempt, againInMs });
  }
}

const notOurs = 'its certificate is of no authority that is trusted here';

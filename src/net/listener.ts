// Where stations connect. The order of checks is security 3: rate before TLS, a deadline from the TCP
// accept, certificate, no resumed session; only then is there a link. Enrolment is the switch's to judge.
// Whoever is turned away has its socket destroyed and is counted, once for each address and period.
// Without TLS it listens on loopback alone.

import { createServer, isIP } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import type { TlsOptions, TLSSocket } from 'node:tls';
import { MscFault } from '#src/errors';
import type { Links } from './links.ts';
import { Limiter } from './limiter.ts';
import type { LimiterRates } from './limiter.ts';
import type { Clock, Inbox, Random, Standing, Trust } from './ports.ts';
import { stationIdentity } from './tls.ts';
import type { PeerIdentity } from './tls.ts';
import { TurnedAwayTally } from './turned-away.ts';

export interface ListenerParts {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** From `listenerTlsOptions`; absent: plain TCP, on loopback only (link T3). */
  readonly tls?: TlsOptions | undefined;
  /** Goes with `tls`. */
  readonly trust?: Trust | undefined;
  /** Sockets at one time, those still in their handshake too; more are dropped. */
  readonly connectionsMax: number;
  readonly rates: LimiterRates;
  /** From TCP accept until TLS is up; the HELLO has what is left of it (link S1). */
  readonly helloMs: number;
  /** Peers turned away are told so often. */
  readonly reportMs: number;
  readonly links: Links;
  readonly clock: Clock;
  readonly random: Random;
  readonly inbox: Inbox;
}

/** What a running listener can take anew; the whole set, so that nothing falls back to a default. */
export type ListenerChange = Pick<ListenerParts, 'tls' | 'trust' | 'connectionsMax' | 'rates'>;

interface Handshake {
  readonly socket: Socket;
  readonly peer: string;
  readonly sinceMs: number;
  readonly deadline: NodeJS.Timeout;
  late: boolean;
}

export class Listener {
  readonly #parts: ListenerParts;
  readonly #server: Server;
  readonly #tls: TlsServer | undefined;
  #trust: Trust | undefined;
  readonly #limiter: Limiter;
  readonly #tally = new TurnedAwayTally();
  /** Connections whose TLS is not up yet, by address and port of the peer. */
  readonly #handshakes = new Map<string, Handshake>();
  /** Those whose TCP ended before the reason was told: Node tells it next, without saying whose. */
  readonly #ended: Handshake[] = [];
  #report: NodeJS.Timeout | undefined;

  constructor(parts: ListenerParts) {
    this.#parts = parts;
    this.#limiter = new Limiter(parts.rates, parts.clock.atMs());
    this.#tls = parts.tls === undefined ? undefined : this.#tlsServer(parts.tls);
    this.#trust = parts.trust;
    this.#server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 });
    this.#server.maxConnections = parts.connectionsMax;
    this.#server.on('connection', (socket) => this.#onConnection(socket));
    this.#server.on('drop', (drop) => this.#turnAway(drop?.remoteAddress, 'too many connections'));
  }

  /** @throws MscFault MSC-2201 port in use, MSC-2202 address cannot be listened on. */
  async listen(): Promise<AddressInfo> {
    const { host, port, tls, reportMs } = this.#parts;
    if (tls === undefined && !isLoopback(host))
      throw new MscFault('MSC-2202', { detail: `${host} without TLS is not loopback` });
    const address = await listenOn(this.#server, { host, port });
    this.#report = setInterval(() => this.#tellTurnedAway(), reportMs).unref();
    return address;
  }

  /** From the next handshake on; links that are open are the sweep's to judge. */
  change({ tls, trust, connectionsMax, rates }: ListenerChange): void {
    if (this.#tls !== undefined && tls !== undefined) this.#tls.setSecureContext(tls);
    this.#trust = trust;
    this.#server.maxConnections = connectionsMax;
    this.#limiter.rates = rates;
  }

  /** Takes no new connection and ends those whose TLS is not up; the links that are open stay. */
  close(): void {
    this.#server.close();
    clearInterval(this.#report);
    this.#tellTurnedAway();
    for (const { deadline, socket } of this.#handshakes.values()) {
      clearTimeout(deadline);
      socket.destroy();
    }
  }

  #onConnection(socket: Socket): void {
    // First line: an unhandled 'error' would end the process.
    socket.on('error', () => socket.destroy());
    const sinceMs = this.#parts.clock.atMs();
    if (!this.#limiter.admit(socket.remoteAddress ?? '', sinceMs)) {
      this.#turnAway(socket.remoteAddress, 'too many new connections');
      socket.destroy();
    } else if (this.#tls === undefined) this.#open(socket, sinceMs);
    else this.#beginTls(this.#tls, socket, sinceMs);
  }

  /** TLS begins only here, behind the limiter: the TLS server has no port of its own. */
  #beginTls(tls: TlsServer, socket: Socket, sinceMs: number): void {
    const key = keyOf(socket);
    const deadline = setTimeout(() => {
      handshake.late = true;
      socket.destroy();
    }, this.#parts.helloMs);
    const peer = socket.remoteAddress ?? 'unknown';
    const handshake: Handshake = { socket, peer, sinceMs, deadline, late: false };
    this.#handshakes.set(key, handshake);
    socket.on('close', () => {
      if (this.#handshakeDone(key) !== undefined) this.#ended.push(handshake);
    });
    tls.emit('connection', socket);
  }

  #tlsServer(options: TlsOptions): TlsServer {
    const server = new TlsServer(options);
    server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
      const handshake = this.#handshakeDone(keyOf(socket)) ?? this.#ended.shift();
      // Node destroys what it does not trust, and then says only that it was reset.
      const reason = (socket.authorizationError as unknown) ?? error.code;
      const why = typeof reason === 'string' ? reason : 'handshake failed';
      if (handshake) this.#turnAway(handshake.peer, handshake.late ? notInTime : why);
      socket.destroy();
    });
    server.on('secureConnection', (socket) => {
      socket.on('error', () => socket.destroy());
      this.#onSecure(socket);
    });
    return server;
  }

  #onSecure(socket: TLSSocket): void {
    const handshake = this.#handshakeDone(keyOf(socket));
    const certificate = socket.getPeerX509Certificate();
    const identity = certificate === undefined ? undefined : stationIdentity(certificate);
    const trusted = socket.authorized && !socket.isSessionReused();
    const standing = certificate === undefined ? undefined : this.#trust?.standing(certificate);
    const flaw = trusted ? this.#flaw(standing) : 'not trusted';
    if (handshake !== undefined && flaw === undefined && identity !== undefined) {
      this.#open(socket, handshake.sinceMs, { identity, standing });
      return;
    }
    this.#turnAway(socket.remoteAddress, flaw ?? 'certificate names no station');
    socket.destroy();
  }

  /** By the authorities and lists that are in force now, whatever they were at the handshake. */
  #flaw(standing: Standing | undefined, nowMs = this.#parts.clock.stamp().timeUs / 1000): Flaw {
    if (this.#trust === undefined || standing === undefined) return notOurs;
    return this.#trust.flaw(standing, nowMs);
  }

  #open(socket: Socket, sinceMs: number, proved?: Proved): void {
    const { links, inbox, clock, random } = this.#parts;
    const peer = socket.remoteAddress;
    if (peer === undefined) {
      socket.destroy();
      return;
    }
    const flaw = proved && ((nowMs: number): Flaw => this.#flaw(proved.standing, nowMs));
    const link = links.open({ socket, far: 'station', peer, sinceMs, flaw });
    inbox.put({
      kind: 'opened',
      link: link.id,
      peer,
      ...(proved === undefined ? {} : { certificate: proved.identity }),
      token: random.token(),
      ...clock.stamp(),
    });
  }

  #handshakeDone(key: string): Handshake | undefined {
    const handshake = this.#handshakes.get(key);
    clearTimeout(handshake?.deadline);
    this.#handshakes.delete(key);
    return handshake;
  }

  #turnAway(peer: string | undefined, why: string): void {
    this.#tally.add(peer ?? 'unknown', why);
  }

  #tellTurnedAway(): void {
    const stamp = this.#parts.clock.stamp();
    for (const turned of this.#tally.take())
      this.#parts.inbox.put({ kind: 'turned-away', ...turned, ...stamp });
  }
}

type Flaw = string | undefined;

/** Whom the certificate of a station names, and what it stands on. */
interface Proved {
  readonly identity: PeerIdentity;
  readonly standing: Standing | undefined;
}

const notOurs = 'the certificate is of no authority that is trusted here';
const notInTime = 'handshake not complete in time';

/** Listens, or says with a code why not. @throws MscFault MSC-2201, MSC-2202 */
export async function listenOn(
  server: Server,
  at: { readonly host: string; readonly port: number },
): Promise<AddressInfo> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const code = cause.code === 'EADDRINUSE' ? 'MSC-2201' : 'MSC-2202';
      reject(new MscFault(code, { detail: `${at.host}:${at.port}`, cause }));
    });
    server.listen({ ...at, backlog: 511 }, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new MscFault('MSC-2202', { detail: `${at.host}:${at.port}` });
  return address;
}

/** As a person writes it and the configuration reads it. */
export function formatAddress({ family, address, port }: AddressInfo): string {
  return family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`;
}

function isLoopback(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith('127.');
  return host === '::1' || host === 'localhost';
}

function keyOf(socket: Socket): string {
  return `${socket.remoteAddress ?? ''} ${socket.remotePort ?? 0}`;
}

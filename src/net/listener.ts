// Where stations connect. The order of checks is security 3: rate and turn before TLS, a deadline from the TCP
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
import type { Clock, Inbox, Random, Standing, Trust } from './ports.ts';
import { stationIdentity } from './tls.ts';
import type { PeerIdentity } from './tls.ts';
import { TurnedAwayTally } from './turned-away.ts';
import { WaitingRoom } from './waiting-room.ts';
import type { Arrival, RoomLimits } from './waiting-room.ts';

export interface ListenerParts {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** From `listenerTlsOptions`; absent: plain TCP, on loopback only (link T3). */
  readonly tls?: TlsOptions | undefined;
  /** Goes with `tls`. */
  readonly trust?: Trust | undefined;
  /** Links and handshakes at one time; more are turned away. */
  readonly connectionsMax: number;
  /** New connections a second, and at once, from one address. */
  readonly perAddress: number;
  readonly room: RoomLimits;
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
export type ListenerChange = Pick<ListenerParts, 'tls' | 'trust' | 'connectionsMax' | 'perAddress'>;

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
  #connectionsMax: number;
  readonly #limiter: Limiter;
  readonly #room: WaitingRoom;
  readonly #tally = new TurnedAwayTally();
  /** Connections whose TLS is not up yet, by address and port of the peer. */
  readonly #handshakes = new Map<string, Handshake>();
  /** Those whose TCP ended before the reason was told: Node tells it next, without saying whose. */
  readonly #ended = new Set<Handshake>();
  #report: NodeJS.Timeout | undefined;

  constructor(parts: ListenerParts) {
    this.#parts = parts;
    this.#limiter = new Limiter(parts.perAddress);
    this.#tls = parts.tls === undefined ? undefined : this.#tlsServer(parts.tls);
    this.#trust = parts.trust;
    this.#connectionsMax = parts.connectionsMax;
    this.#room = new WaitingRoom({
      limits: parts.room,
      clock: parts.clock,
      begin: (arrival) => this.#begin(arrival),
      turnAway: (peer, why) => this.#turnAway(peer, why),
    });
    this.#server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 });
    this.#server.maxConnections = parts.connectionsMax + parts.room.places;
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
  change({ tls, trust, connectionsMax, perAddress }: ListenerChange): void {
    if (this.#tls !== undefined && tls !== undefined) this.#tls.setSecureContext(tls);
    this.#trust = trust;
    this.#connectionsMax = connectionsMax;
    this.#server.maxConnections = connectionsMax + this.#parts.room.places;
    this.#limiter.perAddress = perAddress;
  }

  /** Takes no new connection and ends those whose TLS is not up; the links that are open stay. */
  close(): void {
    this.#server.close();
    clearInterval(this.#report);
    this.#room.close();
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
    const peer = socket.remoteAddress ?? 'unknown';
    if (!this.#limiter.admit(peer, sinceMs)) {
      this.#turnAway(peer, 'too many new connections');
      socket.destroy();
    } else if (this.#tls !== undefined) this.#room.enter({ socket, peer, sinceMs });
    else if (this.#hasPlace(peer, socket)) this.#open(socket, sinceMs);
  }

  #hasPlace(peer: string, socket: Socket): boolean {
    const { links } = this.#parts;
    if (links.size + this.#handshakes.size < this.#connectionsMax) return true;
    this.#turnAway(peer, 'too many connections');
    socket.destroy();
    return false;
  }

  /** TLS begins only here, behind the waiting room: the TLS server has no port of its own. */
  #begin({ socket, peer, sinceMs }: Arrival): void {
    if (!this.#hasPlace(peer, socket)) return;
    const { clock, helloMs } = this.#parts;
    const key = keyOf(socket);
    const deadline = setTimeout(
      () => {
        handshake.late = true;
        socket.destroy();
      },
      sinceMs + helloMs - clock.atMs(),
    );
    const handshake: Handshake = { socket, peer, sinceMs, deadline, late: false };
    this.#handshakes.set(key, handshake);
    socket.on('close', () => this.#onCloseInTls(key));
    this.#tls?.emit('connection', socket);
  }

  #onCloseInTls(key: string): void {
    const handshake = this.#handshakeDone(key);
    if (handshake === undefined) return;
    this.#ended.add(handshake);
    // Where Node does not, it is told here: nobody goes uncounted, and the list never grows.
    setImmediate(() => {
      if (this.#ended.delete(handshake)) this.#turnAway(handshake.peer, reasonOf(handshake, ended));
    });
  }

  #tlsServer(options: TlsOptions): TlsServer {
    const server = new TlsServer(options);
    server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
      const handshake = this.#handshakeDone(keyOf(socket)) ?? this.#firstEnded();
      // Node destroys what it does not trust, and then says only that it was reset.
      const reason = (socket.authorizationError as unknown) ?? error.code;
      const why = typeof reason === 'string' ? reason : 'handshake failed';
      if (handshake) this.#turnAway(handshake.peer, reasonOf(handshake, why));
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

  #firstEnded(): Handshake | undefined {
    const [first] = this.#ended;
    if (first !== undefined) this.#ended.delete(first);
    return first;
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
const ended = 'ended before TLS was up';
const reasonOf = ({ late }: Handshake, why: string): string =>
  late ? 'handshake not complete in time' : why;

/** Connections the kernel takes before we do: a county that comes back at once (its own limit may be lower). */
const backlog = 4_096;

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
    server.listen({ ...at, backlog }, resolve);
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

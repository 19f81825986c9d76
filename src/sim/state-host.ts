// A simulated host of the state: the switch side of the link protocol, for the switches that ask it.
// It keeps the rules of link 2 to 6 within one run and answers from an invented record book. What a
// peer does wrong ends in CLOSE with its code; a station it does not know never gets a WELCOME.

import { createServer } from 'node:tls';
import type { Server, TLSSocket } from 'node:tls';
import type { AddressInfo, Socket } from 'node:net';
import { parseClose, parseHello } from '#protocol/control';
import type { Hello } from '#protocol/control';
import { controlFrame, helloBytesMax, helloOnly, stationFrames } from '#protocol/frame';
import type { Frame } from '#protocol/frame';
import type { Mnemonic } from '#protocol/ids';
import type { Faults, HostCommand } from './faults.ts';
import { hostCommandHelp } from './faults.ts';
import { HostSession } from './host-session.ts';
import type { HostCounters, HostSessionOptions } from './host-session.ts';
import { LinkSocket } from './link-socket.ts';
import type { RecordBook } from './records.ts';
import { certificateName, tlsProfile } from './tls-profile.ts';
import type { Credentials } from './tls-profile.ts';

export interface StateHostOptions {
  readonly name: string;
  readonly credentials: Credentials;
  /** Stations that may come, all as role host. */
  readonly stations: readonly string[];
  /** The mnemonics WELCOME names; any is taken. */
  readonly mnemonics: readonly Mnemonic[];
  readonly window: number;
  readonly frameBytesMax: number;
  readonly keepAliveMs: number;
  readonly book: RecordBook;
  readonly faults: Faults;
}

const helloTimeMs = 10_000;
const connectionsMax = 256;

export class StateHost {
  readonly #options: StateHostOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #sessions = new Map<string, HostSession>();
  readonly #status = new Map<string, Status>();
  readonly #counters: HostCounters = { received: 0, answered: 0, refused: 0 };

  constructor(options: StateHostOptions) {
    this.#options = options;
    const { credentials } = options;
    this.#server = createServer({
      ...tlsProfile,
      ...credentials,
      requestCert: true,
      rejectUnauthorized: true,
      handshakeTimeout: helloTimeMs,
    });
    this.#server.maxConnections = connectionsMax;
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    this.#server.on('tlsClientError', (_error, socket) => socket.destroy());
    this.#server.on('secureConnection', (socket) => this.#welcome(socket));
  }

  /** Resolves with the address once it listens. */
  listen(host: string, port: number): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        // A TCP server that listens has such an address.
        const address = this.#server.address() as AddressInfo;
        resolve(`${host}:${address.port}`);
      });
    });
  }

  close(): void {
    this.#server.close();
    for (const session of this.#sessions.values())
      session.link?.close('C07', 'The simulated host stops.');
    // What CLOSE has to wait for, nobody waits for here.
    setTimeout(() => this.#cutAll(), 200).unref();
  }

  /** Does what a line of the control socket asks; the lines to answer, before `ok`. */
  command(command: HostCommand): readonly string[] {
    const sessions = [...this.#sessions.values()];
    switch (command.kind) {
      case 'set':
        Object.assign(this.#options.faults, command.faults);
        if (command.faults.silent === false) for (const session of sessions) session.late();
        if (command.faults.acks === true) for (const session of sessions) session.handleKept();
        return [];
      case 'late':
        for (const session of sessions) session.late();
        return [];
      case 'drop':
        this.#cutAll();
        return [];
      case 'busy':
        for (const session of sessions) session.busyNext(command.retryAfterMs);
        return [];
      case 'unsolicited':
        sessions.at(-1)?.unsolicited(command.mnemonic, command.text);
        return [];
      case 'status':
        this.#sayStatus(command.service, command.state);
        return [];
      case 'show':
        return [JSON.stringify({ ...this.#counters, faults: this.#options.faults })];
      case 'help':
        return hostCommandHelp;
    }
  }

  #cutAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #sayStatus(service: string, state: Status['state']): void {
    const status = { service, state, since: new Date().toISOString() };
    if (state === 'up') this.#status.delete(service);
    else this.#status.set(service, status);
    for (const session of this.#sessions.values())
      session.link?.write(controlFrame('STATUS', status));
  }

  /** One connection from its first octet: HELLO, WELCOME, then its session. */
  #welcome(socket: TLSSocket): void {
    let session: HostSession | undefined;
    const link = new LinkSocket(
      socket,
      { from: 'station', bodyBytesMax: helloBytesMax, allowed: helloOnly },
      {
        frame: (frame) => {
          if (session !== undefined) this.#frame(session, link, frame);
          else session = this.#hello(link, frame, certificateName(socket));
        },
        settled: () => session?.settled(),
        sentAtMs: () => session?.sentAtMs,
        ended: () => {
          clearTimeout(late);
          if (session?.link === link) session.link = undefined;
        },
      },
    );
    const late = setTimeout(() => {
      if (session === undefined) link.close('C05', 'HELLO was not complete in time.');
    }, helloTimeMs).unref();
  }

  /** Judges HELLO; undefined where CLOSE went out instead of WELCOME (link S2). */
  #hello(link: LinkSocket, frame: Frame, certified: string | undefined): HostSession | undefined {
    const hello = parseHello(frame.body);
    if (!hello.ok) {
      refuse(link, hello.error.code, hello.error.reason);
      return;
    }
    const { station, role, protocol } = hello.value;
    if (station !== certified || role !== 'host' || !this.#options.stations.includes(station)) {
      refuse(link, 'C02', 'This station is not known here as a host.');
      return;
    }
    if (!protocol.includes(1)) {
      refuse(link, 'C06', 'Only protocol version 1 is spoken.');
      return;
    }
    const session = this.#sessions.get(station) ?? new HostSession(this.#sessionOptions());
    // The last to come stands last: it gets what is unsolicited.
    this.#sessions.delete(station);
    this.#sessions.set(station, session);
    session.link?.close('C09', 'A newer connection of this station takes over.');
    this.#sayWelcome(link, session, hello.value);
    return session;
  }

  #sayWelcome(link: LinkSocket, session: HostSession, hello: Hello): void {
    const { name, frameBytesMax, window, keepAliveMs, mnemonics } = this.#options;
    const resumed = session.resume(hello);
    link.rules = {
      from: 'station',
      bodyBytesMax: frameBytesMax,
      allowed: stationFrames.host,
    };
    link.keepAliveMs = keepAliveMs;
    link.write(
      controlFrame('WELCOME', {
        protocol: 1,
        switch: name,
        session: session.id,
        resumed,
        received: session.received,
        frameBytesMax,
        window,
        keepAliveMs,
        mnemonics,
      }),
    );
    for (const status of this.#status.values()) link.write(controlFrame('STATUS', status));
    session.begin(link);
  }

  /** A frame after WELCOME; the framer let through only what a host may send. */
  #frame(session: HostSession, link: LinkSocket, frame: Frame): void {
    if (session.link !== link) return;
    if (frame.type === 'MESSAGE') session.message(frame);
    else if (frame.type === 'ACK') session.acknowledged(frame.number);
    else if (frame.type === 'REFUSED') session.refused(frame.number);
    else if (frame.type === 'CLOSE') {
      if (parseClose(frame.body).ok) link.end();
      else link.close('C01', 'The CLOSE cannot be read.');
    }
  }

  #sessionOptions(): HostSessionOptions {
    const { window, book, faults } = this.#options;
    return { window, book, faults, counters: this.#counters };
  }
}

interface Status {
  readonly service: string;
  readonly state: 'up' | 'held' | 'down';
  readonly since: string;
}

function refuse(link: LinkSocket, code: string, reason: string): undefined {
  link.close(code, reason);
  return undefined;
}

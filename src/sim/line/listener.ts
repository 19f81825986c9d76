// The listening side of the link protocol, for the switches that dial a simulated host. It keeps the rules
// of link 2 to 6 within one run and hands what comes to its handler. What a peer does wrong ends in CLOSE
// with its code; a station it does not know never gets a WELCOME.

import { createServer } from 'node:tls';
import type { Server, TLSSocket } from 'node:tls';
import type { AddressInfo, Socket } from 'node:net';
import { parseClose, parseHello } from '#protocol/control';
import type { Hello, Status } from '#protocol/control';
import { controlFrame, helloBytesMax, helloOnly, stationFrames } from '#protocol/frame';
import type { Frame } from '#protocol/frame';
import type { Mnemonic } from '#protocol/ids';
import { asciiBytes } from '#protocol/octets';
import { LinkSocket } from '../link-socket.ts';
import { certificateName, tlsProfile } from '../tls-profile.ts';
import type { Credentials } from '../tls-profile.ts';
import type { LineCommand } from './commands.ts';
import type { LineFaults } from './faults.ts';
import { garbage } from './garbage.ts';
import type { Answer, LineHandler } from './handler.ts';
import { Mischief } from './mischief.ts';
import { inParts } from './parts.ts';
import { LineSession } from './session.ts';
import type { LineCounters } from './session.ts';

export interface ListenerOptions {
  readonly name: string;
  readonly credentials: Credentials;
  /** Stations that may come, all as role host. */
  readonly stations: readonly string[];
  /** The mnemonics WELCOME names. */
  readonly mnemonics: readonly Mnemonic[];
  readonly window: number;
  readonly frameBytesMax: number;
  readonly keepAliveMs: number;
  readonly faults: LineFaults;
  readonly handler: LineHandler;
  /** For what STATUS says; milliseconds since 1970. */
  readonly now: () => number;
}

const helloTimeMs = 10_000;
const connectionsMax = 256;
/** How often it looks for what waits for a station that stays away. */
const giveUpMs = 60_000;

export class Listener {
  readonly #options: ListenerOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #sessions = new Map<string, LineSession>();
  readonly #status = new Map<string, Status>();
  readonly #mischief: Mischief<Answer>;
  #notices = 0;
  #dropping: NodeJS.Timeout | undefined;
  readonly #giveUp: NodeJS.Timeout;
  readonly counters: LineCounters = { received: 0, answered: 0, refused: 0, lost: 0 };

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#mischief = new Mischief(options.faults, {
      give: (answer) => this.#give(answer),
      referenceOf: ({ to }) => to.suphdr,
      under: (answer, suphdr) => ({ ...answer, to: { ...answer.to, suphdr } }),
      withText: (answer, text) => ({ ...answer, text }),
      lengthOf: ({ text }) => text.length,
    });
    this.#giveUp = setInterval(() => {
      for (const session of this.#sessions.values()) session.giveUpOld();
    }, giveUpMs).unref();
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
    clearInterval(this.#giveUp);
    clearInterval(this.#dropping);
    this.#server.close();
    for (const session of this.#sessions.values())
      session.link?.close('C07', 'The simulated host stops.');
    // What CLOSE has to wait for, nobody waits for here.
    setTimeout(() => this.#cutAll(), 200).unref();
  }

  /** Says what belongs together, as the faults have it; the last of it is counted as an answer. */
  say(answers: readonly Answer[]): void {
    if (answers.some(({ to }) => to.suphdr !== undefined)) this.counters.answered++;
    this.#mischief.pass(this.#options.faults.parts ? answers.flatMap(inParts) : answers);
  }

  /** Of the stations that came, the one that came last; before any came, the first that may. */
  get lastStation(): string {
    return [...this.#sessions.keys()].at(-1) ?? this.#options.stations[0] ?? '';
  }

  mayCome(station: string): boolean {
    return this.#options.stations.includes(station);
  }

  /** STATUS of a service to every station, now and after each WELCOME (link S11). */
  sayStatus(service: string, state: Status['state']): void {
    const since = new Date(this.#options.now()).toISOString();
    const status = { service, state, since };
    if (state === 'up') this.#status.delete(service);
    else this.#status.set(service, status);
    for (const session of this.#sessions.values())
      session.link?.write(controlFrame('STATUS', status));
  }

  /** Does what a line of the control socket asks. */
  command(command: LineCommand): void {
    const sessions = [...this.#sessions.values()];
    switch (command.kind) {
      case 'set':
        this.#set(command.faults);
        break;
      case 'late':
        this.#mischief.late();
        break;
      case 'drop':
        this.#drop(command.everyMs);
        break;
      case 'half':
        for (const session of sessions) session.halfNext(command.then);
        break;
      case 'noise':
        for (const session of sessions) session.link?.write(asciiBytes(garbage(noiseOctets)));
        break;
      case 'busy':
        for (const session of sessions) session.busyNext(command.retryAfterMs);
        break;
      case 'unsolicited':
        for (let round = 0; round < command.times; round++)
          this.#give(unasked(this.lastStation, command.mnemonic, command.text));
        break;
      case 'status':
        this.sayStatus(command.service, command.state);
        break;
    }
  }

  #set(faults: Partial<LineFaults>): void {
    Object.assign(this.#options.faults, faults);
    if (faults.silent === false) this.#mischief.late();
    if (faults.swap === false) this.#mischief.settle();
    if (faults.acks === true) for (const session of this.#sessions.values()) session.handleKept();
  }

  #drop(everyMs: number | undefined): void {
    clearInterval(this.#dropping);
    this.#dropping = undefined;
    if (everyMs !== 0) this.#cutAll();
    if (everyMs !== undefined && everyMs > 0)
      this.#dropping = setInterval(() => this.#cutAll(), everyMs).unref();
  }

  #give(answer: Answer): void {
    const suphdr = answer.to.suphdr ?? this.#newReference();
    this.#sessionOf(answer.to.station).say(answer, suphdr);
  }

  /** Of what nobody asked for: N and six characters that count. */
  #newReference(): string {
    return `N${(this.#notices++ % 36 ** 6).toString(36).toUpperCase().padStart(6, '0')}`;
  }

  #cutAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #sessionOf(station: string): LineSession {
    const known = this.#sessions.get(station);
    if (known !== undefined) return known;
    const { window, handler, faults } = this.#options;
    const session = new LineSession({ station, window, handler, faults, counters: this.counters });
    this.#sessions.set(station, session);
    return session;
  }

  /** One connection from its first octet: HELLO, WELCOME, then its session. */
  #welcome(socket: TLSSocket): void {
    let session: LineSession | undefined;
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
  #hello(link: LinkSocket, frame: Frame, certified: string | undefined): LineSession | undefined {
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
    const session = this.#sessionOf(station);
    // The last to come stands last: it gets what is unsolicited.
    this.#sessions.delete(station);
    this.#sessions.set(station, session);
    session.link?.close('C09', 'A newer connection of this station takes over.');
    this.#sayWelcome(link, session, hello.value);
    return session;
  }

  #sayWelcome(link: LinkSocket, session: LineSession, hello: Hello): void {
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
  #frame(session: LineSession, link: LinkSocket, frame: Frame): void {
    if (session.link !== link) return;
    if (frame.type === 'MESSAGE') session.message(frame);
    else if (frame.type === 'ACK') session.acknowledged(frame.number);
    else if (frame.type === 'REFUSED') session.refused(frame.number);
    else if (frame.type === 'CLOSE') {
      if (parseClose(frame.body).ok) link.end();
      else link.close('C01', 'The CLOSE cannot be read.');
    }
  }
}

/** Enough for the header of a frame, and no frame. */
const noiseOctets = 64;

const unasked = (station: string, mnemonic: Mnemonic, text: string): Answer => ({
  to: { station, mnemonic, class: 0 },
  text,
  final: false,
});

function refuse(link: LinkSocket, code: string, reason: string): undefined {
  link.close(code, reason);
  return undefined;
}

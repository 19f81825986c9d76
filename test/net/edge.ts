// What the net tests share: an authority with certificates of each kind, an inbox one can wait on,
// a listener with short deadlines, and a raw client. Everything on loopback, port 0.

import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import {
  createAuthority,
  createRevocationList,
  issueCertificate,
  type CertificateAndKey,
  type IssuedCertificate,
} from '#src/access/certificate';
import { Trust } from '#src/access/trust';
import type { LinkLimits } from '#src/net/link';
import { Links } from '#src/net/links';
import { Listener, type ListenerParts } from '#src/net/listener';
import type { Inbox } from '#src/net/ports';
import type { RoomLimits } from '#src/net/waiting-room';
import { listenerTlsOptions } from '#src/net/tls';
import { systemClock } from '#src/runtime/clock';
import { systemRandom } from '#src/runtime/random';
import type { Event } from '#switch/event';

export interface House {
  readonly authority: CertificateAndKey;
  readonly foreign: CertificateAndKey;
  readonly server: IssuedCertificate;
  readonly station: IssuedCertificate;
}

export async function buildHouse(): Promise<House> {
  const now = new Date();
  const authority = await createAuthority({ name: 'Test CA', now });
  const foreign = await createAuthority({ name: 'Foreign CA', now });
  const server = await issueCertificate({
    authority,
    subject: 'localhost',
    usage: 'switch',
    addresses: ['127.0.0.1'],
    now,
  });
  const station = await issueCertificate({
    authority,
    subject: 'TEST-01',
    usage: 'station',
    now,
  });
  return { authority, foreign, server, station };
}

/** The authority's list of revoked certificates, with these in it. */
export function listOf(authority: CertificateAndKey, ...pems: readonly string[]): Promise<string> {
  const now = new Date();
  const serials = pems.map((pem) => new X509Certificate(pem).serialNumber);
  const revoked = serials.map((serial) => ({ serial, date: now }));
  return createRevocationList({ authority, revoked, now });
}

type Kind = Event['kind'];
type Of<K extends Kind> = Extract<Event, { kind: K }>;

/** Keeps every event and lets a test wait for the next of a kind. */
export class TestInbox implements Inbox {
  readonly events: Event[] = [];
  full = false;
  readonly #room: (() => void)[] = [];
  #wake = Promise.withResolvers<undefined>();

  put(event: Event): void {
    this.events.push(event);
    this.#wake.resolve(undefined);
    this.#wake = Promise.withResolvers<undefined>();
  }

  onRoom(listener: () => void): void {
    this.#room.push(listener);
  }

  makeRoom(): void {
    this.full = false;
    for (const listener of this.#room) listener();
  }

  all<K extends Kind>(kind: K): readonly Of<K>[] {
    return this.events.filter((event): event is Of<K> => event.kind === kind);
  }

  /** The event of this kind at that place, once it has come. */
  async nth<K extends Kind>(kind: K, place = 0): Promise<Of<K>> {
    for (;;) {
      const found = this.all(kind)[place];
      if (found !== undefined) return found;
      await this.#wake.promise;
    }
  }
}

export const shortLimits: LinkLimits = {
  helloMs: 400,
  frameMs: 400,
  writeBytesHigh: 64 * 1024,
  writeBytesMax: 512 * 1024,
  writeBytesTotal: 2 * 1024 * 1024,
  discardMs: 150,
};

export interface Edge {
  readonly inbox: TestInbox;
  readonly links: Links;
  readonly listener: Listener;
  readonly port: number;
  readonly close: () => void;
}

export interface EdgeOptions {
  readonly limits?: Partial<LinkLimits>;
  readonly listener?: Partial<ListenerParts>;
  readonly room?: Partial<RoomLimits>;
  readonly crlPem?: string;
  readonly minimum?: 'TLSv1.2' | 'TLSv1.3';
  readonly insecure?: boolean;
}

export async function openEdge(house: House, options: EdgeOptions = {}): Promise<Edge> {
  const inbox = new TestInbox();
  const limits = { ...shortLimits, ...options.limits };
  const links = new Links({ clock: systemClock, inbox, limits, checkMs: 20 });
  const tls = listenerTlsOptions({
    certPem: house.server.certificatePem,
    keyPem: house.server.keyPem,
    clientCaPem: house.authority.certificatePem,
    crlPem: options.crlPem,
    minimum: options.minimum ?? 'TLSv1.3',
    handshakeMs: limits.helloMs,
  });
  const trust = new Trust({ authorities: house.authority.certificatePem, lists: options.crlPem });
  const listener = new Listener({
    host: '127.0.0.1',
    port: 0,
    tls: options.insecure === true ? undefined : tls,
    trust,
    connectionsMax: 50,
    perAddress: 100,
    room: {
      places: 200,
      handshakesPerSecond: 1_000,
      handshakesAtOnce: 100,
      handshakeMs: 2_000,
      firstOctetsMs: limits.helloMs,
      turnMs: limits.helloMs,
      ...options.room,
    },
    helloMs: limits.helloMs,
    reportMs: 100,
    links,
    clock: systemClock,
    random: systemRandom,
    inbox,
    ...options.listener,
  });
  const { port } = await listener.listen();
  const close = (): void => {
    listener.close();
    links.destroy();
  };
  return { inbox, links, listener, port, close };
}

/** A station's options to dial the edge. */
export function stationOptions(
  house: House,
  identity: CertificateAndKey | 'none' = house.station,
): ConnectionOptions {
  return {
    host: '127.0.0.1',
    servername: 'localhost',
    ca: house.authority.certificatePem,
    ...(identity !== 'none' && { cert: identity.certificatePem, key: identity.keyPem }),
  };
}

/** A TLS client that is up. */
export async function dial(port: number, options: ConnectionOptions): Promise<TLSSocket> {
  const socket = connect({ ...options, port });
  await once(socket, 'secureConnect');
  socket.on('error', () => socket.destroy());
  return socket;
}

/** How an attempt ends: the error's code, or that the other side closed. */
export async function outcomeOf(port: number, options: ConnectionOptions): Promise<string> {
  const socket = connect({ ...options, port });
  socket.resume();
  return new Promise((resolve) => {
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
    socket.on('close', () => resolve('closed'));
  });
}

export async function dialTcp(port: number): Promise<Socket> {
  const socket = connectTcp({ port, host: '127.0.0.1' });
  await once(socket, 'connect');
  socket.on('error', () => socket.destroy());
  return socket;
}

// The dialler: whom it trusts, and how it waits.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createServer as createTlsServer, type Server, type TLSSocket } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { issueCertificate, type CertificateAndKey } from '#src/access/certificate';
import { Trust } from '#src/access/trust';
import { controlFrame, switchFrames } from '#protocol/frame';
import { Links } from '#src/net/links';
import { dialTlsOptions } from '#src/net/tls';
import { Upstream, type DialFailure } from '#src/net/upstream';
import { systemClock } from '#src/runtime/clock';
import { buildHouse, shortLimits, TestInbox } from './edge.ts';
import type { House } from './edge.ts';

let house: House;
let server: Server | undefined;
let upstream: Upstream | undefined;
let links: Links | undefined;

beforeAll(async () => {
  house = await buildHouse();
});
afterEach(() => {
  upstream?.stop();
  links?.destroy();
  server?.close();
});

async function hostWith(identity: CertificateAndKey): Promise<number> {
  server = createTlsServer({ cert: identity.certificatePem, key: identity.keyPem });
  server.on('secureConnection', (socket) => {
    socket.on('error', () => socket.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  // A server that listens on a port has an address of this kind.
  return (server.address() as AddressInfo).port;
}

interface Dialling {
  readonly inbox: TestInbox;
  readonly upstream: Upstream;
  readonly links: Links;
  /** The failure at that place, once it has happened. */
  readonly failure: (place: number) => Promise<DialFailure>;
}

function dialTo(port: number, serverName = 'localhost', connectMs = 2000): Dialling {
  const inbox = new TestInbox();
  const failures: DialFailure[] = [];
  let wake = Promise.withResolvers<undefined>();
  links = new Links({ clock: systemClock, inbox, limits: shortLimits, checkMs: 20 });
  upstream = new Upstream({
    name: 'STATE',
    host: '127.0.0.1',
    port,
    tls: dialTlsOptions({
      certPem: house.station.certificatePem,
      keyPem: house.station.keyPem,
      caPem: house.authority.certificatePem,
      serverName,
      whose: 'STATE',
    }),
    trust: new Trust({ authorities: house.authority.certificatePem }),
    connectMs,
    backOff: { firstMs: 10, mostMs: 60, jitter: 0.2 },
    links,
    clock: systemClock,
    random: { fraction: () => 0.5, token: () => '' },
    inbox,
    onFailure: (failure) => {
      failures.push(failure);
      wake.resolve(undefined);
      wake = Promise.withResolvers();
    },
  });
  const failure = async (place: number): Promise<DialFailure> => {
    for (;;) {
      const found = failures[place];
      if (found !== undefined) return found;
      await wake.promise;
    }
  };
  upstream.start();
  return { inbox, upstream, links, failure };
}

const issue = (subject: string, usage: 'station' | 'switch', addresses: string[] = []) =>
  issueCertificate({ authority: house.authority, subject, usage, addresses, now: new Date() });

describe('the dialler trusts', () => {
  it.each(['localhost', '127.0.0.1'])('the certificate that names %s', async (name) => {
    const { inbox } = dialTo(await hostWith(house.server), name);
    expect(await inbox.nth('dialled')).toMatchObject({ upstream: 'STATE', peer: '127.0.0.1' });
  });
});

describe('the dialler refuses', () => {
  it('a name that is not in the certificate', async () => {
    const { failure, inbox } = dialTo(await hostWith(house.server), 'state.example');
    expect((await failure(0)).why).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(inbox.events).toEqual([]);
  });

  it('an address that is not in the certificate', async () => {
    const host = await issue('localhost', 'switch');
    const { failure } = dialTo(await hostWith(host), '127.0.0.1');
    expect((await failure(0)).why).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  });

  it('a certificate of a foreign authority', async () => {
    const host = await issueCertificate({
      authority: house.foreign,
      subject: 'localhost',
      usage: 'switch',
      now: new Date(),
    });
    const { failure } = dialTo(await hostWith(host));
    expect((await failure(0)).why).toMatch(/UNABLE_TO|SELF_SIGNED/);
  });

  it('a certificate of a station, though its name fits', async () => {
    const { failure } = dialTo(await hostWith(await issue('localhost', 'station')));
    expect((await failure(0)).why).toMatch(/PURPOSE/);
  });
});

describe('the dialler waits', () => {
  it('twice as long after each failure, up to its most, with jitter', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    await once(closed.close(), 'close');
    const { failure } = dialTo(port);
    const waits: number[] = [];
    for (let place = 0; place < 5; place++) waits.push((await failure(place)).againInMs);
    expect(waits.map(Math.round)).toEqual([11, 22, 44, 66, 66]);
    expect((await failure(4)).attempt).toBe(5);
  });

  it('no longer than its limit for a host that accepts and says nothing', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { failure } = dialTo((silent.address() as AddressInfo).port, 'localhost', 80);
    expect((await failure(0)).why).toBe('not complete in time');
    upstream?.stop();
    silent.close();
  });

  it('until it is told to dial again after a link has ended', async () => {
    const { inbox, upstream, links } = dialTo(await hostWith(house.server));
    const { link } = await inbox.nth('dialled');
    links.cut(link);
    await inbox.nth('closed');
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(inbox.all('dialled')).toHaveLength(1);
    upstream.dialAgain({ atLeastMs: 0, fresh: true });
    expect((await inbox.nth('dialled', 1)).link).not.toBe(link);
  });
});

it('what a switch sends right after WELCOME waits for the rules that WELCOME sets', async () => {
  const port = await hostWith(house.server);
  const accepted = once(server ?? assert.fail(), 'secureConnection');
  const { inbox, links } = dialTo(port);
  const { link } = await inbox.nth('dialled');
  // What `secureConnection` carries is the socket.
  const [socket] = (await accepted) as [TLSSocket];
  const status = controlFrame('STATUS', { service: 'S', state: 'up', since: 'x' });
  socket.write(Buffer.concat([controlFrame('WELCOME', { protocol: 1 }), status]));
  await inbox.nth('frame');
  expect(inbox.all('frame')).toHaveLength(1);
  links.expect(link, switchFrames.host, 32_768);
  expect((await inbox.nth('frame', 1)).frame.type).toBe('STATUS');
});

describe('a dialler that is told to rest', () => {
  it('dials no more until it is told to, and says where it stands', async () => {
    const free = createServer();
    await once(free.listen(0, '127.0.0.1'), 'listening');
    // A server that listens on a port has an address of this kind.
    const { port } = free.address() as AddressInfo;
    free.close();
    await once(free, 'close');
    const { upstream: dialler, failure, inbox } = dialTo(port);
    await failure(0);
    expect(dialler.facts).toMatchObject({ state: 'waiting', why: 'ECONNREFUSED' });
    dialler.rest();
    expect(dialler.facts).toMatchObject({ state: 'resting', nextInMs: undefined });
    server = createTlsServer({ cert: house.server.certificatePem, key: house.server.keyPem });
    let calls = 0;
    server.on('connection', () => (calls += 1));
    await once(server.listen(port, '127.0.0.1'), 'listening');
    // Ten times the longest back-off of these tests.
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(calls).toBe(0);
    dialler.dialAgain({ atLeastMs: 0, fresh: true });
    expect(await inbox.nth('dialled')).toMatchObject({ upstream: 'STATE' });
    expect(dialler.facts).toMatchObject({ state: 'idle', why: undefined });
  });

  it('breaks off the attempt under way', async () => {
    const silent = createServer((socket) => socket.on('error', () => undefined));
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    const { port } = silent.address() as AddressInfo;
    const { upstream: dialler, inbox } = dialTo(port, 'localhost', 30_000);
    const [socket] = (await once(silent, 'connection')) as [Socket];
    dialler.rest();
    socket.resume();
    await once(socket, 'close');
    expect([dialler.facts.state, inbox.events]).toEqual(['resting', []]);
    silent.close();
  });
});

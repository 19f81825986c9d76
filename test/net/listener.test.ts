// Who gets in, who is turned away, and that neither costs the switch more than it allows.

import { once } from 'node:events';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { issueCertificate } from '#src/access/certificate';
import { listenerTlsOptions } from '#src/net/tls';
import { connect } from 'node:tls';
import {
  buildHouse,
  dial,
  dialTcp,
  listOf,
  openEdge,
  outcomeOf,
  stationOptions,
  type Edge,
  type EdgeOptions,
  type House,
} from './edge.ts';

let house: House;
let edge: Edge | undefined;
const open = async (options: EdgeOptions = {}): Promise<Edge> =>
  (edge = await openEdge(house, options));

beforeAll(async () => {
  house = await buildHouse();
});
afterEach(() => {
  edge?.close();
  edge = undefined;
});

const now = new Date();
const dayMs = 86_400_000;

describe('the listener lets in', () => {
  it('a station with a certificate of our authority, and says its name and fingerprint', async () => {
    const { inbox, port } = await open();
    const socket = await dial(port, stationOptions(house));
    const opened = await inbox.nth('opened');
    expect(opened.certificate).toEqual({
      name: 'TEST-01',
      fingerprint: house.station.fingerprint,
    });
    expect(opened.peer).toBe('127.0.0.1');
    expect(opened.token).toMatch(/^[A-Za-z0-9_-]{32}$/);
    expect(socket.getProtocol()).toBe('TLSv1.3');
    socket.destroy();
  });

  it('TLS 1.2 where it is configured, with AES-GCM alone', async () => {
    const { inbox, port } = await open({ minimum: 'TLSv1.2' });
    const socket = await dial(port, { ...stationOptions(house), maxVersion: 'TLSv1.2' });
    await inbox.nth('opened');
    expect(socket.getCipher().name).toMatch(/AES(256|128)-GCM/);
    socket.destroy();
    const other = { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-CHACHA20-POLY1305' } as const;
    expect(await outcomeOf(port, { ...stationOptions(house), ...other })).toMatch(/HANDSHAKE/);
  });

  it('no TLS at all only on loopback', async () => {
    const { inbox, port } = await open({ insecure: true });
    const socket = await dialTcp(port);
    expect((await inbox.nth('opened')).certificate).toBeUndefined();
    socket.destroy();
    await expect(
      openEdge(house, { insecure: true, listener: { host: '0.0.0.0' } }),
    ).rejects.toThrow(expect.objectContaining({ code: 'MSC-2202' }));
  });
});

describe('the listener turns away', () => {
  it('a peer without a certificate', async () => {
    const { inbox, port } = await open();
    expect(await outcomeOf(port, stationOptions(house, 'none'))).toMatch(/CERTIFICATE/);
    const turned = await inbox.nth('turned-away');
    expect(turned.why).toMatch(/CERTIFICATE/);
    expect(inbox.all('opened')).toEqual([]);
  });

  it('a certificate of a foreign authority', async () => {
    const { inbox, port } = await open();
    const stranger = await issueCertificate({
      authority: house.foreign,
      subject: 'TEST-01',
      usage: 'station',
      now,
    });
    await outcomeOf(port, stationOptions(house, stranger));
    expect((await inbox.nth('turned-away')).count).toBe(1);
    expect(inbox.all('opened')).toEqual([]);
  });

  it('an expired certificate', async () => {
    const { inbox, port } = await open();
    const expired = await issueCertificate({
      authority: house.authority,
      subject: 'TEST-01',
      usage: 'station',
      days: 1,
      now: new Date(now.getTime() - 3 * dayMs),
    });
    await outcomeOf(port, stationOptions(house, expired));
    expect((await inbox.nth('turned-away')).why).toMatch(/EXPIRED/);
    expect(inbox.all('opened')).toEqual([]);
  });

  it('a certificate for a server', async () => {
    const { inbox, port } = await open();
    await outcomeOf(port, stationOptions(house, house.server));
    expect((await inbox.nth('turned-away')).why).toMatch(/PURPOSE/);
    expect(inbox.all('opened')).toEqual([]);
  });

  it('a revoked certificate', async () => {
    const crlPem = await listOf(house.authority, house.station.certificatePem);
    const { inbox, port } = await open({ crlPem });
    await outcomeOf(port, stationOptions(house));
    expect((await inbox.nth('turned-away')).why).toMatch(/REVOKED/);
    expect(inbox.all('opened')).toEqual([]);
  });

  it('TLS 1.2, unless it is configured', async () => {
    const { port } = await open();
    const old = { ...stationOptions(house), maxVersion: 'TLSv1.2' } as const;
    expect(await outcomeOf(port, old)).toMatch(/PROTOCOL_VERSION/);
  });

  it('other groups than P-256 and P-384', async () => {
    const { port } = await open();
    const other = { ...stationOptions(house), ecdhCurve: 'X25519' };
    expect(await outcomeOf(port, other)).toMatch(/HANDSHAKE/);
  });

  it('more connections at once than its rate, before any TLS, and counts them once an address', async () => {
    const { inbox, port } = await open({ listener: { perAddress: 3, reportMs: 1_000 } });
    const knocking = Array.from({ length: 20 }, () =>
      connect({ ...stationOptions(house), port }).on('error', () => undefined),
    );
    // A report or two: they knock at the border of one, or a busy machine takes its time.
    const counted = (): number =>
      inbox.all('turned-away').reduce((sum, { count }) => sum + count, 0);
    await expect.poll(counted, { timeout: 10_000 }).toBeGreaterThanOrEqual(15);
    expect(inbox.all('turned-away')[0]?.why).toBe('too many new connections');
    expect(inbox.all('opened').length).toBeLessThanOrEqual(5);
    for (const socket of knocking) socket.destroy();
    expect(inbox.all('turned-away').length).toBeLessThanOrEqual(2);
  });

  it('a silent TCP peer at its deadline, and leaves nothing open', async () => {
    const { inbox, port, links } = await open();
    const sockets = await Promise.all(Array.from({ length: 20 }, () => dialTcp(port)));
    await Promise.all(sockets.map((socket) => once(socket.resume(), 'close')));
    expect((await inbox.nth('turned-away')).why).toMatch(/in time|TIMEOUT/);
    expect(links.size).toBe(0);
  });

  it('sockets beyond its limit', async () => {
    const { inbox, port } = await open({ listener: { connectionsMax: 2 } });
    const first = await dial(port, stationOptions(house));
    const second = await dial(port, stationOptions(house));
    await outcomeOf(port, stationOptions(house));
    expect((await inbox.nth('turned-away')).why).toBe('too many connections');
    first.destroy();
    second.destroy();
  });
});

describe('the listener', () => {
  it.each(['TLSv1.3', 'TLSv1.2'] as const)('resumes no session of %s', async (version) => {
    const { port } = await open({ minimum: 'TLSv1.2', limits: { helloMs: 5000 } });
    const options = { ...stationOptions(house), maxVersion: version } as const;
    const sessions: Buffer[] = [];
    const first = connect({ ...options, port });
    first.on('session', (session: Buffer) => sessions.push(session));
    await once(first, 'secureConnect');
    // A ticket of TLS 1.3 would come right after the handshake, before our answer to this.
    first.end();
    first.resume();
    await once(first, 'close');
    const session = sessions[0] ?? first.getSession();
    const again = await dial(port, { ...options, ...(session && { session }) });
    expect(again.isSessionReused()).toBe(false);
    again.destroy();
  });

  it('says with a code that its port is in use', async () => {
    const { port } = await open();
    await expect(openEdge(house, { listener: { port } })).rejects.toThrow(
      expect.objectContaining({ code: 'MSC-2201' }),
    );
  });

  it('refuses a key that is not of its certificate, before it listens', () => {
    const mixed = () =>
      listenerTlsOptions({
        certPem: house.server.certificatePem,
        keyPem: house.station.keyPem,
        clientCaPem: house.authority.certificatePem,
        minimum: 'TLSv1.3',
        handshakeMs: 1000,
      });
    expect(mixed).toThrow(expect.objectContaining({ code: 'MSC-2101' }));
  });

  it('says its chain outright, so that no handshake has to look for it', () => {
    const certificates = (clientCaPem: string): number => {
      const { certificatePem: certPem, keyPem } = house.server;
      const parts = {
        certPem,
        keyPem,
        clientCaPem,
        minimum: 'TLSv1.3',
        handshakeMs: 1000,
      } as const;
      return String(listenerTlsOptions(parts).cert).split('BEGIN CERTIFICATE').length - 1;
    };
    expect(certificates(house.authority.certificatePem)).toBe(2);
    expect(certificates(house.foreign.certificatePem)).toBe(1);
    const both = house.foreign.certificatePem + house.authority.certificatePem;
    expect(certificates(both)).toBe(2);
  });

  it('serves others while strangers knock', async () => {
    const { inbox, port } = await open({ limits: { helloMs: 5000 } });
    const knocking = Array.from({ length: 10 }, async () => {
      const socket = await dialTcp(port);
      socket.write('GET / HTTP/1.1\r\n\r\n');
      await once(socket.resume(), 'close');
    });
    const socket = await dial(port, stationOptions(house));
    await inbox.nth('opened');
    await Promise.all(knocking);
    socket.destroy();
  });
});

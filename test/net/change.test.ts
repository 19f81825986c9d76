// A listener that runs takes other options whole, and links are judged again by what is in force then.

import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { issueCertificate } from '#src/access/certificate';
import { Trust } from '#src/access/trust';
import { listenerTlsOptions } from '#src/net/tls';
import { systemClock } from '#src/runtime/clock';
import {
  buildHouse,
  dial,
  listOf,
  openEdge,
  outcomeOf,
  stationOptions,
  type Edge,
  type House,
} from './edge.ts';

let house: House;
let edge: Edge | undefined;
beforeAll(async () => {
  house = await buildHouse();
});
afterEach(() => {
  edge?.close();
  edge = undefined;
});

const now = new Date();
const perAddress = 100;

/** As the daemon does it; `told` gives OpenSSL the list too. */
async function change(
  to: Edge,
  {
    lists,
    told = true,
    authority = house.authority.certificatePem,
  }: {
    readonly lists?: string;
    readonly told?: boolean;
    readonly authority?: string;
  },
): Promise<void> {
  const tls = listenerTlsOptions({
    certPem: house.server.certificatePem,
    keyPem: house.server.keyPem,
    clientCaPem: authority,
    crlPem: told ? lists : undefined,
    minimum: 'TLSv1.3',
    handshakeMs: 400,
  });
  const trust = new Trust({ authorities: authority, lists });
  to.listener.change({ tls, trust, connectionsMax: 50, perAddress });
  await Promise.resolve();
}

describe('a link whose certificate does not stand any more', () => {
  it('is told of once, and named as long as it is there', async () => {
    edge = await openEdge(house);
    const socket = await dial(edge.port, stationOptions(house));
    const { link } = await edge.inbox.nth('opened');
    expect(edge.links.distrust(systemClock.stamp())).toEqual([]);
    await change(edge, { lists: await listOf(house.authority, house.station.certificatePem) });
    expect(edge.links.distrust(systemClock.stamp())).toEqual([link]);
    expect(edge.links.distrust(systemClock.stamp())).toEqual([link]);
    const why = 'the certificate is revoked';
    expect(edge.inbox.all('distrusted')).toMatchObject([{ link, why }]);
    edge.links.cut(link);
    await edge.inbox.nth('closed');
    expect(edge.links.distrust(systemClock.stamp())).toEqual([]);
    socket.destroy();
  });

  it('is told of when it ends, by the wall clock', async () => {
    edge = await openEdge(house);
    const socket = await dial(edge.port, stationOptions(house));
    await edge.inbox.nth('opened');
    const stamp = systemClock.stamp();
    const endUs = house.station.notAfter.getTime() * 1000;
    expect(edge.links.distrust({ ...stamp, timeUs: endUs - 1000 })).toEqual([]);
    expect(edge.links.distrust({ ...stamp, timeUs: endUs })).toHaveLength(1);
    expect(edge.inbox.all('distrusted')).toMatchObject([{ why: 'the certificate has ended' }]);
    socket.destroy();
  });

  it('is told of when its authority has left', async () => {
    edge = await openEdge(house);
    const socket = await dial(edge.port, stationOptions(house));
    await edge.inbox.nth('opened');
    await change(edge, { authority: house.foreign.certificatePem });
    expect(edge.links.distrust(systemClock.stamp())).toHaveLength(1);
    socket.destroy();
  });
});

describe('a listener that was changed', () => {
  it.each([true, false])(
    'keeps out who is revoked, whether OpenSSL has the list (%s)',
    async (told) => {
      edge = await openEdge(house);
      await change(edge, {
        lists: await listOf(house.authority, house.station.certificatePem),
        told,
      });
      await outcomeOf(edge.port, stationOptions(house));
      const turned = await edge.inbox.nth('turned-away');
      expect(turned.why).toBe(told ? 'CERT_REVOKED' : 'the certificate is revoked');
      expect(edge.inbox.all('opened')).toEqual([]);
      const other = await issueCertificate({
        ...{ authority: house.authority, subject: 'TEST-02', usage: 'station', now },
      });
      const socket = await dial(edge.port, stationOptions(house, other));
      expect((await edge.inbox.nth('opened')).certificate?.name).toBe('TEST-02');
      socket.destroy();
    },
  );

  it('takes its new bounds: connections at one time, and a second', async () => {
    edge = await openEdge(house);
    const { tls, trust } = {
      tls: undefined,
      trust: new Trust({ authorities: house.authority.certificatePem }),
    };
    edge.listener.change({ tls, trust, connectionsMax: 1, perAddress });
    const first = await dial(edge.port, stationOptions(house));
    await outcomeOf(edge.port, stationOptions(house));
    expect((await edge.inbox.nth('turned-away')).why).toBe('too many connections');
    first.destroy();
    await edge.inbox.nth('closed');
    edge.listener.change({ tls, trust, connectionsMax: 50, perAddress: 0 });
    await outcomeOf(edge.port, stationOptions(house));
    expect((await edge.inbox.nth('turned-away', 1)).why).toBe('too many new connections');
  });

  it('that closes ends handshakes that nobody goes on with', async () => {
    edge = await openEdge(house, { limits: { helloMs: 100_000 } });
    const { connect } = await import('node:net');
    const mute = connect({ port: edge.port, host: '127.0.0.1' });
    const ended = new Promise((resolve) => mute.on('close', resolve));
    mute.on('error', () => mute.destroy());
    await new Promise((resolve) => mute.once('connect', resolve));
    // One more, which came later and is up: so the mute one was accepted.
    const socket = await dial(edge.port, stationOptions(house));
    await edge.inbox.nth('opened');
    edge.listener.close();
    await ended;
    expect(socket.destroyed).toBe(false);
    socket.destroy();
  });
});

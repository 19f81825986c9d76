// The probe of an upstream: each step against a real far end, what fails by its reason, and all of it in time.

import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { issueCertificate, type CertificateAndKey } from '#src/access/certificate';
import { Trust } from '#src/access/trust';
import { probe, type ProbeParts, type ProbeStep } from '#src/net/probe';
import { dialTlsOptions } from '#src/net/tls';
import { systemClock as clock } from '#src/runtime/clock';
import { buildHouse, type House } from './edge.ts';

let house: House;
const servers: Server[] = [];
beforeAll(async () => {
  house = await buildHouse();
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listening(server: Server): Promise<number> {
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  // A server that listens on a port has an address of this kind.
  return (server.address() as AddressInfo).port;
}

/** What the far end hears and how often, which should be nothing. */
async function hostWith(
  identity: CertificateAndKey,
  clientCa = house.authority,
): Promise<{ readonly port: number; readonly heard: string[] }> {
  const heard: string[] = [];
  const server = createTlsServer({
    ...{ cert: identity.certificatePem, key: identity.keyPem, ca: clientCa.certificatePem },
    ...{ requestCert: true, rejectUnauthorized: true },
  });
  server.on('secureConnection', (socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => heard.push(chunk.toString('latin1')));
    socket.on('end', () => socket.end());
  });
  return { port: await listening(server), heard };
}

function dialOf(serverName = 'localhost'): ProbeParts['dial'] {
  const pems = { certPem: house.station.certificatePem, keyPem: house.station.keyPem };
  const caPem = house.authority.certificatePem;
  const tls = dialTlsOptions({ ...pems, caPem, serverName, whose: 'upstreams.STATE' });
  return { tls, trust: new Trust({ authorities: caPem }) };
}

async function probed(port: number, more: Partial<ProbeParts> = {}): Promise<readonly ProbeStep[]> {
  return probe({ host: '127.0.0.1', port, dial: dialOf(), stepMs: 5_000, clock, ...more });
}

describe('a probe', () => {
  it('says what each step found, and says no word of the protocol', async () => {
    const { port, heard } = await hostWith(house.server);
    const steps = await probed(port);
    expect(steps.map(({ step, ok }) => [step, ok])).toEqual([
      ...[
        ['resolve', true],
        ['connect', true],
        ['tls', true],
        ['certificate', true],
      ],
    ]);
    expect(steps[2]?.detail).toMatch(/^TLSv1\.3 TLS_AES_\d+_GCM_SHA\d+$/);
    expect(steps[3]?.detail).toMatch(/^CN=localhost, \d+ days left$/);
    expect(steps[3]?.names).toEqual(['DNS:localhost', 'IP Address:127.0.0.1']);
    expect(heard).toEqual([]);
  });

  it('without TLS goes no further than the port, and resolves a name', async () => {
    const { port } = await hostWith(house.server);
    const steps = await probed(port, { host: 'localhost', dial: undefined });
    expect(steps.map(({ step }) => step)).toEqual(['resolve', 'connect']);
    expect(steps[0]?.detail).toContain('localhost is ');
  });

  it('ends with the step that failed: a name, a port, a silent far end', async () => {
    const port = await listening(createServer());
    for (const server of servers.splice(0)) {
      server.close();
      await once(server, 'close');
    }
    expect((await probed(port)).at(-1)).toMatchObject({
      ...{ step: 'connect', ok: false, detail: 'ECONNREFUSED' },
    });
    const noName = await probed(port, { host: 'no-such-host.invalid' });
    expect(noName).toMatchObject([{ step: 'resolve', ok: false }]);
    const silent = await listening(createServer((socket) => socket.on('error', () => undefined)));
    expect((await probed(silent, { stepMs: 200 })).at(-1)).toMatchObject({
      ...{ step: 'tls', ok: false, detail: 'not complete in time' },
    });
  });

  it('says so of a certificate of another authority, or for another name', async () => {
    const now = new Date();
    const foreign = await issueCertificate({
      ...{ authority: house.foreign, subject: 'localhost', usage: 'switch', now },
    });
    const { port } = await hostWith(foreign);
    expect((await probed(port)).at(-1)).toMatchObject({ step: 'tls', ok: false });
    const { port: ours } = await hostWith(house.server);
    expect((await probed(ours, { dial: dialOf('state.example') })).at(-1)).toMatchObject({
      ...{ step: 'tls', ok: false },
    });
  });

  it('says so when the far end does not take our certificate, although our side was done', async () => {
    const { port } = await hostWith(house.server, house.foreign);
    const last = (await probed(port)).at(-1);
    expect(last).toMatchObject({ step: 'tls', ok: false });
    expect(last?.detail).toMatch(/ALERT|ECONNRESET|right after the handshake/);
  });
});

// Certificates are proved by strangers: node:tls shakes hands with them, openssl checks them strictly.

import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { beforeAll, describe, expect, it } from 'vitest';

import {
  type CertificateAndKey,
  createAuthority,
  createRevocationList,
  describeCertificate,
  fingerprintOf,
  type IssuedCertificate,
  issueCertificate,
} from '#src/access/certificate';

const now = new Date();
const later = (days: number) => new Date(now.getTime() + days * 86_400_000);

let authority: CertificateAndKey;
let foreign: CertificateAndKey;
let server: IssuedCertificate;
let station: IssuedCertificate;

beforeAll(async () => {
  authority = await createAuthority({ name: 'EXAMPLE COUNTY STATIONS', now });
  foreign = await createAuthority({ name: 'ANOTHER COUNTY', now });
  server = await issueCertificate({
    authority,
    subject: 'localhost',
    usage: 'switch',
    names: ['switch.example'],
    addresses: ['127.0.0.1', '::1'],
    now,
  });
  station = await issueCertificate({ authority, subject: 'DEMO-DISP-01', usage: 'station', now });
});

interface Outcome {
  readonly peer?: string | undefined;
  readonly protocol?: string | null;
  readonly refused?: string;
}

/** One mutual handshake as the switch does it; says whom the server saw, or why it refused. */
async function shakeHands(
  client: CertificateAndKey,
  options: { readonly by?: CertificateAndKey; readonly crl?: string } = {},
): Promise<Outcome> {
  const by = options.by ?? server;
  const listener = createServer({
    ca: authority.certificatePem,
    cert: by.certificatePem,
    key: by.keyPem,
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.3',
    ...(options.crl === undefined ? {} : { crl: options.crl }),
  });
  const outcome = new Promise<Outcome>((resolve) => {
    listener.on('secureConnection', (socket: TLSSocket) => {
      const seen = socket.getPeerX509Certificate();
      resolve({ peer: seen?.subject, protocol: socket.getProtocol() });
      socket.on('error', () => socket.destroy());
      socket.destroy();
    });
    listener.on('tlsClientError', (_, socket) => {
      // What OpenSSL says of the chain; Node's own error is only that the connection ended.
      resolve({ refused: String(socket.authorizationError) });
      socket.destroy();
    });
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  // A listener on a port has an address of this form.
  const { port } = listener.address() as AddressInfo;
  const socket = connect({
    host: '127.0.0.1',
    port,
    servername: 'localhost',
    ca: authority.certificatePem,
    cert: client.certificatePem,
    key: client.keyPem,
  });
  const failed = new Promise<Outcome>((resolve) => {
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code?.startsWith('ERR_SSL') !== true) resolve({ refused: error.code ?? '' });
    });
  });
  const first = await Promise.race([outcome, failed]);
  socket.destroy();
  listener.close();
  await once(listener, 'close');
  return first;
}

describe('certificates over real TLS', () => {
  it('let a station and a switch know each other by TLS 1.3', async () => {
    expect(await shakeHands(station)).toEqual({ peer: 'CN=DEMO-DISP-01', protocol: 'TLSv1.3' });
  });

  it('of the wrong usage are refused by a server', async () => {
    expect(await shakeHands(server)).toEqual({ refused: 'INVALID_PURPOSE' });
  });

  it('of a station do not serve as a switch', async () => {
    expect(await shakeHands(station, { by: station })).toEqual({ refused: 'INVALID_PURPOSE' });
  });

  it('of another authority are refused', async () => {
    const stranger = await issueCertificate({
      authority: foreign,
      subject: 'DEMO-DISP-01',
      usage: 'station',
      now,
    });
    expect(await shakeHands(stranger)).toEqual({
      refused: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    });
  });

  it('that have ended are refused', async () => {
    const short = await issueCertificate({
      authority: await createAuthority({ name: 'X', now: later(-30) }),
      subject: 'DEMO-DISP-01',
      usage: 'station',
      days: 10,
      now: later(-30),
    });
    expect(describeCertificate(short.certificatePem, now).daysLeft).toBe(-20);
    const ended = await issueCertificate({
      authority,
      subject: 'DEMO-DISP-01',
      usage: 'station',
      days: 1,
      now: later(-2),
    });
    expect(await shakeHands(ended)).toEqual({ refused: 'CERT_HAS_EXPIRED' });
  });

  it('are refused once the list names them, others not', async () => {
    const { serial } = describeCertificate(station.certificatePem, now);
    const other = await issueCertificate({
      authority,
      subject: 'DEMO-DISP-02',
      usage: 'station',
      now,
    });
    const empty = await createRevocationList({ authority, revoked: [], now });
    const crl = await createRevocationList({ authority, revoked: [{ serial, date: now }], now });
    expect((await shakeHands(station, { crl: empty })).peer).toBe('CN=DEMO-DISP-01');
    expect(await shakeHands(station, { crl })).toEqual({ refused: 'CERT_REVOKED' });
    expect((await shakeHands(other, { crl })).peer).toBe('CN=DEMO-DISP-02');
  });
});

describe('an issued certificate', () => {
  it('of a station names the station alone', () => {
    const seen = describeCertificate(station.certificatePem, now);
    expect(seen).toMatchObject({
      subject: 'CN=DEMO-DISP-01',
      issuer: 'CN=EXAMPLE COUNTY STATIONS',
      names: ['DEMO-DISP-01'],
      daysLeft: 90,
      usage: ['station'],
      isAuthority: false,
    });
    expect(seen.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(seen.fingerprint).toBe(station.fingerprint);
    expect(fingerprintOf(station.certificatePem)).toBe(station.fingerprint);
  });

  it('of a switch carries every name and address it is dialled by', () => {
    const certificate = new X509Certificate(server.certificatePem);
    expect(certificate.checkHost('switch.example')).toBe('switch.example');
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate.checkIP('::1')).toBeDefined();
    expect(describeCertificate(server.certificatePem, now).usage).toEqual(['switch']);
  });

  it('has a serial of sixteen octets with the top bit clear, never the same twice', async () => {
    const serials = new Set<string>();
    for (let made = 0; made < 8; made += 1) {
      const { certificatePem } = await issueCertificate({
        authority,
        subject: 'DEMO-MDT-01',
        usage: 'station',
        now,
      });
      serials.add(describeCertificate(certificatePem, now).serial);
    }
    expect(serials.size).toBe(8);
    for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9a-f]{31}$/);
  });

  it('ends no later than its authority', async () => {
    const young = await createAuthority({ name: 'SHORT', years: 0.1, now });
    const issued = await issueCertificate({
      authority: young,
      subject: 'DEMO-MDT-01',
      usage: 'station',
      now,
    });
    const { notAfter } = describeCertificate(young.certificatePem, now);
    expect(issued.notAfter).toEqual(notAfter);
  });

  it('after 2049 still has a date that is read back', async () => {
    const old = await createAuthority({ name: 'LONG', years: 30, now });
    expect(describeCertificate(old.certificatePem, now).notAfter.getUTCFullYear()).toBe(
      later(30 * 365.25).getUTCFullYear(),
    );
  });

  it.each([
    ['an empty name', { subject: '' }],
    ['a name of 65 octets', { subject: 'X'.repeat(65) }],
    ['a control octet', { subject: 'A\nB' }],
    ['a second name for a station', { names: ['OTHER'] }],
    ['an address for a station', { addresses: ['127.0.0.1'] }],
    ['no time at all', { days: 0 }],
  ])('is not made for %s', async (_, wrong) => {
    const request = { authority, subject: 'DEMO-MDT-01', usage: 'station', now, ...wrong } as const;
    await expect(issueCertificate(request)).rejects.toMatchObject({ code: 'MSC-2102' });
  });

  it.each(['localhost', '1.2.3', '1.2.3.400', '12:34'])(
    'is not made for the address %s',
    async (address) => {
      const request = { authority, subject: 'localhost', usage: 'switch', now } as const;
      await expect(issueCertificate({ ...request, addresses: [address] })).rejects.toMatchObject({
        code: 'MSC-2102',
      });
    },
  );

  it('is not made by an authority that has ended, nor with another key', async () => {
    const request = { subject: 'DEMO-MDT-01', usage: 'station' } as const;
    await expect(
      issueCertificate({ ...request, authority, now: later(4000) }),
    ).rejects.toMatchObject({ code: 'MSC-2108' });
    const mixed = { certificatePem: authority.certificatePem, keyPem: foreign.keyPem };
    await expect(issueCertificate({ ...request, authority: mixed, now })).rejects.toMatchObject({
      code: 'MSC-2101',
    });
    await expect(issueCertificate({ ...request, authority: station, now })).rejects.toMatchObject({
      code: 'MSC-2101',
    });
  });
});

describe('describing', () => {
  it('an authority says that it is one', () => {
    expect(describeCertificate(authority.certificatePem, now)).toMatchObject({
      subject: 'CN=EXAMPLE COUNTY STATIONS',
      usage: [],
      isAuthority: true,
    });
  });

  it('a name with a comma and a quote gives it whole', async () => {
    const odd = await issueCertificate({ authority, subject: 'A,B"C', usage: 'station', now });
    expect(describeCertificate(odd.certificatePem, now).names).toEqual(['A,B"C']);
  });

  it('what is no certificate is a fault that does not repeat it', () => {
    const attempt = () => fingerprintOf('SECRET TEXT');
    expect(attempt).toThrow(expect.objectContaining({ code: 'MSC-2101' }));
    expect(attempt).not.toThrow(/SECRET/);
  });
});

describe('openssl', () => {
  const here = spawnSync('openssl', ['version']).status === 0;

  it('accepts certificates and list under its strict rules', async (context) => {
    if (!here) context.skip('openssl is not installed');
    const folder = mkdtempSync(join(tmpdir(), 'msc-certificate-'));
    try {
      const crl = await createRevocationList({ authority, revoked: [], now });
      writeFileSync(join(folder, 'ca.pem'), authority.certificatePem);
      writeFileSync(join(folder, 'crl.pem'), crl);
      const verify = (name: string, pem: string, purpose: string) => {
        writeFileSync(join(folder, name), pem);
        const files = ['-CAfile', 'ca.pem', '-CRLfile', 'crl.pem', '-crl_check'];
        const strict = ['verify', '-x509_strict', '-policy_check', '-purpose', purpose];
        return spawnSync('openssl', [...strict, ...files, name], { cwd: folder, encoding: 'utf8' });
      };
      const station1 = verify('station.pem', station.certificatePem, 'sslclient');
      expect(station1.stdout + station1.stderr).toBe('station.pem: OK\n');
      const switch1 = verify('switch.pem', server.certificatePem, 'sslserver');
      expect(switch1.stdout + switch1.stderr).toBe('switch.pem: OK\n');
      expect(verify('station.pem', station.certificatePem, 'sslserver').status).not.toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

// Whom a certificate stands on: also long after its handshake, by other files than then.

import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type CertificateAndKey,
  createAuthority,
  createRevocationList,
  issueCertificate,
} from '#src/access/certificate';
import { Trust } from '#src/access/trust';

const now = new Date();
const nowMs = now.getTime();
const dayMs = 86_400_000;
let first: CertificateAndKey;
let second: CertificateAndKey;
let station: X509Certificate;
beforeAll(async () => {
  first = await createAuthority({ name: 'First', now });
  second = await createAuthority({ name: 'Second', now });
  const wish = { authority: first, subject: 'S1', usage: 'station', days: 90, now } as const;
  station = new X509Certificate((await issueCertificate(wish)).certificatePem);
});

const listOf = (authority: CertificateAndKey, ...serials: readonly string[]): Promise<string> =>
  createRevocationList({
    authority,
    revoked: serials.map((serial) => ({ serial, date: now })),
    now,
  });

function flawOf(trust: Trust, atMs = nowMs, asked = trust): string | undefined {
  const standing = trust.standing(station);
  return standing === undefined ? 'no standing' : asked.flaw(standing, atMs);
}

describe('a certificate', () => {
  it('stands while its authority is in the file and neither has ended', () => {
    const trust = new Trust({ authorities: first.certificatePem });
    expect(flawOf(trust)).toBeUndefined();
    expect(flawOf(trust, station.validToDate.getTime() - 1)).toBeUndefined();
    expect(flawOf(trust, station.validToDate.getTime())).toBe('the certificate has ended');
    const other = new Trust({ authorities: second.certificatePem });
    expect(flawOf(other)).toBe('no standing');
    expect(flawOf(trust, nowMs, other)).toMatch(/authority .* not trusted/);
  });

  it('of a short-lived authority ends with it', async () => {
    const past = new Date(nowMs - 364 * dayMs);
    const authority = await createAuthority({ name: 'Short', years: 1, now: past });
    const trust = new Trust({ authorities: first.certificatePem });
    const wish = { authority, subject: 'S1', usage: 'station', days: 90, now } as const;
    const issued = new X509Certificate((await issueCertificate(wish)).certificatePem);
    const own = new Trust({ authorities: authority.certificatePem });
    const standing = own.standing(issued);
    expect(standing && own.flaw(standing, nowMs + 3 * dayMs)).toBe('the certificate has ended');
    expect(trust.standing(issued)).toBeUndefined();
  });

  it('is revoked by number, of its own authority alone', async () => {
    const authorities = first.certificatePem + second.certificatePem;
    const [free, own, strange] = await Promise.all([
      listOf(first),
      listOf(first, station.serialNumber),
      listOf(second, station.serialNumber),
    ]);
    const empty = await listOf(second);
    const before = new Trust({ authorities, lists: free + empty });
    expect(flawOf(before)).toBeUndefined();
    expect(flawOf(new Trust({ authorities, lists: strange + free }))).toBeUndefined();
    const after = new Trust({ authorities, lists: empty + own });
    expect(flawOf(after)).toBe('the certificate is revoked');
    expect(flawOf(before, nowMs, after)).toBe('the certificate is revoked');
  });

  it('stands on a renewed certificate of the same authority', async () => {
    const { buildCertificate } = await import('#src/access/x509');
    const { createPrivateKey, createPublicKey, sign } = await import('node:crypto');
    const key = createPrivateKey(first.keyPem);
    const { x = '', y = '' } = createPublicKey(key).export({ format: 'jwk' });
    const point = Buffer.concat([
      Buffer.of(4),
      Buffer.from(x, 'base64url'),
      Buffer.from(y, 'base64url'),
    ]);
    const old = new X509Certificate(first.certificatePem);
    const keyId = Buffer.from(
      /keyid:([0-9A-F:]+)/i.exec(old.toString())?.[1]?.replaceAll(':', '') ?? '00',
      'hex',
    );
    const renewed = await buildCertificate(
      {
        profile: 'authority',
        serial: Buffer.from('51', 'hex'),
        subject: 'First',
        subjectKey: { curve: 'P-384', octets: point, keyId },
        issuer: 'First',
        issuerKeyId: keyId,
        notBefore: now,
        notAfter: new Date(nowMs + 3650 * dayMs),
        names: [],
        addresses: [],
      },
      (octets) => Promise.resolve(sign('sha384', octets, key)),
    );
    const trust = new Trust({ authorities: new X509Certificate(renewed).toString() });
    expect(flawOf(new Trust({ authorities: first.certificatePem }), nowMs, trust)).toBeUndefined();
  });
});

describe('files', () => {
  it.each([
    ['no authority', () => ({ authorities: 'none' }), 'MSC-2101'],
    ['no list', () => ({ authorities: first.certificatePem, lists: 'none' }), 'MSC-2109'],
    [
      'a list of another alone',
      async () => ({ authorities: first.certificatePem, lists: await listOf(second) }),
      'MSC-2109',
    ],
    [
      'an authority without its list',
      async () => ({
        authorities: first.certificatePem + second.certificatePem,
        lists: await listOf(first),
      }),
      'MSC-2109',
    ],
    [
      'two lists of one',
      async () => ({
        authorities: first.certificatePem,
        lists: (await listOf(first)) + (await listOf(first)),
      }),
      'MSC-2109',
    ],
  ])('with %s are refused', async (_, make, code) => {
    const pem = await make();
    expect(() => new Trust(pem)).toThrow(expect.objectContaining({ code }));
  });
});

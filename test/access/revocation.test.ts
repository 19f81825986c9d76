// Our reader of lists: it agrees with openssl about lists of both makers, and gives a result for any octets.

import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type CertificateAndKey,
  createAuthority,
  createRevocationList,
  issueCertificate,
} from '#src/access/certificate';
import { derTags, hexOf, oidOf, plainHex, readDer, timeOf } from '#src/access/der';
import {
  isSignedBy,
  parseRevocationList,
  readRevocationLists,
  type RevocationList,
  subjectOf,
} from '#src/access/revocation';

const now = new Date('2026-11-26T08:00:00Z');
const serials = ['4f00000000000000000000000000aa01', '7e11', '80ff'];
let authority: CertificateAndKey;
let foreign: CertificateAndKey;
let pem: string;
beforeAll(async () => {
  authority = await createAuthority({ name: 'EXAMPLE COUNTY STATIONS', now });
  foreign = await createAuthority({ name: 'EXAMPLE COUNTY STATIONS', now });
  const revoked = serials.map((serial) => ({ serial, date: now }));
  revoked[2] = { serial: '0080ff', date: new Date('2051-01-01T00:00:00Z') };
  pem = await createRevocationList({ authority, revoked, days: 7, now });
});

function derOf(text: string): Buffer {
  return Buffer.from(text.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
}

function listOf(text: string): RevocationList {
  const lists = readRevocationLists(text);
  if (!lists.ok) throw new Error(lists.error);
  const [list] = lists.value;
  if (list === undefined) throw new Error('no list');
  return list;
}

/** One item, DER, of at most 65535 octets. */
function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const head =
    length < 128
      ? [tag, length]
      : length < 256
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 255];
  return Buffer.concat([Uint8Array.from(head), content]);
}

describe('a list', () => {
  it('says who is revoked since when, and from when until when it holds', () => {
    const { revoked, thisUpdateMs, nextUpdateMs } = listOf(pem);
    expect([...revoked.keys()]).toEqual(serials);
    expect([...revoked.values()].at(-1)).toBe(Date.parse('2051-01-01T00:00:00Z'));
    expect(nextUpdateMs).toBe(Date.parse('2026-12-03T08:00:00Z'));
    expect(thisUpdateMs).toBe(Date.parse('2026-11-26T07:55:00Z'));
  });

  it('of nobody is one too', async () => {
    const empty = listOf(await createRevocationList({ authority, revoked: [], now }));
    expect(empty.revoked.size).toBe(0);
  });

  it("is its authority's by name and by signature", async () => {
    const list = listOf(pem);
    const own = new X509Certificate(authority.certificatePem);
    expect(isSignedBy(list, own)).toBe(true);
    // The same name, another key.
    expect(isSignedBy(list, new X509Certificate(foreign.certificatePem))).toBe(false);
    const spoiled = { ...list.signed, octets: Buffer.from(list.signed.octets) };
    spoiled.octets.writeUInt8(spoiled.octets.readUInt8(40) ^ 1, 40);
    expect(isSignedBy({ ...list, signed: spoiled }, own)).toBe(false);
    const other = await createAuthority({ name: 'ANOTHER', now });
    const same = { ...list, issuer: subjectOf(new X509Certificate(other.certificatePem)) ?? '' };
    expect(isSignedBy(same, new X509Certificate(other.certificatePem))).toBe(false);
  });

  it('may stand beside others in one file', async () => {
    const more = await createRevocationList({ authority: foreign, revoked: [], now });
    const lists = readRevocationLists(`two lists\n${pem}and\n${more}`);
    expect(lists.ok && lists.value.map(({ revoked }) => revoked.size)).toEqual([3, 0]);
  });

  it('that knows a rule we do not know is refused', () => {
    const parts = readDer(derOf(pem))?.[0];
    const [toBeSigned, algorithm, signature] = readDer(parts?.content ?? Buffer.of()) ?? [];
    const items = readDer(toBeSigned?.content ?? Buffer.of()) ?? [];
    const critical = der(
      0x30,
      der(derTags.oid, Buffer.of(0x55, 0x1d, 0x1b)),
      der(derTags.boolean, Buffer.of(0xff)),
      der(derTags.octets, Buffer.of(2, 1, 1)),
    );
    const plain = items.slice(0, -1).map(({ whole }) => whole);
    const rebuilt = (...more: readonly Uint8Array[]): Buffer =>
      der(
        0x30,
        der(0x30, ...plain, ...more),
        algorithm?.whole ?? Buffer.of(),
        signature?.whole ?? Buffer.of(),
      );
    expect(parseRevocationList(rebuilt()).ok).toBe(true);
    const delta = parseRevocationList(rebuilt(der(0xa0, der(0x30, critical))));
    expect(delta).toEqual({ ok: false, error: 'it has an extension that is not known here' });
    const twice = rebuilt(der(0xa0, der(0x30)), der(0xa0, der(0x30)));
    expect(parseRevocationList(twice).ok).toBe(false);
    expect(parseRevocationList(Buffer.concat([rebuilt(), Buffer.of(5, 0)])).ok).toBe(false);
  });

  it('without its next update, or with a negative number, is refused', () => {
    const utc = (text: string): Buffer => der(derTags.utcTime, Buffer.from(text));
    const ecdsa = der(0x30, der(derTags.oid, Buffer.from('2a8648ce3d040303', 'hex')));
    const name = der(0x30, der(0x31, der(0x30, der(6, Buffer.of(0x55, 4, 3)), der(12))));
    const built = (...more: readonly Uint8Array[]): Buffer =>
      der(
        0x30,
        der(0x30, der(2, Buffer.of(1)), ecdsa, name, utc('261126080000Z'), ...more),
        ecdsa,
        der(3, Buffer.of(0, 1)),
      );
    expect(parseRevocationList(built()).ok).toBe(false);
    const until = utc('261203080000Z');
    expect(parseRevocationList(built(until)).ok).toBe(true);
    const entry = (serial: number): Buffer => der(0x30, der(2, Buffer.of(serial)), until);
    expect(parseRevocationList(built(until, der(0x30, entry(0x7f)))).ok).toBe(true);
    expect(parseRevocationList(built(until, der(0x30, entry(0x80)))).ok).toBe(false);
  });

  it.each(['', 'none', '-----BEGIN X509 CRL-----\n*\n-----END X509 CRL-----', 'MIIB'])(
    'is not %j',
    (text) => {
      expect(readRevocationLists(text).ok).toBe(false);
    },
  );
});

describe('any octets', () => {
  it('give a list or a sentence, never a throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => {
        const list = parseRevocationList(octets);
        expect(list.ok || typeof list.error === 'string').toBe(true);
      }),
    );
  });

  it('that were a list before one was changed, cut or put in give a result, in bounded time', () => {
    const whole = derOf(pem);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(2), (at, octet, how) => {
        const changed = [
          Buffer.concat([whole.subarray(0, at), Buffer.of(octet), whole.subarray(at + 1)]),
          whole.subarray(0, at),
          Buffer.concat([whole.subarray(0, at), Buffer.of(octet), whole.subarray(at)]),
        ][how];
        const sinceMs = performance.now();
        const list = parseRevocationList(changed ?? whole);
        expect(performance.now() - sinceMs).toBeLessThan(500);
        // Whatever it still says, nobody signed it so; a change to the signature alone is its own.
        if (!list.ok || (changed ?? whole).equals(whole)) return;
        const own = new X509Certificate(authority.certificatePem);
        expect(isSignedBy(list.value, own)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('make as many items as their lengths say, and together they are the octets', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => {
        const items = readDer(octets);
        if (items === undefined) return;
        expect(Buffer.concat(items.map(({ whole }) => whole))).toEqual(Buffer.from(octets));
      }),
    );
  });

  it('are read strictly: no long form of a short length, no endless length, no long tag', () => {
    expect(readDer(Buffer.of(4, 0x81, 1, 0))).toBeUndefined();
    expect(readDer(Buffer.of(4, 0x82, 0, 200))).toBeUndefined();
    expect(readDer(Buffer.of(4, 0x80, 0, 0))).toBeUndefined();
    expect(readDer(Buffer.of(0x1f, 1, 0))).toBeUndefined();
    expect(readDer(Buffer.of(4, 0xff, ...Buffer.alloc(8, 0xff)))).toBeUndefined();
    expect(readDer(Buffer.of(4, 2, 1))).toBeUndefined();
    expect(readDer(Buffer.alloc(0))).toEqual([]);
  });
});

describe('values', () => {
  const item = (tag: number, text: string) => readDer(der(tag, Buffer.from(text)))?.[0];

  it.each([
    [derTags.utcTime, '261126080000Z', '2026-11-26T08:00:00.000Z'],
    [derTags.utcTime, '500101000000Z', '1950-01-01T00:00:00.000Z'],
    [derTags.generalizedTime, '20510101000000Z', '2051-01-01T00:00:00.000Z'],
  ])('%i %s is %s', (tag, text, iso) => {
    expect(new Date(timeOf(item(tag, text)) ?? NaN).toISOString()).toBe(iso);
  });

  it.each(['260231080000Z', '261126250000Z', '2611260800Z', '261126080000+01', 'abcdefghijklZ'])(
    '%s is no time',
    (text) => {
      expect(timeOf(item(derTags.utcTime, text))).toBeUndefined();
    },
  );

  it('are compared without leading zeros', () => {
    expect(hexOf(readDer(Buffer.of(2, 2, 0, 0x80))?.[0])).toBe('80');
    expect(hexOf(readDer(Buffer.of(2, 2, 0, 0x7f))?.[0])).toBeUndefined();
    expect(hexOf(readDer(Buffer.of(2, 1, 0))?.[0])).toBe('0');
    expect(plainHex('00AB')).toBe('ab');
    expect(plainHex('00')).toBe('0');
  });

  it('that are object identifiers have dots', () => {
    const oid = (hex: string): string | undefined =>
      oidOf(readDer(der(6, Buffer.from(hex, 'hex')))?.[0]);
    expect(oid('2a8648ce3d040303')).toBe('1.2.840.10045.4.3.3');
    expect(oid('551d14')).toBe('2.5.29.20');
    expect(oid('2a8648ce3d0403ff')).toBeUndefined();
    expect(oid('')).toBeUndefined();
  });
});

describe('openssl', () => {
  const here = spawnSync('openssl', ['version']).status === 0;

  it(`and we read the same of a list of its own making${here ? '' : ' (openssl is not installed)'}`, async (context) => {
    if (!here) context.skip();
    const folder = mkdtempSync(join(tmpdir(), 'msc-crl-'));
    const at = (name: string): string => join(folder, name);
    try {
      const day = new Date();
      const rsa = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30'];
      const openssl = (...words: readonly string[]): void => {
        const { status, stderr } = spawnSync('openssl', words, { cwd: folder, encoding: 'utf8' });
        expect(status, stderr).toBe(0);
      };
      openssl(...rsa, '-subj', '/C=US/O=Example/CN=Old CA', '-keyout', 'ca.key', '-out', 'ca.pem');
      writeFileSync(at('index.txt'), '');
      writeFileSync(at('number'), '01\n');
      writeFileSync(
        at('ca.conf'),
        '[ca]\ndefault_ca=own\n[own]\ndatabase=index.txt\ncrlnumber=number\ndefault_md=sha256\n',
      );
      const issued = await issueCertificate({
        authority: await createAuthority({ name: 'X', now: day }),
        subject: 'S',
        usage: 'station',
        now: day,
      });
      writeFileSync(at('s.pem'), issued.certificatePem);
      const ca = ['ca', '-config', 'ca.conf', '-cert', 'ca.pem', '-keyfile', 'ca.key'];
      openssl(...ca, '-revoke', 's.pem', '-crl_reason', 'keyCompromise');
      openssl(...ca, '-gencrl', '-crldays', '3', '-out', 'crl.pem');
      const list = listOf(readFileSync(at('crl.pem'), 'utf8'));
      const serial = new X509Certificate(issued.certificatePem).serialNumber;
      expect([...list.revoked.keys()]).toEqual([plainHex(serial)]);
      const own = new X509Certificate(readFileSync(at('ca.pem'), 'utf8'));
      expect(isSignedBy(list, own)).toBe(true);
      expect(list.nextUpdateMs - list.thisUpdateMs).toBe(3 * 86_400_000);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

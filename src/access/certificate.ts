// Certificates of the station authority: made, described, fingerprinted (security 3 and 10).
// Every key, hash and signature is node:crypto's; what was made is verified before it is returned.
// Fails with a fault and returns nothing half made. Reads and writes no file: PEM in, PEM out.
// It signs only for authorities of its own making: one common name, a P-384 key.

import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';
import { isIP } from 'node:net';
import { promisify } from 'node:util';

import { MscFault } from '#src/errors';
import type { CertificateParts, Curve, PublicPoint, Sign } from './x509.ts';

export interface CertificateAndKey {
  readonly certificatePem: string;
  /** PKCS#8. A secret: written with mode 0600, never logged. */
  readonly keyPem: string;
}

/** `station` is a client (extKeyUsage clientAuth), `switch` a server (serverAuth). */
export type CertificateUsage = 'station' | 'switch';

export interface AuthorityRequest {
  readonly name: string;
  readonly years?: number;
  readonly now: Date;
}

export interface CertificateRequest {
  readonly authority: CertificateAndKey;
  /** Common name and first DNS name: of a station its name (link T2), of a switch its host name. */
  readonly subject: string;
  readonly usage: CertificateUsage;
  /** Further DNS names; a station has none. */
  readonly names?: readonly string[];
  /** IP addresses; a station has none. */
  readonly addresses?: readonly string[];
  readonly days?: number;
  readonly now: Date;
}

export interface IssuedCertificate extends CertificateAndKey {
  /** SHA-256 of the certificate, lower-case hex. */
  readonly fingerprint: string;
  readonly notAfter: Date;
}

export interface RevocationRequest {
  readonly authority: CertificateAndKey;
  /** Serial numbers in hex, as X509Certificate shows them. */
  readonly revoked: readonly { readonly serial: string; readonly date: Date }[];
  /** At most 7 by the profile. @source security 3, Revocation */
  readonly days?: number;
  readonly now: Date;
}

export interface CertificateDescription {
  readonly subject: string;
  readonly issuer: string;
  /** DNS names and IP addresses. */
  readonly names: readonly string[];
  readonly serial: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Whole days left, rounded down; negative once it has ended. */
  readonly daysLeft: number;
  readonly fingerprint: string;
  /** What its extKeyUsage allows; empty for an authority. */
  readonly usage: readonly CertificateUsage[];
  readonly isAuthority: boolean;
}

/**
 * A new self-signed authority: P-384, path length 0.
 * @throws MSC-2102 for a name or time that cannot be.
 */
export async function createAuthority(request: AuthorityRequest): Promise<CertificateAndKey> {
  const { name, years = 10, now } = request;
  checkName(name);
  const x509 = await import('./x509.ts');
  const key = await newKey('P-384');
  const subjectKey = pointOf(key);
  const der = await x509.buildCertificate(
    {
      profile: 'authority',
      serial: newSerial(),
      subject: name,
      subjectKey,
      issuer: name,
      issuerKeyId: subjectKey.keyId,
      ...validity(now, years * 365.25),
      names: [],
      addresses: [],
    },
    signWith(key),
  );
  const certificate = readBack(der);
  if (!certificate.ca || !belongs(certificate, { issuer: certificate, key }))
    throw new MscFault('MSC-2103', { detail: name });
  return { certificatePem: certificate.toString(), keyPem: pemOf(key) };
}

/**
 * A new key and its certificate: P-256, signed by the authority, ending no later than it.
 * @throws MSC-2102 for a subject, name or address that cannot be; MSC-2108 when the authority has
 *   expired; MSC-2101 when it is not one that `createAuthority` made.
 */
export async function issueCertificate(request: CertificateRequest): Promise<IssuedCertificate> {
  const { subject, usage, names = [], addresses = [], days = 90, now } = request;
  const issuer = readAuthority(request.authority, now);
  [subject, ...names].forEach(checkName);
  addresses.forEach(checkAddress);
  if (usage === 'station' && names.length + addresses.length > 0)
    throw new MscFault('MSC-2102', { detail: 'a station has its own name alone' });
  const x509 = await import('./x509.ts');
  const key = await newKey('P-256');
  const parts: CertificateParts = {
    profile: usage,
    serial: newSerial(),
    subject,
    subjectKey: pointOf(key),
    issuer: issuer.name,
    issuerKeyId: issuer.keyId,
    ...validity(now, days, issuer.certificate.validToDate),
    names: [...new Set([subject, ...names])],
    addresses,
  };
  const certificate = readBack(await x509.buildCertificate(parts, signWith(issuer.key)));
  const good =
    !certificate.ca &&
    belongs(certificate, { issuer: issuer.certificate, key }) &&
    describe(certificate, now).usage.join() === usage &&
    addresses.every((address) => certificate.checkIP(address) !== undefined);
  if (!good) throw new MscFault('MSC-2103', { detail: subject });
  return {
    certificatePem: certificate.toString(),
    keyPem: pemOf(key),
    fingerprint: fingerprint(certificate),
    notAfter: certificate.validToDate,
  };
}

/**
 * The authority's list of revoked certificates, as PEM. Node has no reader for it, so what was made
 * is proved by the tests alone, against TLS and openssl.
 * @throws MSC-2101, MSC-2108 as `issueCertificate`.
 */
export async function createRevocationList(request: RevocationRequest): Promise<string> {
  const { authority, revoked, days = 7, now } = request;
  const issuer = readAuthority(authority, now);
  const x509 = await import('./x509.ts');
  const number = Buffer.alloc(8);
  // Milliseconds rise from list to list, as the number of a list must.
  number.writeBigUInt64BE(BigInt(now.getTime()));
  const der = await x509.buildRevocationList(
    {
      issuer: issuer.name,
      issuerKeyId: issuer.keyId,
      thisUpdate: new Date(now.getTime() - clockSlackMs),
      nextUpdate: new Date(now.getTime() + days * dayMs),
      number,
      revoked: revoked.map(({ serial, date }) => ({ serial: Buffer.from(serial, 'hex'), date })),
    },
    signWith(issuer.key),
  );
  return `-----BEGIN X509 CRL-----\n${lines(der)}-----END X509 CRL-----\n`;
}

/** What a certificate says. @throws MSC-2101 for anything that is no certificate. */
export function describeCertificate(pem: string, now: Date): CertificateDescription {
  return describe(readCertificate(pem), now);
}

/** Which of these end within so many days, or have ended, for a person's attention. @throws MSC-2101 */
export function endingCertificates(
  pems: readonly string[],
  now: Date,
  withinDays: number,
): readonly { readonly code: 'MSC-2107' | 'MSC-2108'; readonly text: string }[] {
  return pems.flatMap((pem) => {
    const { subject, daysLeft } = describeCertificate(pem, now);
    if (daysLeft >= withinDays) return [];
    const text = `certificate ${subject}: ${daysLeft} days left`;
    return [{ code: daysLeft < 0 ? 'MSC-2108' : 'MSC-2107', text } as const];
  });
}

/** SHA-256 of a certificate, lower-case hex without colons. @throws MSC-2101 */
export function fingerprintOf(pem: string): string {
  return fingerprint(readCertificate(pem));
}

const dayMs = 86_400_000;
/** A station's clock may be behind ours; its first connection must not fail for that. */
const clockSlackMs = 5 * 60_000;
/** ub-common-name. @source RFC 5280, appendix A.1 */
const nameOctetsMax = 64;

interface Authority {
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
  readonly name: string;
  readonly keyId: Uint8Array;
}

function readAuthority(authority: CertificateAndKey, now: Date): Authority {
  const certificate = readCertificate(authority.certificatePem);
  const key = readKey(authority.keyPem);
  const name = /^CN=([\x20-\x7e]+)$/.exec(certificate.subject)?.[1];
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (name === undefined || curve !== 'secp384r1' || !certificate.ca)
    throw new MscFault('MSC-2101', { detail: 'this authority was not made by msc' });
  if (!certificate.checkPrivateKey(key))
    throw new MscFault('MSC-2101', { detail: 'the key is not that of the authority' });
  if (certificate.validToDate <= now) throw new MscFault('MSC-2108', { detail: name });
  return { certificate, key, name, keyId: pointOf(key).keyId };
}

function belongs(
  certificate: X509Certificate,
  { issuer, key }: { readonly issuer: X509Certificate; readonly key: KeyObject },
): boolean {
  return (
    certificate.checkPrivateKey(key) &&
    certificate.checkIssued(issuer) &&
    certificate.verify(issuer.publicKey)
  );
}

function readCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new MscFault('MSC-2101', { detail: 'this is no certificate', cause });
  }
}

function readKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new MscFault('MSC-2101', { detail: 'this is no private key', cause });
  }
}

function readBack(der: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch (cause) {
    throw new MscFault('MSC-2103', { cause });
  }
}

function describe(certificate: X509Certificate, now: Date): CertificateDescription {
  // Node types it as always there; a certificate without extKeyUsage has none.
  const usage = (certificate.keyUsage as string[] | undefined) ?? [];
  const left = certificate.validToDate.getTime() - now.getTime();
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    names: alternativeNames(certificate.subjectAltName ?? ''),
    serial: certificate.serialNumber.toLowerCase(),
    notBefore: certificate.validFromDate,
    notAfter: certificate.validToDate,
    daysLeft: Math.floor(left / dayMs),
    fingerprint: fingerprint(certificate),
    usage: [
      ...(usage.includes('1.3.6.1.5.5.7.3.2') ? (['station'] as const) : []),
      ...(usage.includes('1.3.6.1.5.5.7.3.1') ? (['switch'] as const) : []),
    ],
    isAuthority: certificate.ca,
  };
}

/** `DNS:a, IP Address:::1`; Node puts a value with odd characters into JSON quotes. */
function alternativeNames(text: string): readonly string[] {
  const items = text.match(/(?:[^,"]|"(?:[^"\\]|\\.)*")+/g) ?? [];
  return items.map((item) => {
    const value = item.slice(item.indexOf(':') + 1);
    return value.startsWith('"') ? String(JSON.parse(value)) : value;
  });
}

const oneLine = (name: string | undefined) => (name ?? '').replaceAll('\n', ', ');
const fingerprint = (certificate: X509Certificate) =>
  certificate.fingerprint256.replaceAll(':', '').toLowerCase();

function checkName(name: string): void {
  if (!/^[\x20-\x7e]+$/.test(name) || name.length > nameOctetsMax)
    throw new MscFault('MSC-2102', { detail: 'a name has 1 to 64 printable octets' });
}

function checkAddress(address: string): void {
  if (isIP(address) === 0) throw new MscFault('MSC-2102', { detail: `no IP address: ${address}` });
}

function validity(now: Date, days: number, latest?: Date): { notBefore: Date; notAfter: Date } {
  const notBefore = new Date(now.getTime() - clockSlackMs);
  // Certificates count whole seconds: rounded up, so that 90 days are not 89 and a fraction.
  const wanted = new Date(Math.ceil((now.getTime() + days * dayMs) / 1000) * 1000);
  const notAfter = latest !== undefined && latest < wanted ? latest : wanted;
  if (!(days > 0)) throw new MscFault('MSC-2102', { detail: 'it would end before it began' });
  return { notBefore, notAfter };
}

const generateKeys = promisify(generateKeyPair);

async function newKey(curve: Curve): Promise<KeyObject> {
  const { privateKey } = await generateKeys('ec', { namedCurve: curve });
  return privateKey;
}

const pemOf = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' });

function pointOf(key: KeyObject): PublicPoint {
  const { crv, x = '', y = '' } = createPublicKey(key).export({ format: 'jwk' });
  const octets = Buffer.concat([
    Uint8Array.of(4),
    Buffer.from(x, 'base64url'),
    Buffer.from(y, 'base64url'),
  ]);
  const keyId = createHash('sha256').update(octets).digest().subarray(0, 20);
  return { curve: crv === 'P-384' ? 'P-384' : 'P-256', octets, keyId };
}

/** Sixteen random octets; the top bit clear keeps it positive, the next one set keeps it whole. */
function newSerial(): Uint8Array {
  const octets = randomBytes(16);
  octets.writeUInt8((octets.readUInt8(0) & 0x3f) | 0x40, 0);
  return octets;
}

const signAsync = promisify(sign);
const signWith =
  (key: KeyObject): Sign =>
  (octets) =>
    signAsync('sha384', octets, key);

/** Base64 in lines of 64, as PEM has it. */
const lines = (der: Uint8Array) =>
  Buffer.from(der)
    .toString('base64')
    .replaceAll(/(.{1,64})/g, '$1\n');

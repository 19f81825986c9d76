// Builds the octets of certificates and revocation lists; signs nothing, judges nothing.
// node-forge only writes ASN.1 here: it never parses, hashes, signs or verifies (security 10).
// Keys come as JWK points of node:crypto, names as text; the caller checks both.
// It is loaded only where something is issued, so the running switch never carries forge.

import assert from 'node:assert/strict';

import forge from 'node-forge';

export type Curve = 'P-256' | 'P-384';

/** What a certificate is for; decides basicConstraints, keyUsage and extKeyUsage. */
export type CertificateProfile = 'authority' | 'station' | 'switch';

export interface PublicPoint {
  readonly curve: Curve;
  /** Uncompressed point, `04 x y`. */
  readonly octets: Uint8Array;
  /** Key identifier of that point. @source RFC 7093, 2 (1) */
  readonly keyId: Uint8Array;
}

export interface CertificateParts {
  readonly profile: CertificateProfile;
  readonly serial: Uint8Array;
  readonly subject: string;
  readonly subjectKey: PublicPoint;
  readonly issuer: string;
  readonly issuerKeyId: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly names: readonly string[];
  /** IP addresses as text, already checked. */
  readonly addresses: readonly string[];
}

export interface RevocationParts {
  readonly issuer: string;
  readonly issuerKeyId: Uint8Array;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  readonly number: Uint8Array;
  readonly revoked: readonly { readonly serial: Uint8Array; readonly date: Date }[];
}

/** Signs DER octets with ECDSA P-384 and SHA-384; answers the DER signature. */
export type Sign = (octets: Uint8Array) => Promise<Uint8Array>;

/** The DER of a signed certificate. @source RFC 5280, 4.1 */
export async function buildCertificate(parts: CertificateParts, sign: Sign): Promise<Uint8Array> {
  return signed(
    sequence(
      context(0, integer(Uint8Array.of(2))),
      integer(parts.serial),
      signatureAlgorithm(),
      distinguishedName(parts.issuer),
      sequence(time(parts.notBefore), time(parts.notAfter)),
      distinguishedName(parts.subject),
      publicKeyInfo(parts.subjectKey),
      context(3, sequence(...certificateExtensions(parts))),
    ),
    sign,
  );
}

/** The DER of a signed revocation list. @source RFC 5280, 5.1 */
export async function buildRevocationList(parts: RevocationParts, sign: Sign): Promise<Uint8Array> {
  const revoked = parts.revoked.map(({ serial, date }) => sequence(integer(serial), time(date)));
  return signed(
    sequence(
      integer(Uint8Array.of(1)),
      signatureAlgorithm(),
      distinguishedName(parts.issuer),
      time(parts.thisUpdate),
      time(parts.nextUpdate),
      // RFC 5280 5.1.2.6: the list is absent, not empty, when nothing is revoked.
      ...(revoked.length === 0 ? [] : [sequence(...revoked)]),
      context(
        0,
        sequence(
          authorityKeyId(parts.issuerKeyId),
          extension('2.5.29.20', false, integer(parts.number)),
        ),
      ),
    ),
    sign,
  );
}

type Asn1 = forge.asn1.Asn1;
const { Class, Type } = forge.asn1;

const curveOids: Readonly<Record<Curve, string>> = {
  'P-256': '1.2.840.10045.3.1.7',
  'P-384': '1.3.132.0.34',
};

const extendedUsageOids = { station: '1.3.6.1.5.5.7.3.2', switch: '1.3.6.1.5.5.7.3.1' } as const;

async function signed(toBeSigned: Asn1, sign: Sign): Promise<Uint8Array> {
  const signature = await sign(derOf(toBeSigned));
  return derOf(sequence(toBeSigned, signatureAlgorithm(), bits(signature)));
}

function certificateExtensions(parts: CertificateParts): readonly Asn1[] {
  const keyIds = [subjectKeyId(parts.subjectKey.keyId), authorityKeyId(parts.issuerKeyId)];
  if (parts.profile === 'authority') {
    const constraints = sequence(boolean(true), integer(Uint8Array.of(0)));
    // keyCertSign (bit 5) and cRLSign (bit 6): one unused bit.
    const usage = bits(Uint8Array.of(0x06), 1);
    return [
      extension('2.5.29.19', true, constraints),
      extension('2.5.29.15', true, usage),
      ...keyIds,
    ];
  }
  return [
    extension('2.5.29.19', true, sequence()),
    // digitalSignature (bit 0): seven unused bits.
    extension('2.5.29.15', true, bits(Uint8Array.of(0x80), 7)),
    extension('2.5.29.37', false, sequence(oid(extendedUsageOids[parts.profile]))),
    extension('2.5.29.17', false, alternativeNames(parts)),
    ...keyIds,
  ];
}

function alternativeNames(parts: CertificateParts): Asn1 {
  return sequence(
    ...parts.names.map((name) => contextOctets(2, new TextEncoder().encode(name))),
    ...parts.addresses.map((address) => contextOctets(7, addressOctets(address))),
  );
}

/** The four or sixteen octets of an IP address. */
function addressOctets(address: string): Uint8Array {
  // The types of forge lack this function; lib/util.js has it, with null for what is no address.
  const util = forge.util as typeof forge.util & { bytesFromIP(ip: string): string | null };
  const octets = util.bytesFromIP(address);
  assert(octets !== null, 'the caller checks addresses before they get here');
  return Buffer.from(octets, 'latin1');
}

const subjectKeyId = (keyId: Uint8Array) => extension('2.5.29.14', false, octetString(keyId));

const authorityKeyId = (keyId: Uint8Array) =>
  extension('2.5.29.35', false, sequence(contextOctets(0, keyId)));

/** ecdsa-with-SHA384, without parameters. @source RFC 5758, 3.2 */
const signatureAlgorithm = () => sequence(oid('1.2.840.10045.4.3.3'));

const publicKeyInfo = ({ curve, octets }: PublicPoint) =>
  sequence(sequence(oid('1.2.840.10045.2.1'), oid(curveOids[curve])), bits(octets));

const distinguishedName = (commonName: string) =>
  sequence(
    node(Type.SET, true, [
      sequence(
        oid('2.5.4.3'),
        node(Type.UTF8, false, binary(new TextEncoder().encode(commonName))),
      ),
    ]),
  );

function extension(id: string, critical: boolean, value: Asn1): Asn1 {
  const content = octetString(derOf(value));
  return critical ? sequence(oid(id), boolean(true), content) : sequence(oid(id), content);
}

/** Up to 2049 as UTCTime, from 2050 as GeneralizedTime. @source RFC 5280, 4.1.2.5 */
function time(date: Date): Asn1 {
  return date.getUTCFullYear() < 2050
    ? node(Type.UTCTIME, false, forge.asn1.dateToUtcTime(date))
    : node(Type.GENERALIZEDTIME, false, forge.asn1.dateToGeneralizedTime(date));
}

const sequence = (...items: readonly Asn1[]) => node(Type.SEQUENCE, true, [...items]);
const integer = (octets: Uint8Array) => node(Type.INTEGER, false, binary(octets));
const boolean = (value: boolean) => node(Type.BOOLEAN, false, value ? '\xff' : '\x00');
const oid = (id: string) => node(Type.OID, false, forge.asn1.oidToDer(id).getBytes());
const octetString = (octets: Uint8Array) => node(Type.OCTETSTRING, false, binary(octets));
const bits = (octets: Uint8Array, unused = 0) =>
  node(Type.BITSTRING, false, String.fromCharCode(unused) + binary(octets));

const context = (tag: number, content: Asn1) => tagged(tag, true, [content]);
const contextOctets = (tag: number, octets: Uint8Array) => tagged(tag, false, binary(octets));

function tagged(tag: number, constructed: boolean, value: string | Asn1[]): Asn1 {
  // Forge types every tag by its enum of universal types; a context tag is a number of its own.
  const type = tag as unknown as forge.asn1.Type;
  return forge.asn1.create(Class.CONTEXT_SPECIFIC, type, constructed, value);
}

function node(type: forge.asn1.Type, constructed: boolean, value: string | Asn1[]): Asn1 {
  return forge.asn1.create(Class.UNIVERSAL, type, constructed, value);
}

const derOf = (item: Asn1) => Buffer.from(forge.asn1.toDer(item).getBytes(), 'latin1');
/** Octets as forge keeps them: one character each. */
const binary = (octets: Uint8Array) => Buffer.from(octets).toString('latin1');

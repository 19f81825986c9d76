// The TLS profile: one function for the listener, one for dialling, each giving the complete set of
// options. What is left out of a set falls back to Node's defaults, so nobody adds options elsewhere.
// They throw for PEM that does not fit together, before a port is opened. They read no file.

import { constants, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { ConnectionOptions, PeerCertificate, SecureVersion, TlsOptions } from 'node:tls';
import { MscFault } from '#src/errors';

export interface ListenerTls {
  readonly certPem: string;
  readonly keyPem: string;
  readonly clientCaPem: string;
  /** An expired list refuses everyone; without any OpenSSL takes revoked certificates too. */
  readonly crlPem?: string | undefined;
  readonly minimum: 'TLSv1.2' | 'TLSv1.3';
  /** Milliseconds for the handshake; link S1. */
  readonly handshakeMs: number;
}

export interface DialTls {
  readonly certPem: string;
  readonly keyPem: string;
  readonly caPem: string;
  /** Whose options these are, for the fault. */
  readonly whose: string;
  /** DNS name or address that must be a SAN of the upstream's certificate. */
  readonly serverName: string;
}

/**
 * The whole option set of the station listener.
 *
 * @throws MscFault MSC-2101 when certificate, key, authority or list cannot be used together.
 * @source security 3; link T1, T2, T5
 */
export function listenerTlsOptions(parts: ListenerTls): TlsOptions {
  const build = (): TlsOptions => ({
    ...profile,
    cert: withIssuer(parts.certPem, parts.clientCaPem),
    key: parts.keyPem,
    ca: parts.clientCaPem,
    ...(parts.crlPem === undefined ? {} : { crl: parts.crlPem }),
    minVersion: parts.minimum,
    requestCert: true,
    rejectUnauthorized: true,
    handshakeTimeout: parts.handshakeMs,
  });
  return checked(build, 'the station listener');
}

/**
 * The whole option set to dial an upstream: its chain, its usage and its name are checked.
 *
 * @throws MscFault MSC-2101 as above.
 * @source link T4
 */
export function dialTlsOptions(parts: DialTls): ConnectionOptions {
  const build = (): ConnectionOptions => ({
    ...profile,
    cert: parts.certPem,
    key: parts.keyPem,
    ca: parts.caPem,
    minVersion: 'TLSv1.3',
    rejectUnauthorized: true,
    checkServerIdentity: (_host, certificate) => upstreamFlaw(parts.serverName, certificate),
    // An address is no server name on the wire (RFC 6066); it is checked against the SAN all the same.
    servername: isIP(parts.serverName) === 0 ? parts.serverName : '',
  });
  return checked(build, parts.whose);
}

export interface PeerIdentity {
  /** The one DNS name of the certificate or, without any, its common name. */
  readonly name: string;
  /** SHA-256 of the certificate, lower-case hex. */
  readonly fingerprint: string;
}

/**
 * Who a station's certificate says it is; undefined where it does not allow `clientAuth`, or names
 * nobody or more than one.
 *
 * @source link T2, T4
 */
export function stationIdentity(certificate: X509Certificate): PeerIdentity | undefined {
  if (!allows(certificate, clientAuth)) return undefined;
  const name = stationName(certificate);
  const fingerprint = certificate.fingerprint256.replaceAll(':', '').toLowerCase();
  return name === undefined ? undefined : { name, fingerprint };
}

const clientAuth = '1.3.6.1.5.5.7.3.2';
const serverAuth = '1.3.6.1.5.5.7.3.1';

/** AES-GCM with ephemeral keys only; P-256 and P-384; nothing is resumed and nothing renegotiated. */
const profile = {
  maxVersion: 'TLSv1.3' satisfies SecureVersion,
  ciphers: [
    ...['TLS_AES_256_GCM_SHA384', 'TLS_AES_128_GCM_SHA256'],
    ...['ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES256-GCM-SHA384'],
    ...['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'],
  ].join(':'),
  honorCipherOrder: true,
  ecdhCurve: 'P-256:P-384',
  secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
} as const;

/**
 * A certificate alone is given its issuer, where that is one of these authorities. Without it OpenSSL looks for the
 * issuer, and verifies the certificate and it, in every handshake: 2 ms of P-384 for what it sends all the same.
 */
function withIssuer(certPem: string, authoritiesPem: string): string {
  const [own, ...further] = certificatesIn(certPem);
  if (own === undefined || further.length > 0) return certPem;
  const issuer = certificatesIn(authoritiesPem).find((authority) => own.checkIssued(authority));
  return issuer === undefined ? certPem : own.toString() + issuer.toString();
}

function certificatesIn(pem: string): readonly X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}

function checked<O extends TlsOptions | ConnectionOptions>(build: () => O, whose: string): O {
  try {
    const options = build();
    createSecureContext(options);
    return options;
  } catch (cause) {
    throw new MscFault('MSC-2101', { detail: whose, cause });
  }
}

/** A SAN equal to the name and the right usage: no wildcard, no common name (link T4). */
function upstreamFlaw(name: string, peer: PeerCertificate): Error | undefined {
  const certificate = new X509Certificate(peer.raw);
  const named =
    isIP(name) === 0
      ? certificate.checkHost(name, { subject: 'never', wildcards: false })
      : certificate.checkIP(name);
  if (named === undefined) return refusal('ERR_TLS_CERT_ALTNAME_INVALID');
  return allows(certificate, serverAuth) ? undefined : refusal('INVALID_PURPOSE');
}

function refusal(code: string): Error {
  return Object.assign(new Error('The certificate of the upstream is not its own.'), { code });
}

function allows(certificate: X509Certificate, usage: string): boolean {
  // Node's `keyUsage` is the extended key usage; its type forgets that it may be absent.
  const usages = certificate.keyUsage as readonly string[] | undefined;
  return usages?.includes(usage) ?? false;
}

function stationName(certificate: X509Certificate): string | undefined {
  const names = (certificate.subjectAltName ?? '').split(', ');
  const dns = names.filter((name) => name.startsWith('DNS:')).map((name) => name.slice(4));
  if (dns.length > 1) return undefined;
  // A quoted name holds characters that no station name may have; it matches none.
  if (dns[0] !== undefined) return dns[0];
  const common: unknown = certificate.toLegacyObject().subject.CN;
  return typeof common === 'string' ? common : undefined;
}

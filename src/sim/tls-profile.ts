// The TLS of both simulated ends (link T1, T5): 1.3 alone, AES-GCM alone, P-256 and P-384, no tickets.

import { constants } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { TLSSocket } from 'node:tls';
import { SimFault } from './fault.ts';

/** PEM, as text or octets. */
export interface Credentials {
  readonly ca: string | Buffer;
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
}

export type CredentialFiles = Readonly<Record<keyof Credentials, string>>;

export const tlsProfile = {
  minVersion: 'TLSv1.3',
  maxVersion: 'TLSv1.3',
  ciphers: 'TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256',
  ecdhCurve: 'P-256:P-384',
  secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
} as const;

/** @throws SimFault SIM-FILE */
export function readCredentials(files: CredentialFiles): Credentials {
  return { ca: readPem(files.ca), cert: readPem(files.cert), key: readPem(files.key) };
}

/** The station name in the peer's certificate: its one DNS SAN, or without any its common name (link T2). */
export function certificateName(socket: TLSSocket): string | undefined {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return undefined;
  const names = certificate.subjectAltName?.split(', ').filter((name) => name.startsWith('DNS:'));
  if (names !== undefined && names.length > 0)
    return names.length === 1 ? names[0]?.slice('DNS:'.length) : undefined;
  return /^CN=(.+)$/m.exec(certificate.subject)?.[1];
}

function readPem(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new SimFault('SIM-FILE', `${path} cannot be read`, cause);
  }
}

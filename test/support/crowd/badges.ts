// Certificates for a crowd of invented stations: one key for all, one certificate each, signed by the
// authority of the demonstration. A station of a county has a key of its own; here making them would only take time.

import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';
import { promisify } from 'node:util';
import { buildCertificate, type Curve, type PublicPoint } from '#src/access/x509';
import type { CertificateAndKey } from '#src/access/certificate';

export interface Badge {
  readonly station: string;
  /** PEM. */
  readonly cert: string;
  readonly fingerprint: string;
}

export interface Badges {
  /** PEM, of all of them. */
  readonly key: string;
  readonly badges: readonly Badge[];
}

const dayMs = 86_400_000;
const atOnce = 16;
const signAsync = promisify(sign);

export async function makeBadges(
  authority: CertificateAndKey,
  stations: readonly string[],
): Promise<Badges> {
  const issuerKey = createPrivateKey(authority.keyPem);
  const { validTo, subject } = new X509Certificate(authority.certificatePem);
  const issuer = subject.replace(/^CN=/, '');
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' });
  const subjectKey = pointOf(key, 'P-256');
  const issuerKeyId = pointOf(authority.keyPem, 'P-384').keyId;
  const now = Date.now();
  const one = async (station: string): Promise<Badge> => {
    const der = await buildCertificate(
      {
        profile: 'station',
        serial: positive(),
        subject: station,
        subjectKey,
        issuer,
        issuerKeyId,
        notBefore: new Date(now - dayMs),
        notAfter: new Date(Math.min(now + 30 * dayMs, Date.parse(validTo))),
        names: [station],
        addresses: [],
      },
      (octets) => signAsync('sha384', octets, issuerKey),
    );
    const fingerprint = createHash('sha256').update(der).digest('hex');
    const base64 = Buffer.from(der)
      .toString('base64')
      .replaceAll(/(.{1,64})/g, '$1\n');
    const cert = `-----BEGIN CERTIFICATE-----\n${base64}-----END CERTIFICATE-----\n`;
    return { station, cert, fingerprint };
  };
  const badges: Badge[] = [];
  for (let from = 0; from < stations.length; from += atOnce)
    badges.push(...(await Promise.all(stations.slice(from, from + atOnce).map(one))));
  return { key, badges };
}

function pointOf(pem: string, curve: Curve): PublicPoint {
  const { x = '', y = '' } = createPublicKey(pem).export({ format: 'jwk' });
  const octets = Buffer.concat([
    Uint8Array.of(4),
    Buffer.from(x, 'base64url'),
    Buffer.from(y, 'base64url'),
  ]);
  return { curve, octets, keyId: createHash('sha256').update(octets).digest().subarray(0, 20) };
}

function positive(): Uint8Array {
  const octets = randomBytes(16);
  octets[0] = 0x41;
  return octets;
}

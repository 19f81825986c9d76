// Whom a certificate stands on: authorities and their lists of revoked certificates. OpenSSL has checked
// signatures and chain at the handshake; this says of every link, also long after, whether it still stands.
// Pure: the time is given. Reading the files fails with a coded fault; judging never fails.

import { createHash, X509Certificate } from 'node:crypto';
import { MscFault } from '#src/errors';
import { plainHex } from './der.ts';
import { isSignedBy, readRevocationLists, type RevocationList, subjectOf } from './revocation.ts';

/** What is remembered of the certificate of one link: numbers and names to compare, no key. */
export interface Standing {
  /** When the first certificate of its chain ends. */
  readonly endsMs: number;
  /** Each certificate of the chain: who signed it, and its serial number. */
  readonly signed: readonly { readonly authority: string; readonly serial: string }[];
}

export interface Authority {
  /** Its name and key, as a digest: the same for a renewed certificate of the same authority. */
  readonly id: string;
  readonly certificate: X509Certificate;
  readonly list: RevocationList | undefined;
}

export class Trust {
  readonly authorities: readonly Authority[];
  readonly #byId: ReadonlyMap<string, Authority>;
  readonly #hasLists: boolean;

  /**
   * @param pem Of the authorities, and of their lists where revocation is checked.
   * @throws MscFault MSC-2101 for an authority, MSC-2109 for a list that cannot be used.
   */
  constructor(pem: { readonly authorities: string; readonly lists?: string | undefined }) {
    const certificates = readCertificates(pem.authorities);
    this.#hasLists = pem.lists !== undefined;
    const lists = pem.lists === undefined ? undefined : readLists(pem.lists, certificates);
    this.authorities = certificates.map((certificate) => {
      const list = lists?.find((each) => isSignedBy(each, certificate));
      if (lists !== undefined && list === undefined)
        throw new MscFault('MSC-2109', { detail: `there is none of ${nameOf(certificate)}` });
      return { id: idOf(certificate), certificate, list };
    });
    this.#byId = new Map(this.authorities.map((authority) => [authority.id, authority]));
  }

  /** What a certificate stands on; undefined where no authority of ours signed it. */
  standing(certificate: X509Certificate): Standing | undefined {
    const signed: { authority: string; serial: string }[] = [];
    let endsMs = Infinity;
    let current: X509Certificate | undefined = certificate;
    for (let level = 0; current !== undefined && level < levelsMax; level += 1) {
      const below: X509Certificate = current;
      endsMs = Math.min(endsMs, below.validToDate.getTime());
      const authority = this.#issuer(below);
      const issuer: X509Certificate | undefined = authority?.certificate ?? below.issuerCertificate;
      const id = authority?.id ?? (issuer === undefined ? undefined : idOf(issuer));
      if (id === undefined) return undefined;
      signed.push({ authority: id, serial: plainHex(below.serialNumber) });
      if (authority !== undefined) return { endsMs, signed };
      current = issuer;
    }
    return undefined;
  }

  /** Why what stood then does not stand now; undefined while it does. */
  flaw({ endsMs, signed }: Standing, nowMs: number): string | undefined {
    if (nowMs >= endsMs) return 'the certificate has ended';
    const last = this.#byId.get(signed.at(-1)?.authority ?? '');
    if (last === undefined) return 'the authority of the certificate is not trusted here';
    if (nowMs >= last.certificate.validToDate.getTime())
      return 'the authority of the certificate has ended';
    for (const { authority, serial } of signed) {
      const { list } = this.#byId.get(authority) ?? {};
      if (list?.revoked.has(serial) === true) return 'the certificate is revoked';
      if (this.#hasLists && list === undefined) return 'there is no list of its authority';
    }
    return undefined;
  }

  #issuer(certificate: X509Certificate): Authority | undefined {
    const named = this.authorities.filter((authority) =>
      certificate.checkIssued(authority.certificate),
    );
    // OpenSSL has checked the signature; it is checked again only where the name leaves a choice.
    if (named.length <= 1) return named[0];
    return named.find((authority) => certificate.verify(authority.certificate.publicKey));
  }
}

/** Far above the two levels of the profile (security 3); it bounds a chain that a peer sends. */
const levelsMax = 8;

/** What a certificate calls itself, on one line. */
export function nameOf(certificate: X509Certificate): string {
  return certificate.subject.replaceAll('\n', ', ');
}

/** @throws MscFault MSC-2101 */
export function readCertificates(pem: string): readonly X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw new MscFault('MSC-2101', { detail: 'there is no certificate' });
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch (cause) {
    throw new MscFault('MSC-2101', { detail: 'this is no certificate', cause });
  }
}

function readLists(
  pem: string,
  certificates: readonly X509Certificate[],
): readonly RevocationList[] {
  const lists = readRevocationLists(pem);
  if (!lists.ok) throw new MscFault('MSC-2109', { detail: lists.error });
  for (const certificate of certificates)
    if (lists.value.filter((list) => isSignedBy(list, certificate)).length > 1)
      throw new MscFault('MSC-2109', { detail: `there are two of ${nameOf(certificate)}` });
  const strange = lists.value.some(
    (list) => !certificates.some((certificate) => isSignedBy(list, certificate)),
  );
  if (strange) throw new MscFault('MSC-2109', { detail: 'one is of no authority of ours' });
  return lists.value;
}

function idOf(certificate: X509Certificate): string {
  const key = certificate.publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256')
    .update(subjectOf(certificate) ?? certificate.subject)
    .update(key)
    .digest('hex');
}

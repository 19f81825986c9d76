// Lists of revoked certificates, read by ourselves: node:crypto has no reader for them, and OpenSSL says
// only yes or no. Any octets give a list or a sentence why they are none, never a throw (decision 5).
// The signature is checked by node:crypto over the octets as they stood in the file.
// What it does not understand it refuses: a list with a critical extension may mean less than it says.

import { verify, type X509Certificate } from 'node:crypto';
import { fail, ok, type Result } from '#protocol/result';
import { type DerItem, derTags, hexOf, inside, oidOf, readDer, timeOf } from './der.ts';

/** @source RFC 5280, 5.1 */
export interface RevocationList {
  /** The name of its authority, as octets in hex: to compare, not to show. */
  readonly issuer: string;
  readonly thisUpdateMs: number;
  /** A newer list is promised by then; past it, this one has expired. */
  readonly nextUpdateMs: number;
  /** When each serial number, as `plainHex` writes it, was revoked. */
  readonly revoked: ReadonlyMap<string, number>;
  readonly signed: {
    readonly octets: Uint8Array;
    readonly signature: Uint8Array;
    readonly hash: 'sha256' | 'sha384' | 'sha512';
  };
}

/** All lists of a PEM file; what stands between the blocks is let be. */
export function readRevocationLists(pem: string): Result<readonly RevocationList[], string> {
  const blocks = pem.match(/-----BEGIN X509 CRL-----[^-]*-----END X509 CRL-----/g) ?? [];
  if (blocks.length === 0) return fail('there is no list in it');
  const lists: RevocationList[] = [];
  for (const block of blocks) {
    const base64 = block.replaceAll(/-----[A-Z0-9 ]+-----|\s/g, '');
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return fail('it is not PEM');
    const list = parseRevocationList(Buffer.from(base64, 'base64'));
    if (!list.ok) return list;
    lists.push(list.value);
  }
  return ok(lists);
}

/** One list, DER. @returns The list, or what it lacks, in words that quote nothing of it. */
export function parseRevocationList(der: Uint8Array): Result<RevocationList, string> {
  const [list, ...after] = readDer(der) ?? [];
  const parts = inside(list, derTags.sequence);
  const [toBeSigned, algorithm, bits] = parts ?? [];
  if (parts?.length !== 3 || after.length > 0 || toBeSigned === undefined)
    return fail('it is not a list of revoked certificates');
  const hash = hashOf(algorithm);
  if (hash === undefined) return fail('it is signed in a way that is not known here');
  // A first octet of 0: no bits of the last one are unused.
  if (bits?.tag !== derTags.bits || bits.content[0] !== 0) return fail('its signature is missing');
  const signed = { octets: toBeSigned.whole, signature: bits.content.subarray(1), hash };
  return parseSigned(toBeSigned, signed);
}

/** Whether that authority signed the list: name and signature, both. */
export function isSignedBy(
  { issuer, signed: { octets, signature, hash } }: RevocationList,
  authority: X509Certificate,
): boolean {
  if (subjectOf(authority) !== issuer) return false;
  try {
    return verify(hash, octets, authority.publicKey, signature);
  } catch {
    // A key of another kind than the signature: it did not sign this.
    return false;
  }
}

/** The subject of a certificate as octets in hex; undefined for one whose DER does not hold. */
export function subjectOf(certificate: X509Certificate): string | undefined {
  const [whole] = readDer(certificate.raw) ?? [];
  const [toBeSigned] = inside(whole, derTags.sequence) ?? [];
  const items = inside(toBeSigned, derTags.sequence);
  // version [0], serial, algorithm, issuer, validity, subject; a certificate of version 1 has no [0].
  const subject = items?.[items[0]?.tag === derTags.context(0) ? 5 : 4];
  return subject?.tag === derTags.sequence ? hex(subject.whole) : undefined;
}

/** Without the parameters, which say nothing for these. @source RFC 4055, RFC 5758 */
const hashes: Readonly<Record<string, RevocationList['signed']['hash']>> = {
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
};

function hashOf(algorithm: DerItem | undefined): RevocationList['signed']['hash'] | undefined {
  const oid = oidOf(inside(algorithm, derTags.sequence)?.[0]);
  return oid !== undefined && Object.hasOwn(hashes, oid) ? hashes[oid] : undefined;
}

function parseSigned(
  toBeSigned: DerItem,
  signed: RevocationList['signed'],
): Result<RevocationList, string> {
  const items = [...(inside(toBeSigned, derTags.sequence) ?? [])];
  // Version 2, or the older one that leaves it out.
  if (items[0]?.tag === derTags.integer && hexOf(items.shift()) !== '1')
    return fail('its version is not known here');
  const [algorithm, issuer, thisUpdate, nextUpdate] = items.splice(0, 4);
  if (hashOf(algorithm) !== signed.hash || issuer?.tag !== derTags.sequence)
    return fail('it does not name its authority and how it is signed');
  const [thisUpdateMs, nextUpdateMs] = [timeOf(thisUpdate), timeOf(nextUpdate)];
  if (thisUpdateMs === undefined || nextUpdateMs === undefined)
    return fail('it does not say from when and until when it holds');
  const revoked = items[0]?.tag === derTags.sequence ? items.shift() : undefined;
  const extensions = items.shift();
  if (items.length > 0) return fail('it holds more than a list may');
  if (extensions !== undefined && !isUnderstood(explicit(extensions)))
    return fail('it has an extension that is not known here');
  const entries = revoked === undefined ? new Map<string, number>() : entriesOf(revoked);
  if (entries === undefined) return fail('one of its entries is malformed or not known here');
  const name = hex(issuer.whole);
  return ok({ issuer: name, thisUpdateMs, nextUpdateMs, revoked: entries, signed });
}

function explicit(item: DerItem): DerItem | undefined {
  const items = inside(item, derTags.context(0));
  return items?.length === 1 ? items[0] : undefined;
}

/** Extensions of the list or of an entry: none that is critical, for none of those is implemented. */
function isUnderstood(extensions: DerItem | undefined): boolean {
  const all = inside(extensions, derTags.sequence);
  if (all === undefined) return false;
  return all.every((extension) => {
    const parts = inside(extension, derTags.sequence);
    // identifier, critical (left out where it is not), value
    return (
      oidOf(parts?.[0]) !== undefined && parts?.length === 2 && parts[1]?.tag === derTags.octets
    );
  });
}

function entriesOf(revoked: DerItem): ReadonlyMap<string, number> | undefined {
  const entries = inside(revoked, derTags.sequence);
  if (entries === undefined) return undefined;
  const dates = new Map<string, number>();
  for (const entry of entries) {
    const [serial, date, extensions, more] = inside(entry, derTags.sequence) ?? [];
    const number = hexOf(serial);
    const dateMs = timeOf(date);
    if (number === undefined || dateMs === undefined || more !== undefined) return undefined;
    if (extensions !== undefined && !isUnderstood(extensions)) return undefined;
    dates.set(number, dateMs);
  }
  return dates;
}

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');

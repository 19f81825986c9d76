// Every TLS file that a configuration names, read together and found to fit together: what listener and
// dialling are made from, what is said of each file, and when each of them ends.
// A file that is missing, wrong or of another's key is a coded fault that names its table; then there is
// no set at all. It watches nothing: what was read is what counts until the next set is read.

import { createHash } from 'node:crypto';
import type { ConnectionOptions, TlsOptions } from 'node:tls';
import { nameOf, readCertificates, Trust } from '#src/access/trust';
import { readText, type Config, type TlsConfig, type UpstreamConfig } from '#src/config/load';
import { MscFault } from '#src/errors';
import { dialTlsOptions, listenerTlsOptions } from '#src/net/tls';
import { helloMs } from '#src/runtime/limits';

/** One file: what it is, in words, and which one it is. */
export interface NamedFile {
  /** The setting that names it, such as `tls.cert_file`. */
  readonly setting: string;
  readonly path: string;
  /** SHA-256 of its octets; of a key it never leaves this process. */
  readonly digest: string;
  readonly text: string;
}

/** Something that ends: a certificate of ours, an authority, a list. */
export interface Ending {
  readonly kind: 'certificate' | 'list';
  /** What it is, for a person. */
  readonly what: string;
  readonly setting: string;
  /** Not good before. */
  readonly beginsMs: number;
  readonly endsMs: number;
  /** Past its end it is only told: a reload takes it all the same. */
  readonly onlyTold: boolean;
}

export interface DialSet {
  readonly tls: ConnectionOptions;
  readonly trust: Trust;
}

export interface Certificates {
  /** Absent where stations are listened to without TLS. */
  readonly listener: { readonly tls: TlsOptions; readonly trust: Trust } | undefined;
  /** By the name of the upstream. */
  readonly upstreams: ReadonlyMap<string, DialSet>;
  readonly files: readonly NamedFile[];
  readonly endings: readonly Ending[];
}

/** @throws MscFault MSC-1005, MSC-2101, MSC-2109 */
export async function readCertificateSet(config: Config): Promise<Certificates> {
  const shelf: Shelf = { files: [], endings: [] };
  const { listen, tls, upstreams } = config;
  const dials = new Map<string, DialSet>();
  const listener = tls === undefined || listen.insecure ? undefined : await listenerSet(tls, shelf);
  for (const upstream of upstreams) dials.set(upstream.name, await dialSet(upstream, shelf));
  return { listener, upstreams: dials, ...shelf };
}

/** Refuses a set that is not good now. @throws MscFault MSC-2108, MSC-2111 */
export function requireCurrent({ endings }: Certificates, nowMs: number): void {
  for (const { kind, what, setting, beginsMs, endsMs, onlyTold } of endings) {
    if (onlyTold || (beginsMs <= nowMs && nowMs < endsMs)) continue;
    const when = nowMs < beginsMs ? `holds from ${utc(beginsMs)} on` : `held until ${utc(endsMs)}`;
    const code = kind === 'list' ? 'MSC-2111' : 'MSC-2108';
    throw new MscFault(nowMs < beginsMs ? notYet[kind] : code, {
      detail: `${setting}: ${what} ${when}`,
    });
  }
}

/** Not expired, but of no use either. */
const notYet = { list: 'MSC-2109', certificate: 'MSC-2101' } as const;

interface Shelf {
  readonly files: NamedFile[];
  readonly endings: Ending[];
}

async function listenerSet(tls: TlsConfig, shelf: Shelf): Promise<Certificates['listener']> {
  const certPem = await readCertificate(shelf, 'tls.cert_file', tls.certFile);
  const keyPem = await readKey(shelf, 'tls.key_file', tls.keyFile);
  const clientCaPem = await readCertificate(shelf, 'tls.client_ca_file', tls.clientCaFile);
  const crlPem = tls.crlFile === undefined ? undefined : await readText(tls.crlFile);
  const trust = named('tls', () => new Trust({ authorities: clientCaPem, lists: crlPem }));
  const onlyTold = tls.crlExpired === 'alarm';
  if (tls.crlFile !== undefined && crlPem !== undefined)
    keepLists(shelf, { trust, path: tls.crlFile, pem: crlPem, onlyTold });
  const options = listenerTlsOptions({
    certPem,
    keyPem,
    clientCaPem,
    // OpenSSL refuses everybody by an expired list. Where that is not wished, it is not given the list:
    // `trust` knows what is revoked, and the listener asks it before there is a link (decision 5).
    crlPem: onlyTold ? undefined : crlPem,
    minimum: tls.minimum,
    handshakeMs: helloMs,
  });
  return { tls: options, trust };
}

async function dialSet(upstream: UpstreamConfig, shelf: Shelf): Promise<DialSet> {
  const table = `upstreams.${upstream.name}`;
  const certPem = await readCertificate(shelf, `${table}.cert_file`, upstream.certFile);
  const keyPem = await readKey(shelf, `${table}.key_file`, upstream.keyFile);
  const caPem = await readCertificate(shelf, `${table}.ca_file`, upstream.caFile);
  const { serverName } = upstream;
  const tls = dialTlsOptions({ certPem, keyPem, caPem, serverName, whose: table });
  return { tls, trust: named(table, () => new Trust({ authorities: caPem })) };
}

async function readCertificate(shelf: Shelf, setting: string, path: string): Promise<string> {
  const pem = await readText(path);
  const certificates = named(setting, () => readCertificates(pem));
  // An old authority may stay beside the new one until its last station has changed.
  const latestMs = Math.max(...certificates.map(({ validToDate }) => validToDate.getTime()));
  const texts = certificates.map((certificate) => {
    const beginsMs = certificate.validFromDate.getTime();
    const endsMs = certificate.validToDate.getTime();
    const what = `certificate ${nameOf(certificate)}`;
    const onlyTold = certificate.ca && endsMs < latestMs;
    shelf.endings.push({ kind: 'certificate', what, setting, beginsMs, endsMs, onlyTold });
    return `${what} until ${utc(endsMs)}`;
  });
  shelf.files.push({ setting, path, digest: digestOf(pem), text: texts.join(', ') });
  return pem;
}

async function readKey(shelf: Shelf, setting: string, path: string): Promise<string> {
  const pem = await readText(path);
  shelf.files.push({ setting, path, digest: digestOf(pem), text: 'a private key' });
  return pem;
}

function keepLists(
  shelf: Shelf,
  lists: {
    readonly trust: Trust;
    readonly path: string;
    readonly pem: string;
    readonly onlyTold: boolean;
  },
): void {
  const { trust, path, pem, onlyTold } = lists;
  const setting = 'tls.crl_file';
  const texts = trust.authorities.flatMap(({ certificate, list }) => {
    if (list === undefined) return [];
    const what = `list of ${nameOf(certificate)}`;
    const { thisUpdateMs: beginsMs, nextUpdateMs: endsMs, revoked } = list;
    shelf.endings.push({ kind: 'list', what, setting, beginsMs, endsMs, onlyTold });
    return [`${what}, ${revoked.size} revoked, until ${utc(endsMs)}`];
  });
  shelf.files.push({ setting, path, digest: digestOf(pem), text: texts.join('; ') });
}

/** A fault of the files says which table or setting they stand in. */
function named<T>(where: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof MscFault)) throw cause;
    const why = cause.message.split(': ').slice(1).join(': ');
    throw new MscFault(cause.code, { detail: why === '' ? where : `${where}: ${why}`, cause });
  }
}

export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** RFC 3339, to the second. */
export function utc(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

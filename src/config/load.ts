// Loads the configuration: the one way in, for the daemon, `config check` and reload alike.
// Promises a Config with every default filled in and every path absolute, or all problems at once.
// Fails with a coded fault; never returns half a configuration. It reads no key and no password.

import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseOri, type Ori } from '#protocol/ids';
import { fail, ok, type Result } from '#protocol/result';
import { MscFault, type FaultCode } from '#src/errors';
import { formatProblem, readToml, type Problem } from '#src/toml/read';
import type { SwitchSettings } from '#switch/settings';
import { credentialIn, handedOverIn, type HandedOver } from './credentials.ts';
import { configProblems, splitAddress } from './rules.ts';
import { parseDurationMs, parseSizeBytes } from '#src/toml/units';
import { validateWritten } from './schema.ts';
import { serviceOf, type ServiceConfig } from './service.ts';
import { must } from './vouched.ts';
import type { Written } from './written.ts';

export interface Address {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/** Files of the station listener; absolute paths. */
export interface TlsConfig {
  readonly certFile: string;
  readonly keyFile: string;
  readonly clientCaFile: string;
  readonly crlFile?: string | undefined;
  readonly crlExpired: 'refuse' | 'alarm';
  readonly minimum: 'TLSv1.2' | 'TLSv1.3';
}

export interface UpstreamConfig {
  readonly name: string;
  readonly address: Address;
  /** The name its certificate must have: that of the file, else the host dialled. */
  readonly serverName: string;
  readonly station: string;
  readonly certFile: string;
  readonly keyFile: string;
  readonly caFile: string;
  readonly routes: readonly string[];
}

/** The effective configuration. Durations in milliseconds, sizes in octets, paths absolute. */
export interface Config {
  /** The file it was read from. */
  readonly file: string;
  readonly switch: { readonly name: string; readonly county: string; readonly ori: Ori };
  readonly listen: {
    readonly address: Address;
    readonly insecure: boolean;
    readonly connectionsMax: number;
    readonly connectionsPerSecond: number;
  };
  /** Absent only where `listen.insecure` is true. */
  readonly tls?: TlsConfig | undefined;
  readonly http: { readonly address: Address };
  /** As wished; `socketPath` of the control room says where it really is. */
  readonly control: { readonly socket: string };
  readonly data: { readonly folder: string };
  readonly journal: {
    /** When another segment is begun. */
    readonly entries: number;
    readonly octets: number;
    readonly searchBudgetMs: number;
    /** So long nothing is purged, in days. */
    readonly keptDays: number;
    /** Absent: the machine's. */
    readonly timezone?: string | undefined;
    /** `22:00-06:00` by name. */
    readonly shifts: Readonly<Record<string, string>>;
  };
  readonly upstreams: readonly UpstreamConfig[];
  readonly links: {
    readonly frameBytesMax: number;
    readonly window: number;
    readonly keepAliveMs: number;
  };
  readonly policy: {
    readonly answerWaitMs: number;
    readonly resumeSignOnMs: number;
    readonly signOnIdleMs: number;
    readonly signOnAgeMs: number;
    readonly signOnTwice: boolean;
    readonly signOnTries: number;
    readonly signOnTriesMs: number;
    readonly sessionKeptMs: number;
    readonly refusalsStoredPerMinute: number;
    readonly refusalsPerMinute: number;
  };
  readonly log: { readonly level: 'debug' | 'info' | 'warn' | 'error' };
  /** For the unit alone: the running switch reads none of it. */
  readonly service: ServiceConfig;
}

/** Contracts 2: a running switch writes one heart-beat entry a minute. */
const heartbeatMs = 60_000;

const codes = { syntax: 'MSC-1103', unknown: 'MSC-1104', value: 'MSC-1101' } as const;

/**
 * Reads and checks the file.
 *
 * @throws MscFault MSC-1005 when it cannot be read, MSC-1103 when it is not TOML, MSC-1104 when all
 * that is wrong are unknown keys, else MSC-1101; the detail lists every problem, one a line.
 */
export async function loadConfig(file: string): Promise<Config> {
  return configOf(await readText(file), file);
}

/** The same of a text that was read. @throws MscFault As `loadConfig`, but for MSC-1005. */
export function configOf(toml: string, file: string): Config {
  const handedOver = handedOverIn(process.env['CREDENTIALS_DIRECTORY']);
  const config = parseConfig(toml, resolve(file), handedOver);
  if (config.ok) return config.value;
  const problems = config.error;
  const first = problems[0]?.code;
  const code: FaultCode =
    first === 'MSC-1103' || (first === 'MSC-1104' && problems.every((p) => p.code === first))
      ? first
      : 'MSC-1101';
  const detail = problems.map((problem) => formatProblem(file, problem)).join('\n');
  throw new MscFault(code, { detail, hint: `correct the file, then: msc config check ${file}` });
}

/** The same without the disk. @param file Absolute; relative paths start at its folder. */
export function parseConfig(
  toml: string,
  file: string,
  handedOver: HandedOver = () => undefined,
): Result<Config, readonly Problem[]> {
  const written = readToml(toml, validateWritten, codes);
  if (!written.ok) return written;
  const problems = configProblems(written.value, toml);
  if (problems.length > 0) return fail(problems);
  return ok(fromWritten(written.value, { file, handedOver }));
}

/** What the pure switch needs to know of it. */
export function switchSettings(config: Config, software: string): SwitchSettings {
  return {
    name: config.switch.name,
    ori: config.switch.ori,
    software,
    ...config.links,
    ...config.policy,
    connectionsMax: config.listen.connectionsMax,
    heartbeatMs,
    upstreams: config.upstreams.map(({ name, station, routes }) => ({ name, station, routes })),
  };
}

/** @throws MscFault MSC-1005 */
export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new MscFault('MSC-1005', { detail: file, cause });
  }
}

/** Where the paths of a file lead. */
interface Place {
  readonly absolute: (path: string) => string;
  readonly key: (keyFile: string) => string;
}

function placeOf(
  { service }: Written,
  { file, handedOver }: { readonly file: string; readonly handedOver: HandedOver },
): Place {
  const absolute = (path: string): string => resolve(dirname(file), path);
  const key = (keyFile: string): string => {
    const name = credentialIn(keyFile);
    if (name === undefined) return absolute(keyFile);
    return handedOver(name) ?? absolute(must(service.credentials[name]));
  };
  return { absolute, key };
}

function fromWritten(
  written: Written,
  found: { readonly file: string; readonly handedOver: HandedOver },
): Config {
  const { file } = found;
  const { listen, tls, links, policy } = written;
  const place = placeOf(written, found);
  const { absolute } = place;
  const ori = parseOri(written.switch.ori);
  if (ori === undefined)
    throw new MscFault('MSC-9001', { detail: 'the schema let a bad ORI pass' });
  return {
    file,
    switch: { ...written.switch, ori },
    listen: {
      address: addressOf(listen.address),
      insecure: listen.insecure,
      connectionsMax: listen.connections_max,
      connectionsPerSecond: listen.connections_per_second,
    },
    ...(tls === undefined ? {} : { tls: tlsOf(tls, place) }),
    http: { address: addressOf(written.http.address) },
    control: { socket: absolute(written.control.socket) },
    data: { folder: absolute(written.data.folder) },
    journal: {
      entries: written.journal.segment_entries,
      octets: must(parseSizeBytes(written.journal.segment_size)),
      searchBudgetMs: must(parseDurationMs(written.journal.search_budget)),
      keptDays: written.journal.kept_days,
      timezone: written.journal.timezone,
      shifts: written.journal.shifts,
    },
    upstreams: upstreamsOf(written.upstreams, place),
    links: {
      frameBytesMax: must(parseSizeBytes(links.frame_bytes_max)),
      window: links.window,
      keepAliveMs: must(parseDurationMs(links.keep_alive)),
    },
    policy: policyOf(policy),
    log: written.log,
    service: serviceOf(written.service, absolute),
  };
}

function tlsOf(tls: NonNullable<Written['tls']>, { absolute, key }: Place): TlsConfig {
  return {
    certFile: absolute(tls.cert_file),
    keyFile: key(tls.key_file),
    clientCaFile: absolute(tls.client_ca_file),
    ...(tls.crl_file === undefined ? {} : { crlFile: absolute(tls.crl_file) }),
    crlExpired: tls.crl_expired,
    minimum: tls.minimum === '1.3' ? 'TLSv1.3' : 'TLSv1.2',
  };
}

function upstreamsOf(
  upstreams: Written['upstreams'],
  { absolute, key }: Place,
): readonly UpstreamConfig[] {
  return Object.entries(upstreams).map(([name, upstream]) => {
    const address = addressOf(upstream.address);
    return {
      name,
      address,
      serverName: upstream.server_name ?? address.host,
      station: upstream.station,
      certFile: absolute(upstream.cert_file),
      keyFile: key(upstream.key_file),
      caFile: absolute(upstream.ca_file),
      routes: upstream.routes,
    };
  });
}

function policyOf(policy: Written['policy']): Config['policy'] {
  return {
    answerWaitMs: must(parseDurationMs(policy.answer_wait)),
    resumeSignOnMs: must(parseDurationMs(policy.resume_sign_on)),
    signOnIdleMs: must(parseDurationMs(policy.sign_on_idle)),
    signOnAgeMs: must(parseDurationMs(policy.sign_on_age)),
    signOnTwice: policy.sign_on_twice,
    signOnTries: policy.sign_on_tries,
    signOnTriesMs: must(parseDurationMs(policy.sign_on_tries_period)),
    sessionKeptMs: must(parseDurationMs(policy.session_kept)),
    refusalsStoredPerMinute: policy.refusals_stored_per_minute,
    refusalsPerMinute: policy.refusals_per_minute,
  };
}

function addressOf(text: string): Address {
  return must(splitAddress(text));
}

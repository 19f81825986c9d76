// What a schema cannot say about a configuration: rules between settings.
// Pure. Gives every problem, worded for whoever mends the file.

import { isIP } from 'node:net';
import { placed, type Problem } from '#src/toml/read';
import { credentialIn } from './credentials.ts';
import type { Written } from './written.ts';

/** Host, without the brackets of an IPv6 address, and port 0 to 65535; undefined for all else. */
export function splitAddress(
  text: string,
): { readonly host: string; readonly port: number } | undefined {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:]+)):([0-9]{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host === undefined || !(port <= 65_535)) return undefined;
  if (bracketed !== undefined && isIP(bracketed) !== 6) return undefined;
  return { host, port };
}

/** All problems between the settings of a valid file. */
export function configProblems(written: Written, toml: string): readonly Problem[] {
  const problems: Problem[] = [];
  const found = (path: readonly string[], sentence: string): void => {
    problems.push(placed({ code: 'MSC-1101', at: path.join('.'), sentence }, toml, path));
  };
  const { listen, tls, http, policy, upstreams } = written;

  const addresses: [readonly string[], string][] = [
    [['listen', 'address'], listen.address],
    [['http', 'address'], http.address],
    ...Object.entries(upstreams).map(([name, upstream]): [readonly string[], string] => [
      ['upstreams', name, 'address'],
      upstream.address,
    ]),
  ];
  for (const [path, text] of addresses)
    if (splitAddress(text) === undefined)
      found(path, 'must be a host and a port up to 65535; an IPv6 address stands in brackets');
  for (const [name, { address }] of Object.entries(upstreams))
    if (splitAddress(address)?.port === 0)
      found(['upstreams', name, 'address'], 'must name the port that the upstream listens on');

  if (!listen.insecure && tls === undefined)
    found(['tls'], 'is missing; stations are listened to with TLS (or set listen.insecure)');
  if (listen.insecure && !isLoopback(listen.address))
    found(['listen', 'insecure'], 'is for a loopback address only, such as 127.0.0.1 (link T3)');
  if (listen.address === http.address && splitAddress(listen.address)?.port !== 0)
    found(['http', 'address'], 'must differ from listen.address');
  if (policy.refusals_stored_per_minute > policy.refusals_per_minute)
    found(['policy', 'refusals_stored_per_minute'], 'must not be above refusals_per_minute');
  const { timezone } = written.journal;
  if (timezone !== undefined && !isTimezone(timezone))
    found(['journal', 'timezone'], 'is no time zone that this machine knows');
  for (const path of unknownCredentials(written))
    found(path, 'names a credential that service.credentials does not have');
  for (const network of written.service.networks ?? [])
    if (!isNetwork(network))
      found(['service', 'networks'], `has "${network}", which is no address and no network`);
  return problems;
}

function unknownCredentials({ tls, upstreams, service }: Written): readonly (readonly string[])[] {
  const keys: readonly (readonly [readonly string[], string])[] = [
    ...(tls === undefined ? [] : [[['tls', 'key_file'], tls.key_file] as const]),
    ...Object.entries(upstreams).map(
      ([name, { key_file }]) => [['upstreams', name, 'key_file'], key_file] as const,
    ),
  ];
  return keys
    .filter(([, keyFile]) => {
      const name = credentialIn(keyFile);
      return name !== undefined && !Object.hasOwn(service.credentials, name);
    })
    .map(([path]) => path);
}

function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    // A RangeError says that there is none of this name.
    return false;
  }
}

/** As systemd takes it: an address, or one with the length of its prefix. */
function isNetwork(text: string): boolean {
  const [address = '', length] = text.split('/');
  const version = isIP(address);
  return version !== 0 && (length === undefined || Number(length) <= (version === 4 ? 32 : 128));
}

function isLoopback(address: string): boolean {
  const host = splitAddress(address)?.host;
  return (
    host === '::1' || host === 'localhost' || (isIP(host ?? '') === 4 && !!host?.startsWith('127.'))
  );
}

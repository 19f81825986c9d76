// The folder of a demonstration: certificates and people made once and kept, configuration written at
// every start, demo.json there only while everything is up. Secrets have mode 0600.

import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAuthority, fingerprintOf, issueCertificate } from '#src/access/certificate';
import { socketPath } from '#src/control/socket-path';
import { MscFault } from '#src/errors';
import { demoCertificates, demoOri, demoPeople, demoPools, demoStations } from './plan.ts';
import type { DemoStation, Ports } from './plan.ts';

/** Longer than a demonstration lives, shorter than what a county would issue. */
const certificateDays = 365;
const authorityYears = 10;

export interface Processes {
  readonly switchPid: number;
  readonly statePid: number;
}

/** Makes what is missing and keeps what is there. @returns Fingerprints of all certificates. */
export async function makeCertificates(folder: string): Promise<ReadonlyMap<string, string>> {
  const tls = join(folder, 'tls');
  await mkdir(tls, { recursive: true, mode: 0o700 });
  const authorityFile = join(tls, 'ca');
  if (!hasPair(authorityFile))
    await writePair(
      authorityFile,
      await createAuthority({ name: 'msc demo authority', years: authorityYears, now: new Date() }),
    );
  const authority = await readPair(authorityFile);
  const fingerprints = new Map<string, string>();
  for (const { name, subject, usage } of demoCertificates) {
    const file = join(tls, name);
    const addresses = usage === 'switch' ? ['127.0.0.1'] : [];
    const wish = { authority, subject, usage, addresses, days: certificateDays, now: new Date() };
    if (!hasPair(file)) await writePair(file, await issueCertificate(wish));
    fingerprints.set(name, fingerprintOf((await readPair(file)).certificatePem));
  }
  return fingerprints;
}

/** Passwords of the people, by user: invented once each, kept in a file of mode 0600. */
export async function makePasswords(folder: string): Promise<ReadonlyMap<string, string>> {
  const file = join(folder, 'people.json');
  const passwords = new Map(existsSync(file) ? Object.entries(await readPasswords(file)) : []);
  // A folder of an earlier version has fewer people.
  const added = demoPeople.filter(({ user }) => !passwords.has(user));
  for (const { user } of added) passwords.set(user, inventPassword());
  if (added.length > 0)
    await writeWhole(file, `${JSON.stringify(Object.fromEntries(passwords), null, 2)}\n`, 0o600);
  return passwords;
}

/** Its appearance means ready. @source contracts 1 */
export async function writeDemoFile(
  folder: string,
  { ports, processes, passwords }: DemoFacts,
): Promise<void> {
  const tls = (name: string): { readonly cert: string; readonly key: string } => ({
    cert: join(folder, 'tls', `${name}.pem`),
    key: join(folder, 'tls', `${name}.key`),
  });
  const demo = {
    switch: {
      ...{ host: '127.0.0.1', port: ports.stations, http: `http://127.0.0.1:${ports.http}` },
      ...{ ori: demoOri, pid: processes.switchPid },
    },
    config: join(folder, 'msc.toml'),
    ca: join(folder, 'tls', 'ca.pem'),
    control: socketPath(join(folder, 'run', 'control.sock')),
    journal: join(folder, 'journal'),
    stations: demoStations.map((station) => stationFacts(station, tls(station.name))),
    pools: demoPools,
    users: demoPeople.map(({ user, oif, agency }) => ({
      user,
      password: passwords.get(user),
      oif,
      agency,
    })),
    upstreams: [{ name: 'STATE', host: '127.0.0.1', port: ports.state, pid: processes.statePid }],
  };
  await writeWhole(demoFile(folder), `${JSON.stringify(demo, null, 2)}\n`, 0o600);
}

export interface DemoFacts {
  readonly ports: Ports;
  readonly processes: Processes;
  readonly passwords: ReadonlyMap<string, string>;
}

export function demoFile(folder: string): string {
  return join(folder, 'demo.json');
}

export async function removeDemoFile(folder: string): Promise<void> {
  await rm(demoFile(folder), { force: true });
}

/** Whole or not at all: written beside, then renamed. */
export async function writeWhole(file: string, text: string, mode = 0o644): Promise<void> {
  const beside = `${file}.new`;
  await rm(beside, { force: true });
  await writeFile(beside, text, { mode });
  await rename(beside, file);
}

/** Without `device`: how a TAF was composed is the register's matter. */
function stationFacts(station: DemoStation, pair: object): object {
  // JSON leaves out what is undefined.
  return { ...station, device: undefined, ...pair };
}

function hasPair(file: string): boolean {
  return existsSync(`${file}.pem`) && existsSync(`${file}.key`);
}

interface Pair {
  readonly certificatePem: string;
  readonly keyPem: string;
}

async function readPair(file: string): Promise<Pair> {
  const [certificatePem, keyPem] = await Promise.all([
    readFile(`${file}.pem`, 'utf8'),
    readFile(`${file}.key`, 'utf8'),
  ]);
  return { certificatePem, keyPem };
}

async function writePair(file: string, pair: Pair): Promise<void> {
  await writeWhole(`${file}.key`, pair.keyPem, 0o600);
  await writeWhole(`${file}.pem`, pair.certificatePem);
}

async function readPasswords(file: string): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(file, 'utf8');
  const value: unknown = JSON.parse(text);
  const isMap = typeof value === 'object' && value !== null;
  if (!isMap || !Object.values(value).every((password) => typeof password === 'string'))
    throw new MscFault('MSC-1004', {
      detail: file,
      hint: 'remove the folder of the demonstration',
    });
  // Looked at above.
  return value as Readonly<Record<string, string>>;
}

/** Four invented words and a number: about 70 bits, and easy to type. */
function inventPassword(): string {
  const letter = (from: string): string => from.charAt(randomInt(from.length));
  const word = (): string =>
    Array.from({ length: 2 }, () => letter('bdfgklmnprstvz') + letter('aeiou')).join('');
  return `${[word(), word(), word(), word()].join('-')}-${randomInt(100_000, 1_000_000)}`;
}

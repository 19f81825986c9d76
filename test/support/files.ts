// Changes the files of a running world as an administrator would: configuration, certificates, lists; and
// puts them back. Short-lived certificates and lists are real ones that end in seconds.

import { X509Certificate } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createRevocationList,
  issueCertificate,
  type CertificateAndKey,
  type IssuedCertificate,
} from '#src/access/certificate';
import { connectControl, type ControlClient } from '#src/control/client';
import type { ReloadReport } from '#src/control/wire';
import { connectStation, type Station } from '#src/sim/station';
import { until, type Ran, type Row, type World } from './world.ts';

const dayMs = 86_400_000;

export class Files {
  readonly #world: World;
  readonly #before = new Map<string, string | undefined>();

  constructor(world: World) {
    this.#world = world;
  }

  path(name: string): string {
    return join(this.#world.folder, name);
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  /** Writes a file of the world and remembers what it was. */
  write(name: string, text: string | Buffer): void {
    if (!this.#before.has(name)) this.#before.set(name, this.#readOrNone(name));
    writeFileSync(this.path(name), text);
  }

  remove(name: string): void {
    this.#before.set(name, this.#readOrNone(name));
    rmSync(this.path(name));
  }

  /** Changes the configuration: the first text becomes the second. */
  edit(from: string, to: string): void {
    const toml = this.read('msc.toml');
    if (!toml.includes(from)) throw new Error(`msc.toml has no ${from}`);
    this.write('msc.toml', toml.replace(from, to));
  }

  restore(): void {
    for (const [name, text] of this.#before)
      if (text === undefined) rmSync(this.path(name), { force: true });
      else writeFileSync(this.path(name), text);
    this.#before.clear();
  }

  /** Serial number of a certificate of the world. */
  serial(name: string): string {
    return new X509Certificate(this.read(`tls/${name}.pem`)).serialNumber;
  }

  #readOrNone(name: string): string | undefined {
    try {
      return this.read(name);
    } catch {
      // It was not there, and will not be there again.
      return undefined;
    }
  }
}

export function authorityOf(world: World): CertificateAndKey {
  const files = new Files(world);
  return { certificatePem: files.read('tls/ca.pem'), keyPem: files.read('tls/ca.key') };
}

/** A list of the world's authority that holds for so many seconds from now; negative: it has expired. */
export function listFor(
  authority: CertificateAndKey,
  seconds: number,
  serials: readonly string[] = [],
): Promise<string> {
  const date = new Date();
  // A list says when it was made: one that has expired was made in the past.
  const now = seconds > 0 ? date : new Date(date.getTime() - dayMs);
  const days = (seconds * 1000) / dayMs + (seconds > 0 ? 0 : 1);
  const revoked = serials.map((serial) => ({ serial, date }));
  return createRevocationList({ authority, revoked, days, now });
}

/** A further certificate of a station, enrolled; it ends after so many seconds. */
export async function enrolled(
  world: World,
  name: string,
  made: { readonly authority?: CertificateAndKey; readonly seconds?: number } = {},
): Promise<IssuedCertificate> {
  const { authority = authorityOf(world), seconds = 86_400 } = made;
  const days = (seconds * 1000) / dayMs;
  const wish = { authority, subject: name, usage: 'station', days, now: new Date() } as const;
  const issued = await issueCertificate(wish);
  const { fingerprint } = issued;
  await withControl(world, (client) => client.call('enrol', { station: name, fingerprint }));
  return issued;
}

export function connectWith(world: World, name: string, pair: CertificateAndKey): Promise<Station> {
  const { certificatePem: cert, keyPem: key } = pair;
  return connectStation({ ...world.options(name), cert, key });
}

/** The code of the CLOSE that ended a station, or `cut` where it was told nothing. */
export function endOf(station: Station): Promise<string> {
  return new Promise((resolve) => {
    station.once('close', (close) => resolve(close?.code ?? 'cut'));
  });
}

/** `msc config reload`; the socket is named, because the file may be unreadable on purpose. */
export function reload(world: World, ...more: readonly string[]): Promise<Ran> {
  return world.msc('config', 'reload', '--socket', world.demo.control, ...more);
}

/** The same without a process of its own. @throws MscFault why nothing was changed. */
export function askReload(world: World): Promise<ReloadReport> {
  return withControl(world, (client) => client.call('reload', {}));
}

/** Entries of that event, oldest first. */
export async function eventsOf(world: World, event: string): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const any = [{ kind: 'is', value: event }] as const;
  const where = [{ on: 'column', column: 'event', any }] as const;
  const args = { query: { where, reverse: true, limit: 0 }, asked: event, text: false } as const;
  await withControl(world, (client) =>
    client.call('search', args, (more) => void rows.push(...more)),
  );
  return rows;
}

/** The newest entry of that event, once there is one that fits. */
export function eventOf(
  world: World,
  event: string,
  fits: (row: Row) => boolean = () => true,
): Promise<Row> {
  return until(`event ${event}`, async () => (await eventsOf(world, event)).findLast(fits));
}

async function withControl<T>(
  world: World,
  use: (client: ControlClient) => Promise<T>,
): Promise<T> {
  const client = await connectControl(world.demo.control, { timeoutMs: 10_000 });
  try {
    return await use(client);
  } finally {
    client.close();
  }
}

/** What `detail` of a row says. */
export function detailOf(row: Row): Record<string, unknown> {
  const { detail } = row;
  return typeof detail === 'object' && detail !== null ? { ...detail } : {};
}

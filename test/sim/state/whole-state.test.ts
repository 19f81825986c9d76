// A whole state of an invented world: the hub and each of its four hosts as a process of its own, over real TLS. Every
// sample of the world is asked as a switch asks, and answered with what it is about.

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hostNames } from '#src/sim/state/routes';
import { connectStation } from '#src/sim/station';
import type { Station } from '#src/sim/station';
import { SimAuthority, spawnSim, startHost } from '#support/sim-world';
import type { HostProcess, PemFiles } from '#support/sim-world';
import { until } from '#support/world';

interface Sample {
  readonly about: string;
  readonly text: string;
}

let authority: SimAuthority;
let files: PemFiles;
let county: PemFiles;
let world: string;
let hub: HostProcess;
let station: Station;
const running: HostProcess[] = [];

beforeAll(async () => {
  authority = await SimAuthority.create();
  world = join(authority.folder, 'world');
  const made = spawnSim(['world', '--size', '1000', '--seed', '1', '--out', world]);
  await once(made, 'exit');
  expect(made.exitCode).toBe(0);
  files = await authority.issue('localhost', 'switch');
  const line = await authority.issue('STATE', 'station');
  county = await authority.issue('COUNTY', 'station');
  const dialled: string[] = [];
  for (const name of hostNames) {
    const flags = ['--world', world];
    const host = await startHost(name, { authority, files, stations: ['STATE'], flags });
    running.push(host);
    dialled.push(`--${name}`, `127.0.0.1:${host.port}`);
  }
  const lineFlags = ['--line-cert', line.cert, '--line-key', line.key];
  hub = await startHost('state', {
    ...{ authority, files, stations: ['COUNTY'] },
    flags: [
      ...['--directory', join(world, 'directory.json'), ...dialled],
      ...[...lineFlags, '--line-ca', authority.caFile],
    ],
  });
  running.push(hub);
  station = await connect(hub);
});
afterAll(async () => {
  station.cut();
  for (const host of running) expect(await host.stop()).toBe(0);
  authority.remove();
});

it('has its four hosts on lines of their own', async () => {
  await until('the four lines', async () => {
    const [line = ''] = await hub.command('show');
    const { hosts } = JSON.parse(line) as {
      readonly hosts: Readonly<Record<string, { readonly where: string; readonly up: boolean }>>;
    };
    const up = Object.values(hosts).filter((host) => host.where === 'line' && host.up);
    return up.length === hostNames.length || undefined;
  });
});

it('answers every sample of its world with what it is about', async () => {
  const path = join(world, 'world.json');
  const { samples } = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly samples: Readonly<Record<string, Sample>>;
  };
  const kinds = Object.entries(samples);
  expect(kinds.length).toBeGreaterThan(25);
  for (const [kind, { about, text }] of kinds) {
    const { kind: end, answers } = await station.request(`*J10442.${text}`, { mnemonic: 'QZ01' });
    const said = answers.join('\r\n');
    expect([kind, end], said).toEqual([kind, 'answered']);
    expect(said, kind).not.toMatch(/^(?:ER|SM)\.|NO RECORD|NO NCIC WANT|NOT ON FILE|REJ/);
    const [, number] = /^record ([A-Z]\d{9})/.exec(about) ?? [];
    if (number !== undefined) expect(said, kind).toContain(`NIC/${number}`);
  }
});

it.each(['at the end of a line', 'inside the hub'])(
  'answers about a vehicle and a licence that its world alone has, with dmv %s',
  async (where) => {
    const { vehicle, owner, licence } = somebody();
    const inside = where === 'inside the hub' ? await startInside() : undefined;
    const asker = inside === undefined ? station : await connect(inside);
    const ask = async (text: string): Promise<string> => {
      const asked = await asker.request(`*J10442.${text}`, { mnemonic: 'QZ01' });
      expect([asked.kind, asked.answers.length], text).toEqual(['answered', 1]);
      return asked.answers.join('');
    };
    const registration = await ask(
      `RQ.CA0990100.CA.TXT\r\nLIC/${vehicle.lic}.LIY/${vehicle.liy}.LIT/${vehicle.lit}`,
    );
    expect(registration).toMatch(/^RR\.CA0990100\.\r\nFROM CA0990800\r\n/);
    for (const part of [
      `LIC/${vehicle.lic}`,
      `VIN/${vehicle.vin}`,
      `VMA/${vehicle.vma}`,
      owner.nam,
    ])
      expect(registration).toContain(part);
    const driver = await ask(`DQ.CA0990100.CA.TXT\r\nOLN/${licence.oln}`);
    expect(driver).toMatch(/^DR\.CA0990100\.\r\nFROM CA0990800\r\n/);
    for (const part of [licence.oln, owner.nam, `DOB/${owner.dob}`]) expect(driver).toContain(part);
    if (asker !== station) asker.cut();
  },
);

it('refuses a mnemonic that its directory does not have', async () => {
  const text = '*J10442.QV.CA0990100.LIC/2ZZZ999';
  expect(await station.request(text, { mnemonic: 'QX99' })).toMatchObject({
    kind: 'refused',
    refused: { code: 'B04' },
  });
});

function connect({ host, port }: HostProcess): Promise<Station> {
  return connectStation({ host, port, ...county.pem, station: 'COUNTY', role: 'host' });
}

async function startInside(): Promise<HostProcess> {
  const flags = ['--world', world];
  const host = await startHost('state', { authority, files, stations: ['COUNTY'], flags });
  running.push(host);
  return host;
}

/** A registered owner of our state with a licence of it, whom the small set of a host without a world does not have. */
function somebody(): {
  readonly vehicle: Readonly<Record<'lic' | 'liy' | 'lit' | 'vin' | 'vma', string>>;
  readonly owner: Readonly<Record<'nam' | 'dob', string>>;
  readonly licence: { readonly oln: string };
} {
  const db = new Sqlite(join(world, 'dmv.db'), { readonly: true });
  const row = db
    .prepare<[], { readonly vehicle: string; readonly owner: string }>(
      `SELECT vehicles.body AS vehicle, people.body AS owner FROM vehicles JOIN people ON people.id = owner
       WHERE owner > 0 AND vehicles.body ->> 'lis' = 'CA' AND people.body ->> '$.licence.ols' = 'CA' LIMIT 1`,
    )
    .get();
  db.close();
  if (row === undefined) throw new Error('the world has nobody like that');
  const { person, licence } = JSON.parse(row.owner) as { person: never; licence: never };
  return { vehicle: JSON.parse(row.vehicle) as never, owner: person, licence };
}

// A whole state of an invented world: the hub and each of its four hosts as a process of its own, over real TLS. Every
// sample of the world is asked as a switch asks, and answered with what it is about.

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hostNames } from '#src/sim/state/routes';
import { connectStation } from '#src/sim/station';
import type { Station } from '#src/sim/station';
import { SimAuthority, spawnSim, startHost } from '#support/sim-world';
import type { HostProcess } from '#support/sim-world';
import { until } from '#support/world';

interface Sample {
  readonly about: string;
  readonly text: string;
}

let authority: SimAuthority;
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
  const files = await authority.issue('localhost', 'switch');
  const line = await authority.issue('STATE', 'station');
  const county = await authority.issue('COUNTY', 'station');
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
  const { host, port } = hub;
  station = await connectStation({
    ...{ host, port, ...county.pem, station: 'COUNTY', role: 'host' },
  });
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

it('refuses a mnemonic that its directory does not have', async () => {
  const text = '*J10442.QV.CA0990100.LIC/2ZZZ999';
  expect(await station.request(text, { mnemonic: 'QX99' })).toMatchObject({
    kind: 'refused',
    refused: { code: 'B04' },
  });
});

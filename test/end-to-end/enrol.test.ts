// A new work place while the switch runs: into the register, a certificate that enrols itself, in; and out again.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Close } from '#protocol/control';
import { connectStation, type Station } from '#src/sim/station';
import { openWorld, type Ran, type World } from '#support/world';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const name = 'TEST-NEW-01';

it('a station is registered, enrolled by its certificate, let in, and cut off when it is disabled', async () => {
  const added = await applied(registryWith('enabled'));
  expect(added.stderr).toContain('applied');
  expect(added.code).toBe(0);
  const tls = join(world.folder, 'tls');
  const made = await world.msc(
    'cert',
    'issue',
    name,
    '--ca',
    tls,
    '--usage',
    'station',
    '--out',
    tls,
  );
  expect(made.stderr).toContain(`enrolled for station ${name}`);
  expect(made.code).toBe(0);

  const station = await connect();
  const password = world.password('jdoe');
  expect(await station.signOn({ user: 'jdoe', password })).toMatchObject({ mnemonic: 'QN01' });
  const text = 'QV.CA0990100.LIC/2ZZZ999.LIS/CA';
  expect(await station.request(text)).toMatchObject({ kind: 'answered' });

  const closed = new Promise<Close | undefined>((resolve) => station.once('close', resolve));
  expect(await applied(registryWith('disabled'))).toMatchObject({ code: 0 });
  expect(await closed).toMatchObject({ code: 'C02' });
  await expect(connect()).rejects.toThrow(/C02/);

  const [down] = await world.entries('--event', 'link-down', '--station', name);
  expect(down).toMatchObject({ code: 'C02' });
  const [away] = await world.entries('--event', 'security', '--station', name);
  expect(away).toMatchObject({ code: 'C02' });
  // What the demonstration had is as it was.
  const { station: other } = await world.signOn('DEMO-DISP-01', 'jdoe');
  await other.leave();
});

it('a certificate for a station that is not in the register is made, and said not to be enrolled', async () => {
  const out = join(world.folder, 'more');
  const ca = join(world.folder, 'tls');
  const words = ['cert', 'issue', 'TEST-NOT-IN', '--ca', ca, '--usage', 'station', '--out', out];
  const { stderr, code } = await world.msc(...words);
  expect(stderr).toContain('not enrolled');
  expect(code).toBe(0);
});

function connect(): Promise<Station> {
  const file = join(world.folder, 'tls', name);
  return connectStation({
    ...world.options('DEMO-DISP-01'),
    station: name,
    cert: readFileSync(`${file}.pem`),
    key: readFileSync(`${file}.key`),
  });
}

/** The register of the demonstration and one work place more. */
function registryWith(state: 'enabled' | 'disabled'): string {
  const toml = readFileSync(join(world.folder, 'registry.toml'), 'utf8');
  const mnemonics = '[mnemonics]\nQN01 = { agency = "CA0990100" }';
  const station = [
    `[stations.${name}]`,
    'role = "terminal"',
    'agency = "CA0990100"',
    'mnemonic = "QN01"',
    `state = "${state}"`,
    'taf = { kind = "id", id = "TESTNEW01" }',
  ];
  return `${toml.replace('[mnemonics]', mnemonics)}\n${station.join('\n')}\n`;
}

function applied(toml: string): Promise<Ran> {
  const file = join(world.folder, 'registry.test.toml');
  writeFileSync(file, toml);
  return world.msc('registry', 'apply', file, '--yes', '--reason', 'test');
}

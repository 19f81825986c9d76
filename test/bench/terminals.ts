// Many terminals for a bench: enrolled through the same commands an operator uses, each with a person.

import { appendFileSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { issueCertificate } from '#src/access/certificate';
import { connectControl } from '#src/control/client';
import { connectStation, type Station } from '#src/sim/station';
import type { World } from '#support/world';

export interface Terminal {
  readonly station: Station;
  readonly mnemonic: string;
}

const agency = 'CA0990100';

export async function openTerminals(world: World, count: number): Promise<readonly Terminal[]> {
  const names = Array.from({ length: count }, (_, index) => index + 100);
  const registry = join(world.folder, 'registry.toml');
  for (const name of names) appendFileSync(registry, stationToml(name));
  const applied = await world.msc('registry', 'apply', registry, '--yes', '--reason', 'bench');
  if (applied.code !== 0) throw new Error(applied.stderr);
  const terminals: Terminal[] = [];
  for (const name of names) terminals.push(await openTerminal(world, name));
  return terminals;
}

export async function closeTerminals(terminals: readonly Terminal[]): Promise<void> {
  await Promise.all(terminals.map(({ station }) => station.leave()));
}

function stationToml(number: number): string {
  const mnemonic = `B${number}`;
  return `
[stations.BENCH-${number}]
role = "terminal"
agency = "${agency}"
mnemonic = "${mnemonic}"
taf = { kind = "id", id = "BENCH${number}" }

[mnemonics.${mnemonic}]
agency = "${agency}"
`;
}

async function openTerminal(world: World, number: number): Promise<Terminal> {
  const name = `BENCH-${number}`;
  const user = `bench${number}`;
  const password = `a long bench pass ${number}`;
  const folder = dirname(world.demo.ca);
  const authority = {
    certificatePem: readFileSync(world.demo.ca, 'utf8'),
    keyPem: readFileSync(join(folder, 'ca.key'), 'utf8'),
  };
  const now = new Date();
  const issued = await issueCertificate({ authority, subject: name, usage: 'station', now });
  const control = await connectControl(world.demo.control, { timeoutMs: 30_000 });
  await control.call('enrol', { station: name, fingerprint: issued.fingerprint });
  await control.call('user-add', {
    user,
    name: `BENCH ${number}`,
    oif: `BEN${number}`,
    agency,
    sends: ['AM', 'QV', 'QW', 'QG', 'QA', 'QB'],
    pools: [],
    password,
    mustChange: false,
  });
  control.close();
  const { host, port } = world.demo.switch;
  const { certificatePem: cert, keyPem: key } = issued;
  const ca = readFileSync(world.demo.ca);
  const station = await connectStation({
    host,
    port,
    ca,
    cert,
    key,
    station: name,
    role: 'terminal',
  });
  const answer = await station.signOn({ user, password });
  if ('code' in answer) throw new Error(`${user} was refused ${answer.code}`);
  return { station, mnemonic: answer.mnemonic };
}

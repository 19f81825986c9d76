// `msc-sim load` against a double of the switch that does what a switch must not.

import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { SimAuthority, spawnSim } from '#support/sim-world';
import type { PemFiles } from '#support/sim-world';
import { password, SwitchDouble } from '../switch-double.ts';
import type { Behaviour } from '../switch-double.ts';

let authority: SimAuthority;
let files: PemFiles;
let station: PemFiles;
let double: SwitchDouble | undefined;

beforeAll(async () => {
  authority = await SimAuthority.create();
  files = await authority.issue('localhost', 'switch');
  station = await authority.issue('DEMO-DISP-01', 'station');
});
afterEach(() => double?.close());
afterAll(() => authority.remove());

const answers = ['QV.CA0990100.\r\nNO RECORD\r\n'];
const flags = ['--rate', '40', '--arrivals', 'even', '--for', '1s', '--json'];

it('reports what was answered and ends with 0 where nothing went wrong', async () => {
  const { code, report } = await load(() => ({ answers }));
  expect(code).toBe(0);
  expect(report).toMatchObject({
    schema: 'msc-sim.load/1',
    ...{ offered: 40, sent: 40, answered: 40, late: 0, lost: 0, open: 0, refused: {} },
    ...{ order_violations: 0, duplicates: { flagged: 0, unflagged: 0 }, ending: 'done' },
    links: { wanted: 1, used: 1 },
  });
  expect(double?.texts.length).toBe(40);
  expect(double?.signOffs.length).toBe(1);
});

it('calls an answer that never comes a loss, and ends with 1', async () => {
  const { code, report } = await load(some(7, {}), '--timeout', '10');
  expect(report).toMatchObject({ offered: 40, sent: 40, answered: 39, lost: 1 });
  expect(code).toBe(1);
});

it('sees two answers that changed places, and ends with 1', async () => {
  const { code, report } = await load(some(7, { answers, behind: true }));
  expect(report).toMatchObject({ answered: 40, lost: 0, order_violations: 1 });
  expect(code).toBe(1);
});

it('takes an answer of two parts for one, and counts one that comes again', async () => {
  const parts = await load(some(7, { answers: [...answers, ...answers] }));
  expect(parts.report).toMatchObject({ answered: 40, duplicates: { flagged: 0, unflagged: 0 } });
  const again = await load(some(7, { answers, twice: true }));
  expect(again.report).toMatchObject({ answered: 40, duplicates: { flagged: 0, unflagged: 1 } });
});

it('counts refusals by their code, and they are no losses', async () => {
  const { code, report } = await load(some(7, { refused: 'X05' }));
  expect(report).toMatchObject({ answered: 39, lost: 0, refused: { X05: 1 } });
  expect(code).toBe(0);
});

it('comes back where its line is cut, and loses nothing', async () => {
  const { code, report } = await load(some(1, 'cut'));
  expect(report).toMatchObject({ answered: 40, lost: 0, lines_lost: 1 });
  expect(code).toBe(0);
});

it.each([
  ['an address of somebody else', '192.0.2.1'],
  ['an IPv6 address of somebody else', '2001:db8::1'],
])('refuses %s', async (_, host) => {
  const { code, err } = await run(['--stations', stationsFile(1, host), ...flags]);
  expect(err).toMatch(/^msc-sim: SIM-NOT-OURS: /);
  expect(code).toBe(77);
});

// This computer under the name the network has for it, so that nothing leaves it.
const [outer] = Object.values(networkInterfaces())
  .flat()
  .filter((each) => each?.internal === false && each.family === 'IPv4');

it.skipIf(outer === undefined)('dials any address where it is told that it may', async () => {
  const file = stationsFile(1, outer?.address ?? '');
  expect((await run(['--stations', file, ...flags])).err).toMatch(/^msc-sim: SIM-NOT-OURS: /);
  const { code, err } = await run(['--stations', file, '--i-own-this-network', ...flags]);
  expect(err).toMatch(/^msc-sim: SIM-UNREACHABLE: /);
  expect(code).toBe(69);
});

it.each([
  ['no list of stations', [], 'SIM-USAGE', 64],
  ['a file that is not there', ['--stations', '/nowhere.json'], 'SIM-FILE', 66],
  ['a rate over the limit', ['--demo', 'x', '--rate', '10001'], 'SIM-USAGE', 64],
  ['more links than it carries', ['--demo', 'x', '--links', '5001'], 'SIM-USAGE', 64],
])('with %s ends with its code', async (_, more, code, exit) => {
  const ran = await run(more);
  expect(ran.err).toMatch(new RegExp(`^msc-sim: ${code}: [^\n]+\n$`));
  expect(ran.code).toBe(exit);
});

/** Something else for the nth text. */
function some(nth: number, what: ReturnType<Behaviour>): Behaviour {
  let count = 0;
  return () => ((count += 1) === nth ? what : { answers });
}

async function load(
  behave: Behaviour,
  ...more: readonly string[]
): Promise<{ readonly code: number | null; readonly report: Readonly<Record<string, unknown>> }> {
  double = new SwitchDouble(files, behave);
  const port = await double.listen();
  const file = stationsFile(port, '127.0.0.1');
  const { code, out, err } = await run(['--stations', file, ...flags, ...more]);
  expect(err).toBe('');
  // What --json prints is one object.
  return { code, report: JSON.parse(out) as Readonly<Record<string, unknown>> };
}

function stationsFile(port: number, host: string): string {
  const file = join(authority.folder, 'stations.json');
  writeFileSync(join(authority.folder, 'password'), `${password}\n`);
  const { cert, key } = station;
  const person = { user: 'jdoe', passwordFile: 'password', ori: 'CA0990100' };
  const stations = [{ name: 'DEMO-DISP-01', cert, key, ...person }];
  writeFileSync(file, JSON.stringify({ host, port, ca: authority.caFile, stations }));
  return file;
}

async function run(
  args: readonly string[],
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  const child = spawnSim(['load', ...args]);
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('the simulator has no output');
  const [out, err] = await Promise.all([text(stdout), text(stderr), once(child, 'close')]);
  return { code: child.exitCode, out, err };
}

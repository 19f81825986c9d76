// Power goes: whatever was acknowledged is delivered after it, in order, twice only with the flag.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { flagFinal } from '#protocol/frame';
import { latin1 } from '#protocol/octets';
import type { Received } from '#src/sim/request';
import { crashUnderLoad, expectGoodBooks } from '#support/crash-run';
import { openWorld, until, type World } from '#support/world';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

it('ten times kill -9 under load: nothing acknowledged is lost, reordered or repeated unflagged', async () => {
  expectGoodBooks(await crashUnderLoad(world, 10));
  const { code, stderr } = await world.msc('journal', 'verify');
  expect(stderr).toBe('');
  expect(code).toBe(0);
}, 120_000);

it('the state simulator killed: the asker hears SM 02 and, once it is back, the answer', async () => {
  const { station } = await world.signOn('DEMO-DISP-01', 'jdoe');
  const [upstream] = world.demo.upstreams;
  process.kill(upstream?.pid ?? 0, 'SIGKILL');
  await until('the upstream down', async () => {
    const { stdout } = await world.msc('status', '--json');
    return stdout.includes('"state": "down"') || stdout.includes('"state":"down"')
      ? true
      : undefined;
  });
  const came: Received[] = [];
  station.on('message', (message) => came.push(message));
  station.send('QZ01', 'KEPT1.QV.CA0990100.LIC/2ZZZ999.LIS/CA');
  const held = await until('SM 02', () => came[0]);
  expect(latin1(held.body)).toBe('KEPT1.SM.CA0990100.02.STATE OUT OF SERVICE');
  expect(held.flags & flagFinal).toBe(0);
  world.restartState();
  const answer = await until('the answer', () => came[1]);
  expect(latin1(answer.body)).toMatch(/^KEPT1\.QV\.CA0990100\.\r\n.*^MKE\/STOLEN VEHICLE\r$/ms);
  expect(answer.flags & flagFinal).toBe(flagFinal);
  await station.leave();
});

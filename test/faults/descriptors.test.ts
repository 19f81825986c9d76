// No file descriptor is left: new connections are dropped, everything that is open goes on, the processor
// is not burnt, and when there are some again connections are taken again.

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openWorld, question, until, type World } from '#support/world';

const prlimit = spawnSync('prlimit', ['--version']).status === 0;
const missing = prlimit ? '' : ' (skipped: prlimit is not installed)';

let world: World;
const strangers: Socket[] = [];
beforeEach(async () => {
  world = await openWorld();
  await world.stop();
});
afterEach(async () => {
  for (const socket of strangers.splice(0)) socket.destroy();
  await world.close();
});

it.skipIf(!prlimit)(
  `none left while it runs: it says so once, links go on, and later connections are taken${missing}`,
  async () => {
    await world.restart();
    const { station } = await world.signOn('DEMO-DISP-01', 'jdoe');
    expect(await station.request(question)).toMatchObject({ kind: 'answered' });
    const { pid } = world;
    const before = hardLimit(pid);
    limit(pid, `${lowestFree(pid) + 2}:${before}`);
    // Strangers take what is left, and what our own questions about its health leave when they end.
    await until('none left', async () => {
      await stranger(world);
      return lines(world, false)[0];
    });
    const burntMs = processorMs(pid);
    const began = performance.now();
    for (let tries = 0; tries < 30; tries += 1) await stranger(world);
    await pause(1_000);
    const share = (processorMs(pid) - burntMs) / (performance.now() - began);
    expect(share, 'it does not spin').toBeLessThan(0.5);
    expect(await station.request(question)).toMatchObject({ kind: 'answered' });
    expect(station.open).toBe(true);
    limit(pid, `${before}:${before}`);
    await until('the other line', () => lines(world, true)[0]);
    const other = await world.signOn('DEMO-DISP-02', 'mroe');
    await other.station.leave();
    // Twice where the first strangers were sent away before the limit was raised.
    expect(lines(world, false).length).toBeLessThanOrEqual(2);
    expect(lines(world, true)).toHaveLength(lines(world, false).length);
    expect((await world.msc('journal', 'search', 'LIC:2ZZZ999')).code).toBe(0);
    await station.leave();
    expect(await world.stop()).toBe(0);
  },
  120_000,
);

it.skipIf(!prlimit)(
  `a start with few: strangers take what is left for connections, operators and health still get in${missing}`,
  async () => {
    world.launch({ under: ['prlimit', '--nofile=100:100'] });
    await world.ready();
    expect(world.log).toMatch(/"event":"descriptors".*"limit":100.*"fits":16/);
    const { station } = await world.signOn('DEMO-DISP-01', 'jdoe');
    for (let count = 0; count < 45; count += 1) {
      await stranger(world);
    }
    await until('some are dropped', () =>
      strangers.some(({ destroyed }) => destroyed) ? 1 : undefined,
    );
    expect(strangers.filter(({ destroyed }) => !destroyed).length).toBeGreaterThan(10);
    expect((await fetch(`${world.demo.switch.http}/livez`)).status).toBe(200);
    expect((await world.msc('status')).code).toBe(0);
    expect((await world.msc('journal', 'search', 'LIC:2ZZZ999')).code).toBeLessThan(2);
    expect(await station.request(question)).toMatchObject({ kind: 'answered' });
    expect(world.log).not.toContain('"left":false');
    for (const socket of strangers) socket.destroy();
    await until('room again', async () => {
      const other = await world.signOn('DEMO-DISP-02', 'mroe').catch(() => undefined);
      await other?.station.leave();
      return other;
    });
    await station.leave();
  },
  120_000,
);

function limit(pid: number, nofile: string): void {
  const { status } = spawnSync('prlimit', ['--pid', String(pid), `--nofile=${nofile}`]);
  expect(status).toBe(0);
}

function hardLimit(pid: number): string {
  const limits = readFileSync(`/proc/${pid}/limits`, 'latin1');
  return /^Max open files +\d+ +(\d+)/m.exec(limits)?.[1] ?? '';
}

function lowestFree(pid: number): number {
  const open = new Set(readdirSync(`/proc/${pid}/fd`));
  for (let number = 0; ; number += 1) if (!open.has(String(number))) return number;
}

/** Of all threads, since it began. A tick of Linux is 10 ms. */
function processorMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function lines(from: World, left: boolean): readonly string[] {
  return from.log
    .split('\n')
    .filter((line) => line.includes('"event":"descriptors"') && line.includes(`"left":${left}`));
}

/** Somebody connects, and says nothing. */
async function stranger(to: World): Promise<Socket> {
  const { host, port } = to.demo.switch;
  const socket = connect(port, host).on('error', () => undefined);
  strangers.push(socket);
  await once(socket, 'connect');
  return socket;
}

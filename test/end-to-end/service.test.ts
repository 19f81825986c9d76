// The command of the printed unit, run as a service manager runs it: ready, signs of life, the state in a line,
// stopping. Signs end when the loop stands still or the thread of the journal does.

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { projectFolder } from '#support/cli';
import { Files } from '#support/files';
import {
  directives,
  ServiceManager,
  systemdIsThere,
  systemdMissing,
} from '#support/service-manager';
import { heartbeats, percentile, slowDown } from '#support/slow-disk';
import { straceIsThere, straceMissing, Tracer } from '#support/system-calls';
import { isAlive, openWorld, until, type World } from '#support/world';

/** Short, so that a sign comes each second. */
const watchdogMs = 3_000;
const standstillMs = 9_000;

let world: World;
let manager: ServiceManager;
beforeAll(async () => {
  world = await openWorld();
  await world.stop();
  new Files(world).edit('[switch]', `[service]\nfolder = "${projectFolder}"\n\n[switch]`);
});
afterAll(() => world.close());

describe.skipIf(!systemdIsThere)(`a switch under a service manager${systemdMissing}`, () => {
  beforeEach(async () => {
    manager = await ServiceManager.open();
    world.log = '';
  });
  afterEach(async () => {
    if (world.isUp) await world.kill();
    await manager.close();
  });

  it('says by the command of its unit that it is ready, that it lives, and that it stops', async () => {
    const { stdout: unit } = await world.msc('service', 'unit');
    const [check, start, reload] = ['ExecStartPre', 'ExecStart', 'ExecReload'].map(
      (name) => directives(unit, name)[0]?.split(' ') ?? [],
    );
    expect(runOf(check)).toEqual({ status: 0, said: expect.stringMatching(/^ok: /) as string });
    world.launch({
      command: start ?? [],
      environment: { ...environmentOf(unit), ...manager.environment(watchdogMs) },
    });
    const ready = await manager.heard('READY=1');
    expect(await readyz()).toBe(200);
    expect(ready.lines).toContainEqual(
      expect.stringMatching(/^STATUS=ready; \d+ links, 0 waiting/),
    );
    await manager.heard('WATCHDOG=1', 1);
    const station = await world.connect('DEMO-CAD-01');
    await manager.heard(/^STATUS=ready; 2 links, 0 waiting, 1 of 1 upstreams up$/);
    expect(runOf(reload).status).toBe(0);
    const { said } = { said: world.stop() };
    await manager.heard('STOPPING=1');
    await station.leave();
    expect(await said).toBe(0);
    expect(manager.all('READY=1')).toHaveLength(1);
    expect(manager.told[0]?.lines).toEqual(['STATUS=starting']);
  }, 120_000);

  it.skipIf(!straceIsThere)(
    `gives no sign of life while the disk of the journal stands still${straceMissing}`,
    async () => {
      await startWatched();
      const station = await world.connect('DEMO-CAD-01');
      const tracer = await slowDown(world, standstillMs, '1');
      station.send('QC01', 'STALL01.*J10442.AM.CA0990100.QZ03.TXT\r\nA TEXT');
      await manager.heard(/^STATUS=the disk of the journal is full or does not answer; /);
      await said('"event":"watchdog","fed":false,"silent":"journal"');
      await said('"event":"watchdog","fed":true');
      await manager.heard('WATCHDOG=1', manager.all('WATCHDOG=1').length);
      expect(longestSilenceMs()).toBeGreaterThan(2 * watchdogMs);
      await manager.heard(/^STATUS=ready; /, manager.all(/^STATUS=ready; /).length - 1);
      await tracer.detach();
      await station.leave();
      expect(await world.stop()).toBe(0);
    },
    120_000,
  );

  it.skipIf(!straceIsThere)(
    `gives no sign of life while its loop stands still${straceMissing}`,
    async () => {
      await startWatched();
      // The first thread alone: that of the journal goes on.
      const inject = `inject=epoll_pwait:delay_exit=${standstillMs * 1000}:when=1`;
      const tracer = new Tracer(world.pid, ['-e', 'trace=epoll_pwait', '-e', inject]);
      await tracer.ready;
      const before = manager.all('WATCHDOG=1').length;
      await manager.heard('WATCHDOG=1', before + 2);
      expect(longestSilenceMs()).toBeGreaterThan(2 * watchdogMs);
      await tracer.detach();
      expect(await world.stop()).toBe(0);
    },
    120_000,
  );

  it('goes on when the manager does not listen, with one child at a time, and leaves none behind', async () => {
    await startWatched();
    manager.freeze();
    await said('"event":"notify","heard":false');
    const counts: number[] = [];
    const beats = await heartbeats(world, () => {
      const { length } = childrenOf(world.pid);
      if (length > 0) counts.push(length);
      return counts.length > 200;
    });
    expect(percentile(beats, 0.5)).toBeLessThan(100);
    expect(Math.max(...counts)).toBe(1);
    manager.goOn();
    await said('"event":"notify","heard":true');
    manager.freeze();
    await until('a child', () => (childrenOf(world.pid).length > 0 ? true : undefined));
    const left = childrenOf(world.pid);
    expect(await world.stop()).toBe(0);
    await until('its end', () => (left.some(isAlive) ? undefined : true));
  }, 120_000);

  it('refuses to start where signs of life are waited for and nobody takes them', async () => {
    const nobody = { NOTIFY_SOCKET: join(world.folder, 'nobody'), WATCHDOG_USEC: '30000000' };
    expect(await world.launch({ environment: nobody }).exit).toBe(78);
    expect(world.log).toMatch(/^msc: MSC-2401: .*systemd-notify ended with 1/m);
    world.log = '';
    expect(await world.launch({ environment: { WATCHDOG_USEC: '30000000' } }).exit).toBe(78);
    expect(world.log).toMatch(/^msc: MSC-2401: .*NOTIFY_SOCKET is not/m);
  }, 60_000);

  it('starts where nobody waits for signs of life, and says that it is not heard', async () => {
    await world.restart({ NOTIFY_SOCKET: join(world.folder, 'nobody') });
    expect(world.log).toContain('"event":"notify","heard":false');
    // Those of another process are not ours.
    await world.stop();
    await world.restart({ WATCHDOG_USEC: '30000000', WATCHDOG_PID: '1' });
    expect(await world.stop()).toBe(0);
  }, 60_000);
});

async function startWatched(): Promise<void> {
  await world.restart(manager.environment(watchdogMs));
  await manager.heard('WATCHDOG=1', 1);
}

function said(text: string): Promise<true> {
  return until(text, () => (world.log.includes(text) ? true : undefined));
}

function longestSilenceMs(): number {
  const times = manager.all('WATCHDOG=1').map(({ atMs }) => atMs);
  return Math.max(...times.map((atMs, at) => atMs - (times[at - 1] ?? atMs)));
}

function runOf(words: readonly string[] = []): {
  readonly status: number | null;
  readonly said: string;
} {
  const [program = '', ...rest] = words;
  const { status, stdout, stderr } = spawnSync(program, rest, { encoding: 'utf8' });
  return { status, said: stdout + stderr };
}

/** As the unit sets it, but for the folder that systemd makes. */
function environmentOf(unit: string): NodeJS.ProcessEnv {
  const words = directives(unit, 'Environment').flatMap((line) => line.split(' '));
  const pairs = words.map((word) => word.split('=') as [string, string]);
  const cache = join(world.folder, 'cache');
  return { ...Object.fromEntries(pairs), NODE_COMPILE_CACHE: cache };
}

async function readyz(): Promise<number> {
  const answer = await fetch(`${world.demo.switch.http}/readyz`);
  await answer.arrayBuffer();
  return answer.status;
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1')
        .split(' ')
        .filter((word) => word !== '')
        .map(Number),
    );
  } catch {
    // A thread ended while it was looked at.
    return [];
  }
}

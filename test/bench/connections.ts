// What idle terminals cost the switch, and how soon they are all back when their lines break at once.

import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { join } from 'node:path';
import { Crowd, enrolCrowd, footprint, loopback, restartWith } from '#support/crowd/crowd';
import { openWorld, type World } from '#support/world';

export interface Connections {
  readonly terminals: number;
  readonly welcomed: number;
  /** Of the switch: before any came, and with all of them there and quiet. */
  readonly baseMegabytes: number;
  readonly megabytes: number;
  /** After all lines broke at once: so many were back and resumed, the last after so long. */
  readonly back: number;
  readonly medianMs: number;
  readonly lastMs: number;
  /** Questions of a terminal whose line did not break, meanwhile: the slowest of one after the other. */
  readonly slowestMs: number;
  /** Processor time meanwhile, of the switch and of all the terminals. */
  readonly switchCpuMs: number;
  readonly crowdCpuMs: number;
}

const settleMs = 10_000;
const stormMs = 60_000;

export async function measureConnections(terminals: number): Promise<Connections> {
  const world = await openWorld();
  try {
    const badgesFile = await enrolCrowd(world, { terminals });
    await restartWith(world, ['connections_max = 10000']);
    return await measureOne(world, badgesFile, terminals);
  } finally {
    await world.close();
  }
}

async function measureOne(
  world: World,
  badgesFile: string,
  terminals: number,
): Promise<Connections> {
  // As the service unit has it; what is kept of what was compiled is here from a former start.
  for (let starts = 0; starts < 2; starts += 1) {
    await world.stop();
    await world.restart({
      ...unitEnvironment(),
      NODE_COMPILE_CACHE: join(world.folder, 'compiled'),
    });
  }
  const crowd = new Crowd();
  try {
    const { station } = await world.signOn('DEMO-DISP-02', 'mroe');
    const baseMegabytes = footprint(world.pid).megabytes;
    const { welcomed } = await crowd.come({
      ...world.demo.switch,
      ...{ role: 'terminal', badgesFile, from: 0, to: terminals, reads: true },
      ...{ perSecond: 200, withinMs: 120_000, patienceMs: 12_000, addresses: loopback(1_000) },
    });
    await pause(settleMs);
    const { megabytes } = footprint(world.pid);
    const asking = { on: true };
    let slowestMs = 0;
    const asked = (async () => {
      while (asking.on) {
        const began = performance.now();
        await station.request('QV.CA0990100.LIC/2ZZZ998.LIS/CA');
        slowestMs = Math.max(slowestMs, performance.now() - began);
      }
    })();
    const used = [cpuMs(world.pid), cpuMs(crowd.pid)] as const;
    const { welcomed: back, medianMs, lastMs } = await crowd.break(stormMs);
    const switchCpuMs = cpuMs(world.pid) - used[0];
    const crowdCpuMs = cpuMs(crowd.pid) - used[1];
    asking.on = false;
    await asked;
    await station.leave();
    const storm = { back, medianMs, lastMs, slowestMs, switchCpuMs, crowdCpuMs };
    return { terminals, welcomed, baseMegabytes, megabytes, ...storm };
  } finally {
    await crowd.end();
  }
}

/** The flags and the environment that the unit gives to Node. */
function unitEnvironment(): NodeJS.ProcessEnv {
  const unit = readFileSync(new URL('../../config/msc.service', import.meta.url), 'utf8');
  const flags = /^ExecStart=\S+ (.*) \S+\/msc\.js serve/m.exec(unit)?.[1];
  const words = /^Environment=(.*)$/m.exec(unit)?.[1]?.split(' ') ?? [];
  const pairs = words.map((word) => word.split('=') as [string, string]);
  return { ...Object.fromEntries(pairs), NODE_OPTIONS: flags };
}

/** Of all its threads, since it began; the kernel counts hundredths of a second. */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

// Very many peers at once that mean no good, or come back all together: whoever is good is served
// meanwhile, and afterwards the switch has its memory and its descriptors back.

import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Station } from '#src/sim/station';
import {
  Crowd,
  crowdMnemonic,
  enrolCrowd,
  footprint,
  loopback,
  restartWith,
} from '#support/crowd/crowd';
import type { TerminalsPlan } from '#support/crowd/orders';
import { openWorld, until, type World } from '#support/world';

/** The limit of a process here; Node raises its own to it. Some are left for everything else. */
const descriptors = Number(
  /^Max open files\s+\d+\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1],
);
const silentOnes = Math.min(10_000, descriptors - 4_000);
const dribblers = 2_000;
const receivers = 200;
const terminals = 300;
/** Of WELCOME, unless configured (link M4); and more than that for each receiver. */
const window = 32;
const rounds = 40;
/** What a burst leaves behind in the heaps of V8 and malloc, whatever it was; far below what it was. */
const leftMegabytes = 96;

interface Queue {
  readonly name: string;
  readonly waiting: number;
}

let world: World;
let crowd: Crowd;
let good: Station;
let badgesFile: string;

beforeAll(async () => {
  world = await openWorld();
  crowd = new Crowd();
  badgesFile = await enrolCrowd(world, { terminals, printers: receivers });
  await restartWith(world, ['connections_max = 1000']);
  good = (await world.signOn('DEMO-DISP-02', 'mroe')).station;
  await warmUp();
}, 60_000);
afterEach(() => crowd.go());
afterAll(async () => {
  await crowd.end();
  await world.close();
});

/** As it is in service: a switch fresh from its start has heaps that any work would fill. */
async function warmUp(): Promise<void> {
  for (let round = 0; round < 100; round += 1)
    await Promise.all(
      Array.from({ length: window }, () => good.request('QV.CA0990100.LIC/2ZZZ999.LIS/CA')),
    );
}

/** Asks, one question after the other, until told to stop; every one is answered, none late. */
function askOn(): { readonly stop: () => Promise<number> } {
  const asking = { on: true };
  const slowest = (async () => {
    let mostMs = 0;
    while (asking.on) {
      const began = performance.now();
      const { kind } = await good.request('QV.CA0990100.LIC/2ZZZ999.LIS/CA');
      expect(kind).toBe('answered');
      mostMs = Math.max(mostMs, performance.now() - began);
    }
    return mostMs;
  })();
  return {
    stop: () => {
      asking.on = false;
      return slowest;
    },
  };
}

/** Of another station, as one that comes in the middle of it. */
async function newcomerIsServed(): Promise<void> {
  const station = await world.connect('DEMO-DISP-03', { connectTimeoutMs: 15_000 });
  expect(station.welcome.switch).toBe('DEMO-099');
  await station.leave();
}

async function isBack(before: ReturnType<typeof footprint>): Promise<void> {
  await until('descriptors back', () =>
    footprint(world.pid).descriptors <= before.descriptors + 2 ? true : undefined,
  );
  expect(footprint(world.pid).megabytes - before.megabytes).toBeLessThan(leftMegabytes);
}

const plan = (further: Pick<TerminalsPlan, 'role' | 'from' | 'to' | 'reads'>): TerminalsPlan => ({
  ...world.demo.switch,
  badgesFile,
  perSecond: 200,
  withinMs: 25_000,
  addresses: loopback(100),
  patienceMs: 12_000,
  ...further,
});

describe('many at once', () => {
  it(`${silentOnes} silent connections are gone after ten seconds, and nobody waits for them`, async () => {
    const before = footprint(world.pid);
    const asking = askOn();
    const { host, port } = world.demo.switch;
    const addresses = loopback(250);
    await crowd.strangers({
      ...{ host, port, addresses, count: silentOnes, perSecond: 4_000, comesBack: false },
    });
    const { open } = await until('all connected', async () => {
      const { strangers } = await crowd.count();
      return strangers?.connected === silentOnes ? strangers : undefined;
    });
    // They are really there: whoever has a place keeps it until its time is over.
    expect(open).toBeGreaterThan(silentOnes / 3);
    await newcomerIsServed();
    await until('all cut', async () =>
      (await crowd.count()).strangers?.open === 0 ? true : undefined,
    );
    expect(await asking.stop()).toBeLessThan(3_000);
    await isBack(before);
  }, 60_000);

  it(`${dribblers} handshakes octet by octet cost no TLS, and nobody waits for them`, async () => {
    const before = footprint(world.pid);
    const asking = askOn();
    const { host, port } = world.demo.switch;
    await crowd.strangers({
      ...{ host, port, addresses: loopback(250), count: dribblers, perSecond: 2_000 },
      ...{ octetMs: 500, comesBack: true },
    });
    // Until some were cut and have come again.
    await until('some came back', async () =>
      ((await crowd.count()).strangers?.connected ?? 0) > dribblers + 10 ? true : undefined,
    );
    await newcomerIsServed();
    expect(await asking.stop()).toBeLessThan(3_000);
    // A TLS that had begun would hold some 40 kilobytes for each of them.
    expect(footprint(world.pid).megabytes - before.megabytes).toBeLessThan(leftMegabytes);
    await crowd.go();
    await isBack(before);
  });

  it(`${receivers} receivers that never read keep nobody else waiting`, async () => {
    const before = footprint(world.pid);
    const to = terminals + receivers;
    const come = plan({ role: 'printer', from: terminals, to, reads: false });
    expect((await crowd.come(come)).welcomed).toBe(receivers);
    const host = await world.connect('DEMO-CAD-01');
    const asking = askOn();
    let handled = 0;
    let sent = 0;
    host.on('handled', () => (handled += 1));
    // More than a window for each of them, to 20 at a time.
    const filler = 'X'.repeat(16_000);
    const mnemonics = Array.from({ length: receivers }, (_, nth) => crowdMnemonic(terminals + nth));
    for (let round = 0; round < rounds; round += 1)
      for (let from = 0; from < receivers; from += 20) {
        const named = mnemonics.slice(from, from + 20).join(',');
        const reference = `R${(sent++).toString().padStart(5, '0')}`;
        host.send('QC01', `${reference}.*J10442.AM.CA0990100.${named}.TXT\r\n${filler}`);
      }
    await until('everything taken', () => (handled === sent ? true : undefined));
    expect(await asking.stop()).toBeLessThan(3_000);
    await newcomerIsServed();
    await host.leave();
    // Each has its window and no more; the rest waits as numbers, and would go on.
    const status = await world.msc('status', '--json');
    const { queues } = JSON.parse(status.stdout) as { queues: readonly Queue[] };
    const waiting = new Map(queues.map((queue) => [queue.name, queue.waiting]));
    expect(mnemonics.map((name) => waiting.get(name))).toEqual(
      mnemonics.map(() => rounds - window),
    );
    // What was sent is in the kernel or here, once; the rest is what malloc keeps for the next burst.
    const sentMegabytes = (receivers * window * filler.length) / 2 ** 20;
    expect(footprint(world.pid).megabytes - before.megabytes).toBeLessThan(4 * sentMegabytes);
    await crowd.go();
    await until('descriptors back', () =>
      footprint(world.pid).descriptors <= before.descriptors + 2 ? true : undefined,
    );
  }, 60_000);

  it(`${terminals} terminals that break at once are back and resumed, and keep nobody waiting`, async () => {
    const come = plan({ role: 'terminal', from: 0, to: terminals, reads: true });
    expect((await crowd.come(come)).welcomed).toBe(terminals);
    const before = footprint(world.pid);
    const asking = askOn();
    const back = await crowd.break(25_000);
    expect(back.welcomed).toBe(terminals);
    expect(await asking.stop()).toBeLessThan(3_000);
    expect(await crowd.count()).toMatchObject({ up: terminals, resumed: terminals });
    await isBack(before);
  });
});

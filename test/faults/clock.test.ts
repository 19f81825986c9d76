// Somebody sets the clock of the machine: libfaketime between the switch and the wall clock, with the
// steady one left alone, as a step of the system's clock leaves it.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { latin1 } from '#protocol/octets';
import type { Received } from '#src/sim/request';
import {
  fakeTimeIsThere,
  fakeTimeMissing,
  makeLastingCertificates,
  TurnedClock,
} from '#support/turned-clock';
import { openWorld, question, type Row, until, type World } from '#support/world';

const hour = 3_600;
const year = 365 * 24 * hour;

let world: World;
let clock: TurnedClock;
beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'msc-clock-'));
  // A step of a year must find certificates that hold, or their links end.
  await makeLastingCertificates(folder);
  world = await openWorld({ folder });
  await world.stop();
  clock = new TurnedClock(folder);
});
afterEach(() => world.close());

it.skipIf(!fakeTimeIsThere)(
  `steps of seconds, hours and years while it runs end and expire nothing, and each is an entry${fakeTimeMissing}`,
  async () => {
    clock.turn(0);
    await world.restart(clock.environment());
    const { station } = await world.signOn('DEMO-DISP-01', 'jdoe');
    let signedOff = 0;
    station.on('signOff', () => (signedOff += 1));
    const offsets = [2, -2, hour, -hour, year, -year, 0];
    for (const offset of offsets) {
      clock.turn(offset);
      expect(await station.request(question)).toMatchObject({ kind: 'answered' });
      expect(await ageSeconds(), 'it is as old as before').toBeLessThan(120);
    }
    expect([signedOff, station.open, station.user]).toEqual([0, true, 'jdoe']);
    await station.leave();
    expect(await world.stop()).toBe(0);
    await world.restart();
    const steps = offsets.map((offset, at) => (offset - (offsets[at - 1] ?? 0)) * 1_000);
    const noted = stepsIn(await world.entries('--event', 'clock'));
    expect(noted.map((ms) => Math.round(ms / 1_000))).toEqual(steps.map((ms) => ms / 1_000));
    expect(world.log.match(/"event":"clock"/g)).toHaveLength(steps.length);
    const rows = await world.entries();
    expect(rows.map((row) => row['entry'])).toEqual(rows.map((_, at) => at + 1));
    expect(rows.filter((row) => row['kind'] === 'expired')).toEqual([]);
    await proveDays(rows);
    expect((await world.msc('journal', 'verify')).code).toBe(0);
  },
  120_000,
);

it.skipIf(!fakeTimeIsThere)(
  `set back an hour while it was down: noted after the start, what was kept is delivered${fakeTimeMissing}`,
  async () => {
    clock.turn(hour);
    await world.restart(clock.environment());
    const { station } = await world.signOn('DEMO-DISP-01', 'jdoe');
    await askInVain(station);
    const { session } = station;
    await world.kill();
    station.cut();
    clock.turn(0);
    await world.restart(clock.environment());
    const again = await world.connect('DEMO-DISP-01', { session });
    expect(again.user, 'the sign-on was kept').toBe('jdoe');
    const came: Received[] = [];
    again.on('message', (message) => came.push(message));
    world.restartState();
    await until('the answer', () =>
      came.find(({ body }) => /MKE\/STOLEN VEHICLE/.test(latin1(body))),
    );
    const [step = 0, ...more] = stepsIn(await world.entries('--event', 'clock'));
    expect(more).toEqual([]);
    expect(Math.abs(step + hour * 1_000)).toBeLessThan(15_000);
    expect(await world.entries('--kind', 'expired')).toEqual([]);
    await again.leave();
    expect((await world.msc('journal', 'verify')).code).toBe(0);
  },
  120_000,
);

it.skipIf(!fakeTimeIsThere)(
  `set forward an hour while it was down: as a pause of an hour, what was kept so long ends with its entry${fakeTimeMissing}`,
  async () => {
    clock.turn(0);
    await world.restart(clock.environment());
    const { station } = await world.signOn('DEMO-DISP-01', 'jdoe');
    await askInVain(station);
    await world.kill();
    station.cut();
    clock.turn(hour);
    await world.restart(clock.environment());
    await world.stop();
    clock.turn(0);
    await world.restart();
    expect(await world.entries('--kind', 'expired')).toMatchObject([{ mke: 'QV' }]);
    expect(await world.entries('--event', 'sign-off')).toMatchObject([{ user: 'jdoe' }]);
    expect((await world.msc('journal', 'verify')).code).toBe(0);
  },
  120_000,
);

/** Of the process, as a dashboard reckons it: by the clock as it is set now. */
async function ageSeconds(): Promise<number> {
  const metrics = await (await fetch(`${world.demo.switch.http}/metrics`)).text();
  const [, began] = /^msc_start_time_seconds ([0-9.e+]+)$/m.exec(metrics) ?? [];
  return Math.abs(clock.now().epochMilliseconds / 1_000 - Number(began));
}

/** Entries out of the order of time are found on their days all the same: this year, the one before and after. */
async function proveDays(rows: readonly Row[]): Promise<void> {
  const days = new Set(rows.map(dayOf));
  expect(days.size).toBeGreaterThanOrEqual(3);
  for (const day of days) {
    const found = await world.entries('--entry', `1..${rows.length}`, '--until', day);
    expect(found).toEqual(rows.filter((row) => dayOf(row) <= day));
  }
}

function dayOf(row: Row): string {
  return String(row['time']).slice(0, 10);
}

/** An inquiry that its class keeps for two minutes, while there is nobody to forward it to. */
async function askInVain(station: Awaited<ReturnType<World['signOn']>>['station']): Promise<void> {
  const held = new Promise((resolve) => station.once('status', resolve));
  process.kill(world.demo.upstreams[0]?.pid ?? 0, 'SIGKILL');
  await held;
  const told = new Promise<Received>((resolve) => station.once('message', resolve));
  station.send('QZ01', `KEPT1.${question}`);
  expect(latin1((await told).body)).toContain('.SM.');
}

function stepsIn(rows: readonly Row[]): readonly number[] {
  return rows.map((row) => {
    // The detail of the event `clock` has this member.
    const { stepMs } = row['detail'] as { readonly stepMs: number };
    return stepMs;
  });
}

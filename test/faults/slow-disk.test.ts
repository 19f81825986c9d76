// The disk answers late, or for a while not at all: nothing is lost, the switch stays awake, and who waits
// too long is told to come back. Two seconds and a quarter of a minute: slow-disk.long.test.ts.

import { afterEach, beforeEach, expect, it } from 'vitest';
import { heartbeats, note, percentile, slowDown } from '#support/slow-disk';
import { straceIsThere, straceMissing } from '#support/system-calls';
import { openWorld, until, type World } from '#support/world';

let world: World;
beforeEach(async () => {
  world = await openWorld();
  await world.stop();
  await world.restart();
});
afterEach(() => world.close());

it.skipIf(!straceIsThere)(
  `100 ms a flush: a full window is acknowledged as fast as the disk allows, no BUSY${straceMissing}`,
  async () => {
    const station = await world.connect('DEMO-CAD-01');
    const tracer = await slowDown(world, 100, '1+');
    let busy = 0;
    station.on('busy', () => (busy += 1));
    const sentAtMs = new Map<string, number>();
    const waits: number[] = [];
    station.on('handled', ({ body }) => {
      const reference = Buffer.from(body).toString('latin1', 0, 7);
      waits.push(performance.now() - (sentAtMs.get(reference) ?? 0));
    });
    const window = station.welcome.window;
    const count = 3 * window;
    const beats = heartbeats(world, () => waits.length >= count);
    for (let sent = 0; sent < count; sent += 1) {
      const reference = `S${String(sent).padStart(6, '0')}`;
      // The station sends as its window allows; the first window leaves at once.
      sentAtMs.set(reference, performance.now());
      station.send('QC01', note(reference));
    }
    await until('each acknowledged', () => (waits.length === count ? true : undefined));
    expect(busy).toBe(0);
    // Three windows, and each waits for its own flush and the one before.
    expect(percentile(waits, 0.99)).toBeLessThan(2_500);
    expect(percentile(await beats, 0.5), 'it stays awake').toBeLessThan(100);
    await tracer.detach();
    await station.leave();
    expect((await world.msc('journal', 'verify')).code).toBe(0);
  },
  120_000,
);

it.skipIf(!straceIsThere)(
  `a flush that takes 8 s: after 5 s stations hear BUSY and it is not ready, then all goes on${straceMissing}`,
  async () => {
    const station = await world.connect('DEMO-CAD-01');
    let busy = 0;
    const handled: string[] = [];
    station.on('busy', () => (busy += 1));
    station.on('handled', ({ body }) => handled.push(Buffer.from(body).toString('latin1', 0, 7)));
    const tracer = await slowDown(world, 8_000, '1');
    station.send('QC01', note('STALL01'));
    await until('BUSY', () => (busy > 0 ? true : undefined));
    expect(handled).toEqual([]);
    const ready = await fetch(`${world.demo.switch.http}/readyz`);
    expect([ready.status, await ready.text()]).toEqual([
      503,
      'the disk of the journal is full or does not answer\n',
    ]);
    expect((await fetch(`${world.demo.switch.http}/livez`)).status).toBe(200);
    station.send('QC01', note('STALL02'));
    await until('both', () => (handled.length === 2 ? true : undefined));
    expect(handled).toEqual(['STALL01', 'STALL02']);
    await world.ready();
    await tracer.detach();
    expect(world.log.match(/"event":"disk-stall"/g)).toHaveLength(2);
    const rows = await world.entries('--kind', 'received', '--mke', 'AM');
    expect(rows.map((row) => row['suphdr'])).toEqual(['STALL01', 'STALL02']);
    await station.leave();
    expect(await world.stop()).toBe(0);
  },
  120_000,
);

// A disk that takes two seconds for each flush, and one that does not answer for a quarter of a minute.

import { afterEach, beforeEach, expect, it } from 'vitest';
import { heartbeats, note, percentile, slowDown } from '#support/slow-disk';
import { straceIsThere, straceMissing } from '#support/system-calls';
import { openWorld, type World } from '#support/world';

let world: World;
beforeEach(async () => {
  world = await openWorld();
  await world.stop();
  await world.restart();
});
afterEach(() => world.close());

it.skipIf(!straceIsThere)(
  `2 s a flush: each message waits for at most two of them, and the switch stays awake${straceMissing}`,
  async () => {
    const station = await world.connect('DEMO-CAD-01');
    const tracer = await slowDown(world, 2_000, '1+');
    let over = false;
    const beats = heartbeats(world, () => over);
    for (let sent = 0; sent < 5; sent += 1) {
      const began = performance.now();
      const handled = new Promise((resolve) => station.once('handled', resolve));
      station.send('QC01', note(`SLOW00${sent}`));
      await handled;
      expect(performance.now() - began).toBeLessThan(5_000);
    }
    over = true;
    expect(percentile(await beats, 0.5)).toBeLessThan(100);
    await tracer.detach();
    await station.leave();
    expect((await world.msc('journal', 'verify')).code).toBe(0);
  },
);

it.skipIf(!straceIsThere)(
  `a flush that takes 15 s: who says HELLO meanwhile gets CLOSE C13 after 10 s, and comes back${straceMissing}`,
  async () => {
    const station = await world.connect('DEMO-CAD-01');
    const tracer = await slowDown(world, 15_000, '1');
    const handled = new Promise((resolve) => station.once('handled', resolve));
    station.send('QC01', note('STALL01'));
    const began = performance.now();
    const waiting = world.connect('DEMO-DISP-02', { connectTimeoutMs: 20_000 });
    await expect(waiting).rejects.toMatchObject({ code: 'SIM-AGAIN', message: /C13/ });
    const waitedMs = performance.now() - began;
    expect(waitedMs).toBeGreaterThan(9_000);
    expect(waitedMs).toBeLessThan(13_000);
    await handled;
    await tracer.detach();
    await world.ready();
    const { station: back } = await world.signOn('DEMO-DISP-02', 'mroe');
    await back.leave();
    await station.leave();
    expect((await world.msc('journal', 'verify')).code).toBe(0);
  },
);

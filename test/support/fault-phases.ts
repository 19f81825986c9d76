// The three phases in which system calls are failed: a start after a kill, a burst of messages, and a drain
// with the snapshot at its end. The short tests take a sample of the places, the long one takes each.

import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Station } from '#src/sim/station';
import { expectStated, FaultRun, sample } from './fault-run.ts';
import { onePoolThread, type Place, straceIsThere, straceMissing } from './system-calls.ts';
import { openWorld, type World } from './world.ts';

/** Messages of a burst, each acknowledged before the next: a commit and a flush each. */
const texts = 6;

export interface Phases {
  /** How many places of each phase; all unless told. */
  readonly places?: number;
  readonly seed: number;
  readonly timeoutMs: number;
}

/** Registers the tests. */
export function testPhases({ places: count, seed, timeoutMs }: Phases): void {
  let world: World;
  let run: FaultRun;
  beforeAll(async () => {
    if (!straceIsThere) return;
    world = await openWorld();
    await world.stop();
    run = new FaultRun(world);
  });
  afterAll(async () => {
    if (straceIsThere) await world.close();
  });
  const which = count === undefined ? 'each' : `${count} (seed ${seed})`;
  // A flush of the journal is always among them.
  const chosen = (all: readonly Place[]): readonly Place[] => {
    if (count === undefined) return all;
    const flush = all.find(({ kind, path }) => kind === 'flush' && path.endsWith('journal.db-wal'));
    const rest = all.filter((place) => place !== flush);
    return flush === undefined
      ? sample(rest, count, seed)
      : [flush, ...sample(rest, count - 1, seed)];
  };
  const given = (what: string, test: () => Promise<void>): void => {
    it.skipIf(!straceIsThere)(`${what}, ${which} of its calls${straceMissing}`, test, timeoutMs);
  };

  given('a start with EIO goes on or ends as stated, and the next recovers', async () => {
    if (!world.isUp) await world.restart(onePoolThread);
    const station = await world.connect('DEMO-CAD-01');
    await run.burst(station, texts);
    await world.kill();
    run.save();
    const all = await run.placesOfStart();
    expect(all.length).toBeGreaterThan(50);
    for (const place of chosen(all)) {
      run.restore();
      expectStated(run, place, await run.start(place), 'ready');
      await run.expectWhole();
      await world.kill();
    }
    run.restore();
  });

  given('a burst with EIO goes on or ends with 74, and loses nothing acknowledged', async () => {
    let station = await upAndConnected(world);
    const all = await run.placesOf(() => run.burst(station, texts));
    expect(all.length).toBeGreaterThan(4 * texts);
    let reached = 0;
    for (const place of chosen(all)) {
      if (!station.open) station = await upAndConnected(world);
      const failed = await run.fail(place, () => run.burst(station, texts));
      if (failed.injected) reached += 1;
      expectStated(run, place, failed, 'ready');
      await run.expectWhole();
    }
    expect(reached).toBeGreaterThan(0);
    await world.kill();
  });

  given('a drain with EIO leaves with 0 without its snapshot, or with 74', async () => {
    let station = await upAndConnected(world);
    await run.burst(station, texts);
    const all = await run.placesOf(() => world.stop());
    expect(all.filter(({ path }) => path.endsWith('snapshot.new')).length).toBeGreaterThan(2);
    for (const place of chosen(all)) {
      station = await upAndConnected(world);
      await run.burst(station, texts);
      const failed = await run.fail(place, () => world.stop());
      expectStated(run, place, failed, 0);
      await run.expectWhole();
    }
  });
}

async function upAndConnected(world: World): Promise<Station> {
  if (!world.isUp) await world.restart(onePoolThread);
  return world.connect('DEMO-CAD-01');
}

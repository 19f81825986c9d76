// What a question over a line waits while segments are sealed behind it: two switches, of which one cuts and seals
// all the time and the other never, are asked in turn.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { openWorld, type World } from '#support/world';
import { measureOffered, measureThroughput } from '../inquiries.ts';
import { settled } from './folder.ts';
import { closeTerminals, openTerminals, type Terminal } from '../terminals.ts';

const terminalsMost = 50;
const perSecond = 1000;
const forMs = 10_000;
/** Six entries an inquiry: one is cut, and one sealed, about every two seconds. */
const entriesOfMany = 10_000;
const restMsMost = 120_000;

interface Side {
  readonly world: World;
  readonly terminals: readonly Terminal[];
}

export interface Beside {
  /** 99th percentiles at 1,000 inquiries a second, in milliseconds. */
  readonly whole: readonly number[];
  readonly sealing: readonly number[];
  /** Segments that were sealed in each run. */
  readonly sealed: readonly number[];
}

export async function measureBeside(runs: number): Promise<Beside> {
  await using doors = new AsyncDisposableStack();
  const open = async (segmentEntries: number): Promise<Side> => {
    const world = await openWorld();
    doors.defer(() => world.close());
    await cutEvery(world, segmentEntries);
    const terminals = await openTerminals(world, terminalsMost);
    doors.defer(() => closeTerminals(terminals));
    return { world, terminals };
  };
  const whole = await open(10_000_000);
  const sealing = await open(entriesOfMany);
  const ask = async ({ terminals }: Side): Promise<number> => {
    const percentile = await measureOffered(terminals, { perSecond, forMs });
    // What it indexes and seals behind its run would meet the run of the other.
    for (const { world } of [whole, sealing]) await settled(world.demo.journal, restMsMost);
    return percentile;
  };
  // As in `npm run bench`: a switch that has been at work for a while is compiled.
  for (const side of [whole, sealing])
    await measureThroughput(side.terminals, { outstanding: 8, forMs });
  for (const side of [whole, sealing]) await ask(side);
  const found = { whole: [] as number[], sealing: [] as number[], sealed: [] as number[] };
  for (let run = 0; run < runs; run += 1) {
    found.whole.push(await ask(whole));
    const before = sealedIn(sealing.world);
    found.sealing.push(await ask(sealing));
    found.sealed.push(sealedIn(sealing.world) - before);
  }
  return found;
}

async function cutEvery(world: World, entries: number): Promise<void> {
  await world.stop();
  const written = readFileSync(world.demo.config, 'utf8');
  writeFileSync(world.demo.config, `${written}\n[journal]\nsegment_entries = ${entries}\n`);
  await world.restart();
}

function sealedIn({ demo }: World): number {
  return readdirSync(demo.journal).filter((name) => /^sealed-.*\.db$/.test(name)).length;
}

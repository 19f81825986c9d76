// How long a start takes: of commands that look, and of a switch with a long journal.

import { rmSync } from 'node:fs';
import { openWorld, run, type World } from '#support/world';

const launcher = new URL('../../src/cli/msc.js', import.meta.url).pathname;
const maker = new URL('../support/make-journal.ts', import.meta.url).pathname;
const times = 7;

/** Milliseconds of a whole process. */
export async function measureCommand(world: World, line: string): Promise<readonly number[]> {
  const took: number[] = [];
  for (let count = 0; count < times; count += 1) {
    const began = performance.now();
    const { code } = await run([launcher, ...line.split(' '), '--config', world.demo.config]);
    took.push(performance.now() - began);
    if (code !== 0) throw new Error(`msc ${line}: exit ${code}`);
  }
  return took;
}

/** A start that replays everything takes so long at most. */
const replayMsMax = 600_000;

/**
 * Milliseconds from the start of the process to /readyz 200, on a journal built through the port.
 * The first start has no snapshot and replays everything; it is left out and named.
 *
 * @param waiting Messages among the entries that wait for a terminal which never comes.
 */
export async function measureReady(entries: number, waiting: number): Promise<readonly number[]> {
  const world = await openWorld();
  const took: number[] = [];
  try {
    await world.stop();
    rmSync(world.demo.journal, { recursive: true, force: true });
    const made = await run([maker, world.demo.journal, String(entries), '7', String(waiting)]);
    if (made.code !== 0) throw new Error(made.stderr);
    for (let count = 0; count < 4; count += 1) {
      const began = performance.now();
      await world.launch({ readyMs: replayMsMax }).outcome;
      took.push(performance.now() - began);
      // Without a word, so that no fresh snapshot helps the next start more than it would after a crash.
      if (count === 0) await world.stop();
      else await world.kill();
    }
  } finally {
    await world.close();
  }
  const [first = NaN, ...rest] = took;
  process.stdout.write(`first start, replaying all ${entries} entries: ${first.toFixed(0)} ms\n`);
  return rest;
}

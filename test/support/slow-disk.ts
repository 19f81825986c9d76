// A disk that answers late: strace holds back each flush of the journal.

import { join } from 'node:path';
import { kinds, Tracer } from './system-calls.ts';
import type { World } from './world.ts';

/** A text for a terminal: what it costs is the flush of the journal alone. */
export const note = (reference: string): string =>
  `${reference}.*J10442.AM.CA0990100.QZ03.TXT\r\nA TEXT`;

/** @param when `1` for the first flush alone, `1+` for each. */
export async function slowDown(world: World, ms: number, when: string): Promise<Tracer> {
  const inject = `inject=${kinds.flush}:delay_enter=${ms * 1000}:when=${when}`;
  const path = join(world.demo.journal, 'journal.db-wal');
  const words = ['-f', '-e', `trace=${kinds.flush}`, '-e', inject, '-P', path];
  const tracer = new Tracer(world.pid, words);
  await tracer.ready;
  return tracer;
}

/** Asks whether it lives, again and again; gives how long each answer took, in milliseconds. */
export async function heartbeats(world: World, until: () => boolean): Promise<readonly number[]> {
  const took: number[] = [];
  while (!until()) {
    const began = performance.now();
    const answer = await fetch(`${world.demo.switch.http}/livez`);
    await answer.arrayBuffer();
    took.push(performance.now() - began);
  }
  return took;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

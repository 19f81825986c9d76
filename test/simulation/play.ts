// Plays a range of seeds and adds up what happened in them.

import { Box } from './box.ts';

export interface Range {
  readonly from: number;
  readonly to: number;
  readonly steps: number;
  readonly trace?: (line: string) => void;
}

export interface BrokenSeed {
  readonly seed: number;
  readonly step: number;
  readonly what: string;
}

export interface Tally {
  readonly steps: number;
  /** Of one core. */
  readonly minutes: number;
  readonly counts: ReadonlyMap<string, number>;
  readonly broken: readonly BrokenSeed[];
}

export function playSeeds({ from, to, ...options }: Range): Tally {
  const counts = new Map<string, number>();
  const broken: BrokenSeed[] = [];
  const since = process.cpuUsage();
  let steps = 0;
  for (let seed = from; seed <= to; seed++) {
    const played = new Box({ seed, ...options }).play();
    steps += played.steps;
    for (const [what, count] of played.counts) counts.set(what, (counts.get(what) ?? 0) + count);
    if (played.broken !== undefined) broken.push({ seed, ...played.broken });
  }
  const { user, system } = process.cpuUsage(since);
  return { steps, minutes: (user + system) / 60_000_000, counts, broken };
}

/** What is wrong, and how to see it again. */
export function repeatOf({ seed, step, what }: BrokenSeed): string {
  return `seed ${seed}, step ${step}: ${what} (again: node test/simulation/run.ts ${seed})`;
}

// Plays seeds with one planted fault until the box finds it.

import { Box, stepsDefault } from './box.ts';
import type { Fault } from './faults.ts';

/** A fault that is not found in so many seeds is not found. */
export const seedsMost = 200;

export interface Caught {
  readonly seed: number;
  readonly step: number;
  readonly what: string;
}

export function plant(fault: Fault): Caught | undefined {
  for (let seed = 1; seed <= seedsMost; seed++) {
    const { broken } = new Box({ seed, steps: stepsDefault, heart: fault.heart() }).play();
    if (broken !== undefined) return { seed, ...broken };
  }
  return undefined;
}

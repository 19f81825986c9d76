// Worlds for tests: made whole in memory, each part of the household list at hand.

import { createHash } from 'node:crypto';
import { readGiven } from '../../../src/sim/world/given.ts';
import { readParts } from '../../../src/sim/world/parts.ts';
import type { Household } from '../../../src/sim/world/words.ts';
import { createWorld } from '../../../src/sim/world/world.ts';
import type { World } from '../../../src/sim/world/world.ts';

export const parts = readParts();
export const given = readGiven();

export const worldOf = (seed: number, size: number): World =>
  createWorld({ parts, seed, size, given });

export const peopleOf = (seed: number, size: number): readonly Household[] => [
  ...worldOf(seed, size).households(),
];

export const digestOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex');

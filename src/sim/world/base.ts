// What every world has, whatever its seed and size: agencies, the contract's records, and the people
// behind them. It is what a host knows that is given no world.

import { inventAgencies } from './agencies.ts';
import type { Directory } from './agencies.ts';
import { founders } from './foundation.ts';
import { readGiven } from './given.ts';
import { readParts } from './parts.ts';
import type { Household } from './words.ts';

export interface WorldBase {
  readonly directory: Directory;
  readonly founders: readonly Household[];
}

let base: WorldBase | undefined;

/** Read once. @throws SimFault SIM-FILE, SIM-INPUT */
export function worldBase(): WorldBase {
  if (base !== undefined) return base;
  const parts = readParts();
  const directory = inventAgencies(parts);
  base = { directory, founders: founders({ parts, directory }, readGiven()) };
  return base;
}

// A world: the people behind the contract's records, then invented ones, one after the other, until there
// are as many records as asked for. The same seed gives the same people, and a larger world has all those
// of a smaller one. Nothing of it comes from a clock.

import { inventAgencies } from './agencies.ts';
import type { Directory } from './agencies.ts';
import { founders } from './foundation.ts';
import { inventHousehold } from './household.ts';
import type { Realm } from './household.ts';
import type { Parts } from './parts.ts';
import { recordsIn } from './words.ts';
import type { Household } from './words.ts';
import type { NewRecord } from '../ncic/record.ts';

export interface World {
  readonly directory: Directory;
  /** The records that belong to every world, as they are given to the simulated NCIC. */
  readonly given: readonly NewRecord[];
  /** Those behind them. */
  readonly founders: readonly Household[];
  /** Everybody, founders first, until the size is reached. Each call begins anew. */
  households(): Generator<Household, void, undefined>;
}

export interface WorldOptions {
  readonly parts: Parts;
  readonly seed: number;
  /** Records in all; the last person is made whole, so there are a few more. */
  readonly size: number;
  readonly given: readonly NewRecord[];
}

/** As many have numbers of their own. */
export const sizeMax = 2_000_000;

export function createWorld({ parts, seed, size, given }: WorldOptions): World {
  const directory = inventAgencies(parts);
  const realm: Realm = { parts, directory, seed };
  const first = founders({ parts, directory }, given);
  return {
    directory,
    given,
    founders: first,
    households: () => peopled(realm, first, size - given.length),
  };
}

/** @param size Records, without those that were given. */
function* peopled(
  realm: Realm,
  first: readonly Household[],
  size: number,
): Generator<Household, void, undefined> {
  let records = 0;
  for (const household of first) {
    records += recordsIn(household);
    yield household;
  }
  for (let id = 0; records < size; id++) {
    const household = inventHousehold(realm, id);
    records += recordsIn(household);
    yield household;
  }
}

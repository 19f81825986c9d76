// One invented person with everything that is on file anywhere: always the same for a seed and a number,
// whatever else is made. What one file says of a person, the others say too.

import type { Directory } from './agencies.ts';
import { Chance } from './chance.ts';
import { Entries } from './entry.ts';
import { inventHistory, mayHaveHistory } from './history.ts';
import type { Parts } from './parts.ts';
import { inventLicence, inventName, inventPerson } from './person.ts';
import type { Birth, Named } from './person.ts';
import { enterPerson } from './person-records.ts';
import { inventBoat, inventVehicles } from './property.ts';
import { enterProperty } from './property-records.ts';
import type { Boat, Household } from './words.ts';

/** What all households of a world share. */
export interface Realm {
  readonly parts: Parts;
  readonly directory: Directory;
  readonly seed: number;
}

/** @param id From 0 to `peopleMax` - 1. */
export function inventHousehold(realm: Realm, id: number): Household {
  const { parts, directory, seed } = realm;
  const { chance, wanted, arrested, namesake } = begin(realm, id);
  const named = namesake ? nameOf(realm, id - 1) : inventName(parts, chance);
  const hasHistory = arrested && mayHaveHistory(parts, named);
  const birth: Birth = { parts, seed, id, hasHistory, named };
  const person = inventPerson(birth, chance);
  const history = hasHistory ? inventHistory(parts, directory, person, chance) : [];
  const licence = inventLicence(birth, person, chance);
  const grown = licence.cls !== 'ID';
  const slot = { parts, seed, slot: id };
  const vehicles = grown ? inventVehicles(slot, person, chance) : [];
  const boats: readonly Boat[] =
    grown && chance.happens(parts.often('boat')) ? [inventBoat(slot, person, chance)] : [];
  const entries = new Entries(parts, directory, chance, id);
  enterProperty(entries, { person, vehicles, boats });
  enterPerson(entries, { person, licence, vehicles, wanted });
  return { person, licence, vehicles, boats, history, records: entries.records };
}

interface Beginning {
  readonly chance: Chance;
  readonly wanted: boolean;
  readonly arrested: boolean;
  readonly namesake: boolean;
}

/** The first choices of the stream of a person, on which the name follows. */
function begin({ parts, seed }: Realm, id: number): Beginning {
  const chance = new Chance(seed, id);
  const wanted = chance.happens(parts.often('wanted'));
  const arrested = chance.happens(parts.often(wanted ? 'historyOfWanted' : 'history'));
  const namesake = id > 0 && chance.happens(parts.often('namesake'));
  return { chance, wanted, arrested, namesake };
}

/** The name of another person without the rest. */
function nameOf(realm: Realm, id: number): Named {
  const { chance, namesake } = begin(realm, id);
  return namesake ? nameOf(realm, id - 1) : inventName(realm.parts, chance);
}

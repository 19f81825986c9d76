// Invented vehicles and boats. Numbers come from the slot of the owner, so that none comes twice.

import { scattered } from './chance.ts';
import type { Chance } from './chance.ts';
import type { Parts } from './parts.ts';
import type { Boat, Person, Vehicle } from './words.ts';
import { withWrongCheck } from './vin.ts';

const vehiclesMax = 3;

/** Where the numbers of a thing come from: the world, and a place no other thing has. */
export interface Slot {
  readonly parts: Parts;
  readonly seed: number;
  readonly slot: number;
}

export function inventVehicles(slot: Slot, owner: Person, chance: Chance): readonly Vehicle[] {
  const { parts } = slot;
  const chances = ['vehicle', 'secondVehicle', 'thirdVehicle'].map((name) => parts.often(name));
  const count = chances.findIndex((often) => !chance.happens(often));
  return Array.from({ length: count === -1 ? vehiclesMax : count }, (_, at) =>
    inventVehicle({ ...slot, slot: slot.slot * vehiclesMax + at }, owner, chance),
  );
}

function inventVehicle({ parts, seed, slot }: Slot, owner: Person, chance: Chance): Vehicle {
  const kind = chance.pick(parts.vehicles);
  const type = chance.happens(9_000) ? kind.type : chance.pick(parts.plateTypes);
  const year = chance.between(2001, 2030);
  return {
    lic: plateOf(parts, scattered(slot, parts.plateLetters.length * perLetters, seed)),
    ...{
      lis: owner.state,
      liy: String(Number(parts.today.slice(0, 4)) + chance.below(2)),
      lit: type,
    },
    vin: vinOf(parts, { year, serial: scattered(slot, parts.vinPlants.length * perPlant, seed) }),
    vyr: String(year),
    ...{ vma: kind.make, vmo: kind.model, vst: kind.style, vco: chance.pick(parts.colours) },
  };
}

/** Hull and registration numbers of a boat. @source ncic 3.3 */
export function inventBoat({ parts, slot }: Slot, owner: Person, chance: Chance): Boat {
  const kind = chance.pick(parts.boats);
  const year = chance.between(1_995, 2_030);
  const number = String(slot).padStart(6, '0');
  return {
    // Eight characters: the state, Z, and five of 36 letters and digits without O.
    reg: `${owner.state}Z${baseName(slot)}`,
    ...{ res: owner.state, rey: String(Number(parts.today.slice(0, 4)) + chance.below(3)) },
    bhn: `ZZZ${number}Z${String(year).slice(2)}`,
    ...{ byr: String(year), bma: chance.pick(parts.boatMakes), bty: kind.type, ble: kind.length },
    ...{ bco: chance.pick(parts.boatColours), hul: kind.hull, pro: kind.propulsion },
  };
}

/** Plates to one group of letters, and vehicles to one plant. */
const perLetters = 10_000;
const perPlant = 1_000_000;

/** A digit, three letters, three digits. */
function plateOf({ plateLetters }: Parts, number: number): string {
  const letters = plateLetters[Math.floor(number / perLetters)] ?? '';
  const digits = String(number % perLetters).padStart(4, '0');
  return digits.slice(0, 1) + letters + digits.slice(1);
}

function vinOf(parts: Parts, of: { readonly year: number; readonly serial: number }): string {
  const plant = parts.vinPlants[Math.floor(of.serial / perPlant)] ?? '';
  const letter = parts.vinYears[of.year - 2001] ?? '0';
  const serial = String(of.serial % perPlant).padStart(6, '0');
  return withWrongCheck(`${parts.vinMaker}00${letter}${plant}${serial}`);
}

const baseName = (value: number): string =>
  value.toString(34).toUpperCase().replaceAll('O', 'Z').padStart(5, '0');

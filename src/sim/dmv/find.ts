// What an inquiry to a motor vehicle department finds. What is not of the asked state is not found; a
// field that is given and does not agree excludes. @source nlets 7; matching is policy

import { foldName, foldNumber } from '../ncic/fold.ts';
import { givenNamesAgree, splitName } from '../ncic/name.ts';
import type { Boat, Vehicle } from '../world/words.ts';
import type { DmvStore, LicencedPerson, Owned } from './store.ts';

/** The state that is asked, and the fields of the inquiry. */
export interface Wanted {
  readonly state: string;
  readonly values: ReadonlyMap<string, string>;
}

/** By plate or by vehicle number; both narrow. LIY does not: a plate is asked about when it is overdue. */
export function findVehicles(store: DmvStore, wanted: Wanted): readonly Owned<Vehicle>[] {
  const { values, state } = wanted;
  const [lic, vin] = [values.get('LIC'), values.get('VIN')];
  const found = lic === undefined ? store.vehiclesByVin(vin ?? '') : store.vehiclesByPlate(lic);
  return found.filter(
    ({ thing }) =>
      thing.lis === (values.get('LIS') ?? state) &&
      agrees(thing.lit, values.get('LIT')) &&
      (vin === undefined || foldNumber(thing.vin) === foldNumber(vin)),
  );
}

/** By number, or by name with what else is given of birth and sex. */
export function findLicences(store: DmvStore, wanted: Wanted): readonly LicencedPerson[] {
  const { values, state } = wanted;
  const oln = values.get('OLN');
  const found = oln === undefined ? namesakes(store, wanted) : store.licences(oln);
  return found.filter(({ licence }) => licence.ols === (values.get('OLS') ?? state));
}

export function findBoats(store: DmvStore, wanted: Wanted): readonly Owned<Boat>[] {
  const { values, state } = wanted;
  const [reg, hull] = [values.get('REG'), values.get('BHN')];
  const found =
    reg !== undefined
      ? store.boatsByNumber(reg)
      : hull !== undefined
        ? store.boatsByHull(hull)
        : namesakes(store, wanted).flatMap(({ person }) => store.boatsOf(person.id));
  return found.filter(({ thing }) => thing.res === (values.get('RES') ?? state));
}

/** Vehicles of everybody of a name. @source nlets 7.1 RNQ */
export function findVehiclesOf(store: DmvStore, wanted: Wanted): readonly Owned<Vehicle>[] {
  return namesakes(store, wanted)
    .flatMap(({ person }) => store.vehiclesOf(person.id))
    .filter(({ thing }) => thing.lis === wanted.state);
}

/** Surnames agree letter by letter, given names where both are there; birth exactly, sex but U. */
function namesakes(store: DmvStore, { values }: Wanted): readonly LicencedPerson[] {
  const asked = splitName(values.get('NAM') ?? '');
  const sex = values.get('SEX');
  return store
    .namesakes(foldName(asked.surname), values.get('DOB'))
    .filter(
      ({ person }) =>
        givenNamesAgree(asked.given, splitName(person.nam).given) &&
        (sex === 'U' || agrees(person.sex, sex)),
    );
}

const agrees = (held: string, asked: string | undefined): boolean =>
  asked === undefined || asked === held;

// The lines with which a motor vehicle department answers: one thing whole, a list of several, or that
// nothing is on file. They are asked here by its host, and by whoever plays another state.

import { fillLine, fillLines } from '../layout.ts';
import type { LayoutValues } from '../layout.ts';
import { echoOf, setIn } from '../member.ts';
import type { Boat, Vehicle } from '../world/words.ts';
import { findBoats, findLicences, findVehicles, findVehiclesOf } from './find.ts';
import type { Wanted } from './find.ts';
import type { DmvStore, LicencedPerson, Owned } from './store.ts';
import type { DmvTables, Subject } from './tables.ts';

export interface DmvAnswer {
  /** Key of the answer. */
  readonly key: string;
  readonly lines: readonly string[];
  /** How many were found; undefined where the inquiry could not be searched. */
  readonly found?: number;
}

/** Lines of a list; what is more is not shown. */
const listMax = 20;

export class DmvAnswers {
  readonly #store: DmvStore;
  readonly #tables: DmvTables;

  constructor(store: DmvStore, tables: DmvTables) {
    this.#store = store;
    this.#tables = tables;
  }

  /** Undefined: no department takes this key. */
  answer(state: string, key: string, values: ReadonlyMap<string, string>): DmvAnswer | undefined {
    const row = this.#tables.keys.get(key);
    if (row === undefined) return undefined;
    const set = setIn(row.sets, values);
    if (set === undefined) {
      const sets = row.sets.map((codes) => codes.join(' ')).join(', OR ');
      return {
        key: row.answer,
        lines: [fillLine(this.#tables.missing, { STATE: state, SETS: sets })],
      };
    }
    const lines = this.#find(row.about, { state, values });
    if (lines.length > 0) return { key: row.answer, lines, found: lines.length };
    const none = row.about === 'snowmobile' ? this.#tables.notKept : this.#tables.none;
    const nothing = fillLine(none, { STATE: state, ASKED: echoOf(values, set) });
    return { key: row.answer, lines: [nothing], found: 0 };
  }

  /** Empty where nothing is on file. */
  #find(about: Subject, wanted: Wanted): readonly string[] {
    switch (about) {
      case 'vehicle':
        return this.#vehicles(findVehicles(this.#store, wanted));
      case 'vehicles-of':
        return this.#vehicles(findVehiclesOf(this.#store, wanted));
      case 'licence':
      case 'licences-by-name':
        return this.#people(findLicences(this.#store, wanted), (one) =>
          fillLines(this.#tables.licence, this.#personValues(one)),
        );
      case 'driver':
        return this.#people(findLicences(this.#store, wanted), (one) => this.#driver(one));
      case 'boat':
        return this.#boats(findBoats(this.#store, wanted));
      case 'snowmobile':
        return [];
    }
  }

  #vehicles(found: readonly Owned<Vehicle>[]): readonly string[] {
    const [only] = found;
    if (only === undefined || found.length > 1)
      return this.#list(found, this.#tables.listVehicle, ({ thing }) => vehicleValues(thing));
    const { thing } = only;
    const expires = /^\d{4}$/.test(thing.liy) ? `${thing.liy}1231` : thing.liy;
    const values = { ...this.#ownerValues(only), ...vehicleValues(thing) };
    return fillLines(this.#tables.vehicle, { ...values, STATE: thing.lis, EXPIRES: expires });
  }

  #boats(found: readonly Owned<Boat>[]): readonly string[] {
    const [only] = found;
    if (only === undefined || found.length > 1)
      return this.#list(found, this.#tables.listBoat, ({ thing }) => boatValues(thing));
    const { thing } = only;
    const values = { ...this.#ownerValues(only), ...boatValues(thing) };
    return fillLines(this.#tables.boat, {
      ...values,
      STATE: thing.res,
      EXPIRES: `${thing.rey}1231`,
    });
  }

  #people(
    found: readonly LicencedPerson[],
    whole: (one: LicencedPerson) => readonly string[],
  ): readonly string[] {
    const [only] = found;
    return only === undefined || found.length > 1
      ? this.#list(found, this.#tables.listPerson, (one) => this.#personValues(one))
      : whole(only);
  }

  /** @source nlets 7.3 */
  #driver(one: LicencedPerson): readonly string[] {
    const { violations } = one.licence;
    const past = violations.map(({ date, code, name }) =>
      fillLine(this.#tables.violation, { DATE: date, CODE: code, NAME: name }),
    );
    return [
      ...fillLines(this.#tables.driver, this.#personValues(one)),
      ...(past.length === 0 ? [this.#tables.noViolations] : past),
    ];
  }

  #list<T>(
    found: readonly T[],
    line: string,
    valuesOf: (one: T) => LayoutValues,
  ): readonly string[] {
    if (found.length === 0) return [];
    const shown = found.slice(0, listMax);
    return [
      fillLine(this.#tables.listHead, { COUNT: String(found.length) }),
      ...shown.map((one) => fillLine(line, valuesOf(one))),
      ...(found.length > shown.length ? [this.#tables.listMore] : []),
    ];
  }

  #ownerValues({ owner }: { readonly owner: number }): LayoutValues {
    const person = this.#store.person(owner);
    return person === undefined ? {} : this.#personValues(person);
  }

  #personValues({ person, licence }: LicencedPerson): LayoutValues {
    return {
      ...{ NAM: person.nam, SEX: person.sex, DOB: person.dob, HGT: person.hgt, WGT: person.wgt },
      ...{ EYE: person.eye, HAI: person.hai, STREET: person.street, CITY: person.city },
      ...{ ZIP: person.zip, OLN: licence.oln, OLS: licence.ols, OLY: licence.oly },
      ...{ STATE: licence.ols, ISSUED: licence.issued, STATUS: licence.status },
      CLASS: this.#tables.classes.get(licence.cls),
    };
  }
}

const vehicleValues = (vehicle: Vehicle): LayoutValues => ({
  ...{ LIC: vehicle.lic, LIS: vehicle.lis, LIY: vehicle.liy, LIT: vehicle.lit, VIN: vehicle.vin },
  ...{ VYR: vehicle.vyr, VMA: vehicle.vma, VMO: vehicle.vmo, VST: vehicle.vst, VCO: vehicle.vco },
});

const boatValues = (boat: Boat): LayoutValues => ({
  ...{ REG: boat.reg, RES: boat.res, BHN: boat.bhn, BYR: boat.byr, BMA: boat.bma },
  ...{ BTY: boat.bty, BLE: boat.ble, BCO: boat.bco },
});

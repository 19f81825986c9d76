// The people behind the records of config/sim/records.json, who belong to every world: a licence and a
// history for who is wanted or missing, an owner for what was stolen. Their numbers are kept apart from
// all others, and no seed changes them. @source spec/contracts 1

import type { NewRecord } from '../ncic/record.ts';
import { valueOf, valuesOf } from '../ncic/record.ts';
import { Chance } from './chance.ts';
import { inventHistory, mayHaveHistory } from './history.ts';
import type { Realm } from './household.ts';
import { historyNumbers, inventLicence, inventName, inventPerson } from './person.ts';
import type { Parts } from './parts.ts';
import { withWrongCheck } from './vin.ts';
import type { Boat, Household, Licence, Person, Vehicle } from './words.ts';

/** One household for each record that names a person, a vehicle, a plate or a boat, without the record. */
export function founders(
  realm: Omit<Realm, 'seed'>,
  records: Iterable<NewRecord>,
): readonly Household[] {
  const fixed: Realm = { ...realm, seed: 0 };
  const households: Household[] = [];
  for (const record of records) {
    const number = households.length;
    const has = (code: string): boolean => valueOf(record, code) !== undefined;
    if (number < foundersMax && (has('NAM') || has('LIC') || has('VIN') || has('REG')))
      households.push(founder(fixed, record, number));
  }
  return households;
}

/** As many numbers are kept for them. */
const foundersMax = 900;
/** The streams of the founders come after those of all others. */
const streamFrom = 0x7000_0000;
/** With numbers that no invented person reaches. */
const numberFrom = 990_000;

function founder(realm: Realm, record: NewRecord, number: number): Household {
  const { parts, directory } = realm;
  const chance = new Chance(realm.seed, streamFrom + number);
  const id = numberFrom + number;
  const named = inventName(parts, chance);
  const birth = { parts, seed: realm.seed, id, hasHistory: false, named, plain: true };
  const person = personOf(record, { ...inventPerson(birth, chance), id: -1 - number }, number);
  const licence = licenceOf(record, inventLicence(birth, person, chance), { person, number });
  const has = (code: string): boolean => valueOf(record, code) !== undefined;
  const grown = licence.cls !== 'ID';
  const wanted = has('NAM') && mayHaveHistory(parts, person);
  const history = wanted ? inventHistory(parts, directory, person, chance) : [];
  const kind = chance.pick(parts.vehicles);
  return {
    person: history.length === 0 ? person : { ...historyNumbers(id, person.state), ...person },
    ...{ licence, history, records: [] },
    vehicles:
      grown || has('LIC') || has('VIN') ? vehiclesOf(record, { person, number, kind, parts }) : [],
    boats: boatOf(record),
  };
}

/** The person as the record says, and invented where it is silent. */
function personOf(record: NewRecord, invented: Person, number: number): Person {
  const said = (code: string, other: string): string => valueOf(record, code) ?? other;
  // An owner is no child; the record of a person says its own birth.
  const born = valueOf(record, 'NAM') === undefined ? ownerBirth(number) : invented.dob;
  const aka = valuesOf(record, 'AKA')[0];
  const smt = valueOf(record, 'SMT');
  const [fbi, sid] = [valueOf(record, 'FBI'), valueOf(record, 'SID')];
  return {
    ...invented,
    ...{ nam: said('NAM', invented.nam), sex: said('SEX', invented.sex) },
    ...{ rac: said('RAC', invented.rac), dob: said('DOB', born), pob: said('POB', invented.pob) },
    ...{ hgt: said('HGT', invented.hgt), wgt: said('WGT', invented.wgt) },
    ...{ eye: said('EYE', invented.eye), hai: said('HAI', invented.hai) },
    ...{ skn: said('SKN', invented.skn), soc: said('SOC', `00099${5_000 + number}`) },
    ...(aka === undefined ? {} : { aka }),
    ...(smt === undefined ? {} : { smt }),
    ...(fbi === undefined ? {} : { fbi }),
    ...(sid === undefined ? {} : { sid }),
    state: stateOf(record, invented.state),
  };
}

const ownerBirth = (number: number): string => `${1_950 + (number % 40)}0${1 + (number % 9)}15`;

/** Where the person lives: by licence, plate or boat. */
const stateOf = (record: NewRecord, other: string): string =>
  ['OLS', 'LIS', 'RES'].map((code) => valueOf(record, code)).find((state) => state !== undefined) ??
  other;

function licenceOf(
  record: NewRecord,
  invented: Licence,
  { person, number }: { readonly person: Person; readonly number: number },
): Licence {
  return {
    ...invented,
    oln: valueOf(record, 'OLN') ?? `Z99${String(50_000 + number)}`,
    ols: person.state,
    oly: valueOf(record, 'OLY') ?? invented.oly,
  };
}

/** The vehicle that the record names; of a person one that is invented where it names none. */
function vehiclesOf(
  record: NewRecord,
  of: {
    readonly person: Person;
    readonly number: number;
    readonly kind: Parts['vehicles'][number];
    readonly parts: Parts;
  },
): readonly Vehicle[] {
  const { person, number, kind, parts } = of;
  if (!['NAM', 'LIC', 'VIN'].some((code) => valueOf(record, code) !== undefined)) return [];
  const said = (code: string, other: string): string => valueOf(record, code) ?? other;
  const serial = String(990_000 + number);
  const vin = withWrongCheck(`9ZZTS7X00KN${serial}`);
  return [
    {
      lic: said('LIC', `9ZZZ${String(number).padStart(3, '0')}`),
      ...{
        lis: said('LIS', person.state),
        liy: said('LIY', String(Number(parts.today.slice(0, 4)) + 1)),
      },
      ...{ lit: said('LIT', 'PC'), vin: said('VIN', vin), vyr: said('VYR', '2019') },
      vma: said('VMA', kind.make),
      vmo: said('VMO', kind.model),
      vst: said('VST', kind.style),
      vco: said('VCO', parts.colours[number % parts.colours.length] ?? ''),
    },
  ];
}

function boatOf(record: NewRecord): readonly Boat[] {
  const said = (code: string): string => valueOf(record, code) ?? '';
  if (said('REG') === '') return [];
  return [
    {
      ...{ reg: said('REG'), res: said('RES'), rey: said('REY'), bhn: said('BHN') },
      ...{ byr: said('BYR'), bma: said('BMA'), bty: said('BTY'), ble: said('BLE') },
      ...{ bco: said('BCO'), hul: said('HUL'), pro: said('PRO') },
    },
  ];
}

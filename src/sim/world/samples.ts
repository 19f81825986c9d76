// What a trainer can type at a world: for each kind of record one inquiry that finds it, taken from the
// first people that have one, and some that find nothing.

import type { NcicRecord } from '../ncic/record.ts';
import { valueOf } from '../ncic/record.ts';
import type { Household } from './words.ts';

export interface Sample {
  /** What it finds. */
  readonly about: string;
  /** As a station sends it; a line ends in CR LF. */
  readonly text: string;
}

const asker = 'CA0990100';

/** Looks at people one after the other and keeps the first of each kind. */
export class Sampler {
  readonly #samples = new Map<string, Sample>();

  see(household: Household): void {
    for (const record of household.records) this.#add(record.kind, () => recordSample(record));
    this.#seeMotorVehicles(household);
    this.#seeHistory(household);
  }

  /** By kind, as `world.json` has them. */
  get samples(): Readonly<Record<string, Sample>> {
    return Object.fromEntries([...this.#samples].sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  #seeMotorVehicles({ person, licence, vehicles, boats }: Household): void {
    const [vehicle] = vehicles;
    const [boat] = boats;
    const { nam, dob, sex, state } = person;
    const among = { nam, dob, sex, state };
    if (vehicle !== undefined) {
      const { lis, lic, liy, lit, vin } = vehicle;
      const plate = `LIC/${lic}.LIY/${liy}.LIT/${lit}`;
      this.#add('RQ plate', () => asked('registration and owner', 'RQ', lis, plate));
      this.#add('RQ vehicle', () => asked('registration and owner', 'RQ', lis, `VIN/${vin}`));
      if (lis !== 'CA')
        this.#add('RQ other state', () => asked('registration in another state', 'RQ', lis, plate));
    }
    this.#add('DQ number', () => asked('licence', 'DQ', state, `OLN/${licence.oln}`));
    this.#add('DQ name', () => asked('licence', 'DQ', state, nameFields(among)));
    if (licence.violations.length > 0)
      this.#add('KQ', () => asked('driver history', 'KQ', state, `OLN/${licence.oln}`));
    if (boat !== undefined)
      this.#add('BQ', () => asked('boat and owner', 'BQ', boat.res, `REG/${boat.reg}`));
  }

  #seeHistory({ person, history }: Household): void {
    const { nam, dob, sex, rac, fbi, sid, state } = person;
    if (history.length === 0 || fbi === undefined || sid === undefined) return;
    const purpose = 'PUR/C.ATN/DET SAMPLE';
    const index = `NAM/${nam}.SEX/${sex}.RAC/${rac}.DOB/${dob}`;
    this.#add('QH', () => ({
      about: 'entry of the criminal history index',
      text: `QH.${asker}.${index}.${purpose}`,
    }));
    this.#add('QR', () => ({
      about: 'criminal history record',
      text: `QR.${asker}.FBI/${fbi}.${purpose}`,
    }));
    const name = nameFields({ nam, dob, sex });
    this.#add('IQ', () => asked('identity in a state', 'IQ', state, `${purpose}.${name}`));
    this.#add('FQ', () => asked('record of a state', 'FQ', state, `${purpose}.SID/${sid}`));
  }

  #add(kind: string, sample: () => Sample): void {
    if (!this.#samples.has(kind)) this.#samples.set(kind, sample());
  }
}

const nameFields = (person: { readonly nam: string; readonly dob: string; readonly sex: string }) =>
  `NAM/${person.nam}.DOB/${person.dob}.SEX/${person.sex}`;

/** In the form of the link: destinations, TXT and a line of fields. */
const asked = (about: string, key: string, state: string, fields: string): Sample => ({
  about,
  text: `${key}.${asker}.${state}.TXT\r\n${fields}`,
});

/** By what each file is asked, in ncic 5. */
const inquiries: readonly (readonly [kinds: RegExp, key: string, codes: readonly string[]])[] = [
  [/^(EV|EF|EL)$/, 'QV', ['LIC', 'LIS']],
  [/^EP$/, 'QV', ['SER']],
  [/^EB$/, 'QB', ['REG', 'RES']],
  [/^E[LFR]?G$/, 'QG', ['SER', 'MAK', 'CAL']],
  [/^EL?AA?$/, 'QA', ['TYP', 'SER']],
  [/^ESS?$/, 'QS', ['TYP', 'SER', 'DEN']],
  // QWA, because a want may be limited to the state of its owner.
  [/^(EW|EWJ|ET)$/, 'QWA', ['NAM', 'DOB']],
  [/^EM/, 'QM', ['NAM', 'DOB']],
  [/^EU/, 'QU', ['NIC']],
  [/^E[PT]O$/, 'QPO', ['NAM', 'DOB']],
  [/^EID$/, 'QID', ['SOC']],
];

function recordSample(record: NcicRecord): Sample {
  const [, key, codes] = inquiries.find(([kinds]) => kinds.test(record.kind)) ?? [
    /^/,
    'QV',
    ['NIC'],
  ];
  const fields = codes.map((code) => {
    const value = code === 'NIC' ? record.nic : valueOf(record, code);
    return `${code}/${value ?? ''}`;
  });
  return {
    about: `record ${record.nic} of ${record.ori}`,
    text: `${key}.${asker}.${fields.join('.')}`,
  };
}

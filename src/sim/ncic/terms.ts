// Under what a record is found: one folded term for each value that an inquiry may name. An inquiry
// asks for the same terms, and what it finds is compared in full afterwards: a term may find too much,
// never too little. Pure.

import { foldGunSerial, foldName, foldNumber, foldVin } from './fold.ts';
import { soundOf, splitName } from './name.ts';
import type { PersonName, Phonetic } from './name.ts';
import { valueOf, valuesOf } from './record.ts';
import type { NcicFile, NewRecord, Pair } from './record.ts';
import { groupRuns, serialBucket } from './serials.ts';

/** A term is a label, a blank and a folded value. */
export const term = {
  nic: (nic: string) => `NIC ${foldNumber(nic)}`,
  case: (oca: string) => `OCA ${oca}`,
  link: (ori: string, oca: string) => `LNK ${ori} ${oca}`,
  plate: (lic: string) => `LIC ${foldNumber(lic)}`,
  vin: (vin: string) => `VIN ${foldVin(vin)}`,
  owned: (oan: string) => `OAN ${foldNumber(oan)}`,
  serial: (ser: string) => `SER ${foldNumber(ser)}`,
  gun: (ser: string) => `GUN ${foldGunSerial(ser)}`,
  number: (code: string, value: string) => `${code} ${foldNumber(value)}`,
  owner: (name: string) => `OWN ${foldName(name)}`,
  /** With the initial of the given name: most of a common surname is then never looked at. */
  person: (sound: string, birth: string, given: string) =>
    `NAM ${sound} ${birth} ${given.slice(0, 1) || '-'}`,
  run: (file: NcicFile, bucket: string) => `RUN ${file} ${bucket}`,
  /** What is looked at when nobody's name is known; an inquiry asks by its beginning. */
  missing: (sex: string, birthYear: string) => `DSM ${sex}${birthYear}`,
  unidentified: (sex: string) => `DSU ${sex}`,
} as const;

/** Numbers that name one person, each searched alone. @source ncic 4.4 */
export const personNumbers = ['SOC', 'FBI', 'SID', 'MNU', 'OLN'] as const;

export function termsOf(record: NewRecord, file: NcicFile, phonetic: Phonetic): readonly string[] {
  const terms = new Set<string>();
  if (record.nic !== undefined) terms.add(term.nic(record.nic));
  const put = (code: string, make: (value: string) => string): void => {
    for (const value of valuesOf(record, code)) if (value !== '') terms.add(make(value));
  };
  put('OCA', term.case);
  const linked = valueOf(record, 'LKI');
  if (linked !== undefined) put('LKA', (oca) => term.link(linked, oca));
  for (const [code, make] of numbersOf[file]) put(code, make);
  if (isGroup(record.kind)) for (const run of runTerms(record, file)) terms.add(run);
  if (isPersonFile(file)) for (const name of nameTerms(record, phonetic)) terms.add(name);
  if (file === 'missing') terms.add(missingTerm(record));
  if (file === 'unidentified') terms.add(unidentifiedTerm(record));
  return [...terms];
}

export const isPersonFile = (file: NcicFile): boolean => personFiles.has(file);

/** Consecutive articles or securities in one record. */
export const isGroup = (kind: string): boolean => groupKinds.has(kind);

const personFiles: ReadonlySet<NcicFile> = new Set([
  ...(['wanted', 'missing', 'unidentified', 'protection', 'identity'] as const),
]);
const groupKinds: ReadonlySet<string> = new Set(['EAA', 'ELAA', 'ESS']);

type Numbers = readonly (readonly [code: string, make: (value: string) => string])[];

const vehicleNumbers: Numbers = [
  ['LIC', term.plate],
  ['VIN', term.vin],
];
const person: Numbers = [
  ...personNumbers.map((code) => [code, (value: string) => term.number(code, value)] as const),
  ...vehicleNumbers,
];

const numbersOf: Readonly<Record<NcicFile, Numbers>> = {
  vehicle: [...vehicleNumbers, ['OAN', term.owned]],
  plate: [['LIC', term.plate]],
  part: [
    ['SER', term.serial],
    ['OAN', term.owned],
  ],
  boat: [
    ['REG', (value) => term.number('REG', value)],
    ['BHN', (value) => term.number('BHN', value)],
    ['CGD', (value) => term.number('CGD', value)],
    ['OAN', term.owned],
  ],
  gun: [['SER', term.gun]],
  article: [
    ['SER', term.serial],
    ['OAN', term.owned],
  ],
  security: [
    ['SER', term.serial],
    ['OWN', term.owner],
    ['SOC', (value) => term.number('SOC', value)],
  ],
  wanted: person,
  missing: person,
  unidentified: person,
  protection: [...person, ['PNO', (value) => term.number('PNO', value)]],
  identity: person,
};

/** What a name is asked for by: its initial, or nobody's; without a given name every one. */
export function personTerms(
  { surname, given }: PersonName,
  births: readonly string[],
  phonetic: Phonetic,
): readonly string[] {
  const sound = soundOf(surname, phonetic);
  const initials = given === '' ? anyInitial : [given, ''];
  return births.flatMap((birth) => initials.map((each) => term.person(sound, birth, each)));
}

/** No given name, or any. */
const anyInitial = Array.from('-ABCDEFGHIJKLMNOPQRSTUVWXYZ');

/** Each name with each date of birth, aliases and supplemental dates like those of the entry. @source ncic 4.4 */
function nameTerms(record: NewRecord, phonetic: Phonetic): string[] {
  const names = [...valuesOf(record, 'NAM'), ...valuesOf(record, 'AKA')].map(splitName);
  const births = valuesOf(record, 'DOB');
  return names.flatMap(({ surname, given }) => {
    const sound = soundOf(surname, phonetic);
    return births.map((birth) => term.person(sound, birth, given));
  });
}

function runTerms(record: NewRecord, file: NcicFile): string[] {
  return groupRuns(record).flatMap(({ low, high }) =>
    [...new Set([serialBucket(low), serialBucket(high)])].map((bucket) => term.run(file, bucket)),
  );
}

function missingTerm(record: NewRecord): string {
  const [sex, birth] = [valueOf(record, 'SEX') ?? 'U', valueOf(record, 'DOB') ?? ''];
  return `${term.missing(sex, birth.slice(0, 4).padEnd(4, '0'))} ${described(record)}`;
}

function unidentifiedTerm(record: NewRecord): string {
  const years = (valueOf(record, 'EYB') ?? '').padEnd(4, '0');
  return `${term.unidentified(valueOf(record, 'SEX') ?? 'U')} ${years} ${described(record)}`;
}

const looks = ['HGT', 'WGT', 'EYE', 'HAI', 'RAC'] as const;

const described = (record: NewRecord): string =>
  looks.map((code) => valueOf(record, code) ?? nothing).join(' ');
const nothing = '-';

/** The looks that stand at the end of the term of somebody missing or unidentified. */
export function looksOfTerm(found: string): Pick<NewRecord, 'fields'> {
  const values = found.split(' ').slice(-looks.length);
  const fields = looks.flatMap((code, at): Pair[] => {
    const value = values[at] ?? nothing;
    return value === nothing ? [] : [[code, value]];
  });
  return { fields };
}

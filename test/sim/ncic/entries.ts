// One whole entry of each kind, to be changed by the tests: invented, with the fields that are mandatory.

import { text } from './room.ts';

type Fields = Readonly<Record<string, string>>;

const person: Fields = {
  NAM: 'QUILLBRAND, OSRIC T',
  SEX: 'M',
  RAC: 'W',
  DOB: '19910307',
  HGT: '602',
  WGT: '210',
  EYE: 'GRN',
  HAI: 'BRO',
};

export const entries = {
  EV: {
    ...{ LIC: '7SIM042', LIS: 'NV', LIY: '2031', LIT: 'PC', VIN: '9ZZTS7X41KN200417', VYR: '2019' },
    ...{ VMA: 'TOYT', VMO: 'COR', VST: '4D', VCO: 'SIL', DOT: '20300214', OCA: '30-004417' },
  },
  EF: {
    ...{ LIC: '8SIM042', LIS: 'NV', LIY: '2031', LIT: 'PC', VIN: '9ZZTS7X41KN300417', VYR: '2019' },
    ...{ VMA: 'FORD', VST: '4D', DOT: '20300214', OCA: '30-004418' },
  },
  EL: { LIC: '3SIM111', LIS: 'NV', LIY: '2031', LIT: 'PC', DOT: '20300214', OCA: '30-007001' },
  EP: { SER: 'SIMP1001', BRA: 'MERC', CAT: 'EN', DOT: '20300214', OCA: '30-009001', MIS: 'ENGINE' },
  EB: {
    ...{ REG: 'CF9901ZZ', RES: 'NV', REY: '2031', BHN: 'ZZZ10000A30', BMA: 'SER', BTY: 'RUN' },
    ...{ BYR: '2010', DOT: '20300214', OCA: '30-008100' },
  },
  EG: { SER: 'SIM77A4431', MAK: 'GLC', CAL: '9', TYP: 'PI', DOT: '20300214', OCA: '30-005120' },
  ELG: { SER: 'SIM88A4431', MAK: 'GLC', CAL: '9', TYP: 'PI', DOT: '20300214', OCA: '30-005121' },
  EFG: { SER: 'SIM99A4431', MAK: 'GLC', CAL: '9', TYP: 'PI', DOT: '20300214', OCA: '30-005122' },
  ERG: { SER: 'SIM66A4431', MAK: 'GLC', CAL: '9', TYP: 'PI', DOR: '20300214', OCA: '30-005123' },
  EA: { TYP: 'DCOMPUT', SER: 'ZZA1001', BRA: 'SIMCO', DOT: '20300214', OCA: '30-006100' },
  ELA: { TYP: 'CCAMERA', SER: 'ZZA2001', BRA: 'SIMCO', DOT: '20300214', OCA: '30-006101' },
  ES: {
    ...{ TYP: 'FR', SER: 'B00990042C', DEN: '100', ISS: 'US', OWN: 'TESTBURG BANK', SDT: '2009A' },
    ...{ DOT: '20300214', OCA: '30-003001' },
  },
  EW: { ...person, OFF: '2299', DOW: '20291130', OCA: '29B-11806', EXL: '1', SOC: '000990042' },
  EWJ: { ...person, OFF: '2299', OOC: '2299', DOW: '20291130', OCA: '29B-11807', EXL: '1' },
  ET: { ...person, OFF: '2299', DOW: '20300307', OCA: '29B-11808' },
  EMD: { ...person, DLC: '20300301', MNP: 'MP', OCA: '30-120' },
  EME: { ...person, DLC: '20300301', MNP: 'CA', OCA: '30-121' },
  EMI: { ...person, DLC: '20300301', MNP: 'CA', OCA: '30-122' },
  EMJ: { ...person, DLC: '20300301', MNP: 'MP', OCA: '30-123', DOE: '20330307', DOB: '20150307' },
  EMV: { ...person, DLC: '20300301', MNP: 'DV', OCA: '30-124' },
  EMO: { ...person, DLC: '20300301', MNP: 'MP', OCA: '30-125' },
  EUD: {
    ...{ SEX: 'M', RAC: 'W', HGT: '600', WGT: '200', HAI: 'BRO', EYE: 'GRN', EYB: '19851995' },
    ...{ DBF: '20300302', BPS: 'ALL', CDA: 'U', OCA: '30-130' },
  },
  EUL: {
    ...{ SEX: 'M', RAC: 'W', HGT: '600', WGT: '200', HAI: 'BRO', EYE: 'GRN', EYB: '19851995' },
    ...{ DBF: '20300302', OCA: '30-131' },
  },
  EUV: {
    ...{ SEX: 'M', RAC: 'W', HGT: '600', WGT: '200', HAI: 'BRO', EYE: 'GRN', EYB: '19851995' },
    ...{ DBF: '20300302', OCA: '30-132' },
  },
  EPO: {
    ...{
      NAM: 'GROVELL, ENZO',
      SEX: 'M',
      RAC: 'W',
      DOB: '19850530',
      PNO: 'PO30117',
      ISD: '20300301',
    },
    ...{ EXP: '20300601', PCO: '07', CTI: 'CA099013J', BRD: 'Y', OCA: '30-140' },
  },
  ETO: {
    ...{
      NAM: 'GROVELL, ENZO',
      SEX: 'M',
      RAC: 'W',
      DOB: '19850530',
      PNO: 'PO30118',
      ISD: '20300301',
    },
    ...{ EXP: '20300401', PCO: '07', CTI: 'CA099013J', BRD: 'Y', OCA: '30-141' },
  },
  EID: { ...person, IDT: 'CFRD', DOT: '20300101', DOP: '20320601', PWD: 'OTTER9', OCA: '30-150' },
} as const satisfies Readonly<Record<string, Fields>>;

export type EntryKey = keyof typeof entries;

/** The text of an entry by an agency, with some fields otherwise; an empty one is left out. */
export function entry(
  key: EntryKey,
  change: Fields = {},
  { ori = 'NV0990200', suffix = '' }: { readonly ori?: string; readonly suffix?: string } = {},
): string {
  const fields = Object.entries({ ...entries[key], ...change }).filter(([, value]) => value !== '');
  return `${key}${suffix}.${ori}.${text(Object.fromEntries(fields))}`;
}

export const groupEntry = (
  key: 'EAA' | 'ELAA' | 'ESS',
  {
    low,
    high,
    ori = 'NV0990200',
  }: { readonly low: string; readonly high: string; readonly ori?: string },
): string => {
  const fields = Object.entries(key === 'ESS' ? entries.ES : entries.EA);
  const others = Object.fromEntries(fields.filter(([code]) => code !== 'SER'));
  return `${key}.${ori}.${text(others)}.SER/${low}.SER/${high}`;
};

// What an entry of each file asks for (ncic 5.1 to 5.13), and what repeats (1.4). A row cites the section and the first cell of its row there.

import { describe, expect, it } from 'vitest';
import { keyTable } from '#protocol/keys';
import { edited, verdict, whole, withField } from './edit.ts';

const without = (key: string, ...codes: readonly string[]): string =>
  (whole[key] ?? '')
    .split('.')
    .filter((part) => !codes.includes(part.slice(0, 3)))
    .join('.');

describe('a whole entry is taken, by each key of its format', () => {
  it.each(Object.keys(whole))('%s', (key) => {
    const format = keyTable.get(key)?.edits?.format;
    const alike = keyTable.all.filter(({ edits }) => edits?.format === format);
    for (const { mke } of alike) expect(edited(mke, whole[key] ?? ''), mke).toBe(whole[key]);
  });
});

/** M: each of these is missed when it is not there. */
describe('what is mandatory', () => {
  it.each([
    ['5.1 M', 'EV', 'VMA VST DOT OCA'],
    ['5.1 M', 'EF', 'VMA VST DOT OCA'],
    ['5.2 M', 'EL', 'LIC LIS LIY LIT DOT OCA'],
    ['5.3 M', 'EP', 'BRA CAT DOT OCA MIS'],
    ['5.4 M', 'EB', 'BMA BTY BYR DOT OCA'],
    ['5.5 M stolen/lost/felony', 'EG', 'SER MAK CAL TYP DOT OCA'],
    ['5.5 M stolen/lost/felony', 'ELG', 'SER MAK CAL TYP DOT OCA'],
    ['5.5 M recovered', 'ERG', 'SER MAK CAL TYP DOR OCA'],
    ['5.6 M', 'EA', 'TYP BRA DOT OCA'],
    ['5.6 group', 'EAA', 'TYP BRA SER DOT OCA'],
    ['5.7 M', 'ES', 'TYP SER DEN ISS OWN SDT DOT OCA'],
    ['5.8 M', 'EW', 'NAM SEX RAC HGT WGT HAI OFF DOW OCA EXL'],
    ['5.8 M juvenile EWJ', 'EWJ', 'NAM SEX RAC HGT WGT HAI OFF DOW OCA EXL OOC DOB'],
    ['5.8 ET', 'ET', 'NAM SEX RAC HGT WGT HAI OFF DOW OCA'],
    ['5.9 M', 'EME', 'NAM SEX RAC DOB HGT WGT EYE HAI DLC MNP OCA'],
    ['5.9 M EMJ', 'EMJ', 'NAM SEX RAC DOB HGT WGT EYE HAI DLC MNP OCA DOE'],
    ['5.10 M', 'EUD', 'SEX RAC HGT WGT HAI EYE EYB DBF BPS CDA OCA'],
    ['5.10 M', 'EUL', 'SEX RAC HGT WGT HAI EYE EYB DBF OCA'],
    ['5.11 M', 'EPO', 'NAM SEX RAC PNO ISD EXP PCO CTI BRD OCA'],
    ['5.12 M', 'EID', 'NAM SEX RAC DOB HGT WGT EYE HAI IDT DOT DOP PWD OCA'],
    ['5.13 Sex offender', 'EXS', 'OCA ORD ERD CRR CON NAM SEX RAC HGT WGT HAI EYE DOB STA'],
    ['3.1 DOC', 'XV', 'DOC'],
    ['3.1 DCL', 'CV', 'DCL'],
    ['3.6 DIS', 'LW', 'DIS'],
  ])('%s: %s needs each of %s', (_, key, codes) => {
    const like = keyTable.get(key)?.edits?.format;
    const from = Object.keys(whole).find((mke) => keyTable.get(mke)?.edits?.format === like) ?? key;
    for (const code of codes.split(' ')) {
      const text = without(from, code);
      expect(edited(key, text)).toBe(`missing ${code} @${text.length}`);
    }
  });
});

describe('one of the groups is there, whole', () => {
  it.each([
    ['5.1 M', 'EV', 'LIC LIS LIY LIT VIN VYR', 'LIC/1.LIS/CA.LIY/NX.LIT/PC', 'ok'],
    ['5.1 M', 'EV', 'LIC LIS LIY LIT VIN VYR', 'VIN/1.VYR/2019', 'ok'],
    ['5.1 M', 'EV', 'LIC LIS LIY LIT VIN VYR', 'OAN/17.VYR/2019', 'ok'],
    ['5.1 M', 'EV', 'LIC LIS LIY LIT VIN VYR', 'LIC/1.LIS/CA.LIT/PC', 'missing LIY'],
    ['5.1 M', 'EV', 'LIC LIS LIY LIT', 'LIS/CA', 'missing LIC'],
    ['5.1 M', 'EV', 'LIC LIS LIY LIT VIN VYR', 'VIN/1', 'missing VYR'],
    ['5.3 M', 'EP', 'SER', 'OAN/17', 'ok'],
    ['5.3 M', 'EP', 'SER', '', 'missing SER'],
    ['5.4 M', 'EB', 'BHN', 'REG/NV1.RES/NV.REY/NX', 'ok'],
    ['5.4 M', 'EB', 'BHN', 'CGD/123456', 'ok'],
    ['5.4 M', 'EB', 'BHN', 'OAN/17', 'ok'],
    ['5.4 M', 'EB', 'BHN', 'REG/NV1.RES/NV', 'missing REY'],
    ['5.6 M', 'EA', 'SER', 'OAN/17', 'ok'],
    ['5.6 M', 'EA', 'SER', '', 'missing SER'],
    ['5.8 M', 'EW', 'DOB', 'FBI/12345', 'ok'],
    ['5.8 M', 'EW', 'DOB', 'MNU/OA-1', 'ok'],
    ['5.8 M', 'EW', 'DOB', 'SOC/000990042', 'ok'],
    ['5.8 M', 'EW', 'DOB', 'OLN/Q1.OLS/OR.OLY/NX', 'ok'],
    ['5.8 M', 'EW', 'DOB', 'LIC/1.LIS/CA.LIY/NX.LIT/PC', 'ok'],
    ['5.8 M', 'EW', 'DOB', 'VIN/1.VYR/2019.VMA/TOYT', 'ok'],
    ['5.8 M', 'EW', 'DOB', '', 'missing DOB'],
    ['5.8 M', 'EW', 'DOB', 'OLN/Q1', 'missing OLS'],
    ['3.6 OLN OLS OLY', 'EW', '', 'OLN/Q1.OLS/OR', 'missing OLY'],
    ['3.1 LKI', 'EV', '', 'LKI/NV0990200', 'missing LKA'],
    ['3.1 LKA', 'EV', '', 'LKA/30-1', 'missing LKI'],
    ['5.11 M', 'EPO', 'DOB', 'OLN/Q1.OLS/OR.OLY/NX', 'ok'],
    ['5.11 M', 'EPO', 'DOB', '', 'missing DOB'],
    ['5.11 protected person', 'EPO', '', 'PPN/DOE, A', 'missing PPB'],
    ['5.11 protected person', 'EPO', '', 'PPN/DOE, A.PSN/000990042', 'ok'],
    ['5.1 L tail', 'LV', 'DOR', 'DOL/20300306', 'ok'],
    ['5.1 L tail', 'LV', 'DOR', '', 'missing DOR'],
  ])('%s: %s without %s, with "%s": %s', (_, key, gone, more, outcome) => {
    const text = `${without(key, ...gone.split(' '))}${more === '' ? '' : `.${more}`}`;
    expect(verdict(edited(key, text))).toBe(outcome);
  });
});

describe('what one field says of others', () => {
  it.each([
    ['5.5 M stolen/lost/felony', 'EG', 'MAK', 'ZZZ', 'missing MIS'],
    ['5.5 M recovered', 'ERG', 'MAK', 'ZZZ', 'data MAK'],
    ['3.1 MIS, 5.5 M recovered', 'ERG', 'MIS', 'FRAME CUT', 'not-allowed MIS'],
    ['3.2 CAT', 'EP', 'BRA', 'PART', 'data CAT'],
    ['3.5 BRA', 'EA', 'BRA', 'NO BRA', 'missing MIS'],
    ['3.2 OAN', 'EP', 'OAN', 'ZP0042X', 'data OAN'],
    ['5.6 group', 'EAA', 'OAN', '17', 'not-allowed OAN'],
    ['3.7, 5.8 before entry', 'EW', 'EXL', '2', 'missing MIS'],
    ['3.7, 5.8 before entry', 'EW', 'EXL', 'D', 'missing MIS'],
    ['3.6 DNA, DLO', 'EW', 'DNA', 'Y', 'missing DLO'],
    ['3.6 DNA, DLO', 'EW', 'DNA', 'N', 'ok'],
    ['3.6 PCO', 'EPO', 'PCO', '08', 'missing MIS'],
    ['2.3 -C', 'EW', 'CMC', '00', 'ok'],
    ['1.4 an update, a field of another file', 'EV', 'NAM', 'DOE, A', 'not-allowed NAM'],
  ])('%s: %s with %s/%s: %s', (_, key, code, value, outcome) => {
    expect(verdict(withField(key, code, value))).toBe(outcome);
  });

  it('2.3 -C: caution needs its code', () => {
    for (const [caution, plain] of [
      ['EW-C', 'EW'],
      ['EWJ-C', 'EWJ'],
      ['ET-C', 'ET'],
      ['EME-C', 'EME'],
      ['EMJ-C', 'EMJ'],
      ['EPO-C', 'EPO'],
      ['EXS-C', 'EXS'],
    ] as const) {
      expect(verdict(edited(caution, whole[plain] ?? '')), caution).toBe('missing CMC');
      expect(verdict(edited(caution, `${whole[plain] ?? ''}.CMC/00`)), caution).toBe('ok');
    }
  });
});

describe('repetition (ncic 1.4)', () => {
  const codes = ['00', '01', '05', '10', '15', '20', '25', '30', '35', '40'];
  const cautions = codes.map((code) => `CMC/${code}`).join('.');
  it.each([
    ['repeated code in an entry', 'EV', 'VCO/SIL.VCO/BLK', 'repeated VCO'],
    ['fields that repeat in an entry: CMC 10', 'EW', cautions, 'ok'],
    ['fields that repeat in an entry: CMC 10', 'EW', `${cautions}.CMC/50`, 'repeated CMC'],
    ['fields that repeat in an entry: PCO 9', 'EPO', Array(8).fill('PCO/01').join('.'), 'ok'],
    [
      'fields that repeat in an entry: PCO 9',
      'EPO',
      Array(9).fill('PCO/01').join('.'),
      'repeated PCO',
    ],
    [
      'fields that repeat in an entry: ADD groups',
      'EW',
      'ADD/01.CTY/SIMVILLE.ADD/02.CTY/TESTBURG',
      'ok',
    ],
    ['5.6 group: first and last SER', 'EAA', 'SER/ZX00430', 'repeated SER'],
    ['repeated code in an inquiry', 'QV', 'LIC/7SIM043', 'repeated LIC'],
    ['multi identifiers in one inquiry', 'QV', 'VIN/9ZZTS7X41KN200417', 'ok'],
  ])('%s: %s with %s more: %s', (_, key, more, outcome) => {
    expect(verdict(edited(key, `${whole[key] ?? ''}.${more}`))).toBe(outcome);
  });

  it('repeated code in an inquiry: batch keys take it', () => {
    expect(verdict(edited('QVB', 'LIC/1.LIC/2.LIC/3'))).toBe('ok');
    expect(verdict(edited('QVB', 'LIS/CA.LIS/NV'))).toBe('missing LIC');
  });

  it('5.6 group: one SER is too few', () => {
    expect(verdict(withField('EAA', 'SER', undefined))).toBe('missing SER');
  });
});

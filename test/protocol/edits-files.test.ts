// What each file asks for (ncic 5.1 to 5.13), how a record is found (4.2), what a supplement may hold
// (4.3). A row cites the section and the first cell of its row there.

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

const values: Readonly<Record<string, string>> = {
  ...{ NIC: 'V400118732', OCA: '30-004417', VIN: '9ZZTS7X41KN200417', LIC: '7SIM042' },
  ...{
    OAN: 'OAN17',
    SER: 'ZX00412',
    BHN: 'SIMQ0417H930',
    REG: 'NV99ZZ',
    NAM: 'DOE, A',
    CGD: '123456',
  },
};
const pair = (codes: string): string =>
  codes
    .split('+')
    .map((code) => `${code}/${values[code] ?? ''}`)
    .join('.');

describe('how a record is found (ncic 4.2)', () => {
  it.each([
    [
      'person files',
      'XW CW MW XM XPO XU',
      'NAM+NIC NAM+OCA NIC+OCA OCA+NAM',
      'NIC NAM OCA SOC+NAM',
    ],
    ['name in the pair, identity theft', 'XID', 'NAM+NIC NIC+OCA', 'NAM+OCA'],
    [
      'vehicle',
      'XV CV LV MV XF',
      'NIC+OCA NIC+VIN NIC+LIC NIC+OAN VIN+OCA LIC+OCA OAN+OCA OCA+LIC',
      'LIC+VIN OAN+VIN OCA NIC',
    ],
    ['plate', 'XL CL LL ML', 'NIC+OCA NIC+LIC LIC+OCA', 'NIC+VIN VIN+OCA'],
    [
      'boat',
      'XB CB LB MB',
      'NIC+OCA NIC+BHN NIC+REG BHN+OCA REG+OCA OAN+OCA',
      'NIC+OAN BHN+REG CGD+OCA',
    ],
    ['gun', 'XG CLG LFG MG XRG', 'NIC+SER NIC+OCA SER+OCA', 'NIC+OAN SER'],
    ['article', 'XA CLA LA MA', 'NIC+SER NIC+OAN NIC+OCA SER+OCA OAN+OCA', 'SER+OAN'],
    ['article group, whole', 'XAA CLAA LAA MAA', 'NIC+OCA', 'NIC+SER SER+OCA'],
    ['article group, part', 'XAA CAA LLAA', 'NIC+SER+SER', 'NIC+SER SER+SER'],
    ['security', 'XS CS LS MS', 'NIC+SER NIC+OCA SER+OCA', 'NIC+SOC'],
    ['part', 'XP CP LP MP', 'NIC+SER NIC+OAN NIC+OCA SER+OCA', 'OAN+OCA'],
  ])('%s: %s', (_, keys, accepted, refused) => {
    const tails = { X: '.DOC/20300306', C: '.DCL/20300306', L: '.DOR/20300306', M: '' };
    for (const key of keys.split(' ')) {
      const tail = tails[key.charAt(0) as keyof typeof tails];
      for (const codes of accepted.split(' '))
        expect(verdict(edited(key, pair(codes) + tail)), `${key} ${codes}`).toBe('ok');
      for (const codes of refused.split(' '))
        expect(edited(key, pair(codes) + tail), `${key} ${codes}`).toMatch(/^(pair|not-allowed) /);
    }
  });

  it('points at the field that no pair goes on with, or says which is wanting', () => {
    expect(edited('XV', 'NIC/V400118732.20300306')).toBe('pair DOC @15');
    expect(edited('XV', 'NIC/V400118732')).toBe('pair OCA @14');
    expect(edited('XV', '')).toBe('pair NIC @0');
    expect(edited('XV', 'V400118732.30-004417.20300306')).toBe('pair DOC @0');
    // A flaw before it comes first.
    expect(edited('XV', 'NIC/V4.20300306')).toBe('data NIC @0');
  });
});

describe('a change (ncic 1.2, 1.4)', () => {
  it.each([
    ['modify: delete', 'MV', 'VMO/.MIS/', 'ok'],
    ['modify: delete, of what is mandatory', 'MV', 'DOT/', 'data DOT'],
    ['modify: delete, of what is mandatory', 'MW', 'SEX/', 'data SEX'],
    ['modify: change or add', 'MV', 'DOT/20300301.OAN/17', 'ok'],
    ['modify: change or add', 'MV', 'DOT/20300231', 'data DOT'],
    ['changing an identifier: old, then new', 'MV', 'OCA/30-004418', 'ok'],
    ['changing an identifier: old, then new', 'MV', 'OCA/30-004418.OCA/30-004419', 'repeated OCA'],
    ['a field of another file', 'MV', 'NAM/DOE, A', 'not-allowed NAM'],
    ['3.1 VLN', 'MV', 'VLN/D OKAPI', 'ok'],
    ['3.1 NIC: it is never changed to nothing', 'MV', 'NIC/', 'not-allowed NIC'],
    ['a bare value has no place', 'MV', 'SILVER', 'extra VCO'],
  ])('%s: %s with %s: %s', (_, key, more, outcome) => {
    expect(verdict(edited(key, `${whole[key] ?? ''}.${more}`))).toBe(outcome);
  });

  it('modify: delete, nowhere but in a change', () => {
    expect(verdict(withField('EV', 'MIS', ''))).toBe('data MIS');
    expect(verdict(withField('XV', 'RPP', ''))).toBe('data RPP');
    expect(verdict(withField('QV', 'LIS', ''))).toBe('data LIS');
    expect(edited('MV', 'NIC/.OCA/30-004417')).toBe('data NIC @0');
  });
});

describe('a supplement (ncic 4.3)', () => {
  const ids = 'NIC/W400220914.OCA/29B-11806.NAM/QUILLBRAND, OSRIC T';
  const times = (text: string, count: number): string => Array(count).fill(text).join('.');
  it.each([
    ['fields', 'EN', 'DOB/19910308.SMT/TAT L ARM.SOC/000990042.MNU/OA-1.CMC/05', 'ok'],
    ['fields', 'EN', 'OLN/Q1.OLS/OR.OLY/NX.OLN/Q2.OLS/NV.OLY/2031', 'ok'],
    ['fields', 'EN', 'OLN/Q1.OLS/OR.OLY/NX.OLN/Q2', 'missing OLS'],
    ['fields', 'EN', 'LIC/1', 'not-allowed LIC'],
    ['fields', 'EMN', 'DRE/TWO FILLINGS', 'ok'],
    ['fields', 'EN', 'DRE/TWO FILLINGS', 'not-allowed DRE'],
    ['limits', 'EN', times('AKA/QUILL, OZ', 99), 'ok'],
    ['limits', 'EN', times('AKA/QUILL, OZ', 100), 'repeated AKA'],
    ['limits', 'EN', times('SOC/000990042', 9), 'ok'],
    ['limits', 'EN', times('SOC/000990042', 10), 'repeated SOC'],
    ['limits', 'EN', times('SMT/TAT L ARM', 10), 'repeated SMT'],
    ['limits', 'EMN', times('SMT/TAT L ARM', 19), 'ok'],
    ['limits', 'EUN', times('SMT/TAT L ARM', 20), 'repeated SMT'],
    ['partial cancel', 'XN', 'AKA/QUILL, OZ', 'ok'],
    ['edits', 'EN', 'DOB/19910231', 'data DOB'],
    [
      '5.11 several protected persons',
      'ENPO',
      'PPN/DOE, A.PPB/19900101.PPN/DOE, B.PSN/000990042',
      'ok',
    ],
  ])('%s: %s with %s: %s', (_, key, more, outcome) => {
    expect(verdict(edited(key, `${ids}.${more}`))).toBe(outcome);
  });

  it('holds at least one item, and begins with NIC, OCA and NAM', () => {
    expect(verdict(edited('EN', ids))).toBe('missing AKA');
    expect(verdict(edited('EN', 'NIC/W400220914.OCA/29B-11806.AKA/QUILL, OZ'))).toBe('pair AKA');
  });
});

describe('an inquiry', () => {
  it.each([
    [
      '5.1 QV by',
      'QV ZV',
      'LIC/1|LIC/1.LIS/CA|VIN/1|VIN/1.VMA/TOYT|OAN/17|SER/1|NIC/V400118732',
      'LIS/CA|VMA/TOYT|',
    ],
    [
      '5.4 QB by',
      'QB ZB',
      'BHN/1|REG/1|REG/1.RES/NV|OAN/17|CGD/123456|SER/1|NIC/B400118732',
      'RES/NV|',
    ],
    ['5.5 QG by', 'QG ZG', 'SER/1|SER/1.MAK/GLC.CAL/9|NIC/G400118732', 'MAK/GLC|'],
    [
      '5.6 QA by',
      'QA ZA',
      'TYP/DCOMPUT.SER/1|TYP/D.SER/1|TYP/Y.OAN/17|NIC/A400118732',
      'SER/1|TYP/D|',
    ],
    [
      '5.7 QS by',
      'QS ZS',
      'TYP/FR.SER/1.DEN/100|TYP/CS.OWN/A BANK|SOC/000990042|NIC/S400118732',
      'TYP/FR.SER/1|',
    ],
    [
      '5.8 QW by',
      'QW QWA ZW',
      'NAM/DOE, A.DOB/19700101|SOC/000990042|MNU/OA-1|FBI/1|OLN/1|SID/NV1|NAM/DOE, A.OCA/1|NIC/W400118732|LIC/1|VIN/1',
      'NAM/DOE, A|DOB/19700101|SEX/M|',
    ],
    [
      '5.9 QM by',
      'QM',
      'NAM/DOE, A.DOB/19700101|SOC/000990042|NIC/M400118732|AGE/15.SEX/F.RAC/B.HGT/408.WGT/071.EYE/BRO.HAI/BLK',
      'AGE/15|NAM/DOE, A|',
    ],
    [
      '5.10 QU by',
      'QU ZU',
      'NIC/U400118732|BPS/ALL|SEX/F.RAC/B.HGT/408.WGT/071.EYE/BRO.HAI/BLK',
      'SEX/F|',
    ],
    [
      '5.11 QPO by',
      'QPO',
      'NAM/DOE, A.DOB/19700101|PNO/1|NIC/H400118732|SOC/000990042',
      'NAM/DOE, A|',
    ],
    [
      '5.12 QID by',
      'QID',
      'NAM/DOE, A.DOB/19700101|SOC/000990042|FBI/1|MNU/OA-1|OLN/1|NIC/J400118732',
      'NAM/DOE, A|',
    ],
    ['2.4 one-crime inquiry', 'QI', 'LKI/NV0990200.LKA/1|OCA/30-1', 'LKI/NV0990200|'],
    ['10.2 lookups', 'QO ZO', 'ORI/NV0990200', ''],
  ])('%s: %s', (_, keys, accepted, refused) => {
    for (const key of keys.split(' ')) {
      for (const text of accepted.split('|')) expect(edited(key, text), key).toBe(text);
      for (const text of refused.split('|'))
        expect(edited(key, text), `${key} ${text}`).toMatch(
          new RegExp(`^missing ... @${text.length}$`),
        );
    }
  });

  it('leaves what its format does not know to the host, and edits what it knows', () => {
    expect(edited('QV', 'LIC/1.XYZ/ANY thing')).toBe('LIC/1.XYZ/ANY thing');
    expect(edited('QV', 'LIC/1.LIY/20A1')).toBe('data LIY @6');
    expect(edited('QV', '2ZZZ999')).toBe('extra - @0');
    expect(edited('QV', 'LIC/1..LIS/CA')).toBe('extra LIC @6');
  });

  it.each([
    'QV LIC/2ZZZ999.LIS/CA',
    'QV LIC/2ZZZ998.LIS/CA',
    'QW NAM/DOE, TESTMAN.DOB/19700101',
    'QG SER/ZZ0042',
  ])('%s, as others rely on it, is taken', (line) => {
    const [key = '', ...rest] = line.split(' ');
    expect(edited(key, rest.join(' '))).toBe(rest.join(' '));
  });
});

describe('interstate messages (nlets 5, 7, 8)', () => {
  const ask = (rty: string, set: string): string =>
    edited(
      'YQ',
      `RTY/${rty}.RNO/1.PRI/U.OCA/31-004412.NIC/W000000019.\r\n${set}.\r\nRNA/D TESTA.RAG/EXAMPLE SO`,
    );
  it.each([
    ['5.1 WP', 'WP', 'NAM/SAMPLE,ROBIN T.DOB/19990230', 'data DOB'],
    ['5.1 WP', 'WP', 'NAM/SAMPLE,ROBIN T.DOB/19990228.SEX/F', 'ok'],
    ['5.1 MP', 'MP', 'NAM/SAMPLE,ROBIN T', 'missing DOB'],
    ['5.1 PO', 'PO', 'LIC/1', 'not-allowed LIC'],
    ['5.1 SV', 'SV', 'VIN/1.VYR/2019', 'ok'],
    ['5.1 SV', 'SV', 'LIC/1.LIS/CA', 'not-allowed LIS'],
    ['5.1 SL', 'SL', 'LIC/1.LIS/CA.LIY/31.LIT/PC', 'ok'],
    ['5.1 SL', 'SL', 'LIC/1', 'missing LIS'],
    ['5.1 SG', 'SG', 'SER/1.CAL/9.MAK/GLC', 'ok'],
    ['5.1 SA', 'SA', 'TYP/DCOMPUT', 'missing SER'],
    ['5.1 SS', 'SS', 'TYP/FR.SER/1.DEN/100', 'ok'],
    ['5.1 SB', 'SB', 'REG/NV9901ZZ99', 'ok'],
    ['5.1 SP', 'SP', 'SER/1', 'missing BRA'],
    ['5.1 RTY', 'XX', 'LIC/1', 'data RTY'],
  ])('%s: a request of type %s with %s: %s', (_, rty, set, outcome) => {
    expect(verdict(ask(rty, set))).toBe(outcome);
  });

  it.each([
    ['5.3 CON', 'YR', 'RTY/SV.CON/Y.OCA/1.NIC/V000000019.LIC/1', 'ok'],
    ['5.3 HRS', 'YR', 'RTY/SV.CON/I.OCA/1.NIC/V000000019.LIC/1', 'missing HRS'],
    ['5.3 HRS', 'YR', 'RTY/SV.CON/I.HRS/002.OCA/1.NIC/V000000019.LIC/1', 'ok'],
    ['7.1 LIC, LIY, LIT', 'RQ', 'LIC/1.LIY/NX.LIT/PC', 'ok'],
    ['7.1 LIC, LIY, LIT', 'RQ', 'LIC/1.LIT/PC', 'missing LIY'],
    ['7.1 or VIN', 'RQ', 'VIN/1', 'ok'],
    ['7.1 RSN', 'RQ', 'RSN/X.VIN/1', 'data RSN'],
    ['7.2 OLN, or NAM DOB SEX', 'DQ', 'OLN/Q1', 'ok'],
    ['7.2 OLN, or NAM DOB SEX', 'DQ', 'NAM/DOE, A.DOB/19700101', 'missing SEX'],
    ['7.3 PUR', 'KQ', 'OLN/Q1.PUR/Z', 'data PUR'],
    ['7.4 REG, BHN, or NAM DOB', 'BQ', 'REG/NV9901ZZ99', 'ok'],
    ['7.4 REG, BHN, or NAM DOB', 'BQ', 'NAM/DOE, A', 'missing DOB'],
    ['7.5 SQ', 'SQ', 'VIN/1', 'ok'],
    ['8 PUR ATN', 'IQ', 'NAM/SAMPLE,JORDAN.DOB/19880114.SEX/M', 'missing PUR'],
    ['8 IQ', 'IQ', 'PUR/C.ATN/DET EXAMPLE.NAM/SAMPLE,JORDAN.DOB/19880114.SEX/M', 'ok'],
    ['8 FQ', 'FQ', 'PUR/C.ATN/DET EXAMPLE', 'missing SID'],
    ['8 AQ', 'AQ', 'PUR/C.ATN/DET EXAMPLE.REM/ANY QUESTION', 'ok'],
  ])('%s: %s with %s: %s', (_, key, text, outcome) => {
    expect(verdict(edited(key, text))).toBe(outcome);
    expect(keyTable.get(key)?.edits?.by).toBe('upstream');
  });
});

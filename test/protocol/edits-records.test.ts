// How a record is found (ncic 4.2), changed (1.2, 1.4) and added to (4.3). A row cites the section and
// the first cell of its row there.

import { describe, expect, it } from 'vitest';
import { edited, verdict, whole, withField } from './edit.ts';

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

// What inquiries ask (ncic 5, 10.2) and what interstate messages hold (nlets 5, 7, 8). A row cites the
// section and the first cell of its row there.

import { describe, expect, it } from 'vitest';
import { keyTable } from '#protocol/keys';
import { edited, verdict } from './edit.ts';

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

  it('takes blanks before a code, and around a value, for nothing (ncic 1.1)', () => {
    expect(edited('QV', ' LIC/ 7SIM042 . LIS/CA')).toBe('LIC/7SIM042.LIS/CA');
    expect(edited('QV', 'LIC/7SIM042. LIY/20A1')).toBe('data LIY @13');
    expect(edited('QV', 'LIC/7SIM042. ')).toBe('LIC/7SIM042');
  });

  it('looks at a long run of blanks once', () => {
    // Once for each blank would take minutes, and end at the time limit of a test.
    expect(edited('QV', `LIC/ A${' '.repeat(200_000)}A`)).toBe('data LIC @0');
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
  const answer = 'OCA/1.NIC/V000000019.LIC/1.CNA/A.CAG/B';
  const ask = (rty: string, set: string): string =>
    edited(
      'YQ',
      `RTY/${rty}.RNO/1.PRI/U.OCA/31-004412.NIC/W000000019.\r\n${set}.\r\nRNA/D TESTA.RAG/EXAMPLE SO`,
    );
  it.each([
    ['5.1 WP', 'WP', 'NAM/SAMPLE,ROBIN T.DOB/19990230', 'data DOB'],
    ['5.1 WP', 'WP', 'NAM/SAMPLE,ROBIN T.DOB/19990228.SEX/F', 'ok'],
    ['2.2 Dates', 'WP', 'NAM/SAMPLE,ROBIN T.DOB/022899', 'ok'],
    ['2.2 Dates', 'WP', 'NAM/SAMPLE,ROBIN T.DOB/023099', 'data DOB'],
    ['5.1 MP', 'MP', 'NAM/SAMPLE,ROBIN T', 'missing DOB'],
    ['5.1 PO', 'PO', 'LIC/1', 'not-allowed LIC'],
    ['5.1 SV', 'SV', 'VIN/1.VYR/2019', 'ok'],
    ['5.1 SV', 'SV', 'LIC/1.LIS/CA', 'not-allowed LIS'],
    ['5.1 data set: exactly one', 'SV', 'LIC/1.VIN/1', 'not-allowed VIN'],
    ['5.1 SV: what goes with the VIN', 'SV', 'LIC/1.VYR/2019', 'not-allowed VYR'],
    ['5.1 RTY: ncic 9 has FV, nlets SV for both', 'FV', 'LIC/1', 'data RTY'],
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
    ['5.3 CON', 'YR', `RTY/SV.CON/Y.${answer}`, 'ok'],
    ['5.3 CNA, CAG', 'YR', 'RTY/SV.CON/Y.OCA/1.NIC/V000000019.LIC/1', 'missing CNA'],
    [
      '5.2 in process without a time does not count, and goes on',
      'YR',
      `RTY/SV.CON/I.${answer}`,
      'ok',
    ],
    ['5.3 HRS', 'YR', `RTY/SV.CON/I.HRS/002.${answer}`, 'ok'],
    ['7.1 LIC, LIY, LIT', 'RQ', 'LIC/1.LIY/NX.LIT/PC', 'ok'],
    ['7.1 LIC, LIY, LIT', 'RQ', 'LIC/1.LIT/PC', 'missing LIY'],
    ['7.1 or VIN', 'RQ', 'VIN/1', 'ok'],
    ['7.1 or VIN: not both', 'RQ', 'LIC/1.LIY/NX.LIT/PC.VIN/1', 'not-allowed VIN'],
    ['7.1 VMA VYR', 'RQ', 'VIN/1.VMA/FORD.VYR/13', 'ok'],
    ['7.1 VMA VYR: with a plate', 'RQ', 'LIC/1.LIY/NX.LIT/PC.VYR/13', 'not-allowed VYR'],
    ['7.1 LIY', 'RQ', 'LIC/1.LIY/203.LIT/PC', 'data LIY'],
    ['7.1 RQG', 'RQG', 'LIC/1.LIY/NX.LIT/PC', 'ok'],
    ['7.1 RPQ', 'RPQ', 'LIC/1', 'ok'],
    ['7.1 RPQ', 'RPQ', 'VIN/1', 'not-allowed VIN'],
    ['7.1 RNQ', 'RNQ', 'NAM/DOE, A', 'ok'],
    ['7.1 RNQ', 'RNQ', 'DOB/19700101', 'missing NAM'],
    ['7.1 RSN', 'RQ', 'RSN/X.VIN/1', 'data RSN'],
    ['7.2 OLN, or NAM DOB SEX', 'DQ', 'OLN/Q1', 'ok'],
    ['7.2 OLN, or NAM DOB SEX', 'DQ', 'NAM/DOE, A.DOB/19700101', 'missing SEX'],
    [
      '7.2 OLN, or NAM DOB SEX: not both',
      'DQ',
      'OLN/Q1.NAM/DOE, A.DOB/19700101.SEX/M',
      'not-allowed OLN',
    ],
    ['7.2 OLN is not legal with DQG', 'DQG', 'OLN/Q1', 'not-allowed OLN'],
    [
      '9.1 the sample: what is missing before what is wrong',
      'DQ',
      'DOB/19990230.SEX/F',
      'missing NAM',
    ],
    ['2.2 no punctuation', 'DQ', 'OLN/Q-1', 'data OLN'],
    ['7.3 PUR', 'KQ', 'OLN/Q1.PUR/Z', 'data PUR'],
    ['7.4 REG, BHN, or NAM DOB', 'BQ', 'REG/NV9901ZZ99', 'ok'],
    ['7.4 REG, BHN, or NAM DOB', 'BQ', 'NAM/DOE, A', 'missing DOB'],
    ['7.5 SQ', 'SQ', 'VIN/1', 'ok'],
    ['8 PUR ATN', 'IQ', 'NAM/SAMPLE,JORDAN.DOB/19880114.SEX/M', 'missing PUR'],
    ['8 IQ', 'IQ', 'PUR/C.ATN/DET EXAMPLE.NAM/SAMPLE,JORDAN.DOB/19880114.SEX/M', 'ok'],
    ['8 PUR ATN', 'IQ', 'PUR/C.NAM/SAMPLE,JORDAN.DOB/19880114.SEX/M', 'missing ATN'],
    ['8 Race is optional, NCIC codes advised', 'IQ', 'PUR/C.ATN/X.SOC/000990042.RAC/Q', 'ok'],
    ['8.1 WLQ: ccyymmdd only', 'WLQ', 'PUR/C.ATN/X.NAM/DOE, A.DOB/010170', 'data DOB'],
    ['8.1 CWQ', 'CWQ', 'PER/A1', 'ok'],
    ['8.1 PPQ', 'PPQ', 'SID/NV1', 'ok'],
    [
      '9.4 FND or NAM, never both',
      'NLQ',
      'TYP/ALL.BEG/20310101.END/20310102.FND/A.NAM/DOE, A',
      'not-allowed NAM',
    ],
    ['9.4 neither', 'NLQ', 'TYP/ALL.BEG/20310101@0000.END/20310102@2359', 'ok'],
    ['9.4 BEG', 'NLQ', 'TYP/ALL.BEG/20310101@2400.END/20310102', 'data BEG'],
    ['9.4 BEG', 'NLQ', 'TYP/ALL.BEG/20310230.END/20310302', 'data BEG'],
    ['8 FQ', 'FQ', 'PUR/C.ATN/DET EXAMPLE', 'missing SID'],
    ['8 AQ', 'AQ', 'PUR/C.ATN/DET EXAMPLE.REM/ANY QUESTION', 'ok'],
  ])('%s: %s with %s: %s', (_, key, text, outcome) => {
    expect(verdict(edited(key, text))).toBe(outcome);
    expect(keyTable.get(key)?.edits?.by).toBe('upstream');
  });
});

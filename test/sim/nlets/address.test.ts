// nlets.md 3: who may be addressed, by which key, how many at once, and who may speak.

import { describe, expect, it } from 'vitest';
import { keyTable } from '#protocol/keys';
import { readFields } from '../../../src/sim/nlets/fields.ts';
import { checkFields } from '../../../src/sim/nlets/check-fields.ts';
import { asker, directory, network, tables } from './network.ts';

const body: Readonly<Record<string, string>> = {
  RQ: 'LIC/3FAKE77.LIY/2031.LIT/PC',
  RQG: 'LIC/3FAKE77.LIY/2031.LIT/PC',
  DQ: 'NAM/DOE,TESTMAN.DOB/19700101.SEX/M',
  BQ: 'REG/NV0990ZZ',
  WLQ: 'PUR/C.ATN/DET EXAMPLE.NAM/DOE,TESTMAN.DOB/19700101',
  RPQ: 'LIC/3FAKE77',
  SQ: 'REG/SN0099',
  SOQ: 'SOC/000000070',
  IQ: 'PUR/C.ATN/DET EXAMPLE.NAM/DOE,TESTMAN.DOB/19700101.SEX/M',
  KQ: 'OLN/9900000019',
  CWQ: 'SOC/000000070',
  YQ: 'RTY/SV.RNO/1.PRI/U.OCA/1.NIC/V1.LIC/2ZZZ999.RNA/A.RAG/B',
  GQ: 'ATN/DET EXAMPLE.REG/N099ZZ',
  TQ: 'ORI/NV0990200',
  TA: 'ORI/CA0991100.AGN/X.ATY/PD.AUT/A.SVC/A.LOC/TESTBURG',
};

const complaint = (key: string, to: string, from = asker): string | undefined => {
  const said = network().send(`${key}.${from}.${to}.TXT\r\n${body[key] ?? 'INVENTED TEXT'}`);
  const [error] = said.filter((one) => one.key === 'ER');
  return error?.text.slice(1, 3);
};

describe('how many and which destinations (3.2)', () => {
  it.each([
    ['RQ, DQ, BQ, WLQ', 'RQ', 'NV.OR.AZ.H1.E1', undefined],
    ['RQ, DQ, BQ, WLQ', 'DQ', 'NV.OR.AZ.H1.E1', undefined],
    ['RQ, DQ, BQ, WLQ', 'BQ', 'NV.OR.AZ.H1.E1', undefined],
    ['RQ, DQ, BQ, WLQ', 'WLQ', 'NV.OR.AZ.H1.E1', undefined],
    ['RQ, DQ, BQ, WLQ: six', 'RQ', 'NV.OR.AZ.WA.ID.UT', '19'],
    ['RPQ: a state', 'RPQ', 'NV', undefined],
    ['RPQ: a region', 'RPQ', 'H1', '02'],
    ['RPQ: NL', 'RPQ', 'NL', '02'],
    ['RPQ: two states', 'RPQ', 'NV.OR', '19'],
    ['SQ, SOQ, IQ', 'SQ', 'NV.AZ.WA.ID.UT', undefined],
    ['SQ, SOQ, IQ', 'SOQ', 'NV.OR.AZ.WA.ID', undefined],
    ['SQ, SOQ, IQ', 'IQ', 'NV.OR.AZ.WA.ID', undefined],
    ['SQ, SOQ, IQ: a region', 'SQ', 'H1', '02'],
    ['KQ, CWQ', 'KQ', 'NV', undefined],
    ['KQ, CWQ', 'CWQ', 'NV', undefined],
    ['KQ, CWQ: two', 'KQ', 'NV.OR', '19'],
    ['IQ, CWQ to a nine-character ORI', 'IQ', 'NV.NV0990200', '02'],
    ['IQ, CWQ to a nine-character ORI', 'CWQ', 'NV0990200', '02'],
    ['YQ', 'YQ', 'NV0990200.OR0990300.AZ0990400', undefined],
    ['YQ: four', 'YQ', 'NV0990200.OR0990300.AZ0990400.ID0990600', '19'],
    ['YQ: a bare state', 'YQ', 'NV', '02'],
    ['AM, AML', 'AM', 'NV.H1.OR0990300.E1.AZ', undefined],
    ['AM, AML', 'AML', 'NV.H1.OR0990300.E1.AZ', undefined],
    ['AM, AML: six', 'AM', 'NV.H1.OR0990300.E1.AZ.UT', '19'],
    ['GQ', 'GQ', 'FA', undefined],
    ['GQ: a state', 'GQ', 'NV', '02'],
    ['TA/TU/TD', 'TA', 'OD', undefined],
    ['TA/TU/TD: a state', 'TA', 'NV', '02'],
    ['LQ/LR (generic)', 'LQ', 'NV.NV0990200', undefined],
  ])('%s: %s to %s is %s', (_, key, to, wanted) => {
    expect(complaint(key, to)).toBe(wanted);
  });

  it.each([
    ['ORI', 'AM', 'NV0997777', '19'],
    ['State or province code', 'AM', 'QQ', '19'],
    ['Region code', 'AM', 'Z9', '19'],
    ['`Z1`: boats', 'BQ', 'Z1', undefined],
    ['`Z1`: another key', 'RQ', 'Z1', '02'],
    ['`CN`', 'IQ', 'CN', undefined],
    ['`CG`', 'BQ', 'CG', undefined],
    ['`FA`', 'RQ', 'FA', '02'],
    ['`OD`', 'TQ', 'OD', undefined],
  ])('3.1 %s: %s to %s is %s', (_, key, to, wanted) => {
    expect(complaint(key, to)).toBe(wanted);
  });
});

describe('who may speak (3.1, 3.3)', () => {
  it.each([
    ['ORI: a sender that is not in the directory', 'AM', 'CA0997777', '01'],
    ['ORI: a sender of another state', 'AM', 'NV0990200', '01'],
    ['Authorisation: a court asks for text', 'AM', 'CA0990900', undefined],
    ['Authorisation: a court asks for a vehicle', 'RQ', 'CA0990900', '02'],
    ['Authorisation: a court asks for a snowmobile', 'SQ', 'CA0990900', '02'],
    ['Authorisation: a court asks for a criminal history', 'IQ', 'CA0990900', undefined],
    ['Authorisation: motor vehicles asks for a criminal history', 'IQ', 'CA0990800', '02'],
    ['4 AML: a court', 'AML', 'CA0990900', '02'],
  ])('3.3 %s', (_, key, from, wanted) => {
    expect(complaint(key, 'NV', from)).toBe(wanted);
  });

  it('3.1 by setting an ORI of our state that is not in the directory is entered when it speaks', () => {
    const net = network({ settings: { enrolHome: true } });
    expect(net.send(`AM.CA0997777.${asker}.TXT\r\nX`)[0]?.key).toBe('AM');
    expect(net.send(`AM.NV0997777.${asker}.TXT\r\nX`)[0]?.text).toMatch(/^\.01\./);
  });

  it('3.3 an address that takes no text gets none', () => {
    const agencies = new Map(directory.agencies);
    const held = agencies.get('CA0990900');
    if (held !== undefined) agencies.set('CA0990900', { ...held, authorisation: 'C' });
    const net = network({ directory: { ...directory, agencies } });
    expect(net.send(`AM.${asker}.CA0990900.TXT\r\nX`)[0]?.text).toMatch(/^\.02\./);
  });
});

describe('regions (3.4, 7.1)', () => {
  it('3.4 a message to a region goes to each state of it, each once', () => {
    const net = network();
    net.send(`AM.${asker}.H1.NV.TXT\r\nX`);
    net.turn(10_000);
    const [log] = net.send(`NLQ.${asker}.NL.TXT\r\nTYP/AM.BEG/20310101.END/20310401`);
    const to = [...(log?.text.matchAll(/AM CA0990100 ([A-Z]{2})$/gm) ?? [])].map(
      ([, code]) => code,
    );
    expect(to.toSorted()).toEqual(['AZ', 'CA', 'NV', 'OR', 'WA']);
  });

  it('7.1 RQ to a region becomes RQG, goes to other states alone, and later than what goes to a state', () => {
    const net = network({ settings: { regionMs: 2_000 } });
    net.send(`RQ.${asker}.F1.NM.TXT\r\n${body['RQ'] ?? ''}`);
    const answers = net.turn(100_000);
    expect(answers.map(({ sender }) => sender)).toEqual(['NM0990800', 'ID0990800']);
    const [log] = net.send(`NLQ.${asker}.NL.TXT\r\nTYP/RQG,RQ.BEG/20310101.END/20310401`);
    expect(log?.text).toMatch(/RQG CA0990100 UT[^]*RQG CA0990100 ID[^]*RQ CA0990100 NM/);
  });

  it('7.2 `OLN` is not legal with `DQG`, so not to a region', () => {
    const said = network().send(`DQ.${asker}.H1.TXT\r\nOLN/9900000019`);
    expect(said[0]?.text).toMatch(/^\.22\. [^]*NAM DOB SEX/);
  });

  it('3.4 the regions are eight, letter and 1, of members that exist', () => {
    const codes = [...tables.regions.keys()];
    expect(codes).toEqual(['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H'].map((letter) => `${letter}1`));
    expect(
      [...tables.regions.values()].flat().filter((code) => !directory.members.has(code)),
    ).toEqual([]);
  });
});

describe('field sets (7, 8)', () => {
  it.each([
    ['7.1 `LIC/`: the plate fields go together', 'RQ', 'LIC/3FAKE77.LIT/PC', '22'],
    ['7.1 `LIY/`: NX', 'RQ', 'LIC/3FAKE77.LIY/NX.LIT/PC', undefined],
    ['7.1 `LIY/`: no year', 'RQ', 'LIC/3FAKE77.LIY/20X1.LIT/PC', '10'],
    ['7.1 or `VIN/`', 'RQ', 'VIN/9ZZTS7X10KN204273', undefined],
    ['7.1 or `VIN/`: not both', 'RQ', 'LIC/3FAKE77.LIY/2031.LIT/PC.VIN/9ZZTS7X10KN204273', '22'],
    ['7.1 `VMA/`, `VYR/`', 'RQ', 'VIN/9ZZTS7X10KN204273.VMA/FORD.VYR/2013', undefined],
    ['7.1 `RSN/`', 'RQ', 'RSN/T.LIC/3FAKE77.LIY/2031.LIT/PC', undefined],
    ['7.1 `RSN/`: a letter nobody knows', 'RQ', 'RSN/Q.LIC/3FAKE77.LIY/2031.LIT/PC', '00'],
    ['2.2 no hyphens in a value', 'RQ', 'LIC/3FAKE-77.LIY/2031.LIT/PC', '00'],
    [
      '2.2 the last field has no period, yet one is borne',
      'RQ',
      'LIC/3FAKE77.LIY/2031.LIT/PC.',
      undefined,
    ],
    [
      '2.2 control characters are passed over',
      'RQ',
      'LIC/3FA\r\nKE77.\r\nLIY/2031.\x7fLIT/PC\r\n',
      undefined,
    ],
    ['7.2 either OLN', 'DQ', 'OLN/9900000019', undefined],
    ['7.2 or NAM + DOB + SEX', 'DQ', 'NAM/DOE,TESTMAN.DOB/19700101.SEX/M', undefined],
    ['7.2 mmddyy', 'DQ', 'NAM/DOE,TESTMAN.DOB/010170.SEX/M', undefined],
    ['9.1 14: the sample', 'DQ', 'DOB/19990230.SEX/F', '14'],
    ['9.1 05: no date of birth', 'DQ', 'NAM/DOE,TESTMAN.SEX/M', '05'],
    ['9.1 05: no such day', 'DQ', 'NAM/DOE,TESTMAN.DOB/19700230.SEX/M', '05'],
    ['9.1 05: no such month', 'DQ', 'NAM/DOE,TESTMAN.DOB/19701301.SEX/M', '05'],
    ['9.1 05: nothing but zeros', 'DQ', 'NAM/DOE,TESTMAN.DOB/00000000.SEX/M', '05'],
    ['7.2 both', 'DQ', 'OLN/9900000019.NAM/DOE,TESTMAN.DOB/19700101.SEX/M', '22'],
    ['7.3 KQ', 'KQ', 'PUR/C.ATN/DET EXAMPLE.OLN/9900000019', undefined],
    ['7.4 by hull number', 'BQ', 'BHN/ZZZ09900A131', undefined],
    ['7.5 SQ by VIN', 'SQ', 'VIN/ZZSNOW0099', undefined],
    ['8 `PUR/` and `ATN/`: no ATN', 'IQ', 'PUR/C.NAM/DOE,TESTMAN.DOB/19700101.SEX/M', '16'],
    ['8 `PUR/` and `ATN/`: no PUR', 'IQ', 'ATN/X.NAM/DOE,TESTMAN.DOB/19700101.SEX/M', '14'],
    ['8 FQ by state id', 'FQ', 'PUR/C.ATN/X.SID/NV99000070', undefined],
    ['8.1 WLQ: ccyymmdd only', 'WLQ', 'PUR/C.ATN/X.NAM/DOE,TESTMAN.DOB/010170', '05'],
    ['11 GQ: exactly one', 'GQ', 'ATN/X.REG/N099ZZ.SER/SIM0099', '22'],
    ['9.4 NLQ: BEG and END', 'NLQ', 'TYP/ALL.BEG/20310101', '10'],
    [
      '9.4 NLQ: FND or NAM, never both',
      'NLQ',
      'TYP/ALL.BEG/20310101.END/20310102.FND/A.NAM/DOE,A',
      '22',
    ],
    ['2.2 no fields', 'RQ', 'WHO OWNS THIS', '22'],
  ])('%s: %s %s is %s', (_, key, text, wanted) => {
    expect(keyTable.get(key)?.edits?.by).toBe('upstream');
    expect(checkFields(key, readFields(text), tables.numbers)?.number).toBe(wanted);
  });
});

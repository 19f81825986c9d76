// Rules of nlets.md 2, 3, 5 and 9 as the host keeps them, each row with the section and its first cell there.

import { describe, expect, it } from 'vitest';
import { readFields } from '../../../src/sim/nlets/fields.ts';
import { ask, asker, network, plate, rap, who } from './network.ts';

/** The number of the complaint; undefined for a message that goes on. */
const complaint = (raw: string): string | undefined => {
  const [first] = network().send(raw);
  return first?.key === 'ER' ? first.text.slice(1, 3) : undefined;
};

const hit = (more: Readonly<Record<string, string>> = {}): string => {
  const fields = {
    ...{ RTY: 'SV', RNO: '1', PRI: 'U', OCA: '30-004417', NIC: 'V400118732', LIC: '2ZZZ999' },
    ...{ RNA: 'D OKAPI', RAG: 'TESTBURG PD', ...more },
  };
  return Object.entries(fields)
    .map(([code, value]) => `${code}/${value}`)
    .join('.');
};

describe('every legacy message (2.2)', () => {
  it.each([
    ['An empty field is not sent: nor missed', ask('RQ', 'NV', `RSN/.${plate}`), undefined],
    [
      'An empty field is not sent: one that must be there',
      ask('RQ', 'NV', 'LIC/.LIY/2031.LIT/PC'),
      '22',
    ],
    ['An empty field is not sent: DOB', ask('DQ', 'NV', 'NAM/DOE,A.DOB/.SEX/M'), '05'],
    ['Query values carry no inner blanks', ask('RQ', 'NV', 'LIC/3FAKE 77.LIY/2031.LIT/PC'), '00'],
    ['Query values carry no punctuation: licence', ask('DQ', 'NV', 'OLN/99-00'), '00'],
    [
      'Query values carry no punctuation: names excepted',
      ask('DNQ', 'NV', 'NAM/DOE-ROE, A B'),
      undefined,
    ],
    [
      'Prefixes are usually three letters: none of a query is longer',
      ask('RQ', 'NV', `${plate}.EXPIRES/2031`),
      '22',
    ],
    ['Names: blank after the comma', ask('DQ', 'NV', 'NAM/DOE, A.DOB/19700101.SEX/M'), undefined],
    ['Names: no comma', ask('DQ', 'NV', 'NAM/DOE.DOB/19700101.SEX/M'), '00'],
    ['Names: thirty characters', ask('DNQ', 'NV', `NAM/DOE,${'A'.repeat(26)}`), undefined],
    ['Names: thirty-one', ask('DNQ', 'NV', `NAM/DOE,${'A'.repeat(27)}`), '00'],
    ['Dates: ccyymmdd', ask('DQ', 'NV', 'NAM/DOE,A.DOB/20000229.SEX/M'), undefined],
    ['Dates: mmddyy', ask('DQ', 'NV', 'NAM/DOE,A.DOB/022900.SEX/M'), undefined],
    ['Dates: mmddyy, no such day', ask('DQ', 'NV', 'NAM/DOE,A.DOB/022970.SEX/M'), '05'],
    ['Answers are largely free text', ask('RR', 'NV', 'NO SUCH. THING - ANYWHERE'), undefined],
  ])('2.2 %s', (_, raw, number) => {
    expect(complaint(raw)).toBe(number);
  });

  it('2.2 Prefixes are usually three letters: a longer label is read', () => {
    expect([...readFields('REG/NV1.EXPIRES/203112').values]).toEqual([
      ['REG', 'NV1'],
      ['EXPIRES', '203112'],
    ]);
  });
});

describe('addresses and agencies (3.1, 3.3)', () => {
  it.each([
    ['3.1 `NL`: multi-state query', ask('RQ', 'NL', plate), undefined],
    ['3.1 `NL`: traffic log', ask('NLQ', 'NL', 'TYP/ALL.BEG/20310101.END/20310401'), undefined],
    ['3.1 `NL`: plate readers', ask('LPQ', 'NL', 'LIC/1'), undefined],
    ['3.1 `NL`: a text', ask('AM', 'NL', 'X'), '02'],
    ['3.1 `NL` stands alone', ask('RQ', 'NL.NV', plate), '19'],
    ['3.1 `OD` stands alone: one destination', ask('TQ', 'OD.NV', 'ORI/NV0990200'), '19'],
    ['3.1 `DC`', ask('AM', 'DC', 'X'), undefined],
    ['3.1 `FA`: only legal address for GQ', ask('GQ', 'NV', 'ATN/X.REG/N099ZZ'), '02'],
    ['3.1 `ssfffHELP`: a text', ask('AM', 'NVLICHELP', 'X'), undefined],
    ['3.1 `ssfffHELP`: a query', ask('RQ', 'NVLICHELP', plate), '02'],
    [
      '3.1 ORI: sender and destination are looked up',
      ask('RQ', 'NV', plate).replace(asker, 'CA0998888'),
      '01',
    ],
    ['3.1 ORI: one that is not there refuses all', ask('AM', 'NV0990200.NV0998888', 'X'), '19'],
    ['3.3 Service: a letter of four', ask('TU', 'OD', 'ORI/CA0990200.SVC/E'), '00'],
    ['3.3 Agency type', ask('TU', 'OD', 'ORI/CA0990200.ATY/XX'), '00'],
    ['3.3 Authorisation', ask('TU', 'OD', 'ORI/CA0990200.AUT/AX'), '00'],
    ['3.3 Location: 2 to 20', ask('TU', 'OD', `ORI/CA0990200.LOC/${'A'.repeat(21)}`), '00'],
    ['3.3 Location: 2 to 20', ask('TU', 'OD', `ORI/CA0990200.LOC/${'A'.repeat(20)}`), undefined],
  ])('%s', (_, raw, number) => {
    expect(complaint(raw)).toBe(number);
  });
});

describe('a hit confirmation (5.1)', () => {
  it.each([
    ['`RTY/`: 2', hit({ RTY: 'SVX' }), '22'],
    ['`RNO/`: 1, 2 or 3', hit({ RNO: '0' }), '00'],
    ['`RNO/`: 1, 2 or 3', hit({ RNO: '3' }), undefined],
    ['`PRI/`: `U` or `R`', hit({ PRI: 'R' }), undefined],
    ['`PRI/`: no other', hit({ PRI: 'A' }), '00'],
    ['`OCA/`: to 20', hit({ OCA: 'A'.repeat(20) }), undefined],
    ['`OCA/`: 21', hit({ OCA: 'A'.repeat(21) }), '00'],
    ['`NIC/`: to 10', hit({ NIC: 'W'.repeat(10) }), undefined],
    ['`NIC/`: 11', hit({ NIC: 'W'.repeat(11) }), '00'],
    ['`RNA/`: a title with a period', hit({ RNA: 'SGT. OKAPI' }), undefined],
    ['`REM/`: periods', hit({ REM: 'AT MILE 9. CALL.' }), undefined],
    ['`SL`: LIC 1 to 10', hit({ RTY: 'SL', LIC: 'A'.repeat(11), LIS: 'NV' }), '00'],
    ['`SL`: LIS 2', hit({ RTY: 'SL', LIS: 'NEV' }), '00'],
    ['`SL`: LIY 2 to 4', hit({ RTY: 'SL', LIS: 'NV', LIY: '31' }), undefined],
    ['`SL`: LIY 2 to 4', hit({ RTY: 'SL', LIS: 'NV', LIY: '3' }), '10'],
    ['`SV`: VYR and VMA go with the VIN', hit({ VYR: '2019' }), '22'],
    ['a field twice', `${hit()}.LIC/2ZZZ998`, '22'],
  ])('5.1 %s', (_, text, number) => {
    expect(complaint(ask('YQ', 'NV0990200', text))).toBe(number);
  });

  it('5.1 Required order in the complaint, for every type and set', () => {
    const [error] = network().send(ask('YQ', 'NV0990200', hit({ DOB: '19700101' })));
    const legal = error?.text.split('LEGAL FIELDS FOR YQ:\r\n')[1]?.split('\r\nORIGINAL')[0];
    const sets = [
      ...['WP: NAM DOB (SEX)', 'MP: NAM DOB (SEX)', 'PO: NAM DOB (SEX)'],
      ...['SV: LIC', 'SV: VIN (VYR) (VMA)', 'SL: LIC LIS (LIY) (LIT)', 'SG: SER CAL MAK'],
      ...['SA: TYP SER', 'SS: TYP SER (DEN)', 'SB: REG', 'SB: BHN', 'SP: SER BRA', 'SP: SER CAT'],
    ];
    const wanted = sets.map((set) => `RTY/${set.replace(': ', ': RTY RNO PRI OCA NIC ')} RNA RAG`);
    expect(legal?.split('\r\n')).toEqual(wanted);
  });

  it('5.1 Nlets edits YQ and YR before forwarding: the owner never sees the refused one', () => {
    const net = network();
    net.send(ask('YQ', 'NV0990200', hit({ NAM: 'DOE,A' })));
    expect(net.turn(60 * 60_000)).toEqual([]);
    expect(net.host.counters()).toMatchObject({ delivered: 0, refused: 1, openConfirmations: 0 });
  });
});

describe('complaints by their number (9.1)', () => {
  it.each([
    ['0', '00', ask('RQ', 'NV', 'RSN/Q.VIN/1')],
    ['01', '01', ask('RQ', 'NV', plate, 'ELEVENCHARS')],
    ['02', '02', ask('GQ', 'NV', plate)],
    ['03', '03', ask('RQ', 'NV', plate).replace('TXT', 'TEXT')],
    ['05: missing', '05', ask('DQ', 'NV', 'NAM/DOE,A.SEX/M')],
    ['05: bad', '05', ask('DQ', 'NV', 'NAM/DOE,A.DOB/19701301.SEX/M')],
    ['10: LIY', '10', ask('RQ', 'NV', 'LIC/1.LIY/AA.LIT/PC')],
    ['10: VYR', '10', ask('RQ', 'NV', 'VIN/1.VYR/AA')],
    ['10: BEG', '10', ask('NLQ', 'NL', 'TYP/ALL.BEG/AA.END/20310401')],
    ['10: END missing', '10', ask('NLQ', 'NL', 'TYP/ALL.BEG/20310101')],
    ['14', '14', ask('DQ', 'NV', 'NAM/DOE,A.DOB/19700101')],
    ['16: missing', '16', ask('IQ', 'NV', `PUR/C.${who}`)],
    ['16: bad', '16', ask('FQ', 'NV', `PUR/C.ATN/${'A'.repeat(31)}.SID/NV1`)],
    ['19', '19', ask('AM', 'NV0998888', 'X')],
    ['22', '22', ask('DQ', 'NV', `OLN/1.${who}`)],
  ])('9.1 %s is told as %s', (_, number, raw) => {
    const [error] = network().send(raw);
    expect(error).toMatchObject({ key: 'ER', sender: 'NL0000000', final: true });
    expect(error?.text.slice(0, 5)).toBe(`.${number}.`.padEnd(5));
    expect(error?.text.includes('LEGAL FIELDS FOR')).toBe(number === '22');
  });

  it('9.1 the sample: a name that is missing is told before a day that does not exist', () => {
    const [error] = network().send(ask('DQ', 'NV', 'DOB/19990230.SEX/F', 'A7K0000413'));
    expect(error?.text.split('\r\n').slice(0, 3)).toEqual([
      '.14. FIELDS MISSING - NAM',
      'ORIGINAL MESSAGE',
      `DQ.${asker}.NV.*A7K0000413.TXT`,
    ]);
  });

  it('9.1 Header 69-76 characters', () => {
    const raw = network().send(ask('DQ', 'NV', 'SEX/F'))[0]?.raw ?? '';
    const length = raw.indexOf('TXT') + 3;
    expect(length).toBeGreaterThanOrEqual(69);
    expect(length).toBeLessThanOrEqual(76);
  });

  it('9.1 22 lists the right sets', () => {
    const textOf = (raw: string) => network().send(raw)[0]?.text;
    expect(textOf(ask('RQ', 'NV', 'LIC/3FAKE77.LIT/PC'))).toMatch(
      /^\.22\. .* MISSING - LIY\r\nLEGAL FIELDS FOR RQ:\r\nLIC LIY LIT\r\nVIN \(VMA\) \(VYR\)\r\nORIGINAL/,
    );
    expect(textOf(ask('IQ', 'NV', `${rap}OLN/1`))).toContain('\r\nPUR ATN NAM SOC (SEX)\r\n');
  });
});

describe('status (9.2)', () => {
  it('9.2 a row for everybody is behind those for a member and an ORI', () => {
    const net = network();
    net.host.setService('*', 'RQ', 'remove', net.now());
    expect(net.send(ask('RQ', 'NV', plate))[0]?.text).toMatch(/^\.04\. /);
    net.host.setService('NV', 'RQ', 'up', net.now());
    expect(net.send(ask('RQ', 'NV', plate))).toEqual([]);
    expect(net.send(ask('RQ', 'OR', plate))[0]?.text).toMatch(/^\.04\. /);
  });

  it('9.2 A member going out of service may tell everyone with an SM of its own', () => {
    const net = network();
    const [said] = net.send(ask('SM', 'CA0990200.NV.OR', 'CA OUT OF SERVICE UNTIL 1000 PST'));
    expect(said).toMatchObject({ key: 'SM', sender: asker, destination: 'CA0990200' });
    expect(net.host.counters()).toMatchObject({ refused: 0, delivered: 3 });
  });

  it('9.2 Operator-made: out of service until a local time, and in service again', () => {
    const net = network();
    for (const words of ['NLETS OUT OF SERVICE UNTIL 1000 MST', 'NLETS IN SERVICE'])
      expect(net.host.announce(words, net.now())[0]?.text).toContain(
        `CA0990000\r\nTXT\r\n${words}`,
      );
  });
});

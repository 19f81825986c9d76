// Texts of ncic 6: the hits, the negative answers and the acknowledgements of the reference, line by line.

import { expect, it } from 'vitest';
import { entries, entry } from './entries.ts';
import { hitsIn, linesOf, nicIn, openFilledRoom, openRoom } from './room.ts';

const car =
  '1N01SIM0004720.EV.NV0990200.7SIM042.CA.2031.PC.9ZZTS7X41KN200417.2019.TOYT.COR.4D.SIL.20300214.30-004417.CRACKED LEFT MIRROR, ROOF RACK';
const hit = [
  'MKE/STOLEN VEHICLE',
  'ORI/NV0990200 LIC/7SIM042 LIS/CA LIY/2031 LIT/PC',
  'VIN/9ZZTS7X41KN200417 VYR/2019',
  'VMA/TOYT VMO/COR VST/4D VCO/SIL DOT/20300214',
  'OCA/30-004417',
  'MIS/CRACKED LEFT MIRROR, ROOF RACK',
  'ORI IS SIMVILLE PD NV 775 555-0142',
  'NIC/V500000005 DTE/20300307 1500 EST DLU/20300307 1500 EST',
  'IMMED CONFIRM RECORD WITH ORI',
];

it('6.1 positive hit: stolen vehicle', () => {
  const room = openRoom();
  const entered = room.say(car)[0]?.text ?? '';
  expect(linesOf(entered)).toEqual([
    '1L01SIM0004720',
    'NV0990200',
    '',
    'NIC/V500000005 OCA/30-004417',
    'VIN/9ZZTS7X41KN200417',
  ]);
  const [answer] = room.say('1N01SIM0004711.QV.CA0990100.LIC/7SIM042.LIS/CA');
  expect(linesOf(answer?.text ?? '')).toEqual(['1L01SIM0004711', 'CA0990100', '', ...hit]);
});

it('6.1 a text that begins with its key is answered in that form (link X6)', () => {
  const room = openRoom();
  room.say(car);
  expect(linesOf(room.say('QV.CA0990100.LIC/7SIM042.LIS/CA')[0]?.text ?? '')).toEqual([
    'QV.CA0990100.',
    ...hit,
  ]);
});

it('6.2 positive hit: wanted person with caution', () => {
  const room = openRoom();
  const change = {
    POB: 'OR',
    CTZ: 'US',
    SKN: 'LGT',
    SMT: 'TAT L ARM',
    MNU: 'OA-55120091',
    OLN: 'Q9900417',
    OLS: 'OR',
    OLY: '2032',
    WNO: 'W29-77310',
    CTI: 'OR099013J',
    AKA: 'QUILL, OZ',
    MIS: 'LAST SEEN WITH BOAT TRAILER',
    CMC: '00',
  };
  const nic = nicIn(room.ask(entry('EW', change, { ori: 'OR0990300', suffix: '-C' })));
  expect(room.ask('QW.CA0990100.NAM/QUILLBRAND, OSRIC.SEX/M.RAC/W.DOB/19910307')).toEqual([
    'MKE/WANTED PERSON - CAUTION',
    '00 - ARMED AND DANGEROUS',
    'EXL/1 - FULL EXTRADITION',
    'ORI/OR0990300 NAM/QUILLBRAND, OSRIC T SEX/M RAC/W POB/OR DOB/19910307',
    'HGT/602 WGT/210 EYE/GRN HAI/BRO CTZ/US SKN/LGT',
    'SMT/TAT L ARM',
    'MNU/OA-55120091 SOC/000990042',
    'OLN/Q9900417 OLS/OR OLY/2032',
    'OFF/BURGLARY',
    'DOW/20291130 OCA/29B-11806',
    'WNO/W29-77310 CTI/OR099013J',
    'MIS/LAST SEEN WITH BOAT TRAILER',
    'ORI IS FICTON CO SO OR 541 555-0177',
    'AKA/QUILL, OZ',
    `NIC/${nic} DTE/20300307 1500 EST DLU/20300307 1500 EST`,
    'IMMED CONFIRM WARRANT AND EXTRADITION WITH ORI',
  ]);
});

it.each([
  [
    '6.3 gun',
    'QG.CA0990100.SER/ZZ0042',
    ['ORI/NV0990200 SER/ZZ0042 MAK/GLC CAL/9 MOD/19', 'TYP/PI DOT/20300101'],
  ],
  [
    '6.3 article',
    'QA.CA0990100.TYP/DCOMPUT.SER/ZZA1001',
    ['ORI/NV0990200 TYP/DCOMPUT SER/ZZA1001'],
  ],
  [
    '6.3 missing',
    'QM.CA0990100.NAM/MARROWBY, TESSA.DOB/20150622',
    ['MKE/MISSING PERSON - ENDANGERED', 'MPC/S - ABDUCTED BY A STRANGER'],
  ],
  ['2.6 -P', 'QV.CA0990100.LIC/5ZZZ555', ['MKE/STOLEN VEHICLE - HOLD FOR LATENTS']],
  ['2.6 -A', 'QV.CA0990100.LIC/4ZZZ777', ['MKE/FELONY VEHICLE - OCCUPANT(S) ARMED']],
  ['6.4 property', 'QV.CA0990100.LIC/7SIM043.LIS/CA', ['NO RECORD LIC/7SIM043 LIS/CA']],
  [
    '6.4 person, with key note',
    'QW.CA0990100.NAM/PELLUCID,ADA.DOB/19880219.RAC/W.SEX/F',
    [
      'NO NCIC WANT NAM/PELLUCID,ADA DOB/19880219 RAC/W SEX/F',
      '***MESSAGE KEY QW: WANTS LIMITED BY EXTRADITION, OTHER PERSON FILES FULL',
    ],
  ],
  [
    '6.4 LIC and VIN together',
    'QV.CA0990100.LIC/2ZZZ998.LIS/CA.VIN/9ZZTS7X41KN200999',
    ['NO RECORD LIC/2ZZZ998 LIS/CA', 'MKE/STOLEN VEHICLE'],
  ],
  ['2.5 QO', 'QO.CA0990100.ORI/NV0990200', ['ORI/NV0990200', 'ORI IS SIMVILLE PD NV 775 555-0142']],
  ['2.5 ZO', 'ZO.CA0990100.ORI/NV0999999', ['NO RECORD ORI/NV0999999']],
] as const)('%s', (_, question, lines) => {
  expect(openFilledRoom().ask(question)).toEqual(expect.arrayContaining([...lines]));
});

it('6.5 enter, with a VIN warning where the setting asks for it', () => {
  expect(openRoom({ settings: { vinCheck: true } }).ask(entry('EV'))).toContain(
    '***VIN FAILS THE CHECK DIGIT',
  );
});

it('6.6 on file: the stored record follows the reject', () => {
  const room = openRoom();
  room.say(car);
  expect(linesOf(room.say(car)[0]?.text ?? '').slice(3)).toEqual(['REJ - ON FILE', ...hit]);
});

it('1.6 very long output: cut between lines, each part with the first two lines', () => {
  const room = openRoom();
  for (let at = 0; at < 60; at += 1)
    room.ask(
      entry('EV', {
        LIC: '7SIM042',
        VIN: `9ZZTS7X41KN${String(100_000 + at)}`,
        MIS: 'X'.repeat(300),
      }),
    );
  const said = room.say('1N01SIM0004711.QV.CA0990100.LIC/7SIM042');
  expect(said.length).toBeGreaterThan(1);
  expect(said.map(({ final }) => final !== false)).toEqual([
    ...said.slice(1).map(() => false),
    true,
  ]);
  for (const { text } of said) {
    expect(text.length).toBeLessThanOrEqual(14_400);
    expect(linesOf(text).slice(0, 3)).toEqual(['1L01SIM0004711', 'CA0990100', '']);
  }
  expect(said.map(({ text }) => hitsIn(linesOf(text))).reduce((sum, hits) => sum + hits)).toBe(60);
});

it('1.5 echo: N becomes L, all else is unchanged', () => {
  const [said] = openRoom().say('2X01 any/thing*.QV.CA0990100.LIC/1');
  expect(said?.text.startsWith('2X01 any/thing*\r\n')).toBe(true);
});

/** A person of each file with every field that a sample places. */
const samplePerson = {
  POB: 'OR',
  FBI: '990042ZA1',
  SKN: 'LGT',
  SMT: 'TAT L ARM',
  FPC: '12PICO'.padEnd(20, 'X'),
  MNU: 'OA-55120091',
  SOC: '000990042',
  OLN: 'Q9900417',
  OLS: 'OR',
  OLY: '2032',
  MIS: 'NOTE',
};
const sampleOrder = [
  ...['NAM', 'SEX', 'RAC', 'POB', 'DOB', 'HGT', 'WGT', 'EYE', 'HAI', 'FBI', 'SKN', 'SMT'],
  ...['FPC', 'MNU', 'SOC', 'OLN', 'OLS', 'OLY', 'OCA', 'MIS'],
];

it.each(['EW', 'EWJ', 'ET', 'EMO', 'EUD', 'EPO', 'EID'] as const)(
  '6 record-line order for persons: %s as the sample has it',
  (key) => {
    const room = openRoom();
    const body = { HGT: '602', WGT: '210', EYE: 'GRN', HAI: 'BRO' };
    // The unidentified have no place of birth.
    const given = { ...samplePerson, ...body, ...(key === 'EUD' ? { POB: '' } : {}) };
    const nic = nicIn(room.ask(entry(key, given)));
    const ask = { EPO: 'QPO', EID: 'QID', EUD: 'QU', EMO: 'QM', EW: 'QW', EWJ: 'QW', ET: 'QW' }[
      key
    ];
    const codes = codesOf(room.ask(`${ask}.CA0990100.NIC/${nic}`));
    const sent = Object.entries({ ...entries[key], ...given }).filter(([, value]) => value !== '');
    const order = sampleOrder.filter((code) => sent.some(([each]) => each === code));
    expect(codes.filter((code) => sampleOrder.includes(code))).toEqual(order);
  },
);

const codesOf = (lines: readonly string[]): readonly string[] =>
  lines.flatMap((line) => line.match(/\b[A-Z]{3}(?=\/)/g) ?? []);

it('6.2 print order: the lines of a want begin with these codes', () => {
  const room = openRoom();
  const nic = nicIn(
    room.ask(entry('EW', { ...samplePerson, CTZ: 'US', WNO: 'W1', CTI: 'OR099013J' })),
  );
  const lines = room.ask(`QW.CA0990100.NIC/${nic}`);
  expect(lines.map((line) => /^[A-Z]{3}(?=\/)/.exec(line)?.[0] ?? '-')).toEqual([
    ...[
      'MKE',
      'EXL',
      'ORI',
      'HGT',
      'SMT',
      'FPC',
      'OLN',
      'OFF',
      'DOW',
      'WNO',
      'MIS',
      '-',
      'NIC',
      '-',
    ],
  ]);
});

it('6.2 caution text: right below the line of the key, one line for each', () => {
  const room = openRoom();
  const text = `${entry('EW', { CMC: '00' }, { suffix: '-C' })}.CMC/70`;
  expect(nicIn(room.ask(text))).toMatch(/^W/);
  expect(room.ask('QW.CA0990100.SOC/000990042').slice(0, 4)).toEqual([
    'MKE/WANTED PERSON - CAUTION',
    '00 - ARMED AND DANGEROUS',
    '70 - SUICIDAL',
    'EXL/1 - FULL EXTRADITION',
  ]);
});

it('6.5 enter with near match: the acknowledgement, then the other record in full', () => {
  const room = openRoom();
  room.say(car);
  const want = { LIC: '7SIM042', LIS: 'CA', LIY: '2031', LIT: 'PC' };
  const lines = room.ask(entry('EW', want, { ori: 'OR0990300' }));
  expect(lines).toEqual([
    expect.stringMatching(/^NIC\/W\d{9} OCA\/29B-11806$/),
    'NAM/QUILLBRAND, OSRIC T',
    ...hit,
  ]);
});

it('2.5 QWI: a hit or none, the last line says that the index was not searched', () => {
  const room = openRoom();
  const besides = '***CRIMINAL HISTORY INDEX NOT SEARCHED HERE, ASK BY QH';
  const asked = 'QWI.CA0990100.SOC/000990042';
  expect([room.ask(asked)[0], room.ask(asked).at(-1)]).toEqual([
    'NO NCIC WANT SOC/000990042',
    besides,
  ]);
  room.ask(entry('EW'));
  expect([hitsIn(room.ask(asked)), room.ask(asked).at(-1)]).toEqual([1, besides]);
  expect(room.ask(asked.replace('QWI', 'QW'))).not.toContain(besides);
});

// Rules of ncic 5 about inquiries: what each file is asked by, and what an answer shows.

import { expect, it } from 'vitest';
import { entry } from './entries.ts';
import type { EntryKey } from './entries.ts';
import { hitsIn, nicIn, openRoom } from './room.ts';

/** The entry, what it has besides, and the question; `#` is its NIC. */
type Asked = readonly [
  rule: string,
  key: EntryKey,
  besides: Readonly<Record<string, string>>,
  questions: readonly string[],
];

const numbers = { FBI: '990042ZA1', MNU: 'OA-55120091', SOC: '000990042' };
const licence = { OLN: 'Q9900417', OLS: 'OR', OLY: '2032' };
const car = {
  ...{ LIC: '9SIM009', LIS: 'NV', LIY: '2031', LIT: 'PC' },
  ...{ VIN: '9ZZTS7X41KN200999', VYR: '2019', VMA: 'TOYT' },
};
const named = 'NAM/QUILLBRAND, OSRIC.DOB/19910307';
const byNumber = ['FBI/990042ZA1', 'MNU/OA-55120091', 'SOC/000990042', 'OLN/Q9900417'];
const described = 'AGE/39.SEX/M.RAC/W.HGT/602.WGT/210.EYE/GRN.HAI/BRO';

const asked: readonly Asked[] = [
  [
    '5.1 QV by',
    'EV',
    { OAN: 'OWN77' },
    [
      ...['LIC/7SIM042', 'LIC/7SIM042.LIS/NV', 'VIN/9ZZTS7X41KN200417', 'NIC/#', 'OAN/OWN77'],
      ...['VIN/9ZZTS7X41KN200417.VMA/TOYT', 'LIC/7SIM042.VIN/9ZZTS7X41KN200417'],
    ].map((by) => `QV.CA0990100.${by}`),
  ],
  [
    '5.4 QB by',
    'EB',
    { OAN: 'OWN77', CGD: '123456' },
    [
      'BHN/ZZZ10000A30',
      'REG/CF9901ZZ',
      'REG/CF9901ZZ.RES/NV',
      'OAN/OWN77',
      'CGD/123456',
      'NIC/#',
    ].map((by) => `QB.CA0990100.${by}`),
  ],
  ['5.4 QB by', 'EP', {}, ['QB.CA0990100.SER/SIMP1001']],
  [
    '5.5 QG by',
    'EG',
    {},
    ['', '.MAK/GLC', '.CAL/9', '.MAK/GLC.CAL/9']
      .map((with_) => `QG.CA0990100.SER/SIM77A4431${with_}`)
      .concat('QG.CA0990100.NIC/#'),
  ],
  [
    '5.6 QA by',
    'EA',
    { OAN: 'OWN77' },
    ['TYP/DCOMPUT.SER/ZZA1001', 'TYP/DCOMPUT.OAN/OWN77', 'TYP/D.SER/ZZA1001', 'NIC/#'].map(
      (by) => `QA.CA0990100.${by}`,
    ),
  ],
  [
    '5.7 QS by',
    'ES',
    { SOC: '000990042' },
    [
      ...['TYP/FR.SER/B00990042C.DEN/100', 'TYP/FR.SER/B00990042C.DEN/100.ISS/US'],
      ...['TYP/FR.OWN/TESTBURG BANK', 'SOC/000990042', 'NIC/#'],
    ].map((by) => `QS.CA0990100.${by}`),
  ],
  [
    '5.8 QW by',
    'EW',
    { ...numbers, ...licence, ...car, SID: 'OR990042' },
    [
      ...[named, `${named}.SEX/M.RAC/W`, 'NAM/QUILLBRAND, OSRIC.OCA/29B-11806', 'SID/OR990042'],
      ...[...byNumber, 'NIC/#', 'LIC/9SIM009', 'VIN/9ZZTS7X41KN200999'],
    ].map((by) => `QW.CA0990100.${by}`),
  ],
  [
    '5.9 QM by',
    'EMO',
    { ...numbers, ...licence },
    [named, 'NAM/QUILLBRAND, OSRIC.SOC/000990042', ...byNumber, 'NIC/#', described].map(
      (by) => `QM.CA0990100.${by}`,
    ),
  ],
  [
    '5.10 QU by',
    'EUD',
    {},
    ['NIC/#', 'BPS/ALL', described, described.slice(7)].map((by) => `QU.CA0990100.${by}`),
  ],
  [
    '5.11 QPO by',
    'EPO',
    { ...numbers, ...licence },
    ['NAM/GROVELL, ENZO.DOB/19850530', 'PNO/PO30117', ...byNumber, 'NIC/#'].map(
      (by) => `QPO.CA0990100.${by}`,
    ),
  ],
  [
    '5.12 QID by',
    'EID',
    { ...numbers, ...licence },
    [named, ...byNumber, 'NIC/#'].map((by) => `QID.CA0990100.${by}`),
  ],
];

it.each(
  asked.flatMap(([rule, key, besides, questions]) =>
    questions.map((question) => [`${rule}: ${question}`, key, besides, question] as const),
  ),
)('%s', (_, key, besides, question) => {
  const room = openRoom();
  expect(hitsIn(room.ask(question.replace('#', 'V500000005')))).toBe(0);
  const nic = nicIn(room.ask(entry(key, besides)));
  const found = room.ask(question.replace('#', nic));
  expect([hitsIn(found), found.some((line) => line.startsWith(`NIC/${nic} `))]).toEqual([1, true]);
});

it.each([
  ['5.5 QG by: another make', 'EG', 'QG.CA0990100.SER/SIM77A4431.MAK/RUG'],
  ['5.6 QA by: another category', 'EA', 'QA.CA0990100.TYP/C.SER/ZZA1001'],
  ['5.7 QS by: another denomination', 'ES', 'QS.CA0990100.TYP/FR.SER/B00990042C.DEN/50'],
  ['5.7 QS by: another type', 'ES', 'QS.CA0990100.TYP/MO.OWN/TESTBURG BANK'],
] as const)('%s does not find it', (_, key, question) => {
  const room = openRoom();
  room.ask(entry(key));
  expect(hitsIn(room.ask(question))).toBe(0);
});

it('5.11 QPO by: the answer may be active, pending, or expired', () => {
  const room = openRoom();
  room.ask(entry('EPO', { PNO: 'PO1' }));
  room.ask(entry('EPO', { PNO: 'PO2', ISD: '20300401', OCA: '30-142' }));
  room.ask(entry('EPO', { PNO: 'PO3', EXP: '20300320', OCA: '30-143' }));
  room.turn(14);
  const lines = ['PO1', 'PO2', 'PO3'].map((order) =>
    room
      .ask(`QPO.CA0990100.PNO/${order}`)
      .filter((line) => line.startsWith('ORDER IS '))
      .join(),
  );
  expect(lines).toEqual([
    '',
    'ORDER IS PENDING UNTIL 20300401',
    'ORDER IS INACTIVE SINCE 20300321',
  ]);
});

it('5.4 hit handling: a hit shows what was taken with the boat', () => {
  const room = openRoom();
  room.ask(entry('EB', { MIS: 'TRAILER NV LIC 3SIM111, MOTOR SIMP1001' }));
  expect(room.ask('QB.CA0990100.BHN/ZZZ10000A30')).toContain(
    'MIS/TRAILER NV LIC 3SIM111, MOTOR SIMP1001',
  );
});

it('5 Entry year + n: an article of 2003 leaves at the beginning of 2005', () => {
  const room = openRoom({ startsAt: '2003-06-10T20:00:00Z' });
  expect(room.ask(entry('EA', { DOT: '20030601' }))[0]).toMatch(/^NIC\//);
  room.turn(570);
  expect(room.host.nextAtMs).toBe(Date.parse('2005-01-01T08:00:00Z'));
  expect(hitsIn(room.ask('QA.CA0990100.TYP/DCOMPUT.SER/ZZA1001'))).toBe(1);
  expect(room.turn(1).map((text) => text.slice(0, 15))).toEqual(['$.R.\r\nNV0990200']);
  expect(hitsIn(room.ask('QA.CA0990100.TYP/DCOMPUT.SER/ZZA1001'))).toBe(0);
});

it.each([
  ['EV', { LIS: 'OR' }, ['$.8.\r\nOR0990000']],
  ['EF', { LIS: 'OR' }, ['$.8.\r\nOR0990000']],
  ['EV', {}, []],
] as const)(
  '5.1 $.8.: sent when LIS is another state than that of the ORI: %s %o',
  (key, change, told) => {
    const room = openRoom();
    room.ask(entry(key, change));
    expect(room.notices.map((text) => text.slice(0, 15))).toEqual(told);
  },
);

it.each([
  ['EA', 'DCOMPUT', false],
  ['EA', 'QBADGEX', true],
  ['EA', 'ZBADGEX', true],
] as const)('5.6 validation: %s of type %s has to be validated: %o', (key, type, has) => {
  const room = openRoom({ validation: true });
  room.ask(entry(key, { TYP: type }));
  const said = room.turn(200).filter((text) => text.startsWith('$.F.'));
  expect([said.length, hitsIn(room.ask(`QA.CA0990100.TYP/${type}.SER/ZZA1001`))]).toEqual(
    has ? [1, 0] : [0, 1],
  );
});

it('5.8 positional order: an entry without codes, printed as the sample has it', () => {
  const room = openRoom();
  const text =
    'EW.NV0990200.QUILLBRAND, OSRIC T.M.W.OR.19910307.602.210.GRN.BRO..LGT.TAT L ARM...000990042....2299.20291130.29B-11806.NOTE.9SIM009.NV.2031.PC.EXL/1';
  expect(room.ask(text)[0]).toMatch(/^NIC\/W\d{9} OCA\/29B-11806$/);
  const lines = room.ask('QW.CA0990100.SOC/000990042');
  const codes = lines.flatMap((line) => line.match(/\b[A-Z]{3}(?=\/)/g) ?? []);
  const order = [
    'NAM',
    'SEX',
    'RAC',
    'POB',
    'DOB',
    'HGT',
    'WGT',
    'EYE',
    'HAI',
    'SKN',
    'SMT',
    'SOC',
    'OFF',
    'OCA',
    'MIS',
  ];
  expect(codes.filter((code) => order.includes(code))).toEqual(order);
});

it.each([
  ['5.8 locate: NAM and NIC', 'NAM/QUILLBRAND, OSRIC T.NIC/#', '.DIS/EXTR', /^LOCATE /],
  ['5.8 locate: NAM and OCA', 'NAM/QUILLBRAND, OSRIC T.OCA/29B-11806', '.DIS/EXTR', /^LOCATE /],
  ['5.8 locate: without DIS', 'NIC/#.OCA/29B-11806', '', /^REJ - MISSING FIELD DIS$/],
  [
    '5.8 other reasons to locate: the owner will not extradite',
    'NIC/#.OCA/29B-11806',
    '.DIS/NOEX',
    /^LOCATE /,
  ],
  ['5.8 other reasons to locate: held for it', 'NIC/#.OCA/29B-11806', '.DIS/DETN', /^LOCATE /],
] as const)('%s', (_, ids, rest, answer) => {
  const room = openRoom();
  const nic = nicIn(room.ask(entry('EW')));
  expect(room.ask(`LW.CA0990100.${ids.replace('#', nic)}.DOR/20300307${rest}`)[0]).toMatch(answer);
});

it('5.8 locate: a date is needed', () => {
  const room = openRoom();
  room.ask(entry('EW'));
  expect(room.ask('LW.CA0990100.NAM/QUILLBRAND, OSRIC T.OCA/29B-11806.DIS/EXTR')[0]).toMatch(
    /^REJ - MISSING FIELD /,
  );
});

it('5.9 locate: retires at once, and the owner is told', () => {
  const room = openRoom();
  const nic = nicIn(room.ask(entry('EMJ')));
  expect(room.ask(`LM.OR0990300.NIC/${nic}.OCA/30-123.DOR/20300307`)[0]).toMatch(/^LOCATE /);
  expect(room.notices[0]).toMatch(/^\$\.L\.\r\nNV0990200\r\n/);
  expect(hitsIn(room.ask(`QM.CA0990100.NIC/${nic}`))).toBe(0);
});

const complete = { BLT: 'ANEG', FPC: '12PICO'.padEnd(20, 'X'), JWT: 'RG', SMT: 'TAT L ARM' };
it.each([
  ['nothing', complete, 'DRE/GOLD TOOTH.DCH/ALL', 0],
  ['dental data', complete, undefined, 1],
  ['a blood type', { ...complete, BLT: '' }, 'DCH/ALL', 1],
  ['a fingerprint classification', { ...complete, FPC: '' }, 'DCH/ALL', 1],
  ['jewellery', { ...complete, JWT: '' }, 'DCH/ALL', 1],
  ['a mark', { ...complete, SMT: '' }, 'DCH/ALL', 1],
] as const)('5.9 $.K.: 30 days after entry where %s is missing', (_, change, dental, told) => {
  const room = openRoom();
  const nic = nicIn(room.ask(entry('EMO', change)));
  if (dental !== undefined)
    expect(
      room.ask(`EMN.NV0990200.NIC/${nic}.OCA/30-125.NAM/QUILLBRAND, OSRIC T.${dental}`)[0],
    ).toMatch(/^SUPPLEMENTAL /);
  expect(room.turn(29)).toEqual([]);
  expect(room.turn(1).filter((text) => text.startsWith('$.K.\r\nNV0990200'))).toHaveLength(told);
});

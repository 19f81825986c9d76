// Rules of ncic 4.1 to 4.3, one row each: how a record is meant, how far it is supplemented, how it ends.

import { expect, it } from 'vitest';
import { entry } from './entries.ts';
import { hitsIn, nicIn, openRoom } from './room.ts';

const car = entry('EV');
const want = entry('EW');
const article = entry('EA');

/** Pairs by which a record of its owner is changed; `#` is its NIC. */
type Identified = readonly [rule: string, entered: string, change: string, answer: RegExp];
const done = /^MODIFY /;
const identified: readonly Identified[] = [
  ...[
    'NIC/#.OCA/30-004417',
    'NIC/#.VIN/9ZZTS7X41KN200417',
    'NIC/#.LIC/7SIM042',
    'VIN/9ZZTS7X41KN200417.OCA/30-004417',
    'LIC/7SIM042.OCA/30-004417',
  ].map((ids): Identified => [`4.2 vehicle: ${ids}`, car, `MV.NV0990200.${ids}.VCO/BLK`, done]),
  ...['NIC/#.OCA/30-007001', 'NIC/#.LIC/3SIM111', 'LIC/3SIM111.OCA/30-007001'].map(
    (ids): Identified => [`4.2 plate: ${ids}`, entry('EL'), `ML.NV0990200.${ids}.LIT/TK`, done],
  ),
  ...[
    'NIC/#.OCA/30-008100',
    'NIC/#.BHN/ZZZ10000A30',
    'NIC/#.REG/CF9901ZZ',
    'BHN/ZZZ10000A30.OCA/30-008100',
    'REG/CF9901ZZ.OCA/30-008100',
  ].map((ids): Identified => [`4.2 boat: ${ids}`, entry('EB'), `MB.NV0990200.${ids}.BLE/18`, done]),
  ...['NIC/#.SER/SIM77A4431', 'NIC/#.OCA/30-005120', 'SER/SIM77A4431.OCA/30-005120'].map(
    (ids): Identified => [`4.2 gun: ${ids}`, entry('EG'), `MG.NV0990200.${ids}.CAL/45`, done],
  ),
  ...['NIC/#.SER/ZZA1001', 'NIC/#.OCA/30-006100', 'SER/ZZA1001.OCA/30-006100'].map(
    (ids): Identified => [`4.2 article: ${ids}`, article, `MA.NV0990200.${ids}.MOD/X`, done],
  ),
  ...['NIC/#.SER/B00990042C', 'NIC/#.OCA/30-003001', 'SER/B00990042C.OCA/30-003001'].map(
    (ids): Identified => [`4.2 security: ${ids}`, entry('ES'), `MS.NV0990200.${ids}.RMI/B`, done],
  ),
  ...['NIC/#.SER/SIMP1001', 'NIC/#.OCA/30-009001', 'SER/SIMP1001.OCA/30-009001'].map(
    (ids): Identified => [`4.2 part: ${ids}`, entry('EP'), `MP.NV0990200.${ids}.BRA/YAMA`, done],
  ),
  ...[
    'NAM/QUILLBRAND, OSRIC T.NIC/#',
    'NAM/QUILLBRAND, OSRIC T.OCA/29B-11806',
    'NIC/#.OCA/29B-11806',
  ].map((ids): Identified => [
    `4.2 person files: ${ids}`,
    want,
    `MW.NV0990200.${ids}.WGT/220`,
    done,
  ]),
  [
    '4.2 name in the pair: spelling included',
    want,
    'MW.NV0990200.NAM/QUILLBRAND, OSRIC.OCA/29B-11806.WGT/220',
    /^REJ - NOT ON FILE$/,
  ],
  [
    '4.2 a pair that is none',
    car,
    'MV.NV0990200.VIN/9ZZTS7X41KN200417.LIC/7SIM042.VCO/BLK',
    /^REJ - ID FIELDS$/,
  ],
  [
    '1.4 an identifier sent twice: as it was, as it will be',
    car,
    'MV.NV0990200.LIC/7SIM042.OCA/30-004417.LIC/7SIM049',
    done,
  ],
  [
    '1.4 delete: nothing after the slash',
    entry('EV', { MIS: 'DENT' }),
    'MV.NV0990200.NIC/#.OCA/30-004417.MIS/',
    done,
  ],
  [
    '5.1 M: what must be there is not deleted',
    car,
    'MV.NV0990200.NIC/#.OCA/30-004417.VMA/',
    /^REJ - /,
  ],
];

it.each(identified)('%s', (_, text, change, answer) => {
  const room = openRoom();
  const nic = nicIn(room.ask(text));
  expect(room.ask(change.replaceAll('#', nic))[0]).toMatch(answer);
});

it('4.2 two records fit the pair: the NIC is asked for', () => {
  const room = openRoom();
  room.ask(entry('EG', { SER: 'AB1' }));
  room.ask(entry('EG', { SER: 'AB1', CAL: '45' }));
  expect(room.ask('MG.NV0990200.SER/AB1.OCA/30-005120.CAL/22')).toEqual([
    'REJ - ID FIELDS - SEVERAL RECORDS, USE NIC',
  ]);
});

it.each([
  [
    '99 AKA',
    'EW',
    'EN',
    (at: number) =>
      `AKA/ALIAS${'ABCDEFGHIJ'[at % 10] ?? ''}${'ABCDEFGHIJ'[Math.floor(at / 10)] ?? ''}, OZ`,
    99,
  ],
  ['9 of each other kind', 'EW', 'EN', (at: number) => `SMT/TAT ${String(at)}`, 9],
  ['19 SMT for missing', 'EMO', 'EMN', (at: number) => `SMT/TAT ${String(at)}`, 19],
] as const)('4.3 limits: %s', (_, key, add, item, most) => {
  const room = openRoom();
  const nic = nicIn(room.ask(entry(key)));
  const oca = key === 'EW' ? '29B-11806' : '30-125';
  const send = (at: number) =>
    room.ask(`${add}.NV0990200.NIC/${nic}.OCA/${oca}.NAM/QUILLBRAND, OSRIC T.${item(at)}`)[0];
  for (let at = 0; at < most; at += 1) expect(send(at)).toMatch(/^SUPPLEMENTAL/);
  expect(send(most)).toMatch(/^REJ - SUPPLEMENTAL LIMIT/);
});

it('4.1 second locate on a located record: appended for persons, rejected for property', () => {
  const room = openRoom();
  room.ask(want);
  const locate = (ori: string) =>
    room.ask(`LW.${ori}.NAM/QUILLBRAND, OSRIC T.OCA/29B-11806.DOR/20300307.DIS/EXTR`)[0];
  expect([locate('CA0990100'), locate('OR0990300')]).toEqual(
    Array(2).fill(expect.stringMatching(/^LOCATE /)),
  );
  expect(
    room.ask('QW.CA0990100.SOC/000990042').filter((line) => line.startsWith('LOCATED/')),
  ).toHaveLength(2);
  room.ask(car);
  const car2 = (ori: string) => room.ask(`LV.${ori}.LIC/7SIM042.OCA/30-004417.DOR/20300307`)[0];
  expect([car2('CA0990100'), car2('OR0990300')]).toEqual([
    expect.stringMatching(/^LOCATE /),
    'REJ - ALREADY LOCATED',
  ]);
});

it('4.1 locate on a wanted person: stays where the owner detains', () => {
  const room = openRoom();
  room.ask(want);
  room.ask('LW.CA0990100.NAM/QUILLBRAND, OSRIC T.OCA/29B-11806.DOR/20300307.DIS/DETN');
  room.turn(400);
  expect(hitsIn(room.ask('QW.CA0990100.SOC/000990042'))).toBe(1);
});

it('4.1 cancel by owner: deletes its supplementals too', () => {
  const room = openRoom();
  const nic = nicIn(room.ask(want));
  room.ask(`EN.NV0990200.NIC/${nic}.OCA/29B-11806.NAM/QUILLBRAND, OSRIC T.SOC/000990077`);
  expect(hitsIn(room.ask('QW.CA0990100.SOC/000990077'))).toBe(1);
  room.ask(`XW.NV0990200.NIC/${nic}.OCA/29B-11806.DOC/20300307`);
  expect(hitsIn(room.ask('QW.CA0990100.SOC/000990077'))).toBe(0);
});

it('4.1 serious error found by FBI quality control: cancelled, and $.E. says so', () => {
  const room = openRoom();
  const nic = nicIn(room.ask(car));
  expect(room.host.seriousError(nic, room.atMs)?.text).toMatch(/^\$\.E\.\r\nNV0990200\r\n/);
  expect(hitsIn(room.ask('QV.CA0990100.LIC/7SIM042'))).toBe(0);
  expect(room.host.seriousError(nic, room.atMs)).toBeUndefined();
});

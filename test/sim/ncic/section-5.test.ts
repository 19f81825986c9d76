// Rules of ncic 5 that the walk of each kind does not show: retention by rule, orders, descriptions.

import { describe, expect, it } from 'vitest';
import { entry } from './entries.ts';
import type { EntryKey } from './entries.ts';
import { hitsIn, nicIn, openRoom } from './room.ts';

/** Entered on 7 March 2030; the last noon it is on file, counted in days. */
type Kept = readonly [
  rule: string,
  key: EntryKey,
  change: Readonly<Record<string, string>>,
  question: string,
  days: number | undefined,
];

const kept: readonly Kept[] = [
  ['5.1 retention, with VIN or OAN', 'EV', {}, 'QV.CA0990100.LIC/7SIM042', 1760],
  ['5.1 retention, no VIN and no OAN', 'EV', { VIN: '', VYR: '' }, 'QV.CA0990100.LIC/7SIM042', 90],
  ['5.1 felony vehicle', 'EF', {}, 'QV.CA0990100.LIC/8SIM042', 90],
  ['5.2 retention: end of LIY + 1 year', 'EL', { LIY: '2030' }, 'QV.CA0990100.LIC/3SIM111', 664],
  ['5.2 retention: NX, entry year + 4', 'EL', { LIY: 'NX' }, 'QV.CA0990100.LIC/3SIM111', 1760],
  ['5.3 retention', 'EP', {}, 'QV.CA0990100.SER/SIMP1001', 1760],
  ['5.4 retention: with BHN', 'EB', {}, 'QB.CA0990100.REG/CF9901ZZ', 1760],
  ['5.4 retention: without', 'EB', { BHN: '' }, 'QB.CA0990100.REG/CF9901ZZ', 90],
  ['5.5 retention stolen, lost', 'EG', {}, 'QG.CA0990100.SER/SIM77A4431', undefined],
  ['5.5 retention felony', 'EFG', {}, 'QG.CA0990100.SER/SIM99A4431', 90],
  ['5.5 retention recovered', 'ERG', {}, 'QG.CA0990100.SER/SIM66A4431', 1030],
  ['5.6 retention', 'EA', {}, 'QA.CA0990100.TYP/DCOMPUT.SER/ZZA1001', 664],
  [
    '5.6 exceptions: category T',
    'EA',
    { TYP: 'TTOXICX' },
    'QA.CA0990100.TYP/TTOXICX.SER/ZZA1001',
    undefined,
  ],
  [
    '5.6 exceptions: categories Q and Z',
    'EA',
    { TYP: 'QBADGEX' },
    'QA.CA0990100.TYP/QBADGEX.SER/ZZA1001',
    undefined,
  ],
  [
    "5.7 retention: travellers' checks and money orders",
    'ES',
    { TYP: 'TC' },
    'QS.CA0990100.TYP/TC.SER/B00990042C.DEN/100',
    1030,
  ],
  ['5.7 retention: others', 'ES', {}, 'QS.CA0990100.TYP/FR.SER/B00990042C.DEN/100', 1760],
  [
    '5.7 retention: ransom',
    'ES',
    { RMI: 'R' },
    'QS.CA0990100.TYP/FR.SER/B00990042C.DEN/100',
    undefined,
  ],
  ['5.8 retention', 'EW', {}, 'QW.CA0990100.SOC/000990042', undefined],
  ['5.8 temporary felony want', 'ET', { SOC: '000990042' }, 'QW.CA0990100.SOC/000990042', 1],
  ['5.9 retention', 'EMO', { SOC: '000990042' }, 'QM.CA0990100.SOC/000990042', undefined],
  ['5.12 retention: until DOP', 'EID', { SOC: '000990042' }, 'QID.CA0990100.SOC/000990042', 817],
];

it.each(kept)('%s', (_, key, change, question, days) => {
  const room = openRoom();
  expect(room.ask(entry(key, change))[0]).toMatch(/^NIC\//);
  room.turn(days ?? 30_000);
  expect(hitsIn(room.ask(question))).toBe(1);
  if (days === undefined) return;
  const purge = room.turn(1);
  expect(hitsIn(room.ask(question))).toBe(0);
  expect(purge.some((text) => text.startsWith('$.R.\r\nNV0990200\r\n'))).toBe(true);
});

describe('5.11 a protection order', () => {
  const qpo = 'QPO.CA0990100.NAM/GROVELL, ENZO.DOB/19850530';
  const qw = qpo.replace('QPO', 'QW');

  it('QW: returns active orders only; QPO those that have not begun', () => {
    const room = openRoom();
    room.ask(entry('EPO', { ISD: '20300401' }));
    expect(hitsIn(room.ask(qw))).toBe(0);
    expect(room.ask(qpo)).toContain('ORDER IS PENDING UNTIL 20300401');
    room.turn(25);
    expect(hitsIn(room.ask(qw))).toBe(1);
  });

  it('retention: inactive after EXP, seen by QPO alone for five years more', () => {
    const room = openRoom();
    room.ask(entry('EPO'));
    room.turn(87);
    expect(hitsIn(room.ask(qw))).toBe(0);
    expect(room.ask(qpo)).toContain('ORDER IS INACTIVE SINCE 20300602');
    room.turn(2038);
    expect(hitsIn(room.ask(qpo))).toBe(1);
    room.turn(1);
    expect(hitsIn(room.ask(qpo))).toBe(0);
  });

  it('clear: ends early and stays inactive; NONEXP never ends by itself', () => {
    const room = openRoom();
    const nic = nicIn(room.ask(entry('EPO', { EXP: 'NONEXP' })));
    room.turn(9_000);
    expect(hitsIn(room.ask(qw))).toBe(1);
    expect(room.ask(`CPO.NV0990200.NIC/${nic}.OCA/30-140.DCL/20300307`)[0]).toMatch(/^CLEAR/);
    expect([hitsIn(room.ask(qw)), hitsIn(room.ask(qpo))]).toEqual([0, 1]);
  });

  it('QPO by: PNO; hit text: no arrest on the record alone', () => {
    const room = openRoom();
    room.ask(entry('EPO'));
    expect(room.ask('QPO.CA0990100.PNO/PO30117')).toContain(
      'DO NOT ARREST BASED SOLELY ON THIS RECORD',
    );
  });
});

describe('a search without a name', () => {
  it.each([
    ['all as it is', 'AGE/39.SEX/M.RAC/W.HGT/602.WGT/210.EYE/GRN.HAI/BRO', 1],
    ['two years', 'AGE/41.SEX/M.RAC/W.HGT/602.WGT/210.EYE/GRN.HAI/BRO', 1],
    ['three years', 'AGE/42.SEX/M.RAC/W.HGT/602.WGT/210.EYE/GRN.HAI/BRO', 0],
    ['three inches', 'AGE/39.SEX/M.RAC/W.HGT/511.WGT/210.EYE/GRN.HAI/BRO', 1],
    ['four inches', 'AGE/39.SEX/M.RAC/W.HGT/510.WGT/210.EYE/GRN.HAI/BRO', 0],
    ['twenty pounds', 'AGE/39.SEX/M.RAC/W.HGT/602.WGT/190.EYE/GRN.HAI/BRO', 1],
    ['more than twenty pounds', 'AGE/39.SEX/M.RAC/W.HGT/602.WGT/189.EYE/GRN.HAI/BRO', 0],
    ['another sex', 'AGE/39.SEX/F.RAC/W.HGT/602.WGT/210.EYE/GRN.HAI/BRO', 0],
    ['other eyes', 'AGE/39.SEX/M.RAC/W.HGT/602.WGT/210.EYE/BLU.HAI/BRO', 0],
  ])('5.9 non-unique tolerances: %s', (_, question, hits) => {
    const room = openRoom();
    room.ask(entry('EMO'));
    expect(hitsIn(room.ask(`QM.CA0990100.${question}`))).toBe(hits);
  });
});

it('5.10 QU by: body parts status', () => {
  const room = openRoom();
  room.ask(entry('EUD'));
  expect(hitsIn(room.ask('QU.CA0990100.BPS/ALL'))).toBe(1);
  expect(hitsIn(room.ask('QU.CA0990100.BPS/SKL'))).toBe(0);
});

it('10.3 failure: what is not validated is purged with $.F., what was stays a year more', () => {
  const room = openRoom({ validation: true });
  room.ask(entry('EW'));
  const nic = nicIn(room.ask(entry('EV')));
  room.turn(60);
  expect(room.ask(`MV.NV0990200.NIC/${nic}.OCA/30-004417.VLN/P LEMUR`)[0]).toMatch(/^MODIFY/);
  const said = room.turn(61);
  expect(said.filter((text) => text.startsWith('$.F.\r\nNV0990200'))).toHaveLength(1);
  expect([
    hitsIn(room.ask('QW.CA0990100.SOC/000990042')),
    hitsIn(room.ask('QV.CA0990100.LIC/7SIM042')),
  ]).toEqual([0, 1]);
});

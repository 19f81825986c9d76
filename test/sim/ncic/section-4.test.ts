// Rules of ncic 4, one row each: the section and the first cell of its row in the title.

import { expect, it } from 'vitest';
import { entry, groupEntry } from './entries.ts';
import { hitsIn, nicIn, openRoom } from './room.ts';

/** Texts that are sent first, the question, and how many records it finds. */
type Found = readonly [rule: string, entered: readonly string[], question: string, hits: number];

const car = entry('EV');
const want = entry('EW');
const article = entry('EA');
const found: readonly Found[] = [
  [
    '4.4 letter O: in the plate asked',
    [entry('EV', { LIC: '7SIM0O2' })],
    'QV.CA0990100.LIC/7SIMO02',
    1,
  ],
  ['4.4 letter O: in a serial', [entry('EG', { SER: 'SIMO1' })], 'QG.CA0990100.SER/SIM01', 1],
  ['4.4 VIN: the last eight alone', [car], 'QV.CA0990100.VIN/1AAAA11A0KN200417', 1],
  [
    '5.6 group: a serial far from both ends',
    [groupEntry('EAA', { low: 'ZZA0950', high: 'ZZA1049' })],
    'QA.CA0990100.TYP/DCOMPUT.SER/ZZA1000',
    1,
  ],
  ['4.4 VIN: all of the last eight count', [car], 'QV.CA0990100.VIN/9ZZTS7X41LN200417', 0],
  ['4.4 VIN: another of the last eight', [car], 'QV.CA0990100.VIN/9ZZTS7X41KN200418', 0],
  [
    '4.4 VIN: a shorter one compares whole',
    [entry('EV', { VIN: 'N200417' })],
    'QV.CA0990100.VIN/200417',
    0,
  ],
  ['4.4 plate: every state without LIS', [car], 'QV.CA0990100.LIC/7SIM042', 1],
  ['4.4 plate: LIS narrows', [car], 'QV.CA0990100.LIC/7SIM042.LIS/CA', 0],
  ['4.4 plate: exact', [car], 'QV.CA0990100.LIC/7SIM04', 0],
  [
    '4.4 gun serial: letters between digits are ignored',
    [entry('EG', { SER: 'A12B34C' })],
    'QG.CA0990100.SER/A1X234C',
    1,
  ],
  ['4.4 gun serial: a prefix counts', [entry('EG', { SER: 'A1234' })], 'QG.CA0990100.SER/1234', 0],
  ['4.4 gun serial: a suffix counts', [entry('EG', { SER: '1234A' })], 'QG.CA0990100.SER/1234', 0],
  ['4.4 article: SER of the same category', [article], 'QA.CA0990100.TYP/DRADIOX.SER/ZZA1001', 1],
  [
    '4.4 article: OAN is compared as well',
    [entry('EA', { SER: '', OAN: 'TESTBIKE7' })],
    'QA.CA0990100.TYP/DCOMPUT.SER/TESTBIKE7',
    1,
  ],
  ['4.4 article: another category', [article], 'QA.CA0990100.TYP/RTELEVI.SER/ZZA1001', 0],
  [
    '4.4 article: category Y answers each',
    [entry('EA', { TYP: 'YTOOLBX' })],
    'QA.CA0990100.TYP/RTELEVI.SER/ZZA1001',
    1,
  ],
  ['4.4 boat: hull', [entry('EB')], 'QB.CA0990100.BHN/ZZZ10000A30', 1],
  ['4.4 boat: registration', [entry('EB')], 'QB.CA0990100.REG/CF9901ZZ.RES/NV', 1],
  ['4.4 boat: registration of another state', [entry('EB')], 'QB.CA0990100.REG/CF9901ZZ.RES/CA', 0],
  [
    '4.4 boat: Coast Guard document',
    [entry('EB', { CGD: '123456' })],
    'QB.CA0990100.CGD/123456',
    1,
  ],
  ['4.4 boat: a part by its serial', [entry('EP')], 'QB.CA0990100.SER/SIMP1001', 1],
  [
    '4.4 boat: a part by the owner number',
    [entry('EP', { OAN: 'OWN77' })],
    'QB.CA0990100.OAN/OWN77',
    1,
  ],
  ['4.4 surname: as it sounds', [want], 'QW.CA0990100.NAM/QUILBRANT, OSRIC.DOB/19910307', 1],
  ['4.4 surname: another sound', [want], 'QW.CA0990100.NAM/MILLBRAND, OSRIC.DOB/19910307', 0],
  ['4.4 given name: an initial', [want], 'QW.CA0990100.NAM/QUILLBRAND, O.DOB/19910307', 1],
  ['4.4 given name: another', [want], 'QW.CA0990100.NAM/QUILLBRAND, OSMOND.DOB/19910307', 0],
  ['4.4 DOB: exact', [want], 'QW.CA0990100.NAM/QUILLBRAND, OSRIC.DOB/19920307', 0],
  [
    '4.4 DOB: EBS/1, a year more',
    [want],
    'QW.CA0990100.NAM/QUILLBRAND, OSRIC.DOB/19920307.EBS/1',
    1,
  ],
  [
    '4.4 DOB: EBS/1, two years more',
    [want],
    'QW.CA0990100.NAM/QUILLBRAND, OSRIC.DOB/19930307.EBS/1',
    0,
  ],
  [
    '4.4 DOB: EBS/2, three years less',
    [want],
    'QW.CA0990100.NAM/QUILLBRAND, OSRIC.DOB/19880307.EBS/2',
    1,
  ],
  [
    '4.4 DOB: EBS/3, month and day exchanged',
    [want],
    'QW.CA0990100.NAM/QUILLBRAND, OSRIC.DOB/19910703.EBS/3',
    1,
  ],
  ['4.4 SEX: of that code', [want], 'QW.CA0990100.NAM/QUILLBRAND, OSRIC.DOB/19910307.SEX/F', 0],
  ['4.4 SEX: U matches all', [want], 'QW.CA0990100.NAM/QUILLBRAND, OSRIC.DOB/19910307.SEX/U', 1],
  ...(['A', 'I', 'U', 'W'] as const).map((race): Found => [
    `4.4 RAC in the inquiry: ${race} sees W`,
    [want],
    `QW.CA0990100.NAM/QUILLBRAND, OSRIC.DOB/19910307.RAC/${race}`,
    1,
  ]),
  [
    '4.4 RAC in the inquiry: B sees all but W',
    [want],
    'QW.CA0990100.NAM/QUILLBRAND, OSRIC.DOB/19910307.RAC/B',
    0,
  ],
  [
    '4.4 RAC in the inquiry: W sees all but B',
    [entry('EW', { RAC: 'B' })],
    'QW.CA0990100.NAM/QUILLBRAND, OSRIC.DOB/19910307.RAC/W',
    0,
  ],
  [
    '4.4 RAC in the inquiry: B sees A',
    [entry('EW', { RAC: 'A' })],
    'QW.CA0990100.NAM/QUILLBRAND, OSRIC.DOB/19910307.RAC/B',
    1,
  ],
  [
    '4.4 name + SOC, FBI or MNU: the number alone',
    [want],
    'QW.CA0990100.NAM/NOBODY, AT ALL.DOB/19000101.SEX/F.RAC/B.SOC/000990042',
    1,
  ],
  [
    '4.4 name + SOC, FBI or MNU: no name search',
    [want],
    'QW.CA0990100.NAM/QUILLBRAND, OSRIC.DOB/19910307.SOC/000990043',
    0,
  ],
  [
    '4.4 single numeric id: not the other records of the person',
    [want, entry('EMO', {}, { ori: 'CA0990200' })],
    'QW.CA0990100.SOC/000990042',
    1,
  ],
  [
    '4.4 aliases: AKA',
    [entry('EW', { AKA: 'ZEBULON, OZ' })],
    'QW.CA0990100.NAM/ZEBULON, OZ.DOB/19910307',
    1,
  ],
  [
    '4.4 vehicle data in person records',
    [entry('EW', { LIC: '9SIM009', LIS: 'NV', LIY: '2031', LIT: 'PC' })],
    'QV.CA0990100.LIC/9SIM009',
    1,
  ],
  [
    '3.1 ENS: the parts of the name change places',
    [want],
    'QW.CA0990100.NAM/OSRIC, QUILLBRAND.DOB/19910307.ENS/Y',
    1,
  ],
  ['3.1 ENS: not without it', [want], 'QW.CA0990100.NAM/OSRIC, QUILLBRAND.DOB/19910307', 0],
  [
    '3.1 RSH: records of the linked case',
    [car, entry('EG', { LKI: 'NV0990200', LKA: '30-004417' })],
    'QV.CA0990100.LIC/7SIM042.RSH/Y',
    2,
  ],
  [
    '2.4 QI: all records of one crime',
    [car, entry('EG', { LKI: 'NV0990200', LKA: '30-004417' })],
    'QI.CA0990100.LKI/NV0990200.LKA/30-004417',
    2,
  ],
  [
    '2.5 QW: a misdemeanour without extradition',
    [entry('EW', { EXL: 'D', MIS: 'IN STATE' })],
    'QW.CA0990100.SOC/000990042',
    0,
  ],
  [
    '2.5 QW: a misdemeanour of a state that touches',
    [entry('EW', { EXL: 'C' })],
    'QW.CA0990100.SOC/000990042',
    1,
  ],
  [
    '2.5 QW: a misdemeanour of a state far off',
    [entry('EW', { EXL: 'C' })],
    'QW.FL0990500.SOC/000990042',
    0,
  ],
  [
    '2.5 QW: a felony whatever EXL says',
    [entry('EW', { EXL: '4', MIS: 'IN STATE' })],
    'QW.FL0990500.SOC/000990042',
    1,
  ],
  [
    '2.5 QWA: all wants',
    [entry('EW', { EXL: 'D', MIS: 'IN STATE' })],
    'QWA.FL0990500.SOC/000990042',
    1,
  ],
  ['2.5 QW: the missing too', [entry('EMO')], 'QW.CA0990100.NAM/QUILLBRAND, OSRIC.DOB/19910307', 1],
  [
    '2.2 batch: a code that stands again begins anew',
    [car, entry('EF')],
    'QVB.CA0990100.LIC/7SIM042.LIC/8SIM042.LIC/1SIM000',
    2,
  ],
];

it.each(found)('%s', (_, entered, question, hits) => {
  const room = openRoom();
  for (const text of entered) expect(room.ask(text)[0]).toMatch(/^NIC\//);
  expect(hitsIn(room.ask(question))).toBe(hits);
});

it('4.4 NIC alone: returns exactly that record, even if others share its numbers', () => {
  const room = openRoom();
  const nic = nicIn(room.ask(car));
  room.ask(entry('EL', { LIC: '7SIM042' }));
  expect(hitsIn(room.ask('QV.CA0990100.LIC/7SIM042'))).toBe(2);
  expect(hitsIn(room.ask(`QV.CA0990100.NIC/${nic}`))).toBe(1);
});

it('4.4 QC "attention" numbers: ATTENTION stands with NO RECORD', () => {
  const lines = openRoom().ask('QA.CA0990100.TYP/DCOMPUT.SER/ZZMODEL1');
  expect(lines[0]).toMatch(/^ATTENTION - /);
  expect(lines[1]).toBe('NO RECORD TYP/DCOMPUT SER/ZZMODEL1');
});

/** What is on file, what is entered besides, how the answer begins, and how many records come along. */
type Entered = readonly [
  rule: string,
  first: string,
  second: string,
  begins: RegExp,
  along: number,
];
const on = /^REJ - ON FILE$/;
const taken = /^NIC\//;
const entered: readonly Entered[] = [
  ['4.5 same key values by the same ORI', car, entry('EV', { LIC: '1SIM1' }), on, 1],
  [
    '4.5 same key values by the same ORI: no VIN, the plate',
    entry('EV', { VIN: '' }),
    entry('EV', { VIN: '', VYR: '', OCA: '9' }),
    on,
    1,
  ],
  [
    '11 (14) property by number, whoever entered it',
    car,
    entry('EV', {}, { ori: 'CA0990100' }),
    on,
    1,
  ],
  [
    '4.5 same subject by another ORI, or in another person file: another ORI',
    want,
    entry('EW', {}, { ori: 'OR0990300' }),
    taken,
    1,
  ],
  [
    '4.5 same subject by another ORI, or in another person file: another file',
    want,
    entry('EMO'),
    taken,
    0,
  ],
  [
    '4.5 person vehicle data equal to a vehicle-file record',
    car,
    entry('EW', { LIC: '7SIM042', LIS: 'NV', LIY: '2031', LIT: 'PC' }),
    taken,
    1,
  ],
  [
    '4.5 stolen gun vs recovered gun with equal SER MAK CAL TYP: agencies differ',
    entry('EG'),
    entry('ERG', { SER: 'SIM77A4431' }, { ori: 'CA0990100' }),
    taken,
    1,
  ],
  [
    '4.5 stolen gun vs recovered gun with equal SER MAK CAL TYP: the same agency',
    entry('EG'),
    entry('ERG', { SER: 'SIM77A4431' }),
    on,
    1,
  ],
  [
    '4.5 a group around a serial',
    article,
    groupEntry('EAA', { low: 'ZZA1000', high: 'ZZA1009' }),
    on,
    1,
  ],
  [
    '4.5 a serial inside a group',
    groupEntry('EAA', { low: 'ZZA1000', high: 'ZZA1009' }),
    article,
    on,
    1,
  ],
];

it.each(entered)('%s', (_, first, second, begins, along) => {
  const room = openRoom();
  expect(room.ask(first)[0]).toMatch(taken);
  const lines = room.ask(second);
  expect(lines[0]).toMatch(begins);
  expect(hitsIn(lines)).toBe(along);
});

// Rules of ncic 4.1 to 4.3 about the life of a record: what a locate does, what a group loses, who supplements what.

import { describe, expect, it } from 'vitest';
import { entry, groupEntry } from './entries.ts';
import { hitsIn, nicIn, openRoom } from './room.ts';
import type { Room } from './room.ts';

const plate = 'QV.CA0990100.LIC/7SIM042';

it('4.1 locate on property: stays and says so, gone ten days after the date of locate', () => {
  const room = openRoom();
  room.ask(entry('EV'));
  expect(room.ask('LV.CA0990100.LIC/7SIM042.OCA/30-004417.DOR/20300305')[0]).toMatch(/^LOCATE /);
  const located = 'LOCATED/20300305 CA0990100';
  expect(room.ask(plate)).toContain(located);
  room.turn(8);
  expect(room.ask(plate)).toContain(located);
  room.turn(1);
  expect(hitsIn(room.ask(plate))).toBe(0);
});

it('4.1 locate on a missing person: retires the record at once', () => {
  const room = openRoom();
  const nic = nicIn(room.ask(entry('EMO')));
  expect(hitsIn(room.ask(`QM.CA0990100.NIC/${nic}`))).toBe(1);
  room.ask(`LM.CA0990100.NIC/${nic}.OCA/30-125.DOR/20300307`);
  expect(hitsIn(room.ask(`QM.CA0990100.NIC/${nic}`))).toBe(0);
  expect(room.ask(`MM.NV0990200.NIC/${nic}.OCA/30-125.WGT/220`)).toEqual(['REJ - NOT ON FILE']);
});

it.each(['LIC/7SIM042', 'VIN/9ZZTS7X41KN200417', 'OAN/OWN77', 'NIC/#'])(
  '4.2 vehicle: a locate by OCA and %s',
  (id) => {
    const room = openRoom();
    const nic = nicIn(room.ask(entry('EV', { OAN: 'OWN77' })));
    const ids = `${id.replace('#', nic)}.OCA/30-004417`;
    expect(room.ask(`LV.CA0990100.${ids}.DOR/20300307`)[0]).toMatch(/^LOCATE /);
  },
);

describe('4.2 article group', () => {
  const started = () => {
    const room = openRoom();
    const nic = nicIn(room.ask(groupEntry('EAA', { low: 'ZZA100', high: 'ZZA109' })));
    const held = () =>
      ['ZZA100', 'ZZA103', 'ZZA104', 'ZZA107', 'ZZA109'].filter(
        (serial) => hitsIn(room.ask(`QA.CA0990100.TYP/DCOMPUT.SER/${serial}`)) === 1,
      );
    const cancel = (ids: string) => room.ask(`XAA.NV0990200.NIC/${nic}.${ids}.DOC/20300307`)[0];
    return { held, cancel };
  };

  it('4.2 article group, whole: NIC and OCA cancel all of it', () => {
    const { held, cancel } = started();
    expect(held()).toHaveLength(5);
    expect(cancel('OCA/30-006100')).toMatch(/^CANCEL /);
    expect(held()).toEqual([]);
  });

  it('4.2 article group, part: the lowest and highest serial of a run, for one item the same twice', () => {
    const { held, cancel } = started();
    expect(cancel('SER/ZZA103.SER/ZZA104')).toMatch(/^CANCEL /);
    expect(held()).toEqual(['ZZA100', 'ZZA107', 'ZZA109']);
    expect(cancel('SER/ZZA107.SER/ZZA107')).toMatch(/^CANCEL /);
    expect(held()).toEqual(['ZZA100', 'ZZA109']);
    // A gap needs a message of its own for each side of it.
    expect(cancel('SER/ZZA102.SER/ZZA105')).toBe('REJ - SERIAL RANGE');
  });
});

const wantIds = (nic: string): string => `NIC/${nic}.OCA/29B-11806.NAM/QUILLBRAND, OSRIC T`;

/** A want on file, and what adds to it. */
function supplemented(): { room: Room; nic: string; send: (text: string) => string | undefined } {
  const room = openRoom();
  const nic = nicIn(room.ask(entry('EW')));
  return { room, nic, send: (text) => room.ask(`EN.NV0990200.${wantIds(nic)}.${text}`)[0] };
}

it.each([
  ['NIC/#.OCA/29B-11806.NAM/QUILLBRAND, OSRIC T', /^SUPPLEMENTAL RECORD ADDED /],
  ['NIC/#.OCA/29B-11806', /^REJ - ID FIELDS/],
  ['NIC/#.NAM/QUILLBRAND, OSRIC T', /^REJ - ID FIELDS/],
  ['NIC/#.OCA/29B-11806.NAM/QUILLBRAND, OSRIC', /^REJ - NOT ON FILE/],
] as const)('4.2 supplemental: %s', (ids, answer) => {
  const room = openRoom();
  const nic = nicIn(room.ask(entry('EW')));
  expect(room.ask(`EN.NV0990200.${ids.replace('#', nic)}.SOC/000990077`)[0]).toMatch(answer);
});

it('4.3 who: the entering ORI alone, to add and to take away', () => {
  const { room, nic, send } = supplemented();
  for (const key of ['EN', 'XN'])
    expect(room.ask(`${key}.CA0990100.${wantIds(nic)}.AKA/ZEBULON, OZ`)).toEqual([
      'REJ - NOT RECORD OWNER',
    ]);
  expect(send('AKA/ZEBULON, OZ')).toMatch(/^SUPPLEMENTAL /);
});

it.each([
  ['AKA/ZEBULON, OZ', 'NAM/ZEBULON, OZ.DOB/19910307'],
  ['DOB/19880101', 'NAM/QUILLBRAND, OSRIC.DOB/19880101'],
  ['SOC/000990077', 'SOC/000990077'],
  ['MNU/OA-55120091', 'MNU/OA-55120091'],
  ['OLN/Q9900417.OLS/OR.OLY/2032', 'OLN/Q9900417.OLS/OR.OLY/2032'],
] as const)('4.3 fields: %s is searched like a value of the entry', (added, asked) => {
  const { room, send } = supplemented();
  expect(hitsIn(room.ask(`QW.CA0990100.${asked}`))).toBe(0);
  expect(send(added)).toMatch(/^SUPPLEMENTAL /);
  expect(hitsIn(room.ask(`QW.CA0990100.${asked}`))).toBe(1);
});

it.each([
  ['SMT/TAT L ARM', 'SMT/TAT L ARM'],
  ['CMC/70', '70 - SUICIDAL'],
])('4.3 fields: %s is printed', (added, printed) => {
  const { room, send } = supplemented();
  expect(send(added)).toMatch(/^SUPPLEMENTAL /);
  expect(room.ask('QW.CA0990100.SOC/000990042')).toContain(printed);
});

it('4.3 fields: dental data for the missing, not for a want; nothing else for anybody', () => {
  const { room, send } = supplemented();
  const nic = nicIn(room.ask(entry('EMO', {}, { ori: 'OR0990300' })));
  const ids = `NIC/${nic}.OCA/30-125.NAM/QUILLBRAND, OSRIC T`;
  expect(room.ask(`EMN.OR0990300.${ids}.DRE/GOLD TOOTH`)[0]).toMatch(/^SUPPLEMENTAL /);
  expect(room.ask(`QM.CA0990100.NIC/${nic}`)).toContain('DRE/GOLD TOOTH');
  expect(send('DRE/GOLD TOOTH')).toBe('REJ - FIELD NOT ALLOWED DRE');
  expect(send('WGT/180')).toBe('REJ - FIELD NOT ALLOWED WGT');
});

it('4.3 partial cancel: only the items that are named', () => {
  const { room, nic, send } = supplemented();
  for (const soc of ['000990077', '000990078']) send(`SOC/${soc}`);
  room.ask(`XN.NV0990200.${wantIds(nic)}.SOC/000990077`);
  const found = ['000990077', '000990078', '000990042'].map((soc) =>
    hitsIn(room.ask(`QW.CA0990100.SOC/${soc}`)),
  );
  expect(found).toEqual([0, 1, 1]);
});

it.each([
  ['DOB/20301301', 'REJ - INVALID DATA DOB'],
  ['DOB/20310101', 'REJ - DATE DOB'],
  ['SOC/12', 'REJ - INVALID DATA SOC'],
  ['CMC/99', 'REJ - INVALID DATA CMC'],
  ['OLN/Q9900417.OLS/OR', 'REJ - MISSING FIELD OLY'],
  ['AKA/ZEBULON', 'REJ - INVALID DATA AKA'],
])('4.3 edits: %s is refused as in an entry', (added, line) => {
  expect(supplemented().send(added)).toBe(line);
});

it.each([
  ['FBI', '990042ZA1'],
  ['MNU', 'OA-55120091'],
])(
  '4.4 name + SOC, FBI or MNU: %s alone is searched, sex and race do not narrow',
  (code, number) => {
    const room = openRoom();
    room.ask(entry('EW', { [code]: number }));
    const someone = 'NAM/NOBODY, AT ALL.DOB/19000101.SEX/F.RAC/B';
    const himself = 'NAM/QUILLBRAND, OSRIC.DOB/19910307';
    expect(hitsIn(room.ask(`QW.CA0990100.${someone}.${code}/${number}`))).toBe(1);
    const other = `${number.slice(0, -1)}${number.endsWith('1') ? '2' : '1'}`;
    expect(hitsIn(room.ask(`QW.CA0990100.${himself}.${code}/${other}`))).toBe(0);
  },
);

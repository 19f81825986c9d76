// Every reject of ncic 7, by its number: what is sent first, what is rejected, and the line that says so.

import { expect, it } from 'vitest';
import { entry, groupEntry } from './entries.ts';
import { linesOf, openRoom } from './room.ts';
import type { Room } from './room.ts';

type Rejected = readonly [
  rule: string,
  first: string | ((room: Room) => void),
  text: string,
  line: string,
];

const car = entry('EV');
const carIds = 'LIC/7SIM042.OCA/30-004417';
const want = entry('EW');

const rejected: readonly Rejected[] = [
  ['7 R02: unknown key', '', 'QQX.CA0990100.LIC/1', 'REJ - INVALID MKE'],
  ['7 R02: a suffix the key has not', '', entry('EA', {}, { suffix: '-C' }), 'REJ - INVALID MKE'],
  ['7 R03: not on the ORI file', '', 'QV.CA0990777.LIC/1', 'REJ - INVALID ORI'],
  ['7 R03: retired', '', 'QV.CA0990900.LIC/1', 'REJ - INVALID ORI'],
  ['7 R03: wrong length', '', 'QV.CA09901.LIC/1', 'REJ - INVALID ORI'],
  [
    '7 R04: an ORI of class Z enters nothing',
    '',
    entry('EV', {}, { ori: 'CA099010Z' }),
    'REJ - NOT AUTHORIZED',
  ],
  ['7 R04: an ORI of class H asks nothing', '', 'QV.CA099010H.LIC/1', 'REJ - NOT AUTHORIZED'],
  ['7 R05: illegal character', '', 'QV.CA0990100.LIC/a', 'REJ - FORMAT ERROR'],
  ['7 R05: broken element', '', 'QV.CA0990100.LIC/1.X', 'REJ - FORMAT ERROR'],
  ['7 R06: a mandatory field is absent', '', entry('EV', { VMA: '' }), 'REJ - MISSING FIELD VMA'],
  ['7 R06: MIS with MAK/ZZZ', '', entry('EG', { MAK: 'ZZZ' }), 'REJ - MISSING FIELD MIS'],
  ['7 R06: CMC with -C', '', entry('EW', {}, { suffix: '-C' }), 'REJ - MISSING FIELD CMC'],
  ['7 R07: edit failed', '', entry('EW', { SEX: 'X' }), 'REJ - INVALID DATA SEX'],
  [
    '7 R07: model year more than one ahead',
    '',
    entry('EV', { VYR: '2032' }),
    'REJ - INVALID DATA VYR',
  ],
  [
    '7 R07: purge more than five years ahead',
    '',
    entry('EID', { DOP: '20350308' }),
    'REJ - INVALID DATA DOP',
  ],
  [
    '7 R07: a linked agency that is none',
    '',
    entry('EV', { LKI: 'NV0990999', LKA: '1' }),
    'REJ - INVALID DATA LKI',
  ],
  [
    '7 R08: MIS in a recovered gun',
    '',
    entry('ERG', { MIS: 'RUSTY' }),
    'REJ - FIELD NOT ALLOWED MIS',
  ],
  ['7 R09: code repeated where it may not be', '', `${car}.VCO/RED`, 'REJ - DUPLICATE FIELD VCO'],
  [
    '7 R10: id pair finds no active record',
    '',
    `MV.NV0990200.${carIds}.VCO/RED`,
    'REJ - NOT ON FILE',
  ],
  ['7 R11: duplicate rule', car, car, 'REJ - ON FILE'],
  ['7 R12: M from another ORI', car, `MV.CA0990100.${carIds}.VCO/RED`, 'REJ - NOT RECORD OWNER'],
  [
    '7 R12: X from another ORI',
    car,
    `XV.CA0990100.${carIds}.DOC/20300307`,
    'REJ - NOT RECORD OWNER',
  ],
  [
    '7 R12: C from another ORI',
    car,
    `CV.CA0990100.${carIds}.DCL/20300307`,
    'REJ - NOT RECORD OWNER',
  ],
  [
    '7 R12: EN from another ORI',
    (room) => room.ask(want),
    'EN.CA0990100.NIC/W500000005.OCA/29B-11806.NAM/QUILLBRAND, OSRIC T.AKA/A, B',
    'REJ - NOT RECORD OWNER',
  ],
  [
    '7 R13: locate by the entering ORI',
    car,
    `LV.NV0990200.${carIds}.DOR/20300307`,
    'REJ - OWN RECORD',
  ],
  [
    '7 R14: second locate on property',
    (room) => {
      room.ask(car);
      room.ask(`LV.CA0990100.${carIds}.DOR/20300307`);
    },
    `LV.OR0990300.${carIds}.DOR/20300307`,
    'REJ - ALREADY LOCATED',
  ],
  ['7 R15: not an accepted pair', car, 'MV.NV0990200.LIC/7SIM042.VCO/RED', 'REJ - ID FIELDS'],
  ['7 R16: cancel date not today', car, `XV.NV0990200.${carIds}.DOC/20300306`, 'REJ - DATE DOC'],
  ['7 R16: future date', '', entry('EV', { DOT: '20300308' }), 'REJ - DATE DOT'],
  ['7 R16: date before theft', car, `CV.NV0990200.${carIds}.DCL/20300213`, 'REJ - DATE DCL'],
  [
    '7 R17: letter does not fit the key',
    car,
    'MV.NV0990200.NIC/G500000005.OCA/30-004417.VCO/RED',
    'REJ - NIC CHECK',
  ],
  [
    '7 R19: group serials not consecutive',
    '',
    groupEntry('EAA', { low: 'ZZA109', high: 'ZZA100' }),
    'REJ - SERIAL RANGE',
  ],
  [
    '7 R19: of different beginnings',
    '',
    groupEntry('EAA', { low: 'ZZA100', high: 'ZZB109' }),
    'REJ - SERIAL RANGE',
  ],
  [
    '7 R19: range outside the group',
    groupEntry('EAA', { low: 'ZZA100', high: 'ZZA109' }),
    'XAA.NV0990200.NIC/A500000005.SER/ZZA108.SER/ZZA111.DOC/20300307',
    'REJ - SERIAL RANGE',
  ],
  [
    '7 R19: both serials outside the group',
    groupEntry('EAA', { low: 'ZZA100', high: 'ZZA109' }),
    'XAA.NV0990200.NIC/A500000005.SER/ZZB102.SER/ZZB103.DOC/20300307',
    'REJ - SERIAL RANGE',
  ],
  [
    '7 R18: ten of another kind',
    (room) => {
      room.ask(want);
      for (let at = 0; at < 9; at += 1)
        room.ask(
          `EN.NV0990200.NIC/W500000005.OCA/29B-11806.NAM/QUILLBRAND, OSRIC T.SMT/TAT ${String(at)}`,
        );
    },
    'EN.NV0990200.NIC/W500000005.OCA/29B-11806.NAM/QUILLBRAND, OSRIC T.SMT/TAT 9',
    'REJ - SUPPLEMENTAL LIMIT SMT',
  ],
  [
    '7 R21: file switched off by the operator',
    (room) => {
      room.host.setService('gun', false);
    },
    'QG.CA0990100.SER/1',
    'REJ - FILE OUT OF SERVICE',
  ],
];

it.each(rejected)('%s', (_, first, text, line) => {
  const room = openRoom();
  if (typeof first === 'function') first(room);
  else if (first !== '') room.ask(first);
  expect(room.ask(text)[0]).toBe(line);
});

it.each([
  ['short'],
  ['1N01'],
  ['1n01SIM000001.QV.CA0990100.LIC/1'],
  ['1N01SIM0000012345678.QV.CA0990100.LIC/1'],
  [''],
])('7 R01: HDR length or characters: %s', (text) => {
  const [said] = openRoom().say(text);
  expect(linesOf(said?.text ?? '').at(-1)).toBe('REJ - HEADER ERROR');
});

it('7 R17: NIC fails the check, where the setting asks for one', () => {
  const room = openRoom({ settings: { nicCheck: 'luhn' } });
  room.ask(car);
  expect(room.ask('MV.NV0990200.NIC/V500000006.OCA/30-004417.VCO/RED')).toEqual([
    'REJ - NIC CHECK',
  ]);
  expect(room.ask('QV.CA0990100.NIC/V500000006')).toEqual(['REJ - NIC CHECK']);
  expect(room.ask('MV.NV0990200.NIC/V500000005.OCA/30-004417.VCO/RED')[0]).toMatch(/^MODIFY/);
});

it('7 R21: an inquiry of several files goes on in those that serve', () => {
  const room = openRoom();
  room.ask(car);
  room.host.setService('wanted', false);
  expect(room.ask('QV.CA0990100.LIC/7SIM042')[0]).toBe('MKE/STOLEN VEHICLE');
  room.host.setService('vehicle', false);
  expect(room.ask('QV.CA0990100.LIC/7SIM042')[0]).toMatch(/^NO RECORD/);
  room.host.setService('vehicle', true);
  expect(room.ask('QV.CA0990100.LIC/7SIM042')[0]).toBe('MKE/STOLEN VEHICLE');
});

it('2.3 accepts EW-C and EWC as equal', () => {
  for (const suffix of ['-C', 'C'])
    expect(openRoom().ask(entry('EW', { CMC: '00' }, { suffix }))[0]).toMatch(/^NIC\//);
});

it('7 never ER: whatever is wrong, the host says no error of a switch', () => {
  const wrong = ['', 'QV', '1N01SIM000001.ER.CA0990100.X', ...rejected.map(([, , text]) => text)];
  for (const text of wrong) {
    const said = openRoom().say(text);
    expect(said.length).toBeGreaterThan(0);
    for (const each of said) expect(each.text).not.toMatch(/^ER\.|NL0000000/);
  }
});

// Rules of ncic 5 about entry: what has to be there, what makes two records the same, what a kind of record is for.

import { expect, it } from 'vitest';
import { entries, entry, groupEntry } from './entries.ts';
import type { EntryKey } from './entries.ts';
import { hitsIn, nicIn, openRoom } from './room.ts';

type Change = Readonly<Record<string, string>>;

/** A whole entry, and what it is refused for without a field. */
type Needed = readonly [rule: string, key: EntryKey, codes: readonly string[], besides?: Change];

const needed: readonly Needed[] = [
  ['5.3 M', 'EP', ['BRA', 'CAT', 'DOT', 'MIS', 'SER']],
  ['5.5 M stolen/lost/felony', 'EG', ['SER', 'MAK', 'CAL', 'TYP', 'DOT', 'OCA']],
  ['5.5 M stolen/lost/felony', 'ELG', ['SER', 'MAK', 'CAL', 'TYP', 'DOT', 'OCA']],
  ['5.5 M stolen/lost/felony', 'EFG', ['SER', 'MAK', 'CAL', 'TYP', 'DOT', 'OCA']],
  ['5.5 M stolen/lost/felony', 'EG', ['MIS'], { MAK: 'ZZZ', MIS: 'MAK UNK' }],
  ['5.5 M recovered', 'ERG', ['SER', 'MAK', 'CAL', 'TYP', 'DOR', 'OCA']],
  ['5.6 M', 'EA', ['TYP', 'BRA', 'DOT', 'SER']],
  ['5.6 M', 'EA', ['MIS'], { BRA: 'NO BRA', MIS: 'BROWN BOX' }],
  ['5.7 M', 'ES', ['TYP', 'SER', 'DEN', 'ISS', 'OWN', 'SDT', 'DOT', 'OCA']],
  ['5.9 M', 'EMO', ['NAM', 'SEX', 'RAC', 'DOB', 'HGT', 'WGT', 'EYE', 'HAI', 'DLC', 'MNP', 'OCA']],
  ['5.9 M EMJ', 'EMJ', ['DOE']],
  ['5.11 M', 'EPO', ['NAM', 'SEX', 'RAC', 'PNO', 'ISD', 'EXP', 'PCO', 'CTI', 'BRD', 'OCA', 'DOB']],
  ['5.11 M', 'EPO', ['PPB'], { PPN: 'GROVELL, ADA', PPB: '19850101' }],
];

it.each(
  needed.flatMap(([rule, key, codes, besides = {}]) =>
    codes.map((code) => [`${rule}: ${key} needs ${code}`, key, code, besides] as const),
  ),
)('%s', (_, key, code, besides) => {
  expect(openRoom().ask(entry(key, besides))[0]).toMatch(/^NIC\//);
  expect(openRoom().ask(entry(key, { ...besides, [code]: '' }))[0]).toMatch(
    /^REJ - MISSING FIELD /,
  );
});

/** Entries that are taken, or refused with a line. */
const taken = /^NIC\//;
const judged: readonly (readonly [rule: string, text: string, answer: RegExp])[] = [
  [
    '5.1 stolen and used in a felony: entered as stolen, with a note',
    entry('EV', { MIS: 'USED IN A ROBBERY' }),
    taken,
  ],
  ['5.3 M: an owner number instead of a serial', entry('EP', { SER: '', OAN: 'OWN77' }), taken],
  ['5.5 M recovered: no MIS', entry('ERG', { MIS: 'X' }), /^REJ - FIELD NOT ALLOWED MIS$/],
  ['5.5 M recovered: no MAK/ZZZ', entry('ERG', { MAK: 'ZZZ' }), /^REJ - INVALID DATA MAK$/],
  ['5.6 M: an owner number instead of a serial', entry('EA', { SER: '', OAN: 'OWN77' }), taken],
  [
    '5.6 group: no OAN',
    `${groupEntry('EAA', { low: 'ZZA100', high: 'ZZA109' })}.OAN/OWN77`,
    /^REJ - FIELD NOT ALLOWED OAN$/,
  ],
  [
    '5.8 before entry: limits must be in the record',
    entry('EW', { EXL: '2' }),
    /^REJ - MISSING FIELD MIS$/,
  ],
  ['5.8 before entry: with them', entry('EW', { EXL: '2', MIS: '500 MILES' }), taken],
  ['5.8 before entry: no forecast', entry('EW', { EXL: '' }), /^REJ - MISSING FIELD EXL$/],
  [
    '5.8 before entry: a want without extradition is flagged',
    entry('EW', { EXL: '4', MIS: 'IN STATE' }),
    taken,
  ],
  [
    '5.8 one per person: a second warrant is noted in the record',
    entry('EW', { ADO: 'Y', MIS: 'ALSO W-2' }),
    taken,
  ],
  ...(['R', 'N', 'S', 'F'] as const).map(
    (code) => [`5.9 conditional: MPC/${code}`, entry('EMJ', { MPC: code }), taken] as const,
  ),
  ['5.9 conditional: another MPC', entry('EMJ', { MPC: 'Q' }), /^REJ - INVALID DATA MPC$/],
];

it.each(judged)('%s', (_, text, answer) => {
  expect(openRoom().ask(text)[0]).toMatch(answer);
});

it.each([
  ['5.9 EMD: disability', 'EMD', 'MISSING PERSON - DISABILITY'],
  ['5.9 EME: endangered', 'EME', 'MISSING PERSON - ENDANGERED'],
  ['5.9 EMI: involuntary', 'EMI', 'MISSING PERSON - INVOLUNTARY'],
  ['5.9 EMJ: juvenile', 'EMJ', 'MISSING PERSON - JUVENILE'],
  ['5.9 EMV: catastrophe', 'EMV', 'MISSING PERSON - CATASTROPHE VICTIM'],
  ['5.9 EMO: other', 'EMO', 'MISSING PERSON - OTHER'],
] as const)('%s', (_, key, title) => {
  const room = openRoom();
  const nic = nicIn(room.ask(entry(key)));
  expect(nic).toMatch(/^M\d{9}$/);
  expect(room.ask(`QM.CA0990100.NIC/${nic}`)[0]).toBe(`MKE/${title}`);
});

/** Every field that makes two records the same, given to both; the rest differs. */
const numbers: Change = { FBI: '990042ZA1', MNU: 'OA-55120091', SOC: '000990042' };
const licence: Change = { OLN: 'Q9900417', OLS: 'OR', OLY: '2032' };
const stranger: Change = { NAM: 'MARROWBY, JOB', DOB: '19700101', OCA: '30-999', SOC: '' };
const alone = (code: string): Change => ({ [code]: numbers[code] ?? '' });

/** The rule, the entry, what both have in common, and whether the second is refused. */
type Same = readonly [rule: string, key: EntryKey, first: Change, second: Change, refused: boolean];

/** Every kind of these has a name, a birth date and a case. */
const usual = { NAM: '', DOB: '', OCA: '' };

const person = (rule: string, key: 'EW' | 'EMO' | 'EID', withLicence: boolean): readonly Same[] => {
  const { NAM, DOB, OCA } = { ...usual, ...entries[key] };
  return [
    ...Object.keys(numbers).map((code): Same => [
      `${rule}: ${code}`,
      key,
      alone(code),
      { ...stranger, ...alone(code) },
      true,
    ]),
    ...(withLicence
      ? ([[`${rule}: OLN and OLS`, key, licence, { ...stranger, ...licence }, true]] as const)
      : []),
    [`${rule}: NAM and OCA`, key, {}, { ...stranger, NAM, OCA }, true],
    [`${rule}: NAM and DOB`, key, {}, { ...stranger, NAM, DOB }, true],
    [`${rule}: not NAM alone`, key, {}, { ...stranger, NAM }, false],
  ];
};

const same: readonly Same[] = [
  ...person('5.8 duplicate keys', 'EW', true),
  ...person('5.9 duplicate keys', 'EMO', true),
  ...person('5.12 duplicate keys', 'EID', false),
  ['5.5 duplicate key: SER MAK CAL TYP', 'EG', {}, { OCA: '30-999' }, true],
  ...(['SER', 'MAK', 'CAL', 'TYP'] as const).map((code): Same => {
    const other = { SER: 'SIM77A4432', MAK: 'RUG', CAL: '45', TYP: 'PR' }[code];
    return [`5.5 duplicate key: not with another ${code}`, 'EG', {}, { [code]: other }, false];
  }),
];

it.each(same)('%s', (_, key, first, second, refused) => {
  const room = openRoom();
  expect(room.ask(entry(key, first))[0]).toMatch(taken);
  const lines = room.ask(entry(key, second));
  expect(lines[0]).toMatch(refused ? /^REJ - ON FILE$/ : taken);
  if (refused) expect(hitsIn(lines)).toBe(1);
  // The agency alone counts for persons: another one enters the same.
  if (key !== 'EG') expect(room.ask(entry(key, second, { ori: 'OR0990300' }))[0]).toMatch(taken);
});

it('5.8 one per person: a second want of the agency is refused, and the first one shown', () => {
  const room = openRoom();
  const nic = nicIn(room.ask(entry('EW')));
  const lines = room.ask(entry('EW', { OCA: '29B-99999', OFF: '2399', SOC: '' }));
  expect(lines[0]).toBe('REJ - ON FILE');
  expect(lines.join('|')).toContain(`NIC/${nic} `);
});

it('5.12 cancel: by NAM and NIC or NIC and OCA, not by NAM and OCA', () => {
  const cancel = (ids: (nic: string) => string): string | undefined => {
    const room = openRoom();
    const nic = nicIn(room.ask(entry('EID')));
    return room.ask(`XID.NV0990200.${ids(nic)}.DOC/20300307`)[0];
  };
  expect(cancel((nic) => `NAM/QUILLBRAND, OSRIC T.NIC/${nic}`)).toMatch(/^CANCEL /);
  expect(cancel((nic) => `NIC/${nic}.OCA/30-150`)).toMatch(/^CANCEL /);
  expect(cancel(() => 'NAM/QUILLBRAND, OSRIC T.OCA/30-150')).toBe('REJ - ID FIELDS');
});

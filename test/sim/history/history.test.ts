// Criminal history as NCIC and as the states are asked for it. Each row cites the section and the first
// words of what it keeps; the people are those of seed 1.

import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createHistory } from '../../../src/sim/history/history.ts';
import { openHistory } from '../../../src/sim/history/open.ts';
import { openHistoryStore } from '../../../src/sim/history/store.ts';
import { readHistoryTables } from '../../../src/sim/history/tables.ts';
import { readNcicTables } from '../../../src/sim/ncic/tables.ts';
import type { Household } from '../../../src/sim/world/words.ts';
import { peopleOf, worldOf } from '../world/worlds.ts';
import { anyTexts } from '../near-texts.ts';

const people = peopleOf(1, 30_000);
const { directory } = worldOf(1, 1);
const store = openHistoryStore(':memory:', readNcicTables().phonetic);
store.insertMany(people);
store.ready();
const oriOf = (state: string) => directory.office(state, 'history');
const history = createHistory({ store, tables: readHistoryTables(), oriOf });
afterAll(() => history.close());

const ask = (text: string): readonly string[] => history.take({ text }, 0).map((said) => said.text);
const one = (text: string): string => ask(text)[0] ?? '';

const of = (fits: (household: Household) => boolean): Household => {
  const found = people.find(fits);
  if (found === undefined) throw new Error('the world has nobody like that');
  return found;
};
const known = of(
  ({ person, history: cycles }) =>
    person.id >= 0 && cycles.length > 1 && person.rac === 'W' && person.state === 'CA',
);
const { person } = known;
const elsewhere = of(({ person, history: cycles }) => cycles.length > 0 && person.state === 'NV');
const { nam, dob, sex, rac, fbi = '', sid = '', soc } = person;
const why = 'PUR/C.ATN/DET SAMPLE';
const index = `NAM/${nam}.SEX/${sex}.RAC/${rac}`;
const born = (years: number, day = dob.slice(4)): string =>
  `${Number(dob.slice(0, 4)) + years}${day}`;
const otherDay = dob.slice(6) === '10' ? `${dob.slice(4, 6)}11` : `${dob.slice(4, 6)}10`;

describe('the index', () => {
  const found = `SID/${sid}`;
  const none = 'NO RECORD';
  it.each([
    ['ncic 4.5 DOB must agree in month and day', `${index}.DOB/${dob}`, found],
    ['ncic 4.5 DOB: another day', `${index}.DOB/${born(0, otherDay)}`, none],
    [
      'ncic 4.5 year within three: three later',
      `${index}.DOB/${born(dob.endsWith('0229') ? 0 : 3)}`,
      found,
    ],
    ['ncic 4.5 year within three: four later', `${index}.DOB/${born(4)}`, none],
    [
      'ncic 4.5 sex must agree',
      `NAM/${nam}.SEX/${sex === 'M' ? 'F' : 'M'}.RAC/${rac}.DOB/${dob}`,
      none,
    ],
    ['ncic 4.5 race must agree', `NAM/${nam}.SEX/${sex}.RAC/B.DOB/${dob}`, none],
    ['ncic 4.5 race U uses sex only', `NAM/${nam}.SEX/${sex}.RAC/U.DOB/${dob}`, found],
    [
      'ncic 4.4 given name: initial',
      `NAM/${nam.replace(/, (.).*/, ', $1')}.SEX/${sex}.RAC/${rac}.DOB/${dob}`,
      found,
    ],
    [
      'ncic 4.4 given name: another',
      `NAM/${nam.replace(/, .*/, ', QQ')}.SEX/${sex}.RAC/${rac}.DOB/${dob}`,
      none,
    ],
    [
      'ncic 4.4 surname: phonetic comparison',
      `NAM/${nam.replace(/^(.)(.)/, '$1$2$2')}.SEX/${sex}.RAC/${rac}.DOB/${dob}`,
      found,
    ],
    ['ncic 4.4 single numeric id: FBI', `FBI/${fbi}`, found],
    ['ncic 4.4 single numeric id: SID', `SID/${sid}`, found],
    ['ncic 4.4 single numeric id: SOC', `SOC/${soc}`, found],
    [
      'ncic 4.4 name + FBI: the number alone is searched',
      `NAM/NOBODY, AT ALL.SEX/U.RAC/U.DOB/19000101.FBI/${fbi}`,
      found,
    ],
  ])('%s', (_, fields, answer) => {
    expect(one(`2N01SIM0001.QH.CA0990100.${fields}.${why}`)).toContain(answer);
  });

  it('ncic 1.6 line 1, line 2: the header with its second character L, the ORI, a blank line', () => {
    const said = one(`2N01SIM0001.QH.CA0990100.FBI/${fbi}.${why}`);
    expect(said).toMatch(
      /^2L01SIM0001\r\nCA0990100\r\n\r\nMKE\/CRIMINAL HISTORY INDEX\r\nMATCHES 1 OF PUR\/C ATN\/DET SAMPLE\r\n/,
    );
    expect(said).not.toContain('ARREST');
  });

  it('ncic 1.5 2L01 seen on input stays; a text that begins with its key is answered in the form of link X6', () => {
    expect(one(`2L01SIM0001.QH.CA0990100.FBI/${fbi}.${why}`)).toMatch(/^2L01SIM0001\r\n/);
    expect(one(`QH.CA0990100.FBI/${fbi}.${why}`)).toMatch(/^QH\.CA0990100\.\r\nMKE\//);
  });
});

describe('a record', () => {
  it.each(['QR', 'ZR'])('by %s has every arrest with its charges and dispositions', (key) => {
    const said = one(`2N01SIM0001.${key}.CA0990100.FBI/${fbi}.${why}`);
    expect(said.match(/^ARREST /gm)).toHaveLength(known.history.length);
    for (const { date, ori, charges } of known.history) {
      expect(said).toMatch(new RegExp(`^ARREST \\d ${date} .* ORI/${ori} `, 'm'));
      for (const { name, disposition } of charges) {
        expect(said).toContain(name);
        expect(said).toContain(disposition);
      }
    }
    expect(said).toContain('END OF RECORD');
  });

  it('of nobody is none', () => {
    expect(one(`2N01SIM0001.QR.CA0990100.SID/CA09999999.${why}`)).toContain('\r\n\r\nNO RECORD');
  });
});

describe('what is wrong', () => {
  it.each([
    ['nlets 8 PUR required', `QH.CA0990100.FBI/${fbi}.ATN/DET SAMPLE`, 'REJ - MISSING FIELD PUR'],
    ['nlets 8 ATN required', `QH.CA0990100.FBI/${fbi}.PUR/C`, 'REJ - MISSING FIELD ATN'],
    [
      'nlets 7.3 PUR one of C F E D J S',
      `QH.CA0990100.FBI/${fbi}.PUR/Z.ATN/X`,
      'REJ - INVALID DATA PUR',
    ],
    [
      'purposes, policy: E is not answered',
      `QH.CA0990100.FBI/${fbi}.PUR/E.ATN/X`,
      'REJ - NOT AUTHORIZED',
    ],
    ['ncic 7 R01', '!.QH.CA0990100.FBI/1', 'REJ - HEADER ERROR'],
    ['ncic 7 R02', `2N01SIM0001.QV.CA0990100.LIC/1`, 'REJ - INVALID MKE'],
    ['ncic 7 R03', `2N01SIM0001.QH.XX.FBI/1`, 'REJ - INVALID ORI'],
    ['ncic 7 R06', `2N01SIM0001.QR.CA0990100.${why}`, 'REJ - MISSING FIELD'],
  ])('%s', (_, text, answer) => {
    expect(one(text)).toContain(answer);
  });
});

describe('between states', () => {
  const name = `NAM/${nam}.DOB/${dob}.SEX/${sex}`;
  it.each([
    [
      '8 IQ identity: by name; normal answer IR',
      `IQ.CA0990100.CA.*CH00000031.TXT\r\n${why}.${name}`,
      /^IR\.CA0990700\.CA0990100\.\*CH00000031\.TXT\r\nMKE\/CRIMINAL HISTORY INDEX/,
    ],
    ['8 IQ by SSN', `IQ.CA0990100.CA.TXT\r\n${why}.SOC/${soc}`, new RegExp(`^IR[^]*SID/${sid}`)],
    [
      '8 IQ: a state may answer with a full record',
      `IQ.CA0990100.NV.TXT\r\n${why}.SOC/${elsewhere.person.soc}`,
      /^FR\.NV0990700\.CA0990100\.TXT\r\n[^]*ARREST 1/,
    ],
    [
      '8 FQ full record: one state, by state id',
      `FQ.CA0990100.CA.TXT\r\n${why}.SID/${sid}`,
      /^FR\.CA0990700[^]*ARREST 1[^]*END OF RECORD/,
    ],
    [
      '8 AQ additional: answered by a person',
      `AQ.CA0990100.CA.TXT\r\n${why}.REM/ANYTHING ELSE`,
      /^AR\.CA0990700[^]*NOTHING FURTHER/,
    ],
    ['8 PUR and ATN are required', `FQ.CA0990100.CA.TXT\r\nSID/${sid}`, /^FR[^]*REJECTED CA: PUR/],
    [
      '8 a person of another state',
      `IQ.CA0990100.OR.TXT\r\n${why}.${name}`,
      /^IR\.OR0990700[^]*NO RECORD/,
    ],
  ])('nlets %s', (_, text, answer) => {
    expect(one(text)).toMatch(answer);
  });

  it('nlets 8 up to five states: one answer each; what a person answers comes later', () => {
    const said = history.take({ text: `IQ.CA0990100.CA.NV.TXT\r\n${why}.${name}` }, 0);
    expect(said.map(({ text, final }) => [text.slice(0, 12), final])).toEqual([
      ['IR.CA0990700', false],
      ['IR.NV0990700', true],
    ]);
    const [slow] = history.take({ text: `AQ.CA0990100.CA.TXT\r\n${why}` }, 0);
    expect(slow?.afterMs).toBeGreaterThan(0);
  });
});

it('any octets get an answer or none, never a throw', () => {
  const texts = anyTexts(
    '2N01SIM0001.',
    'QH.',
    'QR.',
    'IQ.',
    'FQ.',
    'AQ.',
    'CA0990100.',
    'CA.',
    'TXT',
    '\r\n',
    'PUR/C',
    'ATN/A',
    'NAM/',
    'FBI/',
    'DOB/',
    '.',
  );
  fc.assert(
    fc.property(texts, (text) => {
      for (const said of ask(text)) expect(said.length).toBeGreaterThan(0);
    }),
    { numRuns: 2_000 },
  );
  expect([history.due(1e15), history.nextAtMs]).toEqual([[], undefined]);
});

it('without a world it knows the wanted person of the contract', () => {
  const small = openHistory();
  const text = `QH.CA0990100.NAM/DOE, TESTMAN.SEX/M.RAC/W.DOB/19700101.${why}`;
  expect(small.take({ text }, 0)[0]?.text).toContain('NAM/DOE, TESTMAN FBI/ZZ');
  small.close();
});

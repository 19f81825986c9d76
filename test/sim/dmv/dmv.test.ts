// The motor vehicle departments as Nlets asks them. Each row cites the section and the first words of what
// it keeps; the people are those behind the contract's records and some of seed 1.

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDmv } from '../../../src/sim/dmv/dmv.ts';
import { openDmv } from '../../../src/sim/dmv/open.ts';
import { openDmvStore } from '../../../src/sim/dmv/store.ts';
import { readDmvTables } from '../../../src/sim/dmv/tables.ts';
import type { SimHost } from '../../../src/sim/host.ts';
import { openAnswerer } from '../../../src/sim/world/answerer.ts';
import type { Household } from '../../../src/sim/world/words.ts';
import { peopleOf, worldOf } from '../world/worlds.ts';
import { anyTexts } from '../near-texts.ts';

const people = peopleOf(1, 8_000);
const { directory } = worldOf(1, 1);
let dmv: SimHost;

beforeAll(() => {
  dmv = hostOf(people);
});
afterAll(() => dmv.close());

const ask = (text: string): readonly string[] => dmv.take({ text }, 0).map((said) => said.text);
const of = (fits: (household: Household) => boolean): Household => {
  const found = people.find(fits);
  if (found === undefined) throw new Error('the world has nobody like that');
  return found;
};
const driver = of(({ person, vehicles }) => person.id >= 0 && vehicles.length > 1);
const sailor = of(({ person, boats }) => person.id >= 0 && boats.length > 0);
const offender = of(({ licence }) => licence.violations.length > 1);
const child = of(({ licence }) => licence.cls === 'ID');
const [car] = driver.vehicles;
const [boat] = sailor.boats;
if (car === undefined || boat === undefined) throw new Error('no vehicle, no boat');
const { person, licence } = driver;

describe('an inquiry', () => {
  const control = '*A7K0000412';
  it.each([
    [
      '2.3 The answering computer copies it back',
      `RQ.CA0990100.${car.lis}.${control}.TXT\r\nLIC/${car.lic}.LIY/${car.liy}.LIT/${car.lit}`,
      `RR.${car.lis}0990800.CA0990100.${control}.TXT\r\nREGISTRATION ${car.lis}`,
    ],
    [
      '2.3 Optional',
      `RQ.CA0990100.${car.lis}.TXT\r\nLIC/${car.lic}`,
      `RR.${car.lis}0990800.CA0990100.TXT\r\nREGISTRATION`,
    ],
    [
      '2.2 Control characters may appear anywhere',
      `RQ.CA0990100.${car.lis}.TXT\r\n\x7fLI\r\nC/${car.lic}.`,
      `OWNER/${person.nam}`,
    ],
    [
      '7.1 `LIC/`',
      `RQ.CA0990100.${car.lis}.TXT\r\nLIC/${car.lic}`,
      `OWNER/${person.nam}\r\n${person.street}, ${person.city}`,
    ],
    [
      '7.1 or `VIN/`',
      `RQ.CA0990100.${car.lis}.TXT\r\nVIN/${car.vin}`,
      `LIC/${car.lic}.LIS/${car.lis}.LIY/${car.liy}.LIT/${car.lit}\r\nVIN/${car.vin}`,
    ],
    [
      '7.1 Towards the states: RQG',
      `RQG.CA0990100.${car.lis}.TXT\r\nLIC/${car.lic}`,
      `RR.${car.lis}`,
    ],
    [
      '7.1 `RNQ`: by owner name',
      `RNQ.CA0990100.${car.lis}.TXT\r\nNAM/${person.nam}`,
      `VIN/${car.vin}`,
    ],
    [
      '7.1 Answers other than data: not on file',
      `RQ.CA0990100.CA.TXT\r\nLIC/NOSUCH1`,
      'NO RECORD ON FILE CA LIC/NOSUCH1',
    ],
    [
      '7.2 Either `OLN/`',
      `DQ.CA0990100.${person.state}.TXT\r\nOLN/${licence.oln}`,
      `OLN/${licence.oln}.OLS/${person.state}.OLY/${licence.oly}\r\nNAM/${person.nam}.SEX/${person.sex}.DOB/${person.dob}`,
    ],
    [
      '7.2 or `NAM/` + `DOB/` + `SEX/`',
      `DQ.CA0990100.${person.state}.TXT\r\nNAM/${person.nam}.DOB/${person.dob}.SEX/${person.sex}`,
      `OLN/${licence.oln}`,
    ],
    [
      '7.2 `RSN/` first if present',
      `DQ.CA0990100.${person.state}.TXT\r\nRSN/T.OLN/${licence.oln}`,
      `OLN/${licence.oln}`,
    ],
    [
      '7.2 Answer to a region query',
      `DQG.CA0990100.${person.state}.TXT\r\nNAM/${person.nam}.DOB/${person.dob}.SEX/${person.sex}`,
      `DR.${person.state}0990800`,
    ],
    ['7.2 DNQ (name only)', `DNQ.CA0990100.${person.state}.TXT\r\nNAM/${person.nam}`, person.nam],
    [
      '7.2 sets, policy: ask again',
      'DQ.CA0990100.CA.TXT\r\nDOB/19700101',
      'REJECTED CA: ASK BY OLN, OR NAM DOB SEX',
    ],
    [
      '7.2 who does not drive, policy',
      `DQ.CA0990100.${child.person.state}.TXT\r\nOLN/${child.licence.oln}`,
      `IDENTIFICATION CARD ${child.person.state}`,
    ],
    [
      '7.3 NAM+DOB+SEX or OLN',
      `KQ.CA0990100.${offender.person.state}.TXT\r\nOLN/${offender.licence.oln}.PUR/C.ATN/DET SAMPLE`,
      `${offender.licence.violations[0]?.date ?? '-'} ${offender.licence.violations[0]?.code ?? '-'}`,
    ],
    [
      '7.4 By registration',
      `BQ.CA0990100.${boat.res}.TXT\r\nREG/${boat.reg}`,
      `REG/${boat.reg}.RES/${boat.res}.EXPIRES/${boat.rey}1231\r\nBHN/${boat.bhn}`,
    ],
    [
      '7.4 hull number',
      `BQ.CA0990100.${boat.res}.TXT\r\nBHN/${boat.bhn}`,
      `OWNER/${sailor.person.nam}`,
    ],
    [
      '7.4 or name + DOB',
      `BQ.CA0990100.${boat.res}.TXT\r\nNAM/${sailor.person.nam}.DOB/${sailor.person.dob}`,
      `REG/${boat.reg}`,
    ],
    ['7.5 SQ', 'SQ.CA0990100.CA.TXT\r\nREG/1', 'NOT KEPT BY THIS DEPARTMENT CA'],
  ])('nlets %s', (_, text, answer) => {
    const said = ask(text);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(answer);
  });

  it('nlets 3.2 RQ, up to five: one answer for each state, the last is final', () => {
    const said = dmv.take({ text: `RQ.CA0990100.NV.CA.OR.TXT\r\nLIC/${car.lic}` }, 0);
    expect(said.map(({ text }) => text.slice(0, 12))).toEqual([
      'RR.NV0990800',
      'RR.CA0990800',
      'RR.OR0990800',
    ]);
    expect(said.map(({ final }) => final)).toEqual([false, false, true]);
    const found = said.filter(({ text }) => text.includes(`OWNER/${person.nam}`));
    expect(found).toHaveLength(1);
  });

  it('finds nothing of another state, and no plate of another type', () => {
    const elsewhere = car.lis === 'NV' ? 'OR' : 'NV';
    expect(ask(`RQ.CA0990100.${elsewhere}.TXT\r\nVIN/${car.vin}`)[0]).toContain('NO RECORD');
    const type = car.lit === 'MC' ? 'PC' : 'MC';
    expect(ask(`RQ.CA0990100.${car.lis}.TXT\r\nLIC/${car.lic}.LIT/${type}`)[0]).toContain(
      'NO RECORD',
    );
    const sex = person.sex === 'M' ? 'F' : 'M';
    expect(
      ask(`DQ.CA0990100.${person.state}.TXT\r\nNAM/${person.nam}.DOB/${person.dob}.SEX/${sex}`)[0],
    ).toContain('NO RECORD');
  });

  it('that several people fit is answered by a list to ask again from', () => {
    const [first, second] = namesakes();
    const name = `NAM/${first.person.nam}.DOB/${first.person.dob}.SEX/${first.person.sex}`;
    const text = `DQ.CA0990100.${first.person.state}.TXT\r\n${name}`;
    const both = hostOf([first, second]);
    const said = both.take({ text }, 0)[0]?.text;
    both.close();
    expect(said).toContain('2 ON FILE, ASK AGAIN BY NUMBER');
    for (const { licence } of [first, second]) expect(said).toContain(`OLN/${licence.oln}`);
  });

  it('in another key, without TXT, or to no state is answered by nobody', () => {
    for (const text of [
      'QV.CA0990100.LIC/1',
      'RQ.CA0990100.CA',
      'RQ..CA.TXT\r\nLIC/1',
      'RQ.CA0990100.B1.TXT\r\nLIC/1',
      'AM.CA0990100.CA.TXT\r\nHELLO',
    ])
      expect(ask(text), text).toEqual([]);
  });

  it('of any octets gives answers or none, never a throw', () => {
    const texts = anyTexts(
      'RQ.',
      'DQ.',
      'KQ.',
      'CA0990100.',
      'CA.',
      '*C.',
      'TXT',
      '\r\n',
      'NAM/',
      'OLN/',
      'LIC/',
      '.',
    );
    fc.assert(
      fc.property(texts, (text) => {
        for (const said of ask(text)) expect(said).toMatch(/^[A-Z]{2,3}\.[A-Z]{2}0990800\./);
      }),
      { numRuns: 2_000 },
    );
    expect([dmv.due(1e15), dmv.nextAtMs]).toEqual([[], undefined]);
  });
});

describe('without a world', () => {
  it('knows the owner of the stolen vehicle and the licence of the wanted person of the contract', () => {
    const small = openDmv();
    const said = (text: string): string => small.take({ text }, 0)[0]?.text ?? '';
    expect(said('RQ.CA0990100.CA.TXT\r\nLIC/2ZZZ999')).toMatch(
      /VIN\/9ZZTS7X41KN200999[^]*OWNER\/[A-Z]+, /,
    );
    expect(said('DQ.CA0990100.CA.TXT\r\nOLN/Z9900001')).toContain(
      'NAM/DOE, TESTMAN.SEX/M.DOB/19700101',
    );
    expect(said('RNQ.CA0990100.CA.TXT\r\nNAM/DOE, TESTMAN')).toContain('LIC/');
    small.close();
  });

  it('answers for other states what it has on file, and leaves other keys to others', () => {
    const answer = openAnswerer();
    const ask = (state: string, key: string, fields: Readonly<Record<string, string>>) =>
      answer(state, key, new Map(Object.entries(fields)));
    expect(ask('NV', 'RQ', { LIC: '4ZZZ141' })?.join('\n')).toContain('VIN/9ZZTS7X10KN204273');
    expect(ask('NV', 'RQ', { LIC: '3FAKE77' })).toEqual([]);
    expect(ask('NV', 'YQ', { LIC: '4ZZZ141' })).toBeUndefined();
  });
});

/** Two of one name, birth, sex and state. */
function namesakes(): readonly [Household, Household] {
  const seen = new Map<string, Household>();
  for (const household of peopleOf(1, 60_000)) {
    const { nam, dob, sex, state } = household.person;
    const key = [nam, dob, sex, state].join();
    const other = seen.get(key);
    if (other !== undefined) return [other, household];
    seen.set(key, household);
  }
  throw new Error('the world has no namesakes');
}

function hostOf(households: Iterable<Household>): SimHost {
  const store = openDmvStore(':memory:');
  store.insertMany(households);
  store.ready();
  const oriOf = (state: string) => directory.office(state, 'motor-vehicles');
  return createDmv({ store, tables: readDmvTables(), oriOf });
}

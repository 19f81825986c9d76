// A county that never was: agencies, terminals and people, as the register has them. Nothing is drawn here:
// the same number is always the same terminal, the same person. County 099 does not exist.

import type {
  AgencyRecord,
  MnemonicRecord,
  PersonRecord,
  RegisterChange,
  StationRecord,
} from '#journal/register';
import {
  type Mnemonic,
  type Oif,
  type Ori,
  parseMnemonic,
  parseOif,
  parseOri,
  parseSessionId,
  parseStationName,
  parseTaf,
  parseUserName,
  type SessionId,
  type StationName,
  type Taf,
  type UserName,
} from '#protocol/ids';
import { scrambled } from './dice.ts';
import { nameOf, padded } from './words.ts';

export const agencies = 24;
/** Of each agency. */
const terminalsEach = 7;
const peopleEach = 18;
export const terminals = agencies * terminalsEach;
export const people = agencies * peopleEach;

export const upstream = 'STATE';
/** Nobody serves it: what is sent there waits. */
export const waitingMnemonic = must(parseMnemonic('QZ99'));
/** The name says it wherever it stands: what came over it never came over a line. */
export const upstreamSession = must(parseSessionId('simulated-session-of-the-state-host'));

/** What never changes of a terminal. */
export interface Desk {
  readonly place: number;
  readonly station: StationName;
  readonly mnemonic: Mnemonic;
  readonly taf: Taf;
  readonly agency: Ori;
}

export interface Person {
  readonly number: number;
  readonly user: UserName;
  readonly oif: Oif;
}

export function deskOf(place: number): Desk {
  const mnemonic = place < 99 ? `QZ${padded(place, 2)}` : `QY${padded(place - 99, 2)}`;
  return {
    place,
    station: must(parseStationName(`COUNTY-DISP-${atLeastTwo(place)}`)),
    mnemonic: must(parseMnemonic(mnemonic)),
    taf: must(parseTaf(`0990${atLeastTwo(place)}`)),
    agency: agencyOf(place),
  };
}

export function personOf(number: number): Person {
  return {
    number,
    user: must(parseUserName(`user${atLeastTwo(number)}`)),
    oif: must(parseOif(`U10${padded(number, 3)}`)),
  };
}

/** Somebody of the same agency; a person works for one. */
export function colleagueOf(place: number, rank: number): number {
  return (place % agencies) + agencies * (rank % peopleEach);
}
export const colleagues = peopleEach;

/** A connection's numbering. */
export function sessionOf(place: number, count: number): SessionId {
  return must(parseSessionId(`simulated-${padded(place, 4)}-${padded(count, 8)}`));
}

/** The agencies, and who may look at the journal. */
export function firstRegister(): readonly RegisterChange[] {
  const operators = [
    { login: 'auditor1', roles: ['auditor'] },
    { login: 'night1', roles: ['operator', 'supervisor'] },
  ] as const;
  return [
    ...Array.from({ length: agencies }, (_, number) => agencyRecord(number)).map(
      (record) => ({ op: 'put', table: 'agency', key: record.ori, record }) as const,
    ),
    ...operators.map(
      (record) => ({ op: 'put', table: 'operator', key: record.login, record }) as const,
    ),
  ];
}

/** A terminal is enrolled. */
export function stationChanges(desk: Desk): readonly RegisterChange[] {
  const { station, mnemonic, taf, agency, place } = desk;
  const stationRecord: StationRecord = {
    ...{ name: station, role: 'terminal', state: 'enabled', agency, mnemonics: [mnemonic] },
    ...{ fingerprints: [fingerprintOf(place)], pools: [], tafs: [taf], tafKind: 'id' },
    ...{ tafRequired: [], unattended: true, place: `ROOM ${padded(place, 3)}` },
  };
  const mnemonicRecord: MnemonicRecord = { mnemonic, agency };
  return [
    { op: 'put', table: 'station', key: station, record: stationRecord },
    { op: 'put', table: 'mnemonic', key: mnemonic, record: mnemonicRecord },
  ];
}

/** A person comes, or changes: `times` tells one change from the next. */
export function personChanges(person: Person, times = 0): readonly RegisterChange[] {
  const { user, oif, number } = person;
  const sends = ['QV', 'QW', 'QG', 'QA', 'QB', 'AM', 'EV'].slice(0, 7 - (times % 3));
  const record: PersonRecord = {
    ...{ user, name: nameOf(number), oif, agency: agencyOf(number), state: 'enabled', sends },
    ...{ pools: [], mustChange: false },
  };
  return [{ op: 'put', table: 'person', key: user, record }];
}

export function fingerprintOf(place: number): string {
  return Array.from({ length: 8 }, (_, part) =>
    scrambled(place * 8 + part)
      .toString(16)
      .padStart(8, '0'),
  ).join('');
}

export function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('an invented name breaks its grammar');
  return value;
}

function agencyRecord(number: number): AgencyRecord {
  const ori = agencyOf(number);
  return { ori, name: `INVENTED AGENCY ${padded(number, 2)}`, state: 'active', mayUse: [] };
}

function agencyOf(number: number): Ori {
  return must(parseOri(`CA099${padded(number % agencies, 2)}00`));
}

const atLeastTwo = (number: number): string => String(number).padStart(2, '0');

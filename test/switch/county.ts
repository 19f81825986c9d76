// The register and settings that the tests of the switch share: one invented county (099).

import type {
  MnemonicRecord,
  PersonRecord,
  PoolRecord,
  RegisterChange,
  RegisterTable,
  RegisterTables,
  StationRecord,
} from '#journal/register';
import {
  parseMnemonic,
  parseOif,
  parseOri,
  parseStationName,
  parseTaf,
  parseUserName,
} from '#protocol/ids';
import type { SwitchSettings } from '#switch/settings';

export const minute = 60_000;
export const hour = 60 * minute;

const must =
  <T>(parse: (text: string) => T | undefined) =>
  (text: string): T => {
    const value = parse(text);
    if (value === undefined) throw new Error(`not in the grammar: ${text}`);
    return value;
  };
export const ori = must(parseOri);
export const mnemonic = must(parseMnemonic);
export const user = must(parseUserName);
export const stationName = must(parseStationName);
const oif = must(parseOif);
const taf = must(parseTaf);

export const sheriff = ori('CA0990100');
export const police = ori('CA0990200');

export const settings: SwitchSettings = {
  name: 'COUNTY099',
  ori: sheriff,
  software: 'msc/test',
  frameBytesMax: 4096,
  window: 4,
  keepAliveMs: 30_000,
  connectionsMax: 20,
  answerWaitMs: 10 * minute,
  resumeSignOnMs: 5 * minute,
  signOnIdleMs: 30 * minute,
  signOnAgeMs: 12 * hour,
  signOnTwice: false,
  signOnTries: 5,
  signOnTriesMs: 15 * minute,
  refusalsStoredPerMinute: 200,
  refusalsPerMinute: 1000,
  sessionKeptMs: 24 * hour,
  heartbeatMs: minute,
  upstreams: [{ name: 'STATE', station: 'COUNTY099', routes: ['state'] }],
};

export function put<T extends RegisterTable>(
  table: T,
  key: string,
  record: RegisterTables[T],
): RegisterChange {
  // The table and its record are of one kind by the line above.
  return { op: 'put', table, key, record } as unknown as RegisterChange;
}

export function station(name: string, more: Partial<StationRecord>): RegisterChange {
  return put('station', name, {
    name: stationName(name),
    role: 'terminal',
    state: 'enabled',
    agency: sheriff,
    fingerprints: [`fingerprint of ${name}`],
    mnemonics: [],
    pools: [],
    tafs: [],
    tafRequired: [],
    unattended: false,
    ...more,
  });
}

export function person(name: string, oifText: string, more: Partial<PersonRecord> = {}) {
  return put('person', name, {
    user: user(name),
    name: `${name.toUpperCase()} TESTMAN`,
    oif: oif(oifText),
    agency: sheriff,
    state: 'enabled',
    sends: ['AM', 'YQ', '@basic-inquiry', 'RQ', 'EV'],
    pools: ['MDT', 'LONE', 'SHARE'],
    credential: `credential of ${name}`,
    mustChange: false,
    ...more,
  });
}

export function agency(key: typeof sheriff, state: 'active' | 'suspended' = 'active') {
  const own = key === sheriff ? 'QZ01' : 'QZ03';
  return put('agency', key, { ori: key, name: key, state, mayUse: [], mnemonic: mnemonic(own) });
}

function owned(name: string, more: Partial<MnemonicRecord> = {}): RegisterChange {
  return put('mnemonic', name, { mnemonic: mnemonic(name), ...more });
}

function pool(name: string, mnemonics: readonly string[], more: Partial<PoolRecord>) {
  const names = mnemonics.map(mnemonic);
  return put('pool', name, { name, mnemonics: names, sharing: 'exclusive', ...more });
}

const tafs = { a: taf('010020003045113AB7'), b: taf('223BC8'), c: taf('334CD9') };

/** Three static terminals, three that borrow, a host, a printer, and one printer beside a terminal. */
export const county: readonly RegisterChange[] = [
  agency(sheriff),
  agency(police),
  put('agency', 'CA0990900', {
    ori: ori('CA0990900'),
    name: 'without a terminal',
    state: 'active',
    mayUse: [],
  }),
  ...['QZ01', 'QZ02', 'QC01', 'QC02', 'QP01', 'QU01'].map((key) => owned(key, { agency: sheriff })),
  owned('QZ03', { agency: police }),
  owned('QX01', { agency: sheriff, sends: ['QV'], takes: ['YQ'] }),
  ...['QM01', 'QM02', 'QL01', 'QS01'].map((key) => owned(key)),
  pool('MDT', ['QM01', 'QM02'], { destination: mnemonic('QP01') }),
  pool('LONE', ['QL01'], {}),
  pool('SHARE', ['QS01'], { sharing: 'shared' }),
  station('DISP1', { mnemonics: [mnemonic('QZ01')], tafs: [tafs.a] }),
  station('DISP2', { mnemonics: [mnemonic('QZ02')] }),
  station('DISP3', { mnemonics: [mnemonic('QZ03')], agency: police }),
  station('LIMITED', { mnemonics: [mnemonic('QX01')] }),
  ...['MDT1', 'MDT2', 'MDT3'].map((name) => station(name, { pools: ['MDT', 'LONE', 'SHARE'] })),
  station('CAD1', {
    role: 'host',
    mnemonics: [mnemonic('QC01'), mnemonic('QC02')],
    tafs: [tafs.b, tafs.c],
    tafRequired: [mnemonic('QC02')],
  }),
  station('PRT1', { role: 'printer', mnemonics: [mnemonic('QP01')] }),
  station('NIGHT', { mnemonics: [mnemonic('QU01')], unattended: true }),
  station('PRT2', { role: 'printer', mnemonics: [mnemonic('QU01'), mnemonic('QZ01')] }),
  person('jdoe', 'J10442'),
  person('mroe', 'M20817'),
  person('zoe', 'Z30303'),
  person('poe', 'P40404', { agency: police, pools: [] }),
];

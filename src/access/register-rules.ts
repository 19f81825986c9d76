// Whether the records of a register fit together: every reference, every thing that must be one of a kind.
// Pure and total. Lists all problems, each with a code, the record and a sentence; repairs nothing.
// Checks a whole register, people included, so that nothing they stand on is taken away.

import type { Mnemonic, Taf } from '#protocol/ids';
import type { KeyTable } from '#protocol/keys';
import type {
  MnemonicRecord,
  PersonRecord,
  PoolRecord,
  Register,
  RegisterTable,
  StationRecord,
} from '#journal/register';

export type RuleCode =
  /** Names a record that is not there. */
  | 'REFERENCE'
  /** A mnemonic, TAF, OIF or fingerprint that is another's already. */
  | 'TAKEN'
  /** A station has what its role does not allow, or lacks what it needs. */
  | 'ROLE'
  /** A mnemonic that nobody serves, or without the agency it needs. */
  | 'MNEMONIC'
  /** A pool's mnemonics or destination cannot be what they are. */
  | 'POOL'
  /** A mnemonic with a meaning of its own. */
  | 'RESERVED'
  /** A message key or group that the key table does not have. */
  | 'KEY';

export interface RuleProblem {
  readonly code: RuleCode;
  readonly table: RegisterTable;
  readonly key: string;
  readonly sentence: string;
}

/** Words that a person or a program would read as something else. @source clets M10 */
export const reservedMnemonics: ReadonlySet<string> = new Set(['TEST', 'NONE', 'NULL', 'SELF']);

/** All that is wrong with a register; empty when it may stand. */
export function registerProblems(register: Register, keys: KeyTable): readonly RuleProblem[] {
  const problems: RuleProblem[] = [];
  const found = (
    table: RegisterTable,
    key: string,
    code: RuleCode,
    sentence: string | undefined,
  ): void => {
    if (sentence !== undefined) problems.push({ code, table, key, sentence });
  };
  const tellers = [agencies, stations, owners, mnemonics, pools, people];
  for (const tell of tellers) tell(register, found, keys);
  return problems;
}

/** Keys and groups of a list that the key table does not have, in a sentence. */
export function unknownKeys(list: readonly string[], keys: KeyTable): string | undefined {
  const groups = new Set(keys.all.map(({ group }) => `@${group}`));
  const unknown = list.filter((key) => keys.get(key) === undefined && !groups.has(key));
  return unknown.length === 0 ? undefined : `unknown message key or group: ${unknown.join(', ')}`;
}

type Found = (
  table: RegisterTable,
  key: string,
  code: RuleCode,
  sentence: string | undefined,
) => void;

function agencies(register: Register, found: Found): void {
  const served = servedMnemonics(register);
  for (const [ori, { mnemonic }] of register.agency)
    if (mnemonic !== undefined && !served.has(mnemonic))
      found('agency', ori, 'REFERENCE', `its mnemonic ${mnemonic} is served by no station`);
}

function stations(register: Register, found: Found): void {
  for (const [name, station] of register.station) {
    const { agency, tafRequired } = station;
    if (agency !== undefined && !register.agency.has(agency))
      found('station', name, 'REFERENCE', `there is no agency ${agency}`);
    for (const mnemonic of station.mnemonics)
      if (!register.mnemonic.has(mnemonic))
        found('station', name, 'REFERENCE', `there is no mnemonic ${mnemonic}`);
    for (const pool of station.pools)
      if (!register.pool.has(pool)) found('station', name, 'REFERENCE', `there is no pool ${pool}`);
    for (const mnemonic of tafRequired)
      if (!station.mnemonics.includes(mnemonic))
        found('station', name, 'REFERENCE', `taf_required names ${mnemonic}, which is not its own`);
    found('station', name, 'ROLE', roleProblem(station));
  }
}

/** What a role forbids or demands; the first that is wrong. @source link section 1, S7, M9 */
function roleProblem(station: StationRecord): string | undefined {
  const { role, mnemonics, pools, tafs, tafRequired, unattended } = station;
  if (role !== 'terminal' && mnemonics.length === 0) return `a ${role} needs a mnemonic`;
  if (role !== 'terminal' && pools.length > 0) return `a ${role} borrows from no pool`;
  if (role !== 'host' && tafRequired.length > 0) return `taf_required is for hosts, not a ${role}`;
  switch (role) {
    case 'terminal':
      if (mnemonics.length > 1) return 'a terminal has one static mnemonic, not several';
      if (mnemonics.length === 0 && pools.length === 0)
        return 'a terminal needs a mnemonic, or a pool to borrow from';
      if (mnemonics.length > 0 && pools.length > 0)
        return 'a terminal has a static mnemonic or borrows from pools, not both';
      if (tafs.length > 1) return 'a terminal has one TAF, not several';
      return unattended && mnemonics.length === 0
        ? 'unattended is for terminals with a static mnemonic'
        : undefined;
    case 'printer':
      if (tafs.length > 0) return 'a printer sends nothing and has no TAF';
      return unattended ? 'unattended is for terminals; nobody signs on at a printer' : undefined;
    case 'host':
      if (tafRequired.length > 0 && tafs.length === 0)
        return 'taf_required needs the tafs of its devices';
      return unattended ? 'unattended is for terminals; nobody signs on at a host' : undefined;
  }
}

/** What only one station may have: a mnemonic (and one printer more), a TAF, a certificate. */
function owners(register: Register, found: Found): void {
  const mnemonicOf = new Map<string, string>();
  const tafOf = new Map<Taf, string>();
  const fingerprintOf = new Map<string, string>();
  for (const [name, { role, mnemonics, tafs, fingerprints }] of register.station) {
    const take = <T>(owner: Map<T, string>, thing: T, words: string): void => {
      const other = owner.get(thing);
      if (other !== undefined) found('station', name, 'TAKEN', `${words} is that of ${other}`);
      owner.set(thing, other ?? name);
    };
    const kind = role === 'printer' ? 'printer' : 'terminal or host';
    for (const mnemonic of mnemonics)
      take(mnemonicOf, `${kind} ${mnemonic}`, `${mnemonic} has one ${kind}; it`);
    for (const taf of tafs) take(tafOf, taf, `TAF ${taf}`);
    for (const fingerprint of fingerprints)
      take(fingerprintOf, fingerprint, `certificate ${fingerprint}`);
  }
}

function mnemonics(register: Register, found: Found, keys: KeyTable): void {
  const served = servedMnemonics(register);
  const lent = lentMnemonics(register);
  for (const [key, record] of register.mnemonic) {
    const { mnemonic, agency, sends, takes } = record;
    if (reservedMnemonics.has(key)) found('mnemonic', key, 'RESERVED', 'is a reserved word');
    if (agency !== undefined && !register.agency.has(agency))
      found('mnemonic', key, 'REFERENCE', `there is no agency ${agency}`);
    found('mnemonic', key, 'KEY', unknownKeys([...(sends ?? []), ...(takes ?? [])], keys));
    if (lent.has(mnemonic)) found('mnemonic', key, 'MNEMONIC', lentProblem(record));
    else if (agency === undefined) found('mnemonic', key, 'MNEMONIC', 'needs its agency');
    if (!lent.has(mnemonic) && !served.has(mnemonic))
      found('mnemonic', key, 'MNEMONIC', 'no station serves it and no pool lends it');
  }
}

function lentProblem({ agency }: MnemonicRecord): string | undefined {
  return agency === undefined
    ? undefined
    : 'a mnemonic of a pool has no agency; it is that of the person';
}

function pools(register: Register, found: Found): void {
  const served = servedMnemonics(register);
  const poolOf = new Map<Mnemonic, string>();
  for (const [name, pool] of register.pool) {
    for (const mnemonic of pool.mnemonics) {
      const other = poolOf.get(mnemonic);
      if (!register.mnemonic.has(mnemonic))
        found('pool', name, 'REFERENCE', `there is no mnemonic ${mnemonic}`);
      if (served.has(mnemonic))
        found('pool', name, 'POOL', `${mnemonic} is the static mnemonic of a station`);
      if (other !== undefined)
        found('pool', name, 'TAKEN', `${mnemonic} is lent by pool ${other} already`);
      poolOf.set(mnemonic, other ?? name);
    }
    found('pool', name, 'POOL', destinationProblem(register, pool));
  }
}

/** @source clets 3.2, M4 */
function destinationProblem(register: Register, { destination }: PoolRecord): string | undefined {
  if (destination === undefined) return undefined;
  if (lentMnemonics(register).has(destination))
    return `its destination ${destination} is lent by a pool; it must be a static one`;
  return servedMnemonics(register).has(destination)
    ? undefined
    : `its destination ${destination} is served by no station`;
}

function people(register: Register, found: Found, keys: KeyTable): void {
  const userOf = new Map<string, string>();
  for (const [user, person] of register.person) {
    for (const sentence of personReferences(register, person))
      found('person', user, 'REFERENCE', sentence);
    found('person', user, 'KEY', unknownKeys(person.sends, keys));
    const other = userOf.get(person.oif.toUpperCase());
    if (other !== undefined)
      found('person', user, 'TAKEN', `OIF ${person.oif} is that of ${other}`);
    userOf.set(person.oif.toUpperCase(), other ?? user);
  }
}

/** What a person's record names and the register does not have. */
export function personReferences(
  register: Register,
  { agency, pools }: Pick<PersonRecord, 'agency' | 'pools'>,
): readonly string[] {
  const missing = pools.filter((pool) => !register.pool.has(pool));
  return [
    ...(register.agency.has(agency) ? [] : [`there is no agency ${agency}`]),
    ...missing.map((pool) => `there is no pool ${pool}`),
  ];
}

function servedMnemonics(register: Register): ReadonlySet<Mnemonic> {
  return new Set([...register.station.values()].flatMap(({ mnemonics }) => mnemonics));
}

function lentMnemonics(register: Register): ReadonlySet<Mnemonic> {
  return new Set([...register.pool.values()].flatMap(({ mnemonics }) => mnemonics));
}

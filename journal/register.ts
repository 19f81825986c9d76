// The register as the journal carries it: agencies, stations, mnemonics, pools, people, operators.
// Every change is an entry, so replaying the entries gives the register back, to the letter.
// Pure. It holds no secret: a person's record names the change under which the hash was written.

import type { Mnemonic, Oif, Ori, StationName, Taf, UserName } from '#protocol/ids';

export type StationRole = 'terminal' | 'printer' | 'host';
export type OperatorRole = 'operator' | 'supervisor' | 'auditor' | 'admin';
/** How a terminal address field was made. @source clets 2.4 */
export type TafKind = 'mac6' | 'ip8' | 'ip12' | 'mac12' | 'ip8mac6' | 'ip12mac6' | 'id';

export interface AgencyRecord {
  readonly ori: Ori;
  readonly name: string;
  readonly state: 'active' | 'suspended';
  /** Further ORIs this agency may use in a message (X05). */
  readonly mayUse: readonly Ori[];
  /** Where what is addressed to this ORI goes. */
  readonly mnemonic?: Mnemonic | undefined;
}

export interface StationRecord {
  readonly name: StationName;
  readonly role: StationRole;
  readonly state: 'enabled' | 'disabled' | 'suspended';
  readonly agency?: Ori | undefined;
  /** SHA-256 fingerprints of its enrolled certificates, lower-case hex. */
  readonly fingerprints: readonly string[];
  /** A terminal's one static mnemonic; a host's or printer's own mnemonics. */
  readonly mnemonics: readonly Mnemonic[];
  /** Pools a terminal without a static mnemonic may borrow from. */
  readonly pools: readonly string[];
  /** The terminal's own address field, or the devices behind a host. */
  readonly tafs: readonly Taf[];
  readonly tafKind?: TafKind | undefined;
  /** Mnemonics of a host whose messages must carry a TAF (H16). */
  readonly tafRequired: readonly Mnemonic[];
  /** What is sent to its static mnemonic while nobody is signed on (link S7). */
  readonly unattended: boolean;
  /** Its own limits instead of those of the policy (link S12). */
  readonly refusalsStoredPerMinute?: number | undefined;
  readonly refusalsPerMinute?: number | undefined;
  readonly place?: string | undefined;
}

export interface MnemonicRecord {
  readonly mnemonic: Mnemonic;
  /** The authorising agency; absent for a pool's mnemonic, where it is the user's. */
  readonly agency?: Ori | undefined;
  /** Keys, or `@group`s of keys, it may send; absent means all. */
  readonly sends?: readonly string[] | undefined;
  /** Keys, or `@group`s, it takes; absent means all (B02). */
  readonly takes?: readonly string[] | undefined;
}

export interface PoolRecord {
  readonly name: string;
  readonly mnemonics: readonly Mnemonic[];
  readonly sharing: 'exclusive' | 'shared';
  /** Where unsolicited and late messages go. @source clets 3.2, M3, M4 */
  readonly destination?: Mnemonic | undefined;
}

export interface PersonRecord {
  readonly user: UserName;
  readonly name: string;
  readonly oif: Oif;
  readonly agency: Ori;
  readonly state: 'enabled' | 'disabled';
  /** Keys, or `@group`s of keys, this person may send (H22). */
  readonly sends: readonly string[];
  readonly pools: readonly string[];
  /** Change id under which the register store keeps the password hash. */
  readonly credential?: string | undefined;
  /** Set by an administrator's reset: sign-on is answered U02 until a new one is sent. */
  readonly mustChange: boolean;
}

export interface OperatorRecord {
  /** Login name on this machine. */
  readonly login: string;
  readonly roles: readonly OperatorRole[];
}

export interface RegisterTables {
  readonly agency: AgencyRecord;
  readonly station: StationRecord;
  readonly mnemonic: MnemonicRecord;
  readonly pool: PoolRecord;
  readonly person: PersonRecord;
  readonly operator: OperatorRecord;
}
export type RegisterTable = keyof RegisterTables;

export type RegisterChange =
  | {
      [T in RegisterTable]: {
        readonly op: 'put';
        readonly table: T;
        readonly key: string;
        readonly record: RegisterTables[T];
      };
    }[RegisterTable]
  | { readonly op: 'remove'; readonly table: RegisterTable; readonly key: string };

/** The whole register in memory: one map a table, keyed by ORI, name, mnemonic, user or login. */
export type Register = { readonly [T in RegisterTable]: Map<string, RegisterTables[T]> };

export function emptyRegister(): Register {
  return {
    agency: new Map(),
    station: new Map(),
    mnemonic: new Map(),
    pool: new Map(),
    person: new Map(),
    operator: new Map(),
  };
}

/** Applies changes in their order, in place. Applying the same changes again changes nothing. */
export function applyRegisterChanges(register: Register, changes: readonly RegisterChange[]): void {
  for (const change of changes) {
    if (change.op === 'remove') register[change.table].delete(change.key);
    else putRecord(register, change);
  }
}

function putRecord(register: Register, change: RegisterChange & { readonly op: 'put' }): void {
  switch (change.table) {
    case 'agency':
      register.agency.set(change.key, change.record);
      return;
    case 'station':
      register.station.set(change.key, change.record);
      return;
    case 'mnemonic':
      register.mnemonic.set(change.key, change.record);
      return;
    case 'pool':
      register.pool.set(change.key, change.record);
      return;
    case 'person':
      register.person.set(change.key, change.record);
      return;
    case 'operator':
      register.operator.set(change.key, change.record);
      return;
  }
}

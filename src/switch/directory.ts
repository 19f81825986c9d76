// Look-ups over the register that every message needs: whose mnemonic is this, whose operator id.
// Made anew from the register whenever it changes; never kept on its own.

import type { PersonRecord, PoolRecord, Register, StationRecord } from '#journal/register';
import type { Mnemonic, Oif, Ori } from '#protocol/ids';

export interface Directory {
  /** The terminal or host whose static mnemonic it is. */
  readonly stationOf: ReadonlyMap<Mnemonic, StationRecord>;
  readonly printersOf: ReadonlyMap<Mnemonic, readonly StationRecord[]>;
  readonly poolOf: ReadonlyMap<Mnemonic, PoolRecord>;
  readonly personOf: ReadonlyMap<Oif, PersonRecord>;
}

export function readDirectory(register: Register): Directory {
  const stationOf = new Map<Mnemonic, StationRecord>();
  const printersOf = new Map<Mnemonic, StationRecord[]>();
  for (const station of register.station.values()) {
    for (const mnemonic of station.mnemonics) {
      if (station.role !== 'printer') stationOf.set(mnemonic, station);
      else printersOf.set(mnemonic, [...(printersOf.get(mnemonic) ?? []), station]);
    }
  }
  const poolOf = new Map<Mnemonic, PoolRecord>();
  for (const pool of register.pool.values()) {
    for (const mnemonic of pool.mnemonics) poolOf.set(mnemonic, pool);
  }
  const personOf = new Map([...register.person.values()].map((person) => [person.oif, person]));
  return { stationOf, printersOf, poolOf, personOf };
}

/** Whether an agency works now; an agency the register does not have never does. */
export function isActiveAgency(register: Register, ori: Ori | undefined): boolean {
  return ori !== undefined && register.agency.get(ori)?.state === 'active';
}

/** Whether a list of keys and `@groups` has this key; an absent list has every key. */
export function listsKey(
  list: readonly string[] | undefined,
  key: { readonly mke: string; readonly group: string },
): boolean {
  return list === undefined || list.includes(key.mke) || list.includes(`@${key.group}`);
}

// What an invented world holds. Pure words; values are as the fields of NCIC have them (dates YYYYMMDD).

import type { NcicRecord } from '../ncic/record.ts';

export interface Person {
  /** Number of the person; those of the contract's records are below zero. */
  readonly id: number;
  /** `LAST, FIRST MIDDLE` */
  readonly nam: string;
  readonly sex: string;
  readonly rac: string;
  readonly dob: string;
  readonly pob: string;
  readonly hgt: string;
  readonly wgt: string;
  readonly eye: string;
  readonly hai: string;
  readonly skn: string;
  readonly smt?: string;
  readonly soc: string;
  /** FBI and state number go with a criminal history. */
  readonly fbi?: string;
  readonly sid?: string;
  readonly aka?: string;
  readonly street: string;
  readonly city: string;
  readonly state: string;
  readonly zip: string;
}

/** Who is too young to drive has an identity card with a number of the same kind. */
export interface Licence {
  readonly oln: string;
  readonly ols: string;
  readonly oly: string;
  readonly cls: 'C' | 'ID';
  readonly issued: string;
  readonly status: 'VALID' | 'SUSPENDED' | 'EXPIRED';
  /** From its driver history, oldest first. */
  readonly violations: readonly Violation[];
}

export interface Violation {
  readonly date: string;
  readonly code: string;
  readonly name: string;
}

export interface Vehicle {
  readonly lic: string;
  readonly lis: string;
  readonly liy: string;
  readonly lit: string;
  readonly vin: string;
  readonly vyr: string;
  readonly vma: string;
  readonly vmo: string;
  readonly vst: string;
  readonly vco: string;
}

export interface Boat {
  readonly reg: string;
  readonly res: string;
  readonly rey: string;
  readonly bhn: string;
  readonly byr: string;
  readonly bma: string;
  readonly bty: string;
  readonly ble: string;
  readonly bco: string;
  readonly hul: string;
  readonly pro: string;
}

/** One arrest and what became of it. */
export interface Cycle {
  readonly date: string;
  readonly ori: string;
  readonly agency: string;
  readonly oca: string;
  readonly charges: readonly Charge[];
}

export interface Charge {
  readonly code: string;
  readonly name: string;
  readonly court: string;
  readonly disposition: string;
  /** Empty where there is none. */
  readonly sentence: string;
}

/** One person and all that is on file about the person, anywhere. */
export interface Household {
  readonly person: Person;
  readonly licence: Licence;
  readonly vehicles: readonly Vehicle[];
  readonly boats: readonly Boat[];
  /** Oldest first; empty for who was never arrested. */
  readonly history: readonly Cycle[];
  readonly records: readonly NcicRecord[];
}

export interface Agency {
  readonly ori: string;
  readonly name: string;
  readonly state: string;
  readonly city: string;
  readonly phone: string;
  readonly type: string;
  readonly authorisation: string;
  readonly service: string;
  /** What it keeps for its state. */
  readonly office?: string;
}

/** How many records a household is: what `--size` counts. */
export const recordsIn = ({ vehicles, boats, history, records }: Household): number =>
  1 + vehicles.length + boats.length + (history.length === 0 ? 0 : 1) + records.length;

// One record on its way into the simulated NCIC: its number, its owner and the day it was entered.

import type { NcicRecord, Pair } from '../ncic/record.ts';
import type { Directory } from './agencies.ts';
import { dateOf, dayOf } from './calendar.ts';
import type { Chance } from './chance.ts';
import type { Parts } from './parts.ts';
import type { Agency } from './words.ts';

/** Makes the records of one person, each with a number of its own. */
export class Entries {
  readonly parts: Parts;
  readonly chance: Chance;
  readonly records: NcicRecord[] = [];
  readonly #directory: Directory;
  readonly #id: number;

  constructor(parts: Parts, directory: Directory, chance: Chance, id: number) {
    this.parts = parts;
    this.chance = chance;
    this.#directory = directory;
    this.#id = id;
  }

  /** An agency of the state that enters records. */
  agencyOf(state: string): Agency {
    return this.chance.pick(this.#directory.police.get(state) ?? this.#directory.all);
  }

  courtOf(state: string): string {
    return this.#directory.office(state, 'court');
  }

  /** A day between so many and so many days before today, YYYYMMDD. */
  daysAgo(fewest: number, most: number): string {
    return dateOf(dayOf(this.parts.today) - this.chance.between(fewest, most));
  }

  /** A case number of the year of a date. */
  caseOf(date: string): string {
    return `${date.slice(2, 4)}-${String(this.chance.below(1_000_000)).padStart(6, '0')}`;
  }

  add(entry: {
    /** First letter of the NIC number. @source ncic 2.1 */
    readonly letter: string;
    readonly kind: string;
    readonly suffix?: string;
    readonly state: string;
    /** The day of entry. */
    readonly entered: string;
    readonly fields: readonly (Pair | undefined)[];
    readonly supplements?: readonly Pair[];
  }): void {
    const { letter, kind, suffix, state, entered, fields, supplements } = entry;
    const enteredMs = dayOf(entered) * dayMs + this.chance.below(24 * 60) * minuteMs;
    const untilMs = dayOf(this.parts.today) * dayMs - enteredMs;
    const laterMs = this.chance.happens(3_000) ? this.chance.below(Math.max(1, untilMs)) : 0;
    this.records.push({
      nic: nicOf(letter, this.#id * recordsMax + this.records.length),
      kind,
      ...(suffix === undefined ? {} : { suffix }),
      ori: this.agencyOf(state).ori,
      enteredMs,
      updatedMs: enteredMs + laterMs,
      fields: fields.filter((pair) => pair !== undefined),
      ...(supplements === undefined || supplements.length === 0 ? {} : { supplements }),
    });
  }
}

/** A person has at most so many. */
export const recordsMax = 10;
const minuteMs = 60_000;
const dayMs = 86_400_000;

/**
 * The numbers of the contract's records begin with 4, those that NCIC issues with 5. The last digit is
 * Luhn's. @source ncic 10.1
 */
function nicOf(letter: string, number: number): string {
  const digits = `6${String(number).padStart(7, '0')}`;
  return `${letter}${digits}${luhn(digits)}`;
}

function luhn(digits: string): number {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = i % 2 === 0 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return (10 - (sum % 10)) % 10;
}

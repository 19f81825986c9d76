// NIC numbers: a letter of the file, eight digits that count up, and a ninth that checks them. How NCIC
// checks its own is not public: Luhn is a choice of this simulator [P], and whether a number that comes
// in is checked is a setting.

import type { Database } from 'better-sqlite3';

/** `any`: every nine digits pass. @source ncic 10.1 */
export type NicCheck = 'any' | 'luhn';

export interface NumberIssue {
  /** The next number of a letter that no record has. */
  next(letter: string): string;
}

export function issueNumbers(db: Database, taken: (nic: string) => boolean): NumberIssue {
  const read = db.prepare<[string], { next: number }>('SELECT next FROM numbers WHERE letter = ?');
  const write = db.prepare<[string, number]>('INSERT OR REPLACE INTO numbers VALUES (?, ?)');
  return {
    next: (letter) => {
      let next = read.get(letter)?.next ?? firstNumber;
      while (taken(formatNic(letter, next))) next += 1;
      write.run(letter, next + 1);
      return formatNic(letter, next);
    },
  };
}

/** @source ncic 10.1 */
export function isNic(text: string, check: NicCheck): boolean {
  const [, digits = '', last] = /^[A-Z](\d{8})(\d)$/.exec(text) ?? [];
  return last !== undefined && (check === 'any' || luhnDigit(digits) === last);
}

function formatNic(letter: string, number: number): string {
  const digits = String(number).padStart(8, '0');
  return `${letter}${digits}${luhnDigit(digits)}`;
}

/** The digit that makes the sum of all, every second one doubled, end in zero. */
function luhnDigit(digits: string): string {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at]);
    const doubled = at % 2 === 0 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return String((10 - (sum % 10)) % 10);
}

/** The numbers of invented records begin far above those of hand-made examples. */
const firstNumber = 50_000_000;

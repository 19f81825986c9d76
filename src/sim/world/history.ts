// Invented criminal histories: arrests from the eighteenth birthday on, with charges and what became of them.

import type { Directory } from './agencies.ts';
import { dateOf, dayOf } from './calendar.ts';
import type { Chance } from './chance.ts';
import type { Parts } from './parts.ts';
import type { Charge, Cycle, Person } from './words.ts';

/** True for who has been of age for a month. */
export const mayHaveHistory = (parts: Parts, { dob }: Pick<Person, 'dob'>): boolean =>
  dayOf(dob) + ofAgeDays < dayOf(parts.today) - latestDays;

/** Oldest first; at least one. */
export function inventHistory(
  parts: Parts,
  directory: Directory,
  person: Person,
  chance: Chance,
): readonly Cycle[] {
  const from = dayOf(person.dob) + ofAgeDays;
  const until = dayOf(parts.today) - latestDays;
  const days = Array.from({ length: chance.between(1, 5) }, () => chance.between(from, until));
  return days
    .sort((one, other) => one - other)
    .map((day) => inventCycle(parts, directory, { person, date: dateOf(day) }, chance));
}

const ofAgeDays = 18 * 366;
const latestDays = 30;

function inventCycle(
  parts: Parts,
  directory: Directory,
  { person, date }: { readonly person: Person; readonly date: string },
  chance: Chance,
): Cycle {
  const agency = chance.pick(directory.police.get(person.state) ?? directory.all);
  const count = chance.between(1, 3);
  return {
    ...{ date, ori: agency.ori, agency: agency.name },
    oca: `${date.slice(2, 4)}-${String(chance.below(1_000_000)).padStart(6, '0')}`,
    charges: Array.from({ length: count }, () => inventCharge(parts, directory, person, chance)),
  };
}

function inventCharge(parts: Parts, directory: Directory, person: Person, chance: Chance): Charge {
  const { code, name } = chance.pick(parts.offences);
  const { name: disposition, sentence } = chance.pick(parts.dispositions);
  return { code, name, court: directory.office(person.state, 'court'), disposition, sentence };
}

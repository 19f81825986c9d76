// Invented people: who they are, what they look like, their licence.

import { scattered } from './chance.ts';
import type { Chance } from './chance.ts';
import { dateOf, dayOf, yearsBetween } from './calendar.ts';
import type { Parts } from './parts.ts';
import type { Licence, Person } from './words.ts';

/** Who is made, by which world, and for which of its records numbers are needed. */
export interface Birth {
  readonly parts: Parts;
  readonly seed: number;
  readonly id: number;
  readonly hasHistory: boolean;
  readonly named: Named;
  /** Without marks and other names: a record says what there is of these. */
  readonly plain?: boolean;
}

export type Named = Pick<Person, 'nam' | 'sex' | 'dob'>;

/** As many have numbers of their own. */
export const peopleMax = 980_000;
const drivingAge = 16;

/** Name, sex and birth of a person, before anything else is known. */
export function inventName(parts: Parts, chance: Chance): Named {
  const sex = chance.happens(5_000) ? 'M' : 'F';
  const initial = chance.happens(6_000) ? ` ${chance.pick(parts.initials)}` : '';
  const suffix = chance.happens(200) ? ` ${chance.pick(parts.suffixes)}` : '';
  const nam = `${chance.pick(parts.surnames)}, ${chance.pick(parts.givenNames[sex])}${initial}${suffix}`;
  const years = chance.happens(600) ? [5, 15] : [drivingAge, 90];
  const [youngest = 0, oldest = 0] = years;
  const born = dayOf(parts.today) - chance.between(youngest * 366, oldest * 365 + 200);
  return { nam: nam.slice(0, 30), sex, dob: dateOf(born) };
}

export function inventPerson(birth: Birth, chance: Chance): Person {
  const { parts, id, seed, plain = false } = birth;
  const { nam, sex, dob } = birth.named;
  const child = yearsBetween(dob, parts.today) < drivingAge;
  const state = chance.pick(parts.states);
  const tall = child ? chance.between(48, 62) : chance.between(59, 77);
  const marked =
    !plain && chance.happens(parts.often('mark')) ? { smt: chance.pick(parts.marks) } : {};
  const known =
    !plain && chance.happens(parts.often('alias'))
      ? { aka: `${chance.pick(parts.monikers)}, ${chance.pick(parts.initials)}` }
      : {};
  return {
    ...{ id, nam, sex, dob, rac: chance.pick(parts.races), pob: chance.pick(parts.states) },
    hgt: `${Math.floor(tall / 12)}${String(tall % 12).padStart(2, '0')}`,
    wgt: String(child ? tall + 10 + chance.below(20) : tall * 2 + chance.below(110)).padStart(
      3,
      '0',
    ),
    ...{ eye: chance.pick(parts.eyes), hai: chance.pick(parts.hairs) },
    skn: chance.pick(parts.skins),
    ...marked,
    soc: `000${String(1 + scattered(id, socMax, seed)).padStart(6, '0')}`,
    ...(birth.hasHistory ? historyNumbers(id, state) : {}),
    ...known,
    street: `${chance.between(1, 9_999)} ${chance.pick(parts.streets)}`,
    ...{ city: chance.pick(parts.towns), state, zip: chance.pick(parts.zips) },
  };
}

export function inventLicence(birth: Birth, person: Person, chance: Chance): Licence {
  const { parts, id, seed } = birth;
  const card = yearsBetween(person.dob, parts.today) < drivingAge;
  const year = Number(parts.today.slice(0, 4));
  const expires = year + chance.between(-1, 4);
  const suspended = !card && chance.happens(parts.often('suspended'));
  const count = card ? 0 : violationsOf(parts, chance);
  const days = Array.from({ length: count }, () => dayOf(parts.today) - chance.between(30, 1_500));
  return {
    oln: `Z${String(scattered(id, olnMax, seed)).padStart(7, '0')}`,
    ...{ ols: person.state, oly: String(expires), cls: card ? 'ID' : 'C' },
    issued: dateOf(dayOf(`${expires - 5}0101`) + chance.below(300)),
    status: expires < year ? 'EXPIRED' : suspended ? 'SUSPENDED' : 'VALID',
    violations: days
      .sort((one, other) => one - other)
      .map((day) => ({ date: dateOf(day), ...chance.pick(parts.violations) })),
  };
}

/** Numbers from 990000 and from 9900000 on belong to the contract's records. */
const socMax = 989_999;
const olnMax = 9_899_999;

/** @source ncic 3.6 FBI, SID */
export const historyNumbers = (id: number, state: string): Pick<Person, 'fbi' | 'sid'> => ({
  fbi: `ZZ${String(id).padStart(7, '0')}`,
  sid: `${state}0${String(id).padStart(7, '0')}`,
});

function violationsOf(parts: Parts, chance: Chance): number {
  return chance.happens(parts.often('violation')) ? chance.between(1, 4) : 0;
}

// Who of the index an inquiry means: a number alone, or name, sex, race and birth together.

import { givenNamesAgree, splitName } from '../ncic/name.ts';
import { personNumbers } from './store.ts';
import type { HistoryRecord, HistoryStore } from './store.ts';

type Values = ReadonlyMap<string, string>;

/**
 * A number is searched alone. A name is found by its sound; birth agrees in month and day and the year
 * within three, sex and race agree, race U is no race at all.
 * @source ncic 4.5, the note on III
 */
export function searchIndex(store: HistoryStore, values: Values): readonly HistoryRecord[] {
  const code = personNumbers.find((number) => (values.get(number) ?? '') !== '');
  if (code !== undefined) return store.byNumber(code, values.get(code) ?? '');
  const [name, dob] = [values.get('NAM'), values.get('DOB')];
  if (name === undefined || dob === undefined) return [];
  const asked = splitName(name);
  return store
    .bySound(name, dob)
    .filter(
      ({ person }) =>
        givenNamesAgree(asked.given, splitName(person.nam).given) &&
        Math.abs(Number(person.dob.slice(0, 4)) - Number(dob.slice(0, 4))) <= yearsApart &&
        agrees(person.sex, values.get('SEX')) &&
        agrees(person.rac, values.get('RAC')),
    );
}

const yearsApart = 3;

const agrees = (held: string, asked: string | undefined): boolean =>
  asked === undefined || asked === 'U' || asked === held;

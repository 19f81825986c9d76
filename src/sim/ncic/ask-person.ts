// The questions about persons: a number alone, else a name with a birth date or a case, a vehicle, or
// how somebody looks. Comparison as in ncic 4.4.

import { personVehicleAsks } from './ask-property.ts';
import { describedAsk } from './ask-described.ts';
import { foldNumber } from './fold.ts';
import { givenNamesAgree, namesToSearch, soundOf, splitName } from './name.ts';
import type { PersonName } from './name.ts';
import { fieldOf, looksRight } from './question.ts';
import type { Ask, Inquiry } from './question.ts';
import { valueOf, valuesOf } from './record.ts';
import type { NcicRecord } from './record.ts';
import { isPersonFile, personNumbers, personTerms, term } from './terms.ts';

export function personAsks(inquiry: Inquiry): readonly Ask[] {
  const numbers = numberAsks(inquiry);
  const vehicles = personVehicleAsks(inquiry).map(ofPersons);
  // With a number the name is not searched, and SEX and RAC do not narrow.
  if (numbers.length > 0) return [...numbers, ...vehicles];
  const named = nameAsks(inquiry);
  if (named.length > 0 || vehicles.length > 0) return [...named, ...vehicles];
  return inquiry.key.descriptive ? describedAsk(inquiry) : [];
}

const ofPersons = (ask: Ask): Ask => ({
  ...ask,
  fits: (record, file) => isPersonFile(file) && ask.fits(record, file),
});

function numberAsks(inquiry: Inquiry): readonly Ask[] {
  const codes = inquiry.key.inactive ? [...personNumbers, 'PNO'] : personNumbers;
  return codes.flatMap((code) => {
    const asked = fieldOf(inquiry, code);
    if (asked === undefined) return [];
    const folded = foldNumber(asked);
    const ask: Ask = {
      echo: [code],
      terms: [term.number(code, asked)],
      fits: (record, file) =>
        isPersonFile(file) && valuesOf(record, code).some((held) => foldNumber(held) === folded),
    };
    return [ask];
  });
}

/** By name and birth date, or by name and case. */
function nameAsks(inquiry: Inquiry): readonly Ask[] {
  const [name, birth, oca] = ['NAM', 'DOB', 'OCA'].map((code) => fieldOf(inquiry, code));
  if (name === undefined) return [];
  const names = namesToSearch(name, fieldOf(inquiry, 'ENS') === 'Y');
  const isOne = (record: NcicRecord): boolean =>
    isNamed(record, names, inquiry) && looksRight(record, inquiry);
  if (birth !== undefined) {
    const births = birthsToSearch(birth, inquiry);
    return [
      {
        echo: ['NAM', 'DOB', 'RAC', 'SEX'],
        terms: names.flatMap((each) => personTerms(each, births, inquiry.tables.phonetic)),
        fits: (record, file) =>
          isPersonFile(file) &&
          valuesOf(record, 'DOB').some((date) => births.includes(date)) &&
          isOne(record),
      },
    ];
  }
  if (oca === undefined) return [];
  return [
    {
      echo: ['NAM', 'OCA'],
      terms: [term.case(oca)],
      fits: (record, file) => isPersonFile(file) && valueOf(record, 'OCA') === oca && isOne(record),
    },
  ];
}

/** The date; with EBS as many years either way, the same month and day; for the widest, those exchanged too. */
function birthsToSearch(birth: string, inquiry: Inquiry): readonly string[] {
  const wider = inquiry.tables.inquiries.births.get(fieldOf(inquiry, 'EBS') ?? '');
  if (wider === undefined) return [birth];
  const year = Number(birth.slice(0, 4));
  const days = [birth.slice(4)];
  if (wider.swap) days.push(birth.slice(6) + birth.slice(4, 6));
  const years = Array.from({ length: 2 * wider.years + 1 }, (_, at) => year - wider.years + at);
  return years.flatMap((each) => days.map((day) => String(each).padStart(4, '0') + day));
}

function isNamed(record: NcicRecord, names: readonly PersonName[], { tables }: Inquiry): boolean {
  const { phonetic } = tables;
  return [...valuesOf(record, 'NAM'), ...valuesOf(record, 'AKA')]
    .map(splitName)
    .some((held) =>
      names.some(
        (asked) =>
          soundOf(asked.surname, phonetic) === soundOf(held.surname, phonetic) &&
          givenNamesAgree(asked.given, held.given),
      ),
    );
}

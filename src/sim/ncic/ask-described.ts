// Looking for somebody nobody can name: age, sex, race, height, weight, eyes and hair, each within a
// tolerance (ncic 5.9, 5.10). The missing and the unidentified alone are found so.

import { fieldOf, looksRight } from './question.ts';
import type { Ask, Described, Inquiry } from './question.ts';
import { valueOf } from './record.ts';
import type { NcicRecord, StoredRecord } from './record.ts';
import type { NcicStore } from './store.ts';
import { looksOfTerm, term } from './terms.ts';

export function describedAsk(inquiry: Inquiry): readonly Ask[] {
  const [parts, sex, oca] = ['BPS', 'SEX', 'OCA'].map((code) => fieldOf(inquiry, code));
  if (oca !== undefined)
    return [{ echo: ['OCA'], terms: [term.case(oca)], fits: ({ fields }) => holds(fields, oca) }];
  if (parts === undefined && sex === undefined) return [];
  return [
    {
      echo: ['BPS', 'AGE', 'EYB', 'SEX', 'RAC', 'HGT', 'WGT', 'EYE', 'HAI'],
      terms: [],
      beginnings: beginningsOf(inquiry),
      termFits: (found) => hasLooks(looksOfTerm(found), inquiry),
      fits: (record) => looksLike(record, inquiry),
    },
  ];
}

/** All of them, however many: what is cut off here would be a body that nobody names. */
export function searchDescribed(
  { store }: { readonly store: Pick<NcicStore, 'findBeginning'> },
  { beginnings = [], termFits = () => true }: Ask,
): readonly StoredRecord[] {
  return beginnings.flatMap((each) => store.findBeginning(each, termFits, Infinity));
}

const holds = (fields: NcicRecord['fields'], oca: string): boolean =>
  fields.some(([code, value]) => code === 'OCA' && value === oca);

/** The missing by sex and year of birth, the unidentified by sex. */
function beginningsOf(inquiry: Inquiry): readonly string[] {
  const sex = fieldOf(inquiry, 'SEX') ?? 'U';
  const sexes = sex === 'U' ? ['M', 'F', 'U'] : [sex, 'U'];
  if (!inquiry.key.files.has('missing')) return sexes.map((each) => term.unidentified(each));
  const age = Number(fieldOf(inquiry, 'AGE') ?? '0');
  const { years } = inquiry.tables.inquiries.tolerances;
  const thisYear = Number(inquiry.today.slice(0, 4));
  const births = Array.from({ length: 2 * years + 2 }, (_, at) => thisYear - age - years - 1 + at);
  return sexes.flatMap((each) =>
    births.map((year) => term.missing(each, String(year).padStart(4, '0'))),
  );
}

function looksLike(record: NcicRecord, inquiry: Inquiry): boolean {
  const parts = fieldOf(inquiry, 'BPS');
  if (parts !== undefined && valueOf(record, 'BPS') !== parts) return false;
  return hasLooks(record, inquiry) && isOfAge(record, inquiry) && isOfBirthYear(record, inquiry);
}

/** What a term tells as well: sex and race, measures, colours. */
function hasLooks(record: Described, inquiry: Inquiry): boolean {
  const { inches, pounds } = inquiry.tables.inquiries.tolerances;
  return (
    looksRight(record, inquiry) &&
    isNear(record, inquiry, { code: 'HGT', measure: inchesOf, within: inches }) &&
    isNear(record, inquiry, { code: 'WGT', measure: Number, within: pounds }) &&
    isAlike(record, inquiry, 'EYE') &&
    isAlike(record, inquiry, 'HAI')
  );
}

/** Years lived on a day. */
function ageOn(today: string, birth: string): number {
  const years = Number(today.slice(0, 4)) - Number(birth.slice(0, 4));
  return today.slice(4) < birth.slice(4) ? years - 1 : years;
}

function isOfAge(record: NcicRecord, inquiry: Inquiry): boolean {
  const asked = fieldOf(inquiry, 'AGE');
  if (asked === undefined) return true;
  const { years } = inquiry.tables.inquiries.tolerances;
  const birth = valueOf(record, 'DOB');
  if (birth !== undefined) return Math.abs(ageOn(inquiry.today, birth) - Number(asked)) <= years;
  const [first, last] = yearsOf(valueOf(record, 'EYB') ?? '');
  const year = Number(inquiry.today.slice(0, 4)) - Number(asked);
  return first - years <= year && year <= last + years;
}

function isOfBirthYear(record: NcicRecord, inquiry: Inquiry): boolean {
  const asked = fieldOf(inquiry, 'EYB');
  const held = valueOf(record, 'EYB');
  if (asked === undefined || held === undefined) return true;
  const [first, last] = yearsOf(held);
  const [from, to] = yearsOf(asked);
  return first <= to && from <= last;
}

/** One year, or the first and the last. */
export function yearsOf(text: string): readonly [first: number, last: number] {
  const first = Number(text.slice(0, 4));
  return [first, text.length === 8 ? Number(text.slice(4)) : first];
}

interface Measured {
  readonly code: string;
  readonly measure: (text: string) => number;
  readonly within: number;
}

/** A record may hold one measure, or the least and the most. */
function isNear(record: Described, inquiry: Inquiry, { code, measure, within }: Measured): boolean {
  const [asked, held] = [fieldOf(inquiry, code), valueOf(record, code)];
  if (asked === undefined || held === undefined) return true;
  const [low, high] = [measure(held.slice(0, 3)), measure(held.slice(-3))];
  const [from, to] = [measure(asked.slice(0, 3)), measure(asked.slice(-3))];
  return low - within <= to && from <= high + within;
}

function isAlike(record: Described, inquiry: Inquiry, code: string): boolean {
  const [asked, held] = [fieldOf(inquiry, code), valueOf(record, code)];
  const { unknown } = inquiry.tables.inquiries.tolerances;
  if (asked === undefined || held === undefined) return true;
  return asked === held || asked === unknown || held === unknown;
}

const inchesOf = (height: string): number =>
  Number(height.slice(0, 1)) * 12 + Number(height.slice(1));

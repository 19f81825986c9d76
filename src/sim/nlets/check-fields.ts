// Does a text have the fields its key takes? Pure: the first rule that it breaks, by the number of the
// complaint (nlets 9.1), with the legal sets where the set is what is wrong.

import type { FieldRow, FieldSet, Format, Formats } from './format-table.ts';
import type { NletsFields } from './fields.ts';

/** Why the hub does not take a message. */
export interface Complaint {
  readonly number: string;
  readonly detail: string;
  /** The field sets that would be right. */
  readonly legal?: readonly string[];
}

export function checkFields(
  formats: Formats,
  format: Format,
  fields: NletsFields,
): Complaint | undefined {
  const legal = legalSets(format);
  const wrongSet = (detail: string, number = '22'): Complaint => ({
    number,
    detail,
    ...(number === '22' ? { legal } : {}),
  });
  if (fields.stray) return wrongSet('NO FIELDS');
  if (fields.repeated !== undefined) return wrongSet(`${fields.repeated} TWICE`);
  const sets = setsOf(format, fields);
  if (sets === undefined) return wrongSet(format.by?.field ?? '');
  const set = nearest(sets, fields);
  if (set === undefined) return wrongSet('NO SET OF FIELDS');
  return (
    notAllowed(format, set, fields, wrongSet) ??
    missing(formats, format, set, fields, wrongSet) ??
    badValue(formats, format, fields)
  );
}

/** The legal sets of a format in words: optional fields in parentheses. */
function legalSets(format: Format): readonly string[] {
  const words = ({ required, optional }: FieldSet, prefix = ''): string => {
    const before = format.required.filter((code) => !trailing.includes(code));
    const after = format.required.filter((code) => trailing.includes(code));
    const own = [...required, ...optional.map((code) => `(${code})`)];
    return prefix + [...before, ...own, ...after].join(' ');
  };
  const { by } = format;
  if (by !== undefined)
    return [...by.sets].flatMap(([value, sets]) =>
      sets.map((set) => words(set, `${by.field}/${value}: `)),
    );
  return (format.sets.length === 0 ? [none] : format.sets).map((set) => words(set));
}

/** Who asks stands behind the set. @source nlets 5.1 */
const trailing = ['RNA', 'RAG', 'CNA', 'CAG'];

const none: FieldSet = { required: [], optional: [] };

type WrongSet = (detail: string, number?: string) => Complaint;

function setsOf(format: Format, { values }: NletsFields): readonly FieldSet[] | undefined {
  if (format.by === undefined) return format.sets.length === 0 ? [none] : format.sets;
  return format.by.sets.get(values.get(format.by.field) ?? '');
}

/** The set that most of the given fields belong to. */
function nearest(sets: readonly FieldSet[], { values }: NletsFields): FieldSet | undefined {
  const given = (codes: readonly string[]): number =>
    codes.filter((code) => values.has(code)).length;
  let best: FieldSet | undefined;
  let bestScore = -Infinity;
  for (const set of sets) {
    const { required, optional } = set;
    const have = given(required);
    const score = 3 * have + given(optional) - 2 * (required.length - have);
    const meant = have > 0 || required.length === 0 || sets.length === 1;
    if (!meant || score <= bestScore) continue;
    best = set;
    bestScore = score;
  }
  return best;
}

function notAllowed(
  format: Format,
  set: FieldSet,
  { values }: NletsFields,
  wrongSet: WrongSet,
): Complaint | undefined {
  const known = [...format.required, ...format.options, ...set.required, ...set.optional];
  const strays = [...values.keys()].filter((code) => !known.includes(code));
  return strays.length === 0 ? undefined : wrongSet(`NOT ALLOWED - ${strays.join(', ')}`);
}

function missing(
  { fields: rows }: Formats,
  format: Format,
  set: FieldSet,
  { values }: NletsFields,
  wrongSet: WrongSet,
): Complaint | undefined {
  const lacks = (code: string): boolean => (values.get(code) ?? '') === '';
  const [inSet] = set.required.filter(lacks);
  const [always] = format.required.filter(lacks);
  const code = inSet ?? always;
  if (code === undefined) return undefined;
  const ofSet = inSet === undefined ? undefined : set.missing;
  const number = format.error ?? ofSet ?? rows.get(code)?.error ?? '14';
  const named = number === '22' ? [...format.required, ...set.required] : [code];
  return wrongSet(number === '22' ? `MISSING - ${code}; NEEDS ${named.join(', ')}` : code, number);
}

function badValue(
  { fields: rows }: Formats,
  format: Format,
  { values }: NletsFields,
): Complaint | undefined {
  for (const [code, value] of values) {
    const row = rows.get(code);
    // What is left empty would not be sent (nlets 2.2); nothing can be said of it.
    if (row === undefined || value === '' || fits(row, value, format)) continue;
    return { number: row.error ?? '00', detail: code };
  }
  return undefined;
}

function fits(row: FieldRow, value: string, { longDates }: Format): boolean {
  if (value.length < row.min || value.length > row.max) return false;
  switch (row.form) {
    case 'code':
      return /^[A-Z0-9]+$/.test(value);
    case 'digits':
      return /^\d+$/.test(value);
    case 'text':
      return /^[\x20-\x7e]+$/.test(value);
    case 'name':
      return /^[A-Z][A-Z '-]*, ?[A-Z][A-Z0-9 '-]*$/.test(value);
    case 'date':
      return longDate(value) !== undefined && (value.length === 8 || !longDates);
    case 'year':
      return isYear(value);
    case 'year-or-nx':
      return value === 'NX' || isYear(value);
    case 'moment':
      return longDate(value.slice(0, 8)) !== undefined && /^\d{8}(?:@\d{4})?$/.test(value);
    case 'values':
      return row.values.includes(value);
  }
}

const isYear = (value: string): boolean => /^(?:\d\d|\d{4})$/.test(value);

/** A real date as ccyymmdd; `mmddyy` is of the hundred years to 2029. @source nlets 2.2 */
export function longDate(value: string): string | undefined {
  const short = /^(\d\d)(\d\d)(\d\d)$/.exec(value);
  const long = short === null ? value : century(short);
  const parts = /^(\d{4})(\d\d)(\d\d)$/.exec(long);
  if (parts === null) return undefined;
  const [year = 0, month = 0, day = 0] = parts.slice(1).map(Number);
  if (year === 0 || month < 1 || month > 12 || day < 1) return undefined;
  return day <= new Temporal.PlainYearMonth(year, month).daysInMonth ? long : undefined;
}

function century([, month = '', day = '', year = '']: RegExpExecArray): string {
  return `${year < '30' ? '20' : '19'}${year}${month}${day}`;
}

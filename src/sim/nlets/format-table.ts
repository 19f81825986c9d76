// Which fields each key of Nlets takes, as data: field forms, and for each format its sets.

import {
  checkMark,
  entriesAt,
  flagAt,
  listAt,
  memberOf,
  numberAt,
  objectAt,
  oneOf,
  optionalAt,
  textAt,
  texts,
  wrong,
} from './shape.ts';
import type { Place } from './shape.ts';

const forms = [
  'code',
  'digits',
  'text',
  'name',
  'date',
  'year',
  'year-or-nx',
  'moment',
  'values',
] as const;

export interface FieldRow {
  readonly min: number;
  readonly max: number;
  readonly form: (typeof forms)[number];
  /** Of the form `values`. */
  readonly values: readonly string[];
  /** The number of the complaint about its value. */
  readonly error?: string | undefined;
}

/** Fields that stand together. */
export interface FieldSet {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** The number of the complaint where one is missing. */
  readonly missing?: string | undefined;
}

export interface Format {
  readonly required: readonly string[];
  readonly options: readonly string[];
  /** Exactly one of them stands; none are asked where the list is empty. */
  readonly sets: readonly FieldSet[];
  /** The sets by the value of one field, instead. */
  readonly by?:
    { readonly field: string; readonly sets: ReadonlyMap<string, readonly FieldSet[]> } | undefined;
  /** The number of every complaint about the set. */
  readonly error?: string | undefined;
  /** Dates are ccyymmdd alone. */
  readonly longDates: boolean;
}

export interface Formats {
  readonly fields: ReadonlyMap<string, FieldRow>;
  readonly formats: ReadonlyMap<string, Format>;
}

/** @throws SimFault SIM-INPUT */
export function readFormats(file: Place, errors: ReadonlyMap<string, string>): Formats {
  objectAt(file, ['note', 'fields', 'formats']);
  const numberOf = (place: Place): string | undefined =>
    optionalAt(place, (item) => oneOf(item, [...errors.keys()]));
  const fields = entriesAt(memberOf(file, 'fields'), (place) => readField(place, numberOf));
  const formats = entriesAt(memberOf(file, 'formats'), (place) =>
    readFormat(place, fields, numberOf),
  );
  return { fields, formats };
}

type NumberOf = (place: Place) => string | undefined;

function readField(place: Place, numberOf: NumberOf): FieldRow {
  objectAt(place, ['min', 'max', 'form', 'values', 'error', 'mark', 'weak']);
  checkMark(place);
  const form = oneOf(memberOf(place, 'form'), forms);
  const min = numberAt(memberOf(place, 'min'), { min: 1, max: 14_400 });
  return {
    min,
    max: numberAt(memberOf(place, 'max'), { min, max: 14_400 }),
    form,
    values: form === 'values' ? texts(memberOf(place, 'values')) : [],
    error: numberOf(memberOf(place, 'error')),
  };
}

function readFormat(
  place: Place,
  fields: ReadonlyMap<string, FieldRow>,
  numberOf: NumberOf,
): Format {
  objectAt(place, ['required', 'options', 'sets', 'by', 'error', 'longDates', 'mark', 'note']);
  checkMark(place);
  const codes = (name: string): readonly string[] => readCodes(memberOf(place, name), fields);
  const sets = (item: Place): readonly FieldSet[] =>
    listAt(item, (one) => readSet(one, fields, numberOf));
  return {
    required: codes('required'),
    options: codes('options'),
    sets: optionalAt(memberOf(place, 'sets'), sets) ?? [],
    by: optionalAt(memberOf(place, 'by'), (item) => {
      objectAt(item, ['field', 'sets', 'marks']);
      const marks = memberOf(item, 'marks');
      const byValue = entriesAt(memberOf(item, 'sets'), (one, value) => {
        oneOf(memberOf(marks, value), ['S', 'K', 'P']);
        return sets(one);
      });
      return { field: readCode(memberOf(item, 'field'), fields), sets: byValue };
    }),
    error: numberOf(memberOf(place, 'error')),
    longDates: flagAt(memberOf(place, 'longDates')),
  };
}

function readSet(
  place: Place,
  fields: ReadonlyMap<string, FieldRow>,
  numberOf: NumberOf,
): FieldSet {
  objectAt(place, ['required', 'optional', 'missing']);
  return {
    required: readCodes(memberOf(place, 'required'), fields),
    optional: readCodes(memberOf(place, 'optional'), fields),
    missing: numberOf(memberOf(place, 'missing')),
  };
}

const readCodes = (place: Place, fields: ReadonlyMap<string, FieldRow>): readonly string[] =>
  optionalAt(place, (item) => listAt(item, (one) => readCode(one, fields))) ?? [];

function readCode(place: Place, fields: ReadonlyMap<string, FieldRow>): string {
  const code = textAt(place);
  if (!fields.has(code)) throw wrong(place, 'names no field');
  return code;
}

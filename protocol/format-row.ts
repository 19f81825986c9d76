// One row of the table of formats (formats.json) as it is written, and whether it is whole. It
// takes any JSON value, and says which member is wrong; what the rows mean together is formats.ts's.

import { isCode } from './field-rules.ts';
import { isMark, isWeak } from './mark.ts';
import type { Marked } from './mark.ts';
import {
  flawOf,
  isCount,
  isListOf,
  isOneOf,
  isOptional,
  isRecord,
  isText,
  isTexts,
} from './shape.ts';

/** `inquiry`: a field the format does not know is left to the host; to all others it is not allowed.
 *  `modify`: `CODE/` takes the field away. `remove`: cancel, clear, locate. `interstate`: which fields
 *  there are is judged before what they hold, as Nlets does. @source nlets 9.1, the sample */
export type FormatKind = 'entry' | 'modify' | 'remove' | 'supplement' | 'inquiry' | 'interstate';

/** Sets of codes of which one must be there, whole. */
export interface OneOf extends Marked {
  readonly sets: readonly (readonly string[])[];
}

/** A rule over some fields. */
export interface OverFields extends Marked {
  readonly fields: readonly string[];
}

/** Where `field` is there, with one of `values` if they are named: what else must hold. */
export interface Condition extends Marked {
  readonly field: string;
  readonly values?: readonly string[];
  readonly needs?: readonly string[];
  readonly oneOf?: readonly (readonly string[])[];
  readonly refuses?: { readonly field: string; readonly values: readonly string[] };
}

export interface Repeat extends Marked {
  readonly field: string;
  readonly min?: number;
  readonly max: number;
}

/** Fields that stand together: what must be there, and what may be. */
export interface FieldSet {
  readonly required: readonly string[];
  readonly optional?: readonly string[];
}

/** Exactly one of its sets stands, and none of the fields of the others. @source nlets 5, 7, 8 */
export interface Alternatives extends Marked {
  readonly sets: readonly FieldSet[];
}

/** The value of `field` decides which alternatives there are. @source nlets 5.1 */
export interface Choice {
  readonly field: string;
  readonly cases: readonly (Alternatives & { readonly values: readonly string[] })[];
}

export interface FormatRow extends Marked {
  readonly name: string;
  readonly kind: FormatKind;
  readonly source: string;
  /** Another format, to which this one adds. */
  readonly extends?: string;
  /** The entry whose fields it changes. */
  readonly changes?: string;
  /** Which variants of field rules it uses, the first that has one. */
  readonly variants?: readonly string[];
  /** Codes that a text begins with: one of these sets, each code as often as it stands there. */
  readonly identify?: OneOf;
  /** Codes of bare values, in their order: of a positional body, or behind the identifiers. */
  readonly positional?: OverFields;
  /** Further fields that may be there. */
  readonly fields?: readonly string[];
  readonly mandatory?: readonly string[];
  readonly oneOf?: readonly OneOf[];
  /** All of them or none, each as often as the others. */
  readonly together?: readonly OverFields[];
  readonly conditions?: readonly Condition[];
  /** Two fields whose values must not be the same. */
  readonly differ?: readonly OverFields[];
  readonly repeats?: readonly Repeat[];
  readonly alternatives?: Alternatives;
  readonly choice?: Choice;
}

/** What is wrong with a row; undefined for a whole one. */
export function rowFlaw(row: unknown): string | undefined {
  if (!isRecord(row)) return 'not an object';
  const name = row['name'];
  if (!isText(name)) return '"name" is missing';
  const kinds = ['entry', 'modify', 'remove', 'supplement', 'inquiry', 'interstate'];
  const flaw = flawOf(row, {
    name: true,
    kind: isOneOf(row['kind'], ...kinds),
    source: isText(row['source']),
    extends: isOptional(row['extends'], isText),
    changes: isOptional(row['changes'], isText) && (row['kind'] === 'modify') === 'changes' in row,
    variants: isOptional(row['variants'], isTexts),
    identify: isOptional(row['identify'], isOneOfRule),
    positional: isOptional(row['positional'], isOverFields),
    fields: isOptional(row['fields'], isCodes),
    mandatory: isOptional(row['mandatory'], isCodes),
    oneOf: isOptional(row['oneOf'], (list) => isListOf(list, isOneOfRule)),
    together: isOptional(row['together'], (list) => isListOf(list, isOverFields)),
    conditions: isOptional(row['conditions'], (list) => isListOf(list, isCondition)),
    differ: isOptional(row['differ'], (list) => isListOf(list, isPair)),
    repeats: isOptional(row['repeats'], (list) => isListOf(list, isRepeat)),
    alternatives: isOptional(row['alternatives'], isAlternatives),
    choice: isOptional(row['choice'], isChoice) && !('choice' in row && 'alternatives' in row),
    mark: isMark(row['mark']),
    weak: isWeak(row['weak']),
  });
  return flaw === undefined ? undefined : `"${flaw}" of ${name} is missing or wrong`;
}

function isCodes(value: unknown): boolean {
  return isListOf(value, isCode);
}

function isSets(value: unknown): boolean {
  return isListOf(value, (set) => isCodes(set) && Array.isArray(set) && set.length > 0);
}

function isWhole(
  value: unknown,
  members: (row: Row) => Readonly<Record<string, boolean>>,
): boolean {
  if (!isRecord(value)) return false;
  const marks = { mark: isMark(value['mark']), weak: isWeak(value['weak']) };
  return flawOf(value, { ...members(value), ...marks }) === undefined;
}

type Row = Readonly<Record<string, unknown>>;

function isOneOfRule(value: unknown): boolean {
  return isWhole(value, (row) => ({ sets: isSets(row['sets']) }));
}

function isOverFields(value: unknown): boolean {
  return isWhole(value, (row) => ({ fields: isCodes(row['fields']) }));
}

function isPair(value: unknown): boolean {
  return isWhole(value, ({ fields }) => ({
    fields: isCodes(fields) && Array.isArray(fields) && fields.length === 2,
  }));
}

function isCondition(value: unknown): boolean {
  return isWhole(value, (row) => ({
    field: isCode(row['field']),
    values: isOptional(row['values'], isTexts),
    needs: isOptional(row['needs'], isCodes),
    oneOf: isOptional(row['oneOf'], isSets),
    refuses: isOptional(
      row['refuses'],
      (refused) => isRecord(refused) && isCode(refused['field']) && isTexts(refused['values']),
    ),
  }));
}

function isRepeat(value: unknown): boolean {
  return isWhole(value, (row) => ({
    field: isCode(row['field']),
    min: isOptional(row['min'], isCount),
    max: isCount(row['max']),
  }));
}

function isAlternatives(value: unknown): boolean {
  return isWhole(value, (row) => ({ sets: isFieldSets(row['sets']) }));
}

function isFieldSets(value: unknown): boolean {
  const isSet = (set: unknown): boolean =>
    isRecord(set) &&
    flawOf(set, {
      required: isCodes(set['required']),
      optional: isOptional(set['optional'], isCodes),
    }) === undefined;
  return isListOf(value, isSet) && Array.isArray(value) && value.length > 0;
}

function isChoice(value: unknown): boolean {
  const isCase = (one: unknown): boolean =>
    isWhole(one, (row) => ({ values: isTexts(row['values']), sets: isFieldSets(row['sets']) }));
  return (
    isRecord(value) &&
    flawOf(value, { field: isCode(value['field']), cases: isListOf(value['cases'], isCase) }) ===
      undefined
  );
}

// The rules of field codes (fields.json): name, length, characters, dates and code tables, as data.
// It promises that every rule it holds is whole and can be applied to any string. It fails with a
// sentence that names the row; what a key asks for is formats.ts's business.

import { forms, isForm } from './field-forms.ts';
import type { FormName } from './field-forms.ts';
import { isMark, isWeak } from './mark.ts';
import type { Marked } from './mark.ts';
import { fail, ok } from './result.ts';
import type { Result } from './result.ts';
import { flawOf, isCount, isOptional, isRecord, isText, isTexts } from './shape.ts';

/** A: letters. N: digits. AN: both. AN-: and hyphens. NAME: letters, blank, comma, hyphen.
 *  TEXT: the characters of free text. FREE: all that can be printed, periods too; only where a value
 *  goes on to the next field, as Nlets reads it. @source ncic 1.7, 3; nlets 5.1 */
export type Characters = 'A' | 'N' | 'AN' | 'AN-' | 'NAME' | 'TEXT' | 'FREE';

export interface FieldRule extends Marked {
  readonly code: string;
  readonly name: string;
  /** Where the same code means another thing: the variant of the formats that use this rule. */
  readonly variant?: string;
  /** Least and most characters. */
  readonly length: readonly [number, number];
  readonly characters: Characters;
  /** A form that is computed: a date, a height. */
  readonly form?: FormName;
  /** Words that are taken as they stand, whatever the rest says. */
  readonly or?: readonly string[];
  /** Name of a code table; the value is one of its codes. */
  readonly table?: string;
  /** Regular expressions over the whole value: it matches the first and not the second. */
  readonly pattern?: string;
  readonly not?: string;
  /** The pattern in words. */
  readonly rule?: string;
  readonly source: string;
}

export interface CodeTable extends Marked {
  readonly name: string;
  readonly values: readonly string[];
  readonly source: string;
}

/** A rule that can be applied. */
export interface Checked {
  readonly rule: FieldRule;
  /** Whether a value keeps the rule. Total. */
  readonly fits: (value: string) => boolean;
}

export interface FieldTable {
  /** The rule of a code: of the first variant that has one of its own, else the common one. */
  find(code: string, variants: readonly string[]): Checked | undefined;
  readonly rules: readonly FieldRule[];
  readonly tables: readonly CodeTable[];
}

/** Checks a whole table; the first row that is not whole refuses it. */
export function parseFieldTable(value: unknown): Result<FieldTable, string> {
  if (!isRecord(value) || !Array.isArray(value['tables']) || !Array.isArray(value['fields']))
    return fail('the fields have no lists "tables" and "fields"');
  const tables = new Map<string, CodeTable>();
  for (const [index, row] of value['tables'].entries()) {
    const flaw = tableFlaw(row);
    if (flaw !== undefined) return fail(`code table ${index + 1}: ${flaw}`);
    // tableFlaw has looked at every member.
    const table = row as CodeTable;
    if (tables.has(table.name)) return fail(`code table ${index + 1}: ${table.name} stands twice`);
    tables.set(table.name, table);
  }
  const rules = new Map<string, Checked>();
  for (const [index, row] of value['fields'].entries()) {
    const flaw = ruleFlaw(row, tables);
    if (flaw !== undefined) return fail(`field ${index + 1}: ${flaw}`);
    // ruleFlaw has looked at every member.
    const rule = row as FieldRule;
    const name = nameOf(rule.code, rule.variant);
    if (rules.has(name)) return fail(`field ${index + 1}: ${name} stands twice`);
    rules.set(name, { rule, fits: compile(rule, tables) });
  }
  return ok({
    find: (code, variants) => {
      for (const variant of variants) {
        const own = rules.get(nameOf(code, variant));
        if (own !== undefined) return own;
      }
      return rules.get(code);
    },
    rules: [...rules.values()].map(({ rule }) => rule),
    tables: [...tables.values()],
  });
}

export function isCode(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Z]{3}$/.test(value);
}

const characters: Readonly<Record<Characters, RegExp>> = {
  A: /^[A-Z]*$/,
  N: /^[0-9]*$/,
  AN: /^[A-Z0-9]*$/,
  'AN-': /^[A-Z0-9-]*$/,
  NAME: /^[A-Z ,-]*$/,
  TEXT: /^[A-Z0-9 &'()*+,\-/:;=?@#$%"!<>]*$/,
  FREE: /^[\x20-\x7e]*$/,
};

function nameOf(code: string, variant: string | undefined): string {
  return variant === undefined ? code : `${code} of ${variant}`;
}

function compile(rule: FieldRule, tables: ReadonlyMap<string, CodeTable>): Checked['fits'] {
  const [min, max] = rule.length;
  const kind = characters[rule.characters];
  const words = new Set(rule.or);
  const codes = rule.table === undefined ? undefined : new Set(tables.get(rule.table)?.values);
  const pattern = rule.pattern === undefined ? undefined : new RegExp(rule.pattern);
  const not = rule.not === undefined ? undefined : new RegExp(rule.not);
  const form = rule.form === undefined ? undefined : forms[rule.form];
  return (value) =>
    words.has(value) ||
    (value.length >= min &&
      value.length <= max &&
      kind.test(value) &&
      codes?.has(value) !== false &&
      pattern?.test(value) !== false &&
      not?.test(value) !== true &&
      form?.(value) !== false);
}

function tableFlaw(row: unknown): string | undefined {
  if (!isRecord(row)) return 'not an object';
  const name = row['name'];
  if (!isText(name)) return '"name" is missing';
  const flaw = flawOf(row, {
    name: true,
    values: isTexts(row['values']) && row['values'].length > 0,
    source: isText(row['source']),
    mark: isMark(row['mark']),
    weak: isWeak(row['weak']),
  });
  return flaw === undefined ? undefined : `"${flaw}" of ${name} is missing or wrong`;
}

function ruleFlaw(row: unknown, tables: ReadonlyMap<string, CodeTable>): string | undefined {
  if (!isRecord(row)) return 'not an object';
  const code = row['code'];
  if (!isCode(code)) return '"code" is no field code';
  const table = row['table'];
  const flaw = flawOf(row, {
    code: true,
    name: isText(row['name']),
    variant: isOptional(row['variant'], isText),
    length: isLength(row['length']),
    characters:
      typeof row['characters'] === 'string' && Object.hasOwn(characters, row['characters']),
    form: isOptional(row['form'], isForm),
    or: isOptional(row['or'], isTexts),
    table: table === undefined || (isText(table) && tables.has(table)),
    pattern: isOptional(row['pattern'], isPattern),
    not: isOptional(row['not'], isPattern),
    // A pattern is for the program alone: people get a sentence.
    rule: isText(row['rule']) || (row['pattern'] ?? row['not'] ?? row['rule']) === undefined,
    source: isText(row['source']),
    mark: isMark(row['mark']),
    weak: isWeak(row['weak']),
  });
  return flaw === undefined ? undefined : `"${flaw}" of ${code} is missing or wrong`;
}

function isLength(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [min, max] = value as readonly unknown[];
  return isCount(min) && isCount(max) && min <= max;
}

/** Over the whole value, or it would allow what stands beside what it names. */
function isPattern(value: unknown): boolean {
  if (!isText(value) || !value.startsWith('^') || !value.endsWith('$')) return false;
  try {
    return new RegExp(value).source !== '';
  } catch {
    // No regular expression: the row is refused with its name.
    return false;
  }
}

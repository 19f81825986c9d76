// What an edit of a key says (X08), for people: which field, and what is wrong with it. Pure and total;
// on the wire a flaw is a code, a field and a place, and nothing of this.

import { bind } from './bind.ts';
import type { FieldFlaw } from './edits.ts';
import type { Field } from './field.ts';
import type { Characters, Checked, FieldRule } from './field-rules.ts';
import { formatTable } from './formats.ts';
import type { KeyEntry } from './keys.ts';

/**
 * One sentence without its full stop: `VYR (model year) must be 4 digits`, `LIC is missing`.
 *
 * @param fields Those of the text that was edited.
 */
export function flawWords(
  { kind, field, at }: FieldFlaw,
  { edits }: Pick<KeyEntry, 'edits'>,
  fields: readonly Field[],
): string {
  const format = edits === undefined ? undefined : formatTable.get(edits.format);
  const placed = format === undefined ? [] : bind(format, fields);
  const found = placed.find(({ fieldAt }) => fieldAt === at);
  switch (kind) {
    case 'data':
      return dataWords(field, found?.code === field ? found.value : '', format?.rules.get(field));
    case 'missing':
      return `${field} is missing`;
    case 'not-allowed':
      return `${field} is not a field of this key`;
    case 'repeated':
      return `${field} stands too often`;
    case 'pair':
      return found === undefined
        ? `${field} is missing; it helps to find the record`
        : `${field} is not what this key is identified by here`;
    case 'extra':
      return 'a value stands where no field is';
  }
}

function dataWords(code: string, value: string, checked: Checked | undefined): string {
  if (value === '') return `${code} must have a value`;
  // By itself the value is right: another field of the text forbids it.
  if (checked === undefined || checked.fits(value))
    return `${code} does not go with another field of this text`;
  return `${code} (${checked.rule.name}) must be ${ruleWords(checked.rule)}`;
}

function ruleWords({ length: [min, max], characters: kind, table, or, rule }: FieldRule): string {
  const codes = formatTable.fields.tables.find(({ name }) => name === table)?.values;
  if (codes !== undefined && rule === undefined) return codeWords([...codes, ...(or ?? [])]);
  // A rule that counts for itself needs no other count: `four digits, or NX`.
  if (rule !== undefined && /^(?!no).*(?:digits|letters)/.test(rule)) return rule;
  const [one, more] = nouns[kind];
  const count = min === max ? String(max) : `${min} to ${max}`;
  const words = rule ?? (or === undefined ? undefined : `or ${or.join(', ')}`);
  return `${count} ${max === 1 ? one : more}${words === undefined ? '' : `; ${words}`}`;
}

/** Of a long table the page of the formats has all. */
function codeWords(codes: readonly string[]): string {
  const some = codes.slice(0, codesShown).join(', ');
  return `one of ${some}${codes.length > codesShown ? ' ... (docs/message-formats.md)' : ''}`;
}

const codesShown = 12;

/** One, and several. */
const nouns: Readonly<Record<Characters, readonly [string, string]>> = {
  A: ['letter', 'letters'],
  N: ['digit', 'digits'],
  AN: ['letter or digit', 'letters or digits'],
  'AN-': ['letter, digit or hyphen', 'letters, digits or hyphens'],
  NAME: ['letter', 'letters, blanks, commas or hyphens'],
  TEXT: ['character', 'characters of free text'],
  FREE: ['character', 'characters'],
};

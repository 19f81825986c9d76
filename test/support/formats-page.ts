// Makes docs/message-formats.md from the tables of keys, formats and fields.

import type { FieldRule } from '#protocol/field-rules';
import type { Condition, FieldSet, FormatRow } from '#protocol/format-row';
import { formatTable } from '#protocol/formats';
import type { Format } from '#protocol/formats';
import { keyTable } from '#protocol/keys';
import type { Marked } from '#protocol/mark';

/** Content of docs/message-formats.md. */
export function formatsPage(): string {
  const { fields } = formatTable;
  return [
    ...opening,
    '## Formats',
    '',
    ...formatTable.all.flatMap(formatLines),
    ...uneditedLines(),
    '## Fields',
    '',
    'A variant holds in the formats that name it; the rule without one holds elsewhere.',
    '',
    '| code | name | variant | characters | edit | mark | source |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...fields.rules.map(fieldRow),
    '',
    '## Code tables',
    '',
    ...fields.tables.map(
      (table) => `- **${table.name}** ${mark(table)}: ${table.values.join(', ')} (${table.source})`,
    ),
    '',
  ].join('\n');
}

const opening = [
  '# Formats of messages',
  '',
  '<!-- Generated from protocol/keys.json, formats.json and fields.json; `npm run docs` says when it is not in step. -->',
  '',
  'What each message key takes: its fields, which must be there, what finds a record. A text that breaks',
  'this is refused with X08, which names field and place, before anything goes upstream. Where a key is',
  'edited by the host alone, the switch lets its fields pass.',
  '',
  'Marks say where a rule was read: `S` seen in a public text; `K` common knowledge, not verified; `P` a',
  'convention of this project; `R` our reading. `weak`: little stands behind it. Rules of `K` and `P` may',
  'differ from those of a real host; each is one row of data and can be changed.',
  '',
  'Characters: `A` letters, `N` digits, `AN` both, `AN-` both and hyphens, `NAME` letters, blanks, commas',
  'and hyphens, `TEXT` all of free text, `FREE` all that can be printed. No value holds a period, but for',
  '`FREE`, where Nlets reads on to the next field. Fields in parentheses may stand with the set before',
  'them. Dates are days of the calendar; whether one may lie in the future, and whether a record is on',
  'file, only the host can tell.',
  '',
];

function formatLines({ name, kind, row, keep }: Format): readonly string[] {
  const keys = keyTable.all.filter(({ edits }) => edits?.format === name);
  if (keys.length === 0) return [];
  const by =
    keys[0]?.edits?.by === 'switch' ? 'by this switch and by the host' : 'by the host alone';
  return [
    `### ${keys.map(({ mke }) => mke).join(' ')}`,
    '',
    `\`${name}\`, ${kinds[kind]}; edited ${by}; ${mark(row)}, ${row.source}`,
    '',
    ...rulesOf(row).map((line) => `- ${line}`),
    ...(keep.size === 0 ? [] : [`- Never taken away: ${[...keep].join(' ')}`]),
    '',
  ];
}

/** Keys with fields of which no source says what they hold. */
function uneditedLines(): readonly string[] {
  const keys = keyTable.all.filter(
    ({ content, edits, answer }) =>
      content === 'fields' && edits === undefined && answer !== 'none',
  );
  return [
    '### Not edited here',
    '',
    'No source says which fields these keys take. No station may send them; their fields are not edited.',
    '',
    ...keys.map((key) => `- ${key.mke}: ${key.name} [${key.mark}]`),
    '',
  ];
}

const kinds: Readonly<Record<Format['kind'], string>> = {
  entry: 'an entry',
  modify: 'a change; `CODE/` takes a field away',
  remove: 'a cancel, clear or locate',
  supplement: 'a supplement, or the cancel of one',
  inquiry: 'an inquiry; fields not named here are left to the host',
  interstate: 'as Nlets edits it: first which fields there are, then what they hold',
};

function rulesOf(row: FormatRow): readonly string[] {
  const { identify, positional, alternatives, choice } = row;
  return [
    ...(identify === undefined ? [] : [`Begins with ${sets(identify.sets)} ${mark(identify)}`]),
    ...(row.changes === undefined ? [] : [`Then fields of \`${row.changes}\``]),
    ...listed('Must be there', row.mandatory),
    ...(row.oneOf ?? []).map((rule) => `One of ${sets(rule.sets)} ${mark(rule)}`),
    ...(row.together ?? []).map((rule) => `All or none: ${rule.fields.join(' ')} ${mark(rule)}`),
    ...(row.conditions ?? []).map((rule) => `${condition(rule)} ${mark(rule)}`),
    ...(row.differ ?? []).map((rule) => `Not the same: ${rule.fields.join(' ')} ${mark(rule)}`),
    ...(alternatives === undefined
      ? []
      : [`Exactly one of ${fieldSets(alternatives.sets)} ${mark(alternatives)}`]),
    ...(choice?.cases ?? []).map(
      (one) =>
        `${choice?.field ?? ''} ${one.values.join(', ')}: ${fieldSets(one.sets)} ${mark(one)}`,
    ),
    ...listed('May be there', row.fields),
    ...(positional === undefined
      ? []
      : [
          `Values without a code, in this order: ${positional.fields.join(' ')} ${mark(positional)}`,
        ]),
    ...(row.repeats ?? []).map(
      ({ field, min, max, ...rest }) =>
        `${field} ${min === undefined ? `up to ${max}` : `${min} to ${max}`} times ${mark(rest)}`,
    ),
  ];
}

function listed(words: string, codes: readonly string[] | undefined): readonly string[] {
  return codes === undefined || codes.length === 0 ? [] : [`${words}: ${codes.join(' ')}`];
}

/** `VIN (VMA VYR)`: what may stand with a set is in parentheses. */
function fieldSets(list: readonly FieldSet[]): string {
  return list
    .map(({ required, optional = [] }) => {
      const whole = required.length === 0 ? 'none' : required.join('+');
      return optional.length === 0 ? whole : `${whole} (${optional.join(' ')})`;
    })
    .join(', ');
}

function sets(list: readonly (readonly string[])[]): string {
  return list.map((codes) => codes.join('+')).join(', ');
}

function condition({ field, values, needs, oneOf, refuses }: Condition): string {
  const when = values === undefined ? `With ${field}` : `With ${field}/${values.join(', ')}`;
  if (needs !== undefined) return `${when}: ${needs.join(' ')} must be there`;
  if (oneOf !== undefined) return `${when}: one of ${sets(oneOf)}`;
  return `${when}: ${refuses?.field ?? ''} is not ${refuses?.values.join(', ') ?? ''}`;
}

function fieldRow(rule: FieldRule): string {
  const [min, max] = rule.length;
  const table = rule.table === undefined ? [] : [`code table ${rule.table}`];
  const words =
    rule.or === undefined || rule.rule !== undefined ? [] : [`or ${rule.or.join(', ')}`];
  const edit = [min === max ? `${max}` : `${min} to ${max}`, ...table, ...words, rule.rule ?? ''];
  const cells = [rule.code, rule.name, rule.variant ?? '', rule.characters];
  const text = edit.filter((part) => part !== '').join('; ');
  return `| ${[...cells, text, mark(rule), rule.source].join(' | ')} |`;
}

function mark({ mark: source, weak }: Marked): string {
  return weak === true ? `[${source}, weak]` : `[${source}]`;
}

// The table of formats: which fields a key takes, in which order, which must be there, what finds
// the record it acts on. Data (formats.json, fields.json), checked whole. It promises that each
// format it holds has a rule for each of its fields; it fails with a sentence that names the row.

import { parseFieldTable } from './field-rules.ts';
import type { Checked, FieldTable } from './field-rules.ts';
import fieldsJson from './fields.json' with { type: 'json' };
import { rowFlaw } from './format-row.ts';
import type {
  Condition,
  FieldSet,
  FormatKind,
  FormatRow,
  OneOf,
  OverFields,
} from './format-row.ts';
import formatsJson from './formats.json' with { type: 'json' };
import { fail, ok } from './result.ts';
import type { Result } from './result.ts';
import { isRecord } from './shape.ts';

/** A format with what it inherits, ready to be applied. */
export interface Format {
  readonly name: string;
  readonly kind: FormatKind;
  /** As it is written, with what it inherits: for people. */
  readonly row: FormatRow;
  /** Every code it knows. */
  readonly rules: ReadonlyMap<string, Checked>;
  readonly positional: readonly string[];
  /** Sets of codes to begin with, the longest first. */
  readonly identify: readonly (readonly string[])[];
  readonly mandatory: readonly string[];
  /** Of a modification: what the record cannot be without. */
  readonly keep: ReadonlySet<string>;
  /** Of a modification: what finds a record and is none of its own fields, as its number. */
  readonly fixed: ReadonlySet<string>;
  readonly oneOf: readonly (readonly (readonly string[])[])[];
  readonly together: readonly (readonly string[])[];
  readonly conditions: readonly Condition[];
  readonly differ: readonly (readonly string[])[];
  readonly most: ReadonlyMap<string, number>;
  readonly least: ReadonlyMap<string, number>;
  /** Sets of fields of which exactly one stands. */
  readonly alternatives: FieldSets | undefined;
}

/** Sets of fields of which exactly one stands: always the same ones, or those a value chooses. */
export interface FieldSets {
  /** The field whose value chooses; undefined where nothing does. */
  readonly field: string | undefined;
  /** Every code that belongs to some sets alone. */
  readonly among: ReadonlySet<string>;
  /** Undefined where the value chooses none. */
  of(value: string): readonly FieldSet[] | undefined;
}

export interface FormatTable {
  get(name: string): Format | undefined;
  readonly all: readonly Format[];
  readonly fields: FieldTable;
}

/** Checks both tables whole; the first row that is not whole refuses them. */
export function parseFormatTable(fields: unknown, formats: unknown): Result<FormatTable, string> {
  const rules = parseFieldTable(fields);
  if (!rules.ok) return rules;
  if (!isRecord(formats) || !Array.isArray(formats['formats']))
    return fail('the formats have no list "formats"');
  const table = new Map<string, Format>();
  for (const [index, row] of formats['formats'].entries()) {
    const flaw = rowFlaw(row);
    if (flaw !== undefined) return fail(`format ${index + 1}: ${flaw}`);
    // rowFlaw has looked at every member.
    const format = compile(row as FormatRow, table, rules.value);
    if (!format.ok) return fail(`format ${index + 1}: ${format.error}`);
    table.set(format.value.name, format.value);
  }
  return ok({ get: (name) => table.get(name), all: [...table.values()], fields: rules.value });
}

/** The table that comes with the project. */
export const formatTable: FormatTable = required(parseFormatTable(fieldsJson, formatsJson));

type Formats = ReadonlyMap<string, Format>;

function compile(written: FormatRow, before: Formats, rules: FieldTable): Result<Format, string> {
  const { name } = written;
  if (before.has(name)) return fail(`${name} stands twice`);
  const base = written.extends === undefined ? undefined : before.get(written.extends);
  const entry = written.changes === undefined ? undefined : before.get(written.changes);
  if (written.extends !== undefined && base === undefined)
    return fail(`"extends" of ${name} names no format above it`);
  if (written.changes !== undefined && entry?.kind !== 'entry')
    return fail(`"changes" of ${name} names no entry above it`);
  const row = inherit(written, base?.row, entry?.row);
  const known = codesOf(row, entry);
  const found = new Map<string, Checked>();
  for (const code of known) {
    const rule = rules.find(code, row.variants ?? []);
    if (rule === undefined) return fail(`${name} has the field ${code}, which has no rule`);
    found.set(code, rule);
  }
  const repeats = row.repeats ?? [];
  return ok({
    name,
    kind: row.kind,
    row,
    rules: found,
    positional: row.positional?.fields ?? [],
    identify: [...(row.identify?.sets ?? [])].sort((a, b) => b.length - a.length),
    mandatory: row.mandatory ?? [],
    keep: new Set(entry?.mandatory),
    fixed: fixedOf(row, entry),
    oneOf: (row.oneOf ?? []).map(({ sets }) => sets),
    together: (row.together ?? []).map(({ fields }) => fields),
    conditions: row.conditions ?? [],
    differ: (row.differ ?? []).map(({ fields }) => fields),
    most: new Map(repeats.map(({ field, max }) => [field, max])),
    least: new Map(repeats.map(({ field, min = 0 }) => [field, min])),
    alternatives: setsOf(row),
  });
}

/** What a format has of the one it adds to, or of the entry it changes. */
function inherit(
  row: FormatRow,
  base: FormatRow | undefined,
  entry: FormatRow | undefined,
): FormatRow {
  if (entry !== undefined) return ofEntry(row, entry);
  if (base === undefined) return row;
  const list = <T>(of: (row: FormatRow) => readonly T[] | undefined): readonly T[] => [
    ...(of(base) ?? []),
    ...(of(row) ?? []),
  ];
  return {
    ...base,
    ...row,
    fields: list((of) => of.fields),
    mandatory: list((of) => of.mandatory),
    oneOf: list((of) => of.oneOf),
    together: list((of) => of.together),
    conditions: list((of) => of.conditions),
    differ: list((of) => of.differ),
    repeats: list((of) => of.repeats),
  };
}

/** A change says nothing of what the record holds besides: what must be there was there on entry. */
function ofEntry(row: FormatRow, entry: FormatRow): FormatRow {
  return {
    ...row,
    variants: row.variants ?? entry.variants ?? [],
    conditions: (entry.conditions ?? []).filter(({ refuses }) => refuses !== undefined),
    differ: entry.differ ?? [],
    repeats: (entry.repeats ?? []).filter(({ min }) => min === undefined),
  };
}

function codesOf(row: FormatRow, entry: Format | undefined): ReadonlySet<string> {
  const sets = (rules: readonly OneOf[]): readonly string[] =>
    rules.flatMap((rule) => rule.sets.flat());
  const flat = (rules: readonly OverFields[] | undefined): readonly string[] =>
    (rules ?? []).flatMap(({ fields }) => fields);
  return new Set([
    ...(row.identify?.sets.flat() ?? []),
    ...(row.positional?.fields ?? []),
    ...(row.mandatory ?? []),
    ...(row.fields ?? []),
    ...sets(row.oneOf ?? []),
    ...flat(row.together),
    ...(row.choice === undefined ? [] : [row.choice.field]),
    ...casesOf(row).flatMap((each) => each.sets.flatMap(codesOfSet)),
    ...(entry?.rules.keys() ?? []),
  ]);
}

function fixedOf({ identify }: FormatRow, entry: Format | undefined): ReadonlySet<string> {
  if (entry === undefined) return new Set();
  return new Set(identify?.sets.flat().filter((code) => !entry.rules.has(code)));
}

function setsOf(row: FormatRow): FieldSets | undefined {
  const { alternatives, choice } = row;
  const cases = casesOf(row);
  if (cases.length === 0) return undefined;
  const always = new Set([...(row.mandatory ?? []), ...(row.fields ?? [])]);
  const among = cases.flatMap(({ sets }) => sets.flatMap(codesOfSet));
  const by = new Map(
    (choice?.cases ?? []).flatMap(({ values, sets }) => values.map((value) => [value, sets])),
  );
  return {
    field: choice?.field,
    among: new Set(among.filter((code) => !always.has(code))),
    of: (value) => alternatives?.sets ?? by.get(value),
  };
}

function casesOf({
  alternatives,
  choice,
}: FormatRow): readonly { readonly sets: readonly FieldSet[] }[] {
  return choice?.cases ?? (alternatives === undefined ? [] : [alternatives]);
}

function codesOfSet({ required, optional = [] }: FieldSet): readonly string[] {
  return [...required, ...optional];
}

/** The project's own tables are checked by its tests; a broken one must stop the start. */
function required(table: Result<FormatTable, string>): FormatTable {
  if (!table.ok) throw new Error(`The table of formats is broken: ${table.error}.`);
  return table.value;
}

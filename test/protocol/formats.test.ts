// The tables of fields and formats: whole, or refused with a sentence that names the row.

import { describe, expect, it } from 'vitest';
import fieldsJson from '../../protocol/fields.json' with { type: 'json' };
import formatsJson from '../../protocol/formats.json' with { type: 'json' };
import { formatTable, parseFormatTable } from '#protocol/formats';
import { keyTable, parseKeyTable } from '#protocol/keys';
import { errorOf, valueOf } from './help.ts';

const lic = {
  code: 'LIC',
  name: 'plate',
  length: [1, 10],
  characters: 'AN',
  mark: 'S',
  source: 'x',
};
const two = { name: 'two', values: ['A', 'B'], mark: 'S', source: 'x' };
const enter = { name: 'enter', kind: 'entry', source: 'x', mark: 'K', mandatory: ['LIC'] };
const fields = (row: object, more: object = {}): unknown => ({
  tables: [two],
  fields: [{ ...lic, ...row }],
  ...more,
});
const formats = (...rows: readonly object[]): unknown => ({ formats: [enter, ...rows] });

describe('the tables that come with the project', () => {
  it('are whole, and every row has its mark and its source', () => {
    const table = valueOf(parseFormatTable(fieldsJson, formatsJson));
    expect(table.all.length).toBe(formatsJson.formats.length);
    for (const { rules } of table.all) expect(rules.size).toBeGreaterThan(0);
  });

  it('have a format for every key with fields that a station sends', () => {
    for (const key of keyTable.all) {
      const wanted = key.from === 'station' && key.content === 'fields';
      if (wanted) expect(key.edits, key.mke).toBeDefined();
      if (key.content === 'text') expect(key.edits, key.mke).toBeUndefined();
    }
  });

  it('have no format and no field that nothing uses', () => {
    const used = new Set(keyTable.all.flatMap(({ edits }) => (edits ? [edits.format] : [])));
    const bases = formatTable.all.flatMap(({ row }) => [row.extends ?? '', row.changes ?? '']);
    for (const { name } of formatTable.all) expect([...used, ...bases], name).toContain(name);
    const rules = new Set(formatTable.all.flatMap((format) => [...format.rules.values()]));
    const live = [...rules].map(({ rule }) => rule);
    for (const rule of formatTable.fields.rules) expect(live, rule.code).toContain(rule);
  });

  it('edit what Nlets edits upstream alone: the switch lets it pass', () => {
    for (const mke of ['QH', 'QR', 'ZR', 'IQ', 'FQ', 'AQ', 'QWI'])
      expect(keyTable.get(mke)).toMatchObject({ from: 'nobody', criminalHistory: 'S' });
    for (const mke of ['YQ', 'YR', 'RQ', 'DQ', 'KQ', 'BQ', 'SQ', 'IQ', 'FQ', 'AQ'])
      expect(keyTable.get(mke)?.edits?.by).toBe('upstream');
    for (const { mke, edits } of keyTable.all)
      if (edits !== undefined && formatTable.get(edits.format)?.kind === 'interstate')
        expect(edits.by, mke).toBe('upstream');
  });
});

describe('a table of fields', () => {
  it.each([
    [{ code: 'lic' }, 'field 1: "code" is no field code'],
    [{ name: '' }, 'field 1: "name" of LIC is missing or wrong'],
    [{ variant: 7 }, 'field 1: "variant" of LIC is missing or wrong'],
    [{ length: [0, 3] }, 'field 1: "length" of LIC is missing or wrong'],
    [{ length: [3, 2] }, 'field 1: "length" of LIC is missing or wrong'],
    [{ length: 3 }, 'field 1: "length" of LIC is missing or wrong'],
    [{ characters: 'ANY' }, 'field 1: "characters" of LIC is missing or wrong'],
    [{ form: 'toString' }, 'field 1: "form" of LIC is missing or wrong'],
    [{ or: 'NX' }, 'field 1: "or" of LIC is missing or wrong'],
    [{ table: 'three' }, 'field 1: "table" of LIC is missing or wrong'],
    [{ pattern: '^(A$', rule: 'x' }, 'field 1: "pattern" of LIC is missing or wrong'],
    [{ pattern: 'A', rule: 'x' }, 'field 1: "pattern" of LIC is missing or wrong'],
    [{ not: 'A$', rule: 'x' }, 'field 1: "not" of LIC is missing or wrong'],
    [{ pattern: '^A$' }, 'field 1: "rule" of LIC is missing or wrong'],
    [{ source: '' }, 'field 1: "source" of LIC is missing or wrong'],
    [{ mark: 'Z' }, 'field 1: "mark" of LIC is missing or wrong'],
    [{ weak: 'yes' }, 'field 1: "weak" of LIC is missing or wrong'],
    [{ lenght: 3 }, 'field 1: "lenght" of LIC is missing or wrong'],
  ])('with %j is refused: %s', (change, flaw) => {
    expect(errorOf(parseFormatTable(fields(change), formats()))).toBe(flaw);
  });

  it.each([
    [{ tables: [two, two] }, 'code table 2: two stands twice'],
    [{ tables: [{ ...two, values: [] }] }, 'code table 1: "values" of two is missing or wrong'],
    [{ tables: [{ ...two, mark: 1 }] }, 'code table 1: "mark" of two is missing or wrong'],
    [{ tables: [7] }, 'code table 1: not an object'],
    [{ tables: [{}] }, 'code table 1: "name" is missing'],
    [{ fields: [lic, lic] }, 'field 2: LIC stands twice'],
    [{ fields: [null] }, 'field 1: not an object'],
    [{ fields: {} }, 'the fields have no lists "tables" and "fields"'],
  ])('as %j is refused: %s', (more, flaw) => {
    expect(errorOf(parseFormatTable(fields({}, more), formats()))).toBe(flaw);
  });
});

describe('a table of formats', () => {
  const more = { ...enter, name: 'more' };
  const marked = { mark: 'K' };
  it.each<readonly [object, string]>([
    [{ name: '' }, 'format 2: "name" is missing'],
    [{ kind: 'query' }, 'format 2: "kind" of more is missing or wrong'],
    [{ source: 1 }, 'format 2: "source" of more is missing or wrong'],
    [{ mark: '' }, 'format 2: "mark" of more is missing or wrong'],
    [{ weak: 1 }, 'format 2: "weak" of more is missing or wrong'],
    [{ variants: [''] }, 'format 2: "variants" of more is missing or wrong'],
    [{ mandatory: ['lic'] }, 'format 2: "mandatory" of more is missing or wrong'],
    [{ fields: 'LIC' }, 'format 2: "fields" of more is missing or wrong'],
    [{ identify: { sets: [['LIC']] } }, 'format 2: "identify" of more is missing or wrong'],
    [{ identify: { sets: [[]], ...marked } }, 'format 2: "identify" of more is missing or wrong'],
    [{ positional: ['LIC'] }, 'format 2: "positional" of more is missing or wrong'],
    [{ oneOf: [{ sets: ['LIC'], ...marked }] }, 'format 2: "oneOf" of more is missing or wrong'],
    [{ together: [{ fields: ['LIC'] }] }, 'format 2: "together" of more is missing or wrong'],
    [
      { differ: [{ fields: ['LIC'], ...marked }] },
      'format 2: "differ" of more is missing or wrong',
    ],
    [{ repeats: [{ field: 'LIC', ...marked }] }, 'format 2: "repeats" of more is missing or wrong'],
    [
      { conditions: [{ field: 'LIC', refuses: 'X', ...marked }] },
      'format 2: "conditions" of more is missing or wrong',
    ],
    ...[
      { cases: [{ values: ['A'], sets: [{ required: ['LIC'] }], ...marked }] },
      { field: 'LIC', cases: [{ values: ['A'], ...marked }] },
      { field: 'LIC', cases: [{ values: ['A'], sets: [], ...marked }] },
      { field: 'LIC', cases: [{ values: ['A'], sets: [{ required: ['LIC'] }] }] },
      { field: 'LIC', cases: [], sets: [] },
    ].map((choice) => [{ choice }, 'format 2: "choice" of more is missing or wrong'] as const),
    ...[
      { sets: [] },
      { sets: [], ...marked },
      { sets: [{ optional: ['LIC'] }], ...marked },
      { sets: [{ required: ['lic'] }], ...marked },
      { sets: [{ required: ['LIC'], optional: 'LIC' }], ...marked },
      { sets: [{ required: ['LIC'], needs: [] }], ...marked },
    ].map(
      (alternatives) =>
        [{ alternatives }, 'format 2: "alternatives" of more is missing or wrong'] as const,
    ),
    [
      {
        alternatives: { sets: [{ required: ['LIC'] }], ...marked },
        choice: { field: 'LIC', cases: [] },
      },
      'format 2: "choice" of more is missing or wrong',
    ],
    [
      { alternatives: { sets: [{ required: ['LIC'], optional: ['XYZ'] }], ...marked } },
      'format 2: more has the field XYZ, which has no rule',
    ],
    [{ other: 1 }, 'format 2: "other" of more is missing or wrong'],
    [{ extends: 'nothing' }, 'format 2: "extends" of more names no format above it'],
    [{ changes: 'enter' }, 'format 2: "changes" of more is missing or wrong'],
    [{ kind: 'modify' }, 'format 2: "changes" of more is missing or wrong'],
    [{ kind: 'modify', changes: 'nothing' }, 'format 2: "changes" of more names no entry above it'],
    [{ name: 'enter' }, 'format 2: enter stands twice'],
    [{ mandatory: ['XYZ'] }, 'format 2: more has the field XYZ, which has no rule'],
  ])('with %j is refused: %s', (change, flaw) => {
    expect(errorOf(parseFormatTable(fields({}), formats({ ...more, ...change })))).toBe(flaw);
  });

  it('without its list is refused', () => {
    for (const value of [null, [], {}, { formats: {} }])
      expect(errorOf(parseFormatTable(fields({}), value))).toBe(
        'the formats have no list "formats"',
      );
    expect(errorOf(parseFormatTable(fields({}), { formats: [3] }))).toBe('format 1: not an object');
  });
});

describe('the edits of a key', () => {
  it.each([
    [{ format: 'nothing', by: 'switch' }],
    [{ format: 'vehicle-enter', by: 'nobody' }],
    [{ format: 'vehicle-enter' }],
    ['vehicle-enter'],
  ])('as %j are refused', (edits) => {
    const keys = [{ ...keyTable.get('EV'), edits }];
    const table = parseKeyTable({ literals: keyTable.literals, keys });
    expect(errorOf(table)).toBe('key 1: "edits" of EV is missing or wrong');
  });
});

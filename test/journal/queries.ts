// Random queries that have a chance to find something: most of their values are taken from entries.

import fc from 'fast-check';
import type { StoredEntry } from '#journal/entry';
import { columnOf, searchColumns } from '#journal/query';
import type { Condition, Pattern, Query } from '#journal/query';

export function anyQuery(made: readonly StoredEntry[]): fc.Arbitrary<Query> {
  const times = made.map(({ entry }) => entry.time);
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const time = fc.option(fc.integer({ min: first - 1, max: last + 1 }), { nil: undefined });
  const entry = fc.option(fc.integer({ min: 0, max: made.length + 1 }), { nil: undefined });
  return fc.record({
    since: time,
    until: time,
    entryFrom: entry,
    entryTo: entry,
    where: fc.array(anyCondition(made), { maxLength: 3 }),
    reverse: fc.boolean(),
    limit: fc.constantFrom(0, 0, 1, 50),
  });
}

function anyCondition(made: readonly StoredEntry[]): fc.Arbitrary<Condition> {
  const stored = fc.constantFrom(...made);
  const column = fc
    .tuple(fc.constantFrom(...searchColumns), fc.array(stored, { minLength: 1, maxLength: 3 }))
    .chain(([column, some]) => {
      const values = some.map(({ entry }) => columnOf(entry, column) ?? 'NONE');
      return anyPatterns(values).map((any): Condition => ({ on: 'column', column, any }));
    });
  const field = fc
    .tuple(fc.constantFrom('LIC', 'SER', 'LIS'), fc.array(stored, { minLength: 1, maxLength: 3 }))
    .chain(([field, some]) => {
      const values = some.flatMap(({ entry }) => entry.fields?.[field] ?? []);
      return anyPatterns(values).map((any): Condition => ({ on: 'field', field, any }));
    });
  return fc.oneof(column, field);
}

function anyPatterns(values: readonly string[]): fc.Arbitrary<Pattern[]> {
  const value = fc.oneof(fc.constantFrom(...values, 'o-1'), fc.string({ maxLength: 2 }));
  const pattern = fc
    .tuple(fc.constantFrom('is', 'begins', 'ends'), value, fc.nat(6))
    .map(([kind, value, length]): Pattern => {
      if (kind === 'begins') return { kind, value: value.slice(0, length) };
      return { kind, value: kind === 'ends' ? value.slice(-length) : value };
    });
  return fc.array(pattern, { maxLength: 3 });
}

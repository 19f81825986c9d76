// Random queries that have a chance to find something: most of their values are taken from entries.

import fc from 'fast-check';
import type { StoredEntry } from '#journal/entry';
import { columnOf, searchColumns, wordsIn } from '#journal/query';
import type { Condition, Pattern, PlainCondition, Query } from '#journal/query';
import { wordsOf } from '#journal/words';

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
  const plain = anyPlain(made);
  const of = fc.array(plain, { minLength: 1, maxLength: 3 });
  const either = of.map((of): Condition => ({ on: 'either', of }));
  return fc.oneof({ weight: 4, arbitrary: plain }, { weight: 1, arbitrary: either });
}

function anyPlain(made: readonly StoredEntry[]): fc.Arbitrary<PlainCondition> {
  return fc
    .tuple(fc.oneof(anyPlace(made), anyName(made), anyText(made)), fc.nat(5))
    .map(([condition, dice]) => (dice === 0 ? { ...condition, not: true } : condition));
}

/** Names of the journal, their words in another order, some cut short. */
function anyName(made: readonly StoredEntry[]): fc.Arbitrary<PlainCondition> {
  const fields = ['NAM', 'LIC'] as const;
  return fc
    .tuple(fc.constantFrom(...fields), fc.constantFrom(...made), fc.nat(3), fc.boolean())
    .map(([field, { entry }, length, turned]) => {
      const words = wordsIn(entry.fields?.[field]?.[0] ?? 'NOBODY');
      const asked = words.map((value, at) =>
        at === 0 && length > 0
          ? { value: value.slice(0, length), begins: true }
          : { value, begins: false },
      );
      return { on: 'name', field, any: [turned ? asked.reverse() : asked] };
    });
}

/** One to three words that stand side by side in some text. */
function anyText(made: readonly StoredEntry[]): fc.Arbitrary<PlainCondition> {
  const said = made.filter(({ body }) => body !== undefined);
  const phrase = fc
    .tuple(fc.constantFrom(...said), fc.nat(20), fc.integer({ min: 1, max: 3 }))
    .map(([{ body }, from, length]) => {
      const words = [...wordsOf(body ?? new Uint8Array())].slice(from, from + length);
      return words.length === 0 ? ['NOWHERE'] : words;
    });
  return fc.array(phrase, { minLength: 1, maxLength: 2 }).map((any) => ({ on: 'text', any }));
}

function anyPlace(made: readonly StoredEntry[]): fc.Arbitrary<PlainCondition> {
  const stored = fc.constantFrom(...made);
  const column = fc
    .tuple(fc.constantFrom(...searchColumns), fc.array(stored, { minLength: 1, maxLength: 3 }))
    .chain(([column, some]) => {
      const values = some.map(({ entry }) => columnOf(entry, column) ?? 'NONE');
      return anyPatterns(values).map((any): PlainCondition => ({ on: 'column', column, any }));
    });
  const field = fc
    .tuple(fc.constantFrom('LIC', 'SER', 'LIS'), fc.array(stored, { minLength: 1, maxLength: 3 }))
    .chain(([field, some]) => {
      const values = some.flatMap(({ entry }) => entry.fields?.[field] ?? []);
      return anyPatterns(values).map((any): PlainCondition => ({ on: 'field', field, any }));
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

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wordsIn } from '#journal/query';
import type { Condition, PlainCondition } from '#journal/query';
import { formatExpression, parseExpression } from '../../src/cli/expression.ts';

function read(...args: readonly string[]): readonly Condition[] {
  const parsed = parseExpression(args);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

describe('an expression', () => {
  test.each([
    ['LIC:1ZZZ999', [['LIC', 'is', '1ZZZ999']]],
    ['vin:*0042', [['VIN', 'ends', '0042']]],
    ['LIC:2ZZ*', [['LIC', 'begins', '2ZZ']]],
    [
      'LIC:1ZZZ999  VIN:*0042',
      [
        ['LIC', 'is', '1ZZZ999'],
        ['VIN', 'ends', '0042'],
      ],
    ],
  ])('%s names identifiers', (text, wanted) => {
    const found = read(text).map((each) =>
      each.on === 'field' ? [each.field, each.any[0]?.kind, each.any[0]?.value] : [],
    );
    expect(found).toEqual(wanted);
  });

  const doe = { value: 'DOE', begins: false };
  const test4 = { value: 'TEST', begins: true };
  test.each([
    ['NAM:"DOE, TEST*"', [doe, test4]],
    // A shell has taken the quotes off.
    ['NAM:DOE, TEST*', [doe, test4]],
    ['nam:test* -stolen', [test4]],
    ['NAM:DOE,TEST* LIC:1', [doe, test4]],
    ['NAM:DOE TEST*', [doe, test4]],
    ['nam:doe or test*', [doe, { value: 'OR', begins: false }, test4]],
    ['NAM:DOE TEST* NOT stolen', [doe, test4]],
    ['NAM:DOE, TEST* OR LIC:1', [doe, test4]],
    [
      "NAM:O'BRIEN*",
      [
        { value: 'O', begins: false },
        { value: 'BRIEN', begins: true },
      ],
    ],
  ])('%s names the words of a name', (text, wanted) => {
    const [first] = read(text);
    const name = first?.on === 'either' ? first.of[0] : first;
    expect(name).toMatchObject({ on: 'name', field: 'NAM', any: [wanted] });
  });

  test('words alone are each looked for, quoted ones side by side', () => {
    expect(read('stolen', 'vehicle')).toEqual([
      { on: 'text', any: [['STOLEN']] },
      { on: 'text', any: [['VEHICLE']] },
    ]);
    const phrase = [{ on: 'text', any: [['STOLEN', 'VEHICLE']] }];
    // Quotes that a shell took off, and quotes that reach us.
    expect(read('stolen vehicle')).toEqual(phrase);
    expect(read('"stolen vehicle"')).toEqual(phrase);
    expect(read('stolen-vehicle')).toEqual(phrase);
    expect(read('10:30')).toEqual([{ on: 'text', any: [['10', '30']] }]);
  });

  test('a minus, -not and NOT leave out what follows, also in the next argument', () => {
    const without: Condition[] = [{ on: 'text', any: [['STOLEN']], not: true }];
    for (const args of [
      ['-stolen x'],
      ['-not stolen x'],
      ['-not', 'stolen', 'x'],
      ['NOT', 'stolen', 'x'],
    ])
      expect(read(...args).slice(0, 1)).toEqual(without);
    expect(read('-LIC:1*', '-"two words"')).toMatchObject([
      { on: 'field', not: true },
      { on: 'text', any: [['TWO', 'WORDS']], not: true },
    ]);
  });

  test('OR joins its neighbours: of one kind in one list, else as alternatives', () => {
    expect(read('LIC:1 OR LIC:2', 'VIN:3')).toMatchObject([
      { on: 'field', field: 'LIC', any: [{ value: '1' }, { value: '2' }] },
      { on: 'field', field: 'VIN' },
    ]);
    expect(read('stolen', 'OR', 'two words')).toEqual([
      { on: 'text', any: [['STOLEN'], ['TWO', 'WORDS']] },
    ]);
    expect(read('LIC:1 OR VIN:2 OR -stolen')).toMatchObject([
      { on: 'either', of: [{ field: 'LIC' }, { field: 'VIN' }, { on: 'text', not: true }] },
    ]);
    // In small letters, or in quotes, it is a word: Oregon is OR.
    expect(read('stolen or "OR"')).toMatchObject([{}, { any: [['OR']] }, { any: [['OR']] }]);
  });

  test.each([
    ['LIC:', /not complete/],
    ['LIC:*', /asterisk/],
    ['LIC:*1Z*', /asterisk/],
    ['LIC:1*Z', /asterisk/],
    ['LIC:...', /value is needed/],
    ['NAM:*DOE', /first letter/],
    ['NAM:*', /first letter/],
    ['NAM:"DOE, *"', /first letter/],
    ['NAM:D*E', /first letter/],
    ['NAM:"DOE', /not complete/],
    ['NAM:"..."', /value is needed/],
    ['stol*', /for identifiers and names/],
    ['"half a phrase', /quotation mark/],
    ['it"s', /quotation mark/],
    ['...', /without a letter/],
    ['\u0416', /no message can hold/],
    ['NAM:\u0416', /no message can hold/],
    ['OR stolen', /between two/],
    ['stolen OR', /between two/],
    ['stolen OR OR x', /between two/],
    ['stolen -not', /follows/],
    ['NOT -stolen', /one -/],
    ['x'.repeat(513), /at most 512/],
  ])('%s is refused in words', (text, words) => {
    const parsed = parseExpression([text]);
    expect(parsed.ok ? '' : parsed.error).toMatch(words);
  });

  test('any text gives conditions or a sentence, never a throw', () => {
    const near = fc.stringMatching(/^[A-Z:"*, -]{0,20}$/);
    const term = fc.constantFrom('OR', 'NOT', '-not', 'LIC:1', 'NAM:DOE, T*', 'a b', '"a b"', '-x');
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), near, term), { maxLength: 4 }), (args) => {
        const parsed = parseExpression(args);
        if (!parsed.ok) return parsed.error.length > 0;
        // What was read means the same when it is written and read again.
        expect(parseExpression([formatExpression(parsed.value)])).toEqual(parsed);
        return true;
      }),
      { numRuns: 3000 },
    );
  });

  test('what is written is read as what it was', () => {
    fc.assert(
      fc.property(fc.array(fc.array(anyTerm, { minLength: 1, maxLength: 3 })), (groups) => {
        const all = groups.map((of): Condition => ({ on: 'either', of }));
        const once = parseExpression([formatExpression(all)]);
        if (!once.ok) return once.error.includes('at most 512');
        // Every term is there, in its order, however terms of one kind were put together.
        expect(once.value.flatMap(termsOf)).toEqual(all.flatMap(termsOf));
        return true;
      }),
      { numRuns: 500 },
    );
  });
});

const anyWords = fc
  .array(fc.stringMatching(/^[A-Z0-9\xc0-\xd6]{1,5}$/), { minLength: 1, maxLength: 3 })
  .filter((words) => wordsIn(words.join(' ')).length === words.length);
const anyTerm: fc.Arbitrary<PlainCondition> = fc
  .tuple(fc.constantFrom('text', 'field', 'name'), anyWords, fc.nat(3))
  .map(([on, words, dice]): PlainCondition => {
    const not = dice === 0 ? { not: true as const } : {};
    if (on === 'text') return { on, any: [words], ...not };
    const begins = dice === 2;
    const value = words.join('0');
    if (on === 'field') {
      const kind = begins ? 'begins' : dice === 3 ? 'ends' : 'is';
      return { on, field: 'LIC', any: [{ kind, value: `${value}1` }], ...not };
    }
    return {
      on: 'name',
      field: 'NAM',
      any: [words.map((each) => ({ value: each, begins }))],
      ...not,
    };
  });

function termsOf(condition: Condition): readonly object[] {
  if (condition.on === 'either') return condition.of.flatMap(termsOf);
  return condition.any.map((one) => ({ ...condition, any: [one] }));
}

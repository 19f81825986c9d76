import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseExpression } from '../../src/cli/expression.ts';
import { parseCommandLine } from '../../src/cli/program.ts';
import { askedWords, searchQuery } from '../../src/cli/search-query.ts';
import { MscFault } from '#src/errors';
import type { Query } from '#journal/query';

const context = { now: Temporal.Instant.from('2026-11-22T11:10:00Z'), zone: 'UTC' };

function query(...args: readonly string[]): Query {
  const line = parseCommandLine(['journal', 'search', ...args]);
  if (line.kind !== 'run') throw new Error('not a command');
  return searchQuery(line.args, line.flags, context);
}

describe('an expression', () => {
  test.each([
    ['LIC:1ZZZ999', [['LIC', 'is', '1ZZZ999']]],
    ['NAM:"DOE, TEST*"', [['NAM', 'begins', 'DOE, TEST']]],
    // A shell has taken the quotes off.
    ['NAM:DOE, TEST*', [['NAM', 'begins', 'DOE, TEST']]],
    [
      'NAM:DOE, TEST B LIC:1ZZZ999',
      [
        ['NAM', 'is', 'DOE, TEST B'],
        ['LIC', 'is', '1ZZZ999'],
      ],
    ],
    ['vin:*0042', [['VIN', 'ends', '0042']]],
    [
      'LIC:1ZZZ999  VIN:*0042',
      [
        ['LIC', 'is', '1ZZZ999'],
        ['VIN', 'ends', '0042'],
      ],
    ],
  ])('%s is read', (text, wanted) => {
    const parsed = parseExpression([text]);
    const found = parsed.ok
      ? parsed.value.map((each) =>
          each.on === 'field' ? [each.field, each.any[0]?.kind, each.any[0]?.value] : [],
        )
      : parsed.error;
    expect(found).toEqual(wanted);
  });

  test.each([
    ['stolen', /word is not there yet/],
    ['"exact phrase"', /word is not there yet/],
    ['LIC:1ZZZ999 stolen', /word is not there yet/],
    ['LIC:', /not complete/],
    ['LIC:*', /asterisk/],
    ['LIC:*1Z*', /asterisk/],
    ['LIC:1*Z', /asterisk/],
    ['LIC:...', /value is needed/],
    ['NAM:*DOE', /first letter/],
    ['NAM:"DOE', /not complete/],
  ])('%s is refused in words', (text, words) => {
    const parsed = parseExpression([text]);
    expect(parsed.ok ? '' : parsed.error).toMatch(words);
  });

  test('any text gives conditions or a sentence, never a throw', () => {
    const near = fc.stringMatching(/^[A-Z:"*, ]{0,20}$/);
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), near), { maxLength: 3 }), (args) => {
        const parsed = parseExpression(args);
        return parsed.ok || parsed.error.length > 0;
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a search', () => {
  test('without flags is the last 24 hours, 50 entries, newest first', () => {
    expect(query()).toEqual({ since: 1_795_259_400_000_000, where: [], reverse: false, limit: 50 });
  });

  test('since 1970 without a limit asks for every entry, also those written meanwhile', () => {
    expect(query('--since', '1970-01-01', '-n', '0', '--reverse')).toEqual({
      ...{ since: 0, where: [], reverse: true, limit: 0 },
    });
  });

  test('that only counts is not limited unless told', () => {
    expect([query('--count').limit, query('--count', '-n', '7').limit]).toEqual([0, 7]);
  });

  test('of a thread or an entry number is not bounded by time', () => {
    expect(query('--thread', '7').since).toBeUndefined();
    expect(query('--entry', '3..9')).toMatchObject({ entryFrom: 3, entryTo: 9 });
    expect(query('--entry', '3..')).not.toHaveProperty('entryTo');
    expect(query('--entry', '4')).toMatchObject({ entryFrom: 4, entryTo: 4 });
  });

  test('takes each filter, capitals folded, values of one flag as alternatives', () => {
    const { where } = query(
      '--mke',
      'q*',
      '--mke',
      'AM',
      '--user',
      'jdoe',
      '--outcome',
      'refused:H05',
    );
    expect(where).toEqual([
      { on: 'column', column: 'user', any: [{ kind: 'is', value: 'jdoe' }] },
      {
        on: 'column',
        column: 'mke',
        any: [
          { kind: 'begins', value: 'Q' },
          { kind: 'is', value: 'AM' },
        ],
      },
      { on: 'column', column: 'outcome', any: [{ kind: 'is', value: 'refused' }] },
      { on: 'column', column: 'code', any: [{ kind: 'is', value: 'H05' }] },
    ]);
  });

  test('takes an event by its name or by a pattern', () => {
    const { where } = query('--event', 'turned-away', '--event', 'sign-*');
    const any = [
      { kind: 'is', value: 'turned-away' },
      { kind: 'begins', value: 'sign-' },
    ];
    expect(where).toEqual([{ on: 'column', column: 'event', any }]);
  });

  test('is recorded in the words that were typed', () => {
    const line = parseCommandLine(['j', 'search', 'LIC:1ZZZ999', '--mke', 'Q*', '--entry', '1..5']);
    const words = line.kind === 'run' ? askedWords(line.args, line.flags) : '';
    expect(words).toBe('LIC:1ZZZ999 --mke Q* --entry 1..5');
  });

  test.each([
    [['--outcome', 'refused:H05', '--outcome', 'delivered'], /another outcome/],
    [['--outcome', 'lost'], /one of accepted/],
    [['--kind', 'odd'], /one of received/],
    [['--direction', 'up'], /one of in/],
    [['--entry', 'x'], /--entry is a number/],
    [['--entry', '9..3'], /3\.\.9/],
    [['--event', 'signon'], /one of start, .*did you mean `sign-on`\?/],
    [['--on', 'today', '--last', '2h'], /stands alone/],
    [['--since', 'today', '--last', '2h'], /stands alone/],
    [['--since', 'now', '--until', '-2d'], /not before/],
    [['--limit', '-1'], /whole number/],
    [['QQQ:1'], /no field QQQ; searchable are .*LIC/],
    [['--thread', 'x'], /entry number/],
  ])('%j is a usage fault', (args, words) => {
    expect(() => query(...args)).toThrow(words);
    expect(() => query(...args)).toThrow(MscFault);
  });
});

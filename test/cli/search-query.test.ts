import { describe, expect, test } from 'vitest';
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
    const phrase = parseCommandLine(['j', 'search', 'red truck', '-not', 'a', 'b OR c']);
    expect(phrase.kind === 'run' && askedWords(phrase.args, phrase.flags)).toBe(
      '"red truck" -not a b OR c',
    );
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

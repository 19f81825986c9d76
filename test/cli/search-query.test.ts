import { describe, expect, test } from 'vitest';
import { parseCommandLine } from '../../src/cli/program.ts';
import { askedWords, recordWords, searchQuery } from '../../src/cli/search-query.ts';
import { MscFault } from '#src/errors';
import type { Outcome, StoredEntry } from '#journal/entry';
import { matches } from '#journal/query';
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

  test('takes an outcome with its codes beside others', () => {
    const entry = (outcome: Outcome, code?: string): StoredEntry => ({
      entry: { ...{ kind: 'event', event: 'start', entry: 1, time: 1 }, outcome, code },
    });
    const asked = (...values: readonly string[]): Query => ({
      ...query(...values.flatMap((value) => ['--outcome', value])),
      since: 0,
    });
    const two = asked('refused:H05', 'refused:H1*', 'delivered', 'expired:E1');
    const found = [
      ...[entry('refused', 'H05'), entry('refused', 'H17'), entry('delivered')],
      ...[entry('expired', 'E1'), entry('delivered', 'H05')],
    ];
    const not = [entry('refused', 'H06'), entry('refused'), entry('expired', 'H05'), entry('held')];
    expect(found.map((each) => matches(two, each))).toEqual(found.map(() => true));
    expect(not.map((each) => matches(two, each))).toEqual(not.map(() => false));
    // The outcome alone is wider than the same with a code.
    expect(matches(asked('refused', 'refused:H05'), entry('refused', 'H06'))).toBe(true);
  });

  test('takes an address in both of its forms', () => {
    const [first] = query('--addr', '10.20.*', '--addr', '::1').where;
    expect(first).toEqual({
      on: 'column',
      column: 'peer',
      any: [
        { kind: 'begins', value: '10.20.' },
        { kind: 'begins', value: '::ffff:10.20.' },
        { kind: 'is', value: '::1' },
      ],
    });
  });

  test('is journalled with its times, and shown without', () => {
    const line = parseCommandLine(['j', 'search', 'LIC:1', '--since', '-2d', '--until', 'now']);
    if (line.kind !== 'run') throw new Error('not a command');
    expect(recordWords(line.args, line.flags)).toBe('LIC:1 --since -2d --until now');
    expect(askedWords(line.args, line.flags)).toBe('LIC:1');
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
    [['--addr', '*.5'], /beginning of one/],
    [['--addr', 'host'], /beginning of one/],
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

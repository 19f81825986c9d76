// Shifts as times: the one that began last, the one of a day, and the nights on which the clock changes.

import { describe, expect, test } from 'vitest';
import { parseOn, parseTime } from '../../src/cli/time.ts';
import type { TimeContext } from '../../src/cli/time.ts';

const shifts = {
  timezone: 'America/Los_Angeles',
  shifts: { night: '22:00-06:00', day: '06:00-14:00', change: '01:30-02:30', whole: '07:00-07:00' },
};
const at = (now: string): TimeContext => ({ now: Temporal.Instant.from(now), zone: 'UTC', shifts });

function span(text: string, context: TimeContext): readonly string[] | string {
  const parsed = parseOn(text, context);
  if (!parsed.ok) return parsed.error;
  return [parsed.value.since, parsed.value.until].map((instant) =>
    instant.toZonedDateTimeISO('America/Los_Angeles').toString({ timeZoneName: 'never' }),
  );
}

describe('a shift', () => {
  test.each([
    // Within it, before it, and just as it begins.
    ['2026-11-22T09:00:00Z', ['2026-11-21T22:00:00-08:00', '2026-11-22T06:00:00-08:00']],
    ['2026-11-23T05:59:59Z', ['2026-11-21T22:00:00-08:00', '2026-11-22T06:00:00-08:00']],
    ['2026-11-23T06:00:00Z', ['2026-11-22T22:00:00-08:00', '2026-11-23T06:00:00-08:00']],
  ])('is the one that began last, at %s', (now, wanted) => {
    expect(span('shift:night', at(now))).toEqual(wanted);
  });

  test('of a day is the one that began on it', () => {
    const context = at('2026-11-22T09:00:00Z');
    const wanted = ['2026-11-20T22:00:00-08:00', '2026-11-21T06:00:00-08:00'];
    // It is still the 22nd at 01:00 there, so yesterday is the 21st.
    expect(span('shift:night@2026-11-20', context)).toEqual(wanted);
    expect(span('shift:day@yesterday', context)).toEqual([
      ...['2026-11-21T06:00:00-08:00', '2026-11-21T14:00:00-08:00'],
    ]);
    expect(span('shift:whole@2026-11-20', context)).toEqual([
      ...['2026-11-20T07:00:00-08:00', '2026-11-21T07:00:00-08:00'],
    ]);
  });

  test('loses nothing where a boundary occurs twice or never', () => {
    const context = at('2026-11-22T09:00:00Z');
    expect(span('shift:change@2026-11-01', context)).toEqual([
      ...['2026-11-01T01:30:00-07:00', '2026-11-01T02:30:00-08:00'],
    ]);
    // The night has nine hours.
    expect(span('shift:night@2026-10-31', context)).toEqual([
      ...['2026-10-31T22:00:00-07:00', '2026-11-01T06:00:00-08:00'],
    ]);
    expect(span('shift:change@2026-03-08', context)).toEqual([
      ...['2026-03-08T01:30:00-08:00', '2026-03-08T03:30:00-07:00'],
    ]);
  });

  test('gives its beginning to --since and its end to --until', () => {
    const context = at('2026-11-22T09:00:00Z');
    const ends = (['since', 'until'] as const).map((edge) => {
      const parsed = parseTime(' shift:night', edge, context);
      return parsed.ok ? parsed.value.toString() : parsed.error;
    });
    expect(ends).toEqual(['2026-11-22T06:00:00Z', '2026-11-22T14:00:00Z']);
  });

  test.each([
    ['shift:late', /there are night, day, change, whole/],
    ['shift:', /there is no such shift/],
    ['shift:toString', /there is no such shift/],
    ['shift:night@soon', /the day of a shift/],
    ['shift:night@2026-02-30', /no day that exists/],
  ])('%s is refused in words', (text, words) => {
    expect(span(text, at('2026-11-22T09:00:00Z'))).toMatch(words);
  });

  test('is refused where none is named', () => {
    const { now, zone } = at('2026-11-22T09:00:00Z');
    expect(span('shift:night', { now, zone })).toMatch(/no shift is named in the configuration/);
  });
});

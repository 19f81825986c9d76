import fc from 'fast-check';
import { formatInstant } from '#src/control/local-time';
import { describe, expect, test } from 'vitest';
import { formatAge, formatRowTime, parseLength, parseOn, parseTime } from '../../src/cli/time.ts';

const zone = 'America/Los_Angeles';
const context = { now: Temporal.Instant.from('2026-11-22T11:10:00Z'), zone };

describe('a time as typed', () => {
  test.each([
    ['2026-11-20', 'since', '2026-11-20T08:00:00Z'],
    ['2026-11-20', 'until', '2026-11-21T08:00:00Z'],
    ['2026-11-20 14:30', 'since', '2026-11-20T22:30:00Z'],
    ['2026-11-20 14:30:05', 'until', '2026-11-20T22:30:05Z'],
    ['2026-11-20T14:30Z', 'since', '2026-11-20T14:30:00Z'],
    ['2026-11-20 14:30 -07:00', 'since', '2026-11-20T21:30:00Z'],
    ['now', 'until', '2026-11-22T11:10:00Z'],
    ['today', 'since', '2026-11-22T08:00:00Z'],
    ['today', 'until', '2026-11-23T08:00:00Z'],
    ['yesterday', 'since', '2026-11-21T08:00:00Z'],
    ['-2d', 'since', '2026-11-20T11:10:00Z'],
    ['-1h30m', 'since', '2026-11-22T09:40:00Z'],
    ['@1793577600', 'since', '2026-11-02T00:00:00Z'],
    // An hour that occurs twice is one instant with an offset.
    ['2026-11-01 01:30-07:00', 'since', '2026-11-01T08:30:00Z'],
    ['2026-11-01 01:30-08:00', 'since', '2026-11-01T09:30:00Z'],
    // The day of the change has 25 hours.
    ['2026-11-01', 'until', '2026-11-02T08:00:00Z'],
  ] as const)('%s as %s is %s', (text, edge, instant) => {
    expect(parseTime(text, edge, context)).toEqual({
      ok: true,
      value: Temporal.Instant.from(instant),
    });
  });

  test.each([
    ['2026-11-01 01:30', /occurs twice.*-07:00 or -08:00/],
    ['2026-03-08 02:30', /does not occur.*offset/],
    ['2026-02-30', /no time that exists/],
    ['2026-13-01 10:00', /no time that exists/],
    ['2026-11-01 25:00', /no time that exists/],
    ['14:30', /the forms are/],
    ['-2y', /length of time/],
    ['shift:night', /shifts/],
    ['', /the forms are/],
  ])('%s is refused in words', (text, words) => {
    const parsed = parseTime(text, 'since', context);
    expect(parsed.ok ? '' : parsed.error).toMatch(words);
  });

  test('any text gives an instant or a sentence, never a throw', () => {
    const near = fc.stringMatching(/^[-@0-9:TZ +wdhms.]{0,24}$/);
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), near),
        fc.constantFrom('since' as const, 'until' as const),
        (text, edge) => {
          const parsed = parseTime(text, edge, context);
          return parsed.ok ? parsed.value instanceof Temporal.Instant : parsed.error.length > 0;
        },
      ),
      { numRuns: 2000 },
    );
  });
});

test('a day is the whole of it, also where the clock changes', () => {
  const day = parseOn('2026-11-01', context);
  const hours = day.ok ? day.value.until.since(day.value.since).total('hours') : 0;
  expect(hours).toBe(25);
  expect(parseOn('now', context).ok).toBe(false);
  expect(parseOn('2026-02-30', context).ok).toBe(false);
});

test('a length of time is counted in seconds', () => {
  expect(parseLength('90m')).toEqual({ ok: true, value: 5400 });
  expect(parseLength('1w2d3h4m5s')).toEqual({ ok: true, value: 788_645 });
  expect(parseLength('').ok).toBe(false);
  expect(parseLength('90').ok).toBe(false);
});

test('times are shown with their zone, ages in words', () => {
  const instant = Temporal.Instant.from('2026-11-20T11:10:00Z');
  expect(formatInstant(instant, zone)).toBe('2026-11-20 03:10:00 PST');
  expect(formatInstant(instant, 'UTC')).toBe('2026-11-20 11:10:00 UTC');
  expect(formatRowTime('2026-11-22T07:41:07.118456Z', zone)).toBe('11-21 23:41:07.118');
  expect(formatRowTime('no time', zone)).toBe('no time');
  expect(formatAge(220_000)).toBe('00:03:40');
  expect(formatAge((12 * 24 + 4) * 3_600_000 + 11 * 60_000)).toBe('12 d 04:11');
});

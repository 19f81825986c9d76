import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWithin, parseRanges, RangeCollector, rangesMost } from '#journal/ranges';

function formatted(entries: readonly number[]): string {
  const collector = new RangeCollector();
  for (const entry of entries) collector.add(entry);
  return collector.format();
}

const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 60 });

describe('ranges of entries', () => {
  it.each([
    [[], ''],
    [[40], '40'],
    [[17, 18, 19, 40], '17-19,40'],
    [[40, 19, 18, 17], '17-19,40'],
    [[5, 5, 6], '5-6'],
  ])('%j are %s', (entries, text) => {
    expect(formatted(entries)).toBe(text);
  });

  it('say exactly the numbers that were given, rising or falling', () => {
    fc.assert(
      fc.property(numbers, fc.boolean(), (some, falling) => {
        const entries = some.toSorted((one, other) => (falling ? other - one : one - other));
        const parsed = parseRanges(formatted(entries));
        const all = Array.from({ length: 202 }, (_, entry) => entry);
        const within = all.filter((entry) => parsed !== undefined && isWithin(parsed, entry));
        expect(parsed?.loose).toBe(false);
        expect(within).toEqual(some.toSorted((one, other) => one - other));
      }),
    );
  });

  it('that are too many are bounded by the lowest and the highest, and say so', () => {
    const even = Array.from({ length: rangesMost }, (_, index) => 2 * index + 2);
    expect(parseRanges(formatted(even))?.loose).toBe(false);
    const more = formatted([...even, 1_000_001]);
    expect(more).toBe('2..1000001');
    expect(parseRanges(more)).toEqual({ loose: true, ranges: [{ from: 2, to: 1_000_001 }] });
  });

  it.each(['', '1,', 'x', '1-', '1..', '1,2..3', '-1'])('"%s" is none', (text) => {
    expect(parseRanges(text)).toBeUndefined();
  });
});

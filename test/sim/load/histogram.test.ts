// Percentiles against the sorted truth.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Histogram } from '#src/sim/load/histogram';

const times = fc.array(fc.double({ min: 0, max: 3_600_000, noNaN: true }), {
  minLength: 1,
  maxLength: 500,
});

it('is never below the truth, and at most one part in 128 above it', () => {
  fc.assert(
    fc.property(times, fc.constantFrom(0.5, 0.9, 0.99, 0.999, 1), (all, part) => {
      const histogram = filled(all);
      const sorted = all.toSorted((one, other) => one - other);
      const truth = sorted[Math.ceil(sorted.length * part) - 1] ?? NaN;
      const said = histogram.percentileMs(part) ?? NaN;
      expect(said).toBeGreaterThanOrEqual(truth);
      // Microseconds are the finest it knows.
      expect(said).toBeLessThanOrEqual((truth + 0.001) * (1 + 1 / 128));
    }),
  );
});

it('knows the highest exactly', () => {
  fc.assert(
    fc.property(times, (all) => {
      expect(filled(all).maxMs).toBe(Math.max(...all));
      expect(filled(all).percentileMs(1)).toBe(Math.max(...all));
    }),
  );
});

it('of two is that of all together', () => {
  fc.assert(
    fc.property(times, times, (some, others) => {
      const both = filled(some);
      both.add(filled(others));
      const all = filled([...some, ...others]);
      for (const part of [0.1, 0.5, 0.99])
        expect(both.percentileMs(part)).toBe(all.percentileMs(part));
      expect(both.count).toBe(all.count);
    }),
  );
});

it('of nothing says nothing', () => {
  expect(new Histogram().percentileMs(0.5)).toBeUndefined();
});

it('takes what is earlier than its time, and what is longer than it counts', () => {
  const histogram = filled([-5, 2 ** 33]);
  expect(histogram.percentileMs(0.5)).toBe(0);
  expect(histogram.count).toBe(2);
});

function filled(all: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const ms of all) histogram.record(ms);
  return histogram;
}

// The times at which a load is due, from its plan alone.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SimFault } from '#src/sim/fault';
import { parsePlan } from '#src/sim/load/plan';
import type { PlanWords } from '#src/sim/load/plan';
import { arrivals } from '#src/sim/load/schedule';

const words = (more: Partial<PlanWords> = {}): PlanWords => ({
  ...{ rate: '50', mix: 'query=8,admin=1', for: '100s', arrivals: 'poisson', seed: 7 },
  ...{ timeout: 60, ...more },
});
const schedule = (more: Partial<PlanWords> = {}) => [...arrivals(parsePlan(words(more)))];

describe('arrivals', () => {
  it('by chance come at the rate, and independently of each other', () => {
    const times = schedule().map(({ atMs }) => atMs);
    // 5,000 are expected; six standard deviations are 424.
    expect(Math.abs(times.length - 5_000)).toBeLessThan(424);
    const gaps = times.slice(1).map((atMs, at) => atMs - (times[at] ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
    // Of a Poisson stream the deviation of the gaps is their mean; of an even one it is none.
    expect(Math.sqrt(variance) / mean).toBeGreaterThan(0.9);
    expect(Math.sqrt(variance) / mean).toBeLessThan(1.1);
  });

  it('evenly spaced do not drift', () => {
    const times = schedule({ arrivals: 'even', rate: '30' }).map(({ atMs }) => atMs);
    expect(times.length).toBe(3_000);
    expect(times[2_999]).toBeCloseTo((2_999 / 30) * 1_000, 6);
  });

  it('are the same from the same seed, and others from another', () => {
    expect(schedule()).toEqual(schedule());
    expect(schedule()).not.toEqual(schedule({ seed: 8 }));
  });

  it('are of the kinds of the mix, as often as it says', () => {
    const kinds = schedule().map(({ kind }) => kind);
    const admin = kinds.filter((kind) => kind === 'admin').length / kinds.length;
    expect(new Set(kinds)).toEqual(new Set(['query', 'admin']));
    expect(Math.abs(admin - 1 / 9)).toBeLessThan(0.03);
  });

  it('of a burst come at one moment, besides the rate, and again', () => {
    const all = schedule({ for: '35s', burst: ['500/10s'], arrivals: 'even' });
    const at = (ms: number) => all.filter(({ atMs }) => atMs === ms).length;
    expect([at(10_000), at(20_000), at(30_000)]).toEqual([501, 501, 501]);
    expect(all.length).toBe(35 * 50 + 3 * 500);
  });

  it('never go back in time and never pass the end', () => {
    const bursts = fc.array(fc.constantFrom('3/1s', '2/7s', '5/2s'), { maxLength: 3 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_999 }), bursts, (seed, burst) => {
        const times = schedule({ seed, burst, for: '20s' }).map(({ atMs }) => atMs);
        expect(times.toSorted((one, other) => one - other)).toEqual(times);
        expect(times.every((atMs) => atMs >= 0 && atMs < 20_000)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});

describe('a plan', () => {
  it.each<[string, Partial<PlanWords>]>([
    ['no rate', { rate: '0' }],
    ['a rate that is none', { rate: '1e3' }],
    ['a rate over the limit', { rate: '10001' }],
    ['a kind nobody knows', { mix: 'query=1,fax=2' }],
    ['a kind twice', { mix: 'query=1,query=2' }],
    ['a mix of nothing', { mix: 'query=0' }],
    ['a time without its unit', { for: '10' }],
    ['more than a day', { for: '25h' }],
    ['a burst of nothing', { burst: ['0/1s'] }],
    ['a burst without its time', { burst: ['5'] }],
    ['a burst too often', { burst: ['5/10ms'] }],
    ['more messages than are remembered', { rate: '10000', for: '1h' }],
  ])('with %s is refused', (_, more) => {
    expect(() => parsePlan(words(more))).toThrow(SimFault);
  });
});

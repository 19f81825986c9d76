// What a search may cost: when it needs --scan, and when it becomes a job by itself.

import { describe, expect, it } from 'vitest';
import type { Condition, Plan, Query } from '#journal/query';
import { judge, requireScan } from '#src/control/plan';
import type { PlanReport } from '#src/control/wire-search';

const text: Condition = { on: 'text', any: [['STOLEN']] };
const plate: Condition = { on: 'field', field: 'LIC', any: [{ kind: 'is', value: '1' }] };
const all: Plan = { entries: 1_000_000, reads: 1_000_000, by: [] };

function judged(
  where: readonly Condition[],
  { plan = all, tally = false, since = 0 }: { plan?: Plan; tally?: boolean; since?: number } = {},
): PlanReport {
  const query: Query = { where, since, reverse: false, limit: 50 };
  return judge(plan, { query, tally, budgetMs: 2_000 });
}

describe('a search of texts', () => {
  it('that nothing narrows must be asked for, within a time', () => {
    const report = judged([text]);
    expect(report.needsScan).toBe(true);
    expect(() => requireScan(report, false)).toThrow(expect.objectContaining({ code: 'MSC-1705' }));
    expect(() => requireScan(report, true)).not.toThrow();
    expect(() => requireScan({ ...report, hasRange: false }, true)).toThrow();
    expect(judged([{ on: 'either', of: [plate as never, text as never] }]).needsScan).toBe(true);
  });

  it('that is read within the budget need not be', () => {
    expect(judged([text], { plan: { ...all, reads: 2_000 } }).needsScan).toBe(false);
  });

  it('that something narrows is as any other', () => {
    expect(judged([text, plate], { plan: { ...all, by: ['LIC'] } })).toMatchObject({
      needsScan: false,
      isJob: false,
    });
  });
});

describe('a search over the budget', () => {
  it('becomes a job where it looks for something entry by entry', () => {
    expect(judged([text]).isJob).toBe(true);
    expect(judged([plate]).isJob).toBe(true);
    expect(judged([text], { plan: { ...all, reads: 1_000 } }).isJob).toBe(false);
  });

  it('streams where it asks for everything, or for what is not there', () => {
    expect(judged([]).isJob).toBe(false);
    expect(judged([{ ...plate, not: true }]).isJob).toBe(false);
  });

  it('becomes a job where it counts, however it is narrowed', () => {
    const plan = { ...all, by: ['user'] };
    expect(judged([plate], { plan, tally: true }).isJob).toBe(true);
    expect(judged([], { tally: true }).isJob).toBe(true);
  });
});

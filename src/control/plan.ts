// What a search may cost: whether it needs `--scan`, and whether it becomes a job. Pure; the journal's plan says
// what would have to be read.

import { MscFault } from '#src/errors';
import type { Condition, Plan, PlainCondition, Query } from '#journal/query';
import type { PlanReport } from './wire-search.ts';

/** Entries that a search reads and decodes in a second, at least; a slow machine reads as many. */
const readsPerSecond = 60_000;

export interface Wish {
  readonly query: Query;
  /** It counts, so it cannot stop at a limit. */
  readonly tally: boolean;
  readonly budgetMs: number;
}

export function judge(plan: Plan, { query, tally, budgetMs }: Wish): PlanReport {
  const isScan = plan.by.length === 0 && query.where.some(isSought);
  const seconds = plan.reads / readsPerSecond;
  return {
    ...plan,
    seconds,
    budgetSeconds: budgetMs / 1000,
    // What is read within the budget is no burden to anybody: a journal of some minutes, not indexed yet.
    needsScan: isScan && query.where.some(isOfText) && seconds * 1000 > budgetMs,
    hasRange: query.since !== undefined || query.entryFrom !== undefined,
    // One that is narrowed, or asks for nothing, finds what it reads: it streams, and stops at its limit.
    isJob: (isScan || tally) && seconds * 1000 > budgetMs,
  };
}

/** @throws MscFault MSC-1705 for a text that nothing narrows, unless it was asked for so, within a time. */
export function requireScan(report: PlanReport, scan: boolean): void {
  if (!report.needsScan || (scan && report.hasRange)) return;
  throw new MscFault('MSC-1705', { detail: `about ${Math.ceil(report.reads)} entries` });
}

/** What is to be there: what is to be absent is found at once nearly anywhere. */
function isSought(condition: Condition): boolean {
  return condition.on === 'either' ? condition.of.every(isSought) : condition.not !== true;
}

function isOfText(condition: Condition): boolean {
  const isText = (one: PlainCondition): boolean => one.on === 'text' && one.not !== true;
  return condition.on === 'either' ? condition.of.some(isText) : isText(condition);
}

// What became of a load, for people and for programs: one value, two forms. Times of the table are
// milliseconds, those of the JSON seconds.

import type { Histogram } from './histogram.ts';
import { Counts } from './offers.ts';
import { openMax } from './run.ts';
import type { Ending, LoadRun } from './run.ts';
import type { LoadPlan } from './plan.ts';

export interface LoadReport {
  readonly plan: LoadPlan;
  readonly links: { readonly wanted: number; readonly used: number };
  readonly ending: Ending;
  readonly tookMs: number;
  readonly all: Counts;
  readonly kinds: ReadonlyMap<string, Counts>;
  readonly run: LoadRun;
  /** What a reader must know before believing the figures. */
  readonly warnings: readonly string[];
}

/** A generator that is later than this with one in a hundred says so. */
const lagWarnMs = 10;

export function makeReport(
  made: Pick<LoadReport, 'plan' | 'links' | 'ending' | 'tookMs' | 'run'>,
  notes: readonly string[],
): LoadReport {
  const all = new Counts();
  const { kinds } = made.run.offers;
  for (const counts of kinds.values()) all.add(counts);
  return { ...made, all, kinds, warnings: [...notes, ...warningsOf(made.run, made.ending)] };
}

/** 0: nothing lost and every order kept. 1: not so. 130: interrupted. */
export function exitOf({ ending, all, run }: LoadReport): number {
  if (ending === 'interrupted') return 130;
  return all.lost > 0 || run.order.violations > 0 || ending === 'overloaded' ? 1 : 0;
}

/** One JSON object, as `--json` prints it. */
export function reportJson(report: LoadReport): string {
  const { plan, links, ending, tookMs, all, kinds, run, warnings } = report;
  const named = Object.fromEntries([...kinds].map(([kind, counts]) => [kind, countsJson(counts)]));
  return JSON.stringify({
    schema: 'msc-sim.load/1',
    ...{ rate: plan.perSecond, for_seconds: plan.forMs / 1_000, arrivals: plan.arrivals },
    ...{ seed: plan.seed, timeout_seconds: plan.timeoutMs / 1_000, links },
    mix: Object.fromEntries(plan.mix.map(({ kind, weight }) => [kind, weight])),
    bursts: plan.bursts.map(({ count, everyMs }) => ({ count, every_seconds: everyMs / 1_000 })),
    ...{ ending, took_seconds: tookMs / 1_000 },
    ...countsJson(all),
    ...{ order_violations: run.order.violations, duplicates: run.duplicates },
    ...{ notices: run.notices, unasked: run.unasked, lines_lost: run.linesLost },
    lag_seconds: timesJson(run.lag),
    kinds: named,
    warnings,
  });
}

/** The lines that a person reads. */
export function reportLines(report: LoadReport): string[] {
  const { plan, links, ending, tookMs, all, kinds, run, warnings } = report;
  const mix = plan.mix.map(({ kind, weight }) => `${kind} ${weight}`).join(', ');
  const bursts = plan.bursts.map(
    ({ count, everyMs }) => `, ${count} more each ${everyMs / 1_000} s`,
  );
  const rows = [header, rowOf('all', all), ...[...kinds].map(([kind, each]) => rowOf(kind, each))];
  return [
    `${plan.perSecond} a second (${plan.arrivals}, seed ${plan.seed})${bursts.join('')}; ${mix}`,
    `${links.used} links, ${(tookMs / 1_000).toFixed(1)} s, ${ending}`,
    '',
    ...aligned(rows),
    '',
    ...(all.refused.size === 0 ? [] : [`refused: ${codesOf(all)}`]),
    `order violations ${run.order.violations}; duplicates ${run.duplicates.flagged} flagged, ${run.duplicates.unflagged} not`,
    `notices of the switch ${run.notices}; unasked ${run.unasked}; lines lost ${run.linesLost}`,
    `the generator's own lag, ms: ${timesOf(run.lag).map(inMs).join(' ')} (p50 p90 p99 p99.9 max)`,
    ...warnings.map((warning) => `warning: ${warning}`),
  ];
}

function warningsOf(run: LoadRun, ending: Ending): string[] {
  const lagMs = run.lag.percentileMs(0.99) ?? 0;
  const [fault] = run.faults;
  return [
    ...(lagMs > lagWarnMs
      ? [
          `the generator itself was late: 1 in 100 by more than ${inMs(lagMs)} ms; ` +
            'the figures hold that too, so the switch may be better than they say',
        ]
      : []),
    ...(fault === undefined
      ? []
      : [`${run.faults.length} links did not come back: ${fault.code}: ${fault.message}`]),
    ...(ending === 'overloaded'
      ? [`ended early: ${openMax} messages were without an end at the same time`]
      : []),
  ];
}

const parts = [0.5, 0.9, 0.99, 0.999] as const;

/** p50, p90, p99, p99.9 and the highest. */
function timesOf(times: Histogram): readonly (number | undefined)[] {
  const highest = times.count === 0 ? undefined : times.maxMs;
  return [...parts.map((part) => times.percentileMs(part)), highest];
}

function timesJson(times: Histogram): Readonly<Record<string, number | undefined>> {
  const [p50, p90, p99, p99_9, max] = timesOf(times).map((ms) =>
    ms === undefined ? undefined : Math.round(ms * 1_000) / 1_000_000,
  );
  return { p50, p90, p99, p99_9, max };
}

function countsJson(counts: Counts): Readonly<Record<string, unknown>> {
  const { offered, sent, answered, late, lost, open, refused, latency } = counts;
  return {
    ...{ offered, sent, answered, late, lost, open },
    refused: Object.fromEntries(refused),
    latency_seconds: timesJson(latency),
  };
}

const header = [
  ...['', 'OFFERED', 'SENT', 'ANSWERED', 'LATE', 'LOST', 'OPEN', 'REFUSED'],
  ...['P50 ms', 'P90', 'P99', 'P99.9', 'MAX'],
];

function rowOf(name: string, counts: Counts): string[] {
  const { offered, sent, answered, late, lost, open, refused, latency } = counts;
  const refusals = [...refused.values()].reduce((sum, count) => sum + count, 0);
  const numbers = [offered, sent, answered, late, lost, open, refusals];
  return [name, ...numbers.map(String), ...timesOf(latency).map(inMs)];
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = header.map((_, at) => Math.max(...rows.map((row) => (row[at] ?? '').length)));
  return rows.map(([name = '', ...cells]) =>
    [name.padEnd(widths[0] ?? 0), ...cells.map((cell, at) => cell.padStart(widths[at + 1] ?? 0))]
      .join('  ')
      .trimEnd(),
  );
}

const codesOf = ({ refused }: Counts): string =>
  [...refused].map(([code, count]) => `${code} ${count}`).join(', ');

function inMs(ms: number | undefined): string {
  if (ms === undefined) return '-';
  return ms >= 100 ? ms.toFixed(0) : ms.toFixed(1);
}

// `msc status`: how the switch is, from its counters alone (operator-experience 6). Under 200 ms.

import type { StatusReport } from '#src/control/wire';
import type { Call } from './command.ts';
import { withSwitch } from './installation.ts';
import { formatAge } from './time.ts';

/** Exit 1 when the switch is not ready. */
export async function runStatus({ flags, output }: Call): Promise<number> {
  const report = await withSwitch(flags, (client) => client.call('status', {}));
  const json = output.format === 'json' || output.format === 'jsonl';
  if (json) await output.print(JSON.stringify(statusJson(report)));
  else for (const line of statusLines(report, Date.now())) await output.print(line);
  return report.ready ? 0 : 1;
}

/** At most 80 columns a line. */
export function statusLines(report: StatusReport, nowMs: number): readonly string[] {
  const { version, county, startedAtUs, view, journal } = report;
  const up = formatAge(nowMs - startedAtUs / 1000);
  const state = report.ready ? 'ready' : `not ready: ${report.notReady ?? 'no reason given'}`;
  const waiting = sum(view.queues.map((queue) => queue.waiting));
  return [
    `msc ${version} · county "${county}" · up ${up} · ${state}`,
    `stations   ${stationWords(report)}`,
    ...view.upstreams.map((upstream, index) => {
      const since = formatAge(nowMs - upstream.sinceMs);
      const counts = `waiting ${upstream.waiting}   unacknowledged ${upstream.unacknowledged}`;
      const label = index === 0 ? 'upstreams ' : '          ';
      return `${label} ${upstream.name} ${upstream.state} for ${since}   ${counts}`;
    }),
    `queues     ${waiting} waiting${oldestWords(report)}   intercept ${view.intercept}   open requests ${view.requests}`,
    `journal    ${grouped(journal.entries)} ${journal.entries === 1 ? 'entry' : 'entries'}   last commit ${Math.round(journal.lastCommitMs)} ms${journal.blocked ? '   DISK FULL OR STUCK' : ''}`,
    ...report.attention.flatMap(({ code, text, next }) => attentionLines(`${code} ${text}`, next)),
  ];
}

/** `msc.status/1`: members may be added, never renamed or removed. */
export function statusJson(report: StatusReport): Readonly<Record<string, unknown>> {
  const { view, journal, addresses, startedAtUs } = report;
  const time = (ms: number): string => new Date(ms).toISOString();
  return {
    schema: 'msc.status/1',
    version: report.version,
    county: report.county,
    pid: report.pid,
    started: time(startedAtUs / 1000),
    ready: report.ready,
    ...(report.notReady === undefined ? {} : { not_ready: report.notReady }),
    mode: view.mode,
    addresses,
    stations: view.stations.map(({ sinceMs, ...station }) => ({
      ...station,
      ...(sinceMs === undefined ? {} : { since: time(sinceMs) }),
    })),
    upstreams: view.upstreams.map(({ sinceMs, ...upstream }) => ({
      ...upstream,
      since: time(sinceMs),
    })),
    queues: view.queues.map(({ name, waiting, oldestMs }) => ({
      name,
      waiting,
      oldest_seconds: oldestMs / 1000,
    })),
    intercept: view.intercept,
    requests: view.requests,
    journal: {
      folder: journal.folder,
      entries: journal.entries,
      last_commit_seconds: journal.lastCommitMs / 1000,
      blocked: journal.blocked,
    },
    attention: report.attention,
  };
}

/** The next step beside what is wrong, or below where both are too long. */
function attentionLines(what: string, next: string | undefined): readonly string[] {
  const line = `attention  ${what}`;
  if (next === undefined) return [line];
  const both = `${line} → ${next}`;
  return both.length <= 80 ? [both] : [line, `           → ${next}`];
}

function stationWords({ view: { stations } }: StatusReport): string {
  const count = (...states: readonly string[]): number =>
    stations.filter(({ state }) => states.includes(state)).length;
  const disabled = count('disabled');
  const parts = [
    `${count('connected', 'signed-on')} of ${stations.length} connected`,
    `${count('signed-on')} signed on`,
    ...(disabled === 0 ? [] : [`${disabled} disabled`]),
  ];
  return parts.join('   ');
}

function oldestWords({ view: { queues } }: StatusReport): string {
  const oldest = queues
    .filter(({ waiting }) => waiting > 0)
    .sort((a, b) => b.oldestMs - a.oldestMs)[0];
  return oldest === undefined ? '' : `   oldest ${formatAge(oldest.oldestMs)} ${oldest.name}`;
}

/** Thousands apart: 48 811 512. */
function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ' ');
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

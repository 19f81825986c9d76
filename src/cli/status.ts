// `msc status`: how the switch is, from its counters alone (operator-experience 6). Under 200 ms. With
// `--watch` again and again: in place on a terminal, one after the other in a pipe.

import { setTimeout as pause } from 'node:timers/promises';
import type { ControlClient } from '#src/control/client';
import type { StatusReport } from '#src/control/wire';
import type { Call } from './command.ts';
import { withSwitch } from './installation.ts';
import { grouped } from './measures.ts';
import type { Output } from './output.ts';
import { foldParts, wantsObject } from './output.ts';
import { formatAge, formatClock } from './time.ts';

const watchMs = 2_000;
/** Home, and what stands below is wiped. */
const again = '\u001b[H\u001b[J';

/** Exit 1 when the switch is not ready. */
export async function runStatus({ flags, output }: Call): Promise<number> {
  return withSwitch(flags, async (client) => {
    if (!flags.on('watch')) return (await printStatus(client, output)) ? 0 : 1;
    const inPlace = Number.isFinite(output.width) && !wantsObject(output);
    for (let first = true; ; first = false) {
      const before = inPlace ? again : first || wantsObject(output) ? '' : '\n';
      await printStatus(client, output, before);
      await pause(watchMs);
    }
  });
}

async function printStatus(client: ControlClient, output: Output, before = ''): Promise<boolean> {
  const json = wantsObject(output);
  const report = await client.call('status', { brief: !json });
  const lines = json
    ? [JSON.stringify(statusJson(report))]
    : statusLines(report, { nowMs: Date.now(), zone: output.zone });
  await output.print(before + lines.join('\n'));
  return report.ready;
}

interface Seen {
  readonly nowMs: number;
  readonly zone: string;
}

/** At most 80 columns a line. */
export function statusLines(report: StatusReport, seen: Seen): readonly string[] {
  const { version, county, startedAtUs, attention } = report;
  const up = formatAge(seen.nowMs - startedAtUs / 1000);
  const state = report.ready ? 'ready' : `not ready: ${report.notReady ?? 'no reason given'}`;
  return [
    `msc ${version} · county "${county}" · up ${up} · ${state}`,
    ...labelled('terminals', terminalParts(report)),
    ...labelled('upstreams', upstreamParts(report, seen)),
    ...labelled('queues', queueParts(report)),
    ...labelled('journal', journalParts(report)),
    ...attention.flatMap(({ code, text, next }) => attentionLines(`${code} ${text}`, next)),
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
      ...dialJson(report, upstream.name),
    })),
    queues: view.queues.map(({ name, waiting, oldestMs }) => ({
      name,
      waiting,
      oldest_seconds: oldestMs / 1000,
    })),
    terminals: countsJson(report),
    intercept: view.intercept,
    requests: view.requests,
    journal: {
      folder: journal.folder,
      entries: journal.entries,
      last_commit_seconds: journal.lastCommitMs / 1000,
      blocked: journal.blocked,
      ...(journal.diskUsed === undefined ? {} : { disk_used: journal.diskUsed }),
    },
    attention: report.attention,
  };
}

function countsJson(report: StatusReport): Readonly<Record<string, number>> {
  const { known, connected, signedOn, disabled } = countsOf(report);
  return { known, connected, signed_on: signedOn, disabled };
}

function dialJson(
  { dialling = [] }: StatusReport,
  name: string,
): Readonly<Record<string, unknown>> {
  const how = dialling.find((each) => each.name === name);
  if (how === undefined) return {};
  const { nextMs, why, resting } = how;
  return {
    ...(nextMs === undefined ? {} : { next_seconds: Math.round(nextMs) / 1000 }),
    ...(why === undefined ? {} : { why }),
    ...(resting ? { disabled: true } : {}),
  };
}

/** The next step beside what is wrong, or below where both are too long. */
function attentionLines(what: string, next: string | undefined): readonly string[] {
  const line = `attention  ${what}`;
  if (next === undefined) return [line];
  const both = `${line} → ${next}`;
  return both.length <= 80 ? [both] : [line, `           → ${next}`];
}

/** `terminals  41 of 44 connected   2 disabled`; what does not fit goes on below. */
function labelled(label: string, parts: readonly string[]): readonly string[] {
  if (parts.length === 0) return [];
  const [first = '', ...more] = parts;
  const lines = [`${label.padEnd(10)} ${first}`, ...more];
  return foldParts(lines, '   ', { width: 80, indent: 11 });
}

const darkNamed = 3;

/** An older switch, not yet restarted, sends the stations alone. */
function countsOf({ terminals, view }: StatusReport): NonNullable<StatusReport['terminals']> {
  if (terminals !== undefined) return terminals;
  const { stations } = view;
  const count = (...states: readonly string[]): number =>
    stations.filter(({ state }) => states.includes(state)).length;
  return {
    known: stations.length,
    connected: count('connected', 'signed-on'),
    signedOn: count('signed-on'),
    disabled: count('disabled'),
    dark: [],
  };
}

function terminalParts(report: StatusReport): readonly string[] {
  const { known, connected, signedOn, disabled, dark } = countsOf(report);
  const away = known - connected - disabled;
  const names = dark.slice(0, darkNamed);
  const more = away > names.length ? ` and ${away - names.length} more` : '';
  return [
    `${connected} of ${known} connected`,
    `${signedOn} signed on`,
    ...(disabled === 0 ? [] : [`${disabled} disabled`]),
    ...(names.length === 0 ? [] : [`dark ${names.join(' ')}${more}`]),
  ];
}

function upstreamParts({ view, dialling = [] }: StatusReport, seen: Seen): readonly string[] {
  return view.upstreams.map(({ name, state, sinceMs, waiting, unacknowledged }) => {
    const counts = [
      ...(waiting === 0 ? [] : [`${waiting} waiting`]),
      ...(unacknowledged === 0 ? [] : [`${unacknowledged} unacknowledged`]),
    ];
    const how = dialling.find((each) => each.name === name);
    const word = how?.resting === true ? 'disabled' : state;
    const why = [
      ...(how?.why === undefined ? [] : [how.why]),
      ...(how?.nextMs === undefined ? [] : [`next try ${Math.round(how.nextMs / 1000)} s`]),
    ];
    const since = state === 'up' ? formatAge(seen.nowMs - sinceMs) : sinceWords(sinceMs, seen);
    return [
      `${name} ${word} ${state === 'up' ? 'for' : 'since'} ${since}`,
      ...(why.length === 0 ? [] : [`(${why.join(', ')})`]),
      ...counts,
    ].join(' ');
  });
}

/** The time of day within the last day, `02:55`, else how long ago. */
function sinceWords(sinceMs: number, { nowMs, zone }: Seen): string {
  const agedMs = nowMs - sinceMs;
  return agedMs >= 86_400_000 ? `${formatAge(agedMs)} ago` : formatClock(sinceMs, zone);
}

function queueParts({ view: { queues, intercept, requests } }: StatusReport): readonly string[] {
  const waiting = queues.reduce((total, queue) => total + queue.waiting, 0);
  const [oldest] = queues
    .filter((queue) => queue.waiting > 0)
    .toSorted((a, b) => b.oldestMs - a.oldestMs);
  return [
    `${waiting} waiting`,
    ...(oldest === undefined ? [] : [`oldest ${formatAge(oldest.oldestMs)} ${oldest.name}`]),
    `intercept ${intercept}`,
    `open requests ${requests}`,
  ];
}

function journalParts({ journal }: StatusReport): readonly string[] {
  const { entries, lastCommitMs, blocked, diskUsed } = journal;
  return [
    `${grouped(entries)} ${entries === 1 ? 'entry' : 'entries'}`,
    `last commit ${Math.round(lastCommitMs)} ms`,
    ...(diskUsed === undefined ? [] : [`disk ${Math.round(diskUsed * 100)} %`]),
    ...(blocked ? ['DISK FULL OR STUCK'] : []),
  ];
}

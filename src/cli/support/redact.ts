// What leaves the house and what does not: settings without the addresses of the network, counters without
// people, log lines with known members alone. What is not known to be harmless is left out. Pure.

import type { EffectiveSetting } from '#src/config/effective';
import type { StatusReport } from '#src/control/wire';

/** Addresses, names of hosts, and who this is. */
const closedSettings = /(?:^|\.)(?:address|server_name|ori|county)$/;
const removed = '[removed]';

/** Keys, passwords and message text are in no setting: those are paths. */
export function redactSettings(settings: readonly EffectiveSetting[]): readonly EffectiveSetting[] {
  return settings.map((setting) => {
    if (!closedSettings.test(setting.key)) return setting;
    const port = /:(\d+)$/.exec(String(setting.value))?.[1];
    return { ...setting, value: port === undefined ? removed : `${removed}:${port}` };
  });
}

/** The shortest word that is looked for in what is written: a shorter one stands in every text. */
const wordMin = 4;

/** The words behind the closed settings: hosts, county, ORI. */
export function closedWords(settings: readonly EffectiveSetting[]): readonly string[] {
  return settings
    .filter(({ key }) => closedSettings.test(key))
    .map(({ value }) => String(value).replace(/:\d+$/, ''));
}

/** What was written for people may name what is closed, or say where somebody listens. */
export function redactText(text: string, words: readonly string[]): string {
  const longestFirst = [...words]
    .filter((word) => word.length >= wordMin)
    .sort((a, b) => b.length - a.length);
  return longestFirst
    .reduce((open, word) => open.replaceAll(word, removed), text)
    .replaceAll(/\b(https?:\/\/)[^\s/"]+/g, `$1${removed}`)
    .replaceAll(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g, removed);
}

/** Counters and states: no user, no address of a peer, no queue of a person. */
export function redactStatus(report: StatusReport): object {
  const { version, startedAtUs, ready, notReady, view, journal, attention } = report;
  return {
    ...{ version, started: new Date(startedAtUs / 1000).toISOString(), ready },
    ...(notReady === undefined ? {} : { not_ready: notReady }),
    configuration: report.configuration?.digest,
    mode: view.mode,
    stations: view.stations.map(({ name, role, state, mnemonics, unacknowledged }) => ({
      ...{ name, role, state, mnemonics, unacknowledged },
    })),
    upstreams: view.upstreams,
    queues: view.queues.map(({ waiting, oldestMs }) => ({
      waiting,
      oldest_seconds: oldestMs / 1000,
    })),
    intercept: view.intercept,
    requests: view.requests,
    journal: {
      entries: journal.entries,
      last_commit_seconds: journal.lastCommitMs / 1000,
      blocked: journal.blocked,
    },
    attention,
  };
}

/** Members of a log line that name no person and no place. */
const openMembers = [
  ...['time', 'level', 'event', 'code', 'component', 'link', 'mnemonic', 'station', 'upstream'],
  ...['entry', 'thread', 'mke', 'class', 'bytes', 'count', 'entries', 'fromEntry', 'condition'],
  ...['duration_seconds', 'config_version', 'limit', 'open', 'cut', 'outcome', 'configuration'],
];

/** The last lines, oldest first; what is no log line of ours is left out. */
export function redactLog(
  text: string,
  linesMax: number,
): { readonly lines: readonly string[]; readonly dropped: number } {
  const all = text.split('\n').filter((line) => line.trim() !== '');
  const last = all.slice(-linesMax);
  const lines = last.flatMap((line) => {
    const members = parseLine(line);
    if (members === undefined) return [];
    const open = Object.entries(members).filter(
      ([name, value]) => openMembers.includes(name) && isPlain(value),
    );
    return open.length === 0 ? [] : [JSON.stringify(Object.fromEntries(open))];
  });
  return { lines, dropped: all.length - lines.length };
}

/** A number, a yes or no, or a word of codes and names: nothing that could be a sentence of somebody. */
function isPlain(value: unknown): boolean {
  if (typeof value === 'number' || typeof value === 'boolean') return true;
  return typeof value === 'string' && /^[\w.:+-]{1,128}$/.test(value);
}

function parseLine(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    // Something else wrote to the log.
    return undefined;
  }
}

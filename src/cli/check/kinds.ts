// What can be checked: for each its measure, its standard limits, and how the observation is made from what was
// gathered. Data and pure functions; `sources.ts` gathers.

import type { StatusReport } from '#src/control/wire';
import { counted } from '../output.ts';
import { formatAge } from '../time.ts';
import type { Metric } from './format.ts';
import type { Level, Limits, Unit, Worse } from './level.ts';

export interface Observation {
  /** Absent where there is nothing to measure. */
  readonly value?: number;
  readonly text: string;
  /** It is at least as bad as this, whatever the number. */
  readonly atLeast?: Level;
  readonly further?: readonly Metric[];
}

/** What checks may look at; each is fetched when it is asked for, and may fail with a fault. */
export interface Sources {
  readonly status: () => Promise<StatusReport>;
  /** Whole days each certificate of the configuration has left. */
  readonly certificates: () => Promise<readonly CertificateLeft[]>;
  /** Share of the disk of the journal that is free, in percent, and its octets. */
  readonly disk: () => Promise<{ readonly freePercent: number; readonly freeBytes: number }>;
  /** SHA-256 of the configuration file; fails where it is wrong. */
  readonly configuration: () => Promise<string>;
  readonly nowMs: number;
}

export interface CertificateLeft {
  readonly name: string;
  readonly daysLeft: number;
}

export interface CheckKind {
  readonly what: string;
  readonly text: string;
  readonly measure: string;
  readonly unit: Unit;
  readonly worse: Worse;
  readonly standard: Limits;
  readonly observe: (sources: Sources) => Promise<Observation>;
}

export const checkKinds: readonly CheckKind[] = [
  {
    what: 'daemon',
    text: 'the switch answers and is ready',
    ...{ measure: 'ready', unit: 'count', worse: 'below', standard: { warn: 1, crit: 1 } },
    observe: async ({ status, nowMs }) => {
      const { version, ready, notReady, startedAtUs } = await status();
      const upMs = Math.max(0, nowMs - startedAtUs / 1000);
      return {
        value: ready ? 1 : 0,
        text: ready
          ? `msc ${version} ready, up ${formatAge(upMs)}`
          : `not ready: ${notReady ?? 'no reason given'}`,
        further: [{ name: 'up', value: Math.floor(upMs / 1000), unit: 'seconds' }],
      };
    },
  },
  {
    what: 'links',
    text: 'how long an upstream has been down',
    ...{ measure: 'down', unit: 'seconds', worse: 'above', standard: { warn: 30, crit: 120 } },
    observe: async ({ status, nowMs }) => observeLinks((await status()).view, nowMs),
  },
  {
    what: 'terminals',
    text: 'share of the enabled terminals that are not connected',
    ...{ measure: 'absent', unit: 'percent', worse: 'above', standard: { warn: 50, crit: 100 } },
    observe: async ({ status }) => observeTerminals((await status()).view),
  },
  {
    what: 'queues',
    text: 'how long the oldest message has waited',
    ...{ measure: 'oldest', unit: 'seconds', worse: 'above', standard: { warn: 60, crit: 600 } },
    observe: async ({ status }) => observeQueues((await status()).view),
  },
  {
    what: 'journal',
    text: 'how long the last commit took, and whether the disk takes more',
    ...{ measure: 'commit', unit: 'seconds', worse: 'above', standard: { warn: 1, crit: 5 } },
    observe: async ({ status }) => {
      const { entries, lastCommitMs, blocked } = (await status()).journal;
      const words = counted(entries, 'entry', 'entries');
      return {
        value: lastCommitMs / 1000,
        text: blocked
          ? 'the disk is full or does not answer (MSC-3106)'
          : `${words}, last commit ${Math.round(lastCommitMs)} ms`,
        ...(blocked ? { atLeast: 'critical' } : {}),
        further: [{ name: 'entries', value: entries, unit: 'count' }],
      };
    },
  },
  {
    what: 'disk',
    text: 'free share of the disk of the journal',
    ...{ measure: 'free', unit: 'percent', worse: 'below', standard: { warn: 10, crit: 5 } },
    observe: async ({ disk }) => {
      const { freePercent, freeBytes } = await disk();
      const gigabytes = Math.round(freeBytes / 1e8) / 10;
      return {
        value: freePercent,
        text: `${Math.floor(freePercent)} % free (${gigabytes} GB)`,
        further: [{ name: 'free_bytes', value: freeBytes, unit: 'count' }],
      };
    },
  },
  {
    what: 'certs',
    text: 'days until the first certificate of the configuration ends',
    ...{ measure: 'min_days', unit: 'days', worse: 'below', standard: { warn: 30, crit: 7 } },
    observe: async ({ certificates }) => observeCerts(await certificates()),
  },
  {
    what: 'config',
    text: 'the file is right, and is the one in force',
    ...{ measure: 'differs', unit: 'count', worse: 'above', standard: { warn: 1 } },
    observe: async ({ configuration, status }) => {
      const digest = await configuration();
      const { configuration: inForce } = await status();
      const same = inForce === undefined || inForce.digest === digest;
      const changed = 'the file is right and not in force: msc config diff';
      return { value: same ? 0 : 1, text: same ? 'the file is right and in force' : changed };
    },
  },
];

function observeLinks({ upstreams }: StatusReport['view'], nowMs: number): Observation {
  const down = upstreams
    .filter(({ state }) => state === 'down')
    .map(({ name, sinceMs }) => ({ name, forMs: Math.max(0, nowMs - sinceMs) }))
    .sort((a, b) => b.forMs - a.forMs);
  const words = down.map(({ name, forMs }) => `${name} down for ${formatAge(forMs)}`);
  const up = upstreams.length - down.length;
  return {
    value: Math.floor((down[0]?.forMs ?? 0) / 1000),
    text: words.length > 0 ? words.join(', ') : `${up} of ${counted(up, 'upstream')} up`,
    further: [
      { name: 'up', value: up, unit: 'count' },
      { name: 'upstreams', value: upstreams.length, unit: 'count' },
    ],
  };
}

function observeTerminals({ stations }: StatusReport['view']): Observation {
  const enabled = stations.filter(({ role, state }) => role === 'terminal' && state !== 'disabled');
  const absent = enabled.filter(({ state }) => state === 'absent').length;
  const connected = enabled.length - absent;
  return {
    value: enabled.length === 0 ? 0 : (absent / enabled.length) * 100,
    text: `${connected} of ${enabled.length} connected`,
    further: [
      { name: 'connected', value: connected, unit: 'count' },
      { name: 'terminals', value: enabled.length, unit: 'count' },
    ],
  };
}

function observeQueues({ queues, upstreams, intercept }: StatusReport['view']): Observation {
  const oldest = [...queues].sort((a, b) => b.oldestMs - a.oldestMs)[0];
  const parked = upstreams.reduce((total, { waiting }) => total + waiting, 0);
  const waiting = queues.reduce((total, queue) => total + queue.waiting, parked);
  // Without its name: it may be a person's, and this goes to monitoring.
  const age = oldest === undefined ? '' : `, oldest ${formatAge(oldest.oldestMs)}`;
  // Nothing leaves operator intercept by itself.
  const kept = intercept === 0 ? '' : `, ${intercept} at operator intercept`;
  return {
    value: Math.floor((oldest?.oldestMs ?? 0) / 1000),
    text: `${waiting} waiting${age}${kept}`,
    ...(intercept > 0 ? { atLeast: 'warning' } : {}),
    further: [
      { name: 'waiting', value: waiting, unit: 'count' },
      { name: 'intercept', value: intercept, unit: 'count' },
    ],
  };
}

function observeCerts(certificates: readonly CertificateLeft[]): Observation {
  const [first] = [...certificates].sort((a, b) => a.daysLeft - b.daysLeft);
  if (first === undefined) return { text: 'the configuration names none' };
  const { name, daysLeft } = first;
  return {
    value: daysLeft,
    text: daysLeft < 0 ? `${name} has ended` : `${name} ends in ${daysLeft} d`,
  };
}

// What `/healthz` says: one check for each thing that can be wrong, from a snapshot of the switch.
// Pure: it measures nothing and knows no clock but the one in the snapshot, so that the HTTP listener, the
// control socket and a test judge alike. It names no person. `docs/operations.md` documents the JSON; checks and
// members may be added, never renamed or removed.

import type { Expiry } from '#src/runtime/metrics/families';
import { expiryWarningMs } from './vigil.ts';

export type CheckStatus = 'ok' | 'warn' | 'fail';

export interface Check {
  readonly name: string;
  readonly status: CheckStatus;
  /** What was seen, in this unit; absent where nothing could be seen. */
  readonly observed?: number;
  /** Beyond it is a warning at least: the most, but for room and time left, where it is the least. */
  readonly limit: number;
  readonly unit: 'seconds' | 'ratio' | 'count';
  /** When it was seen; RFC 3339, UTC. */
  readonly time: string;
  /** The same for a person. */
  readonly text: string;
}

/** `msc.health/1`. */
export interface HealthReport {
  readonly schema: 'msc.health/1';
  /** The worst of its checks. */
  readonly status: CheckStatus;
  readonly version: string;
  readonly time: string;
  readonly checks: readonly Check[];
}

/** The switch as it was seen. Times of day are milliseconds since 1970 by the wall clock. */
export interface Vitals {
  readonly version: string;
  readonly atMs: number;
  /** Why it takes nothing now. */
  readonly notReady: string | undefined;
  readonly loopDelayMs: number;
  readonly journal: {
    /** How long its thread took to answer; undefined where it did not in time. */
    readonly answerMs: number | undefined;
    readonly askedAtMs: number;
  };
  readonly disk:
    { readonly freeBytes: number; readonly sizeBytes: number; readonly atMs: number } | undefined;
  readonly expiries: readonly (Expiry & { readonly onlyTold: boolean })[];
  readonly upstreams: readonly {
    readonly name: string;
    readonly up: boolean;
    readonly forMs: number;
  }[];
  /** The last time the wall clock was set while it ran. */
  readonly clockStep: { readonly atMs: number; readonly stepMs: number } | undefined;
  readonly intercept: { readonly waiting: number; readonly oldestMs: number };
  /** Of the questions that wait for an upstream. */
  readonly oldestInquiryMs: number;
}

const second = 1_000;
const dayMs = 86_400 * second;
/** Each: from here on a warning, from there on a failure. */
const limits = {
  loopMs: { warn: 250, fail: 2 * second },
  answerMs: { warn: second },
  free: { warn: 0.1, fail: 0.02 },
  /** Older than this nobody knows how full it is. */
  diskLookMs: 30 * second,
  clockStepMs: second,
  clockStepKeptMs: 3_600 * second,
  interceptMs: 600 * second,
  inquiryMs: 60 * second,
} as const;

export function healthOf(vitals: Vitals): HealthReport {
  const checks = [
    readiness(vitals),
    eventLoop(vitals),
    journalThread(vitals),
    disk(vitals),
    ends(vitals, 'certificate'),
    ...(vitals.expiries.some(({ kind }) => kind === 'list') ? [ends(vitals, 'list')] : []),
    upstreams(vitals),
    clock(vitals),
    intercept(vitals),
    inquiries(vitals),
  ];
  const status = worst(checks.map((check) => check.status));
  return {
    schema: 'msc.health/1',
    status,
    version: vitals.version,
    time: timeOf(vitals.atMs),
    checks,
  };
}

function readiness({ notReady, atMs }: Vitals): Check {
  return {
    name: 'ready',
    status: notReady === undefined ? 'ok' : 'fail',
    observed: notReady === undefined ? 1 : 0,
    limit: 1,
    unit: 'count',
    time: timeOf(atMs),
    text: notReady ?? 'messages are taken',
  };
}

function eventLoop({ loopDelayMs, atMs }: Vitals): Check {
  return {
    name: 'event-loop',
    status: above(loopDelayMs, limits.loopMs),
    observed: loopDelayMs / second,
    limit: limits.loopMs.warn / second,
    unit: 'seconds',
    time: timeOf(atMs),
    text: `late by ${Math.round(loopDelayMs)} ms at most within the last minute`,
  };
}

function journalThread({ journal }: Vitals): Check {
  const { answerMs, askedAtMs } = journal;
  return {
    name: 'journal-thread',
    status: answerMs === undefined ? 'fail' : above(answerMs, limits.answerMs),
    ...(answerMs === undefined ? {} : { observed: answerMs / second }),
    limit: limits.answerMs.warn / second,
    unit: 'seconds',
    time: timeOf(askedAtMs),
    text:
      answerMs === undefined
        ? 'did not answer: its disk is stuck, or it has failed'
        : `answered in ${Math.round(answerMs)} ms`,
  };
}

function disk({ disk: seen, atMs }: Vitals): Check {
  const check = { name: 'disk', limit: limits.free.warn, unit: 'ratio' } as const;
  if (seen === undefined || atMs - seen.atMs > limits.diskLookMs) {
    const text = 'could not be looked at';
    return { ...check, status: 'fail', time: timeOf(seen?.atMs ?? atMs), text };
  }
  const free = seen.sizeBytes === 0 ? 0 : seen.freeBytes / seen.sizeBytes;
  const { warn, fail } = limits.free;
  return {
    ...check,
    status: free < fail ? 'fail' : free < warn ? 'warn' : 'ok',
    observed: free,
    time: timeOf(seen.atMs),
    text: `${Math.floor(free * 100)} % free, ${Math.floor(seen.freeBytes / 2 ** 20)} MiB`,
  };
}

const endNames = { certificate: 'certificates', list: 'revocation-lists' } as const;

/** The one that ends first. What is only told of, an old authority say, never fails. */
function ends({ expiries, atMs }: Vitals, kind: Expiry['kind']): Check {
  const ours = expiries.filter((expiry) => expiry.kind === kind);
  const [first] = [...ours].sort((one, other) => one.endsMs - other.endsMs);
  const warningMs = expiryWarningMs(kind);
  const check = {
    name: endNames[kind],
    limit: warningMs / second,
    unit: 'seconds',
    time: timeOf(atMs),
  } as const;
  if (first === undefined) return { ...check, status: 'ok', text: 'there is none' };
  const leftMs = first.endsMs - atMs;
  const status = worst(ours.map((one) => endStatus(one, { atMs, warningMs })));
  const left = leftMs <= 0 ? 'has ended' : `ends in ${(leftMs / dayMs).toFixed(1)} days`;
  return { ...check, status, observed: leftMs / second, text: `${first.name} ${left}` };
}

function endStatus(
  { endsMs, onlyTold }: Vitals['expiries'][number],
  { atMs, warningMs }: { readonly atMs: number; readonly warningMs: number },
): CheckStatus {
  if (endsMs <= atMs) return onlyTold ? 'warn' : 'fail';
  return endsMs - atMs < warningMs ? 'warn' : 'ok';
}

function upstreams({ upstreams: all, atMs }: Vitals): Check {
  const down = all.filter(({ up }) => !up);
  const some = all.length > 0 && down.length === all.length ? 'fail' : 'warn';
  return {
    name: 'upstreams',
    status: down.length === 0 ? 'ok' : some,
    observed: down.length,
    limit: 0,
    unit: 'count',
    time: timeOf(atMs),
    text:
      down.length === 0
        ? `${all.length} of ${all.length} up`
        : down.map(({ name, forMs }) => `${name} down for ${seconds(forMs)}`).join(', '),
  };
}

/** How far it is off nobody here can know; that it was set, the switch sees. */
function clock({ clockStep, atMs }: Vitals): Check {
  const isRecent = clockStep !== undefined && atMs - clockStep.atMs < limits.clockStepKeptMs;
  const stepMs = isRecent ? Math.abs(clockStep.stepMs) : 0;
  return {
    name: 'clock',
    status: stepMs > 0 ? 'warn' : 'ok',
    observed: stepMs / second,
    limit: limits.clockStepMs / second,
    unit: 'seconds',
    time: timeOf(atMs),
    text: isRecent
      ? `was set by ${clockStep.stepMs} ms at ${timeOf(clockStep.atMs)}`
      : 'was not set within the last hour',
  };
}

function intercept({ intercept: { waiting, oldestMs }, atMs }: Vitals): Check {
  return {
    name: 'intercept',
    status: oldestMs > limits.interceptMs ? 'warn' : 'ok',
    observed: oldestMs / second,
    limit: limits.interceptMs / second,
    unit: 'seconds',
    time: timeOf(atMs),
    text: waiting === 0 ? 'empty' : `${waiting} waiting, the oldest for ${seconds(oldestMs)}`,
  };
}

function inquiries({ oldestInquiryMs, atMs }: Vitals): Check {
  return {
    name: 'inquiries',
    status: oldestInquiryMs > limits.inquiryMs ? 'warn' : 'ok',
    observed: oldestInquiryMs / second,
    limit: limits.inquiryMs / second,
    unit: 'seconds',
    time: timeOf(atMs),
    text:
      oldestInquiryMs === 0
        ? 'none waits for an upstream'
        : `the oldest has waited ${seconds(oldestInquiryMs)} for its upstream`,
  };
}

function above(
  value: number,
  { warn, fail = Infinity }: { readonly warn: number; readonly fail?: number },
): CheckStatus {
  if (value > fail) return 'fail';
  return value > warn ? 'warn' : 'ok';
}

function worst(statuses: readonly CheckStatus[]): CheckStatus {
  if (statuses.includes('fail')) return 'fail';
  return statuses.includes('warn') ? 'warn' : 'ok';
}

const seconds = (ms: number): string => `${Math.round(ms / second)} s`;

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}

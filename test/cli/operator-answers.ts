// What a switch answers to the commands of operators: the samples of the operator's page, and a county of links.

import { entryRow, statusReport, type Answer } from './fake-switch.ts';

const now = Date.now();
const ago = (seconds: number): string => new Date(now - seconds * 1000).toISOString();
export const clock = (seconds: number): string => ago(seconds).slice(11, 19);

const links = [
  {
    ...{ link: 112, kind: 'terminal', name: 'QZ01', state: 'signed-on', user: 'jdoe' },
    ...{ since: ago(60), peer: '10.20.3.45:51812', tls: '1.3', mutual: true },
    ...{ in: 1204, out: 1377, unacknowledged: 0, idle_seconds: 3.2, mnemonics: ['QZ01'] },
  },
  {
    ...{ link: 140, kind: 'upstream', name: 'UPCA', state: 'connected', since: ago(6 * 86_400) },
    ...{ peer: '10.99.0.1:9000', tls: '1.3', mutual: true, in: 9_412_000, out: 9_500_000 },
    ...{ unacknowledged: 1, idle_seconds: 0 },
  },
  { kind: 'upstream', name: 'UPTS', state: 'reconnect', since: ago(120), next_seconds: 8 },
];
const shape = (queue: string, ages: readonly number[], oldest: number, state: string) => ({
  ...{ queue, kind: 'mnemonic', total: ages.reduce((sum, count) => sum + count, 0) },
  ...{ under_1m: ages[0], under_5m: ages[1], under_15m: ages[2], under_60m: ages[3] },
  ...{ under_4h: ages[4], over_4h: ages[5], oldest_seconds: oldest, state },
});
const queues = [
  shape('QP01', [1, 4, 0, 0, 0, 0], 220, 'waiting for printer'),
  shape('QZ17', [0, 0, 2, 0, 0, 0], 722, 'dark'),
  shape('UPTEST', [0, 0, 0, 0, 2, 0], 4520, 'disabled'),
];
const terminals = [
  {
    ...{ station: 'PD-DISPATCH-01', role: 'terminal', state: 'signed-on', user: 'a-long-user' },
    ...{ mnemonics: ['QZ01'], agency: 'CA0999900', place: 'Dispatch, west desk', since: ago(5) },
    ...{ waiting: 0, unacknowledged: 0, unattended: false, certificates: 1 },
  },
  {
    ...{ station: 'PD-CAD', role: 'host', state: 'absent', mnemonics: ['QC01', 'QC02'] },
    ...{ agency: 'CA0999900', waiting: 3, unacknowledged: 0, unattended: false, certificates: 2 },
  },
];
const upstream = {
  ...{ upstream: 'UPCA', state: 'up', since: ago(90), address: '10.99.0.1:9000' },
  ...{ station: 'COUNTY', routes: ['state'], waiting: 0, unacknowledged: 1, in: 5, out: 7 },
};
const met = { station: 'PD-DISPATCH-01', mnemonics: ['QZ01'], unacknowledged: 2, already: false };
const waiting = Array.from({ length: 3 }, (_, at) => ({
  ...{ delivery: `${at}.0`, entry: 4_810_000 + at, thread: at, class: 3, mke: 'QV' },
  ...{ mnemonic: 'QP01', ori: 'CA0999900', since: ago(100), waiting_seconds: 100, again: false },
}));
const steps = [
  { step: 'resolve', ok: true, took_seconds: 0, detail: '10.99.0.1 is an address' },
  { step: 'connect', ok: false, took_seconds: 5.001, detail: 'not complete in time' },
];

/** What a switch would answer, by the names of the commands. */
export const answers: Readonly<Record<string, Answer>> = {
  status: {
    end: {
      ...statusReport,
      view: {
        ...statusReport.view,
        upstreams: [
          ...statusReport.view.upstreams,
          { name: 'UPTEST', state: 'down', sinceMs: now - 60_000, waiting: 2, unacknowledged: 0 },
        ],
      },
      dialling: [{ name: 'UPTEST', nextMs: 8_000, why: 'ECONNREFUSED', resting: false }],
    },
  },
  links: { rows: [links], end: { count: 3 } },
  link: { end: links[0] ?? {} },
  'link-close': { end: { ...met, link: 112, peer: '10.20.3.45', user: 'jdoe', entry: 77 } },
  'link-watch': {
    rows: [[{ ...entryRow(5), kind: 'event', event: 'link-up', station: 'PD-DISPATCH-01' }]],
    error: { code: 'MSC-1201', message: 'the switch cannot be reached: it went away', exit: 69 },
  },
  terminals: { rows: [terminals], end: { count: 2 } },
  terminal: { error: { code: 'MSC-1601', message: 'there is no such terminal', exit: 1 } },
  'terminal-set': {
    error: { code: 'MSC-1202', message: 'your role does not allow this', exit: 77 },
  },
  'terminal-test': {
    end: {
      ...met,
      entry: 9,
      outcome: 'acknowledged',
      acknowledged_seconds: 0.084,
      total_seconds: 0.1,
    },
  },
  upstreams: { rows: [[upstream]], end: { count: 1 } },
  upstream: { end: upstream },
  'upstream-set': { end: { ...met, station: undefined, upstream: 'UPCA', entry: 78 } },
  'upstream-probe': { end: { steps } },
  queues: { rows: [queues], end: { count: 3 } },
  queue: { rows: [waiting], end: queues[0] ?? {} },
  follow: {
    rows: [[entryRow(5)], [entryRow(6)]],
    error: { code: 'MSC-1201', message: 'the switch cannot be reached: it went away', exit: 69 },
  },
};

/** 5,000 links, in pieces as they come. */
export const crowdAnswers: Readonly<Record<string, Answer>> = {
  links: {
    rows: Array.from({ length: 20 }, (_, piece) =>
      Array.from({ length: 250 }, (_unused, at) => ({
        ...{ link: piece * 250 + at + 1, kind: 'terminal', name: `MDT-${1000 + at}-X` },
        ...{ state: 'connected', since: ago(5), peer: '10.20.3.45:51812', in: 1, out: 2 },
        ...{ unacknowledged: 0, idle_seconds: 1 },
      })),
    ),
    end: { count: 5000 },
  },
};

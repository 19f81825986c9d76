// What each check says of a switch, and what all of them together do.

import { describe, expect, it } from 'vitest';
import { healthOf, type Check, type Vitals } from '#src/daemon/checks';
import { expiriesOf } from '#src/daemon/observer';

const atMs = Date.UTC(2026, 10, 26, 12);
const day = 86_400_000;

const certificate = (name: string, days: number, onlyTold = false) =>
  ({ kind: 'certificate', name, endsMs: atMs + days * day, onlyTold }) as const;
const list = (days: number, onlyTold = false) =>
  ({ kind: 'list', name: 'tls.crl_file', endsMs: atMs + days * day, onlyTold }) as const;
const upstream = (name: string, up: boolean) => ({ name, up, forMs: 90_000 });

const sound: Vitals = {
  version: '1.2.3',
  atMs,
  notReady: undefined,
  loopDelayMs: 12,
  journal: { answerMs: 1, askedAtMs: atMs - 500 },
  disk: { freeBytes: 60 * 2 ** 30, sizeBytes: 100 * 2 ** 30, atMs: atMs - 4_000 },
  expiries: [certificate('tls.cert_file', 60)],
  upstreams: [upstream('STATE', true), upstream('OTHER', true)],
  clockStep: undefined,
  intercept: { waiting: 0, oldestMs: 0 },
  oldestInquiryMs: 0,
};

const named = (name: string, vitals: Partial<Vitals>): Check | undefined =>
  healthOf({ ...sound, ...vitals }).checks.find((check) => check.name === name);

it('is sound where everything is, and says what it looked at and when', () => {
  expect(healthOf(sound)).toEqual({
    schema: 'msc.health/1',
    status: 'ok',
    version: '1.2.3',
    time: '2026-11-26T12:00:00.000Z',
    checks: [
      { name: 'ready', observed: 1, limit: 1, unit: 'count', text: 'messages are taken' },
      {
        ...{ name: 'event-loop', observed: 0.012, limit: 0.25, unit: 'seconds' },
        text: 'late by 12 ms at most within the last minute',
      },
      {
        ...{ name: 'journal-thread', observed: 0.001, limit: 1, unit: 'seconds' },
        ...{ time: '2026-11-26T11:59:59.500Z', text: 'answered in 1 ms' },
      },
      {
        ...{ name: 'disk', observed: 0.6, limit: 0.1, unit: 'ratio' },
        ...{ time: '2026-11-26T11:59:56.000Z', text: '60 % free, 61440 MiB' },
      },
      {
        ...{ name: 'certificates', observed: 60 * 86_400, limit: 30 * 86_400, unit: 'seconds' },
        text: 'tls.cert_file ends in 60.0 days',
      },
      { name: 'upstreams', observed: 0, limit: 0, unit: 'count', text: '2 of 2 up' },
      {
        ...{ name: 'clock', observed: 0, limit: 1, unit: 'seconds' },
        text: 'was not set within the last hour',
      },
      { name: 'intercept', observed: 0, limit: 600, unit: 'seconds', text: 'empty' },
      {
        ...{ name: 'inquiries', observed: 0, limit: 60, unit: 'seconds' },
        text: 'none waits for an upstream',
      },
    ].map((check) => ({ time: '2026-11-26T12:00:00.000Z', status: 'ok', ...check })),
  });
});

const cases: readonly (readonly [string, Partial<Vitals>, Check['status'], string])[] = [
  ['ready', { notReady: 'draining' }, 'fail', 'draining'],
  ['event-loop', { loopDelayMs: 250 }, 'ok', 'late by 250 ms at most within the last minute'],
  ['event-loop', { loopDelayMs: 251 }, 'warn', 'late by 251 ms at most within the last minute'],
  ['event-loop', { loopDelayMs: 2_001 }, 'fail', 'late by 2001 ms at most within the last minute'],
  [
    'journal-thread',
    { journal: { answerMs: 1_001, askedAtMs: atMs } },
    'warn',
    'answered in 1001 ms',
  ],
  [
    'journal-thread',
    { journal: { answerMs: undefined, askedAtMs: atMs } },
    'fail',
    'did not answer: its disk is stuck, or it has failed',
  ],
  ['disk', { disk: { freeBytes: 9.9, sizeBytes: 100, atMs } }, 'warn', '9 % free, 0 MiB'],
  ['disk', { disk: { freeBytes: 1.9, sizeBytes: 100, atMs } }, 'fail', '1 % free, 0 MiB'],
  ['disk', { disk: undefined }, 'fail', 'could not be looked at'],
  [
    'disk',
    { disk: { freeBytes: 90, sizeBytes: 100, atMs: atMs - 31_000 } },
    'fail',
    'could not be looked at',
  ],
  [
    'certificates',
    { expiries: [certificate('tls.cert_file', 60), certificate('upstreams.STATE.cert_file', 29)] },
    'warn',
    'upstreams.STATE.cert_file ends in 29.0 days',
  ],
  [
    'certificates',
    { expiries: [certificate('tls.cert_file', 0)] },
    'fail',
    'tls.cert_file has ended',
  ],
  [
    'certificates',
    { expiries: [certificate('tls.client_ca_file', -1, true)] },
    'warn',
    'tls.client_ca_file has ended',
  ],
  ['certificates', { expiries: [] }, 'ok', 'there is none'],
  ['revocation-lists', { expiries: [list(2.9)] }, 'warn', 'tls.crl_file ends in 2.9 days'],
  ['revocation-lists', { expiries: [list(3.1)] }, 'ok', 'tls.crl_file ends in 3.1 days'],
  ['revocation-lists', { expiries: [list(-1)] }, 'fail', 'tls.crl_file has ended'],
  ['revocation-lists', { expiries: [list(-1, true)] }, 'warn', 'tls.crl_file has ended'],
  [
    'upstreams',
    { upstreams: [upstream('STATE', false), upstream('OTHER', true)] },
    'warn',
    'STATE down for 90 s',
  ],
  ['upstreams', { upstreams: [upstream('STATE', false)] }, 'fail', 'STATE down for 90 s'],
  ['upstreams', { upstreams: [] }, 'ok', '0 of 0 up'],
  [
    'clock',
    { clockStep: { atMs: atMs - 3_500_000, stepMs: -4_000 } },
    'warn',
    'was set by -4000 ms at 2026-11-26T11:01:40.000Z',
  ],
  [
    'clock',
    { clockStep: { atMs: atMs - 3_700_000, stepMs: -4_000 } },
    'ok',
    'was not set within the last hour',
  ],
  [
    'intercept',
    { intercept: { waiting: 2, oldestMs: 600_000 } },
    'ok',
    '2 waiting, the oldest for 600 s',
  ],
  [
    'intercept',
    { intercept: { waiting: 2, oldestMs: 601_000 } },
    'warn',
    '2 waiting, the oldest for 601 s',
  ],
  ['inquiries', { oldestInquiryMs: 61_000 }, 'warn', 'the oldest has waited 61 s for its upstream'],
];

describe('a check', () => {
  it.each(cases)('%s of %j is %s', (name, vitals, status, text) => {
    expect(named(name, vitals)).toMatchObject({ status, text });
  });

  it('is as bad as the worst of what it looks at, not as the first that ends', () => {
    const expiries = [
      certificate('tls.client_ca_file', -2, true),
      certificate('tls.cert_file', -1),
    ];
    expect(named('certificates', { expiries })?.status).toBe('fail');
  });
});

it('all together are as bad as the worst', () => {
  const status = (vitals: Partial<Vitals>) => healthOf({ ...sound, ...vitals }).status;
  expect(status({ oldestInquiryMs: 61_000 })).toBe('warn');
  expect(status({ oldestInquiryMs: 61_000, notReady: 'draining' })).toBe('fail');
});

it('of each file the end that counts: that of the first, but not of an authority that was followed', () => {
  const ending = (setting: string, days: number, onlyTold: boolean) => ({
    ...({ kind: 'certificate', what: 'certificate X', setting, beginsMs: 0 } as const),
    ...{ endsMs: days * day, onlyTold },
  });
  const endings = [
    ending('tls.client_ca_file', 5, true),
    ending('tls.client_ca_file', 90, false),
    ending('tls.cert_file', 60, false),
    ending('tls.cert_file', 40, false),
    ending('tls.cert_file', 20, true),
  ];
  expect(expiriesOf({ endings }).map(({ name, endsMs }) => [name, endsMs / day])).toEqual([
    ['tls.client_ca_file', 90],
    ['tls.cert_file', 40],
  ]);
});

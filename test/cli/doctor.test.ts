// The doctor's judgements, each against facts that are made for it, and its page: the sample, 80 columns, no
// command that destroys anything.

import { describe, expect, test } from 'vitest';
import { parseConfig } from '#src/config/load';
import { MscFault } from '#src/errors';
import { runMsc } from '#support/cli';
import { doctorChecks } from '../../src/cli/doctor/checks.ts';
import type { Facts } from '../../src/cli/doctor/facts.ts';
import { closing, diagnose, diagnosisLines, findingsOf } from '../../src/cli/doctor/run.ts';
import type { Diagnosis } from '../../src/cli/doctor/run.ts';
import { statusReport } from './fake-switch.ts';

const nowMs = Date.parse('2026-11-26T03:00:00Z');
const dayMs = 86_400_000;
const config = read(`
[switch]
name = "MSC-1"
county = "EXAMPLE"
ori = "CA0990100"
[tls]
cert_file = "a.pem"
key_file = "a.key"
client_ca_file = "ca.pem"
`);
const fault = (code: 'MSC-1104' | 'MSC-1201' | 'MSC-2101' | 'MSC-2109' | 'MSC-1005') => ({
  fault: new MscFault(code, { detail: 'so' }),
});

function read(toml: string) {
  const parsed = parseConfig(toml, '/etc/msc/msc.toml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value;
}

/** Of an installation without a finding. */
const well: Facts = {
  nowMs,
  version: '0.1.0',
  file: { value: '/etc/msc/msc.toml' },
  config: { value: config },
  digest: { value: 'abc' },
  files: { value: true },
  keys: [{ path: '/etc/msc/a.key', mode: 0o600 }],
  certificates: { value: [{ name: 'switch', endsMs: nowMs + 90 * dayMs }] },
  lists: { value: [{ name: 'ca', endsMs: nowMs + 6 * dayMs }] },
  folder: { value: { path: '/var/lib/msc', mode: 0o700 } },
  journal: { value: 'there' },
  withoutIndex: { value: [] },
  room: { value: { freePercent: 61, freeBytes: 1e11 } },
  status: {
    value: {
      ...statusReport,
      configuration: { file: '/etc/msc/msc.toml', digest: 'abc' },
      view: { ...statusReport.view, intercept: 0, queues: [] },
    },
  },
  ready: { value: { status: 200, body: 'ok' } },
  descriptors: { value: 65_536 },
};
const status = 'value' in well.status ? well.status.value : statusReport;
const withStatus = (more: object): Partial<Facts> => ({
  status: { value: { ...status, ...more } },
});
const withView = (more: object): Partial<Facts> =>
  withStatus({ view: { ...status.view, ...more } });

function judged(id: string, more: Partial<Facts>): Diagnosis {
  const found = diagnose({ ...well, ...more }, doctorChecks, []).find((each) => each.id === id);
  if (found === undefined) throw new Error(id);
  return found;
}

test('an installation that is well has no finding, and each check says what it saw', () => {
  const all = diagnose(well, doctorChecks, []);
  expect(all.filter(({ level }) => level !== 'ok')).toEqual([]);
  expect(all.every(({ evidence }) => evidence.length > 0)).toBe(true);
});

test('ids are of one form, given once, and those of parts to come are free', () => {
  const ids = doctorChecks.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^D\d{3}$/);
  expect(ids).not.toContain('D014');
  expect(ids).not.toContain('D022');
});

const upstream = { name: 'STATE', state: 'down', waiting: 0, unacknowledged: 0 };

describe('a finding', () => {
  test.each([
    ['D001', { config: fault('MSC-1104') }, 'fail', 'MSC-1104'],
    ['D002', { files: fault('MSC-2101') }, 'fail', 'MSC-2101'],
    ['D003', { keys: [{ path: '/k', mode: 0o640 }] }, 'warn', '/k'],
    [
      'D004',
      { certificates: { value: [{ name: 'QZ09', endsMs: nowMs + 11.5 * dayMs }] } },
      'warn',
      '11 d',
    ],
    [
      'D004',
      { certificates: { value: [{ name: 'QZ09', endsMs: nowMs + 2 * dayMs }] } },
      'fail',
      '2 d',
    ],
    [
      'D004',
      { certificates: { value: [{ name: 'QZ09', endsMs: nowMs - 1 }] } },
      'fail',
      'has ended',
    ],
    ['D005', { lists: { value: undefined } }, 'warn', 'crl_file'],
    ['D005', { lists: { value: [{ name: 'ca', endsMs: nowMs + dayMs }] } }, 'warn', '1 d left'],
    ['D005', { lists: { value: [{ name: 'ca', endsMs: nowMs }] } }, 'fail', 'has ended'],
    ['D005', { lists: fault('MSC-2109') }, 'fail', 'MSC-2109'],
    [
      'D006',
      { config: { value: { ...config, listen: { ...config.listen, insecure: true } } } },
      'fail',
      'insecure',
    ],
    ['D010', { status: fault('MSC-1201') }, 'fail', 'MSC-1201'],
    ['D011', withStatus({ ready: false, notReady: 'draining' }), 'fail', 'draining'],
    ['D012', { digest: { value: 'other' } }, 'warn', 'changed'],
    ['D013', { version: '0.2.0' }, 'warn', '0.1.0 runs, 0.2.0'],
    ['D015', { room: { value: { freePercent: 9.9, freeBytes: 1e9 } } }, 'warn', '9 % free'],
    ['D015', { room: { value: { freePercent: 4.9, freeBytes: 1e9 } } }, 'fail', '4 % free'],
    ['D016', { folder: { value: { path: '/d', mode: 0o755 } } }, 'warn', '/d'],
    ['D017', withStatus({ journal: { ...status.journal, blocked: true } }), 'fail', 'MSC-3106'],
    ['D017', { status: fault('MSC-1201'), journal: { value: 'none' } }, 'warn', 'none'],
    [
      'D018',
      withView({ upstreams: [{ ...upstream, sinceMs: nowMs - 60_000 }] }),
      'warn',
      '00:01:00',
    ],
    [
      'D018',
      withView({ upstreams: [{ ...upstream, sinceMs: nowMs - 180_000 }] }),
      'fail',
      '00:03:00',
    ],
    ['D019', withView({ intercept: 2 }), 'warn', '2 at operator intercept'],
    [
      'D019',
      withView({ queues: [{ name: 'jdoe', waiting: 1, oldestMs: 90_000 }] }),
      'warn',
      '00:01:30',
    ],
    ['D020', { ready: fault('MSC-1201') }, 'fail', 'MSC-1201'],
    ['D021', { descriptors: { value: 1024 } }, 'warn', '1024'],
    ['D023', { withoutIndex: { value: [1, 111] } }, 'warn', 'entry 1, 111'],
  ] as [string, Partial<Facts>, string, string][])('%s %j is %s', (id, more, level, words) => {
    const found = judged(id, more);
    expect([found.level, found.evidence]).toEqual([level, expect.stringContaining(words)]);
    expect(found.fix?.length).toBeGreaterThan(5);
    // What destroys something is never a command to paste.
    expect(found.fix).not.toMatch(/\b(rm|mv|dd|truncate|mkfs|kill)\b/);
    expect(Math.max(...diagnosisLines(found, 80).map((line) => line.length))).toBeLessThanOrEqual(
      80,
    );
  });

  test('of a switch that is down is one; what it would say is skipped, files are judged all the same', () => {
    const down = {
      status: fault('MSC-1201'),
      ready: fault('MSC-1201'),
      descriptors: fault('MSC-1201'),
    };
    const all = diagnose({ ...well, ...down }, doctorChecks, []);
    expect(findingsOf(all).map(({ id }) => id)).toEqual(['D010']);
    const levels = Object.fromEntries(all.map(({ id, level }) => [id, level]));
    expect(levels).toMatchObject({ D001: 'ok', D004: 'ok', D011: 'skip', D015: 'ok', D017: 'ok' });
  });

  test('that is ignored is not judged, and is named', () => {
    const all = diagnose({ ...well, digest: { value: 'other' } }, doctorChecks, ['D012']);
    expect(findingsOf(all)).toEqual([]);
    expect(all.find(({ id }) => id === 'D012')).toMatchObject({
      level: 'skip',
      evidence: 'ignored, as asked',
    });
  });
});

test('the page is the sample', () => {
  const sample: readonly Diagnosis[] = [
    {
      id: 'D001',
      name: 'configuration',
      level: 'ok',
      evidence: '44 terminals, 2 upstreams, 0 unknown keys',
    },
    {
      ...{
        id: 'D014',
        name: 'clock',
        level: 'warn',
        evidence: 'offset 0.412 s against 0.1 s limit',
      },
      fix: 'systemctl restart systemd-timesyncd',
    },
    {
      ...{
        id: 'D022',
        name: 'backup',
        level: 'fail',
        evidence: 'last verified copy 9 d ago (limit 1 d)',
      },
      fix: 'msc db backup /var/lib/msc/backup',
    },
  ];
  // As the sample, but that a line of more than 80 columns goes on below.
  expect([
    ...sample.flatMap((each) => diagnosisLines(each, 80)),
    closing(findingsOf(sample)),
  ]).toEqual([
    'ok    D001 configuration   44 terminals, 2 upstreams, 0 unknown keys',
    'warn  D014 clock           offset 0.412 s against 0.1 s limit',
    '           fix: systemctl restart systemd-timesyncd',
    'fail  D022 backup          last verified copy 9 d ago (limit 1 d)',
    '           fix: msc db backup /var/lib/msc/backup',
    '2 findings: 1 warning, 1 failure · exit 1 · accept one with --ignore D014',
  ]);
});

describe('the command', () => {
  test('without a configuration still says so, exit 1', async () => {
    const ran = await runMsc(['doctor', '--config', '/nonexistent/msc.toml']);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(/^fail {2}D001 configuration {3}MSC-1005 /);
    expect(Math.max(...ran.stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('looks at what is named, by id or name; lists what there is', async () => {
    const one = await runMsc(['doctor', 'd001', 'disk', '--config', '/nonexistent', '--json']);
    const told = JSON.parse(one.stdout) as { checks: { id: string }[]; findings: number };
    expect([told.checks.map(({ id }) => id), told.findings]).toEqual([['D001', 'D015'], 1]);
    const list = await runMsc(['doctor', '--list', '-o', 'jsonl']);
    expect(list.stdout.trim().split('\n')).toHaveLength(doctorChecks.length);
    const wrong = await runMsc(['doctor', 'certifcates']);
    expect([wrong.code, wrong.stderr]).toEqual([64, expect.stringContaining('`certificates`')]);
  });
});

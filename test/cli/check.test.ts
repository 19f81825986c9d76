// Checks for monitoring: what a number means against its limits, and the four forms, without a switch.

import { describe, expect, test } from 'vitest';
import { MscFault } from '#src/errors';
import { runMsc } from '#support/cli';
import { checkForms, formatFinding } from '../../src/cli/check/format.ts';
import { checkKinds } from '../../src/cli/check/kinds.ts';
import type { Sources } from '../../src/cli/check/kinds.ts';
import { judge, parseLimits, worst } from '../../src/cli/check/level.ts';
import { findingOf } from '../../src/cli/check/run.ts';
import { commands } from '../../src/cli/table.ts';
import { statusReport } from './fake-switch.ts';

const nowMs = Date.parse('2026-11-26T03:00:00Z');

function sources(more: Partial<Sources> = {}): Sources {
  return {
    status: () => Promise.resolve(statusReport),
    certificates: () => Promise.resolve([{ name: 'switch', daysLeft: 90 }]),
    disk: () => Promise.resolve({ freePercent: 61, freeBytes: 1e11 }),
    configuration: () => Promise.resolve('d'),
    nowMs,
    ...more,
  };
}

async function found(what: string, more: Partial<Sources> = {}, limits = {}) {
  const kind = checkKinds.find((each) => each.what === what);
  if (kind === undefined) throw new Error(what);
  return findingOf(kind, { ...kind.standard, ...limits }, sources(more));
}

const withView = (view: object): Partial<Sources> => ({
  status: () => Promise.resolve({ ...statusReport, view: { ...statusReport.view, ...view } }),
});

describe('a number against its limits', () => {
  test.each([
    [29, 'above', 'ok'],
    [30, 'above', 'warning'],
    [119, 'above', 'warning'],
    [120, 'above', 'critical'],
  ] as const)('%d, bad %s, is %s', (observed, worse, level) => {
    expect(judge(observed, { warn: 30, crit: 120 }, worse)).toBe(level);
  });

  test.each([
    [30, 'ok'],
    [29, 'warning'],
    [7, 'warning'],
    [6, 'critical'],
    [-1, 'critical'],
  ] as const)('%d days left is %s', (observed, level) => {
    expect(judge(observed, { warn: 30, crit: 7 }, 'below')).toBe(level);
  });

  test('without limits is ok, and what is unknown hides nothing that is bad', () => {
    expect(judge(1e9, {}, 'above')).toBe('ok');
    expect([worst('ok', 'unknown'), worst('unknown', 'warning'), worst('critical', 'ok')]).toEqual([
      'unknown',
      'warning',
      'critical',
    ]);
  });

  test('limits are typed with their unit, and never the wrong way round', () => {
    const days = { unit: 'days', worse: 'below' } as const;
    expect(parseLimits({ warn: '6w' }, { warn: 30, crit: 7 }, days)).toEqual({ warn: 42, crit: 7 });
    expect(parseLimits({ warn: '90s' }, {}, { unit: 'seconds', worse: 'above' }).warn).toBe(90);
    expect(parseLimits({ crit: '5%' }, {}, { unit: 'percent', worse: 'below' }).crit).toBe(5);
    const usage = expect.objectContaining({ code: 'MSC-1001' }) as unknown;
    expect(() => parseLimits({ warn: '3d' }, { crit: 7 }, days)).toThrow(usage);
    expect(() => parseLimits({ warn: '5' }, {}, days)).toThrow('--warn');
    expect(() => parseLimits({ crit: '-1' }, {}, { unit: 'count', worse: 'above' })).toThrow(
      'crit',
    );
  });
});

describe('the forms', () => {
  const days11 = { certificates: () => Promise.resolve([{ name: 'QZ09', daysLeft: 11 }]) };

  test('the line for Nagios is the sample, octet for octet', async () => {
    const line = 'MSC CERTS WARNING - QZ09 ends in 11 d | min_days=11;30;7';
    expect(formatFinding('nagios', await found('certs', days11))).toBe(line);
  });

  test('an object, a text file for Prometheus, and words', async () => {
    const finding = await found('certs', days11);
    expect(JSON.parse(formatFinding('json', finding))).toEqual({
      ...{ schema: 'msc.check/1', what: 'certs', level: 'warning', exit: 1 },
      ...{ text: 'QZ09 ends in 11 d', time: '2026-11-26T03:00:00.000Z' },
      metrics: [{ name: 'min_days', value: 11, unit: 'days', warn: 30, crit: 7 }],
    });
    const text = formatFinding('prometheus', finding);
    expect(text).toContain('\nmsc_check_level{check="certs"} 1\n');
    expect(text).toContain('msc_check_value{check="certs",name="min_days",unit="days"} 11');
    for (const line of text.split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) msc_check_\w+ .+|msc_check_\w+\{[^}]+\} -?[\d.]+)$/);
    expect(formatFinding('text', finding)).toBe('warning  certs     QZ09 ends in 11 d');
  });

  test('a name cannot end the line, nor begin performance data', async () => {
    const certificates = () => Promise.resolve([{ name: 'a|b\nc', daysLeft: 11 }]);
    const line = formatFinding('nagios', await found('certs', { certificates }));
    expect(line.split('|')).toHaveLength(2);
    expect(line).not.toContain('\n');
  });

  test('the table of commands names the same forms and things as the code', () => {
    const spec = commands.find(({ name }) => name === 'check');
    expect(spec?.forms).toEqual(checkForms);
    for (const { what } of checkKinds) expect(spec?.more).toContain(what);
  });
});

describe('what is observed', () => {
  test('a switch that is not ready is critical, and says why', async () => {
    const status = () => Promise.resolve({ ...statusReport, ready: false, notReady: 'draining' });
    expect(await found('daemon', { status })).toMatchObject({
      ...{ level: 'critical', text: 'not ready: draining' },
    });
    expect(await found('daemon')).toMatchObject({ level: 'ok' });
  });

  test('an upstream is down for so long', async () => {
    const down = (forMs: number) =>
      withView({
        upstreams: [
          { name: 'UPCA', state: 'up', sinceMs: 0, waiting: 0, unacknowledged: 0 },
          { name: 'STATE', state: 'down', sinceMs: nowMs - forMs, waiting: 0, unacknowledged: 0 },
        ],
      });
    expect(await found('links', down(10_000))).toMatchObject({ level: 'ok' });
    expect(await found('links', down(31_000))).toMatchObject({ level: 'warning' });
    const long = await found('links', down(130_000));
    expect(long).toMatchObject({ level: 'critical', text: 'STATE down for 00:02:10' });
  });

  test('terminals that are absent count, disabled ones do not', async () => {
    expect(await found('terminals')).toMatchObject({ level: 'warning', text: '1 of 2 connected' });
    const [first, second] = statusReport.view.stations;
    const stations = [first, { ...second, state: 'disabled' }];
    expect(await found('terminals', withView({ stations }))).toMatchObject({
      ...{ level: 'ok', text: '1 of 1 connected' },
    });
  });

  test('the age of the oldest message, and operator intercept; no queue of a person by name', async () => {
    const old = await found('queues', withView({ intercept: 0 }));
    expect(old).toMatchObject({ level: 'warning', text: '7 waiting, oldest 00:03:40' });
    expect(JSON.stringify(old)).not.toContain('QP01');
    const none = { queues: [], intercept: 2 };
    expect(await found('queues', withView(none))).toMatchObject({ level: 'warning' });
  });

  test('a journal that cannot be written is critical, however quick the last commit was', async () => {
    const journal = { ...statusReport.journal, blocked: true };
    const status = () => Promise.resolve({ ...statusReport, journal });
    expect(await found('journal', { status })).toMatchObject({ level: 'critical' });
  });

  test('room on the disk, and a file that is not in force', async () => {
    const disk = () => Promise.resolve({ freePercent: 4.9, freeBytes: 1 });
    expect(await found('disk', { disk })).toMatchObject({ level: 'critical' });
    const inForce = { file: '/f', digest: 'other' };
    const status = () => Promise.resolve({ ...statusReport, configuration: inForce });
    expect(await found('config', { status })).toMatchObject({ level: 'warning' });
    expect(await found('config')).toMatchObject({ level: 'ok' });
  });

  test.each([
    ['daemon', 'MSC-1201', 'critical'],
    ['daemon', 'MSC-1204', 'critical'],
    ['daemon', 'MSC-1206', 'unknown'],
    ['links', 'MSC-1201', 'unknown'],
    ['queues', 'MSC-1202', 'unknown'],
  ] as const)('%s: %s is %s', async (what, code, level) => {
    const status = () => Promise.reject(new MscFault(code));
    const finding = await found(what, { status });
    expect(finding).toMatchObject({ level, metrics: [] });
    expect(finding.text).toContain(code);
  });

  test('a file that is wrong is what config looks for; one that is missing is unknown', async () => {
    const configuration = (code: 'MSC-1104' | 'MSC-1005') => () =>
      Promise.reject(new MscFault(code));
    expect(await found('config', { configuration: configuration('MSC-1104') })).toMatchObject({
      level: 'critical',
    });
    expect(await found('config', { configuration: configuration('MSC-1005') })).toMatchObject({
      level: 'unknown',
    });
  });
});

describe('its exit codes are 0 to 3 alone', () => {
  test.each([
    [['check', 'crets'], 3, 'did you mean `certs`?'],
    [['check'], 3, 'missing required argument'],
    [['check', 'certs', '--warn', 'x'], 3, '--warn'],
    [['check', 'certs', '--wran', '1d'], 3, '--warn'],
    [['check', 'certs', '-o', 'csv'], 3, 'nagios'],
    [['check', 'daemon', '--json', '--config', '/nonexistent/msc.toml'], 3, ''],
  ] as const)('%j exits %d', async (args, code, words) => {
    const ran = await runMsc(args);
    expect(ran.code).toBe(code);
    expect(ran.stderr).toContain(words);
  });

  test('a switch that does not answer: daemon is critical, all else unknown', async () => {
    const down = ['--socket', '/nonexistent/control.sock', '-o', 'nagios'];
    const daemon = await runMsc(['check', 'daemon', ...down]);
    expect([daemon.code, daemon.stdout]).toEqual([
      2,
      expect.stringMatching(/^MSC DAEMON CRITICAL - MSC-1201 /),
    ]);
    const queues = await runMsc(['check', 'queues', ...down]);
    expect([queues.code, queues.stdout]).toEqual([
      3,
      expect.stringMatching(/^MSC QUEUES UNKNOWN - /),
    ]);
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mscProgram, runMsc } from '#support/cli';
import { entryRow, FakeSwitch, statusReport } from './fake-switch.ts';

const folder = mkdtempSync(join(tmpdir(), 'msc-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('errors', () => {
  test('a wrong command line is one line on stderr, exit 64', async () => {
    const { stdout, stderr, code } = await runMsc(['jornal']);
    expect([code, stdout]).toEqual([64, '']);
    expect(stderr).toMatch(/^msc: MSC-1001: .*did you mean `journal`\?.*\n$/);
  });

  test('with --json an error is an object on stderr', async () => {
    const { stderr, code } = await runMsc(['status', '--socket', join(folder, 'none'), '--json']);
    const error = JSON.parse(stderr) as object;
    expect(code).toBe(69);
    expect(Object.keys(error)).toEqual(['code', 'message', 'hint']);
    expect(error).toMatchObject({ code: 'MSC-1201' });
  });

  test.each([
    [['status', '--socket', '/nonexistent/control.sock'], 69],
    [['journal', 'search', '--socket', '/nonexistent/control.sock'], 69],
    [['status', '--config', '/nonexistent/msc.toml'], 66],
    [['config', 'check', '/nonexistent/msc.toml'], 66],
    [['cert', 'check', '/nonexistent/a.pem'], 66],
    [['registry', 'apply', '/nonexistent/r.toml'], 66],
    [['journal', 'verify', '--journal', '/nonexistent/journal'], 66],
    [['decode', '/nonexistent/frames'], 66],
    [['status'], 78],
    [['error', 'ZZ99'], 1],
    [['journal'], 64],
    [['journal', 'search', 'stol*'], 64],
    [['journal', 'search', '--text', '--socket', '/nonexistent/control.sock'], 64],
    [['journal', 'show', '4', '--socket', '/nonexistent/control.sock'], 64],
    [['journal', 'thread', 'x', '--reason', 'audit'], 64],
    [['user', 'passwd', 'jdoe', '--socket', '/nonexistent/control.sock'], 64],
    [['version', '-o', 'yaml'], 64],
    [['journal', 'search', '--tz', 'Mars/Olympus'], 64],
    [['journal', 'search', '--columns', 'nothing', '--socket', '/nonexistent/control.sock'], 64],
    [['status', '-o', 'csv', '--socket', '/nonexistent/control.sock'], 64],
    [['status', '--columns', 'name', '--socket', '/nonexistent/control.sock'], 64],
    [['cert', 'issue', 'PD 01/x', '--ca', '/nonexistent', '--usage', 'station'], 65],
    [['error', 'H05', 'ZZ99'], 1],
  ])('%j exits %d, asks nothing and prints no data', async (args, code) => {
    const ran = await runMsc(args, { cwd: folder });
    expect([ran.code, ran.stdout]).toEqual([code, '']);
    expect(ran.stderr).not.toBe('');
  });

  test('a wrong flag points to the help of its own command', async () => {
    for (const [args, help] of [
      [['journal', 'search', '--revers'], 'msc journal search --help'],
      [['journal', 'search', '-n', 'x'], 'msc journal search --help'],
      [['--utc', 'j', 'search', '--event', 'x'], 'msc journal search --help'],
      [['jornal'], 'msc --help'],
    ] as const)
      expect((await runMsc(args)).stderr).toContain(`(next: ${help})`);
  });
});

describe('offline commands', () => {
  test('every code is explained', async () => {
    for (const [code, words] of [
      ['H05', 'operator field missing'],
      ['MSC-1201', 'next: msc serve'],
      ['c07', 'draining'],
      ['ER 62', 'expired'],
    ] as const) {
      const ran = await runMsc(['error', ...code.split(' ')]);
      expect([ran.code, ran.stdout]).toEqual([0, expect.stringContaining(words)]);
    }
  });

  test('several codes are explained, one after the other', async () => {
    const { stdout, code } = await runMsc(['error', 'H05', 'er', '62', 'MSC-2201']);
    expect(code).toBe(0);
    expect(stdout.match(/^\S+(?: \d\d)?(?= {2})/gm)).toEqual(['H05', 'ER 62', 'MSC-2201']);
  });

  test('the version is told in words and as an object', async () => {
    expect((await runMsc(['version'])).stdout).toMatch(/^msc \d+\.\d+\.\d+ \(node 26/);
    const json: unknown = JSON.parse((await runMsc(['version', '--json'])).stdout);
    expect(json).toMatchObject({ schema: 'msc.version/1' });
  });

  test('init writes a configuration that checks once the certificates are there, and never overwrites', async () => {
    const dir = join(folder, 'new');
    const begun = await runMsc(['init', '--dir', dir, '--county', 'SAMPLE $& CO']);
    expect(begun).toMatchObject({ code: 0 });
    const typed = [...begun.stderr.matchAll(/^ {2}(msc|cp) (.*)$/gm)].map(([, , words = '']) =>
      words.replace('ADDRESS', '127.0.0.1').split(' '),
    );
    const [makeCa = [], issue = [], copy = [], check = [], serve = []] = typed;
    expect([...check.slice(0, 2), ...serve.slice(0, 2)]).toEqual([
      'config',
      'check',
      'serve',
      '--config',
    ]);
    const missing = await runMsc(check);
    expect([missing.code, missing.stdout]).toEqual([66, '']);
    for (const file of ['switch.pem', 'switch.key', 'ca.pem', 'COUNTY-099.pem', 'state-ca.pem'])
      expect(missing.stderr).toContain(`${join(dir, 'tls', file)} is not there`);

    for (const words of [makeCa, issue]) expect((await runMsc(words)).code).toBe(0);
    const [from = '', tls = ''] = copy;
    for (const name of ['ca.pem', 'state-ca.pem']) copyFileSync(from, join(tls, name));
    const ours = ['cert', 'issue', 'COUNTY-099', '--ca', join(dir, 'ca'), '--usage', 'station'];
    expect((await runMsc([...ours, '--out', tls], { cwd: folder })).code).toBe(0);
    const checked = await runMsc(check);
    expect([checked.code, checked.stdout]).toEqual([0, expect.stringContaining('"SAMPLE $& CO"')]);
    expect(checked.stdout).toContain('1 upstream,');
    // Without a name it is found in the folder where one stands.
    expect((await runMsc(['config', 'check'], { cwd: dir })).stdout).toContain('ok: ');

    copyFileSync(join(tls, 'switch.key'), join(tls, 'COUNTY-099.key'));
    const unlike = await runMsc(check);
    expect([unlike.code, unlike.stderr]).toEqual([
      78,
      expect.stringMatching(
        /^msc: MSC-2101: .*upstreams\.STATE: .*COUNTY-099\.key is not the key of/,
      ),
    ]);
    const again = await runMsc(['init', '--dir', dir]);
    expect([again.code, again.stderr]).toEqual([73, expect.stringContaining('exists already')]);
    const shown: unknown = JSON.parse(
      (await runMsc(['config', 'show', join(dir, 'msc.toml'), '--json'])).stdout,
    );
    expect(shown).toMatchObject({ schema: 'msc.config-show/1' });
  });

  test('a wrong configuration is refused with all that is wrong', async () => {
    const file = join(folder, 'bad.toml');
    writeFileSync(file, '[switch]\nname = "A"\ncounty = "B"\norri = "X"\n[links]\nwindow = 9999\n');
    const { code, stderr } = await runMsc(['config', 'check', file]);
    expect(code).toBe(78);
    expect(stderr).toMatch(/^msc: MSC-1101: /);
    expect(stderr).toContain('switch.orri');
    expect(stderr).toContain('links.window');
  });

  test('certificates are made with private keys, checked, and never overwritten', async () => {
    const dir = join(folder, 'ca');
    expect((await runMsc(['cert', 'init-ca', dir])).code).toBe(0);
    const issue = ['cert', 'issue', 'PD-01', '--ca', dir, '--usage', 'station', '--out', dir];
    const issued = await runMsc(issue, { cwd: folder });
    expect([issued.code, issued.stderr]).toEqual([0, expect.stringContaining('not enrolled')]);
    expect(statSync(join(dir, 'PD-01.key')).mode & 0o777).toBe(0o600);
    expect(issued.stdout).toContain(`${join(dir, 'PD-01.key')}\n`);
    const again = await runMsc(issue, { cwd: folder });
    expect([again.code, again.stderr]).toEqual([
      73,
      expect.stringContaining('.key exists already'),
    ]);
    const wrong = await runMsc(['cert', 'check', join(dir, 'PD-01.key')]);
    expect([wrong.code, wrong.stderr]).toEqual([78, expect.stringContaining('PD-01.key is no')]);
    const checked = await runMsc(['cert', 'check', join(dir, 'PD-01.pem'), '--json']);
    expect([checked.code, JSON.parse(checked.stdout)]).toMatchObject([
      0,
      { certificates: [{ usage: 'station', state: 'ok' }] },
    ]);
    const short = await runMsc([
      'cert',
      'issue',
      'X',
      '--ca',
      dir,
      '--usage',
      'switch',
      '--days',
      '9',
      '--out',
      dir,
    ]);
    expect(short.code).toBe(0);
    expect((await runMsc(['cert', 'check', join(dir, 'X.pem')])).code).toBe(1);
  });
});

describe('a switch that answers', () => {
  const many = Array.from({ length: 40 }, (_, batch) =>
    Array.from({ length: 500 }, (_unused, i) => entryRow(batch * 500 + i + 1)),
  );
  const end = { count: 20_000, tookMs: 4, entry: 20_001 };
  const fake = new FakeSwitch({
    status: { end: statusReport },
    search: { rows: many, end },
    show: {
      rows: [[{ ...entryRow(5), text: 'AB12.QV.CA0990100.\r\nNO RECORD\r\n' }]],
      end: { count: 1, tookMs: 1, entry: 9 },
    },
    registry: {
      end: { changes: [{ op: 'add', table: 'agency', key: 'CA0990100', text: 'name' }], entry: 3 },
    },
    'user-add': { end: { entry: 4 } },
    'user-unlock': {
      error: { code: 'MSC-1302', message: 'there is no such user: nobody', exit: 1 },
    },
  });
  const short = new FakeSwitch({
    search: { rows: [[entryRow(2), entryRow(1)]], end: { count: 2, tookMs: 4, entry: 3 } },
  });
  const empty = new FakeSwitch({ search: { end: { count: 0, tookMs: 1, entry: 1 } } });
  const fakes = [fake, short, empty];
  const [at = [], few = [], none = []] = fakes.map(({ socket }) => ['--socket', socket]);
  beforeAll(async () => {
    await Promise.all(fakes.map((each) => each.open()));
  });
  afterAll(() => Promise.all(fakes.map((each) => each.close())));

  test('status fits 80 columns', async () => {
    const { stdout, code } = await runMsc(['status', ...at]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^msc 0\.1\.0 · county "EXAMPLE" · up 1 d 01:\d\d · ready\n/);
    expect(stdout).toContain('terminals  1 of 2 connected   1 signed on');
    expect(stdout).toContain('48 811 512 entries');
    expect(stdout).toContain('7 waiting   oldest 00:03:40 QP01');
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('status as JSON has its schema and no secret', async () => {
    const json: unknown = JSON.parse((await runMsc(['status', '--json', ...at])).stdout);
    expect(json).toMatchObject({
      schema: 'msc.status/1',
      ready: true,
      queues: [{ name: 'QP01', waiting: 7, oldest_seconds: 220 }],
    });
  });

  test('a table in a pipe is not cut, and with -q is the table alone', async () => {
    const ran = await runMsc([
      'journal',
      'search',
      'LIC:1ZZZ999',
      '-n',
      '2',
      '--last',
      '2d',
      ...few,
    ]);
    const lines = ran.stdout.trimEnd().split('\n');
    expect([ran.code, ran.stderr]).toEqual([0, '']);
    expect(ran.stdout).toMatch(
      /^2 entries, the limit \(-n 0 is all\)\n {2}20.* UTC … 20.* UTC · LIC:1ZZZ999\n {2}O as 0/,
    );
    expect(lines).toHaveLength(6);
    expect(lines.at(-1)).toContain('  a-user-with-a-long-name  ');
    const quiet = await runMsc(['journal', 'search', '-q', ...few]);
    expect([quiet.stdout, quiet.stderr]).toEqual([expect.stringMatching(/^TIME /), '']);
  });

  test('a long table streams, and what was searched is said at its end', async () => {
    const { stdout, stderr } = await runMsc(['journal', 'search', ...at]);
    expect(stdout.trimEnd().split('\n')).toHaveLength(20_001);
    expect(stderr).toMatch(/^20000 entries/);
  });

  test('nothing found is exit 1', async () => {
    const { code, stdout } = await runMsc(['journal', 'search', '--count', ...none]);
    expect([code, stdout]).toEqual([1, '0\n']);
  });

  test('jsonl streams every object and keeps its talk on stderr', async () => {
    const { stdout, stderr } = await runMsc(['journal', 'search', '-n', '0', '-o', 'jsonl', ...at]);
    const lines = stdout.trimEnd().split('\n');
    expect([lines.length, JSON.parse(lines[0] ?? '')]).toEqual([20_000, entryRow(1)]);
    expect(stderr).toMatch(/^20000 entries · 20.* UTC … 20.* UTC · /);
  });

  test('a reader that goes away ends it quietly with 141', async () => {
    const args = [mscProgram, 'journal', 'search', '-n', '0', '-o', 'jsonl', ...at];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    await once(child.stdout, 'data');
    child.stdout.destroy();
    await once(child, 'close');
    expect([child.exitCode, stderr]).toEqual([141, '']);
  });

  test('colour is for terminals, FORCE_COLOR and --color; NO_COLOR wins', async () => {
    const table = ['cert', 'check', join(folder, 'ca/ca.pem')];
    const bold = async (args: readonly string[], env: NodeJS.ProcessEnv): Promise<boolean> =>
      (await runMsc([...table, ...args], { env })).stdout.includes('\u001b[1m');
    expect(await bold([], {})).toBe(false);
    expect(await bold([], { FORCE_COLOR: '1' })).toBe(true);
    expect(await bold([], { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
    expect(await bold(['--color', 'always'], { NO_COLOR: '1' })).toBe(true);
  });

  test('text needs a reason, which is sent with the request', async () => {
    const shown = await runMsc([
      'journal',
      'thread',
      '5',
      '--reason',
      'audit',
      '--case',
      '26-1',
      ...at,
    ]);
    expect(fake.asked.at(-1)).toMatchObject({
      args: { entry: 5, thread: true, reason: 'audit', case: '26-1' },
    });
    expect(shown.stdout).toContain('NO RECORD');
    const one = await runMsc(['journal', 'show', '5', '--reason', 'audit', ...at]);
    expect(one.stdout).toContain('mnemonic     QZ01');
  });

  test('a register is shown, and applied only with --yes', async () => {
    const file = join(folder, 'registry.toml');
    writeFileSync(file, '[agencies.CA0990100]\nname = "X"\n');
    const dry = await runMsc(['registry', 'apply', file, '--dry-run', ...at]);
    expect([dry.code, dry.stdout]).toEqual([0, '+ agency CA0990100: name\n']);
    expect((await runMsc(['registry', 'apply', file, ...at])).code).toBe(64);
    expect(fake.asked.filter(({ args }) => args['apply'] === true)).toEqual([]);
    expect((await runMsc(['registry', 'apply', file, '--yes', ...at])).code).toBe(0);
    expect(fake.asked.at(-1)?.args).toMatchObject({ apply: true });
  });

  test('a password comes from a file or stdin, one line of it', async () => {
    const who = [
      '--name',
      'J. Doe',
      '--oif',
      'J10442',
      '--agency',
      'CA0990100',
      '--sends',
      'QV,QW',
    ];
    const args = ['user', 'add', 'jdoe', ...who, '--password-file', '-', ...at];
    const ran = await runMsc(args, { input: 'invented words 42\nmore\n' });
    expect(ran.code).toBe(0);
    expect(fake.asked.at(-1)?.args).toMatchObject({
      password: 'invented words 42',
      sends: ['QV', 'QW'],
      mustChange: true,
    });
    expect(ran.stdout + ran.stderr).not.toContain('invented words');
    expect(ran.stderr).not.toContain('send nothing');
    const bare = args.filter((word) => word !== '--sends' && word !== 'QV,QW');
    const { stderr } = await runMsc(bare, { input: 'invented words 42\n' });
    expect(stderr).toContain('without --sends jdoe may sign on and send nothing');
  });

  test('what the switch refuses keeps its code', async () => {
    const { code, stderr } = await runMsc(['user', 'unlock', 'nobody', ...at]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^msc: MSC-1302: /)]);
  });
});

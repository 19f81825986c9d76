// What operators see and do, by a switch that answers as told: the samples of the operator's page, every machine
// form, refusals with their codes, bounded lists, and readers that go away.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mscProgram, runMsc } from '#support/cli';
import { FakeSwitch } from './fake-switch.ts';
import { runHere } from './in-process.ts';
import { answers, clock, crowdAnswers } from './operator-answers.ts';

const fake = new FakeSwitch(answers);
const county = new FakeSwitch(crowdAnswers);
const at = ['--socket', fake.socket];
const crowd = ['--socket', county.socket];
beforeAll(async () => {
  await Promise.all([fake.open(), county.open()]);
});
afterAll(() => Promise.all([fake.close(), county.close()]));

const nowhere = ['--socket', '/nonexistent/control.sock'];
const looks = [
  ...[
    ['link', 'ls'],
    ['link', 'show', '112'],
    ['link', 'watch'],
    ['terminal', 'ls'],
  ],
  ...[['terminal', 'show', 'QZ01'], ['terminal', 'places'], ['upstream', 'ls'], ['status']],
  ...[
    ['upstream', 'show', 'UPCA'],
    ['upstream', 'probe', 'UPCA'],
    ['queue', 'ls'],
  ],
  ...[
    ['queue', 'show', 'QP01'],
    ['queue', 'shape'],
    ['journal', 'tail'],
    ['status', '--watch'],
  ],
];
const acts = [
  ...[
    ['link', 'close', '112'],
    ['terminal', 'disable', 'QZ01'],
    ['terminal', 'enable', 'QZ01'],
  ],
  ...[
    ['terminal', 'test', 'QZ01'],
    ['upstream', 'up', 'UPCA'],
    ['upstream', 'down', 'UPCA'],
  ],
];

describe('the samples of the operator page', () => {
  test('link ls', async () => {
    const { stdout, stderr, code } = await runHere(['link', 'ls', ...at]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(
      [
        'LINK  KIND      NAME  STATE             SINCE     PEER              TLS            IN    OUT  UNACKED  IDLE',
        ` 112  terminal  QZ01  signed-on jdoe    ${clock(60)}  10.20.3.45:51812  1.3 mutual  1 204  1 377        0   3 s`,
        ' 140  upstream  UPCA  connected         6 d       10.99.0.1:9000    1.3 mutual    9 M    9 M        1   0 s',
        `   -  upstream  UPTS  reconnect in 8 s  ${clock(120)}  -                 -               -      -        -     -`,
        '',
      ].join('\n'),
    );
  });

  test('queue shape', async () => {
    const { stdout } = await runHere(['queue', 'shape', ...at]);
    expect(stdout).toBe(
      [
        'QUEUE   total  <1m  1-5m  5-15m  15-60m  1-4h  >4h  oldest    state',
        'QP01        5    1     4      0       0     0    0  00:03:40  waiting for printer',
        'QZ17        2    0     0      2       0     0    0  00:12:02  dark',
        'UPTEST      2    0     0      0       0     2    0  01:15:20  disabled',
        '',
      ].join('\n'),
    );
    const one = await runHere(['queue', 'shape', 'QZ17', '--no-header', ...at]);
    expect(one.stdout).toMatch(/^QZ17 +2 .*dark\n$/);
  });

  test('status', async () => {
    const { stdout } = await runHere(['status', ...at]);
    expect(stdout).toMatch(
      new RegExp(
        [
          '^msc 0\\.1\\.0 · county "EXAMPLE" · up 1 d 01:\\d\\d · ready',
          'terminals  1 of 2 connected   1 signed on   dark DEMO-DISP-02',
          'upstreams  STATE up for [^\\n]* 1 unacknowledged',
          ' {11}UPTEST down since \\d\\d:\\d\\d \\(ECONNREFUSED, next try 8 s\\) 2 waiting',
          'queues     7 waiting   oldest 00:03:40 QP01   intercept 1   open requests 2',
          'journal    48 811 512 entries   last commit 2 ms   disk 61 %',
          'attention  MSC-2107 certificate of QZ09 ends in 11 days → msc cert issue QZ09\n$',
        ].join('\n'),
      ),
    );
  });
});

describe('every view', () => {
  test.each([...looks, ...acts])(
    '%s %s: with the switch down exits 69 with its sentence',
    async (...words) => {
      const ran = await runHere([...words, ...nowhere]);
      expect([ran.code, ran.stdout]).toEqual([69, '']);
      expect(ran.stderr).toMatch(
        /^msc: MSC-1201: the switch cannot be reached: .*\(next: msc serve/,
      );
    },
  );

  test.each(
    looks.filter(
      ([noun, verb]) => noun !== 'status' && verb !== 'show' && verb !== 'watch' && verb !== 'tail',
    ),
  )('%s %s has its rows as JSON, JSON lines and CSV, and no colour in a pipe', async (...words) => {
    const json = JSON.parse((await runHere([...words, '--json', ...at])).stdout) as Record<
      string,
      unknown
    >;
    expect(json['schema']).toBe(`msc.${words.slice(0, 2).join('-')}/1`);
    const [, member = ''] = Object.keys(json);
    const lines = (await runHere([...words, '-o', 'jsonl', ...at])).stdout.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(json[member]);
    const csv = (await runHere([...words, '-o', 'csv', ...at])).stdout.trimEnd().split('\n');
    expect(csv).toHaveLength(lines.length + 1);
    const plain = await runHere(words.concat(at), { env: { NO_COLOR: '1', FORCE_COLOR: '1' } });
    expect(plain.stdout).not.toContain('\u001b');
    expect((await runHere(words.concat(at))).stdout).not.toContain('\u001b');
  });

  test.each([
    [['link', 'lss'], 'did you mean `ls`?'],
    [['lnk', 'ls'], 'did you mean `link`?'],
    [['terminal', 'disabel', 'QZ01'], 'did you mean `disable`?'],
    [['upstream', 'prob', 'UPCA'], 'did you mean `probe`?'],
    [['queue', 'shpe'], 'did you mean `shape`?'],
    [['journal', 'tial'], 'did you mean `tail`?'],
    [['link', 'close', '112', '--reasn', 'x'], 'did you mean `--reason`?'],
    [['link', 'show', 'QZ01'], 'a link is a number'],
  ])('%j is a typing error, told with one suggestion', async (words, suggestion) => {
    const { stderr, code } = await runHere([...words, ...at]);
    expect([code, stderr]).toEqual([64, expect.stringContaining(suggestion)]);
  });

  test('as a process: exit code, one line on stderr, nothing of a colour', async () => {
    const down = await runMsc(['link', 'ls', ...nowhere]);
    expect([down.code, down.stdout]).toEqual([69, '']);
    expect(down.stderr).toMatch(/^msc: MSC-1201: [^\n]+\n$/);
    const role = await runMsc(['terminal', 'enable', 'QZ01', ...at]);
    expect([role.code, role.stderr]).toEqual([77, expect.stringMatching(/^msc: MSC-1202: /)]);
    const list = await runMsc(['terminal', 'ls', ...at]);
    expect([list.code, list.stderr, list.stdout]).toEqual([
      0,
      '',
      expect.not.stringMatching(/\u001b/),
    ]);
  });

  test('the short nouns are q and t', async () => {
    expect((await runHere(['q', 'ls', ...at])).stdout).toContain('QP01');
    expect((await runHere(['t', 'ls', ...at])).stdout).toContain('PD-CAD');
  });

  test('a name that is not there is answered with the nearest', async () => {
    const { stderr, code } = await runHere(['terminal', 'show', 'QC03', ...at]);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(
        /^msc: MSC-1601: .*QC03; did you mean `QC01`\? \(next: msc terminal ls\)/,
      ),
    ]);
  });

  test('one thing is a member a line, or one object', async () => {
    const { stdout } = await runHere(['link', 'show', '112', ...at]);
    expect(stdout).toMatch(/^name +QZ01$/m);
    expect(stdout).toMatch(/^idle +3\.2 s$/m);
    const json: unknown = JSON.parse(
      (await runHere(['link', 'show', '112', '--json', ...at])).stdout,
    );
    expect(json).toMatchObject({ schema: 'msc.link-show/1', link: 112, idle_seconds: 3.2 });
  });

  test('a queue is shown by number, class, age and key', async () => {
    const { stdout, stderr } = await runHere(['queue', 'show', 'QP01', ...at]);
    expect(stdout).toMatch(/^ +ENTRY +CLASS +MKE +SINCE +WAITS +EXPIRES +ORI +MNE/);
    expect(stdout).toMatch(/^4810000 +3 +QV .* 1 min +never +CA0999900 +QP01/m);
    expect(stderr).toBe('QP01: 5 waiting; waiting for printer\n');
    await runHere(['queue', 'show', 'QP01', '-n', '7', ...at]);
    expect(fake.asked.at(-1)?.args).toEqual({ name: 'QP01', limit: 7 });
  });

  test('a probe names the step that failed, exit 1', async () => {
    const { stdout, code } = await runHere(['upstream', 'probe', 'UPCA', '--tls', ...at]);
    expect([code, fake.asked.at(-1)?.args]).toEqual([1, { name: 'UPCA', tls: true }]);
    expect(stdout).toMatch(/^connect +failed +5001 ms +not complete in time/m);
  });
});

describe('an act', () => {
  const asked = (command: string) => fake.asked.filter((each) => each.command === command);

  test('asks nothing without a terminal: it wants --reason, then --yes', async () => {
    const before = asked('link-close').length;
    for (const flags of [[], ['--reason', 'hangs'], ['--yes']]) {
      const { code, stderr } = await runHere(['link', 'close', '112', ...flags, ...at]);
      const missing = flags.includes('--reason') ? '--yes' : '--reason TEXT';
      expect([code, stderr]).toEqual([64, expect.stringContaining(`give ${missing}`)]);
    }
    expect(
      asked('link-close')
        .slice(before)
        .map(({ args }) => args['apply']),
    ).toEqual([...[false, false, false]]);
  });

  test('with both it is done, and its entry named', async () => {
    const words = ['link', 'close', '112', '--reason', 'hangs', '--yes', ...at];
    const { code, stdout, stderr } = await runHere(words);
    expect([code, stdout, stderr]).toEqual([0, '', 'link 112 is closed (entry 77)\n']);
    expect(asked('link-close').at(-1)?.args).toEqual({ link: 112, apply: true, reason: 'hangs' });
    const json: unknown = JSON.parse((await runHere([...words, '--json'])).stdout);
    expect(json).toMatchObject({ schema: 'msc.link-close/1', entry: 77 });
  });

  test('with --dry-run only says what it would meet', async () => {
    const before = asked('link-close').length;
    const { code, stdout } = await runHere(['link', 'close', '112', '--dry-run', ...at]);
    expect([code, stdout]).toEqual([
      0,
      'would close link 112 (station PD-DISPATCH-01, mnemonic QZ01, link 112 from 10.20.3.45, jdoe signed on, 2 messages not acknowledged)\n',
    ]);
    expect(
      asked('link-close')
        .slice(before)
        .map(({ args }) => args['apply']),
    ).toEqual([false]);
  });

  test('of the wrong role exits 77 with its sentence', async () => {
    const words = ['terminal', 'disable', 'QZ01', '--yes', '--reason', 'r', ...at];
    const { code, stderr } = await runHere(words);
    expect([code, stderr]).toEqual([
      77,
      expect.stringMatching(/^msc: MSC-1202: your role does not/),
    ]);
  });

  test('a test says whether it was acknowledged, and after how long', async () => {
    const { code, stderr } = await runHere(['terminal', 'test', 'QZ01', ...at]);
    expect([code, stderr]).toEqual([0, 'PD-DISPATCH-01: acknowledged after 84 ms (entry 9)\n']);
  });
});

describe('following', () => {
  test('prints each entry as it comes; when the switch goes it says so, exit 69', async () => {
    const { code, stdout, stderr } = await runHere(['journal', 'tail', '--mke', 'q*', ...at]);
    expect(stdout.trimEnd().split('\n')).toHaveLength(3);
    expect([code, stderr]).toEqual([69, expect.stringContaining('MSC-1201')]);
    expect(fake.asked.at(-1)?.args).toMatchObject({
      asked: '--mke q*',
      where: [{ column: 'mke' }],
    });
    const lines = (await runHere(['journal', 'tail', '--json', ...at])).stdout
      .trimEnd()
      .split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { entry: number }).entry)).toEqual([5, 6]);
    expect((await runHere(['link', 'watch', ...at])).stdout).toMatch(/link-up +PD-DISPATCH-01/);
  });

  test('a filter that search would refuse is refused', async () => {
    const { code, stderr } = await runHere(['journal', 'tail', '--event', 'strat', ...at]);
    expect([code, stderr]).toEqual([64, expect.stringContaining('did you mean `start`?')]);
  });

  test('status --watch says it again and again, a block or an object at a time', async () => {
    const child = spawn(process.execPath, [mscProgram, 'status', '--watch', '--json', ...at], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await expect.poll(() => text.split('\n').length, { timeout: 30_000 }).toBeGreaterThan(2);
    child.kill('SIGINT');
    await once(child, 'close');
    for (const line of text.trimEnd().split('\n'))
      expect(JSON.parse(line)).toMatchObject({ schema: 'msc.status/1' });
  });
});

describe('a county of 5,000 links', () => {
  test('comes whole, and the reader of its head ends it quietly', async () => {
    const whole = await runHere(['link', 'ls', ...crowd]);
    expect(whole.stdout.trimEnd().split('\n')).toHaveLength(5_001);
    const line = `${process.execPath} ${mscProgram} link ls --socket ${county.socket} | head -3; echo "\${PIPESTATUS[0]}"`;
    const child = spawn('bash', ['-c', line], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    await once(child, 'close');
    const lines = stdout.trimEnd().split('\n');
    expect([lines.length, stderr]).toEqual([4, '']);
    expect(['0', '141']).toContain(lines.at(-1));
  });
});

// Operators at a running switch: real stations over TLS, a real upstream, real terminals of operators. What
// they see is so, what they do takes hold and outlives a kill, and their screens are given back.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statfsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { latin1 } from '#protocol/octets';
import type { Received } from '#src/sim/request';
import { mscTerminal, type Terminal } from '#support/terminal';
import { launcher, openWorld, until, type World } from '#support/world';

let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 60_000);
afterAll(() => world.close());

const question = 'QV.CA0990100.LIC/2ZZZ999.LIS/CA';
type Json = Readonly<Record<string, unknown>>;

async function json(...words: readonly string[]): Promise<Json> {
  const { stdout, stderr, code } = await world.msc(...words, '--json');
  if (stdout === '') throw new Error(`${words.join(' ')}: exit ${code}: ${stderr}`);
  return JSON.parse(stdout) as Json;
}

async function rows(member: string, ...words: readonly string[]): Promise<readonly Json[]> {
  return (await json(...words))[member] as readonly Json[];
}

async function linkOf(name: string): Promise<Json | undefined> {
  return (await rows('links', 'link', 'ls')).find((link) => link['name'] === name);
}

const upstreamIs = (state: string): Promise<Json> =>
  until(`STATE ${state}`, async () => {
    const shown = await json('upstream', 'show', 'STATE');
    return shown['state'] === state ? shown : undefined;
  });

describe('an operator sees', () => {
  it('links with person, TLS, address and counts; terminals; a queue and its entries, without text', async () => {
    const { station } = await world.signOn('DEMO-DISP-01', 'jdoe');
    await station.request(question);
    expect(await linkOf('DEMO-DISP-01')).toMatchObject({
      ...{ kind: 'terminal', state: 'signed-on', user: 'jdoe', tls: '1.3', mutual: true },
      ...{ in: 1, unacknowledged: 0 },
    });
    expect((await linkOf('DEMO-DISP-01'))?.['peer']).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(await linkOf('STATE')).toMatchObject({ kind: 'upstream', out: 1, tls: '1.3' });
    station.send('QZ01', 'AB12.AM.CA0990100.QP01.TXT\r\nSECRET WORDS');
    await until('it is taken', () => (station.session.outbox.open === 0 ? true : undefined));
    const shown = await world.msc('queue', 'show', 'QP01', '--json');
    expect(JSON.parse(shown.stdout)).toMatchObject({
      ...{ waiting: [{ mke: 'AM', class: 5, mnemonic: 'QP01' }], queue: { state: 'dark' } },
    });
    expect(shown.stdout).not.toContain('SECRET');
    expect(await json('terminal', 'show', 'QZ01')).toMatchObject({ user: 'jdoe' });
    const status = await world.msc('status');
    expect(status.stdout).toContain('1 of 8 connected   1 signed on');
    const { blocks, bfree, bavail } = statfsSync(world.demo.journal);
    const used = blocks - bfree;
    const { disk_used: part } = (await json('status'))['journal'] as { disk_used: number };
    // Others write on this disk too.
    expect(part).toBeCloseTo(used / (used + bavail), 1);
    station.cut();
  });
});

describe('an operator acts', () => {
  it('closes a link: its station comes back to its session', async () => {
    const { station } = await world.signOn('DEMO-DISP-02', 'mroe');
    const link = await linkOf('DEMO-DISP-02');
    const closed = await world.msc(
      ...['link', 'close', String(link?.['link']), '--reason', 'it hangs', '--yes'],
    );
    expect(closed.code).toBe(0);
    await until('its CLOSE', () => (station.open ? undefined : true));
    const again = await world.connect('DEMO-DISP-02', { session: station.session });
    expect(again.user).toBe('mroe');
    again.cut();
    const [entry] = await world.entries('--event', 'close');
    expect(entry).toMatchObject({ station: 'DEMO-DISP-02', reason: 'it hangs' });
    expect(entry?.['person']).toBeTypeOf('string');
  });

  it('shuts a terminal out, over a kill, and lets it in again', async () => {
    const { station } = await world.signOn('DEMO-DISP-01', 'jdoe');
    const why = ['--reason', 'left in a taxi', '--yes'];
    expect((await world.msc('terminal', 'disable', 'QZ01', ...why)).code).toBe(0);
    await until('its CLOSE', () => (station.open ? undefined : true));
    const refused = { code: 'SIM-NOT-ALLOWED' };
    await expect(world.connect('DEMO-DISP-01')).rejects.toMatchObject(refused);
    await world.kill();
    await world.restart();
    await expect(world.connect('DEMO-DISP-01')).rejects.toMatchObject(refused);
    expect(await json('terminal', 'show', 'DEMO-DISP-01')).toMatchObject({
      ...{ state: 'disabled', disabled_reason: 'left in a taxi' },
    });
    const status = await world.msc('status');
    expect(status.stdout).toContain('1 disabled');
    expect((await world.msc('terminal', 'enable', 'QZ01')).code).toBe(0);
    (await world.connect('DEMO-DISP-01')).cut();
  }, 90_000);

  it('takes an upstream down, over a kill and a reload, and up again with what waited', async () => {
    await upstreamIs('up');
    const down = await world.msc('upstream', 'down', 'STATE', '--reason', 'they asked', '--yes');
    expect(down.code).toBe(0);
    expect(await upstreamIs('disabled')).toMatchObject({ disabled_reason: 'they asked' });
    await world.kill();
    await world.restart();
    expect((await world.msc('config', 'reload')).code).toBe(0);
    const { station } = await world.signOn('DEMO-DISP-01', 'jdoe');
    const came: Received[] = [];
    station.on('message', (message) => came.push(message));
    station.send('QZ01', `AB12.${question}`);
    await until('it is taken', () => (station.session.outbox.open === 0 ? true : undefined));
    expect(await rows('queues', 'queue', 'shape')).toContainEqual(
      expect.objectContaining({ queue: 'STATE', total: 1, state: 'disabled' }),
    );
    const ups = await world.entries('--event', 'link-up', '--upstream', 'STATE');
    expect((await world.msc('upstream', 'up', 'STATE')).code).toBe(0);
    await upstreamIs('up');
    await until('the answer', () =>
      came.some(({ body }) => latin1(body).includes('STOLEN VEHICLE')) ? true : undefined,
    );
    expect(await world.entries('--event', 'link-up', '--upstream', 'STATE')).toHaveLength(
      ups.length + 1,
    );
    station.cut();
  }, 90_000);

  it('probes an upstream, and its link does not notice', async () => {
    const before = await upstreamIs('up');
    const steps = await rows('steps', 'upstream', 'probe', 'STATE', '--tls');
    expect(steps.map(({ step, ok }) => [step, ok])).toEqual([
      ...[
        ['resolve', true],
        ['connect', true],
        ['tls', true],
        ['certificate', true],
      ],
    ]);
    expect(steps.at(-1)?.['days_left']).toBeTypeOf('number');
    const after = await json('upstream', 'show', 'STATE');
    expect([after['link'], after['since']]).toEqual([before['link'], before['since']]);
  });

  it('tests a terminal, and hears how long it took or why not', async () => {
    const away = await world.msc('terminal', 'test', 'QZ02');
    expect([away.code, away.stderr]).toEqual([1, expect.stringContaining('is not connected')]);
    const { station } = await world.signOn('DEMO-DISP-02', 'mroe');
    const came: Received[] = [];
    station.on('message', (message) => came.push(message));
    const report = await json('terminal', 'test', 'QZ02');
    expect(report).toMatchObject({ outcome: 'acknowledged', station: 'DEMO-DISP-02' });
    expect(report['acknowledged_seconds']).toBeLessThan(30);
    expect(came.map(({ body }) => latin1(body)).join()).toContain('TEST OF THIS TERMINAL');
    station.cut();
  });
});

describe('an operator follows', () => {
  it('the journal and the links as they happen; when the switch is killed both say so, exit 69', async () => {
    const tail = follow('journal', 'tail', '--mke', 'Q*', '-o', 'jsonl');
    const watch = follow('link', 'watch', '-o', 'jsonl');
    await until('both follow', async () => {
      const entries = await world.entries('--event', 'search');
      return entries.some(({ detail }) => (detail as Json)['command'] === 'tail')
        ? true
        : undefined;
    });
    // The watch leaves no entry: it follows once it hears of a link.
    await until('both hear', async () => {
      const { station } = await world.signOn('DEMO-DISP-02', 'mroe');
      await station.request(question);
      station.cut();
      return tail.said.includes('"hit"') && watch.said.includes('link-up') ? true : undefined;
    });
    expect(tail.said).not.toContain('2ZZZ999.LIS');
    await world.kill();
    for (const { ended, complaint } of [tail, watch]) {
      expect(await ended).toBe(69);
      expect(complaint()).toMatch(/MSC-1201.*it went away/);
    }
    await world.restart();
  }, 90_000);

  function follow(...words: readonly string[]) {
    const child = spawn(process.execPath, [launcher, ...words], {
      env: { ...process.env, MSC_CONFIG: world.demo.config },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let complaint = '';
    const following = {
      said: '',
      complaint: () => complaint,
      ended: once(child, 'close').then(() => child.exitCode),
    };
    child.stdout.on('data', (chunk: Buffer) => (following.said += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    return following;
  }
});

describe('top on a real terminal of 80 x 24', () => {
  let terminal: Terminal;
  beforeAll(async () => {
    terminal = await mscTerminal({ MSC_CONFIG: world.demo.config });
  });
  afterAll(() => terminal.close());

  const begin = async (): Promise<string> => {
    terminal.type('clear; echo before; msc top; echo "ended $?"', 'Enter');
    return (await terminal.until('the page', (screen) => screen.includes('q quit'))).join('\n');
  };
  const givenBack = async (ended: string): Promise<void> => {
    const screen = (await terminal.until('the end', (text) => text.includes(ended))).join('\n');
    expect(screen).toContain('before');
    expect(screen).not.toContain('q quit');
    expect(terminal.modes()).toEqual({ alternate: false, cursor: true });
    // A terminal that was left raw would not show what is typed.
    terminal.type('clear; echo "typed $((40 + 2))"', 'Enter');
    await terminal.until('what was typed', (text) => text.includes('typed 42'));
  };

  it('shows status and links, goes on by itself, and answers its keys', async () => {
    await upstreamIs('up');
    const page = await begin();
    expect(
      page
        .split('\n')
        .slice(0, 24)
        .every((line) => line.length <= 80),
    ).toBe(true);
    expect(page).toMatch(/^msc 0\.\d+\.\d+ · county/);
    expect(terminal.modes()).toEqual({ alternate: true, cursor: false });
    await terminal.until('the upstream', (screen) => /> +\d+ STATE +connected/.test(screen));
    const uptime = /up (\S+)/.exec(page)?.[1] ?? '';
    await terminal.until('another second', (screen) => !screen.includes(`up ${uptime} `));
    const station = await world.connect('DEMO-CAD-01');
    await terminal.until('the new link', (screen) => screen.includes('DEMO-CAD-01'));
    terminal.type('', 's');
    await terminal.until('another order', (screen) => screen.includes('sort:rate'));
    terminal.type('', '/', 'c', 'a', 'd', 'Enter');
    await terminal.until('the filter', (s) => s.includes('DEMO-CAD-01') && !/STATE +conn/.test(s));
    terminal.type('', 'Enter');
    await terminal.until('the detail', (screen) => /^mnemonics +QC01 QC02$/m.test(screen));
    terminal.type('', 'q');
    terminal.type('', 'p');
    await terminal.until('the pause', (screen) => screen.includes('PAUSED'));
    terminal.type('', 'h');
    await terminal.until('the help', (screen) => screen.includes('pause, and go on'));
    terminal.type('', 'q');
    terminal.type('', 'q');
    await givenBack('ended 0');
    station.cut();
  });

  it('gives the terminal back on Ctrl-C', async () => {
    await begin();
    terminal.type('', 'C-c');
    await givenBack('ended 130');
  });

  it('gives the terminal back when the switch is killed, and says so', async () => {
    await begin();
    await world.kill();
    await terminal.until('the sentence', (screen) => screen.includes('MSC-1201'));
    await givenBack('ended 69');
    await world.restart();
  }, 90_000);
});

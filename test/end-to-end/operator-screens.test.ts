// The operator's tools as different people meet them: another role, a real terminal of 80 columns, a pipe whose
// reader goes away, a program that wants JSON, a switch that is down.

import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/table.ts';
import { runMscAs } from '#support/cli';
import { Files } from '#support/files';
import { hasTerminal, Terminal } from '#support/terminal';
import { launcher, openWorld, type World } from '#support/world';

let world: World;
let files: Files;
beforeAll(async () => {
  world = await openWorld();
  files = new Files(world);
});
afterAll(() => world.close());

/** A user that the register knows as an operator and nothing more. */
const strangerUid = 1;
const isRoot = process.geteuid?.() === 0;

describe.skipIf(!isRoot)('another role', () => {
  beforeAll(async () => {
    // So that somebody else comes to the socket at all.
    chmodSync(world.folder, 0o711);
    const registry = files.path('registry.toml');
    const operator = '\n[operators."daemon"]\nroles = ["operator"]\n';
    writeFileSync(registry, readFileSync(registry, 'utf8') + operator);
    expect((await world.msc('registry', 'apply', registry, '--yes')).code).toBe(0);
  });

  it.each([
    [['route', 'show', '--json'], 0],
    [['check', 'daemon'], 0],
    ['route test --from QZ01 --mke QV --user jdoe --field LIC=1ZZZ999'.split(' '), 0],
    [['config', 'history'], 77],
    [['config', 'rollback', '1', '--yes'], 77],
    [['trace', 'start', '--upstream', 'STATE', '--reason', 'x'], 77],
    [['trace', 'ls'], 77],
    [['trace', 'show', '1'], 77],
    [['trace', 'stop', '1'], 77],
  ])('%j exits %d', async (words, code) => {
    const ran = await runMscAs(strangerUid, [...words, '--socket', world.demo.control]);
    expect(ran.code, ran.stderr).toBe(code);
    if (code === 77) expect(ran.stderr).toContain('MSC-1202');
  });
});

/** Every command that reads, as typed; each works against the demonstration. */
const reading: readonly string[] = [
  'health',
  'check certs',
  'check links -o nagios',
  'doctor',
  'doctor --list',
  'config diff',
  'config explain links.window',
  'config history',
  'route show',
  'route test --from QZ01 --mke QV --user jdoe --field LIC=1ZZZ999',
  'trace ls',
  'trace show 1',
  'cheat',
  'cheat config',
  'completion bash',
  'config --help',
  'trace start --help',
  'check --help',
];

describe.skipIf(!hasTerminal)('in a real terminal of 80 columns', () => {
  let terminal: Terminal;
  beforeAll(async () => {
    await world.msc('trace', 'start', '--terminal', 'QZ01', '--for', '1m', '--reason', 'a look');
    const { station } = await world.signOn('DEMO-DISP-01', 'jdoe');
    await station.leave();
    const bin = files.path('msc');
    writeFileSync(bin, `#!/bin/sh\nexec "${process.execPath}" "${launcher}" "$@"\n`, {
      mode: 0o755,
    });
    const path = `${world.folder}:${process.env['PATH'] ?? ''}`;
    const env = { PATH: path, HOME: world.folder, TZ: 'UTC', MSC_CONFIG: world.demo.config };
    terminal = new Terminal(env, { rows: 200 });
  });
  afterAll(() => terminal.close());

  it.each(reading.filter((line) => !line.startsWith('completion')))('msc %s fits', async (line) => {
    // What the terminal had to break into two lines is one again here.
    const { lines, code } = await terminal.run(`msc ${line}`);
    expect(code).toBeLessThanOrEqual(1);
    expect(lines.join('').length).toBeGreaterThan(0);
    expect(terminal.screen({ joined: true }).filter((each) => each.length > 80)).toEqual([]);
  });

  it('each ends quietly when its reader goes away, and has no colour in a pipe', async () => {
    const out = files.path('head.txt');
    const script = reading.map((line) => `msc ${line} | head -n 1; echo "exit \${PIPESTATUS[0]}"`);
    writeFileSync(files.path('heads'), script.join('\n'));
    await terminal.run(`. ${files.path('heads')} >${out} 2>&1`);
    const said = readFileSync(out, 'utf8');
    expect(said).not.toMatch(/EPIPE|Error|msc: MSC-|\u001b/);
    const exits = said.split('\n').filter((each) => each.startsWith('exit '));
    expect(exits).toHaveLength(reading.length);
    for (const exit of exits) expect(exit).toMatch(/^exit (0|1|141)$/);
  });

  it.each([
    ['config rollback 1', /take version 1 instead of what is in force\? \[y\/N\]/, 'n', 1],
    ['trace start --upstream STATE --for 1s', /reason for the trace:/, 'a look', 0],
  ])('msc %s asks', async (line, question, answer, code) => {
    terminal.type(`clear; msc ${line}; echo "do""ne $?"`, 'Enter');
    await terminal.sees(question);
    terminal.type(answer, 'Enter');
    await terminal.sees(new RegExp(`^done ${code}$`, 'm'));
  });

  it('colour is for a terminal, and NO_COLOR is kept', async () => {
    await terminal.run('msc cheat');
    expect(terminal.screen({ colours: true }).join('\n')).toMatch(/\u001b\[1m/);
    await terminal.run('NO_COLOR=1 msc cheat');
    expect(terminal.screen({ colours: true }).join('\n')).not.toMatch(/\u001b\[1m/);
  });
});

describe('every new command', () => {
  it.each([
    ...[
      'health',
      'check links',
      'doctor',
      'doctor --list',
      'config diff',
      'config explain log.level',
    ],
    ...[
      'config history',
      'route show',
      'route test --from QZ01 --mke QV --user jdoe --field LIC=1ZZZ999',
      'trace ls',
    ],
    ...['cheat', 'completion fish'],
  ])('msc %s --json is one object with its schema', async (line) => {
    const ran = await world.msc(...line.split(' '), '--json');
    expect(ran.code).toBeLessThanOrEqual(1);
    expect((JSON.parse(ran.stdout) as { schema: string }).schema).toMatch(/^msc\.[a-z-]+\/1$/);
  });

  it.each(
    commands
      .map(({ name }) => name)
      .filter((name) => /^(health|config (diff|history|rollback)|route|trace)/.test(name)),
  )('msc %s says when the switch is down, exit 69', async (name) => {
    const more: Readonly<Record<string, readonly string[]>> = {
      'config rollback': ['1', '--yes'],
      'route test': ['--from', 'QZ01', '--mke', 'QV'],
      'trace start': ['--upstream', 'STATE', '--reason', 'x'],
      'trace show': ['1'],
      'trace stop': ['1'],
    };
    const toml = files
      .read('msc.toml')
      .replace(/control.sock/, 'nobody.sock')
      .replace(/(\[http\]\naddress = "127.0.0.1):\d+/, '$1:1');
    const down = files.path('down.toml');
    writeFileSync(down, toml);
    const ran = await world.msc(...name.split(' '), ...(more[name] ?? []), '--config', down);
    expect([ran.code, ran.stdout]).toEqual([69, '']);
    expect(ran.stderr).toMatch(/^msc: MSC-1201: .+ \(next: .+\)\n$/);
  });
});

// The journal while its switch is down: read by the same commands, as the user the switch ran as, without a text. The
// switch is killed, so that nothing was written through, and started again in the end.

import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runMsc, runMscAs } from '#support/cli';
import { Files } from '#support/files';
import { openWorld, question, until, type World } from '#support/world';
import { runHere, type RanHere } from '../cli/in-process.ts';

type Json = Readonly<Record<string, unknown>>;

let world: World;
let asked = 0;
/** The last entry before the first of these looks. */
let last = 0;
const up = new Map<string, Json>();

/** Questions whose answers are not changed by the entries that looks leave. */
const questions = (): readonly string[] => [
  `search --since 1970-01-01 -n 0 --reverse --entry 1..${last}`,
  `search LIC:2ZZZ999 --entry ..${last}`,
  `search --oif J10442 --entry ..${last}`,
  `search stolen --entry ..${last}`,
  `search --since 1970-01-01 --direction in --count`,
  `search --since 1970-01-01 --direction in --by mke`,
  `search LIC:2ZZZ999 --entry ..${last} --explain`,
  'who-ran LIC:2ZZZ999',
  `who-saw ${asked}`,
  `delivered ${asked}`,
  'changes operators',
  'stats --by key,outcome --direction in --since 1970-01-01',
];

beforeAll(async () => {
  world = await openWorld();
  const { station } = await world.signOn('DEMO-DISP-01', 'jdoe');
  await station.request(question);
  await until('the answer is acknowledged', async () => {
    const came = await world.entries('--kind', 'delivered', '--direction', 'down');
    return came.length > 0 ? true : undefined;
  });
  station.cut();
  asked = Number((await world.entries('--mke', 'QV', '--direction', 'in'))[0]?.['entry']);
  last = Number((await world.entries()).at(-1)?.['entry']);
  for (const line of questions()) up.set(line, told(await ask(line)));
  await world.kill();
}, 120_000);
afterAll(() => world.close());

/** In this process: starting one for each would take longer than all the rest. */
const here = (line: string, ...more: readonly string[]): Promise<RanHere> =>
  runHere(['journal', ...line.split(' '), '--config', world.demo.config, ...more]);
const ask = (line: string): Promise<RanHere> => here(line, '--json');

/** An answer without what differs from look to look. */
function told({ stdout, stderr, code }: RanHere): Json {
  expect(code, stderr).toBe(0);
  const { took_ms, search_entry, about_seconds, ...rest } = JSON.parse(stdout) as Json;
  expect([typeof took_ms, typeof search_entry, typeof about_seconds]).toBeDefined();
  return rest;
}

describe('with the switch killed', () => {
  it('every question has the answer that it had, and says up to where it was read', async () => {
    for (const line of questions()) {
      const ran = await ask(line);
      const { offline, ...rest } = told(ran);
      expect({ line, ...rest }).toEqual({ line, ...up.get(line) });
      expect(offline).toEqual({
        last_entry: expect.any(Number) as number,
        last_time: expect.stringMatching(/^20\d\d-.*Z$/) as string,
      });
      const end = Number((offline as Json)['last_entry']);
      expect(end).toBeGreaterThan(last);
      expect(ran.stderr).toMatch(
        new RegExp(
          `^the switch is down: read from \\S+/journal itself, up to entry ${end} of 20.+ journalled\n`,
        ),
      );
      expect(JSON.parse(ran.stdout)).not.toHaveProperty('search_entry');
    }
    // Nothing of it was written anywhere.
    const { stdout } = await world.msc('journal', 'verify', '--json');
    const count = await world.msc('journal', 'search', '--since', '1970-01-01', '--count');
    expect(`${String((JSON.parse(stdout) as Json)['entries'])}\n`).toBe(count.stdout);
  }, 120_000);

  it.each([
    ['search LIC:2ZZZ999 --text --reason audit', false],
    ['print LIC:2ZZZ999 --to QP01 --reason audit', false],
    ['export LIC:2ZZZ999 --to none.csv --reason audit', false],
    ['show ASKED --reason audit', true],
    ['thread ASKED --reason audit', true],
  ])('msc journal %s shows no text and says why, exit 69', async (line, isShown) => {
    const ran = await here(line.replace('ASKED', String(asked)));
    expect(ran.code).toBe(69);
    expect(ran.stderr).toMatch(/(^|\n)msc: MSC-1208: .+ \(next: start the switch and run .+\)\n$/);
    expect(ran.stdout === '').toBe(!isShown);
    if (isShown) expect(ran.stdout).toContain('QV');
    expect(ran.stdout + ran.stderr).not.toMatch(/2ZZZ999.LIS|STOLEN/);
    expect(existsSync('none.csv')).toBe(false);
  });

  it.each(['tail', 'search -f', 'search --since 1970-01-01 --job', 'jobs'])(
    'msc journal %s needs the switch, exit 69',
    async (line) => {
      const ran = await here(line);
      expect([ran.code, ran.stdout]).toEqual([69, '']);
      expect(ran.stderr).toMatch(/msc: MSC-1201: .+\n$/);
    },
  );

  it('a shift is a time all the same', async () => {
    const toml = new Files(world).read('msc.toml');
    const config = join(world.folder, 'shifts.toml');
    writeFileSync(config, `${toml}\n[journal.shifts]\nall = "00:00-23:59"\n`);
    const ran = await runMsc(['journal', 'search', '--on', 'shift:all', '--config', config]);
    expect(ran.code, ran.stderr).toBeLessThanOrEqual(1);
  });

  it('who does not own it is told who does', async () => {
    const shut = installation('shut');
    const stranger = await runMscAs(4242, ['journal', 'search', '--config', shut]);
    expect([stranger.code, stranger.stdout]).toEqual([69, '']);
    expect(stranger.stderr).toMatch(/^msc: MSC-1207: .+ only root may, .+sudo -u root msc.+\n$/);
    const theirs = installation('theirs', 4242);
    const root = await runMsc(['journal', 'search', '--config', theirs]);
    expect([root.code, root.stdout]).toEqual([69, '']);
    expect(root.stderr).toMatch(/^msc: MSC-1207: .+ only uid:4242 may, /);
    const owner = await runMscAs(4242, [
      ...['journal', 'search', '--since', '1970-01-01', '--count', '--config', theirs],
    ]);
    expect(owner.stderr).toContain('the switch is down');
    expect([owner.code, Number(owner.stdout) > last]).toEqual([0, true]);
  });

  it('where there is no journal, nothing is said of one', async () => {
    const none = installation('none');
    rmSync(join(world.folder, 'none', 'data', 'journal'), { recursive: true });
    const ran = await runMsc(['journal', 'search', '--config', none]);
    expect([ran.code, ran.stderr]).toEqual([69, expect.stringContaining('MSC-1201')]);
    const socket = await runMsc(['journal', 'search', '--socket', join(world.folder, 'nobody')]);
    expect([socket.code, socket.stderr]).toEqual([69, expect.stringContaining('MSC-1201')]);
  });

  it('it starts again, and goes on behind the last entry', async () => {
    const before = Number(
      (await world.msc('journal', 'search', '--since', '1970-01-01', '--count')).stdout,
    );
    await world.restart();
    const [start] = await world.entries('--event', 'start', '--entry', `${before + 1}..`);
    expect(start?.['entry']).toBe(before + 1);
    const ran = await ask('search LIC:2ZZZ999');
    expect(told(ran)).not.toHaveProperty('offline');
    expect(ran.stderr).not.toContain('down');
  }, 120_000);
});

/** A copy of the journal with a configuration that everybody may read; its folder has the mode of a switch's. */
function installation(name: string, owner = 0): string {
  chmodSync(world.folder, 0o711);
  const folder = join(world.folder, name);
  const data = join(folder, 'data');
  mkdirSync(folder, { mode: 0o755 });
  cpSync(world.demo.journal, join(data, 'journal'), { recursive: true });
  chmodSync(data, 0o700);
  for (const each of ['', ...readdirSync(data, { recursive: true, encoding: 'utf8' })])
    chownSync(join(data, each), owner, owner);
  const config = join(world.folder, `${name}.toml`);
  const toml = new Files(world).read('msc.toml');
  writeFileSync(
    config,
    toml
      .replace(/^(\[data\]\nfolder = ).*$/m, `$1${JSON.stringify(data)}`)
      .replace(/^socket = .*$/m, `socket = ${JSON.stringify(join(folder, 'run', 'control.sock'))}`),
    { mode: 0o644 },
  );
  return config;
}

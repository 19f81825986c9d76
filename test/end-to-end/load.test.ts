// `msc-sim load` against the real switch: a pause is seen in full, a lost answer is a loss, Ctrl-C ends it
// with what it has.

import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { spawnSim } from '#support/sim-world';
import { tellSimulator } from '#support/sim-control';
import { openWorld, type World } from '#support/world';

let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 60_000);
afterAll(() => world.close());

interface Report {
  readonly offered: number;
  readonly sent: number;
  readonly answered: number;
  readonly lost: number;
  readonly open: number;
  readonly ending: string;
  readonly order_violations: number;
  readonly latency_seconds: Readonly<Record<'p50' | 'p90' | 'p99' | 'max', number>>;
  readonly kinds: Readonly<Record<string, { readonly offered: number; readonly answered: number }>>;
  readonly links: { readonly wanted: number; readonly used: number };
  readonly warnings: readonly string[];
}

it('carries a mix over all links of a demonstration, every message to its end', async () => {
  const mix = ['--mix', 'query=4,hit=1,person=1,gun=1,admin=4', '--burst', '50/1s'];
  const { code, report } = await load('--rate', '40', '--for', '3s', '--links', '50', ...mix);
  expect(report).toMatchObject({ lost: 0, open: 0, order_violations: 0, ending: 'done' });
  expect(report.answered).toBe(report.offered);
  expect(Object.keys(report.kinds).sort()).toEqual(['admin', 'gun', 'hit', 'person', 'query']);
  // Three terminals with their people, two lent mnemonics, and the host.
  expect(report.links).toEqual({ wanted: 50, used: 6 });
  expect(report.warnings.join()).toContain('50 links were asked for, and the file has 6');
  expect(code).toBe(0);
}, 90_000);

it('shows the whole of a pause of the switch, for everything that was due meanwhile', async () => {
  const even = ['--arrivals', 'even', '--rate', '100', '--for', '4s', '--links', '1'];
  const loading = load(...even);
  await questionsUnderWay();
  process.kill(world.pid, 'SIGSTOP');
  await pause(2_500);
  process.kill(world.pid, 'SIGCONT');
  const { report } = await loading;
  expect(report).toMatchObject({ offered: 400, answered: 400, lost: 0 });
  expect(report.latency_seconds.max).toBeGreaterThan(2.4);
  // 250 of 400 were due meanwhile, evenly over the pause: 40 of them waited for 2.1 s or longer, 200 for
  // half a second. Counted from the sending, only what was in the window then would have waited.
  expect(report.latency_seconds.p90).toBeGreaterThan(2);
  expect(report.latency_seconds.p50).toBeGreaterThan(0.4);
}, 90_000);

it('calls what the state never answers lost', async () => {
  await tellSimulator(world, 'silent on');
  const { code, report } = await load('--rate', '10', '--for', '1s', '--timeout', '1');
  await tellSimulator(world, 'silent off');
  expect(report.lost).toBe(report.offered);
  expect(report.sent).toBe(report.offered);
  expect(code).toBe(1);
}, 90_000);

it('ends at Ctrl-C with the report so far', async () => {
  const child = spawnLoad('--rate', '50', '--for', '10m', '--links', '2');
  const ended = collect(child);
  await questionsUnderWay();
  child.kill('SIGINT');
  const { code, report } = await ended;
  expect(report.ending).toBe('interrupted');
  expect(report.answered).toBeGreaterThan(0);
  expect(report.answered + report.open).toBe(report.offered);
  expect(code).toBe(130);
}, 90_000);

async function load(
  ...flags: string[]
): Promise<{ readonly code: number | null; readonly report: Report }> {
  return collect(spawnLoad(...flags));
}

function spawnLoad(...flags: string[]): ReturnType<typeof spawnSim> {
  return spawnSim(['load', '--demo', join(world.folder, 'demo.json'), '--json', ...flags]);
}

async function collect(
  child: ReturnType<typeof spawnSim>,
): Promise<{ readonly code: number | null; readonly report: Report }> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('the simulator has no output');
  const [out, err] = await Promise.all([text(stdout), text(stderr), once(child, 'close')]);
  if (out === '') throw new Error(err);
  // What --json prints is one object.
  return { code: child.exitCode, report: JSON.parse(out) as Report };
}

/** Resolves when the switch has taken inquiries after this moment: sign-ons make fewer entries. */
async function questionsUnderWay(): Promise<void> {
  const before = await taken();
  const until = Date.now() + 30_000;
  while ((await taken()) < before + 100) {
    if (Date.now() > until) throw new Error('no inquiry was taken');
    await pause(20);
  }
}

/** Journal entries so far: the heart beats once a minute, so more than a few are the load's. */
async function taken(): Promise<number> {
  const answer = await fetch(`${world.demo.switch.http}/metrics`);
  const metrics = await answer.text();
  return Number(/^msc_journal_entries(?:_total)? (\d+)/m.exec(metrics)?.[1] ?? NaN);
}

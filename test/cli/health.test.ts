// `msc health` against a listener that answers as told: what is healthy, what is not, and the wait.

import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runMsc } from '#support/cli';

const folder = mkdtempSync(join(tmpdir(), 'msc-health-'));
const config = join(folder, 'msc.toml');
let server: Server;
/** What each path answers; null: nothing, ever. */
let answers: Readonly<Record<string, readonly [status: number, body: string] | null>> = {};
let asked = 0;

beforeAll(async () => {
  server = createServer((request, response) => {
    asked += 1;
    const answer = answers[request.url ?? ''];
    if (answer === null) return;
    const [status, body] = answer ?? [404, 'not found\n'];
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  writeConfig(`127.0.0.1:${port}`);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

function writeConfig(address: string, file = config): void {
  const own = '[switch]\nname = "MSC-1"\ncounty = "EXAMPLE"\nori = "CA0990100"\n';
  writeFileSync(file, `${own}[listen]\ninsecure = true\n[http]\naddress = "${address}"\n`);
}

const health = (...words: readonly string[]) => runMsc(['health', ...words, '--config', config]);

test('live, ready and deep ask their own paths; ready unless told', async () => {
  answers = {
    '/livez': [200, 'ok\n'],
    '/readyz': [503, 'draining\n'],
    '/healthz?verbose': [200, '{"status":"ok"}'],
  };
  expect(await health('live')).toMatchObject({ code: 0, stdout: 'live: ok\n' });
  expect(await health()).toMatchObject({ code: 1, stdout: 'ready: draining\n' });
  expect(await health('deep')).toMatchObject({ code: 0, stdout: 'deep: ok\n' });
});

test('the deep checks are shown by name, also those nobody here has heard of', async () => {
  const checks = [
    { name: 'disk', status: 'warn', observed: '4 %', limit: '5 %', time: '2026-11-26T03:00:00Z' },
    { name: 'event-loop', status: 'ok', observed: 0.010113790999999999, limit: 0.25 },
    { name: 'tomorrow', status: 'odd', observed: { x: 1 }, further: true },
    { name: 'bare' },
    { nameless: true },
    'nonsense',
  ];
  answers = {
    '/healthz?verbose': [503, JSON.stringify({ schema: 'x/9', status: 'fail', checks })],
  };
  const words = await health('deep');
  expect([words.code, words.stdout.split('\n').slice(0, 5)]).toEqual([
    1,
    [
      'deep: fail',
      '  warn  disk           4 %, limit 5 %',
      '  ok    event-loop     0.01011, limit 0.25',
      '  odd   tomorrow       {"x":1}',
      '  -     bare',
    ],
  ]);
  const json: unknown = JSON.parse((await health('deep', '--json')).stdout);
  expect(json).toEqual({
    ...{ schema: 'msc.health/1', stage: 'deep', healthy: false, status: 'fail' },
    checks: checks.slice(0, 4),
  });
});

test('a switch that has no deep check is told from one that is ill', async () => {
  answers = {};
  const ran = await health('deep');
  expect([ran.code, ran.stdout]).toEqual([76, '']);
  expect(ran.stderr).toContain('no deep check');
});

test('--wait asks until it is healthy', async () => {
  asked = 0;
  answers = { '/readyz': [503, 'starting\n'] };
  const waiting = health('ready', '--wait', '60s');
  const timer = setInterval(() => {
    if (asked >= 3) answers = { '/readyz': [200, 'ok\n'] };
  }, 20);
  const ran = await waiting;
  clearInterval(timer);
  expect(ran).toMatchObject({ code: 0, stdout: 'ready: ok\n' });
  expect(asked).toBeGreaterThanOrEqual(4);
});

test('--wait ends, with what was heard last', async () => {
  answers = { '/readyz': [503, 'starting\n'] };
  expect(await health('--wait', '600ms')).toMatchObject({ code: 1, stdout: 'ready: starting\n' });
});

test('nobody answers, or not in time: exit 69', async () => {
  answers = { '/livez': null };
  const silent = await health('live', '--timeout', '300ms');
  expect([silent.code, silent.stderr]).toEqual([69, expect.stringContaining('in time')]);
  const away = join(folder, 'away.toml');
  writeConfig('127.0.0.1:1', away);
  expect(await runMsc(['health', '--config', away, '--wait', '300ms'])).toMatchObject({ code: 69 });
});

test('a stage that there is not gets a suggestion', async () => {
  const ran = await health('redy');
  expect([ran.code, ran.stderr]).toEqual([64, expect.stringContaining('did you mean `ready`?')]);
});

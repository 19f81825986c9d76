// A shift is a time for every command that has a time, not for a search alone.

import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { FakeSwitch } from './fake-switch.ts';
import { runHere } from './in-process.ts';

const nothing = { count: 0, tookMs: 1, entry: 9 };
const fake = new FakeSwitch({
  'search-settings': { end: { timezone: 'UTC', shifts: { night: '22:00-06:00' } } },
  search: { end: nothing },
  tally: { end: nothing },
  export: { end: nothing },
  print: { end: { count: 0, pages: 0, entry: 9 } },
});
const file = join(tmpdir(), `msc-shift-${process.pid}.txt`);
beforeAll(() => fake.open());
afterAll(() => {
  rmSync(file, { force: true });
  return fake.close();
});

const since = Date.UTC(2026, 10, 20, 22) * 1000;
const until = since + 8 * 3_600_000_000;
const toFile = ['LIC:1', '--to', file, '--reason', 'audit'];

it.each([
  ['who-ran', ['--user', 'jdoe'], { since, until }],
  ['stats', [], { since, until }],
  // What a change changed is told by those before it: it is read from the beginning.
  ['changes', [], { until }],
  ['print', [...toFile, '--dry-run'], { since, until }],
  ['export', toFile, { since, until }],
])('journal %s knows the shifts of the switch', async (command, words, query) => {
  const at = ['--on', 'shift:night@2026-11-20', '--socket', fake.socket];
  const { code, stderr } = await runHere(['journal', command, ...words, ...at]);
  expect(code, stderr).toBeLessThanOrEqual(1);
  expect(fake.asked.at(-2)?.command).toBe('search-settings');
  expect(fake.asked.at(-1)?.args).toMatchObject({ query });
});

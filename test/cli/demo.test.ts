// A demonstration that cannot start says why and leaves nothing; one that runs is shown in test/end-to-end.

import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makePasswords } from '#src/cli/demo/folder';
import { runMsc } from '#support/cli';

test('a port in use is told once, with the flag that takes others, and no folder stays behind', async (context) => {
  const temporary = mkdtempSync(join(tmpdir(), 'msc-demo-test-'));
  const taken = createServer().listen(0, '127.0.0.1');
  context.onTestFinished(() => {
    taken.close();
    rmSync(temporary, { recursive: true });
  });
  await once(taken, 'listening');
  const address = taken.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const args = ['demo', '--script', '--port-base', String(Math.min(port, 65_533))];
  const { code, stderr } = await runMsc(args, { env: { TMPDIR: temporary } });
  expect(code).toBe(75);
  expect(stderr).toMatch(
    /^msc: MSC-2201: .*127\.0\.0\.1:\d+ \(next: msc demo --port-base N[^(]*\)\n$/,
  );
  expect(readdirSync(temporary).filter((name) => name.startsWith('msc-demo-'))).toEqual([]);
});

test('a folder of an earlier version keeps its passwords, and gets one for each new person', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'msc-demo-test-'));
  context.onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'people.json');
  writeFileSync(file, '{"jdoe":"of-an-earlier-version"}');
  const passwords = await makePasswords(folder);
  expect(passwords.get('jdoe')).toBe('of-an-earlier-version');
  expect([...passwords.keys()].toSorted()).toEqual(['hroe', 'jdoe', 'lock', 'mroe', 'poe']);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(Object.fromEntries(passwords));
  writeFileSync(file, '{"jdoe":4711}');
  await expect(makePasswords(folder)).rejects.toMatchObject({ code: 'MSC-1004' });
});

// A demonstration that cannot start says why and leaves nothing; one that runs is shown in test/end-to-end.

import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
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

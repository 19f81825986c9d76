// The child that notifies: bounded in time, and never left behind. Real processes that take too long.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sendByChild } from '#src/daemon/notify';
import { projectFolder } from '#support/cli';
import { isAlive, until } from '#support/world';

let folder: string;
let program: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'msc-child-'));
  program = join(folder, 'notify');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Says which process it is, and then what the script does. */
function write(script: string): void {
  const pid = join(folder, 'pid');
  const text = `#!/bin/sh\necho $$ > ${pid}.new && mv ${pid}.new ${pid}\n${script}\n`;
  writeFileSync(program, text, { mode: 0o755 });
}

function pidOf(): number | undefined {
  try {
    return Number(readFileSync(join(folder, 'pid'), 'utf8'));
  } catch {
    // It has not begun yet.
    return undefined;
  }
}

const gone = (pid: number): Promise<true> =>
  until('its end', () => (isAlive(pid) ? undefined : true));

describe('a child that notifies', () => {
  it('is given the socket and what to say, and nothing else', async () => {
    write(`{ echo "$@"; env; } > ${join(folder, 'said')}`);
    await sendByChild({ program, socket: '/s', childMs: 20_000 })({ READY: '1', STATUS: 'a b' });
    const said = readFileSync(join(folder, 'said'), 'utf8');
    expect(said).toMatch(/^READY=1 STATUS=a b\n/);
    expect(said).toContain('NOTIFY_SOCKET=/s\n');
    expect(said).not.toMatch(/^(HOME|USER|PATH=.*node_modules)/m);
  });

  it('is killed when it takes too long', async () => {
    write('exec sleep 600');
    const send = sendByChild({ program, socket: '/s', childMs: 1_000 });
    await expect(send({ STATUS: 'x' })).rejects.toThrow(/was killed/);
    await gone(await until('its number', pidOf));
  });

  it('says what went wrong', async () => {
    write('exit 3');
    const options = { socket: '/s', childMs: 20_000 };
    await expect(sendByChild({ ...options, program })({ STATUS: 'x' })).rejects.toThrow(/with 3/);
    const missing = sendByChild({ ...options, program: join(folder, 'none') });
    await expect(missing({ STATUS: 'x' })).rejects.toThrow(/cannot be started/);
  });

  it('does not outlive who started it', async () => {
    write('exec sleep 600');
    const options = JSON.stringify({ program, socket: '/s', childMs: 600_000 });
    const code = `import { sendByChild } from '${projectFolder}/src/daemon/notify.ts';
      process.once('SIGTERM', () => process.exit(0));
      sendByChild(${options})({ STATUS: 'x' });
      setInterval(() => undefined, 1000);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', code], {
      cwd: projectFolder,
      stdio: 'ignore',
    });
    const pid = await until('its number', pidOf);
    const over = once(parent, 'exit');
    parent.kill('SIGTERM');
    expect(await over).toEqual([0, null]);
    await gone(pid);
  });
});

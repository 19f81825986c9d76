// The log says what it is given and nothing an attacker can use.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { errorFields, openLog, type Log } from '#src/runtime/log';

interface Rig {
  readonly log: Log;
  readonly text: () => string;
}

function rig(bufferBytesMax = 1 << 20): Rig {
  const out = new PassThrough();
  return {
    log: openLog({ level: 'info', out, bufferBytesMax }),
    text: () => String(out.read() ?? ''),
  };
}

describe('the log', () => {
  it('writes one JSON line for each event, with time and level as a word', () => {
    const { log, text } = rig();
    log.write('warn', 'link-down', { link: 7, mnemonic: 'QZ01' });
    log.write('debug', 'not-this');
    const line: unknown = JSON.parse(text());
    expect(line).toMatchObject({ level: 'warn', event: 'link-down', link: 7, mnemonic: 'QZ01' });
    expect(line).toHaveProperty('time', expect.stringMatching(/^\d{4}-.*\.\d{6}Z$/));
  });

  it('shows control characters instead of doing them, and cuts long values', () => {
    const { log, text: written } = rig();
    log.write('info', 'turned-away', {
      why: 'a\u001b[2J\nb\u009bc\u202ed',
      long: 'x'.repeat(9999),
    });
    const text = written();
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(text.trimEnd().split('\n')).toHaveLength(1);
    expect(text.length).toBeLessThan(1000);
  });

  it('says of an error its name, code and place, never its words', () => {
    const error = Object.assign(new Error('QV.CA0990100.LIC/2ZZZ999'), { code: 'EIO' });
    const fields = errorFields(error);
    expect(fields).toMatchObject({ error: 'Error', code: 'EIO' });
    expect(JSON.stringify(fields)).not.toContain('2ZZZ999');
    expect(fields['stack']).toContain('log.test.ts');
  });

  it('drops what a stuck reader does not take, and says how much when it reads again', () => {
    const lines: string[] = [];
    const out = {
      writableLength: 0,
      write: (line: string) => {
        lines.push(line);
        out.writableLength += line.length;
      },
      on: () => undefined,
      once: () => undefined,
    };
    const log = openLog({ level: 'info', out, bufferBytesMax: 2000 });
    for (let n = 0; n < 100; n++) log.write('info', 'flood', { n });
    expect(lines.join('').length).toBeLessThanOrEqual(2000);
    const count = 100 - lines.splice(0).length;
    out.writableLength = 0;
    log.write('info', 'later');
    expect(lines.join('')).toContain(`"event":"log-dropped","count":${count}`);
    expect(lines).toHaveLength(2);
  });

  it.each(['stuck', 'gone'])('lets the process end, though its reader is %s', async (reader) => {
    const program = `
      import { openLog } from '#src/runtime/log';
      const log = openLog({ level: 'info', out: process.stdout, bufferBytesMax: 1 << 20 });
      for (let n = 0; n < 20_000; n++) log.write('info', 'flood', { pad: 'x'.repeat(200) });
      await new Promise((resolve) => setTimeout(resolve, 100));
      await log.close();
      process.exit(74);`;
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (reader === 'gone') child.stdout.destroy();
    expect(await once(child, 'exit')).toEqual([74, null]);
    child.stdout.destroy();
  });
});

// A file is there whole or not at all, whatever breaks it off.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { projectFolder } from '#support/cli';
import { withWholeFile } from '../../src/cli/whole-file.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'msc-whole-'));
  path = join(folder, 'out.txt');
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (text: string, how: { force?: boolean; keep?: boolean; fail?: Error } = {}) =>
  withWholeFile(path, { force: how.force ?? false }, async (file) => {
    await file.write(text);
    expect(readdirSync(folder).filter((name) => name === 'out.txt' && how.force !== true)).toEqual(
      [],
    );
    if (how.fail !== undefined) throw how.fail;
    return { keep: how.keep ?? true };
  });

describe('a file', () => {
  it('gets its name when it is whole, for its owner alone', async () => {
    await write('whole\n');
    expect(readdirSync(folder)).toEqual(['out.txt']);
    expect(readFileSync(path, 'utf8')).toBe('whole\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('that is there is not overwritten, also when it comes meanwhile, unless it is forced', async () => {
    writeFileSync(path, 'mine');
    await expect(write('other')).rejects.toMatchObject({ code: 'MSC-1006', exit: 73 });
    rmSync(path);
    const late = withWholeFile(path, { force: false }, async (file) => {
      await file.write('other');
      writeFileSync(path, 'mine');
      return { keep: true };
    });
    await expect(late).rejects.toMatchObject({ code: 'MSC-1006' });
    expect(readFileSync(path, 'utf8')).toBe('mine');
    expect(readdirSync(folder)).toEqual(['out.txt']);
    await write('new', { force: true });
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual(['out.txt']);
  });

  it('that is not to be kept, or failed, leaves nothing', async () => {
    await write('nothing found', { keep: false });
    await expect(write('half', { fail: new Error('gone') })).rejects.toThrow('gone');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('in a folder that is not there is refused before anything is made', async () => {
    path = join(folder, 'none', 'out.txt');
    await expect(write('x')).rejects.toMatchObject({ code: 'MSC-1006' });
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('broken off by %s leaves nothing, exit %d', async (signal, code) => {
    const module = join(projectFolder, 'src/cli/whole-file.ts');
    const program = `
      const { withWholeFile } = await import(${JSON.stringify(module)});
      await withWholeFile(${JSON.stringify(path)}, { force: false }, async (file) => {
        await file.write('half');
        process.stdout.write('begun');
        await new Promise((done) => setTimeout(done, 600000));
        return { keep: true };
      });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program]);
    await once(child.stdout, 'data');
    expect(readdirSync(folder)).toHaveLength(1);
    child.kill(signal);
    await once(child, 'exit');
    expect([child.exitCode, readdirSync(folder)]).toEqual([code, []]);
  });
});

// The launchers as a person starts them, under a Node that says it is old and under the real one.

import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { faults } from '#src/errors';

const launchers = [
  ['msc', 'src/cli/msc.js'],
  ['msc-sim', 'src/sim/msc-sim.js'],
] as const;

describe.each(launchers)('%s', (name, launcher) => {
  let folder: string;
  let temporary: string;
  let copy: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'msc-launcher-'));
    temporary = join(folder, 'tmp');
    mkdirSync(temporary);
    copy = join(folder, `${name}.js`);
    copyFileSync(launcher, copy);
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const start = (...options: readonly string[]) =>
    spawnSync(process.execPath, [...options, copy, 'one', 'two'], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], TMPDIR: temporary },
    });

  it('says in one sentence that this Node is too old, and exits 78', () => {
    const old = `Object.defineProperty(process.versions, 'node', { value: '20.20.2' });
      Object.defineProperty(process, 'version', { value: 'v20.20.2' });`;
    const { status, stdout, stderr } = start('--import', `data:text/javascript,${encodeURI(old)}`);
    expect(status).toBe(78);
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      new RegExp(`^${name}: MSC-1003: needs Node 26 or newer, .*v20\\.20\\.2`),
    );
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toContain(faults['MSC-1003'].sentence);
  });

  it('runs the source beside it with its arguments, and what was built when there is none', () => {
    writeFileSync(join(folder, 'main.js'), 'console.log("built", process.argv.slice(2).join());');
    expect(start().stdout).toBe('built one,two\n');
    writeFileSync(join(folder, 'main.ts'), 'const what: string = "source"; console.log(what);');
    expect(start().stdout).toBe('source\n');
  });

  it('keeps a compile cache that is this user’s alone', () => {
    writeFileSync(join(folder, 'main.ts'), 'export const nothing: number = 0;');
    expect(start().status).toBe(0);
    const cache = `msc-cache-${process.geteuid?.() ?? ''}`;
    expect(readdirSync(temporary)).toEqual([cache]);
    expect(readdirSync(join(temporary, cache))).not.toEqual([]);
  });

  it('runs without a cache where somebody else could write it', () => {
    writeFileSync(join(folder, 'main.ts'), 'console.log("ran");');
    const cache = join(temporary, `msc-cache-${process.geteuid?.() ?? ''}`);
    mkdirSync(cache);
    execFileSync('chmod', ['0777', cache]);
    expect(start().stdout).toBe('ran\n');
    expect(readdirSync(cache)).toEqual([]);
  });
});

describe('msc', () => {
  const asks = `import { getCompileCacheDir } from 'node:module';
    import { isMainThread, Worker } from 'node:worker_threads';
    import { spawnSync } from 'node:child_process';
    console.log(String(getCompileCacheDir()));
    if (isMainThread && process.argv.length > 2) {
      const { filename } = import.meta;
      new Worker(filename).on('exit', () => spawnSync(process.execPath, [filename], { stdio: 'inherit' }));
    }`;
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'msc-launcher-'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    copyFileSync('src/cli/msc.js', join(folder, 'msc.js'));
    writeFileSync(join(folder, 'main.js'), asks);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const foldersAsked = (environment: NodeJS.ProcessEnv): readonly string[] => {
    const env = { PATH: process.env['PATH'], TMPDIR: folder, ...environment };
    const { stdout } = spawnSync(process.execPath, [join(folder, 'msc.js'), 'asked'], {
      encoding: 'utf8',
      env,
    });
    return stdout.trimEnd().split('\n');
  };

  it.each([
    ['of this user, unless told', {}, 'msc-cache-'],
    ['that it is told of', { NODE_COMPILE_CACHE: 'own' }, 'own/'],
  ])('shares the cache %s with its threads and processes', (_, environment, begins) => {
    const own = Object.entries(environment).map(([name, to]) => [name, join(folder, to)]);
    const folders = foldersAsked(Object.fromEntries(own) as NodeJS.ProcessEnv);
    expect(folders).toHaveLength(3);
    for (const each of folders) expect(each.startsWith(join(folder, begins))).toBe(true);
  });
});

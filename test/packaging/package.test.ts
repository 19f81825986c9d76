// The package as somebody installs it (docs/operations.md): made, unpacked in an empty folder, given what it
// depends on, checked and started. Nothing of the project is near it then.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lockOf, manifestOf, type Lock } from '../../packaging/manifest.ts';
import { projectFolder } from '#support/cli';
import { ServiceManager, systemdIsThere, systemdMissing } from '#support/service-manager';

let folder: string;
let installed: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'msc-package-'));
  installed = join(folder, 'msc');
  mkdirSync(installed);
  const name = must('npm', ['run', '--silent', 'package'], projectFolder).trim().split('\n').at(-1);
  const tarball = join(projectFolder, name ?? '');
  must('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1'], folder);
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the package', () => {
  it('holds no source that would have to be stripped, and no test', () => {
    const files = readdirSync(installed, { recursive: true, encoding: 'utf8' });
    expect(files.filter((name) => name.endsWith('.ts'))).toEqual([]);
    expect(files.filter((name) => name.includes('test'))).toEqual([]);
    for (const name of [
      'config/msc.service',
      'docs/operations.md',
      'npm-shrinkwrap.json',
      'LICENSE',
    ])
      expect(files).toContain(name);
  });

  it('pins all it needs, with checksums, and nothing that only builds or tests it', () => {
    // What was written by packaging/build.ts.
    const { packages } = JSON.parse(read('npm-shrinkwrap.json')) as Lock;
    const { '': own, ...needed } = packages;
    expect(own).not.toHaveProperty('devDependencies');
    expect(Object.keys(needed)).toContain('node_modules/better-sqlite3');
    expect(Object.keys(needed)).not.toContain('node_modules/typescript');
    for (const each of Object.values(needed)) expect(each).toHaveProperty('integrity');
  });

  it('runs below node_modules, where Node strips no types', () => {
    const modules = join(folder, 'as-dependency', 'node_modules');
    mkdirSync(modules, { recursive: true });
    for (const name of readdirSync(join(projectFolder, 'node_modules')))
      symlinkSync(join(projectFolder, 'node_modules', name), join(modules, name));
    must('cp', ['-r', installed, join(modules, 'msc')], folder);
    const words = [join(modules, 'msc/src/cli/msc.js'), 'version'];
    expect(must(process.execPath, words, folder)).toMatch(/^msc \d+\.\d+\.\d+ /);
  });

  it('is made of names in the project', () => {
    const made = manifestOf({
      name: 'a',
      version: '1',
      imports: { '#a/*': './a/*.ts', '#support/*': './x/*.ts' },
      scripts: {},
    });
    expect(made).toEqual({ name: 'a', version: '1', imports: { '#a/*': './a/*.js' } });
    const lock = { packages: { '': { scripts: {} }, a: {}, b: { dev: true } } };
    expect(lockOf(lock, made)).toEqual({ version: '1', packages: { '': {}, a: {} } });
  });
});

const registry = spawnSync('npm', ['ping'], { timeout: 15_000 }).status === 0;
const how = registry ? '' : ' (its dependencies are linked: npm has no registry here)';

describe(`in an empty folder${how}`, () => {
  let config: string;
  let node: string;
  const msc = (...words: readonly string[]): string =>
    must(node, [join(installed, 'src/cli/msc.js'), ...words], folder);

  beforeAll(() => {
    if (registry) must('npm', ['ci', '--omit=dev', '--ignore-scripts'], installed);
    else symlinkSync(join(projectFolder, 'node_modules'), join(installed, 'node_modules'));
    node = join(installed, 'node_modules/.bin/node');
    config = join(folder, 'etc', 'msc.toml');
  }, 300_000);

  it('brings its own Node, begins an installation and checks it', () => {
    expect(msc('version')).toMatch(/^msc \d+\.\d+\.\d+ \(node 26\./);
    const [etc, ca, tls] = ['etc', 'ca', 'etc/tls'].map((name) => join(folder, name));
    msc('init', '--dir', etc ?? '', '--county', 'EXAMPLE');
    msc('cert', 'init-ca', ca ?? '');
    msc(
      'cert',
      'issue',
      'switch',
      '--ca',
      ca ?? '',
      '--usage',
      'switch',
      '--ip',
      '127.0.0.1',
      '--out',
      tls ?? '',
    );
    must('cp', [join(ca ?? '', 'ca.pem'), tls ?? ''], folder);
    writeFileSync(config, settled(readFileSync(config, 'utf8')));
    expect(msc('config', 'check', config)).toMatch(/^ok: /);
    expect(msc('service', 'unit', config)).toContain(`ExecPaths=${installed}/node_modules `);
  }, 120_000);

  it.skipIf(!systemdIsThere)(
    `starts by its unit, says READY and ends with 0${systemdMissing}`,
    async () => {
      const manager = await ServiceManager.open();
      const command =
        /^ExecStart=(.*)$/m.exec(msc('service', 'unit', config))?.[1]?.split(' ') ?? [];
      const child = spawn(command[0] ?? '', command.slice(1), {
        env: { ...manager.environment(30_000) },
        stdio: 'ignore',
      });
      try {
        await manager.heard('READY=1');
        expect(existsSync(join(folder, 'data/journal'))).toBe(true);
        const ended = once(child, 'exit');
        child.kill('SIGTERM');
        expect(await ended).toEqual([0, null]);
      } finally {
        child.kill('SIGKILL');
        await manager.close();
      }
    },
    120_000,
  );

  /** Edited as docs/operations.md says: addresses, folders; no upstream. */
  function settled(toml: string): string {
    const own = toml
      .replace('10.20.0.5:7443', '127.0.0.1:0')
      .replace('127.0.0.1:9464', '127.0.0.1:0')
      .replace('/run/msc/control.sock', join(folder, 'run/control.sock'))
      .replace('/var/lib/msc', join(folder, 'data'))
      .replace('folder = "/opt/msc"', `folder = "${installed}"`)
      .replace(/^state-key = .*\n/m, '');
    return own.replace(/^\[upstreams\.STATE\][^[]*routes = \["state"\]\n/m, '');
  }
});

function read(name: string): string {
  return readFileSync(join(installed, name), 'utf8');
}

/** @returns stdout @throws Error with stderr, where it does not end with 0 */
function must(program: string, words: readonly string[], cwd: string): string {
  // npm has a compile cache of its own, which outlives a run of the tests.
  const env = { ...process.env, NODE_COMPILE_CACHE: undefined };
  const { status, stdout, stderr } = spawnSync(program, words, { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${words.join(' ')}: exit ${status}\n${stderr}`);
  return stdout;
}

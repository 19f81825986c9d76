// Makes dist/: the program as plain JavaScript, with everything it reads when it runs, as one package of its
// own. Node strips no types below `node_modules`, so what is installed has to be built.
// Its files lie as those of the sources do: paths from one to another are the same in both. What it depends on
// is pinned with its checksums (npm-shrinkwrap.json). Fails with the compiler's words and exit code.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { lockOf, manifestOf, type Lock, type Manifest } from './manifest.ts';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

/** Read when it runs, or by whoever runs it. */
const copied = [
  ...['src/cli/msc.js', 'src/sim/msc-sim.js', 'config', 'docs', 'LICENSE', 'README.md'],
  ...['protocol/README.md', 'journal/README.md'],
];

process.exitCode = build();

function build(): number {
  rmSync(dist, { recursive: true, force: true });
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const project = join(root, 'tsconfig.build.json');
  // Types say nothing in what is built, and looking at them takes most of the time: `npm run types` does.
  const words = [tsc, '-p', project, '--noCheck'];
  const { status } = spawnSync(process.execPath, words, { stdio: 'inherit' });
  if (status !== 0) return status ?? 70;
  for (const name of copied) cpSync(join(root, name), join(dist, name), { recursive: true });
  mkdirSync(dist, { recursive: true });
  // Both are our own files, with the members that their types name.
  const manifest = JSON.parse(read('package.json')) as Manifest;
  const lock = JSON.parse(read('package-lock.json')) as Lock;
  write('package.json', manifestOf(manifest));
  write('npm-shrinkwrap.json', lockOf(lock, manifestOf(manifest)));
  return 0;
}

function read(name: string): string {
  return readFileSync(join(root, name), 'utf8');
}

function write(name: string, content: object): void {
  writeFileSync(join(dist, name), `${JSON.stringify(content, null, 2)}\n`);
}

// The walk of docs/simulators.md in which a switch dials one simulated host without the hub, as it is printed,
// but for the ports: in an empty folder, by a shell.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, expect, it } from 'vitest';
import { projectFolder } from '#support/cli';
import { until } from '#support/world';

const folder = mkdtempSync(join(tmpdir(), 'msc-'));
const running: ChildProcess[] = [];

afterEach(async () => {
  await Promise.all(running.filter(isRunning).map((child) => ended(child, 'SIGTERM')));
  rmSync(folder, { recursive: true, force: true });
});

it('a host dialled directly: the walk works as it is printed', async () => {
  const steps = await walk();
  installInto(folder);
  const [demo = '', configure = '', host = '', serve = '', ls = '', terminal = '', asked = ''] =
    steps;
  expect(steps.length).toBe(7);
  expect(await shell(demo)).toMatchObject({ code: 0 });
  expect(await shell(configure)).toMatchObject({ code: 0 });
  running.push(start(host), start(serve));
  await until('the line to the host', async () => {
    const { code, out } = await shell(ls);
    return code === 0 && /^NCIC .* up /m.test(out) ? true : undefined;
  });
  const people = JSON.parse(readFileSync(join(folder, 'direct/people.json'), 'utf8')) as unknown;
  writeFileSync(join(folder, 'password'), `${(people as { readonly jdoe: string }).jdoe}\n`);
  // A person types the password; a test gives it in a file.
  const { code, out } = await shell(`${terminal} --password-file password`, asked.slice(2));
  expect(out).toContain('    MKE/STOLEN VEHICLE\n');
  expect(code).toBe(0);
}, 180_000);

/** The commands of the section, each in one line, on ports that are free. */
async function walk(): Promise<readonly string[]> {
  const page = readFileSync(join(projectFolder, 'docs/simulators.md'), 'utf8');
  const section = /\n### A host dialled directly\n([^]*?)\n##/.exec(page)?.[1] ?? '';
  const blocks = [...section.matchAll(/\n```\n([^]*?)\n```\n/g)].map(([, block = '']) => block);
  const base = await freeBase();
  return blocks
    .flatMap((block) => block.replaceAll(/ \\\n +/g, ' ').split('\n'))
    .map((line) => line.replaceAll('7443', `${base}`).replaceAll('7445', `${base + 2}`))
    .map((line) => line.replaceAll('7455', `${base + 3}`));
}

/** `npx msc` and `npx msc-sim` without a network: as `npm ci` puts them into the project. */
function installInto(dir: string): void {
  const bin = join(dir, 'node_modules', '.bin');
  mkdirSync(bin, { recursive: true });
  symlinkSync(join(projectFolder, 'src/cli/msc.js'), join(bin, 'msc'));
  symlinkSync(join(projectFolder, 'src/sim/msc-sim.js'), join(bin, 'msc-sim'));
}

interface Ended {
  readonly code: number | null;
  readonly out: string;
}

async function shell(line: string, input = ''): Promise<Ended> {
  const child = start(line);
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error('no pipes');
  stdin.on('error', () => undefined);
  stdin.end(input);
  const [out] = await Promise.all([text(stdout), once(child, 'close')]);
  return { code: child.exitCode, out };
}

/** `exec` where one command is the whole line, so that a signal reaches it and not its shell. */
function start(line: string): ChildProcess {
  const program = line.replace(/^npx (\S+)/, 'exec node node_modules/.bin/$1');
  const path = [join(projectFolder, 'node_modules/.bin'), process.env['PATH']].join(':');
  const child = spawn('sh', ['-c', program], {
    ...{ cwd: folder, stdio: ['pipe', 'pipe', 'pipe'] },
    env: { PATH: path, HOME: folder, TMPDIR: tmpdir() },
  });
  child.stderr.on('data', () => undefined);
  return child;
}

const isRunning = (child: ChildProcess): boolean =>
  child.exitCode === null && child.signalCode === null;

async function ended(child: ChildProcess, signal: 'SIGTERM'): Promise<void> {
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

/** A port with three free ones behind it. */
async function freeBase(): Promise<number> {
  for (;;) {
    const base = await freePort(0);
    const taken = await Promise.all(
      [1, 2, 3].map((more) => freePort(base + more).then(Boolean, () => false)),
    );
    if (taken.every(Boolean)) return base;
  }
}

async function freePort(port: number): Promise<number> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  // A TCP server that listens has such an address.
  const { port: found } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return found;
}

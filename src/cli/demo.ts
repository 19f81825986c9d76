// `msc demo`: a switch with its simulators in a folder, for a newcomer and for checks (contracts 1).
// demo.json is there exactly while everything is up. The switch is a process of its own: when it dies, the
// demonstration says so and stays. Ctrl-C ends all of it, exit 0.

import { existsSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rmdir } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { connectControl } from '#src/control/client';
import type { ControlClient } from '#src/control/client';
import { MscFault } from '#src/errors';
import type { Call } from './command.ts';
import {
  demoFile,
  makeCertificates,
  makePasswords,
  removeDemoFile,
  writeDemoFile,
  writeWhole,
} from './demo/folder.ts';
import { demoConfig, demoKeys, demoPeople, demoRegistry } from './demo/plan.ts';
import type { Ports } from './demo/plan.ts';
import {
  choosePorts,
  startState,
  startSwitch,
  stop,
  untilAnswering,
  untilUpstreamUp,
} from './demo/processes.ts';
import type { Running } from './demo/processes.ts';
import { tellMainJob } from './demo/script.ts';
import type { Output } from './output.ts';

const defaultPort = 7443;

export async function runDemo({ flags, output }: Call): Promise<number> {
  const script = flags.on('script');
  const base = flags.integer('portBase', { least: 0, most: 65_533 }) ?? (script ? 0 : defaultPort);
  const folder = await openFolder(flags.text('dir'), script);
  await output.print(`demonstration in ${folder}`);
  await mustBeFree(folder);
  await removeDemoFile(folder);
  const interruption = onceInterrupted();
  const started: Running[] = [];
  endWithUs(folder, started);
  try {
    await bringUp(folder, await choosePorts(base), { started, output });
    const job = script
      ? tellMainJob(folder, join(folder, 'msc.toml'), output)
      : stayUp(folder, { started, output }, interruption.happens);
    await Promise.race([job, interruption.happens]);
    return 0;
  } catch (error) {
    // Ctrl-C reaches the children too, and what then fails is no failure.
    if (interruption.happened()) return 0;
    if (script && flags.text('dir') === undefined) await removeIfEmpty(folder);
    throw error;
  } finally {
    await removeDemoFile(folder);
    await Promise.all(started.map(stop));
    if (started.length > 0)
      await output.print('\nstopped: the switch and the simulator have ended');
  }
}

interface Scene {
  readonly started: Running[];
  readonly output: Output;
}

async function bringUp(folder: string, ports: Ports, { started, output }: Scene): Promise<void> {
  const isNew = !existsSync(join(folder, 'journal'));
  const fingerprints = await makeCertificates(folder);
  const passwords = await makePasswords(folder);
  await writeWhole(join(folder, 'msc.toml'), demoConfig(ports));
  await writeWhole(join(folder, 'registry.toml'), demoRegistry(fingerprints, userInfo().username));
  await output.print(`an authority of its own and ${fingerprints.size} certificates are in tls/`);
  const state = startState(folder, ports);
  started.push(state);
  const running = startSwitch(folder);
  started.push(running);
  const client = await untilAnswering(folder, running);
  try {
    await fillRegister(client, folder, { passwords, isNew });
    await untilUpstreamUp(client, running);
  } finally {
    client.close();
  }
  const processes = { switchPid: running.child.pid ?? 0, statePid: state.child.pid ?? 0 };
  await output.print(
    `the simulated state host answers on port ${ports.state} (process ${processes.statePid})`,
  );
  await output.print(
    `the switch takes stations on port ${ports.stations} (process ${processes.switchPid})`,
  );
  await writeDemoFile(folder, { ports, processes, passwords });
}

async function fillRegister(
  client: ControlClient,
  folder: string,
  {
    passwords,
    isNew,
  }: { readonly passwords: ReadonlyMap<string, string>; readonly isNew: boolean },
): Promise<void> {
  const file = join(folder, 'registry.toml');
  const toml = await readFile(file, 'utf8');
  await client.call('registry', { toml, file, apply: true, reason: 'demonstration' });
  for (const person of demoPeople) {
    const password = passwords.get(person.user) ?? '';
    const wish = { sends: demoKeys, ...person, password, mustChange: false };
    try {
      await client.call('user-add', wish);
    } catch (error) {
      // In a journal that was there before, so are its people.
      if (isNew || !(error instanceof MscFault) || error.code !== 'MSC-1305') throw error;
    }
  }
}

async function stayUp(
  folder: string,
  { started, output }: Scene,
  interrupted: Promise<void>,
): Promise<void> {
  const config = join(folder, 'msc.toml');
  let leaving = false;
  for (const { name, child } of started)
    child.once('exit', () => {
      const words = `the ${name} (process ${child.pid ?? 0}) has ended; it is not started again`;
      const again = `start it with: npx msc serve --config ${config}`;
      if (!leaving) process.stderr.write(`${words}\n${name === 'switch' ? `${again}\n` : ''}`);
    });
  await output.print(`
everything is up; addresses and passwords are in ${join(folder, 'demo.json')}
try, in another window:
  npx msc-sim terminal DEMO-DISP-01 --demo ${join(folder, 'demo.json')} --user jdoe
  npx msc status --config ${config}
  npx msc journal search --config ${config}
Ctrl-C ends it`);
  // Signals alone do not keep a process alive, and both children may be gone.
  const alive = setInterval(() => undefined, 60_000);
  await interrupted;
  leaving = true;
  clearInterval(alive);
}

async function openFolder(named: string | undefined, script: boolean): Promise<string> {
  if (named === undefined && script) return mkdtemp(join(tmpdir(), 'msc-demo-'));
  const folder = resolve(named ?? 'demo');
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new MscFault('MSC-1006', { detail: folder, cause });
  }
  return folder;
}

/** A new folder in which nothing was made yet is of no use to anybody. */
async function removeIfEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch((cause: unknown) => {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code !== 'ENOTEMPTY') throw new MscFault('MSC-1007', { detail: folder, cause });
  });
}

/** A switch that still runs on this folder has its journal; nothing is touched then. */
async function mustBeFree(folder: string): Promise<void> {
  try {
    const client = await connectControl(join(folder, 'run', 'control.sock'), { timeoutMs: 5000 });
    client.close();
  } catch (error) {
    if (error instanceof MscFault && error.code === 'MSC-1201') return;
    throw error;
  }
  throw new MscFault('MSC-3103', {
    detail: folder,
    hint: 'stop the switch that runs there, or name another --dir',
  });
}

interface Interruption {
  readonly happens: Promise<void>;
  readonly happened: () => boolean;
}

function onceInterrupted(): Interruption {
  let seen = false;
  const happens = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => {
        seen = true;
        resolve();
      });
  });
  return { happens, happened: () => seen };
}

/** Also where the reader of our words goes away and the process ends at once. */
function endWithUs(folder: string, started: readonly Running[]): void {
  process.once('exit', () => {
    for (const { child } of started) child.kill('SIGTERM');
    rmSync(demoFile(folder), { force: true });
  });
}

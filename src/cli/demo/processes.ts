// The processes of a demonstration: the switch and the state simulator, each of its own, with a log file.
// They are neither restarted nor, while the demonstration lives, stopped when the other one dies.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectControl } from '#src/control/client';
import type { ControlClient } from '#src/control/client';
import { MscFault } from '#src/errors';
import { projectFolder } from '../package.ts';
import { upstreamStation } from './plan.ts';
import type { Ports } from './plan.ts';

/** From the start of a process until it works. */
const readyMs = 30_000;
/** From SIGTERM to SIGKILL. */
const stopMs = 10_000;

export interface Running {
  readonly name: string;
  readonly child: ChildProcess;
  readonly log: string;
}

export const mscProgram = join(projectFolder, 'src/cli/msc.js');
export const simProgram = join(projectFolder, 'src/sim/msc-sim.js');

export function startSwitch(folder: string): Running {
  return start(folder, 'switch', [mscProgram, 'serve', '--config', join(folder, 'msc.toml')]);
}

export function startState(folder: string, ports: Ports): Running {
  const tls = (name: string): string => join(folder, 'tls', name);
  const where = ['--listen', `127.0.0.1:${ports.state}`, '--station', upstreamStation];
  const pair = ['--cert', tls('state.pem'), '--key', tls('state.key'), '--ca', tls('ca.pem')];
  const run = join(folder, 'run');
  mkdirSync(run, { recursive: true, mode: 0o711 });
  const socket = join(run, 'state.sock');
  // A longer path is no socket's path: the simulator then runs without its control.
  const control = Buffer.byteLength(socket) <= 100 ? ['--control', socket] : [];
  return start(folder, 'state', [simProgram, 'host', 'state', ...where, ...pair, ...control]);
}

/** Resolves with a connection to the switch once it answers. @throws MscFault with the end of its log. */
export async function untilAnswering(folder: string, running: Running): Promise<ControlClient> {
  const socket = join(folder, 'run', 'control.sock');
  return poll(running, async () => {
    try {
      return await connectControl(socket, { timeoutMs: readyMs });
    } catch (error) {
      if (error instanceof MscFault && error.code === 'MSC-1201') return undefined;
      throw error;
    }
  });
}

/** Resolves when the switch is ready and its upstream is up. */
export async function untilUpstreamUp(client: ControlClient, running: Running): Promise<void> {
  await poll(running, async () => {
    const { ready, view } = await client.call('status', {});
    return ready && view.upstreams.every(({ state }) => state === 'up') ? true : undefined;
  });
}

/** Asks it to end; a process that does not is killed. */
export async function stop({ child }: Running): Promise<void> {
  if (!isAlive(child)) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopMs);
  await ended;
  clearTimeout(timer);
}

export function isAlive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

/** Three ports: the base and those after it, or free ones for 0. @throws MscFault MSC-2201 */
export async function choosePorts(base: number): Promise<Ports> {
  const wanted = base === 0 ? [0, 0, 0] : [base, base + 1, base + 2];
  const servers = await listenAll(wanted);
  const [stations = 0, http = 0, state = 0] = servers.map(({ port }) => port);
  await Promise.all(servers.map(({ close }) => close()));
  return { stations, http, state };
}

function start(folder: string, name: string, args: readonly string[]): Running {
  mkdirSync(join(folder, 'log'), { recursive: true });
  const log = join(folder, 'log', `${name}.log`);
  const file = openSync(log, 'w', 0o600);
  // Its working folder is ours: paths in msc.toml are relative to that file, not to this.
  const child = spawn(process.execPath, [...args], { stdio: ['ignore', file, file] });
  closeSync(file);
  return { name, child, log };
}

async function poll<T>(running: Running, ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + readyMs;
  for (;;) {
    if (!isAlive(running.child)) throw ended(running);
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline)
      throw new MscFault('MSC-1204', {
        detail: `the ${running.name} is not ready`,
        hint: `read ${running.log}`,
      });
    await sleep(50);
  }
}

function ended({ name, log }: Running): MscFault {
  const end = readFileSync(log, 'utf8').trimEnd().split('\n').at(-1) ?? '';
  // Our own next step follows; one is enough.
  const last = end.replace(/ \(next: .*\)$/, '');
  return new MscFault('MSC-1201', {
    detail: `the ${name} ended at once: ${last.slice(0, 300)}`,
    hint: `read ${log}`,
  });
}

interface Held {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** Ports that are held until all are; none is where one cannot be. */
async function listenAll(ports: readonly number[]): Promise<readonly Held[]> {
  const held: Held[] = [];
  try {
    for (const port of ports) held.push(await listenAt(port));
    return held;
  } catch (error) {
    await Promise.all(held.map(({ close }) => close()));
    throw error;
  }
}

async function listenAt(wanted: number): Promise<Held> {
  const server = createServer();
  server.listen(wanted, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new MscFault('MSC-2201', {
      detail: `127.0.0.1:${wanted}`,
      hint: 'msc demo --port-base N, where N, N+1 and N+2 are free; 0 finds free ones',
      cause,
    });
  }
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { port, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

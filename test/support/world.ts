// The whole world for end-to-end tests and benches: the demonstration of contracts 1 in a folder of
// its own, as real processes, over real TLS. The switch can be killed and started again on the same
// data. Everything it started ends with `close`.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { SignedOn, SignOn } from '#protocol/control';
import { type Running, startState } from '#src/cli/demo/processes';
import { connectStation, type Station } from '#src/sim/station';
import type { StationOptions } from '#src/sim/station-options';

export interface DemoStation {
  readonly name: string;
  readonly role: 'terminal' | 'printer' | 'host';
  readonly mnemonic?: string;
  readonly mnemonics?: readonly string[];
  readonly pool?: string;
  readonly taf?: string;
  readonly tafs?: readonly string[];
  readonly agency?: string;
  readonly cert: string;
  readonly key: string;
}

/** demo.json, as far as tests use it. @source contracts 1 */
export interface Demo {
  readonly switch: {
    readonly host: string;
    readonly port: number;
    readonly http: string;
    readonly ori: string;
    readonly pid: number;
  };
  readonly config: string;
  readonly ca: string;
  readonly control: string;
  readonly journal: string;
  readonly stations: readonly DemoStation[];
  readonly users: readonly {
    readonly user: string;
    readonly password: string;
    readonly oif: string;
  }[];
  readonly upstreams: readonly {
    readonly name: string;
    readonly host: string;
    readonly port: number;
    readonly pid: number;
  }[];
}

const root = new URL('../..', import.meta.url).pathname;
/** `msc`, for `run`. */
export const launcher = join(root, 'src/cli/msc.js');
/** About the stolen plate of contracts 1: it is answered with a hit. */
export const question = 'QV.CA0990100.LIC/2ZZZ999.LIS/CA';
const patienceMs = 60_000;
/** Shorter than a hook may take: whoever gives up still ends what it started. */
const comingUpMs = 25_000;
/** To read the rest of what an ended process said. */
const lingerMs = 5_000;
/** A short name: a socket's path has at most 107 octets. */
const folderPrefix = join(tmpdir(), 'msc-');

export class World {
  readonly folder: string;
  readonly demo: Demo;
  readonly #demonstration: Demonstration;
  #switch: ChildProcess | undefined;
  #state: Running | undefined;

  constructor(folder: string, demo: Demo, demonstration: Demonstration) {
    this.folder = folder;
    this.demo = demo;
    this.#demonstration = demonstration;
  }

  /** What `msc demo` printed so far. */
  get said(): string {
    return this.#demonstration.said();
  }

  /** True as long as `msc demo` runs, whatever became of its children. */
  get stays(): boolean {
    return isRunning(this.#demonstration.child);
  }

  /** Process number of the switch that runs now. */
  get pid(): number {
    return this.#switch?.pid ?? this.demo.switch.pid;
  }

  /** The exit code of the switch that was started last, by `launch` or `restart`. */
  exit: Promise<number | null> = new Promise(() => undefined);

  get isUp(): boolean {
    return isAlive(this.pid) && (this.#switch === undefined || isRunning(this.#switch));
  }

  /** Everything the restarted switch wrote to its log. */
  log = '';

  station(name: string): DemoStation {
    const found = this.demo.stations.find((station) => station.name === name);
    if (found === undefined) throw new Error(`the demonstration has no station ${name}`);
    return found;
  }

  options(name: string, further: Partial<StationOptions> = {}): StationOptions {
    const { role, cert, key } = this.station(name);
    const { host, port } = this.demo.switch;
    return {
      host,
      port,
      ca: readFileSync(this.demo.ca),
      cert: readFileSync(cert),
      key: readFileSync(key),
      station: name,
      role,
      ...further,
    };
  }

  connect(name: string, further: Partial<StationOptions> = {}): Promise<Station> {
    return connectStation(this.options(name, further));
  }

  password(user: string): string {
    return this.demo.users.find((person) => person.user === user)?.password ?? '';
  }

  /** Connects and signs on; fails the test with the code when that is refused. */
  async signOn(
    name: string,
    user: string,
    further: Partial<StationOptions> = {},
  ): Promise<{ readonly station: Station; readonly signedOn: SignedOn }> {
    const station = await this.connect(name, further);
    const { pool } = this.station(name);
    const asked: SignOn = { user, password: this.password(user), ...(pool ? { pool } : {}) };
    const answer = await station.signOn(asked);
    if ('code' in answer) throw new Error(`${user} at ${name} was refused ${answer.code}`);
    return { station, signedOn: answer };
  }

  /** Ends the switch with no warning, as a power cut ends a process. */
  async kill(): Promise<void> {
    const { pid } = this;
    process.kill(pid, 'SIGKILL');
    await gone(pid);
  }

  /** Asks the switch to drain and end; gives its exit code where it was started by `restart`. */
  async stop(): Promise<number | null> {
    const child = this.#switch;
    process.kill(this.pid, 'SIGTERM');
    await gone(this.pid);
    return child?.exitCode ?? null;
  }

  /**
   * Starts the switch on the same configuration and data; resolves when it is ready.
   *
   * @param msc The program of another folder, such as a newer version.
   */
  async restart(environment: NodeJS.ProcessEnv = {}, msc = launcher): Promise<void> {
    this.launch({ environment, msc });
    await this.ready();
  }

  /** Starts the switch and does not wait. What it runs under must leave it our direct child. */
  launch({ under = [], environment = {}, readyMs, ...own }: Launch = {}): Launched {
    const { msc = launcher } = own;
    const serve = own.command ?? [process.execPath, msc, 'serve', '--config', this.demo.config];
    const [program = '', ...words] = [...under, ...serve];
    const child = spawn(program, words, {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#switch = child;
    // With all it said; but a tracer that lingers may hold its output open.
    const said = once(child, 'close');
    const gone = once(child, 'exit').then(() => Promise.race([said, pause(lingerMs)]));
    const exit = Promise.race([said, gone]).then(() => child.exitCode);
    this.exit = exit;
    const keep = (chunk: Buffer): void => {
      this.log += chunk.toString();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    // Whoever is over before it was ready says how it ended, and not that it was never ready.
    const ready = this.ready(() => !isRunning(child), readyMs).then(
      () => 'ready' as const,
      (late: unknown) => {
        if (isRunning(child)) throw late;
        return exit;
      },
    );
    // The one that loses the race has nothing to say.
    ready.catch(() => undefined);
    return { exit, outcome: Promise.race([exit, ready]) };
  }

  /** Starts the state simulator again, as the demonstration did; it remembers nothing. */
  restartState(): void {
    const { switch: own, upstreams } = this.demo;
    const ports = {
      stations: own.port,
      http: Number(new URL(own.http).port),
      state: upstreams[0]?.port ?? 0,
    };
    this.#state = startState(this.folder, ports);
  }

  /** Ctrl-C for `msc demo`; gives its exit code. */
  async interrupt(): Promise<number | null> {
    const { child } = this.#demonstration;
    await ended(child, 'SIGINT');
    return child.exitCode;
  }

  /** Resolves when /readyz says 200; rejects in the end, or when it is over. */
  async ready(isOver: () => boolean = () => false, withinMs = patienceMs): Promise<void> {
    const until = Date.now() + withinMs;
    while (Date.now() < until && !isOver()) {
      const answer = await fetch(`${this.demo.switch.http}/readyz`).catch(() => undefined);
      await answer?.arrayBuffer();
      if (answer?.status === 200) return;
      await pause(20);
    }
    throw new Error(`the switch was not ready in time\n${this.log}`);
  }

  /** Runs `msc` against this world. */
  msc(...words: readonly string[]): Promise<Ran> {
    return run([launcher, ...words], { MSC_CONFIG: this.demo.config });
  }

  /** Every journal entry, oldest first, as contracts 2 has it. */
  async entries(...filters: readonly string[]): Promise<readonly Row[]> {
    const all = ['--since', '1970-01-01', '-n', '0', '--reverse', '-o', 'jsonl'];
    const { stdout, stderr, code } = await this.msc('journal', 'search', ...filters, ...all);
    if (code > 1) throw new Error(`journal search: exit ${code}: ${stderr}`);
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Row);
  }

  /** Puts a tracer on the running switch; gives the exit code the switch ends with. */
  attach(tracer: string, words: readonly string[]): Attached {
    const child = spawn(tracer, [...words, '-p', String(this.pid)]);
    let said = '';
    const ready = new Promise<void>((resolve) => {
      child.stderr.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (/attached/.test(said)) resolve();
      });
    });
    const exitOfSwitch = new Promise<number>((resolve) => {
      child.on('close', () => resolve(Number(/exited with (\d+) \+\+\+\s*$/.exec(said)?.[1])));
    });
    return { ready, exitOfSwitch };
  }

  async close(): Promise<void> {
    this.#switch?.kill('SIGKILL');
    this.#state?.child.kill('SIGKILL');
    await ended(this.#demonstration.child, 'SIGTERM');
    if (isAlive(this.demo.switch.pid)) process.kill(this.demo.switch.pid, 'SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface Launch {
  readonly under?: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
  /** Its program: that of this folder unless told. */
  readonly msc?: string;
  /** The whole command instead, such as that of a unit. */
  readonly command?: readonly string[];
  /** It is ready within this time, or will not be. */
  readonly readyMs?: number;
}

export interface Launched {
  /** Null where a signal ended it. */
  readonly exit: Promise<number | null>;
  /** Whichever comes first. */
  readonly outcome: Promise<'ready' | number | null>;
}

export interface Attached {
  readonly ready: Promise<void>;
  readonly exitOfSwitch: Promise<number>;
}

interface Demonstration {
  readonly child: ChildProcess;
  readonly said: () => string;
}

export type Row = Readonly<Record<string, unknown>>;

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

export interface WorldOptions {
  /** Made when it is not there, removed with the world; a new one unless told. */
  readonly folder?: string;
  readonly portBase?: number;
  readonly upMs?: number;
}

export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const { folder, portBase = 0, upMs = comingUpMs } = options;
  const home = folder ?? mkdtempSync(folderPrefix);
  const file = join(home, 'demo.json');
  const words = ['demo', '--dir', home, '--port-base', String(portBase)];
  const child = spawn(process.execPath, [launcher, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const until = Date.now() + upMs;
  while (!existsSync(file)) {
    if (!isRunning(child) || Date.now() > until) {
      await ended(child, 'SIGTERM');
      rmSync(home, { recursive: true, force: true });
      throw new Error(`the demonstration did not come up\n${said}`);
    }
    await pause(50);
  }
  const demo = JSON.parse(readFileSync(file, 'utf8')) as Demo;
  return new World(home, demo, { child, said: () => said });
}

/** Runs a program of ours to its end. */
export function run(words: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, words, { env: { ...process.env, ...environment } });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('close', (code) => resolve({ stdout, stderr, code: code ?? 128 }));
    child.stdin.end();
  });
}

/** Waits, bounded, until something holds; for what another process does. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  limitMs = 20_000,
): Promise<T> {
  const end = Date.now() + limitMs;
  while (Date.now() < end) {
    const found = await look();
    if (found !== undefined) return found;
    await pause(20);
  }
  throw new Error(`it did not come: ${what}`);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // No such process is the answer.
    return false;
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (!isRunning(child)) return;
  const over = once(child, 'exit');
  child.kill(signal);
  await over;
}

async function gone(pid: number): Promise<void> {
  const until = Date.now() + patienceMs;
  while (isAlive(pid) && Date.now() < until) await pause(20);
  if (isAlive(pid)) throw new Error(`process ${pid} did not end`);
}

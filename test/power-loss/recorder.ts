// Runs the switch as a process, under strace where it is to be recorded: strace writes down each call on
// files and sockets, in order. One file for each life: trace.0, trace.1, ... Ended by its pid.

import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectControl } from '#src/control/client';
import type { ControlClient } from '#src/control/client';
import { until } from '#support/world';

/** Whatever can change a file, its size or its name; whatever makes a descriptor; the socket's octets. */
const calls = [
  ...['open', 'openat', 'openat2', 'creat', 'close', 'dup', 'dup2', 'dup3', 'lseek'],
  ...['write', 'writev', 'pwrite64', 'pwritev', 'pwritev2', 'sendto', 'sendmsg', 'sendfile'],
  ...['copy_file_range', 'splice', 'fallocate', 'truncate', 'ftruncate'],
  ...['fsync', 'fdatasync', 'sync_file_range', 'sync', 'syncfs'],
  ...['rename', 'renameat', 'renameat2', 'link', 'linkat', 'symlink', 'symlinkat'],
  ...['unlink', 'unlinkat', 'mkdir', 'mkdirat', 'rmdir', 'mmap', 'io_uring_enter'],
  ...['accept', 'accept4'],
];
const longestWrite = 64 << 20;

export const strace = spawnSync('strace', ['-f', '-qq', '-o', '/dev/null', 'true']).status === 0;
export const straceMissing = strace ? '' : ' (skipped: strace is not installed, or may not trace)';

export interface SwitchOptions {
  /** Folder of the sources that run. */
  readonly program: string;
  /** Number of the trace; absent: it is not recorded. */
  readonly life?: number;
}

/** One life of the switch. */
export class SwitchProcess {
  readonly #child: ChildProcess;
  readonly #home: string;
  readonly #traced: boolean;
  #said = '';

  constructor(home: string, { program, life }: SwitchOptions) {
    this.#home = home;
    this.#traced = life !== undefined;
    const serve = [join(program, 'src/cli/msc.js'), 'serve', '--config', configOf(home)];
    const traced = ['strace', ...traceTo(join(home, `trace.${life ?? 0}`)), process.execPath];
    const [command = '', ...words] = this.#traced ? traced : [process.execPath];
    // The cache of a run of the tests begins empty: what fills it is no part of a recording.
    const env = { ...process.env, NODE_COMPILE_CACHE: undefined };
    this.#child = spawn(command, [...words, ...serve], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const keep = (chunk: Buffer): void => void (this.#said += chunk.toString());
    this.#child.stdout?.on('data', keep);
    this.#child.stderr?.on('data', keep);
  }

  /** The port of the stations, once it takes them. */
  async ready(): Promise<number> {
    const stations = await until('the switch', () => {
      if (this.#child.exitCode !== null) throw new Error(`the switch ended: ${this.#said}`);
      return /"event":"ready".*?"stations":"[^"]*:(\d+)"/.exec(this.#said)?.[1];
    });
    return Number(stations);
  }

  control(): Promise<ControlClient> {
    return connectControl(join(this.#home, 'run', 'control.sock'), { timeoutMs: 20_000 });
  }

  /** Drains and ends it; the exit code of the switch, which strace passes on. */
  async stop(): Promise<number | null> {
    const over = once(this.#child, 'exit');
    process.kill(this.#pid(), 'SIGTERM');
    await over;
    return this.#child.exitCode;
  }

  /** Whatever it is doing. */
  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const over = once(this.#child, 'exit');
    // strace itself would let go of the switch and leave it running; it ends with it.
    process.kill(this.#pid(), 'SIGKILL');
    await over;
  }

  /** Of the switch; traced, it is the one child of strace. */
  #pid(): number {
    if (!this.#traced) return this.#child.pid ?? 0;
    const strace = this.#child.pid ?? 0;
    const [child] = readFileSync(`/proc/${strace}/task/${strace}/children`, 'utf8').split(' ');
    return Number(child);
  }
}

function traceTo(file: string): readonly string[] {
  const trace = ['-e', `trace=${calls.join(',')}`, '-e', 'signal=none', '-o', file];
  return ['-f', '--seccomp-bpf', '-y', '-xx', '-s', String(longestWrite), ...trace];
}

export const configOf = (home: string): string => join(home, 'msc.toml');
/** What is lost and found; nothing else of the home is recorded. */
export const diskOf = (home: string): string => join(home, 'disk');

/** The configuration of the recorded switch: plain on loopback, its data on the disk that loses power. */
export function configToml(data: string): string {
  return `
[switch]
name = "POWER-099"
county = "EXAMPLE"
ori = "CA0990100"
[listen]
address = "127.0.0.1:0"
insecure = true
[http]
address = "127.0.0.1:0"
[control]
socket = "run/control.sock"
[data]
folder = "${data}"
[journal]
segment_entries = 1000
`;
}

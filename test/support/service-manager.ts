// The other end of sd_notify: a datagram socket as systemd has one, and what was told on it. The socket is
// made by systemd-socket-activate, and read by a child that gets one datagram with each read.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { until } from './world.ts';

const activate = 'systemd-socket-activate';
export const systemdIsThere = [activate, 'systemd-notify', 'systemd-analyze'].every(
  (program) => spawnSync(program, ['--version']).status === 0,
);
/** For the title of a test. */
export const systemdMissing = systemdIsThere ? '' : ' (skipped: systemd is not installed)';

export interface Told {
  readonly atMs: number;
  /** Such as `READY=1`. */
  readonly lines: readonly string[];
}

/** Plain JavaScript: it is run as it stands here. */
const reader = `import { readSync, writeSync } from 'node:fs';
const octets = Buffer.alloc(65536);
for (;;) {
  const text = octets.toString('utf8', 0, readSync(0, octets));
  writeSync(2, 'told ' + JSON.stringify(text) + '\\n');
}
`;

export class ServiceManager {
  readonly socket: string;
  /** Oldest first. */
  readonly told: Told[] = [];
  readonly #folder: string;
  readonly #child: ChildProcess;

  static async open(): Promise<ServiceManager> {
    const folder = mkdtempSync(join(tmpdir(), 'msc-notify-'));
    const manager = new ServiceManager(folder);
    await until('the socket', () => (existsSync(manager.socket) ? true : undefined));
    return manager;
  }

  private constructor(folder: string) {
    this.#folder = folder;
    this.socket = join(folder, 'notify');
    const program = join(folder, 'reader.mjs');
    writeFileSync(program, reader);
    const listen = ['--datagram', '--inetd', `--listen=${this.socket}`];
    this.#child = spawn(activate, [...listen, process.execPath, program], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const { stderr } = this.#child;
    if (stderr !== null) createInterface(stderr).on('line', (line) => this.#hear(line));
  }

  #hear(line: string): void {
    if (!line.startsWith('told ')) return;
    // The reader wrote a string.
    const text = JSON.parse(line.slice('told '.length)) as string;
    // The child asks whether it was heard; that says nothing of the switch.
    if (text !== 'BARRIER=1') this.told.push({ atMs: performance.now(), lines: text.split('\n') });
  }

  environment(watchdogMs?: number): NodeJS.ProcessEnv {
    const watchdog = watchdogMs === undefined ? {} : { WATCHDOG_USEC: String(watchdogMs * 1000) };
    return { NOTIFY_SOCKET: this.socket, ...watchdog };
  }

  all(line: string | RegExp): readonly Told[] {
    const fits = (each: string): boolean =>
      typeof line === 'string' ? each === line : line.test(each);
    return this.told.filter(({ lines }) => lines.some(fits));
  }

  /** Until it was told this, after those that were told before. */
  heard(line: string | RegExp, after = 0): Promise<Told> {
    return until(String(line), () => this.all(line)[after]);
  }

  /** Takes nothing, until it goes on. */
  freeze(): void {
    this.#child.kill('SIGSTOP');
  }

  goOn(): void {
    this.#child.kill('SIGCONT');
  }

  async close(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const over = once(this.#child, 'exit');
      this.#child.kill('SIGKILL');
      await over;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Values of a directive, in the order of the unit. */
export function directives(unit: string, name: string): readonly string[] {
  return unit
    .split('\n')
    .filter((line) => line.startsWith(`${name}=`))
    .map((line) => line.slice(name.length + 1));
}

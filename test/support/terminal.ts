// A real terminal for a test: tmux behind a socket of its own, a plain shell in it, keys that are typed and the
// screen that is seen. Ends with `close`, and nothing of the person's own tmux is touched.

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { mscProgram, projectFolder } from './cli.ts';

const run = promisify(execFile);
/** A machine with others at work on it. */
const patienceMs = 30_000;

export interface TerminalOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
}

export class Terminal {
  readonly #folder: string;
  readonly #socket: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#socket = join(folder, 'tmux');
  }

  /** A shell whose prompt is `$ `, and in which `msc` is ours. */
  static async open({
    columns = 80,
    rows = 24,
    env = {},
  }: TerminalOptions = {}): Promise<Terminal> {
    const terminal = new Terminal(mkdtempSync(join(tmpdir(), 'msc-tty-')));
    const words = Object.entries({ TZ: 'UTC', PS1: '$ ', LC_ALL: 'C.UTF-8', ...env });
    const shell = [
      ...['env', '-i', `PATH=${process.env['PATH'] ?? ''}`, 'TERM=tmux-256color'],
      ...words.map(([name, value]) => `${name}=${value}`),
      'sh',
    ];
    const size = ['-x', String(columns), '-y', String(rows)];
    await terminal.#tmux('new-session', '-d', ...size, '-c', projectFolder, ...shell);
    await terminal.type(`msc() { ${process.execPath} ${mscProgram} "$@"; }; clear`);
    await terminal.until('a clear screen', (screen) => screen.trim() === '$');
    return terminal;
  }

  /** A line, with Enter. */
  async type(line: string): Promise<void> {
    await this.#tmux('send-keys', '-l', line);
    await this.press('Enter');
  }

  /** Keys by tmux's names: `q`, `Enter`, `C-c`, `Down`. */
  async press(...keys: readonly string[]): Promise<void> {
    await this.#tmux('send-keys', ...keys);
  }

  /** What is seen now, a line for each row of the screen. */
  async screen(): Promise<string> {
    const { stdout } = await this.#tmux('capture-pane', '-p');
    return stdout;
  }

  /** Whether the second page of the terminal is shown, and whether its cursor is. */
  async modes(): Promise<{ readonly alternate: boolean; readonly cursor: boolean }> {
    const { stdout } = await this.#tmux('display-message', '-p', '#{alternate_on} #{cursor_flag}');
    const [alternate, cursor] = stdout.trim().split(' ');
    return { alternate: alternate === '1', cursor: cursor === '1' };
  }

  async until(what: string, look: (screen: string) => boolean): Promise<string> {
    const end = Date.now() + patienceMs;
    for (;;) {
      const screen = await this.screen();
      if (look(screen)) return screen;
      if (Date.now() > end) throw new Error(`it did not come: ${what}\n${screen}`);
      await pause(50);
    }
  }

  async close(): Promise<void> {
    await this.#tmux('kill-server');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #tmux(...words: readonly string[]): Promise<{ readonly stdout: string }> {
    return run('tmux', ['-S', this.#socket, '-f', '/dev/null', ...words]);
  }
}

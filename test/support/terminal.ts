// A real terminal of a given size: tmux with a server of its own, which ends with the test. What is typed is
// typed by send-keys, what is seen is what tmux has on its screen.

import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { mscProgram } from './cli.ts';

export interface TerminalSize {
  readonly columns?: number;
  readonly rows?: number;
}

/** Whether this machine has tmux. */
export const hasTerminal = ((): boolean => {
  try {
    execFileSync('tmux', ['-V']);
    return true;
  } catch {
    // Without it, tests of a real terminal are skipped.
    return false;
  }
})();

export class Terminal {
  readonly #name = `msc-test-${randomBytes(6).toString('hex')}`;

  /** A shell without anybody's settings, and with nothing of the caller's but what is given. */
  constructor(
    environment: Readonly<Record<string, string>> = {},
    { columns = 80, rows = 24 }: TerminalSize = {},
  ) {
    const size = ['-x', String(columns), '-y', String(rows)];
    const shell = ['env', '-i', 'TERM=tmux-256color', 'PS1=$ ', 'LANG=C.UTF-8'];
    const given = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
    const bash = ['bash', '--norc', '--noprofile'];
    this.#tmux('-f', '/dev/null', 'new-session', '-d', ...size, ...shell, ...given, ...bash);
  }

  /** Types a line, or keys by tmux's names: `Enter`, `Tab`, `C-c`. */
  type(text: string, ...keys: readonly string[]): void {
    if (text !== '') this.#tmux('send-keys', '-l', '--', text);
    if (keys.length > 0) this.#tmux('send-keys', ...keys);
  }

  /** The lines on the screen; with colours as escapes, or with wrapped lines as one, where asked. */
  screen({ colours = false, joined = false } = {}): readonly string[] {
    const form = [...(colours ? ['-e'] : []), ...(joined ? ['-J'] : [])];
    const lines = this.#tmux('capture-pane', '-p', ...form).split('\n');
    return lines.map((line) => line.trimEnd());
  }

  /** Waits, bounded, until the screen has it. */
  sees(pattern: RegExp): Promise<readonly string[]> {
    return this.until(String(pattern), (screen) => pattern.test(screen));
  }

  async until(what: string, look: (screen: string) => boolean): Promise<readonly string[]> {
    const endMs = Date.now() + 30_000;
    for (;;) {
      const lines = this.screen();
      if (look(lines.join('\n'))) return lines;
      if (Date.now() > endMs) throw new Error(`never seen: ${what}\n${lines.join('\n')}`);
      await pause(50);
    }
  }

  /** Whether the second page of the terminal is shown, and whether its cursor is. */
  modes(): { readonly alternate: boolean; readonly cursor: boolean } {
    const [alternate, cursor] = this.#tmux(
      'display-message',
      '-p',
      '#{alternate_on} #{cursor_flag}',
    )
      .trim()
      .split(' ');
    return { alternate: alternate === '1', cursor: cursor === '1' };
  }

  /** Runs a command line on a clean screen; gives what it left there, and its exit code. */
  async run(line: string): Promise<{ readonly lines: readonly string[]; readonly code: number }> {
    const mark = randomBytes(4).toString('hex');
    this.type(`clear; ${line}; echo "${mark.slice(0, 4)}""${mark.slice(4)} $?"`, 'Enter');
    const seen = await this.sees(new RegExp(`^${mark} \\d+$`, 'm'));
    const end = seen.findIndex((each) => each.startsWith(mark));
    const code = Number(seen[end]?.split(' ')[1]);
    return { lines: seen.slice(0, end), code };
  }

  close(): void {
    this.#tmux('kill-server');
  }

  #tmux(...words: readonly string[]): string {
    return execFileSync('tmux', ['-L', this.#name, ...words], { encoding: 'utf8' });
  }
}

/** One in which `msc` is ours, and times are those of UTC. */
export async function mscTerminal(
  environment: Readonly<Record<string, string>>,
): Promise<Terminal> {
  const path = process.env['PATH'] ?? '';
  const terminal = new Terminal({ PATH: path, TZ: 'UTC', ...environment });
  await terminal.sees(/^\$$/m);
  const { code } = await terminal.run(`msc() { ${process.execPath} ${mscProgram} "$@"; }`);
  if (code !== 0) throw new Error('the shell did not take the function');
  return terminal;
}

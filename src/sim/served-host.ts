// One host as a process: its line, its control socket, its clock, and what is behind the line. What the line
// can do by itself it does; the rest is asked of what stands behind it.

import { fail, ok } from '#protocol/result';
import type { Result } from '#protocol/result';
import type { TurnedClock } from './clock.ts';
import { hostCommandHelp, parseControlLine } from './line/commands.ts';
import type { ControlLine, HostCommand } from './line/commands.ts';
import type { LineFaults } from './line/faults.ts';
import type { Listener } from './line/listener.ts';

/** What stands behind the line: one host, or the hub with all of its own. */
export interface Backstage {
  /** Names that may stand before a command. */
  readonly hosts: readonly string[];
  /** A command with the name of a host before it, or one that the line cannot do; undefined: done. */
  command(host: string | undefined, command: HostCommand): Result<readonly string[], string>;
  /** For `show`. */
  readonly view: Readonly<Record<string, unknown>>;
  close(): void;
}

export class ServedHost {
  readonly #listener: Listener;
  readonly #faults: LineFaults;
  readonly #clock: TurnedClock;
  readonly #behind: Backstage;

  constructor(options: {
    readonly listener: Listener;
    readonly faults: LineFaults;
    readonly clock: TurnedClock;
    readonly behind: Backstage;
  }) {
    this.#listener = options.listener;
    this.#faults = options.faults;
    this.#clock = options.clock;
    this.#behind = options.behind;
  }

  /** Does what a line of the control socket asks. */
  do(line: string): Result<readonly string[], string> {
    const parsed = parseControlLine(line, this.#behind.hosts);
    return parsed.ok ? this.#carryOut(parsed.value) : parsed;
  }

  close(): void {
    this.#listener.close();
    this.#behind.close();
  }

  #carryOut({ host, command }: ControlLine): Result<readonly string[], string> {
    if (host !== undefined) return this.#behind.command(host, command);
    switch (command.kind) {
      case 'set':
      case 'late':
      case 'drop':
      case 'half':
      case 'noise':
      case 'busy':
      case 'unsolicited':
      case 'status':
        this.#listener.command(command);
        return ok([]);
      case 'clock':
        return this.#turn(command.turn);
      case 'skew':
        this.#clock.skew(command.byMs);
        return ok([]);
      case 'show':
        return ok([this.#shown()]);
      case 'help':
        return ok(hostCommandHelp);
      case 'out':
      case 'journal':
      case 'own':
        return this.#behind.command(undefined, command);
    }
  }

  #turn(text: string): Result<readonly string[], string> {
    const turned = this.#clock.turn(text);
    return turned.ok ? ok([new Date(this.#clock.now()).toISOString()]) : fail(turned.error);
  }

  #shown(): string {
    const time = new Date(this.#clock.now()).toISOString();
    const { counters } = this.#listener;
    return JSON.stringify({ ...counters, time, faults: this.#faults, ...this.#behind.view });
  }
}

// What the control socket can ask of one host behind a line of its own.

import { fail, ok } from '#protocol/result';
import type { Result } from '#protocol/result';
import type { HostCommand } from './line/commands.ts';
import type { Listener } from './line/listener.ts';
import type { Backstage } from './served-host.ts';
import type { SingleHost } from './single-host.ts';

export class SingleBackstage implements Backstage {
  readonly hosts: readonly string[];
  readonly #single: SingleHost;
  readonly #listener: Listener;

  constructor(name: string, single: SingleHost, listener: Listener) {
    this.hosts = [name];
    this.#single = single;
    this.#listener = listener;
  }

  get view(): Readonly<Record<string, unknown>> {
    return { held: this.#single.held };
  }

  command(_host: string | undefined, command: HostCommand): Result<readonly string[], string> {
    switch (command.kind) {
      case 'out':
        this.#single.serve(command.service);
        return ok([]);
      case 'set':
      case 'late':
        this.#listener.command(command);
        return ok([]);
      case 'own':
        return this.#single.command(command.words);
      case 'drop':
      case 'half':
      case 'noise':
      case 'busy':
      case 'unsolicited':
      case 'status':
      case 'show':
      case 'help':
      case 'clock':
      case 'skew':
      case 'journal':
        return fail('only the hub can do that');
    }
  }

  close(): void {
    this.#single.close();
  }
}

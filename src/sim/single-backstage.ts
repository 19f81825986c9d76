// What the control socket can ask of one host behind a line of its own.

import { fail, ok } from '#protocol/result';
import type { Result } from '#protocol/result';
import { ofOneHost } from './line/commands.ts';
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
    const asked = ofOneHost(command);
    switch (asked?.kind) {
      case 'out':
        this.#single.serve(asked.service);
        return ok([]);
      case 'set':
      case 'late':
        this.#listener.command(asked);
        return ok([]);
      case 'own':
        return this.#single.command(asked.words);
      case 'skew':
      case undefined:
        return fail('only the hub can do that');
    }
  }

  close(): void {
    this.#single.close();
  }
}

// What the control socket can ask of the hub and of the hosts behind it.

import { fail, ok } from '#protocol/result';
import type { Result } from '#protocol/result';
import { ofOneHost } from '../line/commands.ts';
import type { HostCommand } from '../line/commands.ts';
import type { Backstage } from '../served-host.ts';
import type { HostsBehind } from './hosts-behind.ts';
import type { Hub } from './hub.ts';
import type { HubJournal } from './journal.ts';
import { journalLine } from './journal-lines.ts';
import { isHostName } from './routes.ts';
import type { HostName } from './routes.ts';

export class HubBackstage implements Backstage {
  readonly #hub: Hub;
  readonly #hosts: HostsBehind;
  readonly #journal: HubJournal;

  constructor(hub: Hub, hosts: HostsBehind, journal: HubJournal) {
    this.#hub = hub;
    this.#hosts = hosts;
    this.#journal = journal;
  }

  get hosts(): readonly string[] {
    return this.#hosts.names;
  }

  get view(): Readonly<Record<string, unknown>> {
    const { counters, open } = this.#hub;
    return {
      ...counters,
      waiting: open.waiting,
      forgotten: open.forgotten,
      hosts: this.#hosts.view,
    };
  }

  command(host: string | undefined, command: HostCommand): Result<readonly string[], string> {
    if (command.kind === 'journal') {
      const { oif, count } = command;
      return ok(this.#journal.search({ oif, count }).map(journalLine));
    }
    if (host === undefined) {
      if (command.kind !== 'out') return fail('say of which host');
      for (const name of this.#hosts.names) this.#hosts.out(name, command.service);
      return ok([]);
    }
    return isHostName(host) ? this.#ofHost(host, command) : fail('there is no such host');
  }

  #ofHost(name: HostName, command: HostCommand): Result<readonly string[], string> {
    const asked = ofOneHost(command);
    switch (asked?.kind) {
      case 'set':
        this.#hosts.set(name, asked.faults);
        return ok([]);
      case 'late':
        this.#hosts.late(name);
        return ok([]);
      case 'out':
        this.#hosts.out(name, asked.service);
        return ok([]);
      case 'skew':
        this.#hosts.skew(name, asked.byMs);
        return ok([]);
      case 'own':
        return this.#hosts.command(name, asked.words);
      case undefined:
        return fail('that is for the line alone');
    }
  }

  close(): void {
    this.#hosts.close();
    this.#journal.close();
  }
}

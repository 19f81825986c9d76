// What is in force, and how it becomes another while the switch runs: by a reload, all of it at once; by
// time, when certificates and lists end. It holds the one `Loaded` that everybody reads.

import type { HashQueue } from '#src/access/password';
import type { Listener } from '#src/net/listener';
import type { Links } from '#src/net/links';
import { systemClock as clock, wallUs } from '#src/runtime/clock';
import type { PendingCommands } from '#src/runtime/commands';
import { linkLimits, vigilMs } from '#src/runtime/limits';
import type { Log } from '#src/runtime/log';
import type { Loop } from '#src/runtime/loop';
import type { ConfigVersions } from './config-versions.ts';
import { connectionsOf, listening, settingsOf } from './effective.ts';
import { type Loaded, type ReloadAsked, Reloads } from './reload.ts';
import type { Upstreams } from './upstreams.ts';
import { Vigil } from './vigil.ts';

export interface RenewalParts {
  readonly loaded: Loaded;
  readonly log: Log;
  readonly loop: Loop;
  readonly links: Links;
  readonly upstreams: Upstreams;
  readonly hashes: HashQueue;
  readonly commands: PendingCommands;
  readonly versions: ConfigVersions;
  /** Absent until it listens. */
  readonly listener: () => Listener | undefined;
  /** Why nothing is taken now; undefined when it is. */
  readonly closed: () => string | undefined;
}

export class Renewal {
  readonly #parts: RenewalParts;
  readonly #reloads: Reloads;
  readonly #vigil: Vigil;
  #loaded: Loaded;

  constructor(parts: RenewalParts) {
    this.#parts = parts;
    this.#loaded = parts.loaded;
    const { links, log, loop, commands, closed, versions } = parts;
    this.#vigil = new Vigil({
      clock,
      links,
      certificates: () => this.#loaded.certificates,
      blocked: () => loop.blocked,
      note: (reason, detail) =>
        commands.ask('msc', { kind: 'note', event: 'alarm', reason, detail }),
      log,
    });
    this.#reloads = new Reloads({
      current: () => this.#loaded,
      take: (loaded) => this.#take(loaded),
      closed,
      versions,
      note: (person, note) => commands.ask(person, { kind: 'note', event: 'config', ...note }),
      nowMs: () => wallUs() / 1000,
      log,
    });
  }

  get loaded(): Loaded {
    return this.#loaded;
  }

  /** The doors are open: the upstreams are dialled, and the vigil begins. */
  begin(): void {
    const { config, certificates } = this.#loaded;
    this.#parts.upstreams.follow(config.upstreams, certificates);
    this.#vigil.begin(vigilMs);
  }

  stop(): void {
    this.#vigil.stop();
  }

  /** @throws MscFault why nothing was changed. */
  reload(asked: ReloadAsked): ReturnType<Reloads['run']> {
    return this.#reloads.run(asked);
  }

  /** @throws MscFault why nothing was changed. */
  rollback(asked: ReloadAsked, version: number): ReturnType<Reloads['rollback']> {
    return this.#reloads.rollback(asked, version);
  }

  /** SIGHUP. Why it was refused is in log and journal; there is nobody to tell. */
  async hangUp(): Promise<void> {
    await this.reload({ person: 'msc', reason: 'SIGHUP' }).catch(() => undefined);
  }

  /** All of a new configuration, at once: nothing in it can fail any more. */
  #take(loaded: Loaded): number {
    const { log, links, loop, upstreams, hashes, listener } = this.#parts;
    const { config, certificates } = loaded;
    const redial = upstreams.changed(config.upstreams, certificates);
    this.#loaded = loaded;
    log.setLevel(config.log.level);
    links.limits = linkLimits(config.links.frameBytesMax);
    hashes.waitingMax = connectionsOf(config);
    listener()?.change(listening(loaded, log));
    loop.put({ kind: 'settings', settings: settingsOf(config), redial, ...clock.stamp() });
    upstreams.follow(config.upstreams, certificates);
    return this.#vigil.look();
  }
}

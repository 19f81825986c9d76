// The diallers of all upstreams, by name. A reload adds, removes and replaces them; one whose address and
// certificates are as they were goes on undisturbed. Which link must end for it is the switch's to do.

import type { UpstreamConfig } from '#src/config/load';
import type { Links } from '#src/net/links';
import type { Clock, Inbox, Random } from '#src/net/ports';
import { Upstream, type DialFacts, type DialFailure } from '#src/net/upstream';
import { backOff, helloMs } from '#src/runtime/limits';
import type { Certificates } from './certificates.ts';

export interface UpstreamsParts {
  readonly links: Links;
  readonly clock: Clock;
  readonly random: Random;
  readonly inbox: Inbox;
  readonly onFailure: (failure: DialFailure) => void;
}

interface Held {
  readonly dialler: Upstream;
  /** Everything that says where and how it is dialled. */
  readonly way: string;
}

export class Upstreams {
  readonly #parts: UpstreamsParts;
  readonly #byName = new Map<string, Held>();
  /** Not to be dialled until `dialAgain`, also before they are known here. */
  readonly #resting = new Set<string>();

  constructor(parts: UpstreamsParts) {
    this.#parts = parts;
  }

  /** Those whose way is another than now: to be left before `follow`. */
  changed(wanted: readonly UpstreamConfig[], certificates: Certificates): readonly string[] {
    return wanted
      .filter((to) => this.#byName.has(to.name))
      .filter((to) => this.#byName.get(to.name)?.way !== wayOf(to, certificates))
      .map(({ name }) => name);
  }

  /** Dials what is new or another; a live link of one that changed ends first, and is then dialled again. */
  follow(wanted: readonly UpstreamConfig[], certificates: Certificates): void {
    const names = new Set(wanted.map(({ name }) => name));
    for (const [name, { dialler }] of this.#byName) {
      if (names.has(name)) continue;
      dialler.stop();
      this.#byName.delete(name);
    }
    for (const to of wanted) this.#dial(to, certificates);
  }

  facts(name: string): DialFacts | undefined {
    return this.#byName.get(name)?.dialler.facts;
  }

  rest(name: string): void {
    this.#resting.add(name);
    this.#byName.get(name)?.dialler.rest();
  }

  dialAgain(name: string, again: { readonly atLeastMs: number; readonly fresh: boolean }): void {
    this.#resting.delete(name);
    this.#byName.get(name)?.dialler.dialAgain(again);
  }

  /** No further attempt; links that are up stay. */
  stop(): void {
    for (const { dialler } of this.#byName.values()) dialler.stop();
  }

  #dial(to: UpstreamConfig, certificates: Certificates): void {
    const old = this.#byName.get(to.name);
    const way = wayOf(to, certificates);
    const set = certificates.upstreams.get(to.name);
    if (old?.way === way || set === undefined) return;
    // With a link up, or one that just ended, the switch says when to dial.
    const atOnce = old === undefined || old.dialler.dials;
    old?.dialler.stop();
    const dialler = new Upstream({
      name: to.name,
      ...to.address,
      ...set,
      connectMs: helloMs,
      backOff,
      ...this.#parts,
    });
    this.#byName.set(to.name, { dialler, way });
    if (this.#resting.has(to.name)) dialler.rest();
    else if (atOnce) dialler.start();
  }
}

/** The routes are the switch's: a change of them alone leaves the link as it is. */
function wayOf(to: UpstreamConfig, { files }: Certificates): string {
  const digests = files
    .filter(({ setting }) => setting.startsWith(`upstreams.${to.name}.`))
    .map(({ digest }) => digest);
  return JSON.stringify([to.address, to.serverName, to.station, digests]);
}

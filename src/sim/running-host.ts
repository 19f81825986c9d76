// A simulated host with a clock: it is asked, says at once what it says at once, says the rest when its time
// has come, and is woken when something is due. A host itself has neither clock nor timer (host.ts).

import { fail, ok } from '#protocol/result';
import type { Result } from '#protocol/result';
import type { Clock } from './clock.ts';
import type { Heard, Said, SimHost } from './host.ts';

/**
 * What belongs together and is said now.
 * @param about What `take` was given with the message; undefined for what became due by itself.
 */
export type SaidListener<About> = (said: readonly Said[], about: About | undefined) => void;

/** A timer that is too long is asked again; a turned clock wakes it earlier. */
const sleepMsMax = 3_600_000;
/** So that a host whose next time never moves on does not take the whole processor. */
const sleepMsMin = 5;

export class RunningHost<About> {
  readonly host: SimHost;
  readonly #clock: Clock;
  readonly #said: SaidListener<About>;
  #wake: NodeJS.Timeout | undefined;
  /** What the timer waits for. */
  #plannedMs: number | undefined;
  readonly #delayed = new Set<NodeJS.Timeout>();
  #closed = false;

  constructor(host: SimHost, clock: Clock, said: SaidListener<About>) {
    this.host = host;
    this.#clock = clock;
    this.#said = said;
    clock.onTurn(() => this.#due());
    this.#plan();
  }

  take(heard: Heard, about: About): void {
    this.#say(this.host.take(heard, this.#clock.now()), about);
    // Most messages change nothing of what is due: the timer stays.
    if (this.host.nextAtMs !== this.#plannedMs) this.#plan();
  }

  /** Words of the host itself; its lines, and what it says because of them is said. */
  command(words: readonly string[]): Result<readonly string[], string> {
    const done = this.host.command?.(words, this.#clock.now());
    if (done === undefined) return fail('this host has no words of its own');
    if (!done.ok) return done;
    this.#say(done.value.said, undefined);
    this.#plan();
    return ok(done.value.lines);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#wake);
    for (const timer of this.#delayed) clearTimeout(timer);
    this.host.close();
  }

  #due(): void {
    if (this.#closed) return;
    this.#say(this.host.due(this.#clock.now()), undefined);
    this.#plan();
  }

  #plan(): void {
    clearTimeout(this.#wake);
    const { nextAtMs } = this.host;
    this.#plannedMs = nextAtMs;
    if (nextAtMs === undefined || this.#closed) return;
    const wait = Math.min(Math.max(nextAtMs - this.#clock.now(), sleepMsMin), sleepMsMax);
    this.#wake = setTimeout(() => this.#due(), wait).unref();
  }

  #say(said: readonly Said[], about: About | undefined): void {
    const now = said.filter(({ afterMs = 0 }) => afterMs <= 0);
    if (now.length > 0) this.#said(now, about);
    for (const one of said) if ((one.afterMs ?? 0) > 0) this.#sayLater(one, about);
  }

  #sayLater(one: Said, about: About | undefined): void {
    const timer = setTimeout(() => {
      this.#delayed.delete(timer);
      this.#said([one], about);
    }, one.afterMs);
    this.#delayed.add(timer);
  }
}

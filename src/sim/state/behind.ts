// A host behind the hub, wherever it runs: in this process, or at the other end of a line.

import type { Mnemonic } from '#protocol/ids';
import type { Result } from '#protocol/result';
import type { Clock } from '../clock.ts';
import type { Heard, Said, SimHost } from '../host.ts';
import { RunningHost } from '../running-host.ts';

/** One message for a host. */
export interface Errand {
  /** The hub's own: the header of NCIC and the control field of Nlets have it too. */
  readonly reference: string;
  readonly heard: Heard;
  readonly mnemonic: Mnemonic;
  readonly class: number;
  /** It may have been handed over before, in an earlier life of the hub or of its sender. */
  readonly again: boolean;
  /** False: its ACK is all that comes of it. */
  readonly awaited: boolean;
}

export interface BehindEvents {
  /** @param reference Of the errand it answers, where that is known without a look at the text. */
  said(said: readonly Said[], reference?: string): void;
  /** It has taken this errand, of which nothing comes back. */
  taken(errand: Errand): void;
  /** What it said up to here is acknowledged next: it has to be durable then. */
  beforeAck(): void;
  /** It refused this errand. */
  refused(errand: Errand, code: string): void;
  /** The line to it came up, or went down. */
  changed(up: boolean): void;
}

export interface Behind {
  readonly up: boolean;
  /** Errands that it would hand over again to a host that begins anew. */
  readonly kept: number;
  hand(errand: Errand): void;
  /** The last answer to this errand was said: it will not be handed over again. */
  done(reference: string): void;
  close(): void;
}

/** A host in this process. */
export class InsideHost implements Behind {
  readonly up = true;
  readonly kept = 0;
  readonly #running: RunningHost<string>;
  readonly #events: BehindEvents;

  constructor(host: SimHost, clock: Clock, events: BehindEvents) {
    this.#events = events;
    this.#running = new RunningHost(host, clock, (said, reference) => events.said(said, reference));
  }

  hand(errand: Errand): void {
    const { heard, reference, again } = errand;
    this.#running.take({ ...heard, reference, again }, reference);
    if (!errand.awaited) this.#events.taken(errand);
  }

  command(words: readonly string[]): Result<readonly string[], string> {
    return this.#running.command(words);
  }

  // It never forgets: it lives as long as the hub.
  done(): void {}

  close(): void {
    this.#running.close();
  }
}

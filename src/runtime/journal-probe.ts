// Does the thread that writes the journal answer? It is asked for its head, which it has in memory.
// One question at a time, and no more than one a second, however many look: the answer is shared.
// It never reads an entry, and it waits no longer than it is told.

import type { Journal } from '#journal/journal';

export interface Probe {
  /** How long the answer took; undefined where none came in time. */
  readonly tookMs: number | undefined;
  /** Steady milliseconds of the question. */
  readonly atMs: number;
}

export interface ProbeParts {
  readonly head: Journal['head'];
  /** Steady milliseconds. */
  readonly atMs: () => number;
  /** No answer for so long is none. */
  readonly waitMs: number;
  /** An answer is good for so long. */
  readonly goodMs: number;
}

export class JournalProbe {
  readonly #parts: ProbeParts;
  #last: Promise<Probe> | undefined;
  #askedAtMs = -Infinity;

  constructor(parts: ProbeParts) {
    this.#parts = parts;
  }

  /** Never rejects. */
  ask(): Promise<Probe> {
    const nowMs = this.#parts.atMs();
    if (this.#last !== undefined && nowMs - this.#askedAtMs < this.#parts.goodMs) return this.#last;
    this.#askedAtMs = nowMs;
    this.#last = this.#ask(nowMs);
    return this.#last;
  }

  async #ask(atMs: number): Promise<Probe> {
    const { head, waitMs } = this.#parts;
    const late = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => late.resolve(undefined), waitMs);
    const answered = head().then(
      () => this.#parts.atMs() - atMs,
      // It has failed or is closed: that is no answer.
      () => undefined,
    );
    const tookMs = await Promise.race([answered, late.promise]);
    clearTimeout(timer);
    return { tookMs, atMs };
  }
}

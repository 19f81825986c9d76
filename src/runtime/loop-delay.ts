// How late the event loop is: every timer, answer and acknowledgement waits for it.
// Two histograms of the runtime overlap, each over two turns of the clock here, because a new one does not see
// the delay it begins in: so nothing falls between two of them.
// It remembers one minute; readers take nothing away, so that any number may look. It costs a timer each 20 ms.

import { monitorEventLoopDelay, type ELDHistogram } from 'node:perf_hooks';
import type { Log } from './log.ts';

/** The runtime counts this too: it is the least that it says. */
const resolutionMs = 20;
const turnMs = 5_000;
/** Of turns that are remembered: with what is under way a minute at least. */
const turnsKept = 12;
/** Above this somebody has waited: it is told, once a turn at most. */
const toldMs = 1_000;

export interface LoopDelay {
  /** Within the last minute, in milliseconds. */
  readonly mostMs: number;
  /** All but one of a hundred timers were on time to this, in the worst part of the last minute. */
  readonly p99Ms: number;
}

export class LoopDelayWatch implements Disposable {
  readonly #log: Pick<Log, 'write'>;
  readonly #timer: NodeJS.Timeout;
  #older = begin();
  #newer = begin();
  readonly #kept: LoopDelay[] = [];

  constructor(log: Pick<Log, 'write'>) {
    this.#log = log;
    this.#timer = setInterval(() => this.#turn(), turnMs).unref();
  }

  get delay(): LoopDelay {
    const all = [...this.#kept, delayOf(this.#older), delayOf(this.#newer)];
    return {
      mostMs: Math.max(...all.map(({ mostMs }) => mostMs)),
      p99Ms: Math.max(...all.map(({ p99Ms }) => p99Ms)),
    };
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#older.disable();
    this.#newer.disable();
  }

  #turn(): void {
    const over = delayOf(this.#older);
    this.#older.disable();
    this.#older = this.#newer;
    this.#newer = begin();
    this.#kept.push(over);
    if (this.#kept.length > turnsKept) this.#kept.shift();
    if (over.mostMs < toldMs) return;
    this.#log.write('warn', 'event-loop', { delayMs: Math.round(over.mostMs) });
  }
}

function begin(): ELDHistogram {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  return histogram;
}

function delayOf(histogram: ELDHistogram): LoopDelay {
  if (histogram.count === 0) return { mostMs: 0, p99Ms: 0 };
  return { mostMs: lateMs(histogram.max), p99Ms: lateMs(histogram.percentile(99)) };
}

const lateMs = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - resolutionMs);

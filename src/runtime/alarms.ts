// When the switch wants a `tick`: the times it asked for, earliest first, one timer for all.
// Times are rounded up to a grain, so that a thousand requests a second cost a hundred alarms at
// most. Late by a grain and the timer's own delay, never early.

const grainMs = 10;
/** Far below 2^31 - 1, above which a timer of Node fires at once (security 9). */
const sleepMsMax = 60_000;

export class Alarms {
  readonly #now: () => number;
  readonly #ring: () => void;
  /** A binary heap of rounded times, each once. */
  readonly #heap: number[] = [];
  readonly #known = new Set<number>();
  #timer: NodeJS.Timeout | undefined;
  #timerAtMs = Infinity;

  constructor(now: () => number, ring: () => void) {
    this.#now = now;
    this.#ring = ring;
  }

  add(atMs: number): void {
    const at = Math.ceil(atMs / grainMs) * grainMs;
    if (this.#known.has(at)) return;
    this.#known.add(at);
    this.#up(at);
    this.#wind();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#heap.length = 0;
    this.#known.clear();
    this.#timerAtMs = -Infinity;
  }

  /** Sets the timer to the earliest, unless it is set to it already. */
  #wind(): void {
    const earliest = this.#heap[0];
    if (earliest === undefined || earliest >= this.#timerAtMs) return;
    clearTimeout(this.#timer);
    this.#timerAtMs = earliest;
    const sleepMs = Math.min(sleepMsMax, Math.max(0, earliest - this.#now()));
    this.#timer = setTimeout(() => this.#fire(), Math.ceil(sleepMs));
  }

  #fire(): void {
    this.#timerAtMs = Infinity;
    const nowMs = this.#now();
    let due = false;
    for (let at = this.#heap[0]; at !== undefined && at <= nowMs; at = this.#heap[0]) {
      this.#pop();
      due = true;
    }
    this.#wind();
    if (due) this.#ring();
  }

  #up(at: number): void {
    let child = this.#heap.push(at) - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (this.#at(parent) <= at) break;
      this.#heap[child] = this.#at(parent);
      child = parent;
    }
    this.#heap[child] = at;
  }

  #pop(): void {
    this.#known.delete(this.#at(0));
    const last = this.#heap.pop() ?? Infinity;
    if (this.#heap.length === 0) return;
    let parent = 0;
    for (;;) {
      const left = 2 * parent + 1;
      const child = this.#at(left + 1) < this.#at(left) ? left + 1 : left;
      if (this.#at(child) >= last) break;
      this.#heap[parent] = this.#at(child);
      parent = child;
    }
    this.#heap[parent] = last;
  }

  #at(index: number): number {
    return this.#heap[index] ?? Infinity;
  }
}

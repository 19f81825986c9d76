// What will happen, in the order of its time; at the same time, in the order it was said. The only clock
// of the simulation: it jumps from one happening to the next.

interface Due {
  readonly atMs: number;
  readonly order: number;
  readonly act: () => void;
}

export class Timeline {
  nowMs = 0;
  readonly #heap: Due[] = [];
  #orders = 0;

  after(ms: number, act: () => void): void {
    this.#push({ atMs: this.nowMs + ms, order: (this.#orders += 1), act });
  }

  /** The next happening; false where there is none. */
  step(): boolean {
    const due = this.#pop();
    if (due === undefined) return false;
    this.nowMs = due.atMs;
    due.act();
    return true;
  }

  #push(due: Due): void {
    const heap = this.#heap;
    let child = heap.push(due) - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !isBefore(due, above)) break;
      heap[child] = above;
      child = parent;
    }
    heap[child] = due;
  }

  #pop(): Due | undefined {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (first === undefined || last === undefined || first === last) return first;
    let parent = 0;
    for (;;) {
      const child = this.#smallerChild(parent);
      const below = heap[child];
      if (below === undefined || !isBefore(below, last)) break;
      heap[parent] = below;
      parent = child;
    }
    heap[parent] = last;
    return first;
  }

  #smallerChild(parent: number): number {
    const left = this.#heap[2 * parent + 1];
    const right = this.#heap[2 * parent + 2];
    return right !== undefined && left !== undefined && isBefore(right, left)
      ? 2 * parent + 2
      : 2 * parent + 1;
  }
}

function isBefore(one: Due, other: Due): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}

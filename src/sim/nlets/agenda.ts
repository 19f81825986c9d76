// What a host does later: first what is due first, then what has the higher priority, then what was put first. Bounded.

export interface Planned<T> {
  readonly atMs: number;
  /** 1 goes first. */
  readonly priority: number;
  readonly act: T;
}

interface Entry<T> extends Planned<T> {
  readonly order: number;
}

export class Agenda<T> {
  readonly #heap: Entry<T>[] = [];
  readonly #max: number;
  #order = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#heap.length;
  }

  get nextAtMs(): number | undefined {
    return this.#heap[0]?.atMs;
  }

  /** False where it is full: nothing is planned then. */
  put(planned: Planned<T>): boolean {
    if (this.#heap.length >= this.#max) return false;
    this.#heap.push({ ...planned, order: this.#order++ });
    this.#up(this.#heap.length - 1);
    return true;
  }

  clear(): void {
    this.#heap.length = 0;
  }

  /** What is due first, if it is due. */
  take(atMs: number): Planned<T> | undefined {
    const [first] = this.#heap;
    if (first === undefined || first.atMs > atMs) return undefined;
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#down();
    }
    return first;
  }

  #up(from: number): void {
    for (let at = from; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!this.#swapped(at, parent)) return;
      at = parent;
    }
  }

  #down(): void {
    for (let at = 0; ;) {
      const left = 2 * at + 1;
      const child = this.#before(left + 1, left) ? left + 1 : left;
      if (!this.#swapped(child, at)) return;
      at = child;
    }
  }

  /** Swaps where `later` belongs before `earlier`. */
  #swapped(later: number, earlier: number): boolean {
    const a = this.#heap[later];
    const b = this.#heap[earlier];
    if (a === undefined || b === undefined || !this.#before(later, earlier)) return false;
    this.#heap[earlier] = a;
    this.#heap[later] = b;
    return true;
  }

  #before(one: number, other: number): boolean {
    const a = this.#heap[one];
    const b = this.#heap[other];
    return a !== undefined && b !== undefined && less(a, b);
  }
}

function less<T>(a: Entry<T>, b: Entry<T>): boolean {
  if (a.atMs !== b.atMs) return a.atMs < b.atMs;
  if (a.priority !== b.priority) return a.priority < b.priority;
  return a.order < b.order;
}

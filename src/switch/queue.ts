// One queue of deliveries, highest class first, and in a class by receipt. It holds numbers, never bodies.
// A delivery taken back finds its old place again, so that order within class and mnemonic is kept (link M6).
// Putting at either end and taking from the head cost the same at any length.

import type { Delivery } from './ledger.ts';

const classes = 8;
/** Room before the head is given back once it is this long, and half of the line. */
const slack = 64;

interface Line {
  readonly deliveries: Delivery[];
  /** What stands before it has left. */
  head: number;
}

export class Queue {
  readonly #lines: readonly Line[] = Array.from({ length: classes }, () => ({
    deliveries: [],
    head: 0,
  }));
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Once, however often: it may have been put back while its octets were on their way. */
  put(delivery: Delivery): void {
    const line = this.#line(delivery);
    const { deliveries, head } = line;
    const at = placeOf(delivery, line);
    if (deliveries[at] === delivery) return;
    if (at === deliveries.length) deliveries.push(delivery);
    else if (at === head && head > 0) deliveries[(line.head -= 1)] = delivery;
    else deliveries.splice(at, 0, delivery);
    this.#size += 1;
  }

  remove(delivery: Delivery): void {
    const line = this.#line(delivery);
    const { deliveries, head } = line;
    const at = placeOf(delivery, line);
    if (deliveries[at] !== delivery) return;
    if (at === head) line.head += 1;
    else deliveries.splice(at, 1);
    this.#size -= 1;
    if (line.head <= slack || line.head * 2 <= deliveries.length) return;
    deliveries.splice(0, line.head);
    line.head = 0;
  }

  /** The first that may go now, or undefined. */
  first(may: (delivery: Delivery) => boolean): Delivery | undefined {
    if (this.#size === 0) return undefined;
    for (const { deliveries, head } of this.#lines) {
      for (let at = head; at < deliveries.length; at++) {
        const delivery = deliveries[at];
        if (delivery !== undefined && may(delivery)) return delivery;
      }
    }
    return undefined;
  }

  *all(): Generator<Delivery> {
    for (const { deliveries, head } of this.#lines) yield* deliveries.slice(head);
  }

  /** Of each class that has any: receipt of the one that waits longest, in milliseconds. */
  *oldest(): Generator<readonly [messageClass: number, sinceMs: number]> {
    for (const [messageClass, { deliveries, head }] of this.#lines.entries()) {
      const sinceMs = deliveries[head]?.sinceMs;
      if (sinceMs !== undefined) yield [messageClass, sinceMs];
    }
  }

  /** Receipt of the one that waits longest, in milliseconds. */
  oldestMs(): number | undefined {
    let oldest: number | undefined;
    for (const [, sinceMs] of this.oldest()) oldest = Math.min(oldest ?? sinceMs, sinceMs);
    return oldest;
  }

  /** How many have waited since that moment or longer. Costs the same at any length. */
  countSince(sinceMs: number): number {
    let count = 0;
    for (const { deliveries, head } of this.#lines) {
      let low = head;
      let high = deliveries.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((deliveries[middle]?.sinceMs ?? Infinity) <= sinceMs) low = middle + 1;
        else high = middle;
      }
      count += low - head;
    }
    return count;
  }

  #line(delivery: Delivery): Line {
    const line = this.#lines[delivery.to.class];
    if (line === undefined) throw new Error(`a class beyond 7: ${delivery.to.class}`);
    return line;
  }
}

/** Where it stands in its line, or would; the ends are looked at first, for there it almost always is. */
function placeOf(delivery: Delivery, { deliveries, head }: Line): number {
  let low = head;
  let high = deliveries.length;
  if (high === low || isBefore(deliveries[high - 1], delivery)) return high;
  if (!isBefore(deliveries[low], delivery)) return low;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(deliveries[middle], delivery)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Receipt order: by entry, then by place among its destinations. */
export function isBefore(one: Delivery | undefined, other: Delivery | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  return one.source !== other.source ? one.source < other.source : one.index < other.index;
}

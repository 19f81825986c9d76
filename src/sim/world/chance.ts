// Chance that can be repeated, for worlds: every person of a seed has a stream of its own, so that one
// is the same whoever came before and however many follow. Not for secrets.

/** A stream of choices (sfc32), begun by a seed and the number of what is being made. */
export class Chance {
  #a: number;
  #b: number;
  #c: number;
  #count = 1;

  constructor(seed: number, index: number) {
    this.#a = mixed(seed ^ 0x9e3779b9);
    this.#b = mixed(index ^ 0x243f6a88);
    this.#c = mixed(Math.imul(seed, 0x85ebca6b) ^ index);
    // The first numbers still show the seed.
    for (let i = 0; i < 12; i++) this.#next();
  }

  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number {
    return Math.floor((this.#next() / 2 ** 32) * limit);
  }

  /** Both ends belong to it. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** True so many times in ten thousand. */
  happens(inTenThousand: number): boolean {
    return this.below(10_000) < inTenThousand;
  }

  /** One of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    // The index lies within the list.
    return list[this.below(list.length)] as T;
  }

  #next(): number {
    const sum = (this.#a + this.#b + this.#count) | 0;
    this.#count = (this.#count + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return sum >>> 0;
  }
}

/** A large prime: it shares no divisor with any of the domains below it. */
const step = 6_700_417;

/**
 * Another number of the same domain for each: what is numbered one after the other does not look it.
 *
 * @param domain Up to 10 million, no multiple of the step.
 */
export function scattered(number: number, domain: number, seed: number): number {
  return (number * (step % domain) + (mixed(seed) % domain)) % domain;
}

function mixed(value: number): number {
  let hash = value >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return (hash ^ (hash >>> 16)) >>> 0;
}

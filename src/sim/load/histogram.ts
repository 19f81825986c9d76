// How long things took, in a fixed number of counters: 128 to each doubling, from a microsecond to an
// hour. A percentile is never below the truth and at most one part in 128 above it; the highest is exact.

/** Counters of one power of two. */
const steps = 128;
const stepBits = 7;
/** Microseconds; 71 minutes. */
const highest = 2 ** 32 - 1;

export class Histogram {
  readonly #counters = new Float64Array((32 - stepBits + 1) * steps);
  #count = 0;
  #maxMs = 0;

  get count(): number {
    return this.#count;
  }

  get maxMs(): number {
    return this.#maxMs;
  }

  /** A negative time counts as none. */
  record(ms: number): void {
    const micros = Math.min(highest, Math.max(0, Math.ceil(ms * 1_000)));
    const at = counterOf(micros);
    this.#counters[at] = (this.#counters[at] ?? 0) + 1;
    this.#count += 1;
    this.#maxMs = Math.max(this.#maxMs, ms);
  }

  /** Everything the other has counted is counted here too. */
  add(other: Histogram): void {
    for (const [at, count] of other.#counters.entries())
      this.#counters[at] = (this.#counters[at] ?? 0) + count;
    this.#count += other.#count;
    this.#maxMs = Math.max(this.#maxMs, other.#maxMs);
  }

  /**
   * Milliseconds within which `part` of all were done; undefined where there is nothing.
   *
   * @param part Above 0, at most 1.
   */
  percentileMs(part: number): number | undefined {
    let left = Math.ceil(this.#count * part);
    if (left === 0) return undefined;
    for (const [at, count] of this.#counters.entries()) {
      left -= count;
      if (left <= 0) return Math.min(topOf(at) / 1_000, this.#maxMs);
    }
    return this.#maxMs;
  }
}

function counterOf(micros: number): number {
  const shift = Math.max(0, 31 - Math.clz32(micros) - stepBits);
  return shift * steps + (micros >>> shift);
}

/** The highest of what one counter counts, in microseconds. */
function topOf(counter: number): number {
  const shift = Math.max(0, Math.floor(counter / steps) - 1);
  return (counter - shift * steps + 1) * 2 ** shift - 1;
}

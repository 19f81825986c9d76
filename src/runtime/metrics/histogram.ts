// How long things took, in fixed buckets. One observation is a few comparisons and three additions; it
// keeps no observation, and its memory is its buckets.

import type { Sample } from './format.ts';

/** Upper bounds in seconds, rising. */
export type Buckets = readonly number[];

/** A flush on a sound disk takes well under 10 ms; a disk that takes 5 s has stalled. */
export const appendBuckets: Buckets = [
  0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1, 5,
];
/** From a terminal that is there to one that comes back tomorrow. */
export const deliveryBuckets: Buckets = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 120, 600, 3600, 86_400,
];
/** SM 60 is said after 60 s for most classes (link M6). */
export const replyBuckets: Buckets = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/** By an index in milliseconds; a whole journal in minutes. */
export const searchBuckets: Buckets = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 60, 600];

export class Histogram {
  readonly #bounds: Buckets;
  /** Each by itself, and the last for what is above all bounds. */
  readonly #counts: number[];
  #sum = 0;

  constructor(bounds: Buckets) {
    this.#bounds = bounds;
    this.#counts = new Array<number>(bounds.length + 1).fill(0);
  }

  observe(seconds: number): void {
    let bucket = 0;
    while (seconds > (this.#bounds[bucket] ?? Infinity)) bucket += 1;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#sum += seconds;
  }

  /** @param pairs Labels of every sample, as `labels` makes them. */
  samples(pairs = ''): readonly Sample[] {
    const before = pairs === '' ? '' : `${pairs},`;
    let below = 0;
    const buckets = this.#counts.map((count, bucket) => {
      below += count;
      const bound = this.#bounds[bucket];
      const le = bound === undefined ? '+Inf' : String(bound);
      return { suffix: '_bucket', labels: `${before}le="${le}"`, value: below };
    });
    return [
      ...buckets,
      { suffix: '_sum', labels: pairs, value: this.#sum },
      { suffix: '_count', labels: pairs, value: below },
    ];
  }
}

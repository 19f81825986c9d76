// Orders many hashes at once, without an object for any of them.

const digitBits = 13;
const digits = 1 << digitBits;
const half = 1 << 26;

/** Places of the hashes in rising order; equal ones stay as they stood. @param hashes Of at most 52 bits. */
export function orderOf(hashes: Float64Array): Uint32Array {
  const { length } = hashes;
  const [low, high] = [new Uint32Array(length), new Uint32Array(length)];
  for (let at = 0; at < length; at += 1) {
    const hash = hashes[at] ?? 0;
    const upper = Math.floor(hash / half);
    high[at] = upper;
    low[at] = hash - upper * half;
  }
  let order = Uint32Array.from({ length }, (_, at) => at);
  let next = new Uint32Array(length);
  for (const keys of [low, high])
    for (const shift of [0, digitBits]) {
      sortBy({ keys, shift, order, next });
      [order, next] = [next, order];
    }
  return order;
}

interface Pass {
  readonly keys: Uint32Array;
  readonly shift: number;
  readonly order: Uint32Array;
  readonly next: Uint32Array;
}

/** One stable pass of a counting sort. */
function sortBy({ keys, shift, order, next }: Pass): void {
  const ends = new Uint32Array(digits + 1);
  for (let at = 0; at < keys.length; at += 1) {
    const digit = ((keys[at] ?? 0) >>> shift) & (digits - 1);
    ends[digit + 1] = (ends[digit + 1] ?? 0) + 1;
  }
  for (let digit = 0; digit < digits; digit += 1)
    ends[digit + 1] = (ends[digit + 1] ?? 0) + (ends[digit] ?? 0);
  for (let at = 0; at < order.length; at += 1) {
    const which = order[at] ?? 0;
    const digit = ((keys[which] ?? 0) >>> shift) & (digits - 1);
    const to = ends[digit] ?? 0;
    next[to] = which;
    ends[digit] = to + 1;
  }
}

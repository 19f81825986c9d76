// The dice of a made journal: every draw comes from its seed, so that the same seed gives the same entries.

/** A number from 0 to below `limit`. */
export type Dice = (limit: number) => number;

const range = 2 ** 32;

/** Numbers from 0 to below `limit`. @source Marsaglia 2003, xorshift 13, 17, 5 */
export function xorshift(seed: number): Dice {
  let state = seed >>> 0 || 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

/** As the world asks: a tenth of all draws hit the first thousandth, half of them the first eighth. */
export function skewed(dice: Dice, limit: number): number {
  const drawn = dice(range) / range;
  return Math.floor(limit * drawn * drawn * drawn);
}

/** Above 0, 1 on average: how long until the next of things that come by chance. */
export function waitOf(dice: Dice): number {
  return -Math.log((dice(range) + 1) / range);
}

/** 32 bits that look like chance and always are the same for the same number. */
export function scrambled(number: number): number {
  let bits = number | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x45d9f3b);
  bits = Math.imul(bits ^ (bits >>> 16), 0x45d9f3b);
  return (bits ^ (bits >>> 16)) >>> 0;
}

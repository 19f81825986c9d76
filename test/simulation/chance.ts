// Dice from a seed: the same seed throws the same, on every machine. sfc32, seeded by splitmix32.
// Nothing else in the simulation is random.

export class Chance {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number) {
    const split = splitmix(seed);
    this.#a = split();
    this.#b = split();
    this.#c = split();
    for (let round = 0; round < 12; round++) this.next();
  }

  /** At least 0, below 1. */
  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    return (sum >>> 0) / 2 ** 32;
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** True once in so many times. */
  oneIn(times: number): boolean {
    return this.next() * times < 1;
  }

  of<T>(among: readonly T[]): T {
    const found = among[this.between(0, among.length - 1)];
    if (found === undefined) throw new Error('nothing to choose from');
    return found;
  }
}

function splitmix(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  };
}

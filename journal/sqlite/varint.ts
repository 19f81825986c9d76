// Whole numbers in as few octets as they need: seven bits in each, the lowest first, the eighth says that
// another one follows. Up to 53 bits; beyond 31 without the bit operators, which know no more.

/** Octets that grow with what is written into them. */
export class Octets {
  #octets = new Uint8Array(1 << 16);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Only until the next write. */
  get view(): Uint8Array {
    return this.#octets.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
  }

  put(number: number): void {
    if (this.#length + 8 > this.#octets.length) this.#grow(8);
    let rest = number;
    while (rest >= 0x8000_0000) {
      this.#octets[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    while (rest >= 0x80) {
      this.#octets[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#octets[this.#length++] = rest;
  }

  /** A number that may be below 0. */
  putSigned(number: number): void {
    this.put(number < 0 ? -2 * number - 1 : 2 * number);
  }

  add(octets: Uint8Array): void {
    if (this.#length + octets.length > this.#octets.length) this.#grow(octets.length);
    this.#octets.set(octets, this.#length);
    this.#length += octets.length;
  }

  #grow(by: number): void {
    const larger = new Uint8Array(Math.max(this.#octets.length * 2, this.#length + by));
    larger.set(this.#octets);
    this.#octets = larger;
  }
}

/** Reads what `Octets` wrote. */
export class VarintReader {
  readonly #octets: Uint8Array;
  at: number;

  constructor(octets: Uint8Array, at = 0) {
    this.#octets = octets;
    this.at = at;
  }

  get done(): boolean {
    return this.at >= this.#octets.length;
  }

  next(): number {
    let number = 0;
    let factor = 1;
    for (;;) {
      const octet = this.#octets[this.at++] ?? 0;
      number += (octet & 0x7f) * factor;
      if (octet < 0x80) return number;
      factor *= 0x80;
    }
  }

  nextSigned(): number {
    const number = this.next();
    return number % 2 === 0 ? number / 2 : -(number + 1) / 2;
  }

  skip(octets: number): void {
    this.at += octets;
  }
}

// The gate before TLS: a token bucket for each address and one for all, so that a storm of
// handshakes costs no more than the rate allowed (security 9, "Handshake cost").
// Bounded in addresses: where it has no room for a new one, that one is refused.

export interface LimiterRates {
  /** New connections a second, and at once, from one address. */
  readonly perAddress: number;
  /** The same from all together. */
  readonly total: number;
}

const addressesMax = 10_000;

interface Bucket {
  tokens: number;
  atMs: number;
}

export class Limiter {
  /** May be changed at any time. */
  rates: LimiterRates;
  readonly #total: Bucket;
  readonly #addresses = new Map<string, Bucket>();

  constructor(rates: LimiterRates, nowMs: number) {
    this.rates = rates;
    this.#total = { tokens: rates.total, atMs: nowMs };
  }

  /** Whether one more connection of this address is let in now. */
  admit(address: string, nowMs: number): boolean {
    const bucket = this.#bucket(address, nowMs);
    if (bucket === undefined) return false;
    refill(bucket, this.rates.perAddress, nowMs);
    refill(this.#total, this.rates.total, nowMs);
    // Both or none: an address over its own rate must not use up the tokens of the others.
    if (bucket.tokens < 1 || this.#total.tokens < 1) return false;
    bucket.tokens -= 1;
    this.#total.tokens -= 1;
    return true;
  }

  #bucket(address: string, nowMs: number): Bucket | undefined {
    const known = this.#addresses.get(address);
    if (known !== undefined) return known;
    if (this.#addresses.size >= addressesMax) this.#forget(nowMs);
    if (this.#addresses.size >= addressesMax) return undefined;
    const fresh = { tokens: this.rates.perAddress, atMs: nowMs };
    this.#addresses.set(address, fresh);
    return fresh;
  }

  /** A bucket untouched for a second is full again: the same as none. */
  #forget(nowMs: number): void {
    for (const [address, bucket] of this.#addresses)
      if (nowMs - bucket.atMs >= 1000) this.#addresses.delete(address);
  }
}

function refill(bucket: Bucket, perSecond: number, nowMs: number): void {
  const gained = ((nowMs - bucket.atMs) * perSecond) / 1000;
  bucket.tokens = Math.min(perSecond, bucket.tokens + gained);
  bucket.atMs = nowMs;
}

// The gate before all else: a token bucket for each address, so that none takes more than its rate
// (security 9, "Handshake cost"). How many handshakes begin from all together is the waiting room's.
// Bounded in addresses: where it has no room for a new one, that one is refused.

const addressesMax = 10_000;

interface Bucket {
  tokens: number;
  atMs: number;
}

export class Limiter {
  /** New connections a second, and at once, from one address; may be changed at any time. */
  perAddress: number;
  readonly #addresses = new Map<string, Bucket>();

  constructor(perAddress: number) {
    this.perAddress = perAddress;
  }

  /** Whether one more connection of this address is let in now. */
  admit(address: string, nowMs: number): boolean {
    const bucket = this.#bucket(address, nowMs);
    if (bucket === undefined) return false;
    refill(bucket, this.perAddress, nowMs);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  #bucket(address: string, nowMs: number): Bucket | undefined {
    const known = this.#addresses.get(address);
    if (known !== undefined) return known;
    if (this.#addresses.size >= addressesMax) this.#forget(nowMs);
    if (this.#addresses.size >= addressesMax) return undefined;
    const fresh = { tokens: this.perAddress, atMs: nowMs };
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

// Counts peers that never became a link, so that a flood of them is one entry for each address and
// period, not one for each packet (security 9, "Audit flood"). Bounded in addresses.

export interface TurnedAway {
  readonly peer: string;
  /** Why the first of them was. */
  readonly why: string;
  readonly count: number;
}

const addressesMax = 1_000;
/** Stands for all addresses beyond the bound. */
const others = 'others';

export class TurnedAwayTally {
  #counts = new Map<string, { why: string; count: number }>();

  add(peer: string, why: string): void {
    const known = this.#counts.has(peer) || this.#counts.size < addressesMax;
    const key = known ? peer : others;
    const held = this.#counts.get(key);
    if (held === undefined) this.#counts.set(key, { why, count: 1 });
    else held.count++;
  }

  /** What was counted since the last call. */
  take(): readonly TurnedAway[] {
    const counts = this.#counts;
    this.#counts = new Map();
    return Array.from(counts, ([peer, { why, count }]) => ({ peer, why, count }));
  }
}

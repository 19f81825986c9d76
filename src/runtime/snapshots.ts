// When the state is frozen for a snapshot: often enough that a start replays little, seldom enough that the
// standstill is not felt. The switch stands still while it is frozen, and that takes as long as much is open.

import type { Clock } from '#src/net/ports';
import type { SnapshotLimits } from './limits.ts';

export class Snapshots {
  readonly #limits: SnapshotLimits;
  readonly #clock: Pick<Clock, 'atMs'>;
  readonly #freeze: () => Uint8Array;
  #entry: number;
  #atMs: number;
  #pauseMs: number;

  constructor(parts: {
    readonly limits: SnapshotLimits;
    readonly clock: Pick<Clock, 'atMs'>;
    readonly freeze: () => Uint8Array;
    /** The last entry when the switch begins. */
    readonly entry: number;
  }) {
    this.#limits = parts.limits;
    this.#clock = parts.clock;
    this.#freeze = parts.freeze;
    this.#entry = parts.entry;
    this.#atMs = parts.clock.atMs();
    this.#pauseMs = parts.limits.snapshotMs;
  }

  /** The state, where a snapshot is due. @param entry The last entry that it knows. */
  takeIfDue(entry: number): Uint8Array | undefined {
    const entries = entry - this.#entry;
    if (entries < this.#limits.snapshotEntries) return undefined;
    const nowMs = this.#clock.atMs();
    const early = nowMs - this.#atMs < this.#pauseMs;
    if (early && entries < this.#limits.snapshotEntriesMax) return undefined;
    this.#entry = entry;
    this.#atMs = nowMs;
    const frozen = this.#freeze();
    const tookMs = this.#clock.atMs() - nowMs;
    this.#pauseMs = Math.max(this.#limits.snapshotMs, tookMs * this.#limits.snapshotTimes);
    return frozen;
  }
}

// The disk under the journal: batches become durable one after the other, late; it may be slow, full, or
// fail. When the process dies, of the batches under way the first few are there whole and the rest not at
// all: that is what one transaction for each batch promises (a torn write is rolled back).

import type { StoredEntry } from '#journal/entry';
import type { JournalCondition } from '#journal/journal';
import type { Chance } from './chance.ts';
import type { Timeline } from './timeline.ts';

/** An entry as it is kept: what is undefined is not there any more. */
export interface Kept {
  readonly json: string;
  readonly body: Uint8Array | undefined;
}

interface Batch {
  readonly entries: readonly Kept[];
  readonly done: () => void;
}

interface Snapshot {
  readonly entry: number;
  readonly state: Uint8Array;
}

const retryMs = 250;
const snapshotsKept = 3;

export class Disk {
  readonly durable: Kept[] = [];
  /** The newest last. */
  readonly snapshots: Snapshot[] = [];
  onCondition: (condition: JournalCondition) => void = () => undefined;
  full = false;
  /** The next write fails. */
  failing = false;
  slowUntilMs = 0;
  readonly #timeline: Timeline;
  readonly #chance: Chance;
  #waiting: Batch[] = [];
  #condition: 'open' | 'blocked' | 'failed' = 'open';
  #writing = false;
  /** Of the process that writes: what an earlier one asked for is not answered. */
  #life = 0;

  constructor(timeline: Timeline, chance: Chance) {
    this.#timeline = timeline;
    this.#chance = chance;
  }

  append(entries: readonly StoredEntry[], done: () => void): void {
    this.#waiting.push({ entries: entries.map(keep), done });
    this.#writeLater();
  }

  read(entry: number): StoredEntry | undefined {
    const kept = this.durable[entry - 1];
    return kept === undefined ? undefined : storedOf(kept);
  }

  saveSnapshot(snapshot: Snapshot): void {
    this.snapshots.push(snapshot);
    if (this.snapshots.length > snapshotsKept) this.snapshots.shift();
  }

  /** The process is dead; what it has not heard of may be there or not. */
  crash(): void {
    const survivors = this.#chance.between(0, this.#waiting.length);
    for (const { entries } of this.#waiting.slice(0, survivors)) this.durable.push(...entries);
    this.#waiting = [];
    this.#condition = 'open';
    this.#writing = false;
    this.failing = false;
    this.#life += 1;
  }

  #writeLater(ms = this.#chance.oneIn(4) ? this.#chance.between(1, 30) : 1): void {
    if (this.#writing || this.#waiting.length === 0) return;
    this.#writing = true;
    const life = this.#life;
    const slowMs = Math.max(ms, this.slowUntilMs - this.#timeline.nowMs);
    this.#timeline.after(slowMs, () => {
      if (life === this.#life) this.#write();
    });
  }

  #write(): void {
    this.#writing = false;
    if (this.failing) {
      this.#condition = 'failed';
      this.onCondition({ kind: 'failed', cause: new Error('EIO') });
      return;
    }
    if (this.full) {
      if (this.#condition === 'open') this.onCondition({ kind: 'blocked', why: 'full' });
      this.#condition = 'blocked';
      return this.#writeLater(retryMs);
    }
    const batches = this.#waiting;
    this.#waiting = [];
    for (const { entries } of batches) this.durable.push(...entries);
    if (this.#condition === 'blocked') this.onCondition({ kind: 'open' });
    this.#condition = 'open';
    for (const { done } of batches) done();
    this.#writeLater();
  }
}

export function keep({ entry, body, withheld }: StoredEntry): Kept {
  return { json: JSON.stringify(entry), body: withheld === true ? undefined : body };
}

export function storedOf({ json, body }: Kept): StoredEntry {
  // It was written by `keep`.
  const entry = JSON.parse(json) as StoredEntry['entry'];
  return body === undefined ? { entry } : { entry, body };
}

// The journal as the loop sees it, with every entry counted once it is durable, and every append timed.
// Wraps it as `Stalls` does: it changes nothing, holds nothing up, and an append that fails is not counted.

import type { JournalEntry, StoredEntry } from '#journal/entry';
import type { Journal, JournalCondition } from '#journal/journal';

type Wrapped = Pick<Journal, 'append' | 'read' | 'saveSnapshot' | 'onCondition'>;

export interface MeterParts {
  /** Steady milliseconds. */
  readonly atMs: () => number;
  /** An entry is durable; with the steady time at which it was made. */
  readonly onEntry: (entry: JournalEntry, atMs: number) => void;
  /** All entries of one append are. */
  readonly onAppend: (tookMs: number) => void;
}

export class Metered implements Wrapped {
  readonly #journal: Wrapped;
  readonly #parts: MeterParts;

  constructor(journal: Wrapped, parts: MeterParts) {
    this.#journal = journal;
    this.#parts = parts;
  }

  append(entries: readonly StoredEntry[]): Promise<void> {
    const sinceMs = this.#parts.atMs();
    const durable = this.#journal.append(entries);
    // Beside the promise of whoever waits: a fault in here is a bug of ours, not one of the disk.
    void durable.then(
      () => this.#count(entries, sinceMs),
      () => undefined,
    );
    return durable;
  }

  read(entry: number): ReturnType<Journal['read']> {
    return this.#journal.read(entry);
  }

  saveSnapshot(entry: number, state: Uint8Array): Promise<void> {
    return this.#journal.saveSnapshot(entry, state);
  }

  onCondition(listener: (condition: JournalCondition) => void): void {
    this.#journal.onCondition(listener);
  }

  #count(entries: readonly StoredEntry[], sinceMs: number): void {
    const { atMs, onEntry, onAppend } = this.#parts;
    for (const { entry } of entries) onEntry(entry, sinceMs);
    onAppend(atMs() - sinceMs);
  }
}

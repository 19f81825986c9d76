// Entries appended a short while ago, so that a body is read back from memory, not from the disk.
// Only what may be sent on is kept: messages taken in. Bounded in octets, oldest out first; what is not
// durable yet is always kept, because the journal cannot be asked for it.

import { strict as assert } from 'node:assert';
import type { StoredEntry } from '#journal/entry';

/** What an entry takes besides its body, about. */
const entryBytes = 512;
/** What the place of an entry takes that is not kept. */
const slotBytes = 8;

export class RecentEntries {
  readonly #bytesMax: number;
  /** Entries `#first` to `#first + length - 1`; those before `#head` are let go of. */
  #kept: (StoredEntry | undefined)[] = [];
  #first = 0;
  #head = 0;
  #bytes = 0;
  #durable = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  put(stored: StoredEntry): void {
    const { entry } = stored.entry;
    if (this.#first === 0) this.#first = entry;
    assert.equal(entry, this.#first + this.#kept.length, 'Entries are appended without a gap.');
    const kept = stored.entry.kind === 'received' ? stored : undefined;
    this.#kept.push(kept);
    this.#bytes += sizeOf(kept);
  }

  get(entry: number): StoredEntry | undefined {
    return this.#kept[entry - this.#first];
  }

  /** All entries up to this one can be read from the journal now. */
  durable(entry: number): void {
    this.#durable = entry;
    while (this.#bytes > this.#bytesMax && this.#first + this.#head <= this.#durable) {
      this.#bytes -= sizeOf(this.#kept[this.#head]);
      this.#kept[this.#head++] = undefined;
    }
    if (this.#head < 1024 || this.#head * 2 < this.#kept.length) return;
    this.#kept = this.#kept.slice(this.#head);
    this.#first += this.#head;
    this.#head = 0;
  }
}

function sizeOf(stored: StoredEntry | undefined): number {
  return stored === undefined ? slotBytes : entryBytes + (stored.body?.length ?? 0);
}

// Entries as they become durable, for whoever follows the journal live. It promises every entry that
// fits, once, in order. Bounded: a follower that is slower than the journal is not kept for, but reads
// what it missed from the journal itself. Without followers it costs nothing.

import type { StoredEntry } from '#journal/entry';
import type { Journal } from '#journal/journal';
import { matches, type Query } from '#journal/query';

/** Kept for one follower. */
const keptMax = 2_048;
const keptBytesMax = 8 * 1_048_576;

type Batch = readonly StoredEntry[];
type Source = Pick<Journal, 'scan'>;

export class Feed {
  readonly #journal: Source;
  readonly #followers = new Set<Follower>();

  constructor(journal: Source) {
    this.#journal = journal;
  }

  get followers(): number {
    return this.#followers.size;
  }

  /** They are durable, and in their order. */
  publish(entries: Batch): void {
    for (const follower of this.#followers) follower.take(entries);
  }

  /** What comes from now on and fits, until the signal. */
  follow(query: Query, gone: AbortSignal): AsyncIterable<Batch> {
    const follower = new Follower(query, gone);
    if (gone.aborted) return follower.batches(this.#journal);
    this.#followers.add(follower);
    gone.addEventListener('abort', () => this.#followers.delete(follower), { once: true });
    return follower.batches(this.#journal);
  }
}

class Follower {
  readonly #query: Query;
  readonly #gone: AbortSignal;
  #kept: StoredEntry[] = [];
  #keptBytes = 0;
  /** The first that was not kept, and the last that was published since. */
  #missed: { readonly from: number; to: number } | undefined;
  #wake: (() => void) | undefined;

  constructor(query: Query, gone: AbortSignal) {
    this.#query = query;
    this.#gone = gone;
    gone.addEventListener('abort', () => this.#wake?.(), { once: true });
  }

  take(entries: Batch): void {
    for (const stored of entries) {
      const { entry } = stored.entry;
      if (this.#missed !== undefined) this.#missed.to = entry;
      else if (matches(this.#query, stored)) this.#keep(stored);
    }
    if (this.#kept.length > 0) this.#wake?.();
  }

  async *batches(journal: Source): AsyncGenerator<Batch> {
    while (!this.#gone.aborted) {
      const kept = this.#kept;
      [this.#kept, this.#keptBytes] = [[], 0];
      if (kept.length > 0) yield kept;
      else if (this.#missed !== undefined) yield* this.#catchUp(journal, this.#missed);
      else await this.#more();
    }
  }

  #keep(stored: StoredEntry): void {
    const { entry } = stored.entry;
    const bytes = stored.body?.length ?? 0;
    if (this.#kept.length >= keptMax || this.#keptBytes + bytes > keptBytesMax)
      this.#missed = { from: entry, to: entry };
    else {
      this.#kept.push(stored);
      this.#keptBytes += bytes;
    }
  }

  async *#catchUp(journal: Source, missed: { from: number; to: number }): AsyncGenerator<Batch> {
    // It grows while this reads; what comes after the last look is kept again.
    for (let { from } = missed; from <= missed.to;) {
      const { to } = missed;
      for await (const batch of journal.scan(from, to))
        yield batch.filter((stored) => matches(this.#query, stored));
      from = to + 1;
    }
    this.#missed = undefined;
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

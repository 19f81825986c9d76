// Answers `read` effects in the order they were asked: at once where memory has the entry and nothing
// asked before is still under way, else when the journal has read it. A failed read is a fault of
// the disk and reported as such. How many are under way is bounded by the windows of the links.

import type { StoredEntry } from '#journal/entry';
import type { Journal } from '#journal/journal';
import type { RecentEntries } from './recent.ts';

export interface ReadsParts {
  readonly journal: Pick<Journal, 'read'>;
  readonly recent: RecentEntries;
  /** The answer, in the order asked. */
  readonly answer: (entry: number, stored: StoredEntry | undefined) => void;
  readonly fail: (cause: unknown) => void;
}

interface Asked {
  readonly entry: number;
  done: boolean;
  stored: StoredEntry | undefined;
}

export class Reads {
  readonly #parts: ReadsParts;
  readonly #asked: Asked[] = [];

  constructor(parts: ReadsParts) {
    this.#parts = parts;
  }

  ask(entry: number): void {
    const stored = this.#parts.recent.get(entry);
    if (stored !== undefined && this.#asked.length === 0) {
      this.#parts.answer(entry, stored);
      return;
    }
    const asked: Asked = { entry, done: stored !== undefined, stored };
    this.#asked.push(asked);
    if (!asked.done) this.#fetch(asked);
  }

  #fetch(asked: Asked): void {
    this.#parts.journal.read(asked.entry).then((stored) => {
      asked.done = true;
      asked.stored = stored;
      this.#answerReady();
    }, this.#parts.fail);
  }

  #answerReady(): void {
    for (let first = this.#asked[0]; first?.done === true; first = this.#asked[0]) {
      this.#asked.shift();
      this.#parts.answer(first.entry, first.stored);
    }
  }
}

// The number of a release, `2026-001877`: the year in UTC and how many releases it has had. It comes from the
// journal, so it goes on over a restart, and nothing else has to be kept. Releases take their turns: no number
// is given twice, whatever the clock does. A number is used up with its entry, so there is no gap.

import type { Journal } from '#journal/journal';
import { ReleaseCount } from '#journal/purge';
import { eventsNamed } from '#journal/query';

const digits = 6;

export class ReleaseNumbers {
  readonly #journal: () => Pick<Journal, 'search'>;
  /** The last number of each year that was asked for; empty after a failure: then the journal says it again. */
  readonly #last = new Map<number, number>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(journal: () => Pick<Journal, 'search'>) {
    this.#journal = journal;
  }

  /** @param write Writes the entry with this number; its number counts once this has resolved. */
  give<T>(nowMs: number, write: (number: string) => Promise<T>): Promise<T> {
    const mine = this.#turn.then(() => this.#next(new Date(nowMs).getUTCFullYear(), write));
    // Its failure is its caller's; the next in turn starts all the same.
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  /** While it acts no release is recorded. */
  alone<T>(act: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(act);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  async #next<T>(year: number, write: (number: string) => Promise<T>): Promise<T> {
    const count = (this.#last.get(year) ?? (await this.#lastOf(year))) + 1;
    try {
      const written = await write(`${year}-${String(count).padStart(digits, '0')}`);
      this.#last.set(year, count);
      return written;
    } catch (failure) {
      // Whether the entry stands is not known.
      this.#last.clear();
      throw failure;
    }
  }

  /** The newest release of that year, also where it was purged; those of other years are passed over. */
  async #lastOf(year: number): Promise<number> {
    const where = [eventsNamed('release', 'purge')];
    const purged = new ReleaseCount();
    for await (const batch of this.#journal().search({ where, reverse: false, limit: 0 }))
      for (const { entry } of batch) {
        if (entry.kind !== 'event') continue;
        if (entry.event === 'purge') purged.see(entry.detail?.['releases']);
        const [, of, count] = /^(\d{4})-(\d{6,})$/.exec(String(entry.detail?.['release'])) ?? [];
        if (Number(of) === year) return Number(count);
      }
    return purged.of(year);
  }
}

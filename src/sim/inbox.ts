// The numbers of what one side receives (link M1, M3, M4, S4b, S5): which is next, which came before,
// what was refused. It knows no socket; the caller says when a message is handled.

import type { Refused } from '#protocol/control';

export type Arrival =
  /** The next one: take it. */
  | 'next'
  /** Handled before: answer it as it was answered then (link S5). */
  | 'again'
  /** Taken before and not handled yet: nothing to say. */
  | 'held'
  /** Not the next: C10. */
  | 'gap'
  /** More than the window: C11. */
  | 'flood';

export class Inbox {
  #taken = 0;
  #handled = 0;
  /** The last refusals, at most one window of them (link S4b). */
  readonly #refusals = new Map<number, Refused>();

  /** Everything up to this number is handled. */
  get handled(): number {
    return this.#handled;
  }

  get refusals(): ReadonlyMap<number, Refused> {
    return this.#refusals;
  }

  arrive(number: number, window: number): Arrival {
    if (number <= this.#handled) return 'again';
    if (number <= this.#taken) return 'held';
    if (number > this.#taken + 1) return 'gap';
    if (this.#taken - this.#handled >= window) return 'flood';
    this.#taken = number;
    return 'next';
  }

  /** All up to `number` is stored. */
  accept(number: number): void {
    if (number > this.#taken) throw new RangeError('a message is acknowledged that did not come');
    this.#handled = Math.max(this.#handled, number);
  }

  /** `number` is refused; all below it must be handled (link M3). */
  refuse(number: number, refused: Refused, window: number): void {
    if (number !== this.#handled + 1 || number > this.#taken)
      throw new RangeError('a message is refused out of its order');
    this.#handled = number;
    this.#refusals.set(number, refused);
    for (const oldest of this.#refusals.keys()) {
      if (this.#refusals.size <= window) break;
      this.#refusals.delete(oldest);
    }
  }

  /** The last arrival is not taken after all (a BUSY): its number is not used up. */
  untake(): void {
    this.#taken = Math.max(this.#handled, this.#taken - 1);
  }

  /** A new connection in the same session: what was not handled comes again. */
  resume(): void {
    this.#taken = this.#handled;
  }

  restart(): void {
    this.#taken = 0;
    this.#handled = 0;
    this.#refusals.clear();
  }
}

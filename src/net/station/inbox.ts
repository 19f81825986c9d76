// The numbers of what a station receives (link M1, M3, M4, S4b, S5): which is next, which came before, and
// in which order they are answered, whatever order the person handles them in.

import type { Refused } from '#protocol/control';

export type Arrival =
  /** The next one: it was taken. */
  | 'next'
  /** Handled before: to be answered as it was then (link S5). */
  | 'again'
  /** Taken before and not handled yet: nothing to say. */
  | 'held'
  /** Above the next one: C10. */
  | 'gap'
  /** More than the window: C11. */
  | 'flood';

/** What is said of a message: nothing yet, accepted, or refused. */
type Verdict = 'pending' | 'accepted' | Refused;

interface Taken {
  readonly ticket: number;
  readonly number: number;
  verdict: Verdict;
}

/** As many as the largest window may ask to be repeated (link M4, S4b). */
const refusalsKept = 1024;

export class Inbox {
  #handled = 0;
  readonly #taken: Taken[] = [];
  readonly #refusals = new Map<number, Refused>();
  #tickets = 0;

  /** Everything up to this number is handled. */
  get handled(): number {
    return this.#handled;
  }

  /** The last `count` refusals of this session, oldest first (link S4b). */
  refusals(count: number): readonly (readonly [number: number, refused: Refused])[] {
    return [...this.#refusals].slice(-count);
  }

  refusalOf(number: number): Refused | undefined {
    return this.#refusals.get(number);
  }

  arrive(number: number, window: number): Arrival {
    const last = this.#handled + this.#taken.length;
    if (number <= this.#handled) return 'again';
    if (number <= last) return 'held';
    if (number > last + 1) return 'gap';
    return this.#taken.length >= window ? 'flood' : 'next';
  }

  /** Takes the next one; its ticket is unique in the life of this station. */
  take(): number {
    const ticket = (this.#tickets += 1);
    const number = this.#handled + this.#taken.length + 1;
    this.#taken.push({ ticket, number, verdict: 'pending' });
    return ticket;
  }

  /** What the person says of one; false where it is no longer ours to answer. */
  judge(ticket: number, verdict: 'accepted' | Refused): boolean {
    const taken = this.#taken.find((each) => each.ticket === ticket);
    if (taken?.verdict !== 'pending') return false;
    taken.verdict = verdict;
    return true;
  }

  /** The next whose turn it is and that has its verdict; it is handled now (link M3). */
  settle(): { readonly number: number; readonly verdict: 'accepted' | Refused } | undefined {
    const [first] = this.#taken;
    if (first === undefined || first.verdict === 'pending') return undefined;
    const { number, verdict } = first;
    this.#taken.shift();
    this.#handled = number;
    if (verdict !== 'accepted') this.#remember(number, verdict);
    return { number, verdict };
  }

  /** A new connection: what was not handled comes again, or goes elsewhere; its tickets are void. */
  forgetTaken(): void {
    this.#taken.length = 0;
  }

  restart(): void {
    this.forgetTaken();
    this.#handled = 0;
    this.#refusals.clear();
  }

  #remember(number: number, refused: Refused): void {
    this.#refusals.set(number, refused);
    for (const oldest of this.#refusals.keys()) {
      if (this.#refusals.size <= refusalsKept) break;
      this.#refusals.delete(oldest);
    }
  }
}

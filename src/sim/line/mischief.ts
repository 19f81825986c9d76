// Passes answers on as the faults of their host have it: late, twice, in another order, under another
// reference, as garbage, or kept back. Without a fault an answer passes in the same call. Everything that
// waits is bounded; what falls out is the oldest.

import type { AnswerFaults } from './faults.ts';
import { garbage } from './garbage.ts';

/** How this kind of answer is read and changed. */
export interface AnswerWays<T> {
  give(answer: T): void;
  /** The handle that says whose answer it is; undefined where nobody asked. */
  referenceOf(answer: T): string | undefined;
  /** The same answer under another handle of the same length. */
  under(answer: T, reference: string): T;
  withText(answer: T, text: string): T;
  lengthOf(answer: T): number;
}

/** Groups of answers that may wait. */
const waitingMax = 20_000;
/** An answer that nobody overtakes goes at last. */
const swapMs = 2_000;

export class Mischief<T> {
  readonly #faults: AnswerFaults;
  readonly #ways: AnswerWays<T>;
  /** What `silent` keeps back. */
  #late: (readonly T[])[] = [];
  #overtaken: readonly T[] | undefined;
  #swap: NodeJS.Timeout | undefined;
  #lastReference: string | undefined;

  constructor(faults: AnswerFaults, ways: AnswerWays<T>) {
    this.#faults = faults;
    this.#ways = ways;
  }

  /** Answers that belong together and came at once, in order. */
  pass(answers: readonly T[]): void {
    if (answers.length === 0) return;
    const spoiled = answers.map((answer) => this.#spoil(answer));
    const { swap, silent, slowMs } = this.#faults;
    if (silent) this.#keep(spoiled);
    else if (slowMs > 0) setTimeout(() => this.#give(spoiled), slowMs);
    else if (swap) this.#letPass(spoiled);
    else this.#give(spoiled);
  }

  /** Sends what `silent` kept back. */
  late(): void {
    const groups = this.#late;
    this.#late = [];
    for (const group of groups) this.#give(group);
  }

  /** Nothing is swapped any longer: what waits goes. */
  settle(): void {
    clearTimeout(this.#swap);
    const waiting = this.#overtaken;
    this.#overtaken = undefined;
    if (waiting !== undefined) this.#give(waiting);
  }

  #give(answers: readonly T[]): void {
    for (let round = this.#faults.twice ? 2 : 1; round > 0; round--)
      for (const answer of answers) this.#ways.give(answer);
  }

  #keep(answers: readonly T[]): void {
    this.#late.push(answers);
    if (this.#late.length > waitingMax) this.#late.shift();
  }

  #letPass(answers: readonly T[]): void {
    if (this.#overtaken !== undefined) {
      this.#give(answers);
      this.settle();
      return;
    }
    this.#overtaken = answers;
    this.#swap = setTimeout(() => this.settle(), swapMs).unref();
  }

  #spoil(answer: T): T {
    const reference = this.#ways.referenceOf(answer);
    const other = this.#lastReference;
    if (reference !== undefined && reference !== other) this.#lastReference = reference;
    const named = this.#named(answer, reference, other);
    if (!this.#faults.garbage) return named;
    return this.#ways.withText(named, garbage(this.#ways.lengthOf(named)));
  }

  #named(answer: T, reference: string | undefined, other: string | undefined): T {
    if (reference === undefined) return answer;
    switch (this.#faults.reference) {
      case 'own':
        return answer;
      case 'nobody':
        return this.#ways.under(answer, nobody(reference.length));
      case 'another':
        return this.#ways.under(answer, other ?? nobody(reference.length));
    }
  }
}

/** A handle that nobody gave out. */
const nobody = (length: number): string => 'NOBODY0000'.padEnd(length, '0').slice(0, length);

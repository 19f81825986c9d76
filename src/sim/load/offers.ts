// Every message of a run from the time it is due to its end, and what is counted of it. It knows no socket
// and no clock: whoever has them says what happened, and when.
//
//     open -> answered | refused        within the time
//     open -> overdue -> late           the end came after the time
//     open -> overdue -> lost           it never came; so does what could not even be sent

import { Fifo } from '../fifo.ts';
import type { Outgoing } from '../outbox.ts';
import { Histogram } from './histogram.ts';
import type { KindName } from './kinds.ts';

export interface Offer {
  /** From 0; later ones are higher. */
  readonly nth: number;
  readonly kind: KindName;
  /** Milliseconds from the beginning of the run: its latency counts from here. */
  readonly dueMs: number;
  /** The seat that hands it over. */
  readonly from: number;
  message?: Outgoing;
  overdue?: true;
}

/** What became of the messages of one kind, or of all. */
export class Counts {
  offered = 0;
  /** Whose octets left. */
  sent = 0;
  answered = 0;
  late = 0;
  lost = 0;
  /** The run was cut short while it waited for these. */
  open = 0;
  /** By code; `ER 62` where the switch says so in a message. */
  readonly refused = new Map<string, number>();
  /**
   * Of what was answered, late or not, and of what is lost with the time it was waited for: a load that
   * loses its slowest messages does not look the faster for it.
   */
  readonly latency = new Histogram();

  add(other: Counts): void {
    this.offered += other.offered;
    this.sent += other.sent;
    this.answered += other.answered;
    this.late += other.late;
    this.lost += other.lost;
    this.open += other.open;
    for (const [code, count] of other.refused) bump(this.refused, code, count);
    this.latency.add(other.latency);
  }
}

export class Offers {
  readonly kinds = new Map<KindName, Counts>();
  readonly #open = new Map<number, Offer>();
  readonly #byMessage = new Map<Outgoing, Offer>();
  /** All that may still be in time, the one that was due first in front. */
  readonly #inTime = new Fifo<Offer>();
  readonly #timeoutMs: number;
  #count = 0;
  #overdue = 0;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** All so far. */
  get count(): number {
    return this.#count;
  }

  /** Those without an end, in time or not. */
  get open(): number {
    return this.#open.size;
  }

  /** Those without an end whose time is not over. */
  get awaited(): number {
    return this.#open.size - this.#overdue;
  }

  make(due: Pick<Offer, 'kind' | 'dueMs' | 'from'>): Offer {
    const offer: Offer = { nth: this.#count++, ...due };
    this.#open.set(offer.nth, offer);
    this.#inTime.push(offer);
    this.#of(offer).offered += 1;
    return offer;
  }

  handedOver(offer: Offer, message: Outgoing): void {
    offer.message = message;
    this.#byMessage.set(message, offer);
  }

  /** `ended`: it had its end before. Undefined: there is no such one. */
  find(nth: number): Offer | 'ended' | undefined {
    return this.#open.get(nth) ?? (nth < this.#count ? 'ended' : undefined);
  }

  answered(offer: Offer, nowMs: number): void {
    this.overdueAt(nowMs);
    const counts = this.#end(offer);
    if (offer.overdue === true) counts.late += 1;
    else counts.answered += 1;
    counts.latency.record(nowMs - offer.dueMs);
  }

  /** The switch said that there will be no answer. */
  failed(offer: Offer, code: string): void {
    bump(this.#end(offer).refused, code, 1);
  }

  refused(message: Outgoing, code: string): void {
    const offer = this.#byMessage.get(message);
    if (offer !== undefined) this.failed(offer, code);
  }

  /** From now on, what is due for longer than the time allowed is overdue. */
  overdueAt(nowMs: number): void {
    for (let { first } = this.#inTime; first !== undefined; { first } = this.#inTime) {
      if (first.dueMs + this.#timeoutMs > nowMs) return;
      this.#inTime.shift();
      if (!this.#open.has(first.nth)) continue;
      first.overdue = true;
      this.#overdue += 1;
    }
  }

  /** The run is over: what is still open is lost, or was cut short where its time was not over. */
  close(nowMs: number): void {
    this.overdueAt(nowMs);
    for (const offer of [...this.#open.values()]) {
      const counts = this.#end(offer);
      if (offer.overdue === true) {
        counts.lost += 1;
        counts.latency.record(nowMs - offer.dueMs);
      } else counts.open += 1;
    }
  }

  #end(offer: Offer): Counts {
    this.#open.delete(offer.nth);
    if (offer.overdue === true) this.#overdue -= 1;
    const { message } = offer;
    if (message !== undefined) this.#byMessage.delete(message);
    const counts = this.#of(offer);
    if (message?.sentAtMs !== undefined) counts.sent += 1;
    return counts;
  }

  #of({ kind }: Offer): Counts {
    const counts = this.kinds.get(kind) ?? new Counts();
    this.kinds.set(kind, counts);
    return counts;
  }
}

function bump(counters: Map<string, number>, key: string, by: number): void {
  counters.set(key, (counters.get(key) ?? 0) + by);
}

// The numbers of what one side sends (link M1, M3, M4, M4a, S4, S4a): what waits, what is on its
// way, what may be sent now. A number is given when a message is sent, so what is left out of a
// repeat gives its number to the next. It knows no socket.

import { flagPossibleDuplicate } from '#protocol/frame';
import type { Mnemonic } from '#protocol/ids';
import { Fifo } from './fifo.ts';

export interface Outgoing {
  readonly mnemonic: Mnemonic;
  readonly class: number;
  readonly body: Uint8Array;
  flags: number;
  /** Who was signed on when it was handed over; it is never sent under another (link S7b). */
  readonly user: string | undefined;
  /** 0 until it is sent. */
  number: number;
  refused: boolean;
  /** When it was sent last, by the steady clock; absent: never (link S4a, M8). */
  sentAtMs?: number;
}

/** @typeParam M What its owner wants to know of a message besides. */
export class Outbox<M extends Outgoing = Outgoing> {
  readonly #waiting = new Fifo<M>();
  readonly #inFlight = new Fifo<M>();
  /** The last number given, the last acknowledged, and what the other had at the resume. */
  #last = 0;
  #acknowledged = 0;
  /** The last number whose octets left, also where BUSY has put the message back. */
  #highest = 0;
  #otherHas = 0;
  #open = 0;

  /** Messages not sent yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * Messages sent and not known to be handled (link M4). What a resume says the other has counts until its
   * ACK, so that the last window of REFUSED which it repeats covers them all (link S4b).
   */
  get open(): number {
    return this.#open;
  }

  /** When the oldest of those was sent (link M8). */
  get oldestAtMs(): number | undefined {
    return this.#inFlight.find(({ refused }) => !refused)?.sentAtMs;
  }

  /** The next to be sent. */
  get next(): M | undefined {
    return this.#waiting.first;
  }

  add(message: M): void {
    this.#waiting.push(message);
  }

  /** Handled once, and to be sent again before all that waits: flagged, under new numbers. */
  repeat(messages: readonly M[]): void {
    for (const message of messages) {
      message.number = 0;
      message.refused = false;
      message.flags |= flagPossibleDuplicate;
    }
    this.#waiting.putInFront(messages);
  }

  /** Leaves the next one out for good. */
  skip(): M | undefined {
    this.#highest = this.#last;
    return this.#waiting.shift();
  }

  /** Numbers the next one; from here on it counts as sent. */
  take(atMs = performance.now()): M | undefined {
    const message = this.#waiting.shift();
    if (message === undefined) return undefined;
    message.number = ++this.#last;
    this.#highest = Math.max(this.#highest, this.#last);
    message.sentAtMs = atMs;
    this.#inFlight.push(message);
    this.#open++;
    return message;
  }

  /** An ACK. False where the number was never sent: the line must end with C10 (link S5). */
  acknowledge(number: number, handled?: (message: M) => void): boolean {
    if (number > this.#last) return false;
    if (number <= this.#acknowledged) return true;
    this.#acknowledged = number;
    for (let first = this.#inFlight.first; first !== undefined; first = this.#inFlight.first) {
      if (first.number > number) break;
      this.#inFlight.shift();
      if (first.refused) continue;
      this.#open--;
      handled?.(first);
    }
    return true;
  }

  /** A REFUSED: its message; `known` where it says nothing new; `unsent` means C10 (link S5). */
  refuse(number: number): M | 'known' | 'unsent' {
    if (number > this.#last) return 'unsent';
    const message = this.#inFlight.find((sent) => sent.number === number);
    if (message === undefined || message.refused) return 'known';
    message.refused = true;
    this.#open--;
    // REFUSED n says that all below n is handled too (link M3).
    this.#otherHas = Math.max(this.#otherHas, number);
    return message;
  }

  /** A BUSY: `number` and all after it will be sent again, with the same numbers, not flagged. */
  putBack(number: number): boolean {
    if (number > this.#last || number <= Math.max(this.#acknowledged, this.#otherHas)) return false;
    this.#return(number - 1);
    return true;
  }

  /**
   * A new connection in the same session; `received` is what the other says it has handled.
   * @returns False where the numbers do not fit: the numbering is lost (link S4).
   */
  resume(received: number, atMs = performance.now()): boolean {
    if (received > this.#highest || received < Math.max(this.#acknowledged, this.#otherHas))
      return false;
    // What a BUSY put back was sent, and may have been stored all the same (link M4a).
    while (this.#last < received && this.take(atMs) !== undefined);
    this.#return(received);
    this.#highest = received;
    this.#flagSent();
    this.#otherHas = received;
    // What only the ACK of S4b settles has its time from here.
    const known = this.#inFlight.drain();
    for (const message of known) {
      message.sentAtMs = atMs;
      this.#inFlight.push(message);
    }
    return true;
  }

  /** A new session: numbers begin at 1, what was sent and not handled goes again, flagged. */
  restart(): void {
    this.#return(0);
    this.#flagSent();
    this.#highest = 0;
    this.#acknowledged = 0;
    this.#otherHas = 0;
  }

  /** Everything sent above `last`, and not refused, waits again in its old order. */
  #return(last: number): void {
    const sent = this.#inFlight.drain();
    for (const message of sent) if (message.number <= last) this.#inFlight.push(message);
    const again = sent.filter((message) => message.number > last && !message.refused);
    this.#open -= again.length;
    for (const message of again) message.number = 0;
    this.#waiting.putInFront(again);
    this.#last = last;
  }

  /** Also what BUSY had put back: its octets left, and the other may have stored it (link S4a). */
  #flagSent(): void {
    const waiting = this.#waiting.drain();
    for (const message of waiting)
      if (message.sentAtMs !== undefined) message.flags |= flagPossibleDuplicate;
    this.#waiting.putInFront(waiting);
  }
}

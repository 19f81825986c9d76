// The numbers of what one side sends (link M1, M3, M4, M4a, S4, S4a): what waits, what is on its
// way, what may be sent now. A number is given when a message is sent, so what is left out of a
// repeat gives its number to the next. It knows no socket and no clock.

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
}

export class Outbox {
  readonly #waiting = new Fifo<Outgoing>();
  readonly #inFlight = new Fifo<Outgoing>();
  /** The last number given, the last acknowledged, and what the other had at the resume. */
  #last = 0;
  #acknowledged = 0;
  #otherHas = 0;
  #open = 0;

  /** Messages not sent yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Messages sent and not handled (link M4). */
  get open(): number {
    return this.#open;
  }

  /** The next to be sent. */
  get next(): Outgoing | undefined {
    return this.#waiting.first;
  }

  add(message: Outgoing): void {
    this.#waiting.push(message);
  }

  /** Leaves the next one out for good. */
  skip(): Outgoing | undefined {
    return this.#waiting.shift();
  }

  /** Numbers the next one; from here on it counts as sent. */
  take(): Outgoing | undefined {
    const message = this.#waiting.shift();
    if (message === undefined) return undefined;
    message.number = ++this.#last;
    this.#inFlight.push(message);
    this.#open++;
    return message;
  }

  /** An ACK. False where the number was never sent: the line must end with C10 (link S5). */
  acknowledge(number: number, handled?: (message: Outgoing) => void): boolean {
    if (number > this.#last) return false;
    if (number <= this.#acknowledged) return true;
    this.#acknowledged = number;
    for (let first = this.#inFlight.first; first !== undefined; first = this.#inFlight.first) {
      if (first.number > number) break;
      this.#inFlight.shift();
      if (first.refused) continue;
      if (first.number > this.#otherHas) this.#open--;
      handled?.(first);
    }
    return true;
  }

  /** A REFUSED: its message; `known` where it says nothing new; `unsent` means C10 (link S5). */
  refuse(number: number): Outgoing | 'known' | 'unsent' {
    if (number > this.#last) return 'unsent';
    const message = this.#inFlight.find((sent) => sent.number === number);
    if (message === undefined || message.refused) return 'known';
    message.refused = true;
    if (number > this.#otherHas) this.#open--;
    return message;
  }

  /** A BUSY: `number` and all after it will be sent again, with the same numbers, not flagged. */
  putBack(number: number): boolean {
    if (number > this.#last || number <= Math.max(this.#acknowledged, this.#otherHas)) return false;
    this.#return(number - 1, 0);
    return true;
  }

  /**
   * A new connection in the same session; `received` is what the other says it has handled.
   * @returns False where the numbers do not fit: the numbering is lost (link S4).
   */
  resume(received: number): boolean {
    if (received > this.#last || received < this.#acknowledged) return false;
    this.#return(received, flagPossibleDuplicate);
    this.#otherHas = received;
    this.#open = 0;
    return true;
  }

  /** A new session: numbers begin at 1, what was sent and not handled goes again, flagged. */
  restart(): void {
    this.#return(0, flagPossibleDuplicate);
    this.#acknowledged = 0;
    this.#otherHas = 0;
    this.#open = 0;
  }

  /** Everything sent above `last`, and not refused, waits again in its old order. */
  #return(last: number, flag: number): void {
    const sent = this.#inFlight.drain();
    for (const message of sent) if (message.number <= last) this.#inFlight.push(message);
    const again = sent.filter((message) => message.number > last && !message.refused);
    this.#open -= again.length;
    for (const message of again) {
      message.flags |= flag;
      message.number = 0;
    }
    this.#waiting.putInFront(again);
    this.#last = last;
  }
}

// The numbers of what a station sends (link M1, M3, M4, M4a, S4 to S5): what waits, what is on its way, and
// what the switch has without our knowing yet whether it took or refused it. A number is given when a
// message is sent, so what is left out of a repeat gives its number to the next.

import type { Mnemonic } from '#protocol/ids';

export interface Outgoing {
  readonly id: number;
  readonly mnemonic: Mnemonic;
  readonly class: number;
  readonly body: Uint8Array;
  /** Who was signed on when it was handed over; it is never sent under another (link S7b). */
  readonly user: string | undefined;
  /** Sent with POSSIBLE_DUPLICATE. */
  flagged: boolean;
  /** Its octets left at least once. */
  sent: boolean;
  /** 0 while it waits. */
  number: number;
  sentAtMs: number;
}

export class Outbox {
  #waiting: Outgoing[] = [];
  /** Sent in this connection, and without an answer; by number. */
  #inFlight: Outgoing[] = [];
  /** Of earlier connections: up to `received` of WELCOME, so handled, but how is not known yet (link S4b). */
  #unsettled: Outgoing[] = [];
  #last = 0;
  /** The last number whose octets left: above `#last` where BUSY has put messages back (link M4a). */
  #highest = 0;
  /** The highest number that was acknowledged or refused, or that a WELCOME said was handled. */
  #handled = 0;

  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * Messages of which we do not know that they were acknowledged or refused (link M4). Those a WELCOME
   * covers count until the ACK of link S4b: only so are the last `window` REFUSED that it repeats enough.
   */
  get open(): number {
    return this.#unsettled.length + this.#inFlight.length;
  }

  /** The last number given. */
  get last(): number {
    return this.#last;
  }

  get next(): Outgoing | undefined {
    return this.#waiting[0];
  }

  /** When the oldest that awaits its answer was sent (link M8). */
  get oldestAtMs(): number | undefined {
    return (this.#unsettled[0] ?? this.#inFlight[0])?.sentAtMs;
  }

  add(message: Outgoing): void {
    this.#waiting.push(message);
  }

  /** Leaves the next one out for good. */
  skip(): void {
    this.#waiting.shift();
    // Its number goes to the next: which message had which number is not known any more.
    this.#highest = this.#last;
  }

  /** Numbers the next one; from here on it counts as sent. */
  take(atMs: number): Outgoing | undefined {
    const message = this.#waiting.shift();
    if (message === undefined) return undefined;
    this.#last += 1;
    this.#highest = Math.max(this.#highest, this.#last);
    message.number = this.#last;
    message.sent = true;
    message.sentAtMs = atMs;
    this.#inFlight.push(message);
    return message;
  }

  /** An ACK: what it accepts, in order, or `unsent`: the connection must end with C10 (link S5). */
  acknowledge(number: number): readonly Outgoing[] | 'unsent' {
    if (number > this.#last) return 'unsent';
    this.#handled = Math.max(this.#handled, number);
    return [...takeUpTo(this.#unsettled, number), ...takeUpTo(this.#inFlight, number)];
  }

  /** A REFUSED: its message; `known` where it says nothing new; `unsent` means C10 (link S5). */
  refuse(number: number): Outgoing | 'known' | 'unsent' {
    if (number > this.#last) return 'unsent';
    const message = takeOne(this.#unsettled, number) ?? takeOne(this.#inFlight, number);
    if (message === undefined) return 'known';
    this.#handled = Math.max(this.#handled, number);
    return message;
  }

  /** A BUSY: `number` and all after it go again, same numbers, not flagged (link M4a). False means C10. */
  putBack(number: number): boolean {
    if (number > this.#last || number <= this.#handled) return false;
    this.#return(number - 1);
    return true;
  }

  /**
   * Whether `received` of a resumed WELCOME is neither above what was sent nor below what is handled. What
   * BUSY put back was sent: a switch whose disk was full may have it all the same.
   */
  fits(received: number): boolean {
    return received <= this.#highest && received >= this.#handled;
  }

  /** A new connection in the same session: we go on at `received` + 1 (link S4a). */
  resume(received: number, atMs: number): void {
    while (this.#last < received && this.#waiting.length > 0) this.take(atMs);
    this.#unsettled.push(...takeUpTo(this.#inFlight, received));
    // The clock of M8 runs anew for what only the ACK of S4b settles.
    for (const message of this.#unsettled) message.sentAtMs = atMs;
    this.#return(received);
    this.#handled = this.#highest = received;
    this.#flagSent();
  }

  /** A new session: numbers begin at 1; what was not accepted or refused goes again, in its old order. */
  restart(): void {
    this.#inFlight.unshift(...this.#unsettled.splice(0));
    this.#return(0);
    this.#handled = this.#highest = 0;
    this.#flagSent();
  }

  /** What was sent above `last` waits again. */
  #return(last: number): void {
    const from = this.#inFlight.findIndex(({ number }) => number > last);
    const again = from < 0 ? [] : this.#inFlight.splice(from);
    for (const message of again) message.number = 0;
    this.#waiting = [...again, ...this.#waiting];
    this.#last = last;
  }

  /** Also what BUSY had put back: the switch may have stored it all the same (link S4a). */
  #flagSent(): void {
    for (const message of this.#waiting) {
      if (message.sent) message.flagged = true;
    }
  }
}

/** In the order of their numbers. */
function takeUpTo(messages: Outgoing[], number: number): readonly Outgoing[] {
  const after = messages.findIndex((message) => message.number > number);
  return messages.splice(0, after < 0 ? messages.length : after);
}

function takeOne(messages: Outgoing[], number: number): Outgoing | undefined {
  const at = messages.findIndex((message) => message.number === number);
  return at < 0 ? undefined : messages.splice(at, 1)[0];
}

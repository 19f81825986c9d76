// What stands behind a line: it takes messages, or refuses them by code, and answers when it can, as often
// as it has something to say. It knows no socket, no number and no window; the line knows no key.

import type { Mnemonic } from '#protocol/ids';

/** A MESSAGE that came in its order, for the first time in its session. */
export interface LineMessage {
  readonly station: string;
  readonly mnemonic: Mnemonic;
  readonly class: number;
  readonly flags: number;
  readonly body: Uint8Array;
}

/** Why a message is refused. @source link 9 */
export interface LineReject {
  readonly code: string;
  /** Octet offset in the body. */
  readonly at?: number;
}

/** To whom something is said. */
export interface Addressee {
  readonly station: string;
  readonly mnemonic: Mnemonic;
  /** 0: the line chooses. */
  readonly class: number;
  /** Of the request it answers; without it nobody asked, and the line gives a reference of its own. */
  readonly suphdr?: string;
}

export interface Answer {
  readonly to: Addressee;
  /** What follows the supplemental header; one octet for each character. */
  readonly text: string;
  /** No further answer to this request follows. */
  readonly final: boolean;
  /** It may have been said before. @source link S4a */
  readonly again?: boolean;
  /** Given back by `delivered`. */
  readonly receipt?: number;
  /** When it was first to be said, in milliseconds since 1970 by the real clock; now without it. */
  readonly sinceMs?: number;
}

export interface LineHandler {
  /** Undefined: it is taken, and acknowledged after the next `commit`. */
  take(message: LineMessage): LineReject | undefined;
  /** Everything taken or refused so far is durable when this returns. */
  commit(): void;
  /** The ACK is out: what was taken may be worked on. */
  proceed(): void;
  /** The station has acknowledged the answer with this receipt. */
  delivered(receipt: number): void;
  /** It was given up: too many waited for their station, or it waited too long. */
  lost(receipt: number): void;
}

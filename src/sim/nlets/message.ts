// One message inside the hub, from its one sender to one destination, and what comes back for it.

import type { NletsFields } from './fields.ts';

/** What is still to come for one message of the home line; nobody asks once it is 0. */
export interface Thread {
  open: number;
}

/** A message that the hub has taken. */
export interface Message {
  readonly key: string;
  readonly sender: string;
  readonly destination: string;
  readonly control: string | undefined;
  readonly text: string;
  readonly fields: NletsFields;
  /** 1 goes first. */
  readonly priority: number;
  readonly receivedAtMs: number;
  readonly receivedCount: number;
  /** Undefined for what nobody at the home line waits for. */
  readonly thread: Thread | undefined;
  /** The number of the multi-state query that gathers the answers. */
  readonly merge: number | undefined;
  /** It answers so much as that nothing is on file. */
  readonly miss: boolean;
}

/** Octets of a message, its header with it. @source nlets 2.2 */
export const messageBytesMax = 14_400;

export const lines = (...all: readonly (string | undefined)[]): string =>
  all.filter((line) => line !== undefined).join('\r\n');

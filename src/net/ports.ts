// What the edge needs of the rest: a clock, random values and an inbox for what happens.
// Types alone; the runtime gives the real ones, a test its own.

import type { Event } from '#switch/event';

export interface Stamp {
  /** Steady milliseconds since 1970, whatever the wall clock does: for deadlines. */
  readonly atMs: number;
  /** Microseconds since 1970 UTC by the wall clock: for stamps. */
  readonly timeUs: number;
}

export interface Clock {
  readonly atMs: () => number;
  readonly stamp: () => Stamp;
}

export interface Random {
  /** At least 0, below 1: for jitter, not for secrets. */
  readonly fraction: () => number;
  /** 192 random bits as base64url: for the name of a session. */
  readonly token: () => string;
}

export interface Inbox {
  readonly put: (event: Event) => void;
  /** Over its mark: who reads from a peer stops until there is room. */
  readonly full: boolean;
  readonly onRoom: (listener: () => void) => void;
}

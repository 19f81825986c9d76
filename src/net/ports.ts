// What the edge needs of the rest: a clock, random values and an inbox for what happens.
// Types alone; the runtime gives the real ones, a test its own.

import type { X509Certificate } from 'node:crypto';
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

/** What the certificate of a link stands on; made and read by `Trust` alone. */
export interface Standing {
  readonly endsMs: number;
  readonly signed: readonly { readonly authority: string; readonly serial: string }[];
}

/** Whose certificates are good, besides what TLS itself checks. */
export interface Trust {
  /** Undefined where no authority of ours signed it. */
  readonly standing: (certificate: X509Certificate) => Standing | undefined;
  /** Why it does not stand at that wall time, in words; undefined while it does. */
  readonly flaw: (standing: Standing, nowMs: number) => string | undefined;
}

export interface Inbox {
  readonly put: (event: Event) => void;
  /** Over its mark: who reads from a peer stops until there is room. */
  readonly full: boolean;
  readonly onRoom: (listener: () => void) => void;
}

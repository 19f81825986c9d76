// What the switch is told once, at start or reload: names, limits and times. Pure data.
// Defaults live in the configuration schema, not here.

import type { Ori } from '#protocol/ids';

export interface UpstreamSettings {
  readonly name: string;
  /** Our station name there (HELLO). */
  readonly station: string;
  /** Routes of the key table it takes. */
  readonly routes: readonly string[];
}

export interface SwitchSettings {
  /** Name of this switch in WELCOME. */
  readonly name: string;
  readonly ori: Ori;
  readonly software: string;
  /** link F3: octets of body, 4,096 to 1,048,576. */
  readonly frameBytesMax: number;
  /** link M4: 1 to 1,024, each way. */
  readonly window: number;
  /** link S6: milliseconds, 5,000 to 300,000. */
  readonly keepAliveMs: number;
  readonly connectionsMax: number;
  /** link S7b: how long what is meant for one person waits for that person. */
  readonly answerWaitMs: number;
  /** link S7a: how long a broken session keeps its sign-on. */
  readonly resumeSignOnMs: number;
  /** link S8 and security 5: sign-off after so long without a MESSAGE, and at this age. */
  readonly signOnIdleMs: number;
  readonly signOnAgeMs: number;
  /** Whether one person may be signed on at two terminals (U08). */
  readonly signOnTwice: boolean;
  /** security 5: tries within the period that lock the account. */
  readonly signOnTries: number;
  readonly signOnTriesMs: number;
  /** link S12: refusals a minute kept with their octets, and at most. */
  readonly refusalsStoredPerMinute: number;
  readonly refusalsPerMinute: number;
  /** link S4: how long a session is kept after its last connection. */
  readonly sessionKeptMs: number;
  readonly heartbeatMs: number;
  readonly upstreams: readonly UpstreamSettings[];
}

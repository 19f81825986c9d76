// What the simulated Nlets is to its process: a host, with what an operator of it may do.

import type { Said, SimHost } from '../host.ts';
import type { ServiceState } from './service.ts';

/** What has happened so far. */
export interface NletsCounters {
  readonly taken: number;
  readonly delivered: number;
  readonly refused: number;
  /** Refusals of what a played state sent: a script that is not right. */
  readonly refusedPlayed: number;
  readonly held: number;
  readonly planned: number;
  /** Answers that found no room in the agenda. */
  readonly lost: number;
  readonly openConfirmations: number;
}

export interface NletsHost extends SimHost {
  /**
   * Says how a destination is for a key, `*` for all keys. What was held for it and may go now is said.
   * @param destination A member or an ORI.
   */
  setService(destination: string, key: string, state: ServiceState, atMs: number): readonly Said[];
  /** An operator's status message to the control terminal of our state. @source nlets 9.2 */
  announce(text: string, atMs: number): readonly Said[];
  counters(): NletsCounters;
}

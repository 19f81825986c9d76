// How a simulated Nlets behaves where public sources leave it open, or where a rehearsal wants it otherwise.

import type { ControlPlace } from './output.ts';
import type { Answerer } from './play.ts';

export interface NletsSettings {
  /** The state whose switch is at the other end of the line. */
  readonly homeState: string;
  /** Further ORIs that are homed there. */
  readonly homed?: (ori: string) => boolean;
  /** An ORI of the home state that the directory lacks is entered when it first speaks, not refused. [P] */
  readonly enrolHome: boolean;
  /** Of the clock lines and the log: mountain standard time, never moved. @source nlets 2.4 */
  readonly zone: string;
  /** @source nlets 2.3 */
  readonly controlPlace: ControlPlace;
  /** False: a complaint carries the control field in the message it repeats alone. @source nlets 9.1 */
  readonly errorCarriesControl: boolean;
  /** Counts begin at 1 each day. [P] */
  readonly countsDaily: boolean;
  /** How long a multi-state query gathers. @source nlets 7.6 */
  readonly mergeMs: number;
  /** How much longer what goes to a region takes: it has the lower priority. [P] */
  readonly regionMs: number;
  /** The other states say something by themselves at times. */
  readonly ownTraffic: boolean;
  readonly seed: number;
  /** Asked for records before those of the states' own file. */
  readonly answerer?: Answerer;
}

export const nletsSettings: NletsSettings = {
  homeState: 'CA',
  enrolHome: false,
  zone: '-07:00',
  controlPlace: 'line',
  errorCarriesControl: false,
  countsDaily: true,
  mergeMs: 60_000,
  regionMs: 2_000,
  ownTraffic: false,
  seed: 1,
};

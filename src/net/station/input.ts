// Everything that can happen to a station: its connection, the frames of the switch, the person and
// the messages. Time and dice come in beside the input; the station has none of its own.

import type { SignOn } from '#protocol/control';
import type { Frame } from '#protocol/frame';
import type { Mnemonic } from '#protocol/ids';

export type StationInput =
  /** TCP and TLS are up, and the switch is who it should be (link T4). */
  | { readonly kind: 'connected' }
  | { readonly kind: 'frame'; readonly frame: Frame }
  /** The octets were not the protocol, or a frame was too slow (link F4): the switch gets this CLOSE. */
  | { readonly kind: 'garbled'; readonly code: string; readonly reason: string }
  /** Octets of an unfinished frame arrived: the switch is alive. */
  | { readonly kind: 'heard' }
  /** The connection is over, or an attempt failed. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'tick' }
  | { readonly kind: 'sign-on'; readonly signOn: SignOn }
  | { readonly kind: 'sign-off' }
  /** A message is handed over; what becomes of it is told under its `id`. */
  | { readonly kind: 'message'; readonly message: Handed }
  /** A message received is printed, shown or stored (link M2); `ticket` as it was given. */
  | { readonly kind: 'handled'; readonly ticket: number }
  | { readonly kind: 'refuse'; readonly ticket: number; readonly code: 'R01' | 'R02' | 'R03' }
  /** Leaves in order (C18) and does not come back by itself. */
  | { readonly kind: 'leave' };

export interface Handed {
  readonly id: number;
  readonly mnemonic: Mnemonic;
  readonly body: Uint8Array;
  readonly class?: number;
  /** It came to this station flagged: the flag stays (link M7). */
  readonly flagged?: boolean;
}

export interface StationTime {
  /** Steady milliseconds: never step back. */
  readonly atMs: number;
  /** At least 0, below 1: for the back-off. */
  readonly fraction: number;
}

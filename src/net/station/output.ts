// Everything a station can do about what happened: octets for the switch, words for its owner.
// Outputs keep their order.

import type { Refused, SignedOn, Status, Welcome } from '#protocol/control';
import type { FrameType } from '#protocol/frame';
import type { Mnemonic } from '#protocol/ids';

export type StationOutput =
  | { readonly kind: 'send'; readonly frame: Uint8Array }
  /** Which frames may come now, and how large; link F3, F6. Holds from the next frame on. */
  | {
      readonly kind: 'expect';
      readonly frames: ReadonlySet<FrameType>;
      readonly bodyBytesMax: number;
    }
  /** Dead: the socket is destroyed at once. `lost` follows. */
  | { readonly kind: 'cut' }
  /** Dial again, so long after now (link S10). */
  | { readonly kind: 'dial'; readonly afterMs: number }
  /** Wants a `tick` at that time; it replaces the one asked for before. */
  | { readonly kind: 'wake'; readonly atMs: number }
  | { readonly kind: 'welcomed'; readonly welcome: Welcome }
  /**
   * CLOSE was said, and nothing more is taken. By us: read and throw away for up to 2 s, then end; by the
   * switch: end at once (link S9). `lost` follows.
   */
  | {
      readonly kind: 'closed';
      readonly by: 'us' | 'switch';
      readonly code: string;
      readonly text: string;
    }
  /** For the person; answered by the input `handled` or `refuse`. */
  | {
      readonly kind: 'message';
      readonly ticket: number;
      readonly number: number;
      readonly flags: number;
      readonly class: number;
      readonly mnemonic: Mnemonic;
      readonly body: Uint8Array;
    }
  /** The switch has it durably. */
  | { readonly kind: 'accepted'; readonly id: number }
  | { readonly kind: 'refused'; readonly id: number; readonly refused: Refused }
  /** Never sent, or never again: the person is told. */
  | {
      readonly kind: 'dropped';
      readonly id: number;
      /** Somebody else is signed on now (link S7b), or it is over `frameBytesMax` (link F3). */
      readonly why: 'other-user' | 'too-long';
      readonly user: string | undefined;
    }
  /** Not done: it may not be, now or by this role. `id` is that of a message. */
  | { readonly kind: 'declined'; readonly id?: number; readonly why: Declined }
  | {
      readonly kind: 'signed-on';
      readonly user: string;
      readonly mnemonic: string;
      /** SIGNED_ON, or absent: the sign-on was kept over the break (link S7a). */
      readonly signedOn: SignedOn | undefined;
    }
  | { readonly kind: 'sign-on-refused'; readonly refused: Refused }
  /** The connection ended before the SIGN_ON had its answer. */
  | { readonly kind: 'sign-on-lost' }
  /** `reason` of the SIGN_OFF, or `link`: it was not kept over the break. */
  | { readonly kind: 'signed-off'; readonly reason: string | undefined }
  | { readonly kind: 'busy'; readonly retryAfterMs: number }
  | { readonly kind: 'status'; readonly status: Status };

export type Declined =
  /** A printer sends nothing; only a terminal signs on. */
  | 'role'
  | 'not-connected'
  | 'nobody-signed-on'
  | 'signed-on-already'
  /** A SIGN_ON or SIGN_OFF waits for its answer. */
  | 'unanswered'
  /** More waits than the station keeps. */
  | 'full';

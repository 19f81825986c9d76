// Everything the switch can do about what happened. Effects keep their order, and whatever follows
// an `append` waits until that is durable: that is the loop's duty, not of anyone's memory.

import type { FrameType } from '#protocol/frame';
import type { StoredEntry } from '#journal/entry';
import type { RegisterChange } from '#journal/register';
import type { LinkId } from './event.ts';

export type Effect =
  | { readonly kind: 'append'; readonly stored: StoredEntry }
  | { readonly kind: 'send'; readonly link: LinkId; readonly frame: Uint8Array }
  /** Which frames may come now, and how large; link F3, F6. */
  | {
      readonly kind: 'expect';
      readonly link: LinkId;
      readonly frames: ReadonlySet<FrameType>;
      readonly bodyBytesMax: number;
      /** The HELLO is done: its deadline is lifted. */
      readonly settled: boolean;
    }
  /** Takes nothing more; reads and throws away for up to 2 s, then ends (link S9). Event `closed` follows. */
  | { readonly kind: 'end'; readonly link: LinkId }
  /** Dead: the socket is destroyed at once. Event `closed` follows. */
  | { readonly kind: 'cut'; readonly link: LinkId }
  /** Answered by the event `body`. */
  | { readonly kind: 'read'; readonly entry: number }
  /** Answered by the event `verified`. `credential` is absent for an unknown user: same work, wrong. */
  | {
      readonly kind: 'verify';
      readonly link: LinkId;
      readonly password: string;
      readonly credential?: string;
      /** Wait so long first: the limiter of this station (link S7c). */
      readonly afterMs: number;
    }
  /** Answered by the event `renewed`. */
  | {
      readonly kind: 'renew';
      readonly link: LinkId;
      readonly user: string;
      readonly password: string;
    }
  /** The register's tables follow the entry. */
  | {
      readonly kind: 'project';
      readonly entry: number;
      readonly changes: readonly RegisterChange[];
    }
  /** Answers a command. */
  | {
      readonly kind: 'answer';
      readonly id: number;
      readonly entry?: number;
      readonly error?: string;
      /** What exactly the error is about: names, never text. */
      readonly detail?: string;
    }
  /** Dial again, not before; `fresh` when the last connection did well, so that the back-off starts anew. */
  | {
      readonly kind: 'dial';
      readonly upstream: string;
      readonly atLeastMs: number;
      readonly fresh: boolean;
    }
  /** Dial it no more until a `dial` comes; an attempt under way is broken off. */
  | { readonly kind: 'rest'; readonly upstream: string }
  /** A line for the log: an event name and plain values; never text or secrets. */
  | {
      readonly kind: 'log';
      readonly level: 'info' | 'warn' | 'error';
      readonly event: string;
      readonly fields: Readonly<Record<string, string | number | boolean | undefined>>;
    }
  /** Wants a `tick` at that steady time. */
  | { readonly kind: 'wake'; readonly atMs: number }
  /** The drain is done: everything is handled, or its time is over. */
  | { readonly kind: 'drained' };

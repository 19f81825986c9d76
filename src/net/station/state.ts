// The whole memory of one station: its session and numbers, which outlive a connection, and the
// connection itself. `stepStation` may update it in place; it is the only thing that may.

import type { Role } from '#protocol/control';
import { Inbox } from './inbox.ts';
import { Outbox } from './outbox.ts';

export interface StationSettings {
  readonly station: string;
  readonly role: Role;
  readonly software: string;
  /** Messages that wait to be sent; one more is declined. */
  readonly waitingMax: number;
}

export interface StationState {
  readonly settings: StationSettings;
  /** As WELCOME named it; undefined before the first, and once the numbers did not fit (link S4). */
  session: string | undefined;
  readonly outbox: Outbox;
  readonly inbox: Inbox;
  seat: Seat;
  line: Line;
  /** Attempts since the last resumed WELCOME (link S10). */
  attempts: number;
  /** The code of the CLOSE that the switch said on this connection. */
  closeCode: string | undefined;
  intent: 'stay' | 'leave';
  /** The `tick` that was asked for. */
  wakeAtMs: number | undefined;
}

/** Who sits at a terminal (link S7). */
export type Seat =
  | { readonly phase: 'vacant' }
  /** A SIGN_ON waits for its answer. */
  | { readonly phase: 'signing' }
  | { readonly phase: 'taken'; readonly user: string; readonly mnemonic: string }
  /** We sent SIGN_OFF; `signing` while a SIGN_ON before it waits for its own answer. */
  | { readonly phase: 'leaving'; readonly signing: boolean };

export type Line =
  | { readonly phase: 'down' }
  /** HELLO is said. */
  | { readonly phase: 'greeting'; readonly sinceMs: number }
  | OpenLine
  /** Either side said CLOSE, or we found it dead: nothing more is taken. */
  | { readonly phase: 'closing' };

export interface OpenLine {
  readonly phase: 'open';
  readonly window: number;
  readonly frameBytesMax: number;
  readonly keepAliveMs: number;
  readonly mnemonics: readonly string[];
  heardAtMs: number;
  spokeAtMs: number;
  /** After BUSY no MESSAGE is sent before this (link M4a). */
  busyUntilMs: number | undefined;
  /** An ACK of all that is handled is to be sent. */
  ackDue: boolean;
}

export function createStation(settings: StationSettings): StationState {
  return {
    settings,
    session: undefined,
    outbox: new Outbox(),
    inbox: new Inbox(),
    seat: { phase: 'vacant' },
    line: { phase: 'down' },
    attempts: 0,
    closeCode: undefined,
    intent: 'stay',
    wakeAtMs: undefined,
  };
}

/** The last number a session can give (link S4). */
export const numberMax = 4_294_967_295;

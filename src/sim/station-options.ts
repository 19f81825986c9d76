// What a station is told at its beginning, and what it tells while it lives.

import type { Busy, Close, Refused, Role, Status } from '#protocol/control';
import type { StationAddress } from './dial.ts';
import type { Outgoing } from './outbox.ts';
import type { Received } from './request.ts';
import type { StationSession } from './station-session.ts';

export interface StationOptions extends StationAddress {
  readonly station: string;
  readonly role: Role;
  readonly software?: string;
  /** The numbering to go on with; a new one without it. */
  readonly session?: StationSession;
  /**
   * True (the default): a message is acknowledged after every `message` listener has returned. False:
   * the caller says `acknowledge` when it has printed, shown or stored it (link M2).
   */
  readonly autoAck?: boolean;
  /** The switch began a new session, and nothing was sent in it yet. */
  readonly renewed?: () => void;
  /** Called before each ACK: what was heard up to here has to be durable when it returns. */
  readonly beforeAck?: () => void;
  /** Milliseconds from dialling to WELCOME; default 10,000. */
  readonly connectTimeoutMs?: number;
}

export interface StationEvents {
  message: [message: Received];
  /** One own message was acknowledged. */
  handled: [message: Outgoing];
  /** One own message was refused. */
  refused: [message: Outgoing, refused: Refused];
  /** One own message was never sent: somebody else is signed on now (link S7b). */
  dropped: [message: Outgoing];
  busy: [busy: Busy];
  status: [status: Status];
  /** The switch signed the user off. */
  signOff: [reason: string | undefined];
  /** The line is over: the CLOSE of the switch, or the error of the socket, or neither. */
  close: [close: Close | undefined, cause: Error | undefined];
}

export interface RequestOptions {
  /** The mnemonic that speaks; default the one signed on with, else the station's first. */
  readonly mnemonic?: string;
  /** Milliseconds until `timeout`; default 60,000. */
  readonly timeoutMs?: number;
}

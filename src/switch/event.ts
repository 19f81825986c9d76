// Everything that can happen to the switch. Time, random values and verdicts on secrets come in
// with the event; the switch has none of its own.

import type { Frame, FrameReject } from '#protocol/frame';
import type { StationName, UserName } from '#protocol/ids';
import type { EventName, StoredEntry } from '#journal/entry';
import type { RegisterChange } from '#journal/register';
import type { SwitchSettings } from './settings.ts';

/** One connection of either kind; unique in one run of the process. */
export type LinkId = number;

/** What came of checking a sign-on's secret. */
export type Verdict = 'right' | 'wrong';

export type Happening =
  /** The journal has been replayed; the switch begins its work. */
  | {
      readonly kind: 'start';
      readonly version: string;
      readonly startId: string;
      /** SHA-256 of the configuration file in force, in hex. */
      readonly configuration?: string;
      /** Its number among those that were in force. */
      readonly configurationVersion?: number;
    }
  /** A station's TLS is up. `token` has 192 random bits, for a session name. */
  | {
      readonly kind: 'opened';
      readonly link: LinkId;
      /** The address it comes from, without a port. */
      readonly peer: string;
      /** Name and fingerprint of its certificate; absent only on an insecure loopback listener. */
      readonly certificate?: { readonly name: string; readonly fingerprint: string };
      readonly token: string;
    }
  /** Our TLS to an upstream is up and checked. */
  | {
      readonly kind: 'dialled';
      readonly link: LinkId;
      readonly upstream: string;
      readonly peer: string;
    }
  | { readonly kind: 'frame'; readonly link: LinkId; readonly frame: Frame }
  /** The octets were not the protocol, or too slow: the peer gets this CLOSE. */
  | { readonly kind: 'garbled'; readonly link: LinkId; readonly reject: FrameReject | LateReject }
  /** Octets of an unfinished frame arrived: the link is alive. */
  | { readonly kind: 'heard'; readonly link: LinkId }
  /** The certificate of the peer does not stand any more: revoked, ended, or its authority is gone. */
  | { readonly kind: 'distrusted'; readonly link: LinkId; readonly why: string }
  | { readonly kind: 'closed'; readonly link: LinkId; readonly why: string }
  /** Peers turned away before they were a link, counted for each address and minute. */
  | {
      readonly kind: 'turned-away';
      readonly peer: string;
      readonly why: string;
      readonly count: number;
    }
  /** The answer to a `read` effect; absent where the journal has no such entry. */
  | { readonly kind: 'body'; readonly entry: number; readonly stored?: StoredEntry }
  /** The answer to a `verify` effect. */
  | { readonly kind: 'verified'; readonly link: LinkId; readonly verdict: Verdict }
  /** The answer to a `renew` effect: the new hash is stored under the change id, or the password broke a rule;
   *  or neither, because no room came on the disk in time. */
  | {
      readonly kind: 'renewed';
      readonly link: LinkId;
      readonly changeId?: string;
      readonly rule?: string;
    }
  /** Every entry up to this number is durable, and what followed it has been let go. */
  | { readonly kind: 'committed'; readonly entries: number }
  /** Appends wait (disk full), or go on; it comes before all that waits, so `entries` is as in `committed`. */
  | {
      readonly kind: 'journal';
      readonly condition: 'blocked' | 'open';
      readonly entries?: number;
    }
  | { readonly kind: 'drain'; readonly forMs: number }
  /** `redial`: upstreams whose address or certificate is another now. */
  | {
      readonly kind: 'settings';
      readonly settings: SwitchSettings;
      readonly redial?: readonly string[];
    }
  | { readonly kind: 'command'; readonly id: number; readonly person: string; readonly act: Act }
  | { readonly kind: 'tick' };

/** A frame, or the HELLO, did not come whole in time. */
export interface LateReject {
  readonly code: 'C05';
  readonly reason: string;
}

/** A station or an upstream, by the columns of its entries. */
export type Named = { readonly station: StationName } | { readonly upstream: string };

/** What an operator does to a link, a station or an upstream; `judge` says first what would come of it. */
export type OperatorAct =
  /** Ends one link; whoever is there comes back. */
  | { readonly kind: 'close'; readonly link: LinkId; readonly reason?: string }
  /** Shuts it out, or lets it in again, until told otherwise: also over a restart. */
  | { readonly kind: 'disable' | 'enable'; readonly who: Named; readonly reason?: string }
  /** Sends a short message that says it is a test, and is not kept long. */
  | { readonly kind: 'test'; readonly station: StationName; readonly reason?: string };

/** What an operator asks the switch to do; already checked for role and form at the edge. */
export type Act =
  | {
      readonly kind: 'register';
      readonly changes: readonly RegisterChange[];
      readonly changeId: string;
      readonly reason?: string;
    }
  | { readonly kind: 'unlock'; readonly user: UserName; readonly reason?: string }
  | OperatorAct
  /** Releases pages of the journal to a printer, as messages of the switch's own. */
  | {
      readonly kind: 'print';
      /** The printer's, as typed. */
      readonly mnemonic: string;
      /** Number of the release. */
      readonly job: string;
      /** Text as link X2 allows it, CR LF behind each line. */
      readonly pages: readonly string[];
      readonly reason?: string;
      readonly case?: string;
      readonly requester?: string;
      readonly recipient?: string;
      readonly detail: Readonly<Record<string, string | number | boolean>>;
    }
  /** Writes one event entry: a search, a release, a configuration. */
  | {
      readonly kind: 'note';
      readonly event: EventName;
      readonly reason?: string;
      readonly case?: string;
      readonly requester?: string;
      readonly recipient?: string;
      readonly detail?: Readonly<Record<string, string | number | boolean>>;
    };

export type Event = Happening & {
  /** Steady milliseconds since 1970: never steps back, also from run to run. For deadlines. */
  readonly atMs: number;
  /** Microseconds since 1970 UTC by the wall clock. For stamps. */
  readonly timeUs: number;
};

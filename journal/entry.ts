// What one journal entry says: the columns outside programs read (contracts 2), and what replay needs.
// An entry is everything: folding all entries gives the switch back as it was.
// Pure types and total functions. Octets of a message travel beside the columns, never inside.

import type {
  Mke,
  Mnemonic,
  Oif,
  Ori,
  SessionId,
  StationName,
  Suphdr,
  Taf,
  UserName,
} from '#protocol/ids';
import type { RegisterChange } from './register.ts';

/** Version of the entry's encoding; the first member of each encoded entry. */
export const entryVersion = 1;

/** `in` from a station, `out` to an upstream, `up-in` from an upstream, `down` to a station, `local` of the switch. */
export type Direction = 'in' | 'out' | 'up-in' | 'down' | 'local';

export type Outcome =
  | 'accepted'
  | 'refused'
  | 'sent'
  | 'delivered'
  | 'undelivered'
  | 'expired'
  | 'held'
  | 'hit'
  | 'no-hit'
  | 'rejected';

/** `ENTRY.INDEX`: the destination at that place in the `to` of that entry. */
export type DeliveryId = `${number}.${number}`;

/** Where one message must go: one delivery record each. */
export interface Destination {
  /** `upstream`: `upstream` names it. `mnemonic`: whoever serves it. `user`: that person alone (link S7b).
   *  `asker`: whoever asked request `thread`, looked up in the journal. `intercept`: an operator decides. */
  readonly kind: 'upstream' | 'mnemonic' | 'user' | 'asker' | 'intercept';
  readonly upstream?: string | undefined;
  /** The mnemonic addressed. */
  readonly mnemonic?: Mnemonic | undefined;
  readonly user?: UserName | undefined;
  /** The station the person asked from; preferred while that person is signed on there. */
  readonly station?: StationName | undefined;
  /** Pool the mnemonic was lent from. */
  readonly pool?: string | undefined;
  /** Supplemental header to put on: the asker's own, or the switch's towards others (link E1). */
  readonly suphdr?: Suphdr | undefined;
  readonly class: number;
  /** Sent with the flag FINAL. */
  readonly final?: boolean | undefined;
  /** Sent with POSSIBLE_DUPLICATE because it came with it (M7). */
  readonly flagged?: boolean | undefined;
  /** Milliseconds it is kept from the entry's time; absent: until delivered. */
  readonly keptMs?: number | undefined;
  /** Why it goes there, when a rule other than its address decided. */
  readonly rule?: string | undefined;
}

/** The columns every kind may carry. Absent means unknown or not applicable. */
export interface EntryColumns {
  readonly thread?: number | undefined;
  readonly station?: StationName | undefined;
  readonly mnemonic?: Mnemonic | undefined;
  readonly pool?: string | undefined;
  readonly upstream?: string | undefined;
  readonly session?: SessionId | undefined;
  readonly number?: number | undefined;
  readonly peer?: string | undefined;
  readonly user?: UserName | undefined;
  readonly oif?: Oif | undefined;
  readonly taf?: Taf | undefined;
  readonly ori?: Ori | undefined;
  readonly agency?: Ori | undefined;
  readonly mke?: Mke | undefined;
  readonly suphdr?: Suphdr | undefined;
  readonly class?: number | undefined;
  readonly requester?: string | undefined;
  readonly recipient?: string | undefined;
  readonly purpose?: string | undefined;
  readonly case?: string | undefined;
  readonly job?: string | undefined;
  readonly rule?: string | undefined;
  readonly code?: string | undefined;
  readonly outcome?: Outcome | undefined;
  readonly fields?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Only where the octets are not stored (secrets, floods): else both are computed from the body. */
  readonly bytes?: number | undefined;
  readonly digest?: string | undefined;
}

interface Stamp {
  /** Number in the one ordered stream, gap-free, from 1. */
  readonly entry: number;
  /** Microseconds since 1970 UTC. */
  readonly time: number;
}

/** A message taken in, from a station, an upstream or the switch itself; its body is beside it. */
export interface ReceivedEntry extends Stamp, EntryColumns {
  readonly kind: 'received';
  readonly direction: 'in' | 'up-in' | 'local';
  readonly to: readonly Destination[];
  /** Opens a request: answers are awaited for so long after the last upstream's ACK. */
  readonly answerMs?: number | undefined;
  /** From a terminal: what answers it is for this person alone (link S7b); else for its mnemonic. */
  readonly personal?: boolean | undefined;
  /** Where the text begins in the body, after its extended header. */
  readonly textAt?: number | undefined;
  /** On an answer: the request it answers, and whether this upstream is done with it. */
  readonly answers?: number | undefined;
  readonly final?: boolean | undefined;
  /** On the switch's own SM or ER about request `answers`: an SM 60 or 61 was said, or the request ends. */
  readonly notice?: 'late' | 'late-answer' | 'ended' | undefined;
}

/** A message not taken; journalled before the REFUSED goes out. */
export interface RefusedEntry extends Stamp, EntryColumns {
  readonly kind: 'refused';
  readonly direction: 'in' | 'down' | 'out';
  readonly code: string;
  readonly at?: number | undefined;
  readonly field?: string | undefined;
  readonly text?: string | undefined;
  /** A station or upstream refused what we sent: which delivery. */
  readonly delivery?: DeliveryId | undefined;
}

/** A number is given to a message, durably, before its first octet leaves; body as sent. */
export interface SentEntry extends Stamp, EntryColumns {
  readonly kind: 'sent';
  readonly direction: 'out' | 'down';
  readonly delivery: DeliveryId;
  readonly flags?: number | undefined;
}

/** What became of one delivery. */
export interface OutcomeEntry extends Stamp, EntryColumns {
  readonly kind: 'delivered' | 'expired' | 'held' | 'released';
  readonly direction: Direction;
  readonly delivery: DeliveryId;
}

export interface ReroutedEntry extends Stamp, EntryColumns {
  readonly kind: 'rerouted';
  readonly direction: Direction;
  readonly delivery: DeliveryId;
  readonly to: readonly Destination[];
}

/** A flagged message that was stored before (M7): acknowledged, goes no further. */
export interface DuplicateEntry extends Stamp, EntryColumns {
  readonly kind: 'duplicate';
  readonly direction: 'in' | 'up-in';
}

/** Names of events; further names may come. */
export type EventName =
  | 'start'
  | 'stop'
  | 'heartbeat'
  | 'sign-on'
  | 'sign-on-failed'
  | 'sign-off'
  | 'link-up'
  | 'link-down'
  | 'busy'
  | 'register'
  | 'password'
  | 'lock'
  | 'unlock'
  | 'search'
  | 'release'
  /** The oldest segments go: `purge.ts` says what its detail holds. */
  | 'purge'
  | 'config'
  /** Somebody began or ended to watch a link: never its text. */
  | 'trace'
  | 'security'
  | 'alarm'
  | 'turned-away'
  /** Acts of an operator on a link, a station or an upstream; `enable` ends what `disable` began. */
  | 'close'
  | 'disable'
  | 'enable'
  | 'test'
  /** The wall clock stepped by `stepMs` of its detail, seen from the steady one. */
  | 'clock'
  /** Somebody had indexes made anew, or it is over: `state` of its detail. */
  | 'reindex';

export interface EventEntry extends Stamp, EntryColumns {
  readonly kind: 'event';
  readonly event: EventName;
  readonly direction?: Direction | undefined;
  /** Operator's login, for acts of a person at the command line. */
  readonly person?: string | undefined;
  readonly reason?: string | undefined;
  /** Register changes, and the id under which their secrets were written first. */
  readonly changes?: readonly RegisterChange[] | undefined;
  readonly changeId?: string | undefined;
  /** link-up: whether the session went on, and up to where the peer has handled ours. */
  readonly resumed?: boolean | undefined;
  readonly received?: number | undefined;
  readonly role?: 'terminal' | 'printer' | 'host' | undefined;
  readonly fingerprint?: string | undefined;
  /** Anything further worth keeping; plain values, no secrets, no message text. */
  readonly detail?: Readonly<Record<string, string | number | boolean>> | undefined;
}

export type JournalEntry =
  | ReceivedEntry
  | RefusedEntry
  | SentEntry
  | OutcomeEntry
  | ReroutedEntry
  | DuplicateEntry
  | EventEntry;

/** An entry with the octets of its message, as they were received or sent. */
export interface StoredEntry {
  readonly entry: JournalEntry;
  readonly body?: Uint8Array | undefined;
  /** The octets are not to be kept (secrets, floods): the journal writes their length and digest instead. */
  readonly withheld?: boolean | undefined;
}

/** Adapts `Omit` to each member of the union. */
type OmitStamp<E> = E extends JournalEntry ? Omit<E, 'entry' | 'time'> : never;
/** An entry before it has its number and time. */
export type EntryDraft = OmitStamp<JournalEntry>;

// The memory of the switch that the journal gives back: sessions, sign-ons, requests, deliveries, tries.
// Only `apply` changes it, and only by an entry, so that replaying the entries gives the same ledger.

import type { DeliveryId, Destination, EntryColumns } from '#journal/entry';
import { emptyRegister, type Register, type StationRole } from '#journal/register';
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
import { type Directory, readDirectory } from './directory.ts';
import { Queue } from './queue.ts';
import type { Digest, StoredMessages } from './stored.ts';

/** A station's name, or `>` and an upstream's name. */
export type PeerKey = string;
/** `m:MNEMONIC`, `u:USER`, `x:UPSTREAM`, `asker` or `intercept`. */
export type QueueKey = string;

/** The last number a session can give (link S4). */
export const numberMax = 4_294_967_295;

export const stationKey = (station: StationName): PeerKey => station;
export const upstreamKey = (upstream: string): PeerKey => `>${upstream}`;

export interface Ledger {
  /** Number of the last entry. */
  entries: number;
  /** Tells octets apart; the same for the life of the journal. */
  readonly digest: Digest;
  /** When it was made, in steady time; and how far the wall clock is ahead of that (clock.ts). */
  lastMs: number;
  aheadMs: number;
  readonly register: Register;
  /** Look-ups made from the register; rebuilt whenever it changes. */
  directory: Directory;
  readonly sessions: Map<PeerKey, Session>;
  readonly signOns: Map<StationName, SignOn>;
  /** Entry of the last sign-off from each mnemonic: least recently used is lent first. */
  readonly returned: Map<Mnemonic, number>;
  readonly requests: Map<number, Request>;
  /** Every delivery that has not ended. */
  readonly deliveries: Map<DeliveryId, Delivery>;
  /** By where it goes; one that was ever used stays, empty. */
  readonly queues: Map<QueueKey, Queue>;
  /** Queues that got something since they were last served. */
  readonly touched: Set<QueueKey>;
  readonly userTries: Map<UserName, number[]>;
  readonly stationTries: Map<StationName, number[]>;
  readonly locked: Set<UserName>;
  /** Stations and upstreams that an operator shut out. */
  readonly disabled: Map<PeerKey, Disabled>;
  /** Microseconds of each user's last sign-on. */
  readonly lastSignOns: Map<UserName, number>;
}

/** One numbering, in both directions (link S4). */
export interface Session {
  readonly peer: PeerKey;
  readonly role: StationRole;
  readonly id: SessionId;
  /** Of the certificate of its last connection (link S7a). */
  fingerprint: string | undefined;
  up: boolean;
  /** When its last connection ended. */
  downAtMs: number;
  /** Up to where we have handled theirs. */
  received: number;
  /** Refusals among the last of theirs, to be answered again as they were (link S5). */
  readonly refused: Map<number, RefusalSaid>;
  /** The last number we gave, and up to where they have acknowledged. */
  sent: number;
  acked: number;
  /** What we sent and they have not handled, by number. */
  readonly inFlight: Map<number, DeliveryId>;
  /** After their BUSY: what goes next, in this order and before all else (link M4a). */
  again: readonly DeliveryId[];
  /** Messages each side may have under way; as many of theirs may come again (link M4, M7). */
  readonly window: number;
  /** The last of theirs that were stored in this session, and before it (link M7). */
  readonly stored: StoredMessages;
  readonly earlier: StoredMessages;
}

export interface RefusalSaid {
  readonly code: string;
  readonly field?: string | undefined;
  readonly at?: number | undefined;
  readonly ref: number;
}

/** Who shut it out, when and why. */
export interface Disabled {
  readonly entry: number;
  readonly sinceMs: number;
  readonly person: string | undefined;
  readonly reason: string | undefined;
}

export interface SignOn {
  /** Entry that began it. */
  readonly entry: number;
  readonly station: StationName;
  readonly user: UserName;
  readonly oif: Oif;
  readonly agency: Ori;
  readonly mnemonic: Mnemonic;
  readonly pool: string | undefined;
  readonly sinceMs: number;
  /** Of its last MESSAGE, for the idle clock, which runs on over connections (link S7a, S8). */
  messageAtMs: number;
  /** While its connection is gone, until when it is kept (link S7a). */
  keptUntilMs: number | undefined;
}

/** What went to upstreams and is not over: a question, or a text whose ACK is awaited. */
export interface Request {
  readonly entry: number;
  readonly asker: Destination;
  readonly mnemonic: Mnemonic;
  readonly agency: Ori | undefined;
  readonly class: number;
  /** Our reference there; an answer must carry it (link E1). */
  readonly reference: Suphdr | undefined;
  /** Absent where no answer is awaited: it is over with the ACK. */
  readonly answerMs: number | undefined;
  readonly places: Map<string, Place>;
  /** An SM 60 was sent; or, after that, an SM 61. */
  late: 'no' | 'late' | 'late-answer';
  /** Counted from the upstream's ACK (link M5); undefined before it. */
  answerFromMs: number | undefined;
}
export type Place = 'waiting' | 'final';

/** One message on its way to one destination. */
export interface Delivery {
  readonly id: DeliveryId;
  readonly source: number;
  readonly index: number;
  to: Destination;
  readonly thread: number;
  readonly oif: Oif | undefined;
  readonly taf: Taf | undefined;
  readonly ori: Ori | undefined;
  readonly agency: Ori | undefined;
  readonly mke: Mke | undefined;
  readonly sinceMs: number;
  state: 'queued' | 'sent';
  /** Entry that sent it last. */
  sentEntry: number | undefined;
  /** It may have arrived although nobody said so: sent again it is flagged (link S4a). */
  mayBeThere: boolean;
  /** Who was signed on where it was sent: the person who saw it when it is acknowledged (link M2). */
  sentTo: UserName | undefined;
}

export function createLedger(digest: Digest): Ledger {
  const register = emptyRegister();
  return {
    entries: 0,
    digest,
    lastMs: 0,
    aheadMs: 0,
    register,
    directory: readDirectory(register),
    sessions: new Map(),
    signOns: new Map(),
    returned: new Map(),
    requests: new Map(),
    deliveries: new Map(),
    queues: new Map(),
    touched: new Set(),
    userTries: new Map(),
    stationTries: new Map(),
    locked: new Set(),
    disabled: new Map(),
    lastSignOns: new Map(),
  };
}

export function queueOf(to: Destination): QueueKey {
  switch (to.kind) {
    case 'upstream':
      return `x:${to.upstream ?? ''}`;
    case 'mnemonic':
      return `m:${to.mnemonic ?? ''}`;
    case 'user':
      return `u:${to.user ?? ''}`;
    case 'asker':
    case 'intercept':
      return to.kind;
  }
}

export function enqueue(ledger: Ledger, delivery: Delivery): void {
  delivery.state = 'queued';
  const key = queueOf(delivery.to);
  let queue = ledger.queues.get(key);
  if (queue === undefined) ledger.queues.set(key, (queue = new Queue()));
  queue.put(delivery);
  ledger.touched.add(key);
}

export function dequeue(ledger: Ledger, delivery: Delivery): void {
  ledger.queues.get(queueOf(delivery.to))?.remove(delivery);
}

/**
 * The switch's own reference: ten characters, unique for the life of the journal (link E1). The last
 * two tell switches apart, so that one's references are seldom taken for another's in a chain.
 */
export function ownSuphdr(entry: number, switchName: string): Suphdr {
  let tag = 0;
  for (let at = 0; at < switchName.length; at++)
    tag = (tag * 31 + switchName.charCodeAt(at)) % 36 ** 2;
  // Base 36 of an entry number has at most eight of [0-9A-Z] until 36^8 entries.
  return `${base36(entry, 8)}${base36(tag, 2)}` as Suphdr;
}

function base36(value: number, length: number): string {
  return value.toString(36).toUpperCase().padStart(length, '0');
}

/** The entry a reference of ours would stand for: whether it does, the entry itself tells. */
export function entryOfSuphdr(suphdr: string, entries: number): number | undefined {
  if (suphdr.length !== 10) return undefined;
  const entry = Number.parseInt(suphdr.slice(0, 8), 36);
  return entry >= 1 && entry <= entries ? entry : undefined;
}

/** The columns of a delivery's own. */
export function columnsOf(delivery: Delivery): EntryColumns {
  const { to, thread, oif, taf, ori, agency, mke } = delivery;
  const { mnemonic, pool, suphdr } = to;
  return { thread, mnemonic, pool, oif, taf, ori, agency, mke, suphdr, class: to.class };
}

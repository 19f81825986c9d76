// The whole memory of the running switch: the ledger that the journal gives back, and the links of
// this run, which end with it. `step` may update it in place; it is the only thing that may.

import type { DeliveryId } from '#journal/entry';
import type { KeyTable } from '#protocol/keys';
import type { Mnemonic, SessionId, StationName } from '#protocol/ids';
import type { SignOn as SignOnAsked } from '#protocol/control';
import type { StationRole } from '#journal/register';
import type { LinkId } from './event.ts';
import { createLedger, type Delivery, type Ledger, type PeerKey } from './ledger.ts';
import type { SwitchSettings } from './settings.ts';
import type { Digest } from './stored.ts';

export interface State {
  settings: SwitchSettings;
  readonly keys: KeyTable;
  readonly ledger: Ledger;
  readonly links: Map<LinkId, Link>;
  /** The one live link of each station and upstream. */
  readonly live: Map<PeerKey, OpenLink>;
  /** Upstreams by name: since when up or down, and whether their session is to be forgotten. */
  readonly upstreams: Map<string, UpstreamState>;
  /** Who waits for the octets of an entry, in the order asked. */
  readonly readers: Map<number, Reader[]>;
  /** Deliveries whose octets are being fetched; out of their queues meanwhile. */
  readonly fetching: Set<Delivery>;
  /** Refusals of each station in the running minute (link S12). */
  readonly refusals: Map<StationName, { sinceMs: number; count: number }>;
  /** When SIGN_ONs of a station were left without waiting for the answer: they delay its next ones (link S7c). */
  readonly abandoned: Map<StationName, readonly number[]>;
  mode: 'starting' | 'running' | 'draining' | 'drained';
  drainUntilMs: number;
  journal: 'open' | 'blocked';
  durableEntries: number;
  heartbeatAtMs: number;
}

/** A link that sends a delivery, or the search for who asked. */
export interface Reader {
  readonly why: 'send' | 'asker';
  readonly link?: LinkId;
  readonly delivery: Delivery;
  /** It waits in its queue again: these octets are for nobody. */
  back?: boolean;
}

export interface UpstreamState {
  up: boolean;
  sinceMs: number;
  sinceUs: number;
  /** Its numbers did not fit: come back without a session (link S4). */
  forget: boolean;
}

/** A connection before its HELLO, an open one, or one that takes nothing more. */
export type Link = GreetingLink | DialledLink | OpenLink | ClosingLink;

interface LinkBasics {
  readonly id: LinkId;
  readonly peer: string;
}
export interface GreetingLink extends LinkBasics {
  readonly phase: 'greeting';
  readonly certificate: { readonly name: string; readonly fingerprint: string } | undefined;
  readonly token: string;
}
export interface DialledLink extends LinkBasics {
  readonly phase: 'dialled';
  readonly upstream: string;
  /** The session our HELLO named. */
  readonly session: SessionId | undefined;
}
export interface ClosingLink extends LinkBasics {
  readonly phase: 'closing';
}

export interface OpenLink extends LinkBasics {
  readonly phase: 'open';
  readonly key: PeerKey;
  readonly station: StationName | undefined;
  readonly upstream: string | undefined;
  /** The station's role; for an upstream, ours: host. */
  readonly role: StationRole;
  readonly session: SessionId;
  readonly window: number;
  readonly frameBytesMax: number;
  readonly keepAliveMs: number;
  readonly sinceMs: number;
  readonly resumed: boolean;
  heardAtMs: number;
  spokeAtMs: number;
  pinged: boolean;
  /** Entries of MESSAGEs handled that may not be durable yet (link M4). */
  readonly handled: number[];
  /** After BUSY: the number that must come first, and how many above it were dropped (link M4a). */
  busy: { readonly number: number; dropped: number } | undefined;
  /**
   * The last number that was answered BUSY although it is taken (a full disk). Until it has come again, the
   * station may give it to another message, if the person there changes (link S7b).
   */
  takenBack: number | undefined;
  /** A SIGN_ON that waits for its answer. */
  attempt: Attempt | undefined;
  /** We sent SIGN_OFF: the next one from there is its answer (link S7d). */
  signOffSent: boolean;
  /** What this person declined (R01): not sent again before the next sign-on. */
  readonly declined: Set<DeliveryId>;
  /** Deliveries whose octets are being fetched for this link. */
  reading: number;
  /** After their BUSY nothing is sent before this time (link M4a); 0 for now. */
  putOffUntilMs: number;
  /** Since when each of what we sent is unhandled, the oldest first (link M8). */
  unhandled: UnhandledSince[];
}

export interface UnhandledSince {
  readonly number: number;
  /** Its octets leave when this is durable: until then its time does not run. */
  readonly entry: number;
  sinceMs: number;
}

export interface Attempt {
  readonly asked: SignOnAsked;
  /** The secret it is judged by; a change of it meanwhile makes the verdict worthless. */
  readonly credential: string | undefined;
  /** SIGN_OFFs that came meanwhile; answered after the SIGN_ON (link S7d). */
  signOffs: number;
}

/** @param digest See `stored.ts`; the same one for the life of the journal. */
export function createState(settings: SwitchSettings, keys: KeyTable, digest: Digest): State {
  return {
    settings,
    keys,
    ledger: createLedger(digest),
    links: new Map(),
    live: new Map(),
    upstreams: new Map(
      settings.upstreams.map(({ name }) => [name, newUpstream({ atMs: 0, timeUs: 0 })]),
    ),
    readers: new Map(),
    fetching: new Set(),
    refusals: new Map(),
    abandoned: new Map(),
    mode: 'starting',
    drainUntilMs: 0,
    journal: 'open',
    durableEntries: 0,
    heartbeatAtMs: 0,
  };
}

export function newUpstream({ atMs, timeUs }: { atMs: number; timeUs: number }): UpstreamState {
  return { up: false, sinceMs: atMs, sinceUs: timeUs, forget: false };
}

/** The mnemonics a link serves now. */
export function mnemonicsOf(state: State, link: OpenLink): readonly Mnemonic[] {
  if (link.station === undefined) return [];
  const signOn = state.ledger.signOns.get(link.station);
  if (signOn !== undefined) return [signOn.mnemonic];
  return state.ledger.register.station.get(link.station)?.mnemonics ?? [];
}

/** link S12: how many refusals in a minute are kept with their octets, and how many there may be. */
export function refusalLimits(
  state: State,
  name: StationName,
): { readonly stored: number; readonly most: number } {
  const station = state.ledger.register.station.get(name);
  return {
    stored: station?.refusalsStoredPerMinute ?? state.settings.refusalsStoredPerMinute,
    most: station?.refusalsPerMinute ?? state.settings.refusalsPerMinute,
  };
}

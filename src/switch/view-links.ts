// Links and upstreams as an operator is shown them: one view for each, made when it is asked for.
// Pure: reads the state, changes nothing. A list is a generator, so that whoever sends it may pause.

import { type Disabled, type PeerKey, upstreamKey } from './ledger.ts';
import type { LinkId } from './event.ts';
import type { Link, OpenLink, State } from './state.ts';
import type { StationRole } from '#journal/register';

export type LinkState =
  /** Before HELLO and WELCOME are through. */
  | 'connecting'
  /** A SIGN_ON waits for its answer. */
  | 'sign-on'
  | 'signed-on'
  | 'connected'
  /** What was sent is not acknowledged for longer than is usual. */
  | 'waiting'
  | 'draining'
  | 'closing';

export interface LinkView {
  readonly link: LinkId;
  readonly kind: StationRole | 'upstream' | undefined;
  /** Undefined before its HELLO where it has no certificate. */
  readonly name: string | undefined;
  readonly state: LinkState;
  readonly user: string | undefined;
  readonly mnemonics: readonly string[];
  readonly peer: string;
  /** Wall milliseconds. */
  readonly sinceMs: number | undefined;
  /** Messages of this session, from there and to there. */
  readonly in: number | undefined;
  readonly out: number | undefined;
  readonly unacknowledged: number | undefined;
  /** Since when the oldest of them waits for its ACK. */
  readonly waitingMs: number | undefined;
  /** Since anything was heard. */
  readonly idleMs: number | undefined;
  readonly session: string | undefined;
  readonly window: number | undefined;
}

export interface UpstreamDetail {
  readonly name: string;
  readonly state: 'up' | 'down' | 'disabled';
  /** Wall milliseconds. */
  readonly sinceMs: number;
  readonly link: LinkId | undefined;
  readonly peer: string | undefined;
  readonly station: string;
  readonly routes: readonly string[];
  readonly waiting: number;
  readonly unacknowledged: number;
  readonly in: number | undefined;
  readonly out: number | undefined;
  readonly disabled: DisabledView | undefined;
}

export interface DisabledView {
  /** Whose doing: the register's, or an operator's. */
  readonly by: string;
  readonly reason: string | undefined;
  /** Wall milliseconds; the register does not say. */
  readonly sinceMs: number | undefined;
  readonly entry: number | undefined;
}

/** An ACK that takes longer than this is worth a word. */
const slowAckMs = 5_000;

export function* viewLinks(state: State, atMs: number): Generator<LinkView> {
  for (const link of state.links.values()) yield viewLink(state, link, atMs);
}

export function viewLink(state: State, link: Link, atMs: number): LinkView {
  switch (link.phase) {
    case 'greeting':
      return bare(link, { state: 'connecting', name: link.certificate?.name });
    case 'dialled':
      return bare(link, { state: 'connecting', name: link.upstream, kind: 'upstream' });
    case 'closing':
      return bare(link, { state: 'closing' });
    case 'open':
      return viewOpen(state, link, atMs);
  }
}

export function* viewUpstreams(state: State): Generator<UpstreamDetail> {
  for (const { name } of state.settings.upstreams) {
    const view = viewUpstream(state, name);
    if (view !== undefined) yield view;
  }
}

export function viewUpstream(state: State, name: string): UpstreamDetail | undefined {
  const { ledger, upstreams, settings, live } = state;
  const upstream = upstreams.get(name);
  const configured = settings.upstreams.find((each) => each.name === name);
  if (upstream === undefined || configured === undefined) return undefined;
  const key = upstreamKey(name);
  const link = live.get(key);
  const session = ledger.sessions.get(key);
  const disabled = viewDisabled(state, key);
  const down = disabled === undefined ? 'down' : 'disabled';
  return {
    name,
    state: upstream.up ? 'up' : down,
    sinceMs: upstream.sinceMs + ledger.aheadMs,
    link: link?.id,
    peer: link?.peer,
    station: configured.station,
    routes: configured.routes,
    waiting: ledger.queues.get(`x:${name}`)?.size ?? 0,
    unacknowledged: session?.inFlight.size ?? 0,
    in: session?.received,
    out: session?.sent,
    disabled,
  };
}

export function viewDisabled({ ledger }: State, key: PeerKey): DisabledView | undefined {
  const found = ledger.disabled.get(key);
  return found === undefined ? undefined : disabledView(found, ledger.aheadMs);
}

function disabledView({ person, reason, sinceMs, entry }: Disabled, aheadMs: number): DisabledView {
  return { by: person ?? 'an operator', reason, sinceMs: sinceMs + aheadMs, entry };
}

function bare(
  { id, peer }: Link,
  known: Pick<LinkView, 'state'> & Partial<Pick<LinkView, 'name' | 'kind'>>,
): LinkView {
  const unknown = { sinceMs: undefined, in: undefined, out: undefined, unacknowledged: undefined };
  const none = { waitingMs: undefined, idleMs: undefined, session: undefined, window: undefined };
  const whose = { kind: undefined, name: undefined, user: undefined, mnemonics: [] };
  return { link: id, peer, ...whose, ...unknown, ...none, ...known };
}

function viewOpen(state: State, link: OpenLink, atMs: number): LinkView {
  const { ledger, mode } = state;
  const session = ledger.sessions.get(link.key);
  const station =
    link.station === undefined ? undefined : ledger.register.station.get(link.station);
  const signOn = link.station === undefined ? undefined : ledger.signOns.get(link.station);
  const oldest = link.unhandled.find(({ number }) => session?.inFlight.has(number) === true);
  const waitingMs = oldest === undefined ? undefined : Math.max(0, atMs - oldest.sinceMs);
  const resting = signOn === undefined ? 'connected' : 'signed-on';
  const awake = link.attempt === undefined ? resting : 'sign-on';
  const busy = waitingMs !== undefined && waitingMs >= slowAckMs ? 'waiting' : awake;
  return {
    link: link.id,
    kind: link.upstream === undefined ? link.role : 'upstream',
    name: link.upstream ?? link.station,
    state: mode === 'draining' ? 'draining' : busy,
    user: signOn?.user,
    mnemonics: signOn === undefined ? (station?.mnemonics ?? []) : [signOn.mnemonic],
    peer: link.peer,
    sinceMs: link.sinceMs + ledger.aheadMs,
    in: session?.received,
    out: session?.sent,
    unacknowledged: session?.inFlight.size,
    waitingMs,
    idleMs: Math.max(0, atMs - link.heardAtMs),
    session: link.session,
    window: link.window,
  };
}

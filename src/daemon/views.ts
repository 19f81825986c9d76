// What operators are shown of the running switch: the views of the switch, with what the edge knows of each
// connection, as the rows that go over the control socket. Reads counters and states alone.

import type { QueueDetail, Views } from '#src/control/desk';
import type {
  LinkRow,
  QueueRow,
  TerminalRow,
  UpstreamRow,
  WaitingRow,
} from '#src/control/wire-views';
import type { Config } from '#src/config/load';
import type { Links } from '#src/net/links';
import type { Clock } from '#src/net/ports';
import { findStation } from '#switch/find-station';
import type { State } from '#switch/state';
import type { DisabledView, LinkView, UpstreamDetail } from '#switch/view-links';
import { viewLink, viewLinks, viewUpstream, viewUpstreams } from '#switch/view-links';
import type { QueueView, WaitingView } from '#switch/view-queues';
import { queueKeys, viewQueueAt, viewQueues, viewWaiting } from '#switch/view-queues';
import { viewTerminal, viewTerminals, type TerminalView } from '#switch/view-terminals';
import type { Upstreams } from './upstreams.ts';

export interface ViewParts {
  readonly state: State;
  readonly links: Pick<Links, 'facts'>;
  readonly upstreams: Pick<Upstreams, 'facts'>;
  readonly clock: Clock;
  /** In force now. */
  readonly config: () => Config;
}

export function createViews(parts: ViewParts): Views {
  const { state, clock } = parts;
  const atMs = (): number => clock.atMs();
  return {
    links: () => linkRows(parts),
    link: (id) => {
      const link = state.links.get(id);
      return link === undefined ? undefined : linkRow(parts, viewLink(state, link, atMs()));
    },
    terminals: () => mapped(viewTerminals(state), terminalRow),
    terminal: (name) => {
      const station = findStation(state, name);
      return station === undefined ? undefined : terminalRow(viewTerminal(state, station));
    },
    upstreams: () => mapped(viewUpstreams(state), (view) => upstreamRow(parts, view)),
    upstream: (name) => {
      const view = viewUpstream(state, name);
      return view === undefined ? undefined : upstreamRow(parts, view);
    },
    queues: () => mapped(viewQueues(state, atMs()), queueRow),
    queue: (name) =>
      queueKeys(state, name).map((key): QueueDetail => ({
        key,
        row: queueRow(viewQueueAt(state, key, atMs())),
        waiting: () => mapped(viewWaiting(state, key, atMs()), waitingRow),
      })),
  };
}

function* mapped<V, R>(views: Iterable<V>, row: (view: V) => R): Generator<R> {
  for (const view of views) yield row(view);
}

/** Every link, then each upstream that has none. */
function* linkRows(parts: ViewParts): Generator<LinkRow> {
  const { state, clock } = parts;
  for (const view of viewLinks(state, clock.atMs())) yield linkRow(parts, view);
  for (const view of viewUpstreams(state))
    if (view.link === undefined) yield absentRow(parts, view);
}

function linkRow({ state, links }: ViewParts, view: LinkView): LinkRow {
  const edge = links.facts(view.link);
  const sinceMs = view.sinceMs ?? (edge && edge.sinceMs + state.ledger.aheadMs);
  const isQuiet = view.state === 'connected' || view.state === 'signed-on';
  return present({
    link: view.link,
    kind: view.kind,
    name: view.name,
    state: isQuiet && edge?.slow === true ? 'slow' : view.state,
    user: view.user,
    mnemonics: view.mnemonics.length === 0 ? undefined : view.mnemonics,
    since: timeOf(sinceMs),
    peer: edge?.port === undefined ? view.peer : addressText(view.peer, edge.port),
    tls: edge?.tls?.replace(/^TLSv/, ''),
    mutual: edge?.tls === undefined ? undefined : true,
    in: view.in,
    out: view.out,
    unacknowledged: view.unacknowledged,
    waiting_seconds: secondsOf(view.waitingMs),
    idle_seconds: secondsOf(view.idleMs),
    waiting_bytes: edge?.waitingBytes,
    window: view.window,
    session: view.session,
  });
}

function absentRow({ upstreams }: ViewParts, view: UpstreamDetail): LinkRow {
  const { name, sinceMs, disabled } = view;
  const dialler = upstreams.facts(name);
  return present({
    kind: 'upstream',
    name,
    state: disabled === undefined ? 'reconnect' : 'disabled',
    since: timeOf(disabled?.sinceMs ?? sinceMs),
    next_seconds: secondsOf(dialler?.nextInMs),
    why: dialler?.why,
    attempts: dialler?.attempts,
  });
}

function terminalRow(view: TerminalView): TerminalRow {
  const { disabled, sinceMs, pools, ...plain } = view;
  return present({
    ...plain,
    pools: pools.length === 0 ? undefined : pools,
    since: timeOf(sinceMs),
    ...disabledColumns(disabled),
  });
}

function upstreamRow({ upstreams, config }: ViewParts, view: UpstreamDetail): UpstreamRow {
  const { name, disabled, sinceMs, ...plain } = view;
  const dialler = view.state === 'up' ? undefined : upstreams.facts(name);
  const configured = config().upstreams.find((each) => each.name === name);
  return present({
    upstream: name,
    ...plain,
    since: timeOf(disabled?.sinceMs ?? sinceMs) ?? '',
    address:
      configured === undefined ? '' : addressText(configured.address.host, configured.address.port),
    next_seconds: secondsOf(dialler?.nextInMs),
    why: dialler?.why,
    attempts: dialler?.attempts,
    ...disabledColumns(disabled),
  });
}

function disabledColumns(disabled: DisabledView | undefined): Readonly<Record<string, unknown>> {
  if (disabled === undefined) return {};
  const { by, reason, sinceMs, entry } = disabled;
  return {
    disabled_by: by,
    disabled_since: timeOf(sinceMs),
    disabled_reason: reason,
    disabled_entry: entry,
  };
}

function queueRow({ name, kind, total, ages, oldestMs, state }: QueueView): QueueRow {
  const [under1 = 0, under5 = 0, under15 = 0, under60 = 0, under240 = 0, over = 0] = ages;
  return present({
    ...{ queue: name, kind, total },
    ...{ under_1m: under1, under_5m: under5, under_15m: under15, under_60m: under60 },
    ...{ under_4h: under240, over_4h: over },
    oldest_seconds: secondsOf(oldestMs),
    state,
  });
}

function waitingRow({ sinceMs, agedMs, keptMs, ...plain }: WaitingView): WaitingRow {
  return present({
    ...plain,
    since: timeOf(sinceMs) ?? '',
    waiting_seconds: secondsOf(agedMs) ?? 0,
    expires_seconds: keptMs === undefined ? undefined : Math.max(0, keptMs - agedMs) / 1000,
  });
}

function addressText(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** RFC 3339, UTC, microseconds. */
function timeOf(wallMs: number | undefined): string | undefined {
  if (wallMs === undefined) return undefined;
  return new Date(wallMs).toISOString().replace('Z', '000Z');
}

function secondsOf(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : Math.round(ms) / 1000;
}

/** Absent is left out: JSON would, a count of members would not. */
function present<R extends object>(row: { readonly [K in keyof R]: R[K] | undefined }): R {
  // Members that are undefined are exactly those the row may lack.
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as R;
}

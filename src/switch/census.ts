// The running switch in numbers, for metrics and checks: how many links, how much waits, since when.
// Pure: reads the state, changes nothing. It walks stations and queues, never messages: its cost is the same
// however deep a queue is. Nobody's name is in it; queues of mnemonics and people count together.

import type { StationRole } from '#journal/register';
import { stationKey, upstreamKey } from './ledger.ts';
import type { Queue } from './queue.ts';
import type { State } from './state.ts';

/** `unknown`: before its HELLO, or closing. */
export type LinkKind = StationRole | 'upstream';

export interface Census {
  /** Every kind that connects, with and without a person signed on. */
  readonly links: readonly LinkCount[];
  /** Of terminals and of pools: whether a terminal serves it now. */
  readonly terminals: ReadonlyMap<string, boolean>;
  /** `stations` first, then each upstream, then `intercept`. */
  readonly queues: readonly QueueCount[];
  readonly upstreams: readonly UpstreamCount[];
  /** Requests that await answers. */
  readonly requests: number;
}

export interface LinkCount {
  readonly kind: LinkKind;
  readonly state: 'connected' | 'signed-on';
  readonly count: number;
}

export interface QueueCount {
  readonly name: string;
  readonly waiting: number;
  /** Of each class that has any, by its number: how long its oldest waits. */
  readonly oldestMs: ReadonlyMap<number, number>;
}

export interface UpstreamCount {
  readonly name: string;
  readonly up: boolean;
  /** For so long. */
  readonly forMs: number;
  readonly unacknowledged: number;
}

/** All stations' and people's queues together. */
export const stationsQueue = 'stations';
export const interceptQueue = 'intercept';

const kinds: readonly LinkKind[] = ['terminal', 'printer', 'host', 'upstream'];

/** @param atMs Steady milliseconds. */
export function takeCensus(state: State, atMs: number): Census {
  const { ledger, upstreams } = state;
  return {
    links: countLinks(state),
    terminals: connectedMnemonics(state),
    queues: countQueues(state, atMs),
    upstreams: [...upstreams].map(([name, { up, sinceMs }]) => ({
      name,
      up,
      forMs: Math.max(0, atMs - sinceMs),
      unacknowledged: ledger.sessions.get(upstreamKey(name))?.inFlight.size ?? 0,
    })),
    requests: ledger.requests.size,
  };
}

function countLinks({ live, ledger }: State): readonly LinkCount[] {
  const connected = new Map<LinkKind, number>(kinds.map((kind) => [kind, 0]));
  let signedOn = 0;
  for (const { upstream, role, station } of live.values()) {
    const kind = upstream === undefined ? role : 'upstream';
    if (station !== undefined && ledger.signOns.has(station)) signedOn += 1;
    else connected.set(kind, (connected.get(kind) ?? 0) + 1);
  }
  return [
    ...[...connected].map(([kind, count]) => ({ kind, state: 'connected', count }) as const),
    // Only a terminal has somebody signed on (link S7).
    { kind: 'terminal', state: 'signed-on', count: signedOn },
  ];
}

function connectedMnemonics({ ledger, live }: State): ReadonlyMap<string, boolean> {
  const { station: stations, pool: pools } = ledger.register;
  const connected = new Map<string, boolean>();
  for (const { mnemonics } of pools.values())
    for (const mnemonic of mnemonics) connected.set(mnemonic, false);
  for (const { name, role, mnemonics } of stations.values()) {
    if (role !== 'terminal') continue;
    const isHere = live.has(stationKey(name));
    const lent = ledger.signOns.get(name)?.mnemonic;
    for (const mnemonic of lent === undefined ? mnemonics : [lent])
      connected.set(mnemonic, isHere || connected.get(mnemonic) === true);
  }
  return connected;
}

function countQueues({ ledger, upstreams }: State, atMs: number): readonly QueueCount[] {
  const named = new Map<string, Tray>([[stationsQueue, newTray()]]);
  for (const name of upstreams.keys()) named.set(name, newTray());
  named.set(interceptQueue, newTray());
  for (const [key, queue] of ledger.queues) {
    if (queue.size === 0) continue;
    const name = nameOf(key);
    let tray = named.get(name);
    // An upstream that is no longer configured: until the switch has ended what waits for it.
    if (tray === undefined) named.set(name, (tray = newTray()));
    addTo(tray, queue, atMs);
  }
  return [...named].map(([name, { waiting, oldestMs }]) => ({ name, waiting, oldestMs }));
}

interface Tray {
  waiting: number;
  readonly oldestMs: Map<number, number>;
}

const newTray = (): Tray => ({ waiting: 0, oldestMs: new Map() });

function addTo(tray: Tray, queue: Queue, atMs: number): void {
  tray.waiting += queue.size;
  for (const [messageClass, sinceMs] of queue.oldest()) {
    const agedMs = Math.max(0, atMs - sinceMs);
    tray.oldestMs.set(messageClass, Math.max(tray.oldestMs.get(messageClass) ?? 0, agedMs));
  }
}

function nameOf(key: string): string {
  if (key === 'intercept') return interceptQueue;
  return key.startsWith('x:') ? key.slice(2) : stationsQueue;
}

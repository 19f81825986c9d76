// What the switch tells an operator about itself: counters and states, never text.
// Pure: reads the state, changes nothing, and is cheap at any length of the journal.

import type { StationRecord } from '#journal/register';
import { stationKey, upstreamKey } from './ledger.ts';
import type { LinkId } from './event.ts';
import type { Queue } from './queue.ts';
import type { State } from './state.ts';

export interface StatusView {
  readonly stations: readonly StationView[];
  readonly upstreams: readonly UpstreamView[];
  readonly queues: readonly QueueView[];
  readonly intercept: number;
  readonly requests: number;
  readonly entries: number;
  readonly mode: 'running' | 'draining';
}

export interface StationView {
  readonly name: string;
  readonly role: 'terminal' | 'printer' | 'host';
  readonly state: 'absent' | 'connected' | 'signed-on' | 'disabled';
  readonly mnemonics: readonly string[];
  readonly user?: string | undefined;
  readonly peer?: string | undefined;
  readonly sinceMs?: number | undefined;
  readonly unacknowledged: number;
}

export interface UpstreamView {
  readonly name: string;
  readonly state: 'up' | 'down';
  readonly sinceMs: number;
  readonly waiting: number;
  readonly unacknowledged: number;
}

export interface QueueView {
  readonly name: string;
  readonly waiting: number;
  readonly oldestMs: number;
}

export function viewStatus(state: State, atMs: number): StatusView {
  const { ledger } = state;
  return {
    stations: [...ledger.register.station.values()].map((station) => viewStation(state, station)),
    upstreams: [...state.upstreams].map(([name, { up, sinceMs }]) => ({
      name,
      state: up ? 'up' : 'down',
      sinceMs: sinceMs + ledger.aheadMs,
      waiting: ledger.queues.get(`x:${name}`)?.size ?? 0,
      unacknowledged: ledger.sessions.get(upstreamKey(name))?.inFlight.size ?? 0,
    })),
    queues: [...ledger.queues]
      .filter(([key, { size }]) => size > 0 && key !== 'intercept' && !key.startsWith('x:'))
      .map(([key, queue]) => viewQueue(key, queue, atMs)),
    intercept: ledger.queues.get('intercept')?.size ?? 0,
    requests: ledger.requests.size,
    entries: ledger.entries,
    mode: state.mode === 'draining' || state.mode === 'drained' ? 'draining' : 'running',
  };
}

/** Whether somebody at the other end of this link still waits for the answer to a SIGN_ON. */
export function awaitsVerdict(state: State, id: LinkId): boolean {
  const link = state.links.get(id);
  return link?.phase === 'open' && link.attempt !== undefined;
}

/** Whose link a number is, in words of the register; for what an operator asks to see. */
export interface LinkPeer {
  readonly station?: string | undefined;
  readonly upstream?: string | undefined;
  readonly phase: string;
}

export function linkPeer(state: State, id: number): LinkPeer | undefined {
  const link = state.links.get(id);
  if (link === undefined) return undefined;
  switch (link.phase) {
    case 'greeting':
      return { phase: link.phase, station: link.certificate?.name };
    case 'dialled':
      return { phase: link.phase, upstream: link.upstream };
    case 'open': {
      const { station, upstream } = link;
      return { phase: link.phase, station, upstream };
    }
    case 'closing':
      return { phase: link.phase };
  }
}

function viewStation(state: State, station: StationRecord): StationView {
  const { ledger } = state;
  const key = stationKey(station.name);
  const link = state.live.get(key);
  const signOn = ledger.signOns.get(station.name);
  const present = signOn === undefined ? 'connected' : 'signed-on';
  const usable = station.state === 'enabled' && !ledger.disabled.has(key);
  return {
    name: station.name,
    role: station.role,
    state: !usable ? 'disabled' : link === undefined ? 'absent' : present,
    mnemonics: signOn === undefined ? station.mnemonics : [signOn.mnemonic],
    user: signOn?.user,
    peer: link?.peer,
    sinceMs: link && link.sinceMs + ledger.aheadMs,
    unacknowledged: ledger.sessions.get(key)?.inFlight.size ?? 0,
  };
}

function viewQueue(key: string, queue: Queue, atMs: number): QueueView {
  const sinceMs = queue.oldestMs() ?? atMs;
  return { name: key.replace(/^[mu]:/, ''), waiting: queue.size, oldestMs: atMs - sinceMs };
}

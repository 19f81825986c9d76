// Queues as an operator is shown them: how many wait, how long, for whom and why; never a text.
// Pure: reads the state, changes nothing, and costs the same however deep a queue is, but for `viewWaiting`,
// which is a generator so that whoever sends it may pause.

import type { Mnemonic } from '#protocol/ids';
import { type Delivery, stationKey, upstreamKey } from './ledger.ts';
import type { Queue } from './queue.ts';
import type { State } from './state.ts';

export type QueueKind = 'mnemonic' | 'user' | 'upstream' | 'asker' | 'intercept';

export interface QueueView {
  readonly name: string;
  readonly kind: QueueKind;
  readonly total: number;
  /** How many are younger than a minute, than 5, 15, 60 minutes, than 4 hours, and older. */
  readonly ages: readonly number[];
  readonly oldestMs: number | undefined;
  /** Why it waits, in words. */
  readonly state: string;
}

export interface WaitingView {
  readonly delivery: string;
  readonly entry: number;
  readonly thread: number;
  readonly class: number;
  readonly mke: string | undefined;
  readonly mnemonic: string | undefined;
  readonly user: string | undefined;
  readonly upstream: string | undefined;
  readonly ori: string | undefined;
  readonly rule: string | undefined;
  /** Wall milliseconds. */
  readonly sinceMs: number;
  readonly agedMs: number;
  readonly keptMs: number | undefined;
  /** It was sent before, and may be there. */
  readonly again: boolean;
}

const minuteMs = 60_000;
/** The classes of age: up to each of these, and above the last. @source operator-experience 6 */
const ageLimitsMs = [1, 5, 15, 60, 240].map((minutes) => minutes * minuteMs);

/** Those with something in them, in the order they were first used. */
export function* viewQueues(state: State, atMs: number): Generator<QueueView> {
  const places = placesOf(state);
  for (const [key, queue] of state.ledger.queues)
    if (queue.size > 0) yield viewQueue(state, { key, queue, atMs, places });
}

/** Keys of the queues that a name may mean: one, or several where a person is called like a mnemonic. */
export function queueKeys(state: State, name: string): readonly string[] {
  const { queues, directory, register } = state.ledger;
  const known = new Set(queues.keys());
  // An empty queue is there as soon as somebody could be waited for.
  for (const upstream of state.upstreams.keys()) known.add(`x:${upstream}`);
  for (const mnemonic of [...directory.stationOf.keys(), ...directory.printersOf.keys()])
    known.add(`m:${mnemonic}`);
  for (const user of register.person.keys()) known.add(`u:${user}`);
  for (const key of ['asker', 'intercept']) known.add(key);
  if (known.has(name)) return [name];
  return ['m', 'u', 'x'].map((kind) => `${kind}:${name}`).filter((key) => known.has(key));
}

export function viewQueueAt(state: State, key: string, atMs: number): QueueView {
  const queue = state.ledger.queues.get(key);
  return viewQueue(state, { key, queue, atMs, places: placesOf(state) });
}

/** What waits there, in the order it would go. What leaves while this is read is left out. */
export function* viewWaiting(state: State, key: string, atMs: number): Generator<WaitingView> {
  for (const delivery of state.ledger.queues.get(key)?.all() ?? [])
    if (delivery.state === 'queued') yield viewDelivery(state, delivery, atMs);
}

interface Asked {
  readonly key: string;
  readonly queue: Queue | undefined;
  readonly atMs: number;
  readonly places: Places;
}

/** Where each person who is signed on sits; one of the places for somebody signed on twice. */
type Places = ReadonlyMap<string, string>;

function placesOf({ ledger }: State): Places {
  return new Map([...ledger.signOns.values()].map(({ user, station }) => [user, station]));
}

function viewQueue(state: State, { key, queue, atMs, places }: Asked): QueueView {
  const total = queue?.size ?? 0;
  const older = ageLimitsMs.map((limitMs) => queue?.countSince(atMs - limitMs) ?? 0);
  const ages = [total, ...older].map((count, at) => count - (older[at] ?? 0));
  const sinceMs = queue?.oldestMs();
  return {
    name: nameOf(key),
    kind: kindOf(key),
    total,
    ages,
    oldestMs: sinceMs === undefined ? undefined : Math.max(0, atMs - sinceMs),
    state: stateOf(state, key, places),
  };
}

function nameOf(key: string): string {
  return key.replace(/^[mux]:/, '');
}

function kindOf(key: string): QueueKind {
  if (key === 'asker' || key === 'intercept') return key;
  const kinds = { m: 'mnemonic', u: 'user', x: 'upstream' } as const;
  // Every other key has one of these letters before its colon (ledger.ts).
  return kinds[key.charAt(0) as keyof typeof kinds];
}

function stateOf(state: State, key: string, places: Places): string {
  const name = nameOf(key);
  switch (kindOf(key)) {
    case 'asker':
      return 'who asked is looked up';
    case 'intercept':
      return 'an operator decides';
    case 'upstream':
      return upstreamState(state, name);
    case 'user':
      return userState(places, name);
    case 'mnemonic':
      // A key of a mnemonic is made from a mnemonic.
      return mnemonicState(state, name as Mnemonic);
  }
}

function upstreamState({ ledger, upstreams }: State, name: string): string {
  if (ledger.disabled.has(upstreamKey(name))) return 'disabled';
  return upstreams.get(name)?.up === true ? 'up' : 'down';
}

function userState(places: Places, name: string): string {
  const station = places.get(name);
  return station === undefined ? 'not signed on' : `signed on at ${station}`;
}

function mnemonicState(state: State, mnemonic: Mnemonic): string {
  const { ledger, live } = state;
  const { stationOf, printersOf } = ledger.directory;
  const station = stationOf.get(mnemonic) ?? printersOf.get(mnemonic)?.[0];
  if (station === undefined) return 'no station';
  const key = stationKey(station.name);
  if (station.state === 'disabled' || ledger.disabled.has(key)) return 'disabled';
  if (!live.has(key)) return 'dark';
  if (station.role === 'printer') return 'waiting for printer';
  const sits = station.role === 'host' || ledger.signOns.has(station.name);
  return sits || station.unattended ? 'going out' : 'nobody signed on';
}

function viewDelivery({ ledger }: State, delivery: Delivery, atMs: number): WaitingView {
  const { id, source, thread, to, mke, ori, sinceMs, mayBeThere } = delivery;
  return {
    ...{ delivery: id, entry: source, thread, class: to.class, mke, ori },
    ...{ mnemonic: to.mnemonic, user: to.user, upstream: to.upstream, rule: to.rule },
    sinceMs: sinceMs + ledger.aheadMs,
    agedMs: Math.max(0, atMs - sinceMs),
    keptMs: to.keptMs,
    again: mayBeThere,
  };
}

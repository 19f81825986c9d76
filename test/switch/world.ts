// A world around the pure switch: a journal in an array, a clock that is set, and peers that are lists
// of frames. After each test every world proves itself: entries gap-free, nothing said before its entry
// stands, windows and numbers kept, each delivery ended at most once, and replay gives the same ledger.

import { afterEach, expect } from 'vitest';
import type { StoredEntry } from '#journal/entry';
import type { RegisterChange } from '#journal/register';
import { keyTable } from '#protocol/keys';
import { latin1 } from '#protocol/octets';
import type { Effect } from '#switch/effect';
import type { Act, Event, Happening } from '#switch/event';
import type { SwitchSettings } from '#switch/settings';
import { freeze, thaw } from '#switch/snapshot';
import { createState, type State } from '#switch/state';
import { replay, step } from '#switch/step';
import type { Digest } from '#switch/stored';
import { county, settings, stationName } from './county.ts';
import { Peer } from './peer.ts';

/** Enough for a test: the octets themselves. */
const digest: Digest = latin1;

type Of<K extends Effect['kind']> = Extract<Effect, { kind: K }>;

const worlds: World[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.prove();
});

export interface Hello {
  readonly session?: string;
  readonly received?: number;
  readonly role?: string;
  readonly from?: string;
  readonly certificate?: { readonly name: string; readonly fingerprint: string };
  readonly protocol?: readonly number[];
}

export class World {
  readonly settings: SwitchSettings;
  state: State;
  atMs = 1_800_000_000_000;
  /** How far the wall clock is ahead of the steady one. */
  aheadMs = 0;
  readonly entries: StoredEntry[] = [];
  readonly peers = new Map<number, Peer>();
  readonly verifies: Of<'verify'>[] = [];
  readonly renews: Of<'renew'>[] = [];
  readonly answers: Of<'answer'>[] = [];
  readonly dials: Of<'dial'>[] = [];
  readonly rests: Of<'rest'>[] = [];
  readonly logs: Of<'log'>[] = [];
  drained = 0;
  /** False where a test set something by hand that no entry says. */
  provable = true;
  /** Held back until let go: what the disk and the hash have not done yet. */
  holdCommits = false;
  holdReads = false;
  holdVerdicts = false;
  readonly #held: Happening[] = [];
  readonly #pending: Happening[] = [];
  #links = 0;
  #busy = false;

  constructor(more: Partial<SwitchSettings> = {}, changes: readonly RegisterChange[] = county) {
    this.settings = { ...settings, ...more };
    this.state = createState(this.settings, keyTable, digest);
    worlds.push(this);
    this.start();
    this.register(...changes);
  }

  put(happening: Happening): void {
    this.#pending.push(happening);
    if (this.#busy) return;
    this.#busy = true;
    for (let next = this.#pending.shift(); next !== undefined; next = this.#pending.shift()) {
      const event: Event = { ...next, atMs: this.atMs, timeUs: (this.atMs + this.aheadMs) * 1000 };
      const before = this.entries.length;
      for (const effect of step(this.state, event)) this.#act(effect);
      const entries = this.entries.length;
      if (entries > before) this.#later(this.holdCommits, { kind: 'committed', entries });
    }
    this.#busy = false;
  }

  start(): void {
    this.put({ kind: 'start', version: '0', startId: 'start' });
  }

  register(...changes: readonly RegisterChange[]): void {
    this.command({ kind: 'register', changes, changeId: 'change' });
  }

  command(act: Act): void {
    this.put({ kind: 'command', id: 1, person: 'root', act });
  }

  /** Time goes by, with a tick each second; links that are alive are heard. */
  pass(ms: number, tickMs = 1000): void {
    const endMs = this.atMs + ms;
    while (this.atMs < endMs) {
      this.atMs = Math.min(endMs, this.atMs + tickMs);
      for (const peer of this.peers.values()) {
        if (peer.alive) this.put({ kind: 'heard', link: peer.id });
        if (peer.alive && peer.diligent && peer.open.size > 0) peer.ack();
      }
      this.put({ kind: 'tick' });
    }
  }

  /** A connection with its certificate, before its HELLO. */
  open(name: string, hello: Hello = {}): Peer {
    const peer = new Peer(this, ++this.#links, name);
    this.peers.set(peer.id, peer);
    const certificate = hello.certificate ?? { name, fingerprint: `fingerprint of ${name}` };
    const token = `token-${peer.id}`.padEnd(24, '-');
    const from = hello.from ?? '10.9.9.1';
    this.put({ kind: 'opened', link: peer.id, peer: from, certificate, token });
    return peer;
  }

  /** A station says HELLO as it is registered. */
  connect(name: string, hello: Hello = {}): Peer {
    const peer = this.open(name, hello);
    const known = this.state.ledger.register.station.get(stationName(name));
    const { session, received = 0, protocol = [1] } = hello;
    const role = hello.role ?? known?.role ?? 'terminal';
    peer.handled = received;
    const body = { protocol, station: name, role, software: 'test', received };
    peer.say('HELLO', session === undefined ? body : { ...body, session });
    return peer;
  }

  /** Our call to an upstream is taken; its WELCOME is the test's, or the usual one. */
  dial(name = 'STATE', welcome: object | 'none' = {}): Peer {
    const peer = new Peer(this, ++this.#links, `>${name}`);
    this.peers.set(peer.id, peer);
    this.put({ kind: 'dialled', link: peer.id, upstream: name, peer: '10.9.9.9' });
    if (welcome !== 'none') peer.welcome(welcome);
    return peer;
  }

  /** Signed on and quiet: what was said up to here is forgotten. */
  terminal(name: string, who: string, more: object = {}): Peer {
    const peer = this.connect(name);
    peer.signOn(who, more);
    peer.take();
    return peer;
  }

  /** The process dies: what is journalled is replayed into a new state, and the switch starts again. */
  crash(fromSnapshot = false): void {
    const text = freeze(this.state);
    this.state = createState(this.settings, keyTable, digest);
    if (fromSnapshot) thaw(this.state, text);
    else for (const stored of this.entries) replay(this.state, stored);
    this.#continueClock();
    this.#held.length = 0;
    for (const peer of this.peers.values()) peer.alive = false;
    this.peers.clear();
    this.start();
  }

  /** As the runtime does at its start: the wall clock is all that is left. */
  #continueClock(): void {
    const wallMs = this.atMs + this.aheadMs;
    const { aheadMs, lastMs } = this.state.ledger;
    this.atMs = Math.max(wallMs - aheadMs, lastMs);
    this.aheadMs = wallMs - this.atMs;
  }

  /** In the order it was asked; what is asked meanwhile comes after it. */
  letGo(): void {
    for (let next = this.#held.shift(); next !== undefined; next = this.#held.shift())
      this.put(next);
    this.holdCommits = this.holdReads = this.holdVerdicts = false;
  }

  /** Entries of a kind, or events of a name. */
  kinds(kind: string): readonly StoredEntry['entry'][] {
    const entries = this.entries.map(({ entry }) => entry);
    return entries.filter((entry) =>
      entry.kind === 'event' ? entry.event === kind : entry.kind === kind,
    );
  }

  prove(): void {
    if (!this.provable) return;
    for (const [index, { entry }] of this.entries.entries()) expect(entry.entry).toBe(index + 1);
    this.#proveDeliveries();
    const now = frozen(this.state);
    const again = createState(this.settings, keyTable, digest);
    for (const stored of this.entries) replay(again, stored);
    expect(frozen(again), 'replay gives the same ledger').toEqual(now);
    const thawed = createState(this.settings, keyTable, digest);
    expect(thaw(thawed, freeze(this.state))).toBe(true);
    expect(frozen(thawed), 'thaw gives the same ledger').toEqual(now);
    expect(queuesOf(thawed), 'queues are made anew from the deliveries').toEqual(queuesOf(again));
  }

  /** Each delivery ends once, and is open until it has ended: nothing is lost. */
  #proveDeliveries(): void {
    const ended = new Set<string>();
    const open = new Set<string>();
    for (const { entry } of this.entries) {
      if (entry.kind === 'received')
        entry.to.forEach((_, index) => open.add(`${entry.entry}.${index}`));
      if (entry.kind !== 'delivered' && entry.kind !== 'expired') continue;
      expect(ended, 'a delivery ends once').not.toContain(entry.delivery);
      ended.add(entry.delivery);
    }
    expect(new Set(this.state.ledger.deliveries.keys())).toEqual(open.difference(ended));
  }

  #act(effect: Effect): void {
    switch (effect.kind) {
      case 'append':
        // As the journal keeps it: members that are undefined are not there any more.
        this.entries.push({ ...effect.stored, entry: structured(effect.stored.entry) });
        return;
      case 'send':
        return this.peerOf(effect.link).hear(effect.frame);
      case 'expect':
        this.peerOf(effect.link).expected = effect;
        return;
      case 'end':
      case 'cut': {
        const peer = this.peerOf(effect.link);
        peer.ended = effect.kind;
        peer.alive = false;
        this.#pending.push({ kind: 'closed', link: effect.link, why: 'ended by the switch' });
        return;
      }
      case 'read': {
        const stored = this.entries[effect.entry - 1];
        const body = { kind: 'body', entry: effect.entry } as const;
        return this.#later(this.holdReads, stored === undefined ? body : { ...body, stored });
      }
      case 'verify': {
        this.verifies.push(effect);
        const right =
          effect.credential !== undefined &&
          effect.password === effect.credential.replace('credential', 'secret');
        const verdict = right ? 'right' : 'wrong';
        return this.#later(this.holdVerdicts, { kind: 'verified', link: effect.link, verdict });
      }
      case 'renew': {
        this.renews.push(effect);
        const { link, password, user } = effect;
        const stored =
          password.length < 8 ? { rule: 'too short' } : { changeId: `credential of ${user}` };
        return this.#later(this.holdVerdicts, { kind: 'renewed', link, ...stored });
      }
      case 'project':
        expect(this.entries[effect.entry - 1]?.entry).toMatchObject({ event: 'register' });
        return;
      case 'answer':
        this.answers.push(effect);
        return;
      case 'dial':
        this.dials.push(effect);
        return;
      case 'rest':
        this.rests.push(effect);
        return;
      case 'log':
        this.logs.push(effect);
        return;
      case 'drained':
        this.drained += 1;
        return;
      case 'wake':
        return;
    }
  }

  peerOf(link: number): Peer {
    const peer = this.peers.get(link);
    if (peer === undefined) throw new Error(`no link ${link}`);
    return peer;
  }

  #later(held: boolean, happening: Happening): void {
    (held ? this.#held : this.#pending).push(happening);
  }
}

function frozen(state: State): unknown {
  return JSON.parse(freeze(state));
}

/** What waits where, but for what is being fetched. */
function queuesOf(state: State): unknown {
  return [...state.ledger.queues]
    .filter(([, { size }]) => size > 0)
    .map(([key, queue]) => [key, [...queue.all()].map(({ id }) => id)])
    .toSorted();
}

function structured<T>(value: T): T {
  // JSON of an entry is the same entry, but for members that are undefined.
  return JSON.parse(JSON.stringify(value)) as T;
}

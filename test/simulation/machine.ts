// One life of the switch's process: the real switch, the model of its loop, its doors, its calls to the
// upstreams. It begins with what the disk has, and ends when told, or at any effect.

import { strict as assert } from 'node:assert';
import { keyTable } from '#protocol/keys';
import { utf8Bytes } from '#protocol/octets';
import { holds } from '#src/net/link';
import type { Stamp } from '#src/net/ports';
import { digestOf } from '#src/runtime/digest';
import type { OutwardEffect } from '#src/runtime/detour';
import type { Effect } from '#switch/effect';
import type { Event, Happening, LinkId } from '#switch/event';
import type { SwitchSettings } from '#switch/settings';
import { createState, type State } from '#switch/state';
import type { Chance } from './chance.ts';
import { type Disk, storedOf } from './disk.ts';
import { Door, type DoorLimits } from './door.ts';
import type { Heart } from './heart.ts';
import { SimLoop } from './loop.ts';
import type { Timeline } from './timeline.ts';
import type { Side, Wire } from './wire.ts';
import type { Witness } from './witness.ts';

export interface MachineParts {
  readonly life: number;
  readonly heart: Heart;
  readonly settings: SwitchSettings;
  readonly timeline: Timeline;
  readonly chance: Chance;
  readonly disk: Disk;
  readonly witness: Witness;
  /** The wall clock, in milliseconds. */
  readonly wallMs: () => number;
  /** Calls an upstream: its wire, or undefined where nobody answers. */
  readonly call: (upstream: string) => Wire | undefined;
  /** The process is over, by a fault, or in order. */
  readonly onEnd: (how: 'died' | 'left') => void;
}

/** Thrown out of the middle of an effect; nothing after it happens. */
export class Crashed extends Error {}

const doorLimits: DoorLimits = {
  helloMs: 10_000,
  frameMs: 30_000,
  writeBytesMax: 32_768,
  discardMs: 2_000,
};
const loopLimits = {
  batchEventsMax: 64,
  batchBytesMax: 400,
  batchesMax: 2,
  inboxEventsMax: 48,
  inboxBytesMax: 4_096,
  recentBytesMax: 4_096,
  snapshotEntries: 40,
  snapshotMs: 500,
  snapshotTimes: 200,
  snapshotEntriesMax: 400,
  patienceMs: 10_000,
  keptPerLinkMax: 8,
};
const checkMs = 250;
const decoder = new TextDecoder();

export class Machine {
  readonly state: State;
  readonly loop: SimLoop;
  readonly doors = new Map<LinkId, Door>();
  readonly #parts: MachineParts;
  readonly #dirty = new Set<Door>();
  /** As `continueClock` of src/runtime/clock.ts: steady time goes on from run to run. */
  readonly #steadyFromMs: number;
  readonly #fromMs: number;
  readonly #attempts = new Map<string, number>();
  readonly #dialling = new Set<string>();
  readonly #resting = new Set<string>();
  #links = 0;
  #tokens = 0;
  #over = false;
  /** Effects until it dies in the middle of one. */
  effectsLeft = Infinity;

  constructor(parts: MachineParts) {
    this.#parts = parts;
    const { timeline, chance, disk, heart, witness } = parts;
    this.#fromMs = timeline.nowMs;
    this.state = this.#recover();
    const { aheadMs, lastMs } = this.state.ledger;
    this.#steadyFromMs = Math.max(parts.wallMs() - aheadMs, lastMs);
    witness.recovered(this.state);
    this.loop = new SimLoop({
      step: (event) => this.#step(event),
      freeze: () => utf8Bytes(heart.freeze(this.state)),
      disk,
      entries: disk.durable.length,
      stamp: () => this.#stamp(),
      after: (ms, act) => this.#after(ms, act),
      readMs: () => chance.between(0, 20),
      batchEvents: () => chance.of([1, 2, 8, loopLimits.batchEventsMax]),
      act: (effect) => this.#act(effect),
      flush: () => this.#flush(),
      holdReading: (link) => this.doors.get(link)?.hold(holds.loop),
      releaseReading: () => this.#releaseAll(holds.loop),
      onRoom: () => this.#releaseAll(holds.inbox),
      onFailure: () => parts.onEnd('died'),
      limits: loopLimits,
    });
    this.put({ kind: 'start', version: '0', startId: `life ${parts.life}` });
    for (const { name } of parts.settings.upstreams) this.#dial(name);
    this.#checkDoors();
  }

  put(happening: Happening): void {
    if (!this.#over) this.loop.put(happening);
  }

  /** A station calls. */
  accept(wire: Wire, station: string, from: string): void {
    const id = this.#open(wire, 'near', 'station');
    const token = `life-${this.#parts.life}-token-${(this.#tokens += 1)}`.padEnd(24, '-');
    const certificate = { name: station, fingerprint: `fingerprint of ${station}` };
    this.put({ kind: 'opened', link: id, peer: from, certificate, token });
  }

  /** No effect of it happens any more; who was connected is told, or finds out. */
  die(told: readonly Side[]): void {
    this.#over = true;
    for (const { wire } of [...this.doors.values()]) wire.cut(told);
  }

  /** As src/runtime/recover.ts: a snapshot where one is taken, then every entry after it. */
  #recover(): State {
    const { disk, heart, chance, settings, witness } = this.#parts;
    const usable = disk.snapshots.filter(({ entry }) => entry <= disk.durable.length);
    const snapshot = chance.oneIn(3) ? undefined : usable.at(-chance.between(1, 2));
    const state = createState(settings, keyTable, digestOf);
    let from = 0;
    witness.pages.count(
      snapshot === undefined ? 'start from the journal' : 'start from a snapshot',
    );
    if (snapshot !== undefined) {
      assert(heart.thaw(state, decoder.decode(snapshot.state)), 'a snapshot of this version thaws');
      from = snapshot.entry;
    }
    for (const kept of disk.durable.slice(from)) heart.replay(state, storedOf(kept));
    return state;
  }

  #step(event: Event): readonly Effect[] {
    const { heart, witness } = this.#parts;
    const effects = heart.step(this.state, event);
    witness.stepped(this.state, event, effects);
    witness.countsMemory(this.state, this.loop.keptEvents, this.doors.size);
    return effects;
  }

  #stamp(): Stamp {
    const { timeline, wallMs } = this.#parts;
    const atMs = this.#steadyFromMs + (timeline.nowMs - this.#fromMs);
    return { atMs, timeUs: wallMs() * 1000 };
  }

  #after(ms: number, act: () => void): void {
    this.#parts.timeline.after(ms, () => {
      if (!this.#over) act();
    });
  }

  #open(wire: Wire, side: Side, far: 'station' | 'switch'): LinkId {
    const { timeline } = this.#parts;
    const id = (this.#links += 1);
    const door = new Door({
      ...{ id, wire, side, far, limits: doorLimits },
      put: (happening) => this.put(happening),
      nowMs: () => timeline.nowMs,
      after: (ms, act) => this.#after(ms, act),
      isInboxFull: () => this.loop.full,
      onClosed: () => this.doors.delete(id),
    });
    this.doors.set(id, door);
    wire.attach(side, door);
    return id;
  }

  #act(effect: OutwardEffect): void {
    if (this.#over) return;
    if ((this.effectsLeft -= 1) < 0) throw new Crashed();
    this.#parts.witness.acts(effect, this.doors);
    switch (effect.kind) {
      case 'send': {
        const door = this.doors.get(effect.link);
        if (door === undefined) return;
        door.send(effect.frame);
        this.#dirty.add(door);
        return;
      }
      case 'expect':
        return this.doors.get(effect.link)?.expect(effect.frames, effect.bodyBytesMax);
      case 'end':
        return this.doors.get(effect.link)?.end();
      case 'cut':
        return this.doors.get(effect.link)?.cut();
      case 'verify':
        return this.#verify(effect);
      case 'renew':
        return this.#renew(effect);
      case 'dial':
        return this.#dialAgain(effect);
      case 'rest':
        this.#resting.add(effect.upstream);
        return;
      case 'drained':
        return this.#leave();
      case 'project':
      case 'answer':
      case 'log':
        return;
    }
  }

  #flush(): void {
    for (const door of this.#dirty) door.flush();
    this.#dirty.clear();
  }

  #verify({ link, password, credential, afterMs }: OutwardEffect & { kind: 'verify' }): void {
    const right = credential !== undefined && password === `secret of ${credential}`;
    const verdict = right ? 'right' : 'wrong';
    const ms = afterMs + this.#parts.chance.between(20, 120);
    this.#after(ms, () => this.put({ kind: 'verified', link, verdict }));
  }

  #renew({ link, user, password }: OutwardEffect & { kind: 'renew' }): void {
    const made = password.startsWith('secret of ');
    const outcome = made
      ? { changeId: password.slice('secret of '.length) }
      : { rule: `too simple for ${user}` };
    this.#after(50, () => this.put({ kind: 'renewed', link, ...outcome }));
  }

  #dialAgain({ upstream, atLeastMs, fresh }: OutwardEffect & { kind: 'dial' }): void {
    this.#resting.delete(upstream);
    if (fresh) this.#attempts.set(upstream, 0);
    if (!this.#dialling.has(upstream)) this.#dialLater(upstream, atLeastMs);
  }

  #dialLater(upstream: string, atLeastMs: number): void {
    const attempts = this.#attempts.get(upstream) ?? 0;
    const waitMs = Math.max(atLeastMs, Math.min(60_000, 1_000 * 2 ** attempts));
    this.#attempts.set(upstream, attempts + 1);
    this.#dialling.add(upstream);
    const jitter = 1 + 0.2 * this.#parts.chance.next();
    this.#after(Math.round(waitMs * jitter), () => this.#dial(upstream));
  }

  #dial(upstream: string): void {
    this.#dialling.delete(upstream);
    if (this.#resting.has(upstream)) return;
    const wire = this.#parts.call(upstream);
    if (wire === undefined) return this.#dialLater(upstream, 0);
    const link = this.#open(wire, 'far', 'switch');
    this.put({ kind: 'dialled', link, upstream, peer: '10.9.9.9:7445' });
  }

  /** Drained: a last snapshot, when idle; then the process is over. */
  #leave(): void {
    this.#after(10, () => {
      if (!this.loop.idle) return this.#leave();
      const { disk, heart, onEnd } = this.#parts;
      disk.saveSnapshot({
        entry: disk.durable.length,
        state: utf8Bytes(heart.freeze(this.state)),
      });
      onEnd('left');
    });
  }

  #checkDoors(): void {
    this.#after(checkMs, () => {
      for (const door of [...this.doors.values()]) door.check();
      this.#checkDoors();
    });
  }

  #releaseAll(hold: (typeof holds)['inbox' | 'loop']): void {
    for (const door of [...this.doors.values()]) {
      if (hold === holds.inbox && this.loop.full) return;
      door.release(hold);
    }
  }
}

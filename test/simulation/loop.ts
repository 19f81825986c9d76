// src/runtime/loop.ts without its clock and its promises: batches, effects held until their commit, two
// batches under way, octets read back, the detour while the disk is full. The same parts where they are
// pure (what overtakes, what is kept, which answers are withheld), the same order of everything else.

import { strict as assert } from 'node:assert';
import type { StoredEntry } from '#journal/entry';
import type { JournalCondition } from '#journal/journal';
import { controlFrame } from '#protocol/frame';
import type { Stamp } from '#src/net/ports';
import { BusyAnswers } from '#src/runtime/busy-answers';
import {
  type Batch,
  fateOf,
  frameTypeAt,
  KeptEvents,
  mayOvertake,
  newBatch,
  type OutwardEffect,
} from '#src/runtime/detour';
import { EventQueue } from '#src/runtime/inbox';
import type { LoopLimits } from '#src/runtime/limits';
import { RecentEntries } from '#src/runtime/recent';
import { Snapshots } from '#src/runtime/snapshots';
import type { Effect } from '#switch/effect';
import type { Event, Happening, LinkId } from '#switch/event';
import type { Disk } from './disk.ts';

export interface LoopParts {
  readonly step: (event: Event) => readonly Effect[];
  readonly freeze: () => Uint8Array;
  readonly disk: Disk;
  readonly entries: number;
  readonly stamp: () => Stamp;
  /** Later in this life of the process, or never. */
  readonly after: (ms: number, act: () => void) => void;
  /** How late a read of the disk is; how many events the next batch takes. */
  readonly readMs: () => number;
  readonly batchEvents: () => number;
  readonly act: (effect: OutwardEffect) => void;
  readonly flush: () => void;
  readonly holdReading: (link: LinkId) => void;
  readonly releaseReading: () => void;
  readonly onRoom: () => void;
  readonly onFailure: () => void;
  readonly limits: LoopLimits;
}

const answers: ReadonlySet<number> = new Set([0x02, 0x04, 0x12, 0x3f]);
const patienceCheckMs = 250;
const grainMs = 10;

interface Asked {
  readonly entry: number;
  done: boolean;
  stored: StoredEntry | undefined;
}

export class SimLoop {
  readonly #parts: LoopParts;
  readonly #queue: EventQueue;
  readonly #recent: RecentEntries;
  readonly #asked: Asked[] = [];
  readonly #bodies: Event[] = [];
  readonly #underWay: Batch[] = [];
  readonly #kept: KeptEvents;
  readonly #snapshots: Snapshots;
  readonly #busy = new BusyAnswers();
  readonly #alarms = new Set<number>();
  readonly #unanswered = new Map<LinkId, number>();
  readonly #upstreams = new Set<LinkId>();
  #waiting = newBatch();
  /** While the disk is full: the block it is, for its patience. */
  #block: number | undefined;
  #blocks = 0;
  #wasFull = false;
  #scheduled = false;
  #lastEntry: number;
  #settledEntry: number;

  constructor(parts: LoopParts) {
    this.#parts = parts;
    this.#queue = new EventQueue(parts.limits);
    this.#lastEntry = this.#settledEntry = parts.entries;
    const clock = { atMs: () => parts.stamp().atMs, stamp: parts.stamp };
    this.#snapshots = new Snapshots({ ...parts, clock, entry: parts.entries });
    this.#recent = new RecentEntries(parts.limits.recentBytesMax);
    this.#kept = new KeptEvents(parts.limits.keptPerLinkMax, parts.holdReading);
    parts.disk.onCondition = (condition) => this.#onCondition(condition);
  }

  put(happening: Happening): void {
    this.#queue.push({ ...happening, ...this.#parts.stamp() });
    if (this.full) this.#wasFull = true;
    this.#schedule();
  }

  get full(): boolean {
    return this.#queue.full;
  }

  get blocked(): boolean {
    return this.#block !== undefined;
  }

  get keptEvents(): number {
    return this.#kept.length;
  }

  /** All that happened is stepped, durable and acted on. */
  get idle(): boolean {
    return !this.blocked && this.#underWay.length + this.#queue.length + this.#bodies.length === 0;
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#parts.after(0, () => this.#turn());
  }

  #turn(): void {
    this.#scheduled = false;
    if (!this.blocked && this.#underWay.length >= this.#parts.limits.batchesMax) return;
    this.#stepBatch();
    this.#settle();
  }

  #stepBatch(): void {
    const batch = this.blocked ? this.#waiting : newBatch();
    this.#stepBodies(batch);
    for (let left = this.#parts.batchEvents(); left > 0; left--) {
      if (this.#isLarge(batch)) break;
      const event = this.#queue.shift();
      if (event === undefined) break;
      if (this.blocked) this.#stepBlocked(event, batch);
      else this.#step(event, batch);
      this.#stepBodies(batch);
    }
    if (!this.blocked) this.#submit(batch);
    // Bodies wait while the journal is blocked: turning for them would only burn the core.
    const bodies = this.blocked ? 0 : this.#bodies.length;
    if (this.#queue.length + bodies > 0) this.#schedule();
    if (!this.#wasFull || !this.#queue.hasRoom) return;
    this.#wasFull = false;
    this.#parts.onRoom();
  }

  #isLarge({ bytes }: Batch): boolean {
    return !this.blocked && bytes >= this.#parts.limits.batchBytesMax;
  }

  #step(event: Event, batch: Batch): void {
    this.#observe(event);
    this.#sort(this.#parts.step(event), batch);
  }

  #stepBodies(batch: Batch): void {
    while (!this.blocked && !this.#isLarge(batch)) {
      const body = this.#bodies.shift();
      if (body === undefined) return;
      this.#sort(this.#parts.step(body), batch);
    }
  }

  #stepBlocked(event: Event, batch: Batch): void {
    const fate = fateOf(event, this.#upstreams);
    this.#observe(event);
    if (event.kind === 'command' && fate === 'refuse')
      this.#act({ kind: 'answer', id: event.id, error: 'MSC-3106' });
    if (fate === 'keep') this.#kept.keep(event);
    if (fate !== 'step') return;
    const effects = this.#parts.step(event);
    if (!mayOvertake(effects)) this.#sort(effects, batch);
    else for (const effect of effects) this.#overtake(effect);
  }

  #overtake(effect: Effect): void {
    if (effect.kind === 'append' || effect.kind === 'read' || effect.kind === 'wake')
      return this.#sort([effect], this.#waiting);
    this.#busy.note(effect);
    this.#act(effect);
  }

  #sort(effects: readonly Effect[], batch: Batch): void {
    for (const effect of effects)
      switch (effect.kind) {
        case 'append':
          batch.entries.push(effect.stored);
          batch.bytes += effect.stored.body?.length ?? 0;
          this.#recent.put(effect.stored);
          this.#lastEntry = effect.stored.entry.entry;
          break;
        case 'read':
          this.#ask(effect.entry);
          break;
        case 'wake':
          this.#wakeAt(effect.atMs);
          break;
        case 'send':
        case 'expect':
        case 'end':
        case 'cut':
        case 'verify':
        case 'renew':
        case 'project':
        case 'answer':
        case 'dial':
        case 'rest':
        case 'log':
        case 'drained':
          batch.effects.push(effect);
          break;
      }
  }

  #submit(batch: Batch): void {
    if (batch.entries.length + batch.effects.length === 0) return;
    batch.lastEntry = this.#lastEntry;
    this.#underWay.push(batch);
    if (batch.entries.length === 0) {
      batch.durable = true;
      return;
    }
    const frozen = this.#snapshots.takeIfDue(batch.lastEntry);
    if (frozen !== undefined) batch.frozen = frozen;
    this.#parts.disk.append(batch.entries, () => {
      batch.durable = true;
      this.#settle();
      this.#schedule();
    });
  }

  #settle(): void {
    const before = this.#settledEntry;
    for (let batch = this.#underWay[0]; batch?.durable === true; batch = this.#underWay[0]) {
      this.#underWay.shift();
      for (const effect of batch.effects) if (!this.#busy.withholds(effect)) this.#act(effect);
      if (batch.endsBlock) this.#busy.clear();
      this.#settledEntry = batch.lastEntry;
      const { lastEntry: entry, frozen: state } = batch;
      if (state !== undefined) this.#parts.disk.saveSnapshot({ entry, state });
    }
    this.#parts.flush();
    if (this.#settledEntry === before) return;
    this.#recent.durable(this.#settledEntry);
    this.put({ kind: 'committed', entries: this.#settledEntry });
  }

  #act(effect: OutwardEffect): void {
    this.#parts.act(effect);
    if (this.#unanswered.size === 0 || effect.kind !== 'send') return;
    if (answers.has(effect.frame[frameTypeAt] ?? 0)) this.#unanswered.delete(effect.link);
  }

  #observe(event: Event): void {
    if (event.kind === 'frame') {
      if (event.frame.type === 'HELLO' || event.frame.type === 'SIGN_ON')
        this.#unanswered.set(event.link, event.atMs);
    } else if (event.kind === 'dialled') this.#upstreams.add(event.link);
    else if (event.kind === 'closed') {
      this.#unanswered.delete(event.link);
      this.#upstreams.delete(event.link);
    }
  }

  #onCondition(condition: JournalCondition): void {
    switch (condition.kind) {
      case 'blocked':
        if (this.blocked) return;
        this.#block = this.#blocks += 1;
        this.#watchPatience(this.#block);
        for (const batch of this.#underWay) batch.endsBlock = false;
        this.#tellCondition('blocked', []);
        break;
      case 'open':
        if (!this.blocked) return;
        this.#goOn();
        break;
      case 'failed':
        return this.#parts.onFailure();
    }
    this.#schedule();
  }

  #tellCondition(condition: 'blocked' | 'open', then: readonly Event[]): void {
    const entries = this.#settledEntry;
    const told: Event = { kind: 'journal', condition, entries, ...this.#stamp() };
    const unheard = this.#queue.first?.kind === 'journal';
    if (unheard) this.#queue.shift();
    this.#queue.prepend(unheard ? then : [told, ...then]);
  }

  #goOn(): void {
    this.#block = undefined;
    const waiting = this.#waiting;
    this.#waiting = newBatch();
    this.#submit(waiting);
    const last = this.#underWay.at(-1);
    if (last !== undefined) last.endsBlock = true;
    this.#tellCondition('open', this.#kept.take(this.#stamp()));
    this.#parts.releaseReading();
  }

  #watchPatience(block: number): void {
    this.#parts.after(patienceCheckMs, () => {
      if (this.#block !== block) return;
      this.#losePatience();
      this.#watchPatience(block);
    });
  }

  #losePatience(): void {
    const sinceMs = this.#parts.stamp().atMs - this.#parts.limits.patienceMs;
    for (const [link, atMs] of this.#unanswered) {
      if (atMs > sinceMs) continue;
      this.#act({ kind: 'send', link, frame: journalBlocked });
      this.#act({ kind: 'end', link });
      this.#kept.giveUp(link);
    }
    this.#parts.flush();
  }

  #stamp(): Stamp {
    const first = this.#queue.first;
    return first === undefined ? this.#parts.stamp() : { atMs: first.atMs, timeUs: first.timeUs };
  }

  /** As src/runtime/reads.ts: in the order asked, at once where memory has it and nothing is under way. */
  #ask(entry: number): void {
    const stored = this.#recent.get(entry);
    if (stored !== undefined && this.#asked.length === 0) return this.#answer(entry, stored);
    const asked: Asked = { entry, done: stored !== undefined, stored };
    this.#asked.push(asked);
    if (asked.done) return;
    this.#parts.after(this.#parts.readMs(), () => {
      asked.done = true;
      asked.stored = this.#parts.disk.read(entry);
      for (let first = this.#asked[0]; first?.done === true; first = this.#asked[0]) {
        this.#asked.shift();
        this.#answer(first.entry, first.stored);
      }
    });
  }

  #answer(entry: number, stored: StoredEntry | undefined): void {
    assert(stored, `entry ${entry} is read before it is there`);
    this.#bodies.push({ kind: 'body', entry, stored, ...this.#stamp() });
    this.#schedule();
  }

  /** As src/runtime/alarms.ts: one tick for all that is asked for within a grain. */
  #wakeAt(atMs: number): void {
    const at = Math.ceil(atMs / grainMs) * grainMs;
    if (this.#alarms.has(at)) return;
    this.#alarms.add(at);
    this.#parts.after(Math.max(0, at - this.#parts.stamp().atMs), () => {
      this.#alarms.delete(at);
      this.put({ kind: 'tick' });
    });
  }
}

const laterText = 'The journal cannot be written now. Come back.';
const journalBlocked = controlFrame('CLOSE', { code: 'C13', text: laterText });

// The crank. It takes a batch of what happened, steps the switch, commits every `append` of the batch
// in one call of the journal, and only then acts on the rest: durable first, then acknowledge.
// The next batches are stepped while the former commit; each acts after its own commit, in order.
// A failed journal ends the process with 74, an exception of ours with 70. It never retries either. A
// snapshot is a cache: one that fails is told, and the next is tried when it is due.

import type { StoredEntry } from '#journal/entry';
import type { Journal, JournalCondition } from '#journal/journal';
import type { Effect } from '#switch/effect';
import type { Event, LinkId } from '#switch/event';
import type { Clock, Inbox, Stamp } from '#src/net/ports';
import { Alarms } from './alarms.ts';
import { BusyAnswers } from './busy-answers.ts';
import { fateOf, KeptEvents, mayOvertake, newBatch } from './detour.ts';
import type { Batch, OutwardEffect } from './detour.ts';
import { EventQueue } from './inbox.ts';
import type { LoopLimits } from './limits.ts';
import { comeBack, Patience } from './patience.ts';
import { Reads } from './reads.ts';
import { RecentEntries } from './recent.ts';
import { Snapshots } from './snapshots.ts';

export interface LoopParts {
  readonly step: (event: Event) => readonly Effect[];
  /** The state as octets, for a snapshot. */
  readonly freeze: () => Uint8Array;
  readonly journal: Pick<Journal, 'append' | 'read' | 'saveSnapshot' | 'onCondition'>;
  /** The last entry of the journal when the loop begins. */
  readonly entries: number;
  readonly clock: Clock;
  readonly act: (effect: OutwardEffect) => void;
  /** All effects of a turn are done: write what was gathered. */
  readonly flush: () => void;
  /** These are durable, and what followed them was done; in their order. */
  readonly publish: (entries: readonly StoredEntry[]) => void;
  readonly holdReading: (link: LinkId) => void;
  readonly releaseReading: () => void;
  /** The process must end with this code, at once. Called once. */
  readonly onFailure: (exit: 70 | 74, cause: unknown) => void;
  /** A snapshot was not written; the next start replays more. */
  readonly onSnapshotFailed: (cause: unknown) => void;
  readonly limits: LoopLimits;
}

export interface LastCommit {
  /** Steady milliseconds. */
  readonly atMs: number;
  /** From the append to its durability. */
  readonly tookMs: number;
}

const patienceCheckMs = 250;

export class Loop implements Inbox {
  readonly #parts: LoopParts;
  readonly #queue: EventQueue;
  readonly #alarms: Alarms;
  readonly #recent: RecentEntries;
  readonly #reads: Reads;
  /** Answers to `read` effects, not stepped yet. */
  readonly #bodies: Event[] = [];
  readonly #underWay: Batch[] = [];
  readonly #snapshots: Snapshots;
  readonly #kept: KeptEvents;
  readonly #busy = new BusyAnswers();
  /** What the switch appended although blocked, and all that must follow it. */
  #waiting = newBatch();
  #blocked: NodeJS.Timeout | undefined;
  readonly #patience = new Patience();
  readonly #upstreams = new Set<LinkId>();
  readonly #roomListeners: (() => void)[] = [];
  readonly #idleListeners: (() => void)[] = [];
  #wasFull = false;
  #scheduled = false;
  #stopped = false;
  #lastEntry: number;
  /** Durable up to here, and acted on. */
  #settledEntry: number;
  #lastCommit: LastCommit;

  constructor(parts: LoopParts) {
    const { clock, limits, journal } = parts;
    this.#parts = parts;
    this.#queue = new EventQueue(limits);
    this.#lastEntry = this.#settledEntry = parts.entries;
    this.#lastCommit = { atMs: clock.atMs(), tookMs: 0 };
    this.#snapshots = new Snapshots({ ...parts, entry: parts.entries });
    this.#alarms = new Alarms(clock.atMs, () => this.put({ kind: 'tick', ...clock.stamp() }));
    this.#recent = new RecentEntries(limits.recentBytesMax);
    this.#kept = new KeptEvents(limits.keptPerLinkMax, parts.holdReading);
    this.#reads = new Reads({
      journal,
      recent: this.#recent,
      answer: (entry, stored) => {
        const answer = { kind: 'body', entry, ...this.#stamp() } as const;
        this.#bodies.push(stored === undefined ? answer : { ...answer, stored });
        this.#schedule();
      },
      fail: (cause) => this.#fail(74, cause),
    });
    journal.onCondition((condition) => this.#onCondition(condition));
  }

  put(event: Event): void {
    this.#queue.push(event);
    if (this.full) this.#wasFull = true;
    this.#schedule();
  }

  get full(): boolean {
    return this.#queue.full;
  }

  onRoom(listener: () => void): void {
    this.#roomListeners.push(listener);
  }

  get blocked(): boolean {
    return this.#blocked !== undefined;
  }

  get lastCommit(): LastCommit {
    return this.#lastCommit;
  }

  /** Resolves when all that happened is stepped, durable and acted on. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#idleListeners.push(resolve);
      this.#schedule();
    });
  }

  /** A last snapshot, when idle; then nothing more is stepped. */
  async finish(): Promise<void> {
    await this.idle();
    this.stop();
    await this.#save(this.#lastEntry, this.#parts.freeze());
  }

  /** At once: nothing more is stepped, committed or acted on. */
  stop(): void {
    this.#stopped = true;
    this.#alarms.stop();
    clearInterval(this.#blocked);
  }

  #schedule(): void {
    if (this.#scheduled || this.#stopped) return;
    this.#scheduled = true;
    // After all sockets of this round were read: what they brought is one batch.
    setImmediate(this.#turn);
  }

  readonly #turn = (): void => {
    this.#scheduled = false;
    if (this.#stopped) return;
    // The next commit goes on from here.
    if (!this.blocked && this.#underWay.length >= this.#parts.limits.batchesMax) return;
    try {
      this.#stepBatch();
      this.#settle();
    } catch (cause) {
      this.#fail(70, cause);
    }
  };

  #stepBatch(): void {
    const batch = this.blocked ? this.#waiting : newBatch();
    this.#stepBodies(batch);
    for (let left = this.#parts.limits.batchEventsMax; left > 0; left--) {
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
    for (const listener of this.#roomListeners) listener();
  }

  /** While blocked nothing is committed, and what comes has its own bounds. */
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
          this.#reads.ask(effect.entry);
          break;
        case 'wake':
          this.#alarms.add(effect.atMs);
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
    // The state of this batch: all entries up to its last are stepped, and none after.
    const frozen = this.#snapshots.takeIfDue(batch.lastEntry);
    if (frozen !== undefined) batch.frozen = frozen;
    const sinceMs = this.#parts.clock.atMs();
    this.#parts.journal.append(batch.entries).then(
      () => this.#committed(batch, sinceMs),
      (cause: unknown) => this.#fail(74, cause),
    );
  }

  #committed(batch: Batch, sinceMs: number): void {
    if (this.#stopped) return;
    batch.durable = true;
    const atMs = this.#parts.clock.atMs();
    this.#lastCommit = { atMs, tookMs: atMs - sinceMs };
    try {
      this.#settle();
    } catch (cause) {
      this.#fail(70, cause);
    }
    this.#schedule();
  }

  /** Acts for every batch that is durable and whose former ones have acted. */
  #settle(): void {
    const before = this.#settledEntry;
    for (let batch = this.#underWay[0]; batch?.durable === true; batch = this.#underWay[0]) {
      this.#underWay.shift();
      for (const effect of batch.effects) if (!this.#busy.withholds(effect)) this.#act(effect);
      if (batch.endsBlock) this.#busy.clear();
      this.#settledEntry = batch.lastEntry;
      if (batch.entries.length > 0) this.#parts.publish(batch.entries);
      if (batch.frozen !== undefined) void this.#save(batch.lastEntry, batch.frozen);
    }
    this.#parts.flush();
    if (this.#settledEntry > before) this.#tellCommitted(this.#settledEntry);
    if (!this.blocked && this.#underWay.length + this.#queue.length + this.#bodies.length === 0)
      for (const listener of this.#idleListeners.splice(0)) listener();
  }

  #tellCommitted(entries: number): void {
    this.#recent.durable(entries);
    this.put({ kind: 'committed', entries, ...this.#parts.clock.stamp() });
  }

  #act(effect: OutwardEffect): void {
    this.#parts.act(effect);
    this.#patience.answer(effect);
  }

  #save(entry: number, state: Uint8Array): Promise<void> {
    const { journal, onSnapshotFailed } = this.#parts;
    return journal.saveSnapshot(entry, state).catch(onSnapshotFailed);
  }

  #observe(event: Event): void {
    this.#patience.note(event);
    if (event.kind === 'dialled') this.#upstreams.add(event.link);
    else if (event.kind === 'closed') this.#upstreams.delete(event.link);
  }

  #onCondition(condition: JournalCondition): void {
    switch (condition.kind) {
      case 'blocked':
        if (this.blocked || this.#stopped) return;
        this.#blocked = setInterval(() => this.#losePatience(), patienceCheckMs);
        // What a former block left under way waits for the end of this one.
        for (const batch of this.#underWay) batch.endsBlock = false;
        this.#tellCondition('blocked', []);
        break;
      case 'open':
        if (!this.blocked || this.#stopped) return;
        this.#goOn();
        break;
      case 'failed':
        this.#fail(74, condition.cause);
        return;
    }
    this.#schedule();
  }

  /** Before all that waits. One that the switch has not heard yet and its opposite are neither said. */
  #tellCondition(condition: 'blocked' | 'open', then: readonly Event[]): void {
    // The switch may not have heard of the last commit: it must not say BUSY for what has its ACK.
    const entries = this.#settledEntry;
    const told: Event = { kind: 'journal', condition, entries, ...this.#stamp() };
    const unheard = this.#queue.first?.kind === 'journal';
    if (unheard) this.#queue.shift();
    this.#queue.prepend(unheard ? then : [told, ...then]);
  }

  #goOn(): void {
    clearInterval(this.#blocked);
    this.#blocked = undefined;
    const waiting = this.#waiting;
    this.#waiting = newBatch();
    this.#submit(waiting);
    const last = this.#underWay.at(-1);
    if (last !== undefined) last.endsBlock = true;
    this.#tellCondition('open', this.#kept.take(this.#stamp()));
    this.#parts.releaseReading();
  }

  /** Who waited too long for WELCOME or SIGNED_ON comes back later (link M4a). */
  #losePatience(): void {
    const sinceMs = this.#parts.clock.atMs() - this.#parts.limits.patienceMs;
    for (const link of this.#patience.lateSince(sinceMs)) {
      this.#act({ kind: 'send', link, frame: comeBack });
      this.#act({ kind: 'end', link });
      this.#kept.giveUp(link);
    }
    this.#parts.flush();
  }

  /** That of what waits first, so that time never steps back from one event to the next. */
  #stamp(): Stamp {
    const first = this.#queue.first;
    return first === undefined
      ? this.#parts.clock.stamp()
      : { atMs: first.atMs, timeUs: first.timeUs };
  }

  #fail(exit: 70 | 74, cause: unknown): void {
    if (this.#stopped) return;
    this.stop();
    this.#parts.onFailure(exit, cause);
  }
}

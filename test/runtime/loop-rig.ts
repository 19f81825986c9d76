// A loop with a switch and a journal that do what the test says.

import { afterEach } from 'vitest';
import type { StoredEntry } from '#journal/entry';
import type { JournalCondition } from '#journal/journal';
import { ackFrame, controlFrame, echoFrame, type FrameType } from '#protocol/frame';
import { systemClock } from '#src/runtime/clock';
import type { OutwardEffect } from '#src/runtime/detour';
import type { LoopLimits } from '#src/runtime/limits';
import { Loop } from '#src/runtime/loop';
import type { Effect } from '#switch/effect';
import type { Event, Happening } from '#switch/event';

export const limits: LoopLimits = {
  batchEventsMax: 100,
  batchBytesMax: 1_000,
  batchesMax: 2,
  inboxEventsMax: 20,
  inboxBytesMax: 1 << 20,
  recentBytesMax: 1 << 20,
  snapshotEntries: 1000,
  snapshotMs: 0,
  snapshotTimes: 0,
  snapshotEntriesMax: 10_000,
  patienceMs: 50,
  keptPerLinkMax: 5,
};

/** A journal whose commits happen when the test says so. */
export class SlowJournal {
  readonly appended: StoredEntry[][] = [];
  readonly snapshots: { entry: number; state: Uint8Array }[] = [];
  readonly #commits: PromiseWithResolvers<undefined>[] = [];
  readonly #reads = new Map<number, PromiseWithResolvers<StoredEntry | undefined>>();
  #listener: (condition: JournalCondition) => void = () => undefined;

  append(entries: readonly StoredEntry[]): Promise<void> {
    this.appended.push([...entries]);
    const commit = Promise.withResolvers<undefined>();
    this.#commits.push(commit);
    return commit.promise;
  }

  read(entry: number): Promise<StoredEntry | undefined> {
    const read = Promise.withResolvers<StoredEntry | undefined>();
    this.#reads.set(entry, read);
    return read.promise;
  }

  answerRead(entry: number): void {
    this.#reads.get(entry)?.resolve(stored(entry));
  }

  /** What becomes of every snapshot. */
  saving: () => Promise<void> = () => Promise.resolve();

  saveSnapshot(entry: number, state: Uint8Array): Promise<void> {
    this.snapshots.push({ entry, state });
    return this.saving();
  }

  onCondition(listener: (condition: JournalCondition) => void): void {
    this.#listener = listener;
  }

  become(condition: JournalCondition): void {
    this.#listener(condition);
  }

  async commit(): Promise<void> {
    this.#commits.shift()?.resolve(undefined);
    await settled();
  }
}

/** All turns that are due have run. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}

export function stored(entry: number): StoredEntry {
  const received = { kind: 'received', direction: 'in', to: [] } as const;
  return { entry: { entry, time: 0, ...received }, body: Uint8Array.of(entry) };
}

export interface Rig {
  readonly loop: Loop;
  readonly journal: SlowJournal;
  readonly acted: OutwardEffect[];
  readonly stepped: Event[];
  readonly failures: { exit: number; cause: unknown }[];
  readonly unsaved: unknown[];
  readonly held: number[];
  readonly put: (happening: Happening) => void;
}

let open: Loop | undefined;
afterEach(() => open?.stop());

export function rig(step: (event: Event) => readonly Effect[], own: Partial<LoopLimits> = {}): Rig {
  const journal = new SlowJournal();
  const acted: OutwardEffect[] = [];
  const stepped: Event[] = [];
  const failures: { exit: number; cause: unknown }[] = [];
  const held: number[] = [];
  const unsaved: unknown[] = [];
  const loop = new Loop({
    step: (event) => {
      stepped.push(event);
      return step(event);
    },
    freeze: () => Uint8Array.of(stepped.length),
    journal,
    entries: 0,
    clock: systemClock,
    act: (effect) => acted.push(effect),
    flush: () => undefined,
    publish: () => undefined,
    holdReading: (link) => held.push(link),
    releaseReading: () => held.splice(0),
    onFailure: (exit, cause) => failures.push({ exit, cause }),
    onSnapshotFailed: (cause) => unsaved.push(cause),
    limits: { ...limits, ...own },
  });
  open = loop;
  const put = (happening: Happening): void => loop.put({ ...happening, ...systemClock.stamp() });
  return { loop, journal, acted, stepped, failures, unsaved, held, put };
}

export const frame = (type: FrameType, link = 1, number = 0): Happening => ({
  kind: 'frame',
  link,
  frame: { type, flags: 0, class: 0, number, mnemonic: undefined, body: new Uint8Array(0) },
});
export const send = (link: number, octets: Uint8Array): Effect => ({
  kind: 'send',
  link,
  frame: octets,
});
export const busy = controlFrame('BUSY', { retryAfterMs: 1000 }, 9);

/** A switch that stores each MESSAGE and acknowledges it, and while blocked is busy. */
export function storing(): (event: Event) => readonly Effect[] {
  let entries = 0;
  let blocked = false;
  return (event) => {
    if (event.kind === 'journal') blocked = event.condition === 'blocked';
    if (event.kind !== 'frame') return [];
    if (event.frame.type === 'PING') return [send(event.link, echoFrame('PONG'))];
    if (event.frame.type === 'SIGN_OFF') return [send(event.link, ackFrame(77))];
    if (event.frame.type !== 'MESSAGE' && event.frame.type !== 'ACK') return [];
    if (blocked) return [send(event.link, busy)];
    return [
      { kind: 'append', stored: stored(++entries) },
      send(event.link, ackFrame(event.frame.number)),
    ];
  };
}

export const acks = (acted: readonly OutwardEffect[]): readonly number[] =>
  acted.flatMap((effect) =>
    effect.kind === 'send' && effect.frame[3] === 0x11 ? [ackOf(effect.frame)] : [],
  );
export const ackOf = (octets: Uint8Array): number => new DataView(octets.buffer).getUint32(8);
export const types = (acted: readonly OutwardEffect[]): readonly (number | string)[] =>
  acted.map((effect) => (effect.kind === 'send' ? (effect.frame[3] ?? 0) : effect.kind));

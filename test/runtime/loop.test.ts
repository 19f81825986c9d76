// The crank, with a switch and a journal that do what the test says.

import { afterEach, describe, expect, it } from 'vitest';
import type { StoredEntry } from '#journal/entry';
import type { JournalCondition } from '#journal/journal';
import { ackFrame, controlFrame, echoFrame, type FrameType } from '#protocol/frame';
import { systemClock } from '#src/runtime/clock';
import type { OutwardEffect } from '#src/runtime/detour';
import type { LoopLimits } from '#src/runtime/limits';
import { Loop } from '#src/runtime/loop';
import type { Effect } from '#switch/effect';
import type { Event, Happening } from '#switch/event';

const limits: LoopLimits = {
  batchEventsMax: 100,
  batchesMax: 2,
  inboxEventsMax: 20,
  recentBytesMax: 1 << 20,
  snapshotEntries: 1000,
  snapshotMs: 0,
  patienceMs: 50,
  keptPerLinkMax: 5,
};

/** A journal whose commits happen when the test says so. */
class SlowJournal {
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

  saveSnapshot(entry: number, state: Uint8Array): Promise<void> {
    this.snapshots.push({ entry, state });
    return Promise.resolve();
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
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}

function stored(entry: number): StoredEntry {
  const received = { kind: 'received', direction: 'in', to: [] } as const;
  return { entry: { entry, time: 0, ...received }, body: Uint8Array.of(entry) };
}

interface Rig {
  readonly loop: Loop;
  readonly journal: SlowJournal;
  readonly acted: OutwardEffect[];
  readonly stepped: Event[];
  readonly failures: { exit: number; cause: unknown }[];
  readonly held: number[];
  readonly put: (happening: Happening) => void;
}

let open: Loop | undefined;
afterEach(() => open?.stop());

function rig(step: (event: Event) => readonly Effect[], own: Partial<LoopLimits> = {}): Rig {
  const journal = new SlowJournal();
  const acted: OutwardEffect[] = [];
  const stepped: Event[] = [];
  const failures: { exit: number; cause: unknown }[] = [];
  const held: number[] = [];
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
    holdReading: (link) => held.push(link),
    releaseReading: () => held.splice(0),
    onFailure: (exit, cause) => failures.push({ exit, cause }),
    limits: { ...limits, ...own },
  });
  open = loop;
  const put = (happening: Happening): void => loop.put({ ...happening, ...systemClock.stamp() });
  return { loop, journal, acted, stepped, failures, held, put };
}

const frame = (type: FrameType, link = 1, number = 0): Happening => ({
  kind: 'frame',
  link,
  frame: { type, flags: 0, class: 0, number, mnemonic: undefined, body: new Uint8Array(0) },
});
const send = (link: number, octets: Uint8Array): Effect => ({ kind: 'send', link, frame: octets });
const busy = controlFrame('BUSY', { retryAfterMs: 1000 }, 9);

/** A switch that stores each MESSAGE and acknowledges it, and while blocked is busy. */
function storing(): (event: Event) => readonly Effect[] {
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

const acks = (acted: readonly OutwardEffect[]): readonly number[] =>
  acted.flatMap((effect) =>
    effect.kind === 'send' && effect.frame[3] === 0x11 ? [ackOf(effect.frame)] : [],
  );
const ackOf = (octets: Uint8Array): number => new DataView(octets.buffer).getUint32(8);
const types = (acted: readonly OutwardEffect[]): readonly (number | string)[] =>
  acted.map((effect) => (effect.kind === 'send' ? (effect.frame[3] ?? 0) : effect.kind));

describe('the loop', () => {
  it('acts only after the commit, and commits a whole batch in one call', async () => {
    const { journal, acted, put } = rig(storing());
    for (let n = 1; n <= 10; n++) put(frame('MESSAGE', 1, n));
    await settled();
    expect(journal.appended.map((batch) => batch.length)).toEqual([10]);
    expect(acted).toEqual([]);
    await journal.commit();
    expect(acks(acted)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('steps the next batch while the former commits, and keeps their order', async () => {
    const { journal, acted, put } = rig(storing());
    put(frame('MESSAGE', 1, 1));
    await settled();
    put(frame('MESSAGE', 1, 2));
    put(frame('PING'));
    await settled();
    expect(journal.appended).toHaveLength(2);
    await journal.commit();
    expect(types(acted)).toEqual([0x11]);
    await journal.commit();
    expect(types(acted)).toEqual([0x11, 0x11, 0x21]);
  });

  it('lets effects without an entry wait for the batches before them', async () => {
    const { journal, acted, put } = rig(storing());
    put(frame('MESSAGE', 1, 1));
    await settled();
    put(frame('PING'));
    await settled();
    expect(acted).toEqual([]);
    await journal.commit();
    expect(types(acted)).toEqual([0x11, 0x21]);
  });

  it('has a bounded number of batches under way; the rest waits in the inbox, and readers stop', async () => {
    const { loop, journal, put, stepped } = rig(storing());
    let room = 0;
    loop.onRoom(() => room++);
    for (let n = 1; n <= 2; n++) {
      put(frame('MESSAGE', 1, n));
      await settled();
    }
    for (let n = 3; n <= 30; n++) put(frame('MESSAGE', 1, n));
    await settled();
    expect(journal.appended).toHaveLength(2);
    expect(stepped.filter(({ kind }) => kind === 'frame')).toHaveLength(2);
    expect(loop.full).toBe(true);
    await journal.commit();
    expect(loop.full).toBe(false);
    expect(room).toBe(1);
  });

  it('says up to where all is durable and let go', async () => {
    const { journal, put, stepped } = rig(storing());
    put(frame('MESSAGE', 1, 1));
    put(frame('MESSAGE', 1, 2));
    await settled();
    await journal.commit();
    expect(stepped.at(-1)).toMatchObject({ kind: 'committed', entries: 2 });
  });

  it('answers reads in the order asked, from memory where it can', async () => {
    let appended = 0;
    const { journal, put, stepped } = rig((event) => {
      if (event.kind !== 'frame') return [];
      if (appended === 0) {
        appended = 6;
        return [1, 2, 3, 4, 5, 6].map((n): Effect => ({ kind: 'append', stored: stored(n) }));
      }
      return [5, 90, 6].map((entry): Effect => ({ kind: 'read', entry }));
    });
    const bodies = (): readonly number[] =>
      stepped.flatMap((event) => (event.kind === 'body' ? [event.entry] : []));
    put(frame('MESSAGE'));
    put(frame('MESSAGE'));
    await settled();
    expect(bodies()).toEqual([5]);
    journal.answerRead(90);
    await settled();
    expect(bodies()).toEqual([5, 90, 6]);
  });

  it('asks for a tick when the switch wants one', async () => {
    const ticked = Promise.withResolvers<number>();
    const { put } = rig((event) => {
      if (event.kind === 'tick') ticked.resolve(event.atMs);
      return event.kind === 'frame' ? [{ kind: 'wake', atMs: event.atMs + 30 }] : [];
    });
    const from = systemClock.atMs();
    put(frame('PING'));
    expect(await ticked.promise).toBeGreaterThanOrEqual(from + 30);
  });

  it('keeps a snapshot of the state that stands on its entry, once that is durable', async () => {
    const { journal, put } = rig(storing(), { snapshotEntries: 2 });
    put(frame('MESSAGE', 1, 1));
    put(frame('MESSAGE', 1, 2));
    await settled();
    put(frame('PING'));
    await settled();
    expect(journal.snapshots).toEqual([]);
    await journal.commit();
    expect(journal.snapshots).toEqual([{ entry: 2, state: Uint8Array.of(2) }]);
  });

  it('ends with 70 when the switch breaks, and does nothing more', async () => {
    const { failures, acted, put } = rig((event) => {
      if (event.kind === 'frame' && event.frame.type === 'HELLO') throw new Error('bug');
      return [send(1, echoFrame('PONG'))];
    });
    put(frame('HELLO'));
    put(frame('PING'));
    await settled();
    expect(failures.map(({ exit }) => exit)).toEqual([70]);
    expect(acted).toEqual([]);
  });

  it('ends with 74 when the journal fails, and acknowledges nothing of what was under way', async () => {
    const { failures, journal, acted, put } = rig(storing());
    put(frame('MESSAGE', 1, 1));
    await settled();
    journal.become({ kind: 'failed', cause: new Error('EIO') });
    await journal.commit();
    expect(failures.map(({ exit }) => exit)).toEqual([74]);
    expect(acted).toEqual([]);
  });
});

describe('the loop, while the journal is blocked,', () => {
  async function blockedRig(own: Partial<LoopLimits> = {}): Promise<Rig> {
    const made = rig(storing(), own);
    made.put(frame('MESSAGE', 1, 1));
    await settled();
    made.journal.become({ kind: 'blocked', why: 'full' });
    await settled();
    return made;
  }

  it('is busy at once, though the ACK of what came before waits', async () => {
    const { journal, acted, put } = await blockedRig();
    put(frame('MESSAGE', 1, 2));
    put(frame('PING'));
    await settled();
    expect(types(acted)).toEqual([0x13, 0x21]);
    journal.become({ kind: 'open' });
    await journal.commit();
    expect(types(acted)).toEqual([0x13, 0x21, 0x11]);
  });

  it('lets no ACK overtake, though its step appends nothing', async () => {
    let blocked = false;
    const { journal, acted, put } = rig((event) => {
      if (event.kind === 'journal') blocked = event.condition === 'blocked';
      if (event.kind !== 'frame') return [];
      // Number 1 again: it was taken, but is not durable.
      if (blocked) return [send(1, ackFrame(1))];
      return [{ kind: 'append', stored: stored(1) }, send(1, ackFrame(1))];
    });
    put(frame('MESSAGE', 1, 1));
    await settled();
    journal.become({ kind: 'blocked', why: 'full' });
    put(frame('MESSAGE', 1, 1));
    await settled();
    expect(acted).toEqual([]);
    journal.become({ kind: 'open' });
    await journal.commit();
    expect(acks(acted)).toEqual([1, 1]);
  });

  it('keeps what would append, and steps it in order when the journal goes on', async () => {
    const { journal, stepped, put, held } = await blockedRig();
    const before = stepped.length;
    put(frame('ACK', 1, 1));
    put(frame('SIGN_OFF'));
    put({ kind: 'dialled', link: 5, upstream: 'STATE', peer: '::1' });
    put(frame('MESSAGE', 5, 1));
    await settled();
    expect(stepped).toHaveLength(before);
    for (let n = 0; n < 5; n++) put(frame('ACK', 1, 1));
    await settled();
    expect(held).toEqual([1]);
    journal.become({ kind: 'open' });
    await settled();
    expect(held).toEqual([]);
    const kinds = stepped.slice(before).map((e) => (e.kind === 'frame' ? e.frame.type : e.kind));
    expect(kinds.slice(0, 5)).toEqual(['journal', 'ACK', 'SIGN_OFF', 'dialled', 'MESSAGE']);
  });

  it('closes with C13 who waited too long for WELCOME, and forgets its HELLO', async () => {
    const { journal, acted, stepped, put } = await blockedRig();
    put({ kind: 'opened', link: 8, peer: '::1', token: 't' });
    put(frame('HELLO', 8));
    await expect.poll(() => types(acted), { timeout: 3000 }).toEqual([0x3f, 'end']);
    put({ kind: 'closed', link: 8, why: 'ended' });
    await settled();
    journal.become({ kind: 'open' });
    await settled();
    expect(stepped.some((event) => 'link' in event && event.link === 8)).toBe(false);
  });

  it('tells a person who commands that the disk is full', async () => {
    const { acted, put } = await blockedRig();
    put({ kind: 'command', id: 3, person: 'x', act: { kind: 'note', event: 'search' } });
    await settled();
    expect(acted).toEqual([{ kind: 'answer', id: 3, error: 'MSC-3106' }]);
  });
});

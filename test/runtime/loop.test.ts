// The crank, with a switch and a journal that do what the test says.

import { describe, expect, it } from 'vitest';
import { echoFrame } from '#protocol/frame';
import { systemClock } from '#src/runtime/clock';
import type { Effect } from '#switch/effect';
import { settled, stored, rig, frame, send, storing, acks, types } from './loop-rig.ts';

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

  it('ends a batch at its octets, and goes on with the next', async () => {
    const { journal, acted, put } = rig(storing(), { batchBytesMax: 4 });
    for (let n = 1; n <= 10; n++) put(frame('MESSAGE', 1, n));
    await settled();
    for (let commits = 0; commits < 3; commits++) await journal.commit();
    expect(journal.appended.map((batch) => batch.length)).toEqual([4, 4, 2]);
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

  it('goes on without a snapshot that fails, and tells why', async () => {
    const { loop, journal, failures, unsaved, acted, put } = rig(storing(), { snapshotEntries: 1 });
    const full = new Error('no room');
    journal.saving = () => Promise.reject(full);
    put(frame('MESSAGE', 1, 1));
    await settled();
    await journal.commit();
    expect([unsaved, failures, acks(acted)]).toEqual([[full], [], [1]]);
    await loop.finish();
    expect([unsaved, failures]).toEqual([[full, full], []]);
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

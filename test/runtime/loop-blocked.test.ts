// The crank while the journal cannot be written: what leaves, what waits, and what is never said.

import { describe, expect, it, vi } from 'vitest';
import { ackFrame, controlFrame } from '#protocol/frame';
import type { LoopLimits } from '#src/runtime/limits';
import { settled, stored, type Rig, rig, frame, send, storing, acks, types } from './loop-rig.ts';

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

  it('says with it how much is durable, for the word of the last commit may still wait', async () => {
    const { journal, stepped, put } = rig(storing());
    put(frame('MESSAGE', 1, 1));
    await settled();
    await journal.commit();
    journal.become({ kind: 'blocked', why: 'full' });
    await settled();
    expect(stepped.find(({ kind }) => kind === 'journal')).toMatchObject({ entries: 1 });
  });

  it('does not turn round and round for octets that must wait', async () => {
    const { journal, put } = rig((event) => {
      if (event.kind !== 'frame') return [];
      if (event.frame.type === 'PING') return [{ kind: 'read', entry: 1 }];
      return [{ kind: 'append', stored: stored(1) }];
    });
    put(frame('MESSAGE', 1, 1));
    await settled();
    journal.become({ kind: 'blocked', why: 'full' });
    put(frame('PING'));
    await settled();
    const turns = vi.spyOn(globalThis, 'setImmediate');
    await settled();
    // The five that `settled` itself asks for.
    expect(turns.mock.calls.length).toBe(5);
    turns.mockRestore();
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

  /** Numbers 1 and 2 of link 1 and number 5 of link 2 wait for room; the switch says BUSY 2 to link 1. */
  async function busyRig(): Promise<Rig> {
    const take = storing();
    const made = rig((event) => {
      if (event.kind !== 'journal') return take(event);
      if (event.condition === 'open') return [];
      return [send(1, controlFrame('BUSY', { retryAfterMs: 1000 }, 2))];
    });
    made.put(frame('MESSAGE', 1, 1));
    made.put(frame('MESSAGE', 1, 2));
    made.put(frame('MESSAGE', 2, 5));
    await settled();
    made.journal.become({ kind: 'blocked', why: 'full' });
    await settled();
    return made;
  }

  it('leaves out the ACK of a number that was answered BUSY meanwhile, and no other', async () => {
    const { journal, acted } = await busyRig();
    expect(types(acted)).toEqual([0x13]);
    journal.become({ kind: 'open' });
    await journal.commit();
    expect(acks(acted)).toEqual([1, 5]);
  });

  it('a second block before the first has acted still leaves out what was answered BUSY', async () => {
    const { journal, acted, put } = await busyRig();
    journal.become({ kind: 'open' });
    await settled();
    put(frame('MESSAGE', 2, 6));
    await settled();
    put(frame('MESSAGE', 1, 3)); // a third batch waits in the inbox or is stepped
    await settled();
    journal.become({ kind: 'blocked', why: 'full' });
    await settled();
    journal.become({ kind: 'open' });
    await journal.commit();
    await journal.commit();
    await journal.commit();
    expect(acks(acted)).toEqual([1, 5, 6]);
  });

  it('blocked and open again at once are never heard the wrong way round', async () => {
    const { journal, stepped } = rig(storing());
    journal.become({ kind: 'blocked', why: 'full' });
    journal.become({ kind: 'open' });
    await settled();
    const conditions = stepped.flatMap((e) => (e.kind === 'journal' ? [e.condition] : []));
    expect(conditions.at(-1)).not.toBe('blocked');
  });

  it('open and blocked again at once leave the switch knowing it is blocked', async () => {
    const { journal, stepped } = await blockedRig();
    journal.become({ kind: 'open' });
    journal.become({ kind: 'blocked', why: 'full' });
    await settled();
    const conditions = stepped.flatMap((e) => (e.kind === 'journal' ? [e.condition] : []));
    expect(conditions.at(-1)).toBe('blocked');
  });

  it('says that ACK when the number comes again after it went on', async () => {
    const { journal, acted, put } = await busyRig();
    journal.become({ kind: 'open' });
    put(frame('MESSAGE', 1, 2));
    await settled();
    await journal.commit();
    await journal.commit();
    expect(acks(acted)).toEqual([1, 5, 2]);
  });

  it('tells a person who commands that the disk is full', async () => {
    const { acted, put } = await blockedRig();
    put({ kind: 'command', id: 3, person: 'x', act: { kind: 'note', event: 'search' } });
    await settled();
    expect(acted).toEqual([{ kind: 'answer', id: 3, error: 'MSC-3106' }]);
  });
});

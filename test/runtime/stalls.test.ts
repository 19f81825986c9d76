// A commit that takes too long is a block, and one that comes after all is the end of it.

import { describe, expect, it } from 'vitest';
import type { JournalCondition } from '#journal/journal';
import { Stalls } from '#src/runtime/stalls';
import { SlowJournal, stored } from './loop-rig.ts';

function stalled() {
  const journal = new SlowJournal();
  const heard: string[] = [];
  const logged: string[] = [];
  let atMs = 0;
  const stalls = new Stalls(journal, {
    clock: { atMs: () => atMs, stamp: () => ({ atMs, timeUs: 0 }) },
    log: { write: (_, event) => void logged.push(event) },
    stallMs: 1_000,
    checkMs: 1,
  });
  const told = (condition: JournalCondition): void =>
    void heard.push(condition.kind === 'blocked' ? condition.why : condition.kind);
  stalls.onCondition(told);
  const append = (entry: number): Promise<void> =>
    stalls.append([stored(entry)]).then(() => void heard.push(`durable ${entry}`));
  const pass = async (ms: number): Promise<void> => {
    atMs += ms;
    // The check is a timer of a millisecond.
    await new Promise((resolve) => setTimeout(resolve, 5));
  };
  return { journal, stalls, heard, logged, append, pass };
}

describe('a commit', () => {
  it('that takes less than a stall is nothing', async () => {
    using stack = new DisposableStack();
    const { journal, stalls, heard, append, pass } = stalled();
    stack.use(stalls);
    const done = append(1);
    await pass(999);
    await journal.commit();
    await done;
    expect(heard).toEqual(['durable 1']);
  });

  it('that takes longer blocks, and its end opens before those who wait for it', async () => {
    using stack = new DisposableStack();
    const { journal, stalls, heard, logged, append, pass } = stalled();
    stack.use(stalls);
    const done = [append(1), append(2)];
    await pass(1_000);
    await pass(1_000);
    expect(heard).toEqual(['slow']);
    await journal.commit();
    expect(heard, 'the second has waited as long').toEqual(['slow', 'durable 1']);
    await journal.commit();
    await Promise.all(done);
    expect(heard).toEqual(['slow', 'durable 1', 'open', 'durable 2']);
    expect(logged).toEqual(['disk-stall', 'disk-stall']);
  });

  it('of a full disk is one block with the stall in it', async () => {
    using stack = new DisposableStack();
    const { journal, stalls, heard, append, pass } = stalled();
    stack.use(stalls);
    const done = append(1);
    await pass(1_000);
    journal.become({ kind: 'blocked', why: 'full' });
    journal.become({ kind: 'open' });
    await journal.commit();
    await done;
    expect(heard).toEqual(['slow', 'open', 'durable 1']);
  });

  it('that fails in the end is told as that', async () => {
    using stack = new DisposableStack();
    const { journal, stalls, heard, append, pass } = stalled();
    stack.use(stalls);
    void append(1);
    await pass(1_000);
    journal.become({ kind: 'failed', cause: new Error('I/O') });
    expect(heard).toEqual(['slow', 'failed']);
  });
});

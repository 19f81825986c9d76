// What is watched beside the switch: the event loop, the disk, the thread of the journal, and the meter between
// loop and journal.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Head } from '#journal/journal';
import { kindOfFile } from '#journal/sqlite/segment-files';
import { DiskWatch } from '#src/runtime/disk';
import { JournalProbe } from '#src/runtime/journal-probe';
import { LoopDelayWatch } from '#src/runtime/loop-delay';
import { Metered } from '#src/runtime/metrics/metered';
import { SlowJournal, settled, stored } from './loop-rig.ts';

/** Nothing else runs meanwhile. */
function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

describe('the event loop', () => {
  const lines: unknown[] = [];
  const log = {
    write: (...line: readonly unknown[]) => {
      lines.push(line);
    },
  };
  let watch: LoopDelayWatch | undefined;
  afterEach(() => {
    watch?.[Symbol.dispose]();
    lines.splice(0);
  });

  it('is seen to stand still, by every reader, and is told when it was long', async () => {
    watch = new LoopDelayWatch(log);
    await pause(100);
    block(1_300);
    await pause(100);
    const [first, second] = [watch.delay, watch.delay];
    expect(first.mostMs).toBeGreaterThan(1_200);
    expect(second).toEqual(first);
    const { mostMs } = watch.delay;
    await vi.waitFor(() => expect(lines.length).toBeGreaterThan(0), { timeout: 25_000 });
    expect(lines[0]).toMatchObject(['warn', 'event-loop', {}]);
    // It is over, and the last minute still knows.
    expect(watch.delay.mostMs).toBeGreaterThanOrEqual(mostMs);
  });

  it('is not called late for the timer that watches it', async () => {
    watch = new LoopDelayWatch(log);
    await pause(300);
    // Late by chance of the machine, but far from 20 ms each time.
    expect(watch.delay.p99Ms).toBeLessThan(watch.delay.mostMs + 1);
    expect(lines).toEqual([]);
  });
});

describe('the disk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'msc-watch-'));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is looked at with the lengths of the files, and not at all where it is gone', async () => {
    writeFileSync(join(folder, 'journal.db'), 'x'.repeat(700));
    writeFileSync(join(folder, 'journal-000000000009.db'), 'x'.repeat(77));
    writeFileSync(join(folder, 'journal-000000000009.db-wal'), 'x'.repeat(5));
    writeFileSync(join(folder, 'head'), 'x'.repeat(1000));
    using disk = new DiskWatch({ folder, kindOf: kindOfFile }, () => 42);
    await vi.waitFor(() => expect(disk.facts).toBeDefined(), { timeout: 10_000 });
    expect(disk.facts).toMatchObject({ journalBytes: 777, walBytes: 5, atMs: 42 });
    expect(disk.facts?.freeBytes).toBeGreaterThan(0);
    expect(disk.facts?.sizeBytes).toBeGreaterThan(disk.facts?.freeBytes ?? 0);
    const before = disk.facts;
    rmSync(folder, { recursive: true });
    await disk.look();
    expect(disk.facts).toBe(before);
  });
});

describe('the thread of the journal', () => {
  const head: Head = { entries: 1, root: '00' };
  let nowMs = 0;
  let asked = 0;
  const probeOf = (answer: () => Promise<Head>) =>
    new JournalProbe({
      head: () => {
        asked += 1;
        return answer();
      },
      atMs: () => nowMs,
      waitMs: 50,
      goodMs: 1_000,
    });
  afterEach(() => {
    nowMs = 0;
    asked = 0;
  });

  it('is asked once a second, however many look', async () => {
    const probe = probeOf(() => Promise.resolve(head));
    expect(await Promise.all([probe.ask(), probe.ask()])).toEqual([
      { tookMs: 0, atMs: 0 },
      { tookMs: 0, atMs: 0 },
    ]);
    nowMs = 999;
    await probe.ask();
    expect(asked).toBe(1);
    nowMs = 1_000;
    expect(await probe.ask()).toEqual({ tookMs: 0, atMs: 1_000 });
    expect(asked).toBe(2);
  });

  it('does not answer: nobody waits for ever', async () => {
    expect(await probeOf(() => new Promise(() => undefined)).ask()).toEqual({
      tookMs: undefined,
      atMs: 0,
    });
  });

  it('has failed: that is no answer, and no fault here', async () => {
    const failed = probeOf(() => Promise.reject(new Error('failed')));
    expect((await failed.ask()).tookMs).toBeUndefined();
  });
});

describe('the meter', () => {
  it('counts entries when they are durable, in their order, and never before', async () => {
    const journal = new SlowJournal();
    const counted: number[] = [];
    const took: number[] = [];
    let nowMs = 10;
    const metered = new Metered(journal, {
      atMs: () => nowMs,
      onEntry: ({ entry }, atMs) => counted.push(entry, atMs),
      onAppend: (ms) => took.push(ms),
    });
    void metered.append([stored(1), stored(2)]);
    nowMs = 20;
    void metered.append([stored(3)]);
    await settled();
    expect(counted).toEqual([]);
    nowMs = 35;
    await journal.commit();
    expect([counted, took]).toEqual([[1, 10, 2, 10], [25]]);
    await journal.commit();
    expect([counted, took]).toEqual([
      [1, 10, 2, 10, 3, 20],
      [25, 15],
    ]);
  });

  it('counts nothing of an append that fails, which fails as it did', async () => {
    const journal = new SlowJournal();
    journal.append = () => Promise.reject(new Error('failed'));
    const counted: unknown[] = [];
    const metered = new Metered(journal, {
      atMs: () => 0,
      onEntry: (entry) => counted.push(entry),
      onAppend: (ms) => counted.push(ms),
    });
    await expect(metered.append([stored(1)])).rejects.toThrow('failed');
    expect(counted).toEqual([]);
  });
});

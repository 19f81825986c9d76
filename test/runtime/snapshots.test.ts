import { describe, expect, it } from 'vitest';
import { Snapshots } from '#src/runtime/snapshots';

/** Freezing takes `tookMs` of a clock that stands still otherwise. */
function rig(tookMs: number) {
  const clock = { nowMs: 1_000, atMs: () => clock.nowMs };
  const snapshots = new Snapshots({
    limits: { snapshotEntries: 10, snapshotMs: 5_000, snapshotTimes: 200, snapshotEntriesMax: 100 },
    clock,
    freeze: () => {
      clock.nowMs += tookMs;
      return Uint8Array.of(7);
    },
    entry: 50,
  });
  const due = (entry: number, atMs: number): boolean => {
    clock.nowMs = atMs;
    return snapshots.takeIfDue(entry) !== undefined;
  };
  return due;
}

describe('a snapshot is due', () => {
  it('after so many entries, and not more often than so', () => {
    const due = rig(1);
    expect(due(60, 5_999)).toBe(false);
    expect(due(59, 6_000)).toBe(false);
    expect(due(60, 6_000)).toBe(true);
    expect(due(69, 20_000)).toBe(false);
    expect(due(70, 20_000)).toBe(true);
  });

  it('not before so many times what the last one took', () => {
    const due = rig(100);
    expect(due(60, 10_000)).toBe(true);
    expect(due(80, 29_999)).toBe(false);
    expect(due(80, 30_000)).toBe(true);
  });

  it('at the latest after the most entries, whatever it takes', () => {
    const due = rig(100);
    expect(due(60, 10_000)).toBe(true);
    expect(due(159, 10_101)).toBe(false);
    expect(due(160, 10_101)).toBe(true);
  });
});

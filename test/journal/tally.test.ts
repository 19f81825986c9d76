import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '#journal/entry';
import { Tally } from '#journal/tally';
import type { TallyBy } from '#journal/tally';

const at = (time: string, code?: string): JournalEntry => {
  const us = Number(Temporal.Instant.from(time).epochNanoseconds / 1000n);
  return { kind: 'event', event: 'start', entry: 1, time: us, code };
};

function tallied(by: TallyBy, zone: string, entries: readonly JournalEntry[]): Tally {
  const tally = new Tally({ by: [by], zone, beyond: 'counts' });
  for (const [place, entry] of entries.entries()) tally.add({ ...entry, entry: place + 1 });
  return tally;
}

function groups(by: TallyBy, zone: string, entries: readonly JournalEntry[]): readonly unknown[] {
  return tallied(by, zone, entries)
    .groups()
    .map(({ values: [value], count }) => [value, count]);
}

describe('a tally', () => {
  it('counts by a column, the most first, then what came first', () => {
    const codes = ['H05', 'H17', 'H05', undefined, 'C01'];
    const entries = codes.map((code) => at('2026-11-01T00:00:00Z', code));
    expect(groups('code', 'UTC', entries)).toEqual([
      ['H05', 2],
      ['H17', 1],
      ['', 1],
      ['C01', 1],
    ]);
  });

  it('counts by the hours and days of a zone, an hour that occurs twice as two', () => {
    const entries = [
      ...['2026-11-01T08:30:00Z', '2026-11-01T08:59:59.999999Z', '2026-11-01T09:30:00Z'],
      ...['2026-11-02T07:59:00Z', '2026-11-02T08:00:00Z'],
    ].map((time) => at(time));
    expect(groups('hour', 'America/Los_Angeles', entries)).toEqual([
      ['2026-11-01 01:00-07:00', 2],
      ['2026-11-01 01:00-08:00', 1],
      ['2026-11-01 23:00-08:00', 1],
      ['2026-11-02 00:00-08:00', 1],
    ]);
    expect(groups('day', 'America/Los_Angeles', entries)).toEqual([
      ['2026-11-01', 4],
      ['2026-11-02', 1],
    ]);
    // An offset of three quarters of an hour.
    expect(groups('hour', 'Asia/Kathmandu', [at('2026-11-01T18:14:59Z')])).toEqual([
      ['2026-11-01 23:00+05:45', 1],
    ]);
  });

  it('is bounded: what has no group any more is counted beside them, or ends it', () => {
    const entries = Array.from({ length: 10_005 }, (_, n) => at('2026-11-01T00:00:00Z', `C${n}`));
    const { count, others, isOver } = tallied('code', 'UTC', entries);
    expect([count, others, isOver]).toEqual([10_005, 5, false]);
    const ending = new Tally({ by: ['code'], zone: 'UTC', beyond: 'ends' });
    for (const entry of entries) ending.add(entry);
    expect(ending.isOver).toBe(true);
  });

  it('keeps the first and the last entry of each group, in whatever order they come', () => {
    const tally = new Tally({ by: ['event'], zone: 'UTC', beyond: 'counts' });
    for (const entry of [5, 9, 2, 7])
      tally.add({ ...at('2026-11-01T00:00:00Z'), entry, time: entry });
    expect(tally.groups()).toEqual([
      { values: ['start'], count: 4, first: { entry: 2, time: 2 }, last: { entry: 9, time: 9 } },
    ]);
  });
});

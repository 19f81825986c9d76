import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '#journal/entry';
import { Tally } from '#src/control/tally';
import type { TallyBy } from '#src/control/wire-search';

const at = (time: string, code?: string): JournalEntry => {
  const us = Number(Temporal.Instant.from(time).epochNanoseconds / 1000n);
  return { kind: 'event', event: 'start', entry: 1, time: us, code };
};

function groups(by: TallyBy, zone: string, entries: readonly JournalEntry[]): readonly unknown[] {
  const tally = new Tally(by, zone);
  for (const entry of entries) tally.add(entry);
  return tally.groups().map(({ value, count }) => [value, count]);
}

describe('a tally', () => {
  it('counts by a column, the most first, and names where there is none', () => {
    const codes = ['H05', 'H17', 'H05', undefined, 'C01'];
    const entries = codes.map((code) => at('2026-11-01T00:00:00Z', code));
    expect(groups('code', 'UTC', entries)).toEqual([
      ['H05', 2],
      ['-', 1],
      ['C01', 1],
      ['H17', 1],
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

  it('is bounded: what has no place any more is counted under one name', () => {
    const entries = Array.from({ length: 10_005 }, (_, n) => at('2026-11-01T00:00:00Z', `C${n}`));
    expect(groups('code', 'UTC', entries)[0]).toEqual(['(others)', 5]);
  });
});

import { describe, expect, it } from 'vitest';
import { Coverage, parsePeriod } from '../../src/cli/coverage.ts';

const zone = 'America/Los_Angeles';
const minuteUs = 60_000_000;
const at = (text: string): number => Number(Temporal.Instant.from(text).epochNanoseconds / 1000n);

function covered(told: readonly [time: number, event?: string][], period?: string) {
  const coverage = new Coverage(zone, period === undefined ? undefined : parsePeriod(period));
  for (const [index, [time, event]] of told.entries())
    coverage.see({ entry: index + 1, time, ...(event === undefined ? {} : { event }) });
  return coverage.days();
}

/** A heart-beat a minute. */
function beats(from: string, to: string): [time: number][] {
  const count = (at(to) - at(from)) / minuteUs;
  return Array.from({ length: count }, (_, index) => [at(from) + index * minuteUs]);
}

describe('coverage', () => {
  it('counts the entries of local days, also of those with 23 and 25 hours', () => {
    const spring = covered(beats('2026-03-08T08:00:00Z', '2026-03-09T07:30:00Z'));
    expect(spring.map(({ day, entries, last }) => [day, entries, last])).toEqual([
      ['2026-03-08', 23 * 60, 23 * 60],
      ['2026-03-09', 30, 23 * 60 + 30],
    ]);
    const autumn = covered(beats('2026-11-01T07:00:00Z', '2026-11-03T08:00:00Z'));
    expect(autumn.map(({ day, entries, first, last }) => [day, entries, first, last])).toEqual([
      ['2026-11-01', 25 * 60, 1, 25 * 60],
      ['2026-11-02', 24 * 60, 25 * 60 + 1, 49 * 60],
    ]);
  });

  it('names the days that were purged, and takes none of them for a gap', () => {
    const coverage = new Coverage(zone, undefined);
    const purge = { earliest: at('2023-03-11T20:00:00Z'), latest: at('2023-03-13T06:59:00Z') };
    coverage.see({ entry: 90, time: at('2023-03-14T20:00:00Z') });
    coverage.see({ entry: 91, time: at('2023-03-14T20:01:00Z'), event: 'purge', purge });
    expect(coverage.days().map(({ day, entries, purged }) => [day, entries, purged])).toEqual([
      ['2023-03-11', 0, true],
      ['2023-03-12', 0, true],
      ['2023-03-13', 0, undefined],
      ['2023-03-14', 2, undefined],
    ]);
  });

  it('tells a silence, why, and after which entry; one late heart-beat is none', () => {
    const from = at('2026-11-05T20:00:00Z');
    const told: [number, string?][] = [
      [from],
      [from + 150_000_000],
      [from + 301_000_000],
      [from + 302_000_000, 'stop'],
      [from + 900_000_000, 'start'],
      [from + 901_000_000],
      [from + 1_900_000_000, 'start'],
    ];
    expect(covered(told)[0]?.silences).toEqual([
      { fromUs: from + 150_000_000, toUs: from + 301_000_000, after: 2, why: 'silent' },
      { fromUs: from + 302_000_000, toUs: from + 900_000_000, after: 4, why: 'stopped' },
      { fromUs: from + 901_000_000, toUs: from + 1_900_000_000, after: 6, why: 'down' },
    ]);
  });

  it('shows a day without an entry, and takes no harm from a clock that was set back', () => {
    const told: [number, string?][] = [
      [at('2026-11-05T20:00:00Z')],
      [at('2026-11-08T20:00:00Z'), 'start'],
      [at('2026-11-07T20:00:00Z')],
      [at('2026-11-08T20:00:30Z'), 'clock'],
    ];
    expect(covered(told).map(({ day, entries }) => [day, entries])).toEqual([
      ['2026-11-05', 1],
      ['2026-11-06', 0],
      ['2026-11-07', 1],
      ['2026-11-08', 2],
    ]);
  });

  it('is of its period alone', () => {
    const told = beats('2026-10-30T07:00:00Z', '2026-11-03T08:00:00Z');
    expect(covered(told, '2026-11').map(({ day }) => day)).toEqual(['2026-11-01', '2026-11-02']);
    expect(covered(told, '2026-10-31').map(({ day }) => day)).toEqual(['2026-10-31']);
    expect(covered(told, '2026')).toHaveLength(4);
    expect(covered(told, '2025')).toEqual([]);
  });

  it.each(['2026-13', '2026-02-30', '26', '2026-1', 'x', '2026-10-05-01', ''])(
    '"%s" is no period',
    (text) => expect(parsePeriod(text)).toBeUndefined(),
  );
});

// Days and times over eighty years, in zones that change their clocks at midnight, by half an hour, across
// the date line or not at all. The other opinion is that of Intl, which shares no code with Temporal.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatTime } from '#journal/row';
import { formatTimeUs } from '#src/runtime/clock';
import { utcText } from '#switch/service';
import { formatInstant } from '#src/control/local-time';
import { formatRowTime, parseOn, parseTime } from '../../src/cli/time.ts';

const zones = [
  ...['America/Los_Angeles', 'UTC', 'America/New_York', 'America/St_Johns', 'Australia/Lord_Howe'],
  ...['America/Santiago', 'Africa/Cairo', 'Asia/Kathmandu', 'Pacific/Kiritimati', 'Europe/London'],
] as const;
const yearMs = 365.2425 * 86_400_000;
const first = Date.UTC(2024, 0, 1);
const someMs = fc.integer({ min: first, max: first + Math.floor(80 * yearMs) });
const someZone = fc.constantFrom(...zones);
const runs = { numRuns: 400 };
const now = Temporal.Instant.from('2026-11-22T11:10:00Z');

/** The calendar and the clock on the wall there. */
function wall(ms: number, zone: string): { readonly day: string; readonly clock: string } {
  const parts = formatterOf(zone).formatToParts(ms);
  const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? '';
  return {
    day: `${part('year')}-${part('month')}-${part('day')}`,
    clock: `${part('hour')}:${part('minute')}:${part('second')}`,
  };
}

const formatters = new Map<string, Intl.DateTimeFormat>();
function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const two = '2-digit' as const;
  const clock = { hour: two, minute: two, second: two, hourCycle: 'h23' } as const;
  const form = { timeZone, year: 'numeric', month: two, day: two, ...clock } as const;
  const known = formatters.get(timeZone) ?? new Intl.DateTimeFormat('en-US', form);
  formatters.set(timeZone, known);
  return known;
}

/** Each instant at which a wall clock there shows that: none, one or two. */
function instantsOf(day: string, clock: string, zone: string): readonly number[] {
  const aboutMs = Date.parse(`${day}T${clock}Z`);
  const found: number[] = [];
  // No zone is off by anything but whole quarters of an hour in these years.
  for (let offMs = -15 * 3_600_000; offMs <= 15 * 3_600_000; offMs += 900_000) {
    const seen = wall(aboutMs + offMs, zone);
    if (seen.day === day && seen.clock === clock) found.push(aboutMs + offMs);
  }
  return found;
}

function value(parsed: ReturnType<typeof parseTime>): number {
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value.epochMilliseconds;
}

describe('a day in a zone', () => {
  test('has every instant whose date there is that day, and no other', () => {
    fc.assert(
      fc.property(someMs, someZone, (ms, zone) => {
        const { day } = wall(ms, zone);
        const span = parseOn(day, { now, zone });
        if (!span.ok) throw new Error(span.error);
        const [since, until] = [span.value.since, span.value.until].map(
          (instant) => instant.epochMilliseconds,
        ) as [number, number];
        expect([since <= ms, ms < until]).toEqual([true, true]);
        expect(wall(since, zone).day).toBe(day);
        expect(wall(since - 1, zone).day < day).toBe(true);
        expect(wall(until - 1, zone).day).toBe(day);
        expect(wall(until, zone).day > day).toBe(true);
        // `--since` and `--until` of a bare day are the same two.
        expect(value(parseTime(day, 'since', { now, zone }))).toBe(since);
        expect(value(parseTime(day, 'until', { now, zone }))).toBe(until);
      }),
      runs,
    );
  });

  test('today and yesterday are those of the wall, however long they are', () => {
    fc.assert(
      fc.property(someMs, someZone, (ms, zone) => {
        const context = { now: Temporal.Instant.fromEpochMilliseconds(ms), zone };
        const { day } = wall(ms, zone);
        expect(parseOn('today', context)).toEqual(parseOn(day, context));
        const today = parseOn('today', context);
        const yesterday = parseOn('yesterday', context);
        if (!today.ok || !yesterday.ok) throw new Error('a day that was is refused');
        expect(yesterday.value.until.equals(today.value.since)).toBe(true);
        const lastMs = today.value.since.epochMilliseconds - 1;
        expect(yesterday).toEqual(parseOn(wall(lastMs, zone).day, context));
      }),
      runs,
    );
  });

  test.each([
    ['America/Los_Angeles', '2028-03-12', 23],
    ['America/Los_Angeles', '2028-11-05', 25],
    ['America/Los_Angeles', '2028-02-29', 24],
    ['Australia/Lord_Howe', '2028-04-02', 24.5],
    ['UTC', '2028-12-31', 24],
  ])('in %s %s has %d hours', (zone, day, hours) => {
    const span = parseOn(day, { now, zone });
    expect(span.ok && span.value.until.since(span.value.since).total('hours')).toBe(hours);
  });

  test.each(['2027-02-29', '2100-02-29', '2028-02-30', '2028-13-01', '2028-00-10', '2028-04-31'])(
    '%s is no day that exists',
    (day) => expect(parseOn(day, { now, zone: 'UTC' }).ok).toBe(false),
  );
});

describe('a time of day in a zone', () => {
  test('is the one instant it means; where it means two or none it is refused', () => {
    fc.assert(
      fc.property(someMs, someZone, (ms, zone) => provesClock(Math.floor(ms / 1000) * 1000, zone)),
      runs,
    );
  });

  test('around the changes of the clock too, to the second', () => {
    const near = fc.integer({ min: -7_200, max: 7_200 });
    const changes = fc.constantFrom(...changesOf(2024, 2104));
    fc.assert(
      fc.property(changes, near, ({ ms, zone }, seconds) => provesClock(ms + seconds * 1000, zone)),
      { numRuns: 300 },
    );
  });

  test('that is skipped is refused', () => {
    for (const { ms, zone, jumpMs } of changesOf(2024, 2104)) {
      if (jumpMs <= 0) continue;
      const shown = Temporal.Instant.fromEpochMilliseconds(ms - 1000)
        .toZonedDateTimeISO(zone)
        .toPlainDateTime();
      // A minute after the jump began, by a clock that did not jump.
      const skipped = shown.add({ seconds: 61 });
      const text = `${skipped.toPlainDate().toString()} ${skipped.toPlainTime().toString()}`;
      const parsed = parseTime(text, 'since', { now, zone });
      expect(parsed.ok ? text : parsed.error).toMatch(/does not occur/);
    }
  });
});

/** As it is shown it is read back, or refused where the wall shows the same twice. */
function provesClock(ms: number, zone: string): void {
  const { day, clock } = wall(ms, zone);
  const parsed = parseTime(`${day} ${clock}`, 'since', { now, zone });
  const instants = instantsOf(day, clock, zone);
  expect(instants).toContain(ms);
  if (instants.length === 1) {
    expect(parsed.ok && parsed.value.epochMilliseconds).toBe(ms);
    return;
  }
  expect(parsed.ok ? '' : parsed.error).toMatch(/occurs twice/);
  const zoned = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
  expect(parsed.ok ? '' : parsed.error).toContain(zoned.offset);
  expect(value(parseTime(`${day} ${clock}${zoned.offset}`, 'since', { now, zone }))).toBe(ms);
}

interface Change {
  readonly ms: number;
  readonly zone: string;
  /** Positive where the clock jumps forward. */
  readonly jumpMs: number;
}

function changesOf(from: number, to: number): readonly Change[] {
  return zones.flatMap((zone) => {
    const found: Change[] = [];
    let at = Temporal.Instant.from(`${from}-01-01T00:00:00Z`).toZonedDateTimeISO(zone);
    for (;;) {
      const next = at.getTimeZoneTransition('next');
      if (next === null || next.year >= to) return found;
      const jumpMs =
        (next.offsetNanoseconds - next.subtract({ seconds: 1 }).offsetNanoseconds) / 1e6;
      found.push({ ms: next.epochMilliseconds, zone, jumpMs });
      at = next;
    }
  });
}

test('what is shown to a person is the wall there, to the second', () => {
  fc.assert(
    fc.property(someMs, someZone, (ms, zone) => {
      const { day, clock } = wall(ms, zone);
      const instant = Temporal.Instant.fromEpochMilliseconds(ms);
      expect(formatInstant(instant, zone).startsWith(`${day} ${clock} `)).toBe(true);
      const millis = String(ms % 1000).padStart(3, '0');
      expect(formatRowTime(formatTime(ms * 1000), zone)).toBe(`${day.slice(5)} ${clock}.${millis}`);
    }),
    runs,
  );
});

test('journal, log and link write one time the same, and it is read back to its last digit', () => {
  fc.assert(
    fc.property(someMs, fc.integer({ min: 0, max: 999 }), (ms, rest) => {
      const us = ms * 1000 + rest;
      const shown = formatTime(us);
      expect(Number(Temporal.Instant.from(shown).epochNanoseconds / 1000n)).toBe(us);
      expect(formatTimeUs(us)).toBe(shown);
      // The link carries milliseconds: cut, never rounded into the next day.
      expect(utcText(us)).toBe(`${shown.slice(0, -4)}Z`);
    }),
    { numRuns: 2000 },
  );
});

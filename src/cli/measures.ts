// Numbers, lengths of time and instants as tables show them: short, in words, never wider than they must be.

import type { Row } from './rows.ts';
import { formatAge } from './time.ts';

/** `1 204`, `99 999`, `150 k`, `9 M`. */
export function formatCount(count: number): string {
  if (count >= 1_000_000) return `${Math.floor(count / 1_000_000)} M`;
  if (count >= 100_000) return `${Math.floor(count / 1000)} k`;
  return grouped(count);
}

/** Thousands apart: 48 811 512. */
export function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ' ');
}

/** `8 s`, `12 min`, `3 h`, `6 d`. */
export function formatLength(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h`;
  return `${Math.floor(whole / 86_400)} d`;
}

/** `00:03:40`, or `-` where nothing waits. */
export function formatOldest(seconds: number | undefined): string {
  return seconds === undefined ? '-' : formatAge(seconds * 1000);
}

/** The time of day of the last 24 hours, `08:01:12`; before that its age, `6 d`. */
export function formatSince(time: string | undefined, zone: string, now: Temporal.Instant): string {
  if (time === undefined) return '-';
  const instant = Temporal.Instant.from(time);
  const seconds = (now.epochMilliseconds - instant.epochMilliseconds) / 1000;
  if (seconds >= 86_400) return formatLength(seconds);
  const clock = instant.toZonedDateTimeISO(zone).toPlainTime();
  return clock.toString({ smallestUnit: 'second' });
}

export function numberOf(row: Row, name: string): number | undefined {
  const value = row[name];
  return typeof value === 'number' ? value : undefined;
}

/** Words of a list, or of one value; `-` where there is none. */
export function wordsOf(value: unknown): string {
  if (value === undefined) return '-';
  if (Array.isArray(value)) return value.length === 0 ? '-' : value.map(String).join(' ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

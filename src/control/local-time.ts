// An instant as a person reads it, at the screen and on paper: local time with the short name of its zone.

import { MscFault } from '#src/errors';

/** `2026-11-20 03:10:00 PST`. */
export function formatInstant(instant: Temporal.Instant, zone: string): string {
  const zoned = instant.toZonedDateTimeISO(zone);
  const clock = zoned.toPlainTime().toString({ smallestUnit: 'second' });
  return `${zoned.toPlainDate().toString()} ${clock} ${zoneName(zoned)}`;
}

/** The same of microseconds since 1970 UTC. */
export function formatUs(us: number, zone: string): string {
  return formatInstant(Temporal.Instant.fromEpochMilliseconds(Math.floor(us / 1000)), zone);
}

/** @throws MscFault MSC-1004 */
export function mustBeZone(zone: string): void {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
  } catch (cause) {
    throw new MscFault('MSC-1004', { detail: 'there is no such time zone', cause });
  }
}

function zoneName(zoned: Temporal.ZonedDateTime): string {
  if (zoned.timeZoneId === 'UTC') return 'UTC';
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zoned.timeZoneId,
    timeZoneName: 'short',
  }).formatToParts(zoned.epochMilliseconds);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? zoned.offset;
}

// What the control socket says of purges, and the words for what keeps a segment, which both ends share.

import type { Kept, KeptCause, PurgePlan } from '#journal/purge';
import { MscFault } from '#src/errors';
import { formatInstant } from './local-time.ts';

export interface PurgeCommands {
  readonly purge: {
    readonly args: {
      /** Microseconds since 1970 UTC: nothing at or after it goes. */
      readonly before: number;
      /** As it was typed, for the record. */
      readonly asked: string;
      /** False: only say what would go. */
      readonly apply: boolean;
      /** The last entry that goes, as it was shown; what is something else by now is not purged. */
      readonly through?: number;
      readonly reason?: string;
    };
    readonly end: PurgeReport;
  };
}

export interface PurgeReport extends PurgePlan {
  /** So long something is kept, in days. */
  readonly keptDays: number;
  /** The entry of the purge, or of the look. */
  readonly entry: number;
}

/** What is said where nothing goes. */
export function refusalOf(kept: Kept, keptDays: number): MscFault {
  const code = kept.cause === 'clock' ? 'MSC-1722' : 'MSC-1721';
  // What keeps it was just said: to look once more is no next step.
  return new MscFault(code, { detail: keptWords(kept, keptDays), hint: nexts[kept.cause](kept) });
}

/** `entries 1 to 40 stay: entry 77 says something of a message of them; they may go from 2029-11-21 08:00 UTC on`. */
export function keptWords(kept: Kept, keptDays: number): string {
  const { first, last, cause, fromUs } = kept;
  const which =
    last === undefined
      ? `the segment from entry ${first} stays`
      : `the segment of entries ${first} to ${last} stays`;
  const from = fromUs === undefined ? '' : `; it may go from ${formatMinute(fromUs)} on`;
  return `${which}: ${whys[cause](kept, keptDays)}${from}`;
}

const whys: Readonly<Record<KeptCause, (kept: Kept, keptDays: number) => string>> = {
  before: () => 'not all of it is before that date',
  raw: () => 'it is open, or not sealed yet',
  waiting: ({ entry = 0 }) => `the message of entry ${entry} still waits`,
  state: () =>
    'no snapshot of the switch stands behind it; one is written when the switch is stopped',
  age: ({ entry = 0 }, days) => `entry ${entry} of it is not ${days} days old`,
  delivery: ({ entry = 0 }, days) =>
    `entry ${entry}, which is not ${days} days old, says something of a message of it`,
  release: ({ entry = 0 }, days) =>
    `it was released by entry ${entry}, which is not ${days} days old`,
  clock: ({ entry = 0 }, days) =>
    `entry ${entry} is ${days} days old by the clock alone, which went forward or stood still since`,
};

const again = 'msc journal purge once more';

const nexts: Readonly<Record<KeptCause, (kept: Kept) => string | undefined>> = {
  before: () => `${again}, with a later date`,
  raw: () => `msc journal segments; ${again}, when it is sealed`,
  waiting: ({ entry = 0 }) => `msc journal thread ${entry}; ${again}, when nothing of it waits`,
  state: () => `restart the switch in a quiet hour, then ${again}`,
  age: () => `${again}, when it is old enough`,
  delivery: ({ entry = 0 }) => `msc journal show ${entry}; ${again}, when that is old enough`,
  release: ({ entry = 0 }) => `msc journal show ${entry}; ${again}, when that is old enough`,
  clock: () => undefined,
};

function formatMinute(us: number): string {
  // Rounded up: a minute too early would be refused.
  const minute = Temporal.Instant.fromEpochMilliseconds(Math.ceil(us / 60_000_000) * 60_000);
  return `${formatInstant(minute, 'UTC').slice(0, 16)} UTC`;
}

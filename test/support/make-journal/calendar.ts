// When things happen: by day more than by night, on weekend nights more than on others, over as many days
// as are wanted. Times only rise.

import { type Dice, waitOf } from './dice.ts';

export interface Span {
  /** Microseconds since 1970 UTC. */
  readonly beginning: number;
  /** Spread evenly over so many days; without it one follows on the other. */
  readonly days?: number | undefined;
}

const secondUs = 1_000_000;
const hourUs = 3600 * secondUs;
const dayUs = 24 * hourUs;
/** Hours that the county is behind UTC. */
const behindUtc = 8;
/** Without days: what lies between two things on average. */
const closeUs = secondUs / 4;

/** How busy an hour is, from midnight on. */
const weekday = [
  ...[4, 3, 3, 2, 2, 3, 5, 8, 10, 11, 11, 11],
  ...[11, 11, 12, 13, 13, 12, 11, 10, 9, 8, 7, 5],
] as const;
const weekend = [
  ...[9, 8, 7, 5, 3, 2, 3, 4, 5, 6, 7, 8],
  ...[8, 8, 9, 9, 9, 9, 10, 10, 11, 11, 11, 10],
] as const;
const week = [weekend, weekday, weekday, weekday, weekday, weekday, weekend] as const;
const ordinary = week.flat().reduce((sum, hour) => sum + hour, 0) / week.flat().length;
const busiest = Math.max(...week.flat()) / ordinary;
const chances = 1 << 16;

/**
 * The time of what happens next.
 *
 * @param left How much is still to happen, this included.
 */
export function nextTime(
  dice: Dice,
  now: number,
  { beginning, days, left }: Span & { readonly left: number },
): number {
  if (days === undefined) return now + 1 + Math.floor(waitOf(dice) * closeUs);
  const end = beginning + days * dayUs;
  // As if every hour were the busiest; what falls into a quieter one mostly does not happen.
  for (let time = now; ;) {
    const rest = Math.max(0, end - time);
    // Never past the end, however long the dice would wait.
    time += 1 + Math.floor(Math.min((waitOf(dice) * rest) / (left * busiest), rest / 4));
    if (dice(chances) < (chances * busy(time)) / busiest) return time;
  }
}

/** 12 hours from six to six: who sits at a terminal changes with it. */
export function shiftOf(timeUs: number): number {
  return Math.floor((timeUs - (behindUtc + 6) * hourUs) / (12 * hourUs));
}

function busy(timeUs: number): number {
  const local = timeUs - behindUtc * hourUs;
  // 1970 began on a Thursday.
  const day = week[(Math.floor(local / dayUs) + 4) % 7] ?? weekday;
  return (day[Math.floor((local % dayUs) / hourUs)] ?? ordinary) / ordinary;
}

// Days as numbers, for millions of dates: the days since 1 January 1970, and their eight digits.

/** @param date YYYYMMDD */
export function dayOf(date: string): number {
  return Date.UTC(+date.slice(0, 4), +date.slice(4, 6) - 1, +date.slice(6, 8)) / dayMs;
}

/** YYYYMMDD */
export function dateOf(day: number): string {
  const date = new Date(day * dayMs);
  return `${date.getUTCFullYear()}${two(date.getUTCMonth() + 1)}${two(date.getUTCDate())}`;
}

/** Full years between two dates, YYYYMMDD. */
export const yearsBetween = (from: string, to: string): number =>
  Math.floor((Number(to) - Number(from)) / 10_000);

const two = (value: number): string => String(value).padStart(2, '0');
const dayMs = 86_400_000;

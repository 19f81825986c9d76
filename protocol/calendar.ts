// The calendar without a clock: which days there are.

/** Days of a month, 1 to 12, of the Gregorian calendar. */
export function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** True for `YYYYMMDD` of a day that exists. @source ncic 1.8 */
export function isDate(value: string): boolean {
  if (!/^[0-9]{8}$/.test(value)) return false;
  const year = Number(value.slice(0, 4));
  const month = Number(value.slice(4, 6));
  const day = Number(value.slice(6));
  return year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month);
}

/** `YYYYMMDD` of a day that exists, which may be written `MMDDYY`: then of the hundred years to 2029. @source nlets 2.2 */
export function longDate(value: string): string | undefined {
  const [, monthAndDay, year] = /^([0-9]{4})([0-9]{2})$/.exec(value) ?? [];
  const long =
    monthAndDay === undefined || year === undefined
      ? value
      : `${year < '30' ? '20' : '19'}${year}${monthAndDay}`;
  return isDate(long) ? long : undefined;
}

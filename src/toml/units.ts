// Durations and sizes as a person writes them: a whole number and its unit, without a blank.
// Pure and total; anything else is undefined, never a guess.

const durationUnits: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const sizeUnits: Readonly<Record<string, number>> = {
  B: 1,
  KiB: 1_024,
  MiB: 1_048_576,
  GiB: 1_073_741_824,
};

/** The forms as JSON Schema patterns, for the validator and for editors. */
export const durationPattern = '^[0-9]{1,9}(ms|s|m|h|d)$';
export const sizePattern = '^[0-9]{1,9}(B|KiB|MiB|GiB)$';

/** `"90s"`, `"10m"`, `"12h"` as milliseconds; undefined when it is no duration. */
export const parseDurationMs = (text: string): number | undefined => parse(text, durationUnits);

/** `"32KiB"` as octets; undefined when it is no size. */
export const parseSizeBytes = (text: string): number | undefined => parse(text, sizeUnits);

function parse(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const [, digits, unit] = /^([0-9]{1,9})([A-Za-z]{1,3})$/.exec(text) ?? [];
  if (digits === undefined || unit === undefined || !Object.hasOwn(units, unit)) return undefined;
  const factor = units[unit];
  return factor === undefined ? undefined : Number(digits) * factor;
}

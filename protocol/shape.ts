// What a table of data may hold: small checks for JSON values that came from a file. They take
// anything, throw nothing, and decide nothing about what a member means.

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isRecordOf(value: unknown, fits: (item: unknown) => boolean): boolean {
  return isRecord(value) && Object.values(value).every(fits);
}

export function isListOf(value: unknown, fits: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(fits);
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

export function isTexts(value: unknown): value is readonly string[] {
  return isListOf(value, isText);
}

export function isOneOf(value: unknown, ...known: readonly string[]): boolean {
  return typeof value === 'string' && known.includes(value);
}

export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

export function isOptional(value: unknown, fits: (item: unknown) => boolean): boolean {
  return value === undefined || fits(value);
}

/** The first member whose check failed, or of which the table knows nothing. */
export function flawOf(
  row: Readonly<Record<string, unknown>>,
  checks: Readonly<Record<string, boolean>>,
): string | undefined {
  return (
    Object.keys(checks).find((member) => checks[member] !== true) ??
    Object.keys(row).find((member) => !Object.hasOwn(checks, member))
  );
}

// The counts on the clock lines: one for what comes in, one for each line that goes out. A line is the
// line of a member, whatever address in it is named, so a member sees by its own count that one is missing.
// Five digits; after 99999 comes 00000, and by setting each day begins at 1.

export class Counts {
  readonly #counts = new Map<string, number>();
  readonly #zone: string;
  readonly #daily: boolean;
  #day = '';

  constructor(settings: { readonly zone: string; readonly daily: boolean }) {
    this.#zone = settings.zone;
    this.#daily = settings.daily;
  }

  /** The next count of a line. */
  next(line: string, atMs: number): number {
    this.#turn(atMs);
    const count = ((this.#counts.get(line) ?? 0) + 1) % countsMax;
    this.#counts.set(line, count);
    return count;
  }

  /** So many counts of a line are never seen. */
  skip(line: string, by: number): void {
    this.#counts.set(line, ((this.#counts.get(line) ?? 0) + by) % countsMax);
  }

  /** A new day of the log's zone begins anew. */
  #turn(atMs: number): void {
    if (!this.#daily) return;
    const at = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(this.#zone);
    const day = at.toPlainDate().toString();
    // What was due yesterday may be dealt with today: a day that is over begins nothing.
    if (day <= this.#day) return;
    this.#counts.clear();
    this.#day = day;
  }
}

const countsMax = 100_000;

// Numbers of entries as a release record keeps them: `17-22,40`, lowest first. Pure and total.
// Bounded: where there are too many ranges it is `17..40`, from the lowest to the highest, and says with its two
// periods that not every number between them is meant.

/** Ranges that are written out; above it the lowest and the highest stand for all. */
export const rangesMost = 64;

export interface Ranges {
  /** Not every number within is meant. */
  readonly loose: boolean;
  /** Lowest first; each from `from` to `to`, both included. */
  readonly ranges: readonly Range[];
}

export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Collects numbers that come in rising or in falling order; it keeps no more than `rangesMost` ranges. */
export class RangeCollector {
  readonly #ranges: { from: number; to: number }[] = [];
  #lowest = Infinity;
  #highest = 0;
  #loose = false;

  add(entry: number): void {
    this.#lowest = Math.min(this.#lowest, entry);
    this.#highest = Math.max(this.#highest, entry);
    if (this.#loose) return;
    const last = this.#ranges.at(-1);
    if (last !== undefined && entry >= last.from && entry <= last.to) return;
    if (last !== undefined && entry === last.to + 1) last.to = entry;
    else if (last !== undefined && entry === last.from - 1) last.from = entry;
    else this.#begin(entry);
  }

  /** `17-22,40`; empty for none. */
  format(): string {
    if (this.#highest === 0) return '';
    if (this.#loose) return `${this.#lowest}..${this.#highest}`;
    return this.#ranges
      .toSorted((one, other) => one.from - other.from)
      .map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`))
      .join(',');
  }

  #begin(entry: number): void {
    this.#ranges.push({ from: entry, to: entry });
    if (this.#ranges.length <= rangesMost) return;
    this.#loose = true;
    this.#ranges.length = 0;
  }
}

/** What `format` wrote, or undefined for anything else. */
export function parseRanges(text: string): Ranges | undefined {
  const around = /^(\d{1,15})\.\.(\d{1,15})$/.exec(text);
  if (around !== null) return { loose: true, ranges: [rangeOf(around[1], around[2])] };
  const parts = text.split(',').map((part) => /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(part));
  const ranges = parts.flatMap((part) => (part === null ? [] : [rangeOf(part[1], part[2])]));
  return ranges.length === parts.length ? { loose: false, ranges } : undefined;
}

export function isWithin({ ranges }: Ranges, entry: number): boolean {
  return ranges.some(({ from, to }) => entry >= from && entry <= to);
}

function rangeOf(from: string | undefined, to: string | undefined): Range {
  return { from: Number(from), to: Number(to ?? from) };
}

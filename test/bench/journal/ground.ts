// What all sides stand on: the page cache emptied, figures in order, and lines for a person.

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const cacheSwitch = '/proc/sys/vm/drop_caches';

/** Empties the page cache; false where that is not ours to do. What the disk's host keeps stays. */
export function dropCaches(): boolean {
  try {
    spawnSync('sync');
    writeFileSync(cacheSwitch, '3');
    return true;
  } catch {
    // Not root, or not Linux: then everything is warm, and said to be.
    return false;
  }
}

export function median(figures: readonly number[]): number {
  return percentile(figures, 0.5);
}

export function percentile(figures: readonly number[], part: number): number {
  const sorted = figures.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? NaN;
}

export function round(figure: number): string {
  if (Number.isNaN(figure)) return '-';
  return figure >= 100 ? figure.toFixed(0) : figure >= 10 ? figure.toFixed(1) : figure.toFixed(2);
}

/** `median (least to most)`. */
export function spread(figures: readonly number[]): string {
  if (figures.length === 0) return '-';
  return `${round(median(figures))} (${round(Math.min(...figures))} to ${round(Math.max(...figures))})`;
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

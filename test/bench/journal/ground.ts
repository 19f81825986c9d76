// What all sides stand on: the page cache emptied, figures in order, a steady pace, and lines for a person.

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

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

export interface Pace {
  readonly count: number;
  readonly perSecond: number;
  /** Between two looks at what is due. */
  readonly tickMs: number;
}

/** Hands out the places 0 to `count` as they become due; resolves when all are. */
export async function atPace(
  { count, perSecond, tickMs }: Pace,
  due: (from: number, to: number) => void,
): Promise<void> {
  const began = performance.now();
  for (let done = 0; done < count;) {
    const passed = Math.floor(((performance.now() - began) * perSecond) / 1000);
    const to = Math.min(passed, count);
    if (to > done) due(done, to);
    done = Math.max(done, to);
    await pause(tickMs);
  }
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

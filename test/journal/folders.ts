// Temporary folders that are removed after each test, and small helpers all journal tests share.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { JournalEntry, StoredEntry } from '#journal/entry';

export { seededRandom } from './salts.ts';

/** Removed when the running test is finished, after what that test registers later. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'msc-journal-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A small entry; `more` overrides its columns. */
export function event(entry: number, more: Partial<JournalEntry> = {}): StoredEntry {
  // Overriding columns of an event with columns of an event keeps it one.
  const columns = { entry, time: 1_000_000 * entry, kind: 'event', event: 'heartbeat', ...more };
  return { entry: columns as JournalEntry };
}

export async function collect<T>(batches: AsyncIterable<readonly T[]>): Promise<T[]> {
  const all: T[] = [];
  for await (const batch of batches) all.push(...batch);
  return all;
}

export const numbersOf = (stored: readonly StoredEntry[]): number[] =>
  stored.map(({ entry }) => entry.entry);

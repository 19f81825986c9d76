// How fast entries become durable through the port, and how long one waits where they come at a steady pace.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { StoredEntry } from '#journal/entry';
import { openJournal } from '#journal/sqlite/journal';
import { makeEntries } from '#support/make-journal';
import { atPace, percentile } from './ground.ts';

const batchEntries = 256;
/** Appends under way: the writer always has its next commit waiting. */
const appendsMost = 16;
const tickMs = 1;

/** Made beforehand: making is no part of appending. @returns Entries a second. */
export async function measureRate(
  folder: string,
  entries: readonly StoredEntry[],
): Promise<number> {
  const journal = await openJournal(join(folder, 'rate'), { random: randomBytes });
  try {
    const underWay: Promise<void>[] = [];
    const began = performance.now();
    for (let at = 0; at < entries.length; at += batchEntries) {
      underWay.push(journal.append(entries.slice(at, at + batchEntries)));
      if (underWay.length >= appendsMost) await underWay.shift();
    }
    await Promise.all(underWay);
    return (entries.length / (performance.now() - began)) * 1000;
  } finally {
    await journal.close();
  }
}

export interface Waits {
  readonly p50: number;
  readonly p99: number;
}

/** Each from the moment it was due, whatever became of those before. @returns Milliseconds. */
export async function measureWaits(
  folder: string,
  entries: readonly StoredEntry[],
  perSecond: number,
): Promise<Waits> {
  const journal = await openJournal(join(folder, 'waits'), { random: randomBytes });
  const waits: number[] = [];
  const appended: Promise<void>[] = [];
  const began = performance.now();
  const dueAt = (place: number): number => began + (place / perSecond) * 1000;
  const append = async (from: number, to: number): Promise<void> => {
    await journal.append(entries.slice(from, to));
    const now = performance.now();
    for (let place = from; place < to; place += 1) waits.push(now - dueAt(place));
  };
  try {
    await atPace({ count: entries.length, perSecond, tickMs }, (from, to) => {
      appended.push(append(from, to));
    });
    await Promise.all(appended);
    return { p50: percentile(waits, 0.5), p99: percentile(waits, 0.99) };
  } finally {
    await journal.close();
  }
}

export function someEntries(count: number): readonly StoredEntry[] {
  return [...makeEntries({ count, seed: 11 })];
}

// Whether the index and the seals keep up where entries come at a steady pace: how far they are behind is looked at
// again and again, from outside. Who keeps up is behind by as much at the end as soon after the beginning.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openJournal } from '#journal/sqlite/journal';
import { listSegments } from '#journal/sqlite/segment-files';
import { makeEntries } from '#support/make-journal';
import { settled } from './folder.ts';
import { atPace } from './ground.ts';

export interface Steady {
  readonly perSecond: number;
  readonly forMs: number;
}

export interface Lag {
  /** Entries that are durable and not indexed. */
  readonly entries: number;
  /** Segments that are closed and not sealed. */
  readonly segments: number;
}

export interface KeptUp {
  /** At each tenth of the time. */
  readonly lags: readonly Lag[];
  /** Until nothing was left to do, after the last entry. */
  readonly restMs: number;
}

const tickMs = 10;
const looks = 10;
/** One is closed every three seconds or so. */
const segmentEntries = 50_000;
const restMsMost = 600_000;

export async function measureKeepingUp(dir: string, { perSecond, forMs }: Steady): Promise<KeptUp> {
  const count = (perSecond * forMs) / 1000;
  const entries = makeEntries({ count, seed: 13 });
  const segments = { entries: segmentEntries, octets: 2 ** 30 };
  const journal = await openJournal(dir, { random: randomBytes, segments });
  try {
    const lags: Lag[] = [];
    const began = performance.now();
    let last: Promise<void> = Promise.resolve();
    await atPace({ count, perSecond, tickMs }, (from, to) => {
      last = journal.append(next(entries, to - from));
      if (performance.now() - began > ((lags.length + 1) * forMs) / looks)
        lags.push(lagOf(dir, to));
    });
    await last;
    return { lags, restMs: await settled(dir, restMsMost) };
  } finally {
    await journal.close();
  }
}

/** What a generator says next; `take` would close it. */
function next<T>(from: Iterator<T, unknown>, count: number): readonly T[] {
  const taken: T[] = [];
  while (taken.length < count) {
    const said = from.next();
    if (said.done === true) break;
    taken.push(said.value);
  }
  return taken;
}

function lagOf(dir: string, appended: number): Lag {
  const raw = listSegments(dir).filter(({ last }) => last === undefined).length;
  return { entries: appended - indexedTo(dir), segments: raw - 1 };
}

function indexedTo(dir: string): number {
  const db = new Database(join(dir, 'index.db'), { readonly: true, fileMustExist: true });
  try {
    const stands = db.prepare<[], number>('SELECT max(entry) FROM stands').pluck();
    return stands.get() ?? 0;
  } finally {
    db.close();
  }
}

// Writes runs into the tables of an index: that of the raw segments, and the passing one from which the index
// of a sealed segment is made anew.

import type Database from 'better-sqlite3';
import { decodeEntry } from '../codec.ts';
import { reachOf } from '../purge.ts';
import { eachListed, eachTerm } from '../terms.ts';
import { RunBuilder, runParts } from './run.ts';
import type { SealedRange } from './segment-files.ts';

export interface RunTables {
  /** Indexes entries that follow each other. Within a transaction of the caller. */
  readonly put: (first: number, blobs: readonly Uint8Array[]) => void;
  readonly remove: (range: SealedRange) => void;
}

/** The number of a part in its table. */
export const partNumber = (first: number, part: number): number => first * runParts + part;

export function runTables(db: Database.Database): RunTables {
  const builder = new RunBuilder();
  const run = db.prepare(
    'INSERT INTO runs VALUES (@first, @last, @earliest, @latest, @reaches, @times, @listed)',
  );
  const part = db.prepare('INSERT INTO parts VALUES (?, ?)');
  const removeRuns = db.prepare('DELETE FROM runs WHERE first BETWEEN ? AND ?');
  const removeParts = db.prepare('DELETE FROM parts WHERE part >= ? AND part < ?');
  return {
    put: (first, blobs) => {
      const { times, listed, reaches } = gather(builder, blobs);
      const [earliest, latest] = [times.reduce(min), times.reduce(max)];
      const last = first + blobs.length - 1;
      const octets = new Uint8Array(times.buffer);
      run.run({ first, last, earliest, latest, reaches, times: octets, listed });
      for (const [place, octets] of builder.finish().entries())
        part.run(partNumber(first, place), octets);
    },
    remove: ({ first, last }) => {
      removeRuns.run(first, last);
      removeParts.run(partNumber(first, 0), partNumber(last + 1, 0));
    },
  };
}

export const min = (a: number, b: number): number => Math.min(a, b);
export const max = (a: number, b: number): number => Math.max(a, b);

interface Gathered {
  readonly times: Float64Array<ArrayBuffer>;
  readonly listed: string;
  readonly reaches: number;
}

/** Gives every term to the builder. */
function gather(builder: RunBuilder, blobs: readonly Uint8Array[]): Gathered {
  const times = new Float64Array(blobs.length);
  const listed = new Map<string, Set<string>>();
  let reaches = Infinity;
  const list = (name: string, value: string): void => {
    const values = listed.get(name);
    if (values === undefined) listed.set(name, new Set([value]));
    else values.add(value);
  };
  for (const [place, blob] of blobs.entries()) {
    const { entry, body } = decodeEntry(blob);
    times[place] = entry.time;
    reaches = Math.min(reaches, reachOf(entry));
    builder.begin(place);
    eachTerm(entry, body, builder.take);
    eachListed(entry, list);
  }
  const values = Array.from(listed, ([name, some]) => [name, [...some]]);
  return { times, listed: JSON.stringify(Object.fromEntries(values)), reaches };
}

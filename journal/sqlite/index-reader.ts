// Reads the index of the raw segments: which runs there are, and the terms of each.
// Promises to leave out nothing that answers; what it gives is decided by `matches` afterwards.
// Throws what SQLite throws where the file is broken.

import type Database from 'better-sqlite3';
import { pluck } from './entry-reader.ts';
import { indexIsThere } from './index-writer.ts';
import type { TermSource } from './narrow.ts';
import { indexFile, openForReading } from './open.ts';
import { partNumber } from './run-tables.ts';
import { collided, findIn, partOf, readPart } from './run.ts';
import type { Part } from './run.ts';

/** Entries that are indexed together. */
export interface Run {
  readonly first: number;
  readonly last: number;
  /** Of its entries, in microseconds; wherever in it they stand. */
  readonly earliest: number;
  readonly latest: number;
}

export type Listed = Readonly<Record<string, readonly string[]>>;

export interface IndexReader {
  /** In their order, without a gap between two of one segment. */
  readonly runs: () => readonly Run[];
  readonly termsOf: (run: Run) => TermSource;
  readonly part: (run: Run, part: number) => Part;
  /** Of each entry of a run, in microseconds. */
  readonly times: (run: Run) => Float64Array;
  /** The oldest message that its entries say something of. */
  readonly reaches: (run: Run) => number;
  /** Values by the name they are listed under, each once. */
  readonly listed: (run: Run) => Listed;
  readonly close: () => void;
}

/** A run that was sealed meanwhile has left the index: who reads it goes on without. */
export class RunGone extends Error {}

const goneFrom = ({ first }: Pick<Run, 'first'>): RunGone =>
  new RunGone(`the index has no run ${first} any more`);

/** Undefined where there is no index. */
export function openIndexReader(dir: string): IndexReader | undefined {
  return indexIsThere(dir) ? openRuns(indexFile(dir)) : undefined;
}

/** The runs of any file that has some. */
export function openRuns(path: string): IndexReader {
  const db = openForReading(path);
  try {
    return indexReader(db);
  } catch (error) {
    db.close();
    throw error;
  }
}

function indexReader(db: Database.Database): IndexReader {
  const runs = db.prepare<[], Run>('SELECT first, last, earliest, latest FROM runs ORDER BY first');
  const octets = pluck<[number], Buffer>(db, 'SELECT octets FROM parts WHERE part = ?');
  const times = pluck<[number], Buffer>(db, 'SELECT times FROM runs WHERE first = ?');
  const reaches = pluck<[number], number>(db, 'SELECT reaches FROM runs WHERE first = ?');
  const values = pluck<[number], string>(db, 'SELECT listed FROM runs WHERE first = ?');
  const part = ({ first }: Run, part: number): Part => {
    const found = octets.get(partNumber(first, part));
    if (found === undefined) throw goneFrom({ first });
    return readPart(found);
  };
  // Written by `gather` so.
  const listed = ({ first }: Run): Listed => JSON.parse(values.get(first) ?? '{}') as Listed;
  return {
    runs: () => runs.all(),
    part,
    termsOf: (run) => ({
      find: ({ hash }) => {
        const { hashes, checks, ends, places } = part(run, partOf(hash));
        const at = findIn(hashes, hash);
        if (at < 0) return undefined;
        const [from, to] = [at === 0 ? 0 : (ends[at - 1] ?? 0), ends[at] ?? 0];
        const sure = checks[at] !== collided;
        return {
          count: to - from,
          sure,
          places: () => Uint32Array.from(places.subarray(from, to)),
        };
      },
      listed: (name, { kind, value }) => {
        const all = listed(run);
        const some = Object.hasOwn(all, name) ? (all[name] ?? []) : [];
        return some.filter((each) =>
          kind === 'begins' ? each.startsWith(value) : each.endsWith(value),
        );
      },
    }),
    times: ({ first }) => {
      const found = times.get(first);
      return new Float64Array(new Uint8Array(found ?? []).buffer);
    },
    reaches: (run) => {
      const found = reaches.get(run.first);
      if (found === undefined) throw goneFrom(run);
      return found;
    },
    listed,
    close: () => db.close(),
  };
}

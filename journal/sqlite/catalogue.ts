// The catalogue: of each sealed segment what a search asks first, so that a thousand of them need not be opened.
// A cache: a segment that is not in it says the same of itself, and the file can be thrown away at any time.

import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Purge } from '../purge.ts';
import { decodeFrontier, rootOf } from '../tree.ts';
import { openForReading, openForWriting } from './open.ts';
import { catalogueMigrations } from './schema.ts';
import { openSealedSegment } from './sealed-segment.ts';
import { filterFile, listSegments, sealedFile, sqliteSuffixes } from './segment-files.ts';
import type { SealedRange } from './segment-files.ts';

/** A sealed segment. */
export interface Card extends SealedRange {
  /** Of its entries, in microseconds, wherever in it they stand. */
  readonly earliest: number;
  readonly latest: number;
  /** Of its files. */
  readonly octets: number;
  /** Of the tree over all entries up to its last, lower-case hex. */
  readonly root: string;
}

const catalogueFile = (dir: string): string => join(dir, 'catalogue.db');

/**
 * Brings the catalogue in step with the folder. Only the indexer of the folder's one writer may.
 *
 * @param renewed A segment that is asked again, though it is known.
 */
export function updateCatalogue(dir: string, renewed?: SealedRange): void {
  const db = openForWriting(catalogueFile(dir), {
    synchronous: 'NORMAL',
    migrations: catalogueMigrations,
  });
  try {
    const known = new Set(
      db
        .prepare<[], Card>('SELECT * FROM segments')
        .all()
        .map(({ first }) => first),
    );
    const sealed = listSegments(dir).flatMap(({ first, last }) =>
      last === undefined ? [] : [{ first, last }],
    );
    const insert = db.prepare(
      'INSERT INTO segments VALUES (@first, @last, @earliest, @latest, @octets, @root)',
    );
    const remove = db.prepare('DELETE FROM segments WHERE first = ?');
    const cards = sealed
      .filter(({ first }) => !known.has(first) || first === renewed?.first)
      .map((range) => cardOf(dir, range));
    const firsts = new Set(sealed.map(({ first }) => first));
    db.transaction(() => {
      for (const first of known)
        if (!firsts.has(first) || first === renewed?.first) remove.run(first);
      for (const card of cards) insert.run(card);
    }).immediate();
  } finally {
    db.close();
  }
}

/** Without it each segment is asked itself; it is brought in step with the next seal, or the next start. */
export function tryUpdateCatalogue(dir: string, renewed?: SealedRange): void {
  try {
    updateCatalogue(dir, renewed);
  } catch {
    try {
      removeCatalogue(dir);
    } catch {
      // A disk that does not even forget: what is in it is true, only not all there is.
    }
  }
}

/** Where the journal says what was purged: a hint, so that a start need not look for it. */
export type PurgeHint = Pick<Purge, 'entry' | 'first' | 'last' | 'earliest' | 'latest'>;

/** Only the indexer of the folder's one writer may. Those whose entry was purged itself are let go. */
export function notePurge(dir: string, purge: PurgeHint): void {
  const db = openForWriting(catalogueFile(dir), {
    synchronous: 'NORMAL',
    migrations: catalogueMigrations,
  });
  try {
    const { entry, first, last, earliest, latest } = purge;
    db.transaction(() => {
      db.prepare('DELETE FROM purges WHERE entry <= ?').run(last);
      db.prepare('INSERT OR REPLACE INTO purges VALUES (?, ?, ?, ?, ?)').run(
        ...[entry, first, last, earliest, latest],
      );
    }).immediate();
  } finally {
    db.close();
  }
}

/** Oldest first; nothing where there is no catalogue, or it cannot be read. */
export function readPurgeHints(dir: string): readonly PurgeHint[] {
  // The columns of the schema, here and below.
  return readOrNothing(dir, 'SELECT * FROM purges ORDER BY entry') as readonly PurgeHint[];
}

export function removeCatalogue(dir: string): void {
  for (const suffix of sqliteSuffixes) rmSync(catalogueFile(dir) + suffix, { force: true });
}

/** What the catalogue has; nothing where there is none, or where it cannot be read. */
export function readCatalogue(dir: string): readonly Card[] {
  return readOrNothing(dir, 'SELECT * FROM segments ORDER BY first') as readonly Card[];
}

function readOrNothing(dir: string, sql: string): readonly unknown[] {
  try {
    const db = openForReading(catalogueFile(dir));
    try {
      return db.prepare(sql).all();
    } finally {
      db.close();
    }
  } catch {
    // The segments, and the entries, say the same.
    return [];
  }
}

/** What a segment says of itself. */
export function cardOf(dir: string, range: SealedRange): Card {
  const { about, close } = openSealedSegment(dir, range);
  close();
  const { first, last, earliest, latest, ended } = about;
  const octets = [sealedFile(dir, range), filterFile(dir, range)].map(
    (file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0,
  );
  return {
    ...{ first, last, earliest, latest },
    octets: octets.reduce((sum, size) => sum + size, 0),
    root: rootOf(decodeFrontier(last, ended)),
  };
}

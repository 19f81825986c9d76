// The catalogue: of each sealed segment what a search asks first, so that a thousand of them need not be opened.
// A cache: a segment that is not in it says the same of itself, and the file can be thrown away at any time.

import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import type { Purge } from '../purge.ts';
import { decodeFrontier, rootOf } from '../tree.ts';
import { openBank, removeBank, updateBank } from './filter-bank.ts';
import type { Filter } from './filter.ts';
import { openForReading, openForWriting } from './open.ts';
import { catalogueMigrations } from './schema.ts';
import { openSealedSegment } from './sealed-segment.ts';
import { filterFile, listSealed, sealedFile, sqliteSuffixes } from './segment-files.ts';
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
    const sealed = listSealed(dir);
    const insert = db.prepare(
      'INSERT INTO segments VALUES (@first, @last, @earliest, @latest, @octets, @root)',
    );
    const remove = db.prepare('DELETE FROM segments WHERE first = ?');
    const cards = sealed
      .filter(({ first }) => !known.has(first) || first === renewed?.first)
      .map((range) => describeSealed(dir, range));
    const firsts = new Set(sealed.map(({ first }) => first));
    db.transaction(() => {
      for (const first of known)
        if (!firsts.has(first) || first === renewed?.first) remove.run(first);
      for (const card of cards) insert.run(card);
    }).immediate();
    updateBank(dir, db, { sealed, renewed });
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
  try {
    const db = openForReading(catalogueFile(dir));
    try {
      return db.prepare<[], PurgeHint>('SELECT * FROM purges ORDER BY entry').all();
    } finally {
      db.close();
    }
  } catch {
    // The entries say the same.
    return [];
  }
}

/** Copies of filters may have been altered: they are made anew from the filters themselves. */
export function tryRenewBank(dir: string): void {
  try {
    removeBank(dir);
  } catch {
    // A disk that does not even forget: each copy has its sums.
  }
  tryUpdateCatalogue(dir);
}

export function removeCatalogue(dir: string): void {
  removeBank(dir);
  for (const suffix of sqliteSuffixes) rmSync(catalogueFile(dir) + suffix, { force: true });
}

/** The catalogue as it was when it was opened. */
export interface Catalogue {
  /** By its first entry; undefined for a segment that is not in it. */
  readonly cardOf: (first: number) => Card | undefined;
  readonly filterOf: (first: number) => Filter | undefined;
  /** False once the file is another one, or was written. */
  readonly isCurrent: () => boolean;
  readonly close: () => void;
}

/** One that is empty where there is none, or where it cannot be read: each segment says the same of itself. */
export function openCatalogue(dir: string): Catalogue {
  const seen = changeOf(dir);
  const isCurrent = (): boolean => changeOf(dir) === seen;
  try {
    const db = openForReading(catalogueFile(dir));
    try {
      return { ...db.transaction(() => read(dir, db))(), isCurrent };
    } finally {
      db.close();
    }
  } catch {
    const nothing = (): undefined => undefined;
    return { cardOf: nothing, filterOf: nothing, isCurrent, close: nothing };
  }
}

function read(dir: string, db: Database.Database): Omit<Catalogue, 'isCurrent'> {
  const rows = db.prepare<[], Card>('SELECT * FROM segments').all();
  const cards = new Map(rows.map((card) => [card.first, card]));
  const bank = openBank(dir, db);
  return {
    cardOf: (first) => cards.get(first),
    filterOf: (first) => bank?.filterOf(first),
    close: () => bank?.close(),
  };
}

/** Its writer moves all into the one file before it lets go of it. Empty where there is none. */
function changeOf(dir: string): string {
  const file = statSync(catalogueFile(dir), { bigint: true, throwIfNoEntry: false });
  return file ? `${file.ino} ${file.mtimeNs} ${file.size}` : '';
}

/** What a segment says of itself. */
export function describeSealed(dir: string, range: SealedRange): Card {
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

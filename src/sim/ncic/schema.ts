// The tables of a store of the simulated NCIC, and how its file is opened.

import type { Database } from 'better-sqlite3';

/** Raised when the tables or the terms of a record change: a file of another version is refused. */
export const storeVersion = 1;

/**
 * One row is one record with all that is known of it; `search` has a row for each term it is found
 * under. Both trees are read by their own key: there is no other index but that of what is due.
 */
export const schema = `
CREATE TABLE records (
  id INTEGER PRIMARY KEY,
  body TEXT NOT NULL,
  terms TEXT NOT NULL,
  due INTEGER
);
CREATE INDEX records_due ON records (due) WHERE due IS NOT NULL;
CREATE TABLE search (
  term TEXT NOT NULL,
  record INTEGER NOT NULL,
  PRIMARY KEY (term, record)
) WITHOUT ROWID;
CREATE TABLE inquiries (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  body TEXT NOT NULL,
  terms TEXT NOT NULL
);
CREATE TABLE inquiry_search (
  term TEXT NOT NULL,
  inquiry INTEGER NOT NULL,
  PRIMARY KEY (term, inquiry)
) WITHOUT ROWID;
CREATE TABLE agencies (
  ori TEXT PRIMARY KEY,
  body TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE numbers (
  letter TEXT PRIMARY KEY,
  next INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE comparisons (
  record INTEGER PRIMARY KEY,
  due INTEGER NOT NULL
);
`;

/** Each commit survives the end of the process; after a power cut the last ones may be gone, and the file is whole. */
export function prepare(db: Database): void {
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  db.pragma('cache_size = -131072');
  db.pragma('temp_store = MEMORY');
  db.pragma('busy_timeout = 5000');
}

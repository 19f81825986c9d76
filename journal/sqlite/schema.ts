// Tables and numbered migrations of the three files: journal, index, register.
// A migration is never changed once it has run anywhere; a new one is added at the end.
// The journal's own triggers refuse what would alter it, whoever holds the file open.

/** Entry, salt, leaf and blob, and the tree's frontier; committed together (security 7.2(3)). */
export const journalMigrations: readonly string[] = [
  `
  CREATE TABLE entries (
    entry INTEGER PRIMARY KEY,
    salt BLOB NOT NULL,
    leaf BLOB NOT NULL,
    blob BLOB NOT NULL
  ) STRICT;
  CREATE TABLE tree (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    size INTEGER NOT NULL,
    frontier BLOB NOT NULL
  ) STRICT;
  INSERT INTO tree VALUES (1, 0, x'');

  CREATE TRIGGER entries_in_order BEFORE INSERT ON entries
    WHEN NEW.entry IS NOT coalesce((SELECT max(entry) FROM entries), 0) + 1
    BEGIN SELECT raise(ABORT, 'entries come in order, gap-free'); END;
  CREATE TRIGGER entries_never_change BEFORE UPDATE ON entries
    BEGIN SELECT raise(ABORT, 'an entry is never changed'); END;
  CREATE TRIGGER entries_never_go BEFORE DELETE ON entries
    BEGIN SELECT raise(ABORT, 'an entry is never deleted'); END;
  CREATE TRIGGER tree_grows BEFORE UPDATE ON tree WHEN NEW.size <= OLD.size
    BEGIN SELECT raise(ABORT, 'the tree only grows'); END;
  CREATE TRIGGER tree_never_goes BEFORE DELETE ON tree
    BEGIN SELECT raise(ABORT, 'the tree is never deleted'); END;
  `,
];

/**
 * Postings and time marks, for each block of 1,024 entries; `stands` names the last block and the
 * leaf of its last entry. `offsets` are the places within the block, two octets each in the machine's order.
 */
export const indexMigrations: readonly string[] = [
  `
  CREATE TABLE postings (
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    block INTEGER NOT NULL,
    offsets BLOB NOT NULL,
    PRIMARY KEY (name, value, block)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE marks (
    block INTEGER PRIMARY KEY,
    earliest INTEGER NOT NULL,
    latest INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE stands (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    entry INTEGER NOT NULL,
    leaf BLOB NOT NULL
  ) STRICT;
  `,
];

/** The register's records as JSON, the entry they stand on, and the secrets by change id. */
export const registerMigrations: readonly string[] = [
  `
  CREATE TABLE records (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (kind, key)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE stands (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    entry INTEGER NOT NULL
  ) STRICT;
  INSERT INTO stands VALUES (1, 0);
  CREATE TABLE secrets (
    change TEXT PRIMARY KEY,
    user TEXT NOT NULL,
    algorithm TEXT NOT NULL CHECK (algorithm = 'pbkdf2-sha256'),
    rounds INTEGER NOT NULL,
    salt TEXT NOT NULL,
    hash TEXT NOT NULL
  ) STRICT;
  `,
];

// Tables and numbered migrations of the files: segments raw and sealed, index, catalogue, register.
// A migration is never changed once it has run anywhere; a new one is added at the end.
// The journal's own triggers refuse what would alter it, whoever holds the file open.

/** Where a later segment begins: what came before it is in its tree from the start. */
export interface SegmentStart {
  readonly first: number;
  /** The frontier over all entries before it. */
  readonly frontier: Uint8Array;
  /** The latest time of an entry before it, in microseconds. */
  readonly latest: number;
}

/** Entry, salt, leaf and blob, and the tree's frontier; committed together (security 7.2(3)). */
export const journalMigrations: readonly string[] = [
  entryTables({ first: 1, frontier: new Uint8Array(), latest: 0 }),
];

/** A later segment: the same tables, and where it began. Not in the first, which is older than segments. */
export function segmentTables(start: SegmentStart): string {
  const { first, frontier, latest } = start;
  return `
  ${entryTables(start)}
  CREATE TABLE began (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    size INTEGER NOT NULL,
    frontier BLOB NOT NULL,
    latest INTEGER NOT NULL
  ) STRICT;
  INSERT INTO began VALUES (1, ${first - 1}, ${literal(frontier)}, ${latest});
  CREATE TRIGGER began_stays BEFORE UPDATE ON began
    BEGIN SELECT raise(ABORT, 'where a segment began is never changed'); END;
  CREATE TRIGGER began_never_goes BEFORE DELETE ON began
    BEGIN SELECT raise(ABORT, 'where a segment began is never deleted'); END;
  PRAGMA user_version = 1;
  `;
}

function entryTables({ first, frontier }: SegmentStart): string {
  return `
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
  INSERT INTO tree VALUES (1, ${first - 1}, ${literal(frontier)});

  CREATE TRIGGER entries_in_order BEFORE INSERT ON entries
    WHEN NEW.entry IS NOT coalesce((SELECT max(entry) FROM entries), ${first - 1}) + 1
    BEGIN SELECT raise(ABORT, 'entries come in order, gap-free'); END;
  CREATE TRIGGER entries_never_change BEFORE UPDATE ON entries
    BEGIN SELECT raise(ABORT, 'an entry is never changed'); END;
  CREATE TRIGGER entries_never_go BEFORE DELETE ON entries
    BEGIN SELECT raise(ABORT, 'an entry is never deleted'); END;
  CREATE TRIGGER tree_grows BEFORE UPDATE ON tree WHEN NEW.size <= OLD.size
    BEGIN SELECT raise(ABORT, 'the tree only grows'); END;
  CREATE TRIGGER tree_never_goes BEFORE DELETE ON tree
    BEGIN SELECT raise(ABORT, 'the tree is never deleted'); END;
  `;
}

/** Octets as SQL writes them. */
function literal(octets: Uint8Array): string {
  return `x'${Buffer.from(octets).toString('hex')}'`;
}

/** Runs, wherever they are. Part of a migration below, so it is never changed. */
export const runsTables = `
  CREATE TABLE runs (
    first INTEGER PRIMARY KEY,
    last INTEGER NOT NULL,
    earliest INTEGER NOT NULL,
    latest INTEGER NOT NULL,
    reaches INTEGER NOT NULL,
    times BLOB NOT NULL,
    listed TEXT NOT NULL
  ) STRICT;
  CREATE TABLE parts (
    part INTEGER PRIMARY KEY,
    octets BLOB NOT NULL
  ) STRICT;
`;

const standsTable = `
  CREATE TABLE stands (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    first INTEGER NOT NULL,
    entry INTEGER NOT NULL,
    leaf BLOB NOT NULL
  ) STRICT;
`;

/**
 * The index of what is not sealed, in runs: `runs` has the times of each (of its entries the whole list, eight octets
 * each), the oldest message that its entries say something of, and its listed values as JSON, by name; `parts` its terms
 * (`run.ts`), by first entry * 32 + part. `stands` names the first entry that is indexed, the last one, and the leaf of
 * that. What an older program made of it is thrown away.
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
  `
  DROP TABLE postings;
  DROP TABLE marks;
  DROP TABLE stands;
  ${runsTables}
  ${standsTable}
  `,
  `
  DROP TABLE runs;
  DROP TABLE parts;
  DROP TABLE stands;
  ${runsTables}
  ${standsTable}
  `,
];

/**
 * A sealed segment. `about.reaches` is the oldest message that its entries say something of; who sealed before there
 * were purges did not note it. `blocks`: salts, the first four octets of each leaf, lengths, and the blobs of 64 entries,
 * compressed. `marks`: the times of a block. `terms`: by their hash, many in a row, or one with its count.
 * `listed`: the values that are found by a part of them, `>` forwards and `<` backwards. All of the index has sums, by
 * which what is altered or missing is noticed by whoever reads it.
 */
export const sealedTables = `
  CREATE TABLE about (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    version INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    earliest INTEGER NOT NULL,
    latest INTEGER NOT NULL,
    began BLOB NOT NULL,
    ended BLOB NOT NULL,
    terms INTEGER NOT NULL,
    marks INTEGER NOT NULL,
    reaches INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE blocks (block INTEGER PRIMARY KEY, octets BLOB NOT NULL) STRICT;
  CREATE TABLE marks (
    block INTEGER PRIMARY KEY,
    earliest INTEGER NOT NULL,
    latest INTEGER NOT NULL,
    times BLOB NOT NULL
  ) STRICT;
  CREATE TABLE terms (
    hash INTEGER PRIMARY KEY,
    count INTEGER NOT NULL,
    next INTEGER NOT NULL,
    sum INTEGER NOT NULL,
    octets BLOB NOT NULL
  ) STRICT;
  CREATE TABLE listed (value TEXT PRIMARY KEY, sum INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`;

/** What a search asks first of each sealed segment, made from them; and where the journal says what was purged. */
export const catalogueMigrations: readonly string[] = [
  `
  CREATE TABLE segments (
    first INTEGER PRIMARY KEY,
    last INTEGER NOT NULL,
    earliest INTEGER NOT NULL,
    latest INTEGER NOT NULL,
    octets INTEGER NOT NULL,
    root TEXT NOT NULL
  ) STRICT;
  `,
  `
  CREATE TABLE purges (
    entry INTEGER PRIMARY KEY,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    earliest INTEGER NOT NULL,
    latest INTEGER NOT NULL
  ) STRICT;
  `,
  // Where filters lie in the bank (`filter-bank.ts`), and which bank it is.
  `
  CREATE TABLE filters (
    first INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    octets INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE bank (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    number BLOB NOT NULL
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

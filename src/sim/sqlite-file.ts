// How a store of invented records is opened, whatever it holds: made where there is none, refused where
// it is something else. It fails with a SimFault that names the file.

import Sqlite from 'better-sqlite3';
import type { Database } from 'better-sqlite3';
import { SimFault } from './fault.ts';

export interface StoreKind {
  /** What its file is, for an error: `motor vehicle records`. */
  readonly what: string;
  /** Tells the stores apart, and raised when the tables change. */
  readonly version: number;
  readonly tables: string;
  /** Made after the first load, which is faster so; asked for at every opening. */
  readonly indexes: string;
}

export interface OpenOptions {
  /** False: the file has to be there. */
  readonly mayMake?: boolean;
}

/**
 * @param path A file, or `:memory:`.
 * @throws SimFault SIM-FILE, SIM-INPUT
 */
export function openSqliteFile(
  path: string,
  kind: StoreKind,
  { mayMake = true }: OpenOptions = {},
): Database {
  let db: Database | undefined;
  try {
    db = new Sqlite(path, { fileMustExist: !mayMake });
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
    db.pragma('cache_size = -65536');
    db.pragma('temp_store = MEMORY');
    const version = Number(db.pragma('user_version', { simple: true }));
    const empty = db.prepare('SELECT 1 FROM sqlite_schema').get() === undefined;
    if (version === 0 && empty)
      db.exec(`BEGIN; ${kind.tables} PRAGMA user_version = ${kind.version}; COMMIT;`);
    else if (version !== kind.version)
      throw new SimFault('SIM-INPUT', `${path} is no store of ${kind.what}`);
    return db;
  } catch (cause) {
    db?.close();
    if (cause instanceof SimFault) throw cause;
    throw new SimFault('SIM-FILE', `the store ${path} cannot be opened`, cause);
  }
}

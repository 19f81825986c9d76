// The register store on disk: the only SQLite besides the journal. See the port for its duties.
// Promises that each call is one durable transaction. Fails with JOURNAL_FULL for want of room, and may be
// tried again; with JOURNAL_FAILED when a write or flush failed: then nothing more is written, nor closed.

import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { JournalFault } from '../fault.ts';
import type { PasswordHash, RegisterStore } from '../register-store.ts';
import { applyRegisterChanges, emptyRegister } from '../register.ts';
import type { Register, RegisterChange } from '../register.ts';
import { pluck } from './entry-reader.ts';
import { isFull } from './full.ts';
import { openForWriting, prepareFolder, sentenceOf, writeThrough } from './open.ts';
import { registerMigrations } from './schema.ts';

/** @throws {JournalFault} JOURNAL_OPEN */
export function openRegisterStore(dir: string): RegisterStore {
  prepareFolder(dir);
  const db = openForWriting(join(dir, 'register.db'), {
    synchronous: 'FULL',
    migrations: registerMigrations,
  });
  // What is dropped here are secrets: their octets go too.
  db.pragma('secure_delete = ON');
  // Few and small commits: SQLite's own checkpoints will do.
  db.pragma('wal_autocheckpoint = 1000');
  const tables = tablesOf(db);
  const secrets = secretsOf(db);
  const project = db.transaction((entry: number, changes: readonly RegisterChange[]) => {
    if (entry <= tables.standsOn()) return;
    for (const change of changes) tables.apply(change);
    tables.standOn(entry);
  });
  const reconcile = db.transaction((entry: number, register: Register) => {
    const changes = changesOf(register);
    if (tables.standsOn() !== entry || !sameChanges(changes, tables.all())) {
      tables.clear();
      for (const change of changes) tables.apply(change);
      tables.standOn(entry);
    }
    const named = new Set(Array.from(register.person.values(), ({ credential }) => credential));
    for (const change of secrets.all()) if (!named.has(change)) secrets.drop(change);
  });
  let failed: JournalFault | undefined;
  const write = (act: () => void): void => {
    if (failed) throw failed;
    try {
      act();
    } catch (error) {
      const sentence = `The register store: ${sentenceOf(error)}.`;
      if (isFull(error)) throw new JournalFault('JOURNAL_FULL', sentence, error);
      throw (failed = new JournalFault('JOURNAL_FAILED', sentence, error));
    }
  };
  return {
    standsOn: tables.standsOn,
    project: (entry, changes) => write(() => project.immediate(entry, changes)),
    putSecret: (change, user, secret) => write(() => secrets.put(change, user, secret)),
    secret: secrets.get,
    reconcile: (entry, register) => write(() => reconcile.immediate(entry, register)),
    load: () => {
      const register = emptyRegister();
      applyRegisterChanges(register, tables.all());
      return register;
    },
    // A close would flush what a failed flush left; it hides its own failures, so the work is done before.
    close: () => {
      if (failed || !db.open) return;
      write(() => writeThrough(db));
      db.close();
    },
  };
}

type Put = RegisterChange & { readonly op: 'put' };

// The shape of what the statements give.
interface Tables {
  readonly standsOn: () => number;
  readonly standOn: (entry: number) => void;
  readonly apply: (change: RegisterChange) => void;
  readonly all: () => Put[];
  readonly clear: () => void;
}

function tablesOf(db: Database.Database): Tables {
  const stands = pluck<[], number>(db, 'SELECT entry FROM stands');
  const stand = db.prepare<[number]>('UPDATE stands SET entry = ?');
  const put = db.prepare<[string, string, string]>(
    'INSERT OR REPLACE INTO records VALUES (?, ?, ?)',
  );
  const remove = db.prepare<[string, string]>('DELETE FROM records WHERE kind = ? AND key = ?');
  const all = db.prepare<[], { kind: string; key: string; record: string }>(
    'SELECT kind, key, record FROM records ORDER BY kind, key',
  );
  const clear = db.prepare('DELETE FROM records');
  return {
    standsOn: () => stands.get() ?? 0,
    standOn: (entry) => void stand.run(entry),
    apply: (change) => {
      if (change.op === 'remove') remove.run(change.table, change.key);
      else put.run(change.table, change.key, JSON.stringify(change.record));
    },
    all: () =>
      all.all().map(
        ({ kind, key, record }) =>
          // Written by `apply` from a change of that table.
          ({ op: 'put', table: kind, key, record: JSON.parse(record) as unknown }) as Put,
      ),
    clear: () => void clear.run(),
  };
}

interface Secrets {
  readonly put: (change: string, user: string, secret: PasswordHash) => void;
  readonly get: (change: string) => PasswordHash | undefined;
  readonly all: () => readonly string[];
  readonly drop: (change: string) => void;
}

function secretsOf(db: Database.Database): Secrets {
  const put = db.prepare<[string, string, string, number, string, string]>(
    'INSERT INTO secrets VALUES (?, ?, ?, ?, ?, ?)',
  );
  const get = db.prepare<[string], PasswordHash>(
    'SELECT algorithm, rounds, salt, hash FROM secrets WHERE change = ?',
  );
  const all = pluck<[], string>(db, 'SELECT change FROM secrets');
  const drop = db.prepare<[string]>('DELETE FROM secrets WHERE change = ?');
  return {
    put: (change, user, { algorithm, rounds, salt, hash }) =>
      void put.run(change, user, algorithm, rounds, salt, hash),
    get: (change) => get.get(change),
    all: () => all.all(),
    drop: (change) => void drop.run(change),
  };
}

/** The whole register as the changes that make it, in the order of the tables. */
function changesOf(register: Register): Put[] {
  const tables: readonly [string, ReadonlyMap<string, unknown>][] = Object.entries(register);
  return tables
    .flatMap(([table, records]) =>
      // Object.entries loses that table and record belong together.
      Array.from(records, ([key, record]) => ({ op: 'put', table, key, record }) as Put),
    )
    .sort((a, b) => compare(a.table, b.table) || compare(a.key, b.key));
}

function sameChanges(wanted: readonly Put[], found: readonly Put[]): boolean {
  return JSON.stringify(wanted) === JSON.stringify(found);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

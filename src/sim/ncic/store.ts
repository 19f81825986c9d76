// Where the records of the simulated NCIC lie: a SQLite file, or memory. It promises that what is found
// under a term is what was stored under it, across a restart. It fails with a SimFault where the file
// cannot be opened. It decides nothing about records; what a record is found under is terms.ts.

import Sqlite from 'better-sqlite3';
import type { Database } from 'better-sqlite3';
import { SimFault } from '../fault.ts';
import { createCalendar, homeZone } from './calendar.ts';
import type { Calendar } from './calendar.ts';
import { openInquiryLog } from './inquiry-log.ts';
import type { InquiryLog } from './inquiry-log.ts';
import { issueNumbers } from './nic.ts';
import type { NumberIssue } from './nic.ts';
import type { NcicRecord, NewRecord, StoredRecord } from './record.ts';
import { openAnswersGiven } from './repeats.ts';
import type { AnswersGiven } from './repeats.ts';
import { nextDue } from './retention.ts';
import type { Clocked, DueAct } from './retention.ts';
import { prepare, schema, storeVersion } from './schema.ts';
import { readNcicTables } from './tables.ts';
import type { Kind, NcicTables } from './tables.ts';
import { term, termsOf } from './terms.ts';

/** An agency of the ORI file. @source ncic 2.5, 10.2 */
export interface Agency {
  readonly ori: string;
  readonly name: string;
  /** Two letters. */
  readonly state: string;
  /** As it is printed: `916 555-0188`. */
  readonly phone: string;
  readonly retired?: boolean;
}

export interface NcicStore extends InquiryLog, AnswersGiven {
  readonly calendar: Calendar;
  /** Stores records, fifty thousand in a transaction. @returns How many. */
  insertMany(records: Iterable<NewRecord>): number;
  /** Stores one record, with a number of its own where it has none. */
  insert(record: NewRecord): StoredRecord;
  /** Replaces what is stored of a record. */
  put(record: StoredRecord): void;
  remove(record: StoredRecord): void;
  /** The records under any of the terms, each once, oldest first; at most `limit`. */
  find(terms: readonly string[], limit?: number): readonly StoredRecord[];
  /** The records with a term that begins so and that fits; at most `limit`. */
  findBeginning(
    beginning: string,
    fits: (term: string) => boolean,
    limit?: number,
  ): readonly StoredRecord[];
  /** Records with something due by then, the earliest first; at most `limit`. */
  dueBy(atMs: number, limit: number): readonly StoredRecord[];
  /** What is due for a record first. */
  dueOf(record: NewRecord): DueAct | undefined;
  /** Of records and comparisons. */
  readonly nextDueMs: number | undefined;
  /** Puts a record down for the comparison of a day; once, however often it is put down. */
  planComparison(id: number, atMs: number): void;
  /** Takes the comparisons that are due, at most `limit`; records that are gone are left out. */
  takeComparisons(atMs: number, limit: number): readonly StoredRecord[];
  putAgencies(agencies: Iterable<Agency>): void;
  agency(ori: string): Agency | undefined;
  /** Whether any agency is known. */
  readonly hasAgencies: boolean;
  /** Records on file, whatever their state. */
  readonly size: number;
  /** All of it is stored, or nothing where it throws. */
  transaction<T>(work: () => T): T;
  close(): void;
}

export interface NcicStoreOptions {
  readonly tables?: NcicTables;
  /** The zone whose days count. */
  readonly timeZone?: string;
  /** Whether records have to be validated to stay. */
  readonly validation?: boolean;
}

/**
 * @param path A file, made where there is none; `:memory:` for a store that is gone at the end.
 * @throws SimFault SIM-FILE, SIM-INPUT
 */
export function openNcicStore(path: string, options: NcicStoreOptions = {}): NcicStore {
  const { tables = readNcicTables(), timeZone = homeZone, validation } = options;
  const calendar = createCalendar(timeZone);
  const clocked: Omit<Clocked, 'file'> = {
    retention: tables.retention,
    calendar,
    ...(validation === true ? { validation: tables.notices.validation } : {}),
  };
  return storeOn(openFile(path), tables, clocked);
}

/** Found at most, where nobody says otherwise. */
const foundMax = 10_000;
const insertedAtOnce = 50_000;
const agenciesKnownMax = 10_000;

function openFile(path: string): Database {
  try {
    const db = new Sqlite(path);
    prepare(db);
    const version = Number(db.pragma('user_version', { simple: true }));
    if (version === storeVersion) return db;
    if (version !== 0 || db.prepare('SELECT 1 FROM sqlite_schema').get() !== undefined) {
      db.close();
      throw new SimFault(
        'SIM-INPUT',
        `${path} is no store of NCIC records of version ${storeVersion}`,
      );
    }
    db.exec(`BEGIN; ${schema} PRAGMA user_version = ${storeVersion}; COMMIT;`);
    return db;
  } catch (cause) {
    if (cause instanceof SimFault) throw cause;
    throw new SimFault('SIM-FILE', `the store ${path} cannot be opened`, cause);
  }
}

function storeOn(db: Database, tables: NcicTables, clocked: Omit<Clocked, 'file'>): NcicStore {
  const { phonetic } = tables;
  const { calendar } = clocked;
  const sql = statements(db);
  const numbers: NumberIssue = issueNumbers(
    db,
    (nic) => sql.under.get(term.nic(nic)) !== undefined,
  );
  const kindOf = (record: NewRecord): Kind => {
    const kind = tables.kinds.get(record.kind);
    if (kind === undefined)
      throw new SimFault('SIM-INPUT', `${record.kind} is the entry key of no file`);
    return kind;
  };
  const numbered = (record: NewRecord): NcicRecord =>
    record.nic === undefined
      ? { ...record, nic: numbers.next(tables.letters[kindOf(record).file]) }
      : { ...record, nic: record.nic };
  const row = (
    record: NcicRecord,
  ): [body: string, terms: readonly string[], due: number | null] => {
    const { file } = kindOf(record);
    const due = nextDue(record, { ...clocked, file })?.atMs ?? null;
    return [JSON.stringify(record), termsOf(record, file, phonetic), due];
  };
  const log = openInquiryLog(db, tables.notices.delayed);
  const known = new Map<string, Agency | undefined>();
  const unlist = (id: number): void => {
    const held = sql.termsOf.get(id);
    if (held === undefined) return;
    for (const each of JSON.parse(held.terms) as string[]) sql.unlist.run(each, id);
  };
  const insert = (record: NewRecord): StoredRecord => {
    const whole = numbered(record);
    const [body, terms, due] = row(whole);
    const id = Number(sql.insert.run(body, JSON.stringify(terms), due).lastInsertRowid);
    for (const each of terms) sql.list.run(each, id);
    return { ...whole, id };
  };
  const append = (record: NewRecord): void => {
    const [body, terms, due] = row(numbered(record));
    sql.insert.run(body, JSON.stringify(terms), due);
  };
  /** What is due next, asked for with each message: known until something is written. */
  let soonest: { readonly atMs: number | undefined } | undefined;
  const transaction = <T>(work: () => T): T => {
    try {
      return db.inTransaction ? work() : db.transaction(work).immediate();
    } finally {
      soonest = undefined;
    }
  };
  return {
    calendar,
    ...log,
    ...openAnswersGiven(db),
    insertMany: (records) => {
      let count = 0;
      for (const chunk of chunksOf(records, insertedAtOnce))
        transaction(() => {
          const last = sql.lastId.get()?.id ?? 0;
          for (const record of chunk) append(record);
          // Sorted, so that the tree of terms is written leaf by leaf.
          sql.listAfter.run(last);
          count += chunk.length;
        });
      return count;
    },
    insert: (record) => transaction(() => insert(record)),
    put: (record) => {
      transaction(() => {
        const { id, ...whole } = record;
        const [body, terms, due] = row(whole);
        unlist(id);
        sql.update.run(body, JSON.stringify(terms), due, id);
        for (const each of terms) sql.list.run(each, id);
      });
    },
    remove: ({ id }) => {
      transaction(() => {
        unlist(id);
        sql.remove.run(id);
      });
    },
    find: (terms, limit = foundMax) => {
      const ids = new Set<number>();
      // Most terms are nobody's, and to learn that by `get` costs a fifth of what `all` does.
      for (const each of terms)
        if (sql.under.get(each) !== undefined)
          for (const id of sql.listed.all(each, limit)) ids.add(id);
      return recordsOf([...ids], limit, sql);
    },
    findBeginning: (beginning, fits, limit = foundMax) => {
      const ids = new Set<number>();
      for (const { term: found, record } of sql.beginning.iterate(beginning, `${beginning}~`)) {
        if (fits(found)) ids.add(record);
        if (ids.size >= limit) break;
      }
      return recordsOf([...ids], limit, sql);
    },
    dueBy: (atMs, limit) => sql.due.all(atMs, limit).map(storedRecord),
    dueOf: (record) => nextDue(record, { ...clocked, file: kindOf(record).file }),
    get nextDueMs() {
      soonest ??= { atMs: sql.nextDue.get()?.due ?? undefined };
      return soonest.atMs;
    },
    planComparison: (id, atMs) => {
      sql.planComparison.run(id, atMs);
      soonest = undefined;
    },
    takeComparisons: (atMs, limit) =>
      transaction(() => {
        const due = sql.comparisons.all(atMs, limit);
        for (const { record } of due) sql.dropComparison.run(record);
        return recordsOf(
          due.map(({ record }) => record),
          limit,
          sql,
        );
      }),
    putAgencies: (agencies) => {
      transaction(() => {
        for (const agency of agencies) sql.putAgency.run(agency.ori, JSON.stringify(agency));
      });
      known.clear();
    },
    agency: (ori) => {
      if (known.has(ori)) return known.get(ori);
      const found = sql.agency.get(ori);
      // Written by putAgencies alone.
      const agency = found === undefined ? undefined : (JSON.parse(found.body) as Agency);
      if (known.size >= agenciesKnownMax) known.clear();
      known.set(ori, agency);
      return agency;
    },
    get hasAgencies() {
      return sql.anyAgency.get() !== undefined;
    },
    get size() {
      return sql.count.get()?.count ?? 0;
    },
    transaction,
    close: () => {
      log.flushInquiries();
      db.close();
    },
  };
}

interface RecordRow {
  readonly id: number;
  readonly body: string;
}

/** The row of a record as `row` wrote it. */
function storedRecord({ id, body }: RecordRow): StoredRecord {
  return { ...(JSON.parse(body) as NcicRecord), id };
}

function recordsOf(ids: number[], limit: number, sql: Statements): readonly StoredRecord[] {
  return ids
    .sort((a, b) => a - b)
    .slice(0, limit)
    .flatMap((id) => {
      const found = sql.record.get(id);
      return found === undefined ? [] : [storedRecord(found)];
    });
}

function* chunksOf<T>(items: Iterable<T>, size: number): Generator<readonly T[]> {
  let chunk: T[] = [];
  for (const item of items) {
    chunk.push(item);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

type Statements = ReturnType<typeof statements>;

function statements(db: Database) {
  return {
    insert: db.prepare<[string, string, number | null]>(
      'INSERT INTO records (body, terms, due) VALUES (?, ?, ?)',
    ),
    update: db.prepare<[string, string, number | null, number]>(
      'UPDATE records SET body = ?, terms = ?, due = ? WHERE id = ?',
    ),
    remove: db.prepare<[number]>('DELETE FROM records WHERE id = ?'),
    record: db.prepare<[number], RecordRow>('SELECT id, body FROM records WHERE id = ?'),
    termsOf: db.prepare<[number], { terms: string }>('SELECT terms FROM records WHERE id = ?'),
    lastId: db.prepare<[], { id: number | null }>('SELECT max(id) AS id FROM records'),
    count: db.prepare<[], { count: number }>('SELECT count(*) AS count FROM records'),
    list: db.prepare<[string, number]>('INSERT INTO search (term, record) VALUES (?, ?)'),
    listAfter: db.prepare<[number]>(
      `INSERT INTO search (term, record) SELECT each.value, records.id
       FROM records, json_each(records.terms) AS each WHERE records.id > ? ORDER BY 1, 2`,
    ),
    unlist: db.prepare<[string, number]>('DELETE FROM search WHERE term = ? AND record = ?'),
    under: db.prepare<[string]>('SELECT 1 FROM search WHERE term = ?'),
    listed: db
      .prepare<[string, number], number>('SELECT record FROM search WHERE term = ? LIMIT ?')
      .pluck(),
    beginning: db.prepare<[string, string], { term: string; record: number }>(
      'SELECT term, record FROM search WHERE term >= ? AND term < ?',
    ),
    due: db.prepare<[number, number], RecordRow>(
      'SELECT id, body FROM records WHERE due <= ? ORDER BY due, id LIMIT ?',
    ),
    nextDue: db.prepare<[], { due: number | null }>(
      `SELECT min(due) AS due FROM (
         SELECT min(due) AS due FROM records WHERE due IS NOT NULL
         UNION ALL SELECT min(due) FROM comparisons)`,
    ),
    planComparison: db.prepare<[number, number]>(
      'INSERT OR REPLACE INTO comparisons VALUES (?, ?)',
    ),
    comparisons: db.prepare<[number, number], { record: number }>(
      'SELECT record FROM comparisons WHERE due <= ? ORDER BY record LIMIT ?',
    ),
    dropComparison: db.prepare<[number]>('DELETE FROM comparisons WHERE record = ?'),
    putAgency: db.prepare<[string, string]>('INSERT OR REPLACE INTO agencies VALUES (?, ?)'),
    agency: db.prepare<[string], { body: string }>('SELECT body FROM agencies WHERE ori = ?'),
    anyAgency: db.prepare<[]>('SELECT 1 FROM agencies LIMIT 1'),
  };
}

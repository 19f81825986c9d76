// What the hub remembers: every message of a switch with its operator (req C89), the requests that wait for
// an answer, and the answers that wait for their station. In a folder it is durable before the ACK, and a hub
// that starts again goes on where it was; without one it lives in memory and is bounded.

import { hash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Mnemonic } from '#protocol/ids';
import { SimFault } from '../fault.ts';
import type { Addressee, Answer, LineMessage } from '../line/handler.ts';

/** One message of a switch, as it stands in the journal. */
export interface JournalRow {
  readonly number: number;
  readonly atMs: number;
  readonly station: string;
  readonly mnemonic: string;
  readonly oif?: string | undefined;
  readonly taf?: string | undefined;
  readonly ori?: string | undefined;
  readonly mke?: string | undefined;
  readonly suphdr?: string | undefined;
  readonly bytes: number;
  /** SHA-256 of the body, hex, lower case: as the journal of the switch has it. */
  readonly digest: string;
  readonly outcome: 'taken' | 'refused' | 'duplicate';
  readonly code?: string | undefined;
}

export interface JournalQuery {
  readonly oif: string;
  readonly sinceMs?: number;
  readonly count: number;
}

/** A request whose last answer was not said yet. */
export interface KeptRequest {
  readonly number: number;
  readonly reference: string;
  readonly station: string;
  readonly mnemonic: Mnemonic;
  readonly class: number;
  readonly body: Uint8Array;
}

export const journalFile = 'state.db';
/** Rows kept in memory, and in a folder: the oldest go. */
const rowsMax = { memory: 100_000, folder: 10_000_000 };
/** How many go at once. */
const trimRows = 1_000;
/** A repeat counts for a day. @source link M7 */
const repeatMs = 86_400_000;

const schema = `
  CREATE TABLE IF NOT EXISTS message (
    number INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, station TEXT NOT NULL, mnemonic TEXT NOT NULL,
    oif TEXT, taf TEXT, ori TEXT, mke TEXT, suphdr TEXT,
    bytes INTEGER NOT NULL, digest TEXT NOT NULL, outcome TEXT NOT NULL, code TEXT);
  CREATE INDEX IF NOT EXISTS message_oif ON message (oif, number);
  CREATE INDEX IF NOT EXISTS message_digest ON message (digest);
  CREATE TABLE IF NOT EXISTS request (
    number INTEGER PRIMARY KEY, reference TEXT NOT NULL, station TEXT NOT NULL, mnemonic TEXT NOT NULL,
    class INTEGER NOT NULL, body BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS owed (
    receipt INTEGER PRIMARY KEY, station TEXT NOT NULL, mnemonic TEXT NOT NULL, class INTEGER NOT NULL,
    suphdr TEXT, text TEXT NOT NULL, final INTEGER NOT NULL, since_ms INTEGER NOT NULL);
`;

type Row = Omit<JournalRow, 'number'>;

export class HubJournal {
  readonly #db: Database.Database;
  readonly #rowsMax: number;
  /** Requests and answers are worth keeping where they outlive the process. */
  readonly #keeps: boolean;
  #open = false;
  #number: number;
  #receipt: number;
  readonly #statements: ReturnType<typeof prepare>;

  /** @param folder Undefined: in memory. @throws SimFault SIM-CREATE */
  constructor(folder: string | undefined) {
    this.#db = openDatabase(folder);
    this.#keeps = folder !== undefined;
    this.#rowsMax = folder === undefined ? rowsMax.memory : rowsMax.folder;
    this.#statements = prepare(this.#db);
    this.#number = highest(this.#db, 'SELECT max(number) AS last FROM message');
    this.#receipt = highest(this.#db, 'SELECT max(receipt) AS last FROM owed');
  }

  /** Writes one message; durable after the next `commit`. */
  add(row: Row): number {
    this.#begin();
    const number = ++this.#number;
    const { oif, taf, ori, mke, suphdr, code } = row;
    this.#statements.add.run(
      ...[number, row.atMs, row.station, row.mnemonic],
      ...[oif, taf, ori, mke, suphdr].map(orNull),
      ...[row.bytes, row.digest, row.outcome, orNull(code)],
    );
    if (number % trimRows === 0) this.#statements.trim.run(number - this.#rowsMax);
    return number;
  }

  /** True where the same station sent the same body under this mnemonic before. @source link M7 */
  knows({ station, mnemonic }: LineMessage, digest: string, atMs: number): boolean {
    return this.#statements.knows.get(digest, station, mnemonic, atMs - repeatMs) !== undefined;
  }

  keepRequest(request: KeptRequest): void {
    if (!this.#keeps) return;
    this.#begin();
    this.#statements.keepRequest.run(request);
  }

  requestDone(number: number): void {
    if (!this.#keeps) return;
    this.#begin();
    this.#statements.requestDone.run(number);
  }

  /** The same answer with a receipt, where it is kept until its station has it. */
  owe(answer: Answer): Answer {
    if (!this.#keeps) return answer;
    this.#begin();
    const receipt = ++this.#receipt;
    const { station, mnemonic, class: messageClass, suphdr = null } = answer.to;
    const final = answer.final ? 1 : 0;
    const to = { station, mnemonic, class: messageClass, suphdr };
    const sinceMs = Date.now();
    this.#statements.owe.run({ receipt, ...to, text: answer.text, final, sinceMs });
    return { ...answer, receipt, sinceMs };
  }

  paid(receipt: number): void {
    this.#begin();
    this.#statements.paid.run(receipt);
  }

  /** Requests of an earlier run, oldest first. */
  get requests(): readonly KeptRequest[] {
    return this.#statements.requests.all() as KeptRequest[];
  }

  /** Answers of an earlier run, in their order. */
  get owed(): readonly Answer[] {
    return (this.#statements.owed.all() as OwedRow[]).map(answerOf);
  }

  commit(): void {
    if (!this.#open || !this.#keeps) return;
    this.#open = false;
    this.#statements.commit.run();
  }

  /** Newest first. */
  search(query: JournalQuery): readonly JournalRow[] {
    this.commit();
    return searchJournal(this.#db, query);
  }

  close(): void {
    this.commit();
    this.#db.close();
  }

  /** One transaction for all of a turn of the event loop; in memory for all that there is: nobody else reads it. */
  #begin(): void {
    if (this.#open) return;
    this.#open = true;
    this.#statements.begin.run();
    if (!this.#keeps) return;
    setImmediate(() => {
      if (this.#db.open) this.commit();
    });
  }
}

export const digestOf = (body: Uint8Array): string => hash('sha256', body);

/** Reads the journal of a folder, also while a hub writes it. @throws SimFault SIM-FILE, SIM-INPUT */
export function readJournal(folder: string, query: JournalQuery): readonly JournalRow[] {
  const path = join(folder, journalFile);
  let db: Database.Database;
  try {
    db = new Database(path, { readonly: true, fileMustExist: true });
  } catch (cause) {
    throw new SimFault('SIM-FILE', `there is no journal of a hub in ${folder}`, cause);
  }
  try {
    return searchJournal(db, query);
  } catch (cause) {
    throw new SimFault('SIM-INPUT', `${path} is not the journal of a hub`, cause);
  } finally {
    db.close();
  }
}

function searchJournal(db: Database.Database, query: JournalQuery): readonly JournalRow[] {
  const rows = db
    .prepare(
      `SELECT number, at_ms AS atMs, station, mnemonic, oif, taf, ori, mke, suphdr, bytes, digest, outcome, code
       FROM message WHERE oif = ? AND at_ms >= ? ORDER BY number DESC LIMIT ?`,
    )
    .all(query.oif, query.sinceMs ?? 0, query.count) as Record<string, unknown>[];
  // The statement names the members of JournalRow; NULL is a member that is left out.
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)),
  ) as unknown as JournalRow[];
}

const orNull = (value: string | undefined): string | null => value ?? null;

interface OwedRow extends Omit<Addressee, 'suphdr'> {
  readonly receipt: number;
  readonly suphdr: string | null;
  readonly text: string;
  readonly final: number;
  readonly sinceMs: number;
}

function answerOf({ receipt, suphdr, text, final, sinceMs, ...to }: OwedRow): Answer {
  const named = suphdr === null ? {} : { suphdr };
  return { to: { ...to, ...named }, text, final: final === 1, receipt, sinceMs };
}

function openDatabase(folder: string | undefined): Database.Database {
  try {
    if (folder !== undefined) mkdirSync(folder, { recursive: true, mode: 0o700 });
    const db = new Database(folder === undefined ? ':memory:' : join(folder, journalFile));
    // What is in memory alone is gone with the process: there is nothing to roll back to.
    db.pragma(`journal_mode = ${folder === undefined ? 'OFF' : 'WAL'}`);
    db.pragma('synchronous = FULL');
    db.exec(schema);
    addTimeOfOwed(db);
    return db;
  } catch (cause) {
    throw new SimFault(
      'SIM-CREATE',
      `the journal in ${folder ?? 'memory'} cannot be opened`,
      cause,
    );
  }
}

/** A file of before says not since when an answer is owed: since now. */
function addTimeOfOwed(db: Database.Database): void {
  const columns = db.pragma('table_info(owed)') as readonly { readonly name: string }[];
  if (columns.some(({ name }) => name === 'since_ms')) return;
  db.exec(`ALTER TABLE owed ADD COLUMN since_ms INTEGER NOT NULL DEFAULT ${Date.now()}`);
}

function prepare(db: Database.Database) {
  return {
    begin: db.prepare('BEGIN'),
    commit: db.prepare('COMMIT'),
    add: db.prepare('INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    trim: db.prepare('DELETE FROM message WHERE number <= ?'),
    knows: db.prepare(
      `SELECT 1 FROM message WHERE digest = ? AND station = ? AND mnemonic = ? AND at_ms >= ?
       AND outcome = 'taken' LIMIT 1`,
    ),
    keepRequest: db.prepare(
      'INSERT INTO request VALUES (@number, @reference, @station, @mnemonic, @class, @body)',
    ),
    requestDone: db.prepare('DELETE FROM request WHERE number = ?'),
    requests: db.prepare('SELECT * FROM request ORDER BY number'),
    owe: db.prepare(
      'INSERT INTO owed VALUES (@receipt, @station, @mnemonic, @class, @suphdr, @text, @final, @sinceMs)',
    ),
    paid: db.prepare('DELETE FROM owed WHERE receipt = ?'),
    owed: db.prepare(
      `SELECT receipt, station, mnemonic, class, suphdr, text, final, since_ms AS sinceMs
       FROM owed ORDER BY receipt`,
    ),
  };
}

function highest(db: Database.Database, sql: string): number {
  const { last } = db.prepare(sql).get() as { readonly last: number | null };
  return last ?? 0;
}

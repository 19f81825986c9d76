// The criminal histories of all states: who was ever arrested, with the arrests. A SQLite file, or
// memory; found by FBI, state and social security number, or by the sound of a name and day of birth.

import type { Database } from 'better-sqlite3';
import { foldNumber } from '../ncic/fold.ts';
import { soundOf, splitName } from '../ncic/name.ts';
import type { Phonetic } from '../ncic/name.ts';
import { openSqliteFile } from '../sqlite-file.ts';
import type { OpenOptions } from '../sqlite-file.ts';
import type { Cycle, Household, Person } from '../world/words.ts';

export interface HistoryRecord {
  readonly person: Person;
  /** Oldest first; at least one. */
  readonly cycles: readonly Cycle[];
}

export const personNumbers = ['FBI', 'SID', 'SOC'] as const;
export type PersonNumber = (typeof personNumbers)[number];

export interface HistoryStore {
  /** Stores those who have a history; all or nothing. Call `ready` after the last. */
  insertMany(households: Iterable<Household>): void;
  /** Makes what is searched by; without it all is found too, only slowly. */
  ready(): void;
  byNumber(code: PersonNumber, number: string): readonly HistoryRecord[];
  /** The same sound of the surname, month and day of birth; the caller looks at the rest. */
  bySound(name: string, dob: string): readonly HistoryRecord[];
  readonly count: number;
  close(): void;
}

/** One search finds at most so many. */
const foundMax = 500;

const kind = {
  what: 'criminal histories',
  version: 73,
  tables: `
CREATE TABLE histories (fbi TEXT NOT NULL, sid TEXT NOT NULL, soc TEXT NOT NULL, sound TEXT NOT NULL, body TEXT NOT NULL);
`,
  indexes: `
CREATE INDEX IF NOT EXISTS histories_fbi ON histories (fbi);
CREATE INDEX IF NOT EXISTS histories_sid ON histories (sid);
CREATE INDEX IF NOT EXISTS histories_soc ON histories (soc);
CREATE INDEX IF NOT EXISTS histories_sound ON histories (sound);
`,
};

/**
 * @param path A file, made where there is none, or `:memory:`.
 * @throws SimFault SIM-FILE, SIM-INPUT
 */
export function openHistoryStore(
  path: string,
  phonetic: Phonetic,
  options: OpenOptions = {},
): HistoryStore {
  const db = openSqliteFile(path, kind, options);
  const sql = statements(db);
  const soundKey = (name: string, dob: string): string =>
    `${soundOf(splitName(name).surname, phonetic)} ${dob.slice(4)}`;
  const insertMany = db.transaction((households: Iterable<Household>) => {
    for (const { person, history } of households) {
      if (history.length === 0) continue;
      const numbers = [person.fbi, person.sid, person.soc].map((text) => foldNumber(text ?? ''));
      const [fbi = '', sid = '', soc = ''] = numbers;
      const body = JSON.stringify({ person, cycles: history });
      sql.put.run(fbi, sid, soc, soundKey(person.nam, person.dob), body);
    }
  });
  return {
    insertMany: (households) => {
      insertMany(households);
    },
    ready: () => {
      db.exec(kind.indexes);
    },
    byNumber: (code, number) => sql.by[code].all(foldNumber(number), foundMax).map(recordIn),
    bySound: (name, dob) => sql.bySound.all(soundKey(name, dob), foundMax).map(recordIn),
    get count() {
      return sql.count.get()?.count ?? 0;
    },
    close: () => {
      db.close();
    },
  };
}

interface BodyRow {
  readonly body: string;
}

/** As `insertMany` wrote it. */
const recordIn = ({ body }: BodyRow): HistoryRecord => JSON.parse(body) as HistoryRecord;

function statements(db: Database) {
  const by = (column: string) =>
    db.prepare<[string, number], BodyRow>(`SELECT body FROM histories WHERE ${column} = ? LIMIT ?`);
  return {
    put: db.prepare<[string, string, string, string, string]>(
      'INSERT INTO histories VALUES (?, ?, ?, ?, ?)',
    ),
    by: { FBI: by('fbi'), SID: by('sid'), SOC: by('soc') },
    bySound: by('sound'),
    count: db.prepare<[], { count: number }>('SELECT count(*) AS count FROM histories'),
  };
}

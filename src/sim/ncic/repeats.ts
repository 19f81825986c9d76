// What was answered to the last changes. A message that comes again flagged is known by its reference and gets the
// same answer again, not one that says that its change is on file already. Bounded: the oldest go.

import { hash } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import type { Heard, Said } from '../host.ts';

export interface AnswersGiven {
  /** In the transaction of the change: both are on file, or neither. */
  keepAnswer(heard: Heard, said: readonly Said[]): void;
  /** What was said to the same message before; undefined where it does not come again, or changed nothing then. */
  answerGiven(heard: Heard): readonly Said[] | undefined;
}

/** Far more than may be on their way at once. */
const keptMax = 10_000;

// A table of its own that any store gets when it is opened: the records of an older file stay as they are.
const table = `
CREATE TABLE IF NOT EXISTS answers_given (
  id INTEGER PRIMARY KEY,
  message BLOB NOT NULL UNIQUE,
  said TEXT NOT NULL
);`;

/** @param max How many are kept. */
export function openAnswersGiven(db: Database, max = keptMax): AnswersGiven {
  db.exec(table);
  const add = db.prepare<[Uint8Array, string]>(
    'INSERT OR REPLACE INTO answers_given (message, said) VALUES (?, ?)',
  );
  const trim = db.prepare<[number]>('DELETE FROM answers_given WHERE id <= ?');
  const find = db.prepare<[Uint8Array], { readonly said: string }>(
    'SELECT said FROM answers_given WHERE message = ?',
  );
  return {
    keepAnswer: (heard, said) => {
      if (heard.reference === undefined) return;
      const { lastInsertRowid } = add.run(digestOf(heard), JSON.stringify(said));
      trim.run(Number(lastInsertRowid) - max);
    },
    answerGiven: (heard) => {
      if (heard.again !== true || heard.reference === undefined) return undefined;
      const found = find.get(digestOf(heard));
      // Written by keepAnswer alone.
      return found === undefined ? undefined : (JSON.parse(found.said) as readonly Said[]);
    },
  };
}

/** A reference is its sender's own: with mnemonic and text nobody else's message has the same. */
const digestOf = ({ mnemonic, reference, text }: Heard): Uint8Array =>
  hash('sha256', JSON.stringify([mnemonic, reference, text]), 'buffer');

// The inquiries of the last days, by what they asked for: a new or changed record that one of them would
// have found makes a delayed hit (ncic 8, $.H.). And the notices that wait to be said. Bounded: the
// oldest inquiries go first.

import type { Database } from 'better-sqlite3';

/** One inquiry as it is kept. */
export interface LoggedInquiry {
  readonly id: number;
  readonly atMs: number;
  readonly ori: string;
  /** The free part of its header, by which the asker knows it. */
  readonly reference: string;
  readonly key: string;
  /** Its fields as they were sent. */
  readonly fields: readonly (readonly [code: string, value: string])[];
}

export interface InquiryLog {
  /** Written some at a time: a commit for each would cost more than the answer. A killed process loses the last few. */
  logInquiry(inquiry: Omit<LoggedInquiry, 'id'>, terms: readonly string[]): void;
  /** Those that asked for one of the terms since then, each once, oldest first. */
  inquiriesFor(terms: readonly string[], sinceMs: number): readonly LoggedInquiry[];
  /** Writes what still waits. */
  flushInquiries(): void;
  /** Forgets what is older, and the oldest beyond `keep`. */
  forgetInquiries(beforeMs: number, keep: number): void;
}

/** @param kept How long an inquiry counts, and how many are kept. */
export function openInquiryLog(
  db: Database,
  kept: { readonly days: number; readonly keep: number },
): InquiryLog {
  const add = db.prepare<[number, string, string]>(
    'INSERT INTO inquiries (at, body, terms) VALUES (?, ?, ?)',
  );
  const list = db.prepare<[string, number]>('INSERT OR IGNORE INTO inquiry_search VALUES (?, ?)');
  const unlist = db.prepare<[string, number]>(
    'DELETE FROM inquiry_search WHERE term = ? AND inquiry = ?',
  );
  const found = db.prepare<[string, number], InquiryRow>(
    `SELECT id, body, terms FROM inquiry_search JOIN inquiries ON id = inquiry
     WHERE term = ? AND at >= ? LIMIT ${foundMax}`,
  );
  const old = db.prepare<[number, number], InquiryRow>(
    `SELECT id, body, terms FROM inquiries
     WHERE at < ? OR id <= (SELECT coalesce(max(id), 0) FROM inquiries) - ?
     ORDER BY id LIMIT ${forgottenAtOnce}`,
  );
  const oldest = db.prepare<[number, number], InquiryRow>(
    `SELECT id, body, terms FROM (SELECT * FROM inquiries ORDER BY id LIMIT ${2 * writtenAtOnce})
     WHERE at < ? OR id <= (SELECT coalesce(max(id), 0) FROM inquiries) - ?`,
  );
  const remove = db.prepare<[number]>('DELETE FROM inquiries WHERE id = ?');
  const forget = (rows: readonly InquiryRow[]): void => {
    for (const { id, terms } of rows) {
      for (const term of JSON.parse(terms) as string[]) unlist.run(term, id);
      remove.run(id);
    }
  };
  let waiting: {
    readonly inquiry: Omit<LoggedInquiry, 'id'>;
    readonly terms: readonly string[];
  }[] = [];
  const write = (): void => {
    for (const { inquiry, terms } of waiting) {
      const id = add.run(inquiry.atMs, JSON.stringify(inquiry), JSON.stringify(terms));
      for (const term of terms) list.run(term, Number(id.lastInsertRowid));
    }
    // What comes in makes room for itself: without a record that is due nobody else would.
    const nowMs = waiting.at(-1)?.inquiry.atMs ?? 0;
    waiting = [];
    forget(oldest.all(nowMs - kept.days * dayMs, kept.keep));
  };
  const flush = (): void => {
    if (waiting.length === 0) return;
    if (db.inTransaction) write();
    else db.transaction(write).immediate();
  };
  return {
    flushInquiries: flush,
    logInquiry: (inquiry, terms) => {
      waiting.push({ inquiry, terms });
      if (waiting.length >= writtenAtOnce) flush();
    },
    inquiriesFor: (terms, sinceMs) => {
      flush();
      const byId = new Map<number, LoggedInquiry>();
      for (const term of terms)
        for (const { id, body } of found.iterate(term, sinceMs))
          // Written by logInquiry alone.
          byId.set(id, { ...(JSON.parse(body) as Omit<LoggedInquiry, 'id'>), id });
      return [...byId.values()].sort((a, b) => a.id - b.id);
    },
    forgetInquiries: (beforeMs, keep) => {
      flush();
      forget(old.all(beforeMs, keep));
    },
  };
}

interface InquiryRow {
  readonly id: number;
  readonly body: string;
  readonly terms: string;
}

/** Delayed hits one record makes at most. */
const foundMax = 100;
const dayMs = 86_400_000;
const writtenAtOnce = 64;
const forgottenAtOnce = 1_000;

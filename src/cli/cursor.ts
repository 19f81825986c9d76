// `--cursor-file`: a search that is run again and again goes on exactly where it ended. The file holds a number
// and the digest of what was asked, so that no other search goes on with it; never what was asked.
// It is written after the rows were, and whole or not at all: after a crash a row may come twice, none is missed.

import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Query } from '#journal/query';
import type { SearchEnd } from '#src/control/wire-search';
import { MscFault } from '#src/errors';
import type { Flags } from './flags.ts';
import { usage } from './flags.ts';
import { replaceFile } from './replace-file.ts';
import type { Row } from './rows.ts';

const schema = 'msc.cursor/1';
/** A long answer saves its place so often. */
const saveEveryMs = 1_000;

export class Cursor {
  readonly #file: string;
  readonly #digest: string;
  #savedAtMs = performance.now();
  /** Everything up to this entry was searched and printed; undefined before the first time. */
  entry: number | undefined;

  constructor(file: string, asked: string) {
    this.#file = file;
    this.#digest = hash('sha256', asked);
    this.entry = readCursor(file, this.#digest);
  }

  /** Rows that were taken, oldest first. @param save `never` where they are held back, to be printed later. */
  passed(rows: readonly Row[], save: 'now' | 'sometimes' | 'never'): void {
    const last = rows.at(-1)?.['entry'];
    if (typeof last !== 'number') return;
    this.entry = last;
    const isTime = performance.now() - this.#savedAtMs > saveEveryMs;
    if (save === 'now' || (save === 'sometimes' && isTime)) this.save(last);
  }

  /** The search is over: up to its head, or to its limit. */
  finish(query: Query, end: SearchEnd): void {
    if (query.limit === 0 || end.count < query.limit) this.reached(end.head ?? this.entry ?? 0);
    else if (this.entry !== undefined) this.save(this.entry);
  }

  /** @throws MscFault MSC-1004 where the journal has not what was searched in it before. */
  reached(head: number): void {
    if (this.entry !== undefined && head < this.entry)
      throw new MscFault('MSC-1004', { detail: `${this.#file} is of a journal with more entries` });
    this.save(head);
  }

  save(entry: number): void {
    this.entry = entry;
    this.#savedAtMs = performance.now();
    try {
      const text = `${JSON.stringify({ schema, entry, asked: this.#digest })}\n`;
      replaceFile(this.#file, text);
    } catch (cause) {
      throw new MscFault('MSC-1006', { detail: this.#file, cause });
    }
  }
}

/** @throws MscFault MSC-1001, MSC-1004 for a file that is no cursor of this search. */
export function openCursor(flags: Flags, asked: string): Cursor | undefined {
  const file = flags.text('cursorFile');
  if (file === undefined) return undefined;
  if (['until', 'on'].some((name) => flags.text(name) !== undefined))
    throw usage('--cursor-file goes on to what comes: without --until and --on');
  return new Cursor(file, asked);
}

/** The query from the cursor on: oldest first, and all of it unless a limit was given. */
export function oldestFirst(query: Query, flags: Flags, cursor: Cursor | undefined): Query {
  if (cursor === undefined) return query;
  const limit = flags.text('limit') === undefined ? 0 : query.limit;
  const whole = { ...query, reverse: true, limit };
  if (cursor.entry === undefined) return whole;
  // Nothing between the last time and now falls to a bound that has moved since.
  const entryFrom = Math.max(cursor.entry + 1, query.entryFrom ?? 0);
  return { ...whole, since: undefined, entryFrom };
}

function readCursor(file: string, digest: string): number | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new MscFault('MSC-1005', { detail: file, cause });
  }
  const { entry, asked } = parsed(file, text);
  if (asked !== digest)
    throw new MscFault('MSC-1004', { detail: `${file} is the cursor of another search` });
  return entry;
}

function parsed(file: string, text: string): { readonly entry: number; readonly asked: string } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && 'entry' in value && 'asked' in value) {
      const { entry, asked } = value;
      if (typeof entry === 'number' && Number.isSafeInteger(entry) && typeof asked === 'string')
        return { entry, asked };
    }
  } catch (cause) {
    throw new MscFault('MSC-1004', { detail: `${file} is no cursor`, cause });
  }
  throw new MscFault('MSC-1004', { detail: `${file} is no cursor` });
}

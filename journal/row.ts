// One stored entry as the JSON object that outside programs read (contracts 2).
// Promises those names in that order, absent left out; members of our own follow under their names.
// Shows text of messages only when told to: who asks for it must have journalled why.

import { hash } from 'node:crypto';
import type { JournalEntry, StoredEntry } from './entry.ts';
import { searchColumns } from './query.ts';

export type Row = Readonly<Record<string, unknown>>;

/** Names of contracts 2, in its order. `bytes`, `digest` and `text` are made from the body. */
const names = ['entry', 'time', ...searchColumns, 'fields', 'bytes', 'digest'] as const;

/**
 * The row of one entry.
 *
 * @param show `text`: with the message's text, one character for each octet, and with what a peer
 *   wrote into its REFUSED (`refusalText`), which may repeat it.
 */
export function formatRow(stored: StoredEntry, show: { readonly text: boolean }): Row {
  const { text: refusalText, ...columns } = columnsOf(stored.entry);
  const row: Record<string, unknown> = {};
  const all: Row = { ...columns, time: formatTime(stored.entry.time), ...bodyColumns(stored.body) };
  for (const name of names) put(row, name, all[name]);
  for (const [name, value] of Object.entries(columns)) if (!(name in row)) put(row, name, value);
  if (!show.text) return row;
  put(row, 'refusalText', refusalText);
  if (stored.body !== undefined) row['text'] = Buffer.from(stored.body).toString('latin1');
  return row;
}

/**
 * RFC 3339, UTC, six digits of a second.
 *
 * @param time Microseconds since 1970 UTC.
 */
export function formatTime(time: number): string {
  const seconds = Math.floor(time / 1_000_000);
  const rest = String(time - seconds * 1_000_000).padStart(6, '0');
  return new Date(seconds * 1000).toISOString().replace('000Z', `${rest}Z`);
}

function columnsOf(entry: JournalEntry): Record<string, unknown> {
  return { ...entry };
}

function bodyColumns(body: Uint8Array | undefined): Row {
  return body === undefined ? {} : { bytes: body.length, digest: hash('sha256', body) };
}

function put(row: Record<string, unknown>, name: string, value: unknown): void {
  if (value !== undefined && value !== null && value !== '') row[name] = value;
}

// The columns of journal entries as tables show them; the machine forms give every member.

import { searchColumns } from '#journal/query';
import type { Format } from './output.ts';
import type { Column, Row } from './rows.ts';
import { formatRowTime } from './time.ts';

/** What `--columns` may name beside them: contracts 2, then what single kinds say further. */
export const journalMembers: readonly string[] = [
  ...[...searchColumns, 'fields', 'bytes', 'digest', 'text'],
  ...['to', 'delivery', 'flags', 'answers', 'final', 'notice', 'answerMs', 'personal', 'textAt'],
  ...['at', 'field', 'refusalText', 'person', 'reason', 'changes', 'changeId', 'resumed'],
  ...['received', 'role', 'fingerprint', 'detail'],
];

/**
 * Columns of a search, which fit 80 characters; `text` adds that of the messages. For programs `kind`, `event`
 * and `code` stand alone too, which a table shows in its outcome.
 */
export function journalColumns(
  { zone, format }: { readonly zone: string; readonly format: Format },
  text: boolean,
): readonly Column[] {
  const parts = format === 'csv' || format === 'plain' ? ['kind', 'event', 'code'] : [];
  return [
    {
      name: 'time',
      cell: (row) => formatRowTime(textOf(row, 'time'), zone),
      least: 14,
      plain: true,
    },
    { name: 'entry', right: true },
    { name: 'direction', title: 'DIR', cell: (row) => textOf(row, 'direction') || '-' },
    { name: 'mnemonic', title: 'MNE', cell: whereOf, least: 5 },
    { name: 'user', least: 6 },
    { name: 'ori', least: 9 },
    { name: 'mke', title: 'MKE' },
    { name: 'outcome', cell: outcomeOf, least: 9 },
    { name: 'thread', right: true },
    ...parts.map((name) => ({ name })),
    ...(text ? [{ name: 'text', least: 10 }] : []),
  ];
}

/** Whose entry it is: the mnemonic, else the station or upstream. */
export function whereOf(row: Row): string {
  return textOf(row, 'mnemonic') || textOf(row, 'upstream') || textOf(row, 'station') || '-';
}

/** What it says happened: kind or event, outcome, code. */
export function outcomeOf(row: Row): string {
  const outcome = textOf(row, 'outcome');
  const what = textOf(row, 'event') || textOf(row, 'kind');
  const word =
    outcome === '' || outcome === what
      ? what
      : `${what === 'received' ? '' : `${what} `}${outcome}`;
  return [word, textOf(row, 'code')].filter((part) => part !== '').join(' ');
}

export function textOf(row: Row, name: string): string {
  const value = row[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

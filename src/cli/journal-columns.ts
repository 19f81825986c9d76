// The columns of journal entries as tables show them; the machine forms give every member.

import type { Column, Row } from './rows.ts';
import { formatRowTime } from './time.ts';

/** Columns of a search, which fit 80 characters; `text` adds that of the messages. */
export function journalColumns(zone: string, text: boolean): readonly Column[] {
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

// `msc link ls|show|close|watch`: live connections of either kind, and the upstreams that have none.

import type { Call } from './command.ts';
import { carryOutAndTell } from './act.ts';
import { printFacts } from './facts.ts';
import { usage } from './flags.ts';
import { withSwitch } from './installation.ts';
import { textOf } from './journal-columns.ts';
import { printList } from './list.ts';
import { printLive } from './live.ts';
import { formatCount, formatLength, formatSince, numberOf } from './measures.ts';
import type { Column, Row, RowForm } from './rows.ts';
import { formatRowTime } from './time.ts';

export function listLinks(call: Call): Promise<number> {
  const form = linkForm(call.output.zone);
  return printList(call, 'links', { form, none: 'there is no link' });
}

export async function showLink({ args: [id = ''], flags, output }: Call): Promise<number> {
  const link = linkNumber(id);
  const row = await withSwitch(flags, (client) => client.call('link', { link }));
  await printFacts(output, 'msc.link-show/1', row);
  return 0;
}

export function closeLink(call: Call): Promise<number> {
  const link = linkNumber(call.args[0] ?? '');
  return carryOutAndTell(call, {
    ...{ schema: 'msc.link-close/1', needsReason: true, asks: true },
    ...{ verb: `close link ${link}`, done: `link ${link} is closed` },
    run: (client, how) => client.call('link-close', { link, ...how }),
  });
}

export function watchLinks(call: Call): Promise<number> {
  const { zone } = call.output;
  return printLive(call, watchForm(zone), { command: 'link-watch', args: {} });
}

/** The state in words, with its time. @source operator-experience 6 */
export function stateWords(row: Row): string {
  const state = textOf(row, 'state');
  const seconds = (name: string): string => formatLength(numberOf(row, name) ?? 0);
  switch (state) {
    case 'signed-on':
      return `signed-on ${textOf(row, 'user')}`;
    case 'waiting':
      return `waiting for acknowledgement (${seconds('waiting_seconds')})`;
    case 'reconnect':
      return row['next_seconds'] === undefined
        ? 'dialling'
        : `reconnect in ${seconds('next_seconds')}`;
    default:
      return state;
  }
}

/** `1.3 mutual`. */
export function tlsWords(row: Row): string {
  const tls = textOf(row, 'tls');
  return tls === '' ? '-' : `${tls}${row['mutual'] === true ? ' mutual' : ''}`;
}

function linkForm(zone: string): RowForm {
  const now = Temporal.Now.instant();
  const count = (name: string): Pick<Column, 'name' | 'cell' | 'right'> => ({
    name,
    right: true,
    cell: (row) => dashed(numberOf(row, name), formatCount),
  });
  return {
    ...{ schema: 'msc.link-ls/1', member: 'links' },
    columns: [
      { name: 'link', right: true },
      { name: 'kind', least: 4 },
      { name: 'name', least: 10 },
      { name: 'state', cell: stateWords, least: 12 },
      { name: 'since', cell: (row) => formatSince(optional(row, 'since'), zone, now) },
      { name: 'peer', spare: true },
      { name: 'tls', cell: tlsWords, spare: true },
      count('in'),
      count('out'),
      { ...count('unacknowledged'), title: 'UNACKED' },
      {
        ...{ name: 'idle_seconds', title: 'IDLE', right: true },
        cell: (row) => dashed(numberOf(row, 'idle_seconds'), formatLength),
      },
    ],
    members: [
      ...['user', 'mnemonics', 'mutual', 'waiting_seconds', 'waiting_bytes', 'window', 'session'],
      ...['next_seconds', 'why', 'attempts'],
    ],
  };
}

function watchForm(zone: string): RowForm {
  const time = { name: 'time', usual: 18, least: 14, plain: true };
  return {
    ...{ schema: 'msc.link-watch/1', member: 'entries' },
    columns: [
      { ...time, cell: (row) => formatRowTime(textOf(row, 'time'), zone) },
      { name: 'event', usual: 11, least: 9 },
      { name: 'name', usual: 12, least: 8, cell: nameOf },
      {
        name: 'user',
        usual: 6,
        least: 4,
        cell: (row) => textOf(row, 'user') || textOf(row, 'person') || '-',
      },
      { name: 'code', usual: 4 },
      { name: 'peer', usual: 12, least: 8 },
      { name: 'reason', usual: 14, least: 8 },
    ],
    members: [
      'entry',
      'kind',
      'station',
      'upstream',
      'session',
      'person',
      'role',
      'resumed',
      'detail',
    ],
  };
}

function nameOf(row: Row): string {
  return textOf(row, 'station') || textOf(row, 'upstream') || '-';
}

function linkNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw usage('a link is a number', 'msc link ls');
  return Number(text);
}

function optional(row: Row, name: string): string | undefined {
  return textOf(row, name) || undefined;
}

function dashed(value: number | undefined, format: (value: number) => string): string {
  return value === undefined ? '-' : format(value);
}

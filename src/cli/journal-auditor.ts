// `msc journal who-ran | who-saw | delivered | stats`: questions about the journal that take one command each. No
// text is shown, so nothing is released; each leaves an entry as a search does.

import type { Query } from '#journal/query';
import { formatUs } from '#src/control/local-time';
import type { SearchEnd } from '#src/control/wire-search';
import { tallyColumns, type TallyColumn } from '#src/control/wire-releases';
import type { Call } from './command.ts';
import { oneOf, usage } from './flags.ts';
import { offlineFacts, withJournal } from './journal-client.ts';
import { textOf } from './journal-columns.ts';
import { counted } from './output.ts';
import type { Output } from './output.ts';
import { printRows } from './rows.ts';
import type { Column, Row, RowForm } from './rows.ts';
import { askedWords, isTimed, searchQuery, timeContext } from './search-query.ts';
import { formatRowMinute } from './time.ts';

/** Exit 1 when nobody did. */
export async function runWhoRan(call: Call): Promise<number> {
  const { args, flags } = call;
  const { query, asked } = await wholeQuery(call);
  if (query.where.length === 0 && query.entryFrom === undefined)
    throw usage('what was asked? such as LIC:1ZZZ999 or --user jdoe', 'msc journal who-ran --help');
  const inward = { on: 'column', column: 'direction', any: [{ kind: 'is', value: 'in' }] } as const;
  const by = ['user', 'oif', 'agency', 'mnemonic', 'mke', 'outcome'] as const;
  const wish = { query: { ...query, where: [...query.where, inward] }, asked, by };
  const { rows, end, facts } = await tallied(call, 'who-ran', wish);
  const { output } = call;
  output.tell(`${said(end, output)} · ${askedWords(args, flags)}`);
  const totals = { messages: end.count, search_entry: end.entry, ...facts };
  await printRows(output, ranForm(output), rows, totals);
  return end.count === 0 ? 1 : 0;
}

/** Exit 1 when there is nothing to count. */
export async function runStats(call: Call): Promise<number> {
  const { flags, output } = call;
  const by = columnsAsked(flags.list('by'));
  const { rows, end, facts } = await tallied(call, 'stats', { ...(await statsQuery(call)), by });
  output.tell(said(end, output));
  const columns: readonly Column[] = [
    ...by.map((name) => ({ name, title: titles[name] ?? name.toUpperCase(), least: 6 })),
    { name: 'count', right: true },
    ...spanColumns(output),
  ];
  const form = { schema: 'msc.journal-stats/1', member: 'groups', columns, members: entryMembers };
  await printRows(output, form, rows, { entries: end.count, search_entry: end.entry, ...facts });
  return end.count === 0 ? 1 : 0;
}

/** Exit 1 where there is no such entry. */
export async function runWhoSaw(call: Call): Promise<number> {
  const { output } = call;
  const entry = entryOf(call);
  const rows: Row[] = [];
  const { count, facts } = await withJournal(call, async (client) => {
    const end = await client.call('who-saw', { entry }, (batch) => void rows.push(...batch));
    return { ...end, facts: offlineFacts(client) };
  });
  if (count === 0) output.tell(`there is no entry ${entry}`);
  const columns: readonly Column[] = [
    { name: 'time', cell: (row) => formatRowMinute(textOf(row, 'time'), output.zone) },
    { name: 'entry', right: true },
    { name: 'how' },
    { name: 'who', cell: (row) => textOf(row, 'user') || textOf(row, 'person') || '-', least: 6 },
    { name: 'where', cell: whereSeen, least: 6 },
    { name: 'why', cell: whySeen, least: 8 },
  ];
  const members = [
    ...['user', 'person', 'station', 'mnemonic', 'upstream', 'agency', 'message', 'reason'],
    ...['case', 'requester', 'recipient', 'release', 'to', 'file'],
  ];
  const shownAs = output.format === 'csv' ? named('time', 'entry', 'how', ...members) : columns;
  const form = { schema: 'msc.journal-who-saw/1', member: 'seen', columns: shownAs, members };
  await printRows(output, form, rows, facts);
  return count === 0 ? 1 : 0;
}

/** Exit 1 where something has not arrived, or there is no such entry. */
export async function runDelivered(call: Call): Promise<number> {
  const { output } = call;
  const entry = entryOf(call);
  const rows: Row[] = [];
  const { count, deliveries, open, facts } = await withJournal(call, async (client) => {
    const end = await client.call('delivered', { entry }, (batch) => void rows.push(...batch));
    return { ...end, facts: offlineFacts(client) };
  });
  if (count === 0) output.tell(`there is no entry ${entry}`);
  else if (open > 0)
    output.tell(`${open} of ${counted(deliveries, 'delivery', 'deliveries')} open`);
  const columns: readonly Column[] = [
    { name: 'delivery', right: true },
    { name: 'mke', title: 'MKE' },
    { name: 'to', least: 4 },
    { name: 'state', cell: (row) => [textOf(row, 'state'), textOf(row, 'code')].join(' ').trim() },
    { name: 'time', cell: (row) => formatRowMinute(textOf(row, 'time'), output.zone) },
    { name: 'attempts', title: 'TRIES', right: true },
    { name: 'user', least: 6 },
    {
      name: 'station',
      cell: (row) => textOf(row, 'station') || textOf(row, 'upstream') || '-',
      least: 8,
    },
    { name: 'entry', right: true },
  ];
  const members = ['message', 'upstream', 'code'];
  const shownAs = output.format === 'csv' ? [...columns, ...named(...members)] : columns;
  const names = { schema: 'msc.journal-delivered/1', member: 'deliveries' };
  const form = { ...names, columns: shownAs, members };
  await printRows(output, form, rows, { open, ...facts });
  return count === 0 || open > 0 ? 1 : 0;
}

interface Asked {
  readonly query: Query;
  readonly asked: string;
}

interface Tally extends Asked {
  readonly by: readonly TallyColumn[];
}

async function tallied(
  call: Call,
  command: 'who-ran' | 'stats',
  wish: Tally,
): Promise<{ readonly rows: readonly Row[]; readonly end: SearchEnd; readonly facts: Row }> {
  const rows: Row[] = [];
  const args = { command, zone: call.output.zone, ...wish };
  return withJournal(call, async (client) => {
    const end = await client.call('tally', args, (batch) => void rows.push(...batch));
    return { rows, end, facts: offlineFacts(client) };
  });
}

/** An auditor means the whole journal, unless a time is given. */
async function wholeQuery({ args, flags, output }: Call): Promise<Asked> {
  const asked = searchQuery(args, flags, await timeContext(flags, output.zone));
  const since = isTimed(flags) ? {} : { since: undefined };
  const query = { ...asked, ...since, reverse: true, limit: 0 };
  return { query, asked: askedWords(args, flags) };
}

const statsDays = 30;

/** A month, unless a time is given: it reads every entry of it. */
async function statsQuery(call: Call): Promise<Asked> {
  const { query, asked } = await wholeQuery(call);
  if (isTimed(call.flags)) return { query, asked };
  const now = Temporal.Now.zonedDateTimeISO(call.output.zone);
  const from = now.subtract({ days: statsDays - 1 }).startOfDay();
  return { query: { ...query, since: from.epochMilliseconds * 1000 }, asked };
}

/** `key` is what people call the message key. */
function columnsAsked(names: readonly string[]): readonly TallyColumn[] {
  const known = ['key', ...tallyColumns] as const;
  const columns = (names.length === 0 ? ['day'] : names).map((name) => {
    const column = oneOf('--by', name, known);
    return column === 'key' ? 'mke' : column;
  });
  return [...new Set(columns)];
}

const titles: Partial<Record<TallyColumn, string>> = { mke: 'MKE', mnemonic: 'MNE' };
const entryMembers = ['first_entry', 'last_entry'];

function ranForm(output: Output): RowForm {
  const columns: readonly Column[] = [
    { name: 'user', least: 6 },
    { name: 'oif', spare: true },
    { name: 'agency', least: 9 },
    { name: 'mnemonic', title: 'MNE' },
    { name: 'mke', title: 'MKE' },
    { name: 'outcome' },
    { name: 'count', right: true },
    ...spanColumns(output),
    { name: 'last_entry', title: 'ENTRY', right: true },
  ];
  return { schema: 'msc.journal-who-ran/1', member: 'groups', columns, members: entryMembers };
}

function spanColumns({ zone }: Output): readonly Column[] {
  return [
    { name: 'first', cell: (row) => formatRowMinute(textOf(row, 'first'), zone), spare: true },
    { name: 'last', cell: (row) => formatRowMinute(textOf(row, 'last'), zone) },
  ];
}

/** A program gets every member by itself, where a person gets several in one cell. */
function named(...names: readonly string[]): readonly Column[] {
  return names.map((name) => ({ name }));
}

/** How much was counted, over which time. */
function said({ count, sinceUs, untilUs }: SearchEnd, { zone }: Output): string {
  const instant = (us: number | undefined, missing: string): string =>
    us === undefined ? missing : formatUs(us, zone);
  const span = `${instant(sinceUs, 'the beginning')} … ${instant(untilUs, 'now')}`;
  return `${counted(count, 'entry', 'entries')} · ${span}`;
}

function whereSeen(row: Row): string {
  const [station, upstream, mnemonic, to] = ['station', 'upstream', 'mnemonic', 'to'].map((name) =>
    textOf(row, name),
  );
  const place = station || upstream || to || '';
  return [place, station === '' ? '' : mnemonic].filter((part) => part !== '').join(' ') || '-';
}

function whySeen(row: Row): string {
  const [release, reason, number, requester, recipient] = [
    ...['release', 'reason', 'case', 'requester', 'recipient'],
  ].map((name) => textOf(row, name));
  const parts = [
    release,
    reason,
    number,
    requester,
    recipient === '' ? '' : `to ${recipient ?? ''}`,
  ];
  return parts.filter((part) => part !== undefined && part !== '').join(', ') || '-';
}

function entryOf({ args: [text = ''] }: Call): number {
  if (!/^\d{1,15}$/.test(text)) throw usage('an entry is a number', 'msc journal search');
  return Number(text);
}

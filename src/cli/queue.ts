// `msc queue ls|show|shape`: what waits, for whom, how long and why; numbers and keys, never a text.

import type { Call } from './command.ts';
import { withSwitch } from './installation.ts';
import { textOf } from './journal-columns.ts';
import { printList } from './list.ts';
import { formatLength, formatOldest, numberOf } from './measures.ts';
import { asking, queueNames } from './named.ts';
import { grouped } from './measures.ts';
import { RowWriter } from './rows.ts';
import type { Column, Row, RowForm } from './rows.ts';
import { formatRowTime } from './time.ts';

const limits = { least: 0, most: 1_000_000_000 };
const limitUsual = 50;

export function listQueues(call: Call): Promise<number> {
  return printList(call, 'queues', { form: listForm, none: 'nothing waits' });
}

export function shapeQueues(call: Call): Promise<number> {
  const name = call.args[0];
  const keep = (row: Row): boolean => name === undefined || row['queue'] === name;
  return printList(call, 'queues', { form: shapeForm, none: 'nothing waits', keep });
}

export async function showQueue({ args: [name = ''], flags, output }: Call): Promise<number> {
  const limit = flags.integer('limit', limits) ?? limitUsual;
  const writer = new RowWriter(output, waitingForm(output.zone));
  const queue = await withSwitch(flags, (client) =>
    asking(client, { noun: queueNames, name }, () =>
      client.call('queue', { name, limit }, (rows) => writer.write(rows)),
    ),
  );
  await writer.end({ queue });
  const { total, state } = queue;
  const first = limit > 0 && total > limit ? `, the first ${limit} shown (-n 0 is all)` : '';
  output.tell(`${queue.queue}: ${grouped(total)} waiting${first}; ${state}`);
  return 0;
}

const queue: Column = { name: 'queue', least: 10 };
const state: Column = { name: 'state', least: 12 };
const oldest: Column = {
  ...{ name: 'oldest_seconds', title: 'OLDEST' },
  cell: (row) => formatOldest(numberOf(row, 'oldest_seconds')),
};
const ages = {
  ...{ under_1m: '<1m', under_5m: '1-5m', under_15m: '5-15m', under_60m: '15-60m' },
  ...{ under_4h: '1-4h', over_4h: '>4h' },
} as const;

const listForm: RowForm = {
  ...{ schema: 'msc.queue-ls/1', member: 'queues' },
  columns: [
    queue,
    { name: 'kind' },
    { name: 'total', title: 'WAITING', right: true },
    oldest,
    state,
  ],
  members: Object.keys(ages),
};

const shapeForm: RowForm = {
  ...{ schema: 'msc.queue-shape/1', member: 'queues' },
  columns: [
    queue,
    { name: 'total', title: 'total', right: true },
    ...Object.entries(ages).map(([name, title]) => ({ name, title, right: true })),
    { ...oldest, title: 'oldest' },
    { ...state, title: 'state' },
  ],
  members: ['kind'],
};

function waitingForm(zone: string): RowForm {
  return {
    ...{ schema: 'msc.queue-show/1', member: 'waiting' },
    columns: [
      { name: 'entry', right: true },
      { name: 'class', right: true },
      { name: 'mke', title: 'MKE' },
      {
        ...{ name: 'since', least: 14, plain: true },
        cell: (row) => formatRowTime(textOf(row, 'since'), zone),
      },
      {
        ...{ name: 'waiting_seconds', title: 'WAITS', right: true },
        cell: (row) => formatLength(numberOf(row, 'waiting_seconds') ?? 0),
      },
      {
        ...{ name: 'expires_seconds', title: 'EXPIRES', right: true },
        cell: (row) => {
          const seconds = numberOf(row, 'expires_seconds');
          return seconds === undefined ? 'never' : `in ${formatLength(seconds)}`;
        },
      },
      { name: 'ori', least: 9 },
      { name: 'mnemonic', title: 'MNE', least: 4 },
      { name: 'user', least: 6 },
      { name: 'thread', right: true, spare: true },
      { name: 'rule', spare: true },
    ],
    members: ['delivery', 'upstream', 'again'],
  };
}

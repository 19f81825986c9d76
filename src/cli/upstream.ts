// `msc upstream ls|show|up|down|probe`: the hosts this switch dials. Down is kept until `up`, over a restart too.

import type { Call } from './command.ts';
import { carryOutAndTell } from './act.ts';
import { printFacts } from './facts.ts';
import { withSwitch } from './installation.ts';
import { textOf } from './journal-columns.ts';
import { printList } from './list.ts';
import { formatCount, formatLength, formatSince, numberOf } from './measures.ts';
import { asking, upstreamNames } from './named.ts';
import { shown } from './output.ts';
import { printRows } from './rows.ts';
import type { Row, RowForm } from './rows.ts';

/** Longer than the steps of a probe take together. */
const probeMs = 20_000;

export function listUpstreams(call: Call): Promise<number> {
  const form = upstreamForm(call.output.zone);
  return printList(call, 'upstreams', { form, none: 'no upstream is configured' });
}

export async function showUpstream({ args: [name = ''], flags, output }: Call): Promise<number> {
  const row = await withSwitch(flags, (client) =>
    asking(client, { noun: upstreamNames, name }, () => client.call('upstream', { name })),
  );
  await printFacts(output, 'msc.upstream-show/1', row);
  return 0;
}

export function raiseUpstream(call: Call): Promise<number> {
  return setUpstream(call, 'enable');
}

export function lowerUpstream(call: Call): Promise<number> {
  return setUpstream(call, 'disable');
}

/** Exit 1 where a step failed. */
export async function probeUpstream({ args: [name = ''], flags, output }: Call): Promise<number> {
  const tls = flags.on('tls');
  const { steps } = await withSwitch(
    flags,
    (client) =>
      asking(client, { noun: upstreamNames, name }, () =>
        client.call('upstream-probe', { name, tls }),
      ),
    probeMs,
  );
  const rows = steps.map((step) => ({ ...step }));
  await printRows(output, probeForm, rows, { upstream: name });
  return steps.every(({ ok }) => ok) ? 0 : 1;
}

/** What it does now, in words: `up`, `refused, next try 8 s`. */
export function dialWords(row: Row): string {
  const next = numberOf(row, 'next_seconds');
  const why = textOf(row, 'why');
  const parts = [
    ...(why === '' ? [] : [why]),
    ...(next === undefined ? [] : [`next try ${formatLength(next)}`]),
  ];
  return parts.length === 0 ? '-' : parts.join(', ');
}

function setUpstream(call: Call, to: 'enable' | 'disable'): Promise<number> {
  const name = call.args[0] ?? '';
  const [word, isSo] = to === 'enable' ? ['up', 'dialled'] : ['down', 'down'];
  return carryOutAndTell(call, {
    ...{ schema: `msc.upstream-${word}/1`, needsReason: to === 'disable', asks: to === 'disable' },
    ...{ verb: `take ${shown(name)} ${word}`, done: `${shown(name)} is ${isSo}` },
    run: (client, how) =>
      asking(client, { noun: upstreamNames, name }, () =>
        client.call('upstream-set', { name, to, ...how }),
      ),
  });
}

function upstreamForm(zone: string): RowForm {
  const now = Temporal.Now.instant();
  const count = (name: string) => ({
    name,
    right: true,
    cell: (row: Row) => formatCount(numberOf(row, name) ?? 0),
  });
  return {
    ...{ schema: 'msc.upstream-ls/1', member: 'upstreams' },
    columns: [
      { name: 'upstream', least: 10 },
      { name: 'state' },
      {
        name: 'since',
        cell: (row) => formatSince(textOf(row, 'since') || undefined, zone, now),
      },
      { name: 'address', least: 12 },
      count('in'),
      count('out'),
      count('waiting'),
      { ...count('unacknowledged'), title: 'UNACKED' },
      { name: 'why', title: 'DIALLING', cell: dialWords, least: 10, spare: true },
    ],
    members: [
      ...['link', 'peer', 'station', 'routes', 'next_seconds', 'attempts', 'disabled_by'],
      ...['disabled_since', 'disabled_reason', 'disabled_entry'],
    ],
  };
}

const probeForm: RowForm = {
  ...{ schema: 'msc.upstream-probe/1', member: 'steps' },
  columns: [
    { name: 'step' },
    { name: 'ok', cell: (row) => (row['ok'] === true ? 'ok' : 'failed') },
    {
      ...{ name: 'took_seconds', title: 'TOOK', right: true },
      cell: (row) => `${Math.round((numberOf(row, 'took_seconds') ?? 0) * 1000)} ms`,
    },
    { name: 'detail', least: 20 },
    {
      ...{ name: 'names', spare: true },
      cell: (row) => (Array.isArray(row['names']) ? row['names'].join(' ') : '-'),
    },
  ],
  members: ['ends', 'days_left'],
};

// `msc terminal ls|show|enable|disable|test|places`: the stations of the register, who sits there, and who is
// shut out. A terminal is named by its mnemonic or by its station's name.

import type { ActReport, TestReport } from '#src/control/wire-views';
import type { Call } from './command.ts';
import { carryOut, carryOutAndTell } from './act.ts';
import { printFacts } from './facts.ts';
import { withSwitch } from './installation.ts';
import { textOf } from './journal-columns.ts';
import { allRows, printList } from './list.ts';
import { formatSince, wordsOf } from './measures.ts';
import { asking, terminalNames } from './named.ts';
import { shown } from './output.ts';
import { printRows } from './rows.ts';
import type { Row, RowForm } from './rows.ts';

export function listTerminals(call: Call): Promise<number> {
  const form = terminalForm(call.output.zone);
  return printList(call, 'terminals', { form, none: 'the register has no station' });
}

export async function showTerminal({ args: [name = ''], flags, output }: Call): Promise<number> {
  const row = await withSwitch(flags, (client) =>
    asking(client, { noun: terminalNames, name }, () => client.call('terminal', { name })),
  );
  await printFacts(output, 'msc.terminal-show/1', row);
  return 0;
}

export function enableTerminal(call: Call): Promise<number> {
  return setTerminal(call, 'enable');
}

export function disableTerminal(call: Call): Promise<number> {
  return setTerminal(call, 'disable');
}

/** Exit 1 where it was not acknowledged. */
export async function testTerminal(call: Call): Promise<number> {
  const name = call.args[0] ?? '';
  const { exit, done } = await carryOut<ActReport | TestReport>(call, {
    ...{ schema: 'msc.terminal-test/1', needsReason: false, asks: false },
    ...{ verb: `send a test message to ${shown(name)}`, done: 'the test was sent' },
    run: (client, how) =>
      asking(client, { noun: terminalNames, name }, () =>
        client.call('terminal-test', { name, ...how }),
      ),
  });
  if (done === undefined || !('outcome' in done)) return exit;
  call.output.tell(testWords(done));
  return done.outcome === 'acknowledged' ? 0 : 1;
}

/** By agency and place. */
export async function listPlaces({ flags, output }: Call): Promise<number> {
  const rows = await withSwitch(flags, (client) => allRows(client, 'terminals'));
  const order = ['agency', 'place', 'station'] as const;
  const key = (row: Row): string => order.map((name) => textOf(row, name) || '~').join('\n');
  const sorted = rows.toSorted((one, other) => (key(one) < key(other) ? -1 : 1));
  await printRows(output, placesForm, sorted);
  return 0;
}

function setTerminal(call: Call, to: 'enable' | 'disable'): Promise<number> {
  const name = call.args[0] ?? '';
  return carryOutAndTell(call, {
    ...{ schema: `msc.terminal-${to}/1`, needsReason: to === 'disable', asks: to === 'disable' },
    ...{ verb: `${to} ${shown(name)}`, done: `${shown(name)} is ${to}d` },
    run: (client, how) =>
      asking(client, { noun: terminalNames, name }, () =>
        client.call('terminal-set', { name, to, ...how }),
      ),
  });
}

function testWords(done: TestReport): string {
  const { station = '', outcome, code, acknowledged_seconds: seconds, entry = 0 } = done;
  const after = seconds === undefined ? '' : ` after ${Math.round(seconds * 1000)} ms`;
  return `${station}: ${outcome}${code === undefined ? '' : ` ${code}`}${after} (entry ${entry})`;
}

const mnemonics = {
  ...{ name: 'mnemonics', title: 'MNE', least: 9 },
  cell: (row: Row) => wordsOf(row['mnemonics']),
};

function whoAndWhat(row: Row): string {
  const state = textOf(row, 'state');
  return state === 'signed-on' ? `signed-on ${textOf(row, 'user')}` : state;
}

function terminalForm(zone: string): RowForm {
  const now = Temporal.Now.instant();
  const since = (row: Row): string => formatSince(textOf(row, 'since') || undefined, zone, now);
  return {
    ...{ schema: 'msc.terminal-ls/1', member: 'terminals' },
    columns: [
      mnemonics,
      { name: 'station', least: 10 },
      { name: 'role' },
      { name: 'state', cell: whoAndWhat, least: 12 },
      { name: 'since', cell: since },
      { name: 'waiting', right: true },
      { name: 'unacknowledged', title: 'UNACKED', right: true },
      { name: 'agency', spare: true },
      { name: 'place', spare: true },
    ],
    members: [
      ...['user', 'pools', 'link', 'peer', 'unattended', 'certificates', 'disabled_by'],
      ...['disabled_since', 'disabled_reason', 'disabled_entry'],
    ],
  };
}

const placesForm: RowForm = {
  ...{ schema: 'msc.terminal-places/1', member: 'terminals' },
  columns: [
    { name: 'agency' },
    { name: 'place', least: 12 },
    mnemonics,
    { name: 'station', least: 10 },
    { name: 'state', cell: whoAndWhat, least: 10 },
  ],
  members: ['role', 'user', 'since'],
};

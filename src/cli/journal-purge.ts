// `msc journal purge --before DATE`: shows which segments go and what keeps the next one, asks, and has the switch
// do it. What is shown is what goes: the switch refuses anything else.

import type { PurgePlan } from '#journal/purge';
import { formatTime } from '#journal/row';
import { keptWords, refusalOf, type PurgeReport } from '#src/control/wire-purge';
import type { Call } from './command.ts';
import { askReason, confirm } from './ask.ts';
import { usage } from './flags.ts';
import type { Flags } from './flags.ts';
import { withSwitch } from './installation.ts';
import { textOf } from './journal-columns.ts';
import { grouped, numberOf } from './measures.ts';
import { counted, wantsObject } from './output.ts';
import type { Output } from './output.ts';
import { printRows } from './rows.ts';
import type { Column, Row, RowForm } from './rows.ts';
import { timeContext } from './search-query.ts';
import { formatRowMinute, parseTime } from './time.ts';

/** Exit 1 where nothing is that old, or the person says no. @throws MscFault MSC-1721, MSC-1722 */
export async function runPurge({ flags, output }: Call): Promise<number> {
  const wish = await wishOf(flags, output);
  return withSwitch(flags, async (client) => {
    const plan = await client.call('purge', { ...wish, apply: false });
    const { range } = plan;
    const looks = flags.on('dryRun') || range === undefined;
    if (looks || !wantsObject(output)) await show(output, plan, { purged: false });
    if (range === undefined) {
      if (plan.kept !== undefined && plan.kept.cause !== 'before')
        throw refusalOf(plan.kept, plan.keptDays);
      output.tell('nothing is purged: no segment is all before that date');
      return 1;
    }
    if (looks) return 0;
    const reason = await askReason(flags, 'why: ');
    const what = `purge ${counted(plan.goes.length, 'segment')}, entries ${range.first} to ${range.last}, for good?`;
    if (!(await confirm(flags, what))) return 1;
    const apply = { ...wish, apply: true, through: range.last, reason };
    const done = await client.call('purge', apply);
    if (wantsObject(output)) await show(output, done, { purged: true });
    output.tell(`entries ${range.first} to ${range.last} were purged (entry ${done.entry})`);
    return 0;
  });
}

async function wishOf(
  flags: Flags,
  output: Output,
): Promise<{ readonly before: number; readonly asked: string }> {
  const text = flags.text('before');
  if (text === undefined)
    throw usage('before which date? such as --before 2023-01-01', 'msc journal purge --help');
  const context = await timeContext(flags, output.zone);
  const before = parseTime(text, 'since', context);
  if (!before.ok) throw usage(`--before: ${before.error}`);
  return { before: before.value.epochMilliseconds * 1000, asked: `--before ${text}` };
}

async function show(
  output: Output,
  { goes, kept, keptDays, entry }: PurgeReport,
  done: { readonly purged: boolean },
): Promise<void> {
  const rows = [...goes.map((segment) => rowOf(segment)), ...keptRows(kept, keptDays)];
  await printRows(output, formOf(output.zone), rows, { ...done, kept_days: keptDays, entry });
}

function rowOf({ first, last, earliest, latest }: PurgePlan['goes'][number]): Row {
  return {
    ...{ first, last, entries: last - first + 1 },
    ...{ earliest: formatTime(earliest), latest: formatTime(latest), state: 'goes' },
  };
}

function keptRows(kept: PurgePlan['kept'], keptDays: number): readonly Row[] {
  if (kept === undefined) return [];
  const { first, last, cause, entry, fromUs } = kept;
  return [
    {
      ...{ first, state: 'stays', cause, why: keptWords(kept, keptDays) },
      ...(last === undefined ? {} : { last, entries: last - first + 1 }),
      ...(entry === undefined ? {} : { entry }),
      ...(fromUs === undefined ? {} : { from: formatTime(fromUs) }),
    },
  ];
}

function formOf(zone: string): RowForm {
  const time = (name: string): Column => ({
    name,
    cell: (row) => (row[name] === undefined ? '-' : formatRowMinute(textOf(row, name), zone)),
  });
  return {
    ...{ schema: 'msc.journal-purge/1', member: 'segments' },
    columns: [
      { name: 'first', right: true },
      { name: 'last', right: true, cell: (row) => textOf(row, 'last') || '-' },
      { name: 'entries', right: true, cell: (row) => grouped(numberOf(row, 'entries') ?? 0) },
      time('earliest'),
      time('latest'),
      { name: 'state' },
      { name: 'why', least: 20 },
    ],
    members: ['cause', 'entry', 'from'],
  };
}

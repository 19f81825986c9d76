// `msc journal coverage`: is anything missing? It proves the whole journal, as `verify` does, and says for each day
// how many entries it has, with which numbers, and when nothing was written. It needs no running switch.

import { verifyJournal } from '#journal/verify';
import { MscFault } from '#src/errors';
import type { Call } from './command.ts';
import { Coverage, parsePeriod, type DayCovered, type Period, type Silence } from './coverage.ts';
import { usage } from './flags.ts';
import type { Flags } from './flags.ts';
import { readableJournal } from './journal-verify.ts';
import { counted, foldParts, wantsObject } from './output.ts';
import type { Output } from './output.ts';
import { printRows } from './rows.ts';
import type { Column, Row } from './rows.ts';
import { formatAge } from './time.ts';

/** Exit 1 where something is missing, or there is nothing of that time. */
export async function runCoverage({ flags, output }: Call): Promise<number> {
  const period = periodOf(flags);
  const folder = await readableJournal(flags);
  const coverage = new Coverage(output.zone, period);
  const verdict = verifyJournal(folder, (held) => coverage.see(held));
  const days = coverage.days();
  const bad = 'root' in verdict ? undefined : verdict;
  const chain =
    'root' in verdict
      ? { chain: 'ok', root: verdict.root, journal_entries: verdict.entries }
      : { chain: 'broken', first_bad: verdict.firstBad, reason: verdict.reason };
  const facts = { ...totalsOf(days), ...chain };
  if (!wantsObject(output)) await sayTotals(output, facts, days);
  const seconds = [...columns.slice(0, -1), { name: 'silent_seconds', right: true }];
  const shownAs = output.format === 'csv' ? seconds : columns;
  const form = { schema: 'msc.journal-coverage/1', member: 'days', columns: shownAs, members };
  await printRows(output, form, days.map(rowOf), facts);
  if (bad === undefined) return days.length === 0 ? 1 : 0;
  throw new MscFault('MSC-3102', {
    detail: `the first entry that does not hold is ${bad.firstBad}`,
  });
}

function periodOf(flags: Flags): Period | undefined {
  const text = flags.text('period');
  if (text === undefined) return undefined;
  const period = parsePeriod(text);
  if (period === undefined)
    throw usage('--period is a year, month or day: 2026, 2026-10, 2026-10-05');
  return period;
}

const columns: readonly Column[] = [
  { name: 'day' },
  { name: 'entries', right: true },
  { name: 'first', right: true },
  { name: 'last', right: true },
  { name: 'silent', cell: silentCell, least: 12 },
];
const members = ['silent_seconds', 'silences', 'purged'];

function rowOf({ day, entries, first, last, silences, purged }: DayCovered): Row {
  const numbers = entries === 0 ? {} : { first, last };
  const told = silences.map((silence) => ({
    from: instantOf(silence.fromUs),
    to: instantOf(silence.toUs),
    seconds: secondsOf(silence),
    after: silence.after,
    why: silence.why,
  }));
  const silent = silences.reduce((sum, silence) => sum + secondsOf(silence), 0);
  const gone = purged === true ? { purged } : {};
  return { day, entries, ...numbers, silent_seconds: silent, silences: told, ...gone };
}

function totalsOf(days: readonly DayCovered[]): Row {
  const written = days.filter(({ entries }) => entries > 0);
  const entries = days.reduce((sum, day) => sum + day.entries, 0);
  const [first, last] = [written[0]?.first, written.at(-1)?.last];
  const numbers = first === undefined || last === undefined ? {} : { first, last };
  return {
    ...{ period_days: days.length, entries, ...numbers },
    without_entries: days.filter(({ entries, purged }) => entries === 0 && purged !== true).length,
    purged_days: days.filter(({ purged }) => purged === true).length,
    silences: days.reduce((sum, { silences }) => sum + silences.length, 0),
  };
}

/** In a table it is the first line, with the data; in the machine forms it is talk. */
async function sayTotals(output: Output, facts: Row, days: readonly DayCovered[]): Promise<void> {
  const number = (name: string): number => Number(facts[name]);
  const holds = facts['chain'] === 'ok';
  const parts = [
    counted(days.length, 'day'),
    counted(number('entries'), 'entry', 'entries'),
    ...('first' in facts
      ? [`${holds ? 'counter gap-free' : 'numbers'} ${number('first')} … ${number('last')}`]
      : ['nothing of that time']),
    ...(number('without_entries') > 0 ? [`${number('without_entries')} without an entry`] : []),
    ...(number('purged_days') > 0 ? [`${counted(number('purged_days'), 'day')} purged`] : []),
    ...(number('silences') > 0 ? [counted(number('silences'), 'silence')] : []),
    holds ? 'chain ok' : `chain broken at ${number('first_bad')}`,
    ...(holds ? [`root ${String(facts['root'])}`] : [String(facts['reason'])]),
  ];
  const fold = { width: Number.isFinite(output.width) ? output.width : 80, indent: 2 };
  const lines = foldParts(parts, ' · ', fold);
  if (output.format === 'table' && output.header)
    for (const line of lines) await output.print(line);
  else output.tell(lines.join('\n'));
}

/** The longest of them, and how many more. */
function silentCell(row: Row): string {
  // As rowOf made them.
  const silences = row['silences'] as readonly { seconds: number; why: string }[];
  const [longest, ...others] = silences.toSorted((one, other) => other.seconds - one.seconds);
  if (row['purged'] === true && row['entries'] === 0) return 'purged';
  if (longest === undefined) return row['entries'] === 0 ? 'all day' : '-';
  const more = others.length === 0 ? '' : `, ${others.length} more`;
  return `${formatAge(longest.seconds * 1000)} ${longest.why}${more}`;
}

function secondsOf({ fromUs, toUs }: Silence): number {
  return Math.round((toUs - fromUs) / 1_000_000);
}

function instantOf(us: number): string {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(us / 1000)).toString();
}

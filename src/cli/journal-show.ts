// `msc journal show|thread`: one entry whole, or what became of one message. Both show text, so both need a
// reason, which the switch journals before anything is shown.

import { MscFault } from '#src/errors';
import type { Call } from './command.ts';
import { usage } from './flags.ts';
import { offlineFacts, withJournal } from './journal-client.ts';
import { journalMembers, outcomeOf, textOf, whereOf } from './journal-columns.ts';
import { counted, foldParts, shown, shownText } from './output.ts';
import type { Output } from './output.ts';
import { askWhy } from './release.ts';
import { printRows } from './rows.ts';
import type { Row } from './rows.ts';
import { formatRowTime } from './time.ts';

/** Exit 1 where there is no such entry. */
export async function runShow(call: Call): Promise<number> {
  const { output } = call;
  const fetched = await fetchRows(call, false);
  if (!isForReading(output)) await printMachine(output, fetched);
  else for (const row of fetched.rows) await printEntry(output, row);
  return exitOf(fetched);
}

export async function runThread(call: Call): Promise<number> {
  const { output } = call;
  const fetched = await fetchRows(call, true);
  if (!isForReading(output)) await printMachine(output, fetched);
  else for (const line of threadLines(fetched.rows, output)) await output.print(line);
  return exitOf(fetched);
}

interface Fetched {
  readonly rows: readonly Row[];
  /** Members that say that the switch was down, so that no text is among the rows. */
  readonly facts: Row;
  readonly isOffline: boolean;
}

/** @throws MscFault MSC-1208 where the text is not among what was printed. */
function exitOf({ rows, isOffline }: Fetched): number {
  if (rows.length === 0) return 1;
  if (isOffline) throw new MscFault('MSC-1208', { detail: 'printed without it' });
  return 0;
}

async function fetchRows(call: Call, thread: boolean): Promise<Fetched> {
  const {
    args: [entryText = ''],
    flags,
    output,
  } = call;
  if (!/^\d{1,15}$/.test(entryText)) throw usage('an entry is a number', 'msc journal search');
  const args = { entry: Number(entryText), thread, ...(await askWhy(flags)) };
  const rows: Row[] = [];
  const { entry, release, facts, isOffline } = await withJournal(call, async (client) => {
    const end = await client.call('show', args, (batch) => void rows.push(...batch));
    return { ...end, facts: offlineFacts(client), isOffline: client.offline !== undefined };
  });
  if (rows.length === 0) output.tell(`there is no entry ${entryText}`);
  else if (release !== undefined && entry !== undefined)
    output.tell(
      `released: ${counted(rows.length, 'entry', 'entries')}, release ${release}, recorded in entry ${entry}`,
    );
  return { rows, facts, isOffline };
}

/** Whoever asks for columns wants rows. */
function isForReading({ format, columns }: Output): boolean {
  return (format === 'table' || format === 'plain') && columns === undefined;
}

async function printMachine(output: Output, { rows, facts }: Fetched): Promise<void> {
  const names = [
    'entry',
    'time',
    'kind',
    'direction',
    'thread',
    'mnemonic',
    'user',
    'mke',
    'outcome',
    'code',
    'text',
  ];
  const form = {
    ...{ schema: 'msc.journal-show/1', member: 'entries', members: journalMembers },
    columns: names.map((name) => ({ name })),
  };
  await printRows(output, form, rows, facts);
}

/** Every member on a line of its own, the text last, as lines. */
async function printEntry(output: Output, row: Row): Promise<void> {
  for (const [name, value] of Object.entries(row)) {
    if (name === 'text') continue;
    const words = typeof value === 'string' ? value : JSON.stringify(value);
    await output.print(`${name.padEnd(12)} ${shown(words)}`);
  }
  for (const line of textLines(row)) await output.print(`  ${line}`);
}

/**
 * One line for each step, indented below the message that began it, times from that message on. The text is
 * shown where it came in; what was sent on differs by its header alone.
 */
export function threadLines(
  rows: readonly Row[],
  { zone, width }: Pick<Output, 'zone' | 'width'>,
): readonly string[] {
  const [first] = rows;
  if (first === undefined) return [];
  const digits = Math.max(...rows.map((row) => textOf(row, 'entry').length));
  return rows.flatMap((row) => {
    const margin = row === first ? '' : '  ';
    const indent = margin.length + digits + 4;
    const time = row === first ? formatRowTime(textOf(row, 'time'), zone) : sinceFirst(first, row);
    const parts = [
      `${margin}${textOf(row, 'entry').padStart(digits)}`,
      time,
      ...stepOf(row, row === first),
    ];
    const text = textOf(row, 'kind') === 'sent' ? [] : textLines(row);
    return [
      ...foldParts(parts.map(shown), '  ', { width, indent }),
      ...text.map((line) => ' '.repeat(indent) + line),
    ];
  });
}

/** `QZ01 → switch`, `QV`, `accepted`; and of the first, who and from which device. */
function stepOf(row: Row, first: boolean): readonly string[] {
  const where = whereOf(row);
  const upstream = textOf(row, 'upstream') || where;
  const ways: Readonly<Record<string, string>> = {
    in: `${where} → switch`,
    out: `switch → ${upstream}`,
    'up-in': `${upstream} → switch`,
    down: `switch → ${where}`,
  };
  const [user, oif, taf] = ['user', 'oif', 'taf'].map((name) => textOf(row, name));
  const who = [user, oif === '' ? '' : `OIF *${oif ?? ''}`, taf === '' ? '' : `TAF #${taf ?? ''}`];
  const parts = [
    ways[textOf(row, 'direction')] ?? 'switch',
    textOf(row, 'mke'),
    outcomeOf(row),
    ...(first ? who : []),
  ];
  return parts.filter((part): part is string => part !== undefined && part !== '');
}

function sinceFirst(first: Row, row: Row): string {
  const [from, to] = [first, row].map((each) => instantOf(textOf(each, 'time')));
  if (from === undefined || to === undefined) return '';
  const milliseconds = to.since(from).total('milliseconds');
  return `+${(milliseconds / 1000).toFixed(3)} s`;
}

function instantOf(text: string): Temporal.Instant {
  try {
    return Temporal.Instant.from(text);
  } catch (cause) {
    throw new MscFault('MSC-1205', { detail: 'the time of an entry', cause });
  }
}

function textLines(row: Row): readonly string[] {
  const text = textOf(row, 'text').replace(/(?:\r?\n)+$/, '');
  return text === '' ? [] : text.split(/\r?\n/).map(shownText);
}

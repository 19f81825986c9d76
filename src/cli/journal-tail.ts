// `msc journal tail`: entries as they become durable, filtered as `search` filters, never with text.

import type { Call } from './command.ts';
import { journalColumns, journalMembers } from './journal-columns.ts';
import { printLive } from './live.ts';
import type { Output } from './output.ts';
import type { Column } from './rows.ts';
import { askedWords, searchQuery } from './search-query.ts';

/** Widths of columns whose rows come one by one. */
const usual: Readonly<Record<string, number>> = {
  ...{ time: 18, entry: 8, direction: 5, mnemonic: 6, user: 8, ori: 9, mke: 3, outcome: 12 },
  thread: 8,
};

export function liveColumns(output: Output): readonly Column[] {
  return journalColumns(output, false).map((column) => ({
    ...column,
    usual: usual[column.name] ?? 0,
  }));
}

export function runTail(call: Call): Promise<number> {
  const { args, flags, output } = call;
  const { where } = searchQuery(args, flags, { now: Temporal.Now.instant(), zone: output.zone });
  const form = {
    ...{ schema: 'msc.journal-tail/1', member: 'entries', members: journalMembers },
    columns: liveColumns(output),
  };
  const asked = askedWords(args, flags);
  return printLive(call, form, { command: 'follow', args: { where, asked } });
}

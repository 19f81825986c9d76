// `msc-sim journal`: the hub's own journal of operators, for comparison with that of the switch (req C89).

import { SimFault } from '../fault.ts';
import { readJournal } from './journal.ts';
import { journalLine, journalText } from './journal-lines.ts';

export interface JournalCommandOptions {
  readonly data: string;
  readonly oif: string;
  readonly since?: string;
  readonly count: number;
  readonly json?: boolean;
}

/**
 * Prints newest first; where there is nothing, so much on stderr.
 *
 * @returns The exit code: 1 when nothing is found, as a search of the journal of the switch has it.
 * @throws SimFault SIM-USAGE, SIM-FILE, SIM-INPUT
 */
export function runJournal(options: JournalCommandOptions): number {
  const { data, oif, since, count, json = false } = options;
  if (!/^[A-Z0-9]{6}$/.test(oif))
    throw new SimFault('SIM-USAGE', `${oif} is no operator; six letters or digits are`);
  const sinceMs = since === undefined ? 0 : Date.parse(since);
  if (Number.isNaN(sinceMs))
    throw new SimFault('SIM-USAGE', `${String(since)} is no time; write 2031-03-02T09:14:00Z`);
  const rows = readJournal(data, { oif, sinceMs, count });
  for (const row of rows) process.stdout.write(`${json ? journalLine(row) : journalText(row)}\n`);
  if (rows.length > 0) return 0;
  const time = since === undefined ? '' : ` since ${new Date(sinceMs).toISOString()}`;
  process.stderr.write(`msc-sim: no message of ${oif}${time} is in this journal\n`);
  return 1;
}

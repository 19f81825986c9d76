// `msc journal export`: entries with their text into a file, as the switch reads them. The file is there whole or not
// at all; the switch has recorded the release before the first row comes.

import { resolve } from 'node:path';
import { entryLines } from '#src/control/paper';
import type { Commands } from '#src/control/wire';
import type { SearchEnd } from '#src/control/wire-search';
import type { Call } from './command.ts';
import { oneOf } from './flags.ts';
import type { Flags } from './flags.ts';
import type { JournalClient } from './journal-client.ts';
import { withJournal } from './journal-client.ts';
import { journalMembers } from './journal-columns.ts';
import { counted, foldParts, shown } from './output.ts';
import type { Output } from './output.ts';
import { askWhy } from './release.ts';
import { releasedQuery } from './released-query.ts';
import { RowWriter } from './rows.ts';
import type { Row } from './rows.ts';
import { withWholeFile, type WholeFile } from './whole-file.ts';

type Form = Commands['export']['args']['form'];
const forms: readonly Form[] = ['jsonl', 'csv', 'txt'];

/** Exit 1 where nothing is found: then there is no file. */
export async function runExport(call: Call): Promise<number> {
  const { flags, output } = call;
  const file = resolve(flags.need('to', 'the file to write'));
  const form = formOf(flags, file);
  const request = { ...(await releasedQuery(call)), form, file, ...(await askWhy(flags)) };
  const force = flags.on('force');
  const { end } = await withWholeFile(file, { force }, async (out) => {
    const write = writerOf(out, output, form);
    const ask = (client: JournalClient): Promise<SearchEnd> =>
      client.call('export', request, write);
    const done = await withJournal(call, ask, { text: true });
    return { end: done, keep: done.count > 0 };
  });
  await report(call, { end, file, form });
  return end.count === 0 ? 1 : 0;
}

/** As `-o` says, else as the file is named. */
function formOf(flags: Flags, file: string): Form {
  const asked = flags.text('output');
  if (asked !== undefined) return oneOf('--output', asked, forms);
  return forms.find((form) => file.toLowerCase().endsWith(`.${form}`)) ?? 'jsonl';
}

function writerOf(
  file: WholeFile,
  output: Output,
  form: Form,
): (rows: readonly Row[]) => Promise<void> {
  if (form === 'txt')
    return async (rows) => {
      for (const row of rows) await file.write(`${entryLines(row, output.zone).join('\n')}\n`);
    };
  const toFile = { ...output, format: form, print: (line: string) => file.write(`${line}\n`) };
  const columns = ['entry', 'time', ...journalMembers].map((name) => ({ name }));
  const writer = new RowWriter(toFile, { schema: '', member: 'entries', columns });
  return (rows) => writer.write(rows);
}

async function report(
  { flags, output }: Call,
  { end, file, form }: { readonly end: SearchEnd; readonly file: string; readonly form: Form },
): Promise<void> {
  const { count, release, entry } = end;
  if (flags.on('json')) {
    const schema = 'msc.journal-export/1';
    await output.print(JSON.stringify({ schema, count, form, file, release, entry }));
    return;
  }
  if (release === undefined) {
    output.tell('nothing was found, so no file was made');
    return;
  }
  const parts = [
    `${counted(count, 'entry', 'entries')} as ${form} to ${shown(file)}`,
    `release ${release}`,
  ];
  const width = Number.isFinite(output.width) ? output.width : 80;
  for (const line of foldParts(parts, ', ', { width, indent: 2 })) await output.print(line);
  output.tell(`recorded in entry ${entry}`);
}

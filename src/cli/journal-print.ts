// `msc journal print`: entries with their text on pages, to a printer of the switch or into a file. The switch makes
// the pages and records the release before the first of them; a file is there whole or not at all.

import { resolve } from 'node:path';
import { parseMnemonic } from '#protocol/ids';
import type { Rows } from '#src/control/client';
import { pageLines } from '#src/control/paper';
import type { Commands } from '#src/control/wire';
import type { PrintReport } from '#src/control/wire-releases';
import { MscFault } from '#src/errors';
import { confirm } from './ask.ts';
import type { Call } from './command.ts';
import { oneOf, usage } from './flags.ts';
import type { Flags } from './flags.ts';
import type { JournalClient } from './journal-client.ts';
import { withJournal } from './journal-client.ts';
import { counted, foldParts, shown, wantsObject } from './output.ts';
import type { Output } from './output.ts';
import { askWhy } from './release.ts';
import { releasedQuery } from './released-query.ts';
import { withWholeFile, type WholeFile } from './whole-file.ts';

type Goal =
  | { readonly printer: string }
  | { readonly file: string; readonly format: 'text' | 'pdf'; readonly force: boolean };

type Wish = Omit<Commands['print']['args'], 'apply'>;

/** Pages that a printer gets without a question. */
const unaskedPagesMost = 20;

/** Exit 1 where nothing is found, or the person says no. */
export async function runPrint(call: Call): Promise<number> {
  const { flags, output } = call;
  const goal = goalOf(flags);
  const asked = await releasedQuery(call);
  const to = 'printer' in goal ? { to: goal.printer } : { file: goal.file };
  const wish: Wish = { ...asked, ...to, zone: output.zone, ...(await askWhy(flags)) };
  const print = { flags, output, goal, wish };
  const report = await withJournal(call, (client) => carryOut(client, print), { text: true });
  if (report === undefined) return 1;
  await printReport(output, goal, report);
  return report.count === 0 ? 1 : 0;
}

interface Print {
  readonly flags: Flags;
  readonly output: Output;
  readonly goal: Goal;
  readonly wish: Wish;
}

/** Undefined where the person said no. */
async function carryOut(client: JournalClient, print: Print): Promise<PrintReport | undefined> {
  const { flags, goal, wish } = print;
  if (flags.on('dryRun')) return client.call('print', { ...wish, apply: false });
  if ('file' in goal) return toFile(client, goal, wish);
  if (!flags.on('yes')) {
    const { pages } = await client.call('print', { ...wish, apply: false });
    const question = `print ${pages} pages at ${goal.printer}?`;
    if (pages > unaskedPagesMost && !(await confirm(flags, question))) return undefined;
  }
  return client.call('print', { ...wish, apply: true });
}

async function toFile(
  client: JournalClient,
  goal: Extract<Goal, { readonly file: string }>,
  wish: Wish,
): Promise<PrintReport> {
  const { report } = await withWholeFile(goal.file, goal, async (file) => {
    const pages = goal.format === 'pdf' ? await pdfInto(file, client.person) : textInto(file);
    const end = await client.call('print', { ...wish, apply: true }, async (rows) => {
      for (const lines of linesOf(rows)) await pages.add(lines);
    });
    await pages.end();
    return { report: end, keep: end.count > 0 };
  });
  return report;
}

interface Pages {
  readonly add: (lines: readonly string[]) => Promise<void> | void;
  readonly end: () => Promise<void>;
}

/** A form feed stands between two pages. */
function textInto(file: WholeFile): Pages {
  let first = true;
  return {
    add: async (lines) => {
      await file.write(`${first ? '' : '\f'}${lines.join('\n')}\n`);
      first = false;
    },
    end: () => Promise.resolve(),
  };
}

async function pdfInto(file: WholeFile, author: string): Promise<Pages> {
  // The library is brought only where it is needed.
  const { PdfPages } = await import('./pdf.ts');
  const pdf = new PdfPages({ title: 'Journal print', author });
  return {
    add: (lines) => pdf.add(lines),
    end: async () => file.write(await pdf.end()),
  };
}

function linesOf(rows: Rows): readonly (readonly string[])[] {
  return rows.map(({ lines }) => {
    const isPage = Array.isArray(lines) && lines.length <= pageLines;
    if (isPage && lines.every((line) => typeof line === 'string')) return lines;
    throw new MscFault('MSC-1205', { detail: 'no page' });
  });
}

/** A mnemonic is a printer; a file of that name is written with its folder, `./QP01`. */
function goalOf(flags: Flags): Goal {
  const to = flags.need('to', 'a printer such as QP01, or a file such as ./out.pdf');
  const format = flags.text('format');
  if (parseMnemonic(to) !== undefined) {
    if (format !== undefined) throw usage('--format is for a file; a printer prints text');
    return { printer: to };
  }
  const byName = /\.pdf$/i.test(to) ? 'pdf' : 'text';
  const known = ['text', 'pdf'] as const;
  const form = format === undefined ? byName : oneOf('--format', format, known);
  return { file: resolve(to), format: form, force: flags.on('force') };
}

async function printReport(output: Output, goal: Goal, report: PrintReport): Promise<void> {
  const { count, pages, release, entry } = report;
  const to = 'printer' in goal ? { printer: goal.printer } : { file: goal.file };
  if (wantsObject(output)) {
    const schema = 'msc.journal-print/1';
    await output.print(JSON.stringify({ schema, count, pages, ...to, release, entry }));
    return;
  }
  if (count === 0) {
    output.tell('nothing was found, so nothing was printed');
    return;
  }
  const where = 'printer' in goal ? `printer ${goal.printer}` : shown(goal.file);
  const amount = `${counted(count, 'entry', 'entries')}, ${counted(pages, 'page')} to ${where}`;
  const said = release === undefined ? 'nothing is printed' : `release ${release}`;
  const width = Number.isFinite(output.width) ? output.width : 80;
  for (const line of foldParts([amount, said], ', ', { width, indent: 2 }))
    await output.print(line);
  if (release !== undefined) output.tell(`recorded in entry ${entry}`);
}

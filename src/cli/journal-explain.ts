// `msc journal search --explain`: how the words were understood, which times they mean, by what the search is
// narrowed and what it would take. Nothing is searched.

import { formatTime } from '#journal/row';
import type { PlanReport } from '#src/control/wire-search';
import type { Call } from './command.ts';
import { formatExpression } from './expression.ts';
import { printFacts } from './facts.ts';
import { offlineFacts, withJournal } from './journal-client.ts';
import { counted, wantsObject } from './output.ts';
import { unsoundText } from './search-printer.ts';
import { askedWords, recordWords, searchQuery, tallyOf, timeContext } from './search-query.ts';

export async function explainSearch({ args, flags, output }: Call): Promise<number> {
  const context = await timeContext(flags, output.zone);
  const query = searchQuery(args, flags, context);
  const by = tallyOf(flags);
  const wish = {
    ...{ query, asked: recordWords(args, flags), count: flags.on('count') },
    ...(by === undefined ? {} : { by }),
  };
  const { report, facts } = await withJournal({ flags, output }, async (client) => ({
    report: await client.call('search-plan', wish),
    facts: offlineFacts(client),
  }));
  const filters = askedWords([], flags);
  const expression = formatExpression(query.where);
  await printFacts(output, 'msc.journal-explain/1', {
    ...(query.since === undefined ? {} : { since: formatTime(query.since) }),
    ...(query.until === undefined ? {} : { until: formatTime(query.until) }),
    ...(expression === '' ? {} : { expression }),
    ...(filters === '' ? {} : { filters }),
    narrowed_by: report.by.join(', ') || 'nothing: each entry is read',
    entries: report.entries,
    reads: report.reads,
    ...(report.counted === undefined ? {} : { counted_by_index: report.counted }),
    ...(report.unfiltered === undefined
      ? {}
      : { without_filter: `${counted(report.unfiltered, 'segment')}: msc db reindex --damaged` }),
    ...(report.unsound === undefined ? {} : { note: unsoundText(report.unsound) }),
    about_seconds: Math.round(report.seconds * 1000) / 1000,
    budget_seconds: report.budgetSeconds,
    would: wouldOf(report, { scan: flags.on('scan'), job: flags.on('job') }),
    ...(wantsObject(output) ? facts : {}),
  });
  return 0;
}

function wouldOf(
  { needsScan, hasRange, isJob }: PlanReport,
  { scan, job }: { readonly scan: boolean; readonly job: boolean },
): string {
  if (needsScan && !scan) return 'be refused without --scan';
  if (needsScan && !hasRange) return 'be refused without a time';
  return isJob || job ? 'run as a job' : 'run at once';
}

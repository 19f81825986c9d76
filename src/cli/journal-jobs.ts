// `msc journal jobs ls | show | fetch | cancel`: one's own searches in the background. They keep numbers of
// entries for three days; fetching reads the entries themselves, and text needs a reason as everywhere.

import type { JobView } from '#src/control/wire-search';
import type { Call } from './command.ts';
import { printFacts } from './facts.ts';
import { oneOf, usage } from './flags.ts';
import { withSwitch } from './installation.ts';
import { counted } from './output.ts';
import { askWhy, forFlags } from './release.ts';
import { printRows, RowWriter } from './rows.ts';
import type { Row } from './rows.ts';
import { formOf } from './search-printer.ts';
import { jobActs } from './table/search-flags.ts';
import { formatRowTime } from './time.ts';

export async function runJobs(call: Call): Promise<number> {
  const [act = 'ls', text = ''] = call.args;
  const chosen = oneOf('jobs', act, jobActs);
  if (chosen === 'ls') return listJobs(call);
  if (!/^\d{1,15}$/.test(text)) throw usage('a job is a number', 'msc journal jobs ls');
  const job = Number(text);
  switch (chosen) {
    case 'show':
      return showJob(call, job);
    case 'fetch':
      return fetchJob(call, job);
    case 'cancel':
      return cancelJob(call, job);
  }
}

/** Exit 1 where there is none. */
async function listJobs({ flags, output }: Call): Promise<number> {
  const { jobs } = await withSwitch(flags, (client) => client.call('job-ls', {}));
  const columns = [
    { name: 'job', right: true },
    { name: 'state' },
    {
      name: 'started',
      plain: true,
      cell: (row: Row) => formatRowTime(String(row['started']), output.zone),
    },
    { name: 'count', right: true },
    { name: 'asked', least: 20 },
  ];
  const form = { schema: 'msc.journal-jobs/1', member: 'jobs', columns, members: ['ended', 'by'] };
  await printRows(output, form, jobs.map(jobRow));
  return jobs.length === 0 ? 1 : 0;
}

async function showJob({ flags, output }: Call, job: number): Promise<number> {
  const view = await withSwitch(flags, (client) => client.call('job-show', { job }));
  await printFacts(output, 'msc.journal-jobs/1', jobRow(view));
  return 0;
}

/** Exit 1 where it found nothing; 75 while it runs, beside what it has found so far. */
async function fetchJob({ flags, output }: Call, job: number): Promise<number> {
  const text = flags.on('text');
  const why = text ? await askWhy(flags, forFlags) : {};
  return withSwitch(flags, async (client) => {
    const before = await client.call('job-show', { job });
    const by = before.by === 'entries' ? undefined : before.by;
    if (before.by === 'entries') {
      await output.print(String(before.count));
      return exitOf(before, before.count);
    }
    const writer = new RowWriter(output, formOf(output, { by, text }));
    const end = await client.call('job-fetch', { job, text, ...why }, (rows) => writer.write(rows));
    await writer.end({ count: end.count, state: before.state, search_entry: end.entry });
    if (end.release !== undefined) output.tell(`release ${end.release}`);
    output.tell(`${counted(end.count, 'entry', 'entries')} · ${before.state} · ${before.asked}`);
    return exitOf(before, end.count);
  });
}

async function cancelJob({ flags, output }: Call, job: number): Promise<number> {
  const view = await withSwitch(flags, (client) => client.call('job-cancel', { job }));
  await printFacts(output, 'msc.journal-jobs/1', jobRow(view));
  return 0;
}

function exitOf({ state }: JobView, count: number): number {
  if (state === 'running') return 75;
  return count === 0 ? 1 : 0;
}

function jobRow({ job, state, startedMs, endedMs, count, by, asked }: JobView): Row {
  const time = (ms: number): string => new Date(ms).toISOString();
  return {
    ...{ job, state, count, started: time(startedMs) },
    ...(endedMs === undefined ? {} : { ended: time(endedMs) }),
    ...(by === undefined ? {} : { by }),
    asked,
  };
}

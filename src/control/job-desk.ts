// `msc journal search --job` and `msc journal jobs`: a search goes on without its person, who fetches later what
// it found. Promises an entry when it begins, one when it is over, and one for each time it is fetched.

import type { StoredEntry } from '#journal/entry';
import { formatRow } from '#journal/row';
import { MscFault } from '#src/errors';
import type { Desk } from './desk.ts';
import type { JobOutcome, JobSink } from './jobs.ts';
import { note, whyOf, withPulse } from './notes.ts';
import { requireTextRole } from './roles.ts';
import { Tally } from './tally.ts';
import { untilGone, type Visit } from './visit.ts';
import type { Commands } from './wire.ts';
import type { JobView, SearchEnd, SearchWish } from './wire-search.ts';

export async function startJob(desk: Desk, visit: Visit, wish: SearchWish): Promise<SearchEnd> {
  const { jobs } = desk;
  jobs.mustHaveRoom();
  const { asked } = wish;
  const job = await note(desk, visit, 'search', {}, { command: 'job', asked, ended: 'not yet' });
  const by: JobView['by'] = wish.by ?? (wish.count === true ? 'entries' : undefined);
  const first = { job, person: visit.person, asked, ...(by === undefined ? {} : { by }) };
  const view = await jobs.start(first, (sink) => runJob(desk, { visit, wish, job, sink }));
  return { count: 0, tookMs: 0, entry: job, job: view };
}

export function listJobs({ jobs }: Desk, { person }: Visit): { readonly jobs: readonly JobView[] } {
  return { jobs: jobs.all(person) };
}

/** `msc journal jobs fetch`: what was found, read from the journal now. */
export async function fetchJob(
  desk: Desk,
  visit: Visit,
  args: Commands['job-fetch']['args'],
): Promise<SearchEnd> {
  const startedMs = visit.nowMs();
  const { job, text } = args;
  const why = whyOf(args);
  if (text) requireTextRole(visit.roles, why);
  const { asked } = desk.jobs.find(visit.person, job);
  const detail = { command: 'fetch', job, asked };
  if (text) await note(desk, visit, 'release', why, detail);
  const count = await withPulse(visit, () => readJob(desk, visit, args));
  const entry = await note(desk, visit, 'search', why, { ...detail, count, text });
  return { count, tookMs: visit.nowMs() - startedMs, entry };
}

async function readJob(
  { jobs, journal }: Desk,
  visit: Visit,
  { job, text }: Commands['job-fetch']['args'],
): Promise<number> {
  const groups = jobs.groups(visit.person, job);
  if (groups) {
    await visit.sendRows(groups.map((group) => ({ ...group })));
    return jobs.find(visit.person, job).count;
  }
  let count = 0;
  for await (const numbers of untilGone(jobs.entries(visit.person, job), visit.gone)) {
    const found = await Promise.all(numbers.map((entry) => journal.read(entry)));
    const stored = found.filter((each): each is StoredEntry => each !== undefined);
    await visit.sendRows(stored.map((each) => formatRow(each, { text })));
    count += stored.length;
  }
  return count;
}

interface JobRun {
  /** Who asked: gone by now, perhaps. */
  readonly visit: Visit;
  readonly wish: SearchWish;
  readonly job: number;
  readonly sink: JobSink;
}

async function runJob(desk: Desk, { visit, wish, job, sink }: JobRun): Promise<JobOutcome> {
  const startedMs = visit.nowMs();
  const { asked, by } = wish;
  const tally = by === undefined ? undefined : new Tally(by, wish.zone ?? 'UTC');
  let count = 0;
  let failed = false;
  try {
    for await (const batch of untilGone(desk.journal.search(wish.query), sink.gone)) {
      if (tally) for (const { entry } of batch) tally.add(entry);
      else if (wish.count !== true) await sink.take(batch.map(({ entry }) => entry.entry));
      count += batch.length;
    }
  } catch {
    // The journal could not be read, or the disk takes no more: the entry and the job say so.
    failed = true;
  }
  const ended = failed ? 'failed' : sink.gone.aborted ? 'broken off' : 'complete';
  const tookMs = Math.round(visit.nowMs() - startedMs);
  // Where the switch ends meanwhile, that it began stands in the journal.
  await note(desk, visit, 'search', {}, { command: 'job', job, asked, count, ended, tookMs }).catch(
    (refusal: unknown) => {
      failed ||= !(refusal instanceof MscFault);
    },
  );
  return { count, failed, groups: tally?.groups() };
}

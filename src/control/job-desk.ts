// `msc journal search --job` and `msc journal jobs`: a search goes on without its person, who fetches later what
// it found. Promises an entry when it begins, one when it is over, and one for each time it is fetched.

import type { StoredEntry } from '#journal/entry';
import { formatRow } from '#journal/row';
import { MscFault } from '#src/errors';
import type { Desk } from './desk.ts';
import type { JobOutcome, JobSink } from './jobs.ts';
import { note, withPulse } from './notes.ts';
import type { ReleaseNumbers } from './release-number.ts';
import { admitText, noteSearch, release, Surveyor, whyOf } from './release.ts';
import type { Look, ReleaseParts } from './release.ts';
import { countInto, newCounting, tallyOf, valuesOf } from './tally.ts';
import { untilGone, type Visit } from './visit.ts';
import type { Commands } from './wire.ts';
import type { JobView, SearchEnd, SearchWish } from './wire-search.ts';

export async function startJob(desk: Desk, visit: Visit, wish: SearchWish): Promise<SearchEnd> {
  const { jobs } = desk;
  jobs.mustHaveRoom();
  const { asked } = wish;
  const detail = { command: 'job', asked, ended: 'not yet' };
  const { entry: job } = await desk.act(visit.person, { kind: 'note', event: 'search', detail });
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
  numbers: ReleaseNumbers,
): Promise<SearchEnd> {
  const startedMs = visit.nowMs();
  const { job, text } = args;
  const { asked } = desk.jobs.find(visit.person, job);
  const look: Look = { command: 'fetch', asked, why: whyOf(args), to: { job } };
  if (text) await admitText(desk, visit, look);
  const released = text
    ? await withPulse(visit, () => releaseJob({ desk, visit, numbers }, look, job))
    : undefined;
  const count = await withPulse(visit, () => readJob(desk, visit, args));
  const entry = await noteSearch(desk, visit, look, { job, count, text });
  return { count, tookMs: visit.nowMs() - startedMs, entry, ...released };
}

/** Records what will be shown; undefined where that is nothing, or numbers alone. */
async function releaseJob(
  parts: ReleaseParts,
  look: Look,
  job: number,
): Promise<{ readonly release: string } | undefined> {
  const { desk, visit } = parts;
  if (desk.jobs.groups(visit.person, job) !== undefined) return undefined;
  const surveyor = new Surveyor(desk);
  for await (const some of storedOf(desk, visit, job))
    for (const stored of some) await surveyor.see(stored);
  const found = surveyor.end();
  if (found.count === 0 || visit.gone.aborted) return undefined;
  return { release: (await release(parts, look, found)).release };
}

async function readJob(
  desk: Desk,
  visit: Visit,
  { job, text }: Commands['job-fetch']['args'],
): Promise<number> {
  const { jobs } = desk;
  const groups = jobs.groups(visit.person, job);
  if (groups) {
    await visit.sendRows(groups.map((group) => ({ ...group })));
    return jobs.find(visit.person, job).count;
  }
  let count = 0;
  for await (const stored of storedOf(desk, visit, job)) {
    await visit.sendRows(stored.map((each) => formatRow(each, { text })));
    count += stored.length;
  }
  return count;
}

async function* storedOf(
  { jobs, journal }: Desk,
  visit: Visit,
  job: number,
): AsyncGenerator<readonly StoredEntry[]> {
  for await (const numbers of untilGone(jobs.entries(visit.person, job), visit.gone)) {
    const found = await Promise.all(numbers.map((entry) => journal.read(entry)));
    yield found.filter((each): each is StoredEntry => each !== undefined);
  }
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
  const { asked, query, by } = wish;
  const tally = tallyOf(wish);
  const counting = newCounting();
  let failed = false;
  try {
    const from = { journal: desk.journal, gone: sink.gone };
    if (tally) await countInto(counting, from, { query, wish: tally });
    else
      for await (const batch of untilGone(desk.journal.search(query), sink.gone)) {
        await sink.take(batch.map(({ entry }) => entry.entry));
        counting.count += batch.length;
      }
  } catch {
    // The journal could not be read, or the disk takes no more: the entry and the job say so.
    failed = true;
  }
  const { count } = counting;
  const ended = failed ? 'failed' : sink.gone.aborted ? 'broken off' : 'complete';
  const tookMs = Math.round(visit.nowMs() - startedMs);
  // Where the switch ends meanwhile, that it began stands in the journal.
  await note(desk, visit, 'search', { command: 'job', job, asked, count, ended, tookMs }).catch(
    (refusal: unknown) => {
      failed ||= !(refusal instanceof MscFault);
    },
  );
  return { count, failed, groups: by === undefined ? undefined : valuesOf(counting) };
}

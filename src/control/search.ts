// Searching and showing the journal for a person. Rows go out as they are read, no faster than they are taken.
// Promises: every search leaves an entry after it has read, also one that was broken off; every release
// of text leaves an entry before anything is shown.

import type { StoredEntry } from '#journal/entry';
import type { Query } from '#journal/query';
import { formatRow } from '#journal/row';
import { MscFault } from '#src/errors';
import type { Desk, JournalDesk } from './desk.ts';
import { holdersOf } from './holders.ts';
import { startJob } from './job-desk.ts';
import { mustBeZone } from './local-time.ts';
import { instantsOf, note, withPulse } from './notes.ts';
import { purgedTo, refusePurged } from './purge.ts';
import { judge, requireScan } from './plan.ts';
import type { ReleaseNumbers } from './release-number.ts';
import { admitText, howEnded, noteSearch, release, survey, Surveyor, whyOf } from './release.ts';
import type { Look, ReleaseParts } from './release.ts';
import { countInto, newCounting, tallyOf, valuesOf } from './tally.ts';
import { untilGone, type Visit } from './visit.ts';
import type { Commands } from './wire.ts';
import type { PlanReport, SearchEnd, SearchWish } from './wire-search.ts';

/** Entries of one thread that are shown; a bulletin to many stays well below. */
const threadEntriesMax = 10_000;

/** `msc journal search`. */
export async function search(
  desk: Desk,
  visit: Visit,
  args: Commands['search']['args'],
  numbers: ReleaseNumbers,
): Promise<SearchEnd> {
  const { asked, text } = args;
  const look: Look = { command: 'search', asked, why: whyOf(args) };
  if (text) await admitText(desk, visit, look);
  const { wish, report, told } = await begin(desk, visit, args);
  const isJob = args.job === true || (report.isJob && args.stay !== true);
  if (isJob && !text) return startJob(desk, visit, wish);
  const startedMs = visit.nowMs();
  const released = text ? await releaseFound({ desk, visit, numbers }, look, wish.query) : {};
  const end = await searchHere(desk, visit, { ...wish, text }, { look, startedMs });
  return { ...end, ...told, ...released };
}

/** The same without a switch: no text, and no job; it takes as long as it takes. */
export async function searchAlone(
  desk: JournalDesk,
  visit: Visit,
  args: SearchWish,
): Promise<SearchEnd> {
  const look: Look = { command: 'search', asked: args.asked, why: {} };
  const { wish, told } = await begin(desk, visit, args);
  const startedMs = visit.nowMs();
  const end = await searchHere(desk, visit, { ...wish, text: false }, { look, startedMs });
  return { ...end, ...told };
}

interface Begun<W> {
  readonly wish: W;
  readonly report: PlanReport;
  /** What is said of the search beside its answer. */
  readonly told: Pick<SearchEnd, 'head' | 'narrowedBy' | 'unsound' | 'sinceUs' | 'untilUs'>;
}

/** Its own entries are not part of its answer. @throws MscFault MSC-1705, MSC-1004 */
async function begin<W extends SearchWish>(
  desk: JournalDesk,
  visit: Visit,
  args: W,
): Promise<Begun<W>> {
  const { query, zone, scan } = args;
  if (zone !== undefined) mustBeZone(zone);
  const { entries: head } = await desk.journal.head();
  const bounded = { ...query, entryTo: Math.min(query.entryTo ?? head, head) };
  const wish = { ...args, query: bounded };
  const report = await withPulse(visit, () => planOf(desk, wish));
  requireScan(report, scan === true);
  const { by: narrowedBy, unsound } = report;
  const told = { head, narrowedBy, ...(unsound && { unsound }), ...instantsOf(query) };
  return { wish, report, told };
}

/** `msc journal search --explain`. It tells how often a value is there, so it leaves an entry too. */
export async function explain(
  desk: JournalDesk,
  visit: Visit,
  wish: SearchWish,
): Promise<Commands['search-plan']['end']> {
  const report = await withPulse(visit, () => planOf(desk, wish));
  await note(desk, visit, 'search', { command: 'explain', asked: wish.asked });
  return report;
}

async function planOf(desk: JournalDesk, wish: SearchWish): Promise<PlanReport> {
  const { query } = wish;
  const { budgetMs } = desk.searching();
  const tally = tallyOf(wish);
  const plan = await desk.journal.plan(query, tally);
  return judge(plan, { query, tally: tally !== undefined, budgetMs });
}

async function searchHere(
  desk: JournalDesk,
  visit: Visit,
  wish: SearchWish & { readonly text: boolean },
  { look, startedMs }: { readonly look: Look; readonly startedMs: number },
): Promise<SearchEnd> {
  const { query, text } = wish;
  const { count, failure } = await readOut(desk, visit, wish);
  const ended = failure !== undefined ? 'failed' : howEnded(visit);
  const tookMs = visit.nowMs() - startedMs;
  const read = { count, text, ended, tookMs: Math.round(tookMs) };
  const entry = await noteSearch(desk, visit, look, read);
  if (failure !== undefined) throw failure;
  const holders = await withPulse(visit, () => holdersOf(desk, visit, query));
  const purged = await purgedTo(desk, query);
  return { count, ...(holders && { holders }), ...purged, tookMs, entry };
}

/** `msc journal show` and `thread`: always with text, so the release stands before the first row. */
export async function show(
  desk: Desk,
  visit: Visit,
  args: Commands['show']['args'],
  numbers: ReleaseNumbers,
): Promise<SearchEnd> {
  const startedMs = visit.nowMs();
  const command = args.thread ? 'thread' : 'show';
  const look: Look = { command, asked: String(args.entry), why: whyOf(args) };
  await admitText(desk, visit, look);
  const stored = await entriesOf(desk, visit, args);
  const count = stored.length;
  // Nothing is released where there is nothing; that it was looked for is journalled all the same.
  const told =
    count === 0
      ? { entry: await noteSearch(desk, visit, look, { count, text: true, ended: 'complete' }) }
      : await releaseAll({ desk, visit, numbers }, look, stored);
  for (const one of stored) await visit.sendRows([formatRow(one, { text: true })]);
  return { count, tookMs: visit.nowMs() - startedMs, ...told };
}

/** The same without a switch, and so without a text: what an entry says of itself. */
export async function showAlone(
  desk: JournalDesk,
  visit: Visit,
  args: Pick<Commands['show']['args'], 'entry' | 'thread'>,
): Promise<SearchEnd> {
  const startedMs = visit.nowMs();
  const stored = await entriesOf(desk, visit, args);
  await visit.sendRows(stored.map((one) => formatRow(one, { text: false })));
  return { count: stored.length, tookMs: visit.nowMs() - startedMs };
}

/** Records what the search will show; undefined where it is nothing, or nobody waits for it any more. */
async function releaseFound(
  parts: ReleaseParts,
  look: Look,
  query: Query,
): Promise<{ readonly release: string } | undefined> {
  const { desk, visit } = parts;
  return withPulse(visit, async () => {
    const found = await survey(desk, visit, query);
    if (found.count === 0 || visit.gone.aborted) return undefined;
    return { release: (await release(parts, look, found)).release };
  });
}

async function releaseAll(
  parts: ReleaseParts,
  look: Look,
  stored: readonly StoredEntry[],
): Promise<{ readonly release: string; readonly entry: number }> {
  const surveyor = new Surveyor(parts.desk);
  for (const one of stored) await surveyor.see(one);
  return release(parts, look, surveyor.end());
}

interface ReadOut {
  readonly count: number;
  readonly failure?: Error;
}

/** What is read out: with text or not; or how many there are of each value, or nothing but their number. */
export type Reading = Pick<SearchWish, 'query' | 'count' | 'by' | 'zone'> & {
  readonly text: boolean;
};

/** Sends what a search finds, as it is read. */
export async function readOut(desk: JournalDesk, visit: Visit, reading: Reading): Promise<ReadOut> {
  const { query, text, by } = reading;
  const { journal } = desk;
  const { gone } = visit;
  const tally = tallyOf(reading);
  const counting = newCounting();
  try {
    await withPulse(visit, async () => {
      if (tally) return countInto(counting, { journal, gone }, { query, wish: tally });
      for await (const batch of untilGone(journal.search(query), gone)) {
        await visit.sendRows(batch.map((stored) => formatRow(stored, { text })));
        counting.count += batch.length;
      }
    });
    if (by !== undefined) await visit.sendRows(valuesOf(counting).map((value) => ({ ...value })));
    return { count: counting.count };
  } catch (cause) {
    // What was shown is journalled first; then the caller hears of it.
    const failure = cause instanceof Error ? cause : new MscFault('MSC-9001', { cause });
    return { count: counting.count, failure };
  }
}

/** One entry, or the whole thread it is of, oldest first. */
export async function entriesOf(
  desk: JournalDesk,
  visit: Visit,
  args: Pick<Commands['show']['args'], 'entry' | 'thread'>,
): Promise<readonly StoredEntry[]> {
  const first = await desk.journal.read(args.entry);
  if (first === undefined) await refusePurged(desk, args.entry);
  if (first === undefined || !args.thread) return first === undefined ? [] : [first];
  const value = String(first.entry.thread ?? first.entry.entry);
  const query: Query = {
    where: [{ on: 'column', column: 'thread', any: [{ kind: 'is', value }] }],
    reverse: true,
    limit: threadEntriesMax,
  };
  const found: StoredEntry[] = [];
  for await (const batch of untilGone(desk.journal.search(query), visit.gone)) found.push(...batch);
  return found.length === 0 ? [first] : found;
}

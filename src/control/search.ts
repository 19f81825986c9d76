// Searching and showing the journal for a person. Rows go out as they are read, no faster than they are taken.
// Promises: every search leaves an entry after it has read, also one that was broken off; every release
// of text leaves an entry before anything is shown.

import type { StoredEntry } from '#journal/entry';
import type { Query } from '#journal/query';
import { formatRow } from '#journal/row';
import { MscFault } from '#src/errors';
import type { Desk } from './desk.ts';
import { holdersOf } from './holders.ts';
import { startJob } from './job-desk.ts';
import { judge, requireScan } from './plan.ts';
import { note, whyOf, withPulse, type Why } from './notes.ts';
import { requireTextRole } from './roles.ts';
import { Tally } from './tally.ts';
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
): Promise<SearchEnd> {
  const { query, text } = args;
  const why = whyOf(args);
  if (text) requireTextRole(visit.roles, why);
  // Its own entries are not part of its answer.
  const { entries: head } = await desk.journal.head();
  const bounded = { ...query, entryTo: Math.min(query.entryTo ?? head, head) };
  const wish = { ...args, query: bounded };
  const report = await withPulse(visit, () => planOf(desk, wish));
  requireScan(report, args.scan === true);
  const isJob = args.job === true || (report.isJob && args.stay !== true);
  if (isJob && !text) return startJob(desk, visit, wish);
  const end = await searchHere(desk, visit, { ...wish, text, why });
  return { ...end, head, narrowedBy: report.by, ...instants(query) };
}

/** `msc journal search --explain`. It tells how often a value is there, so it leaves an entry too. */
export async function explain(
  desk: Desk,
  visit: Visit,
  wish: SearchWish,
): Promise<Commands['search-plan']['end']> {
  const report = await withPulse(visit, () => planOf(desk, wish));
  await note(desk, visit, 'search', {}, { command: 'explain', asked: wish.asked });
  return report;
}

async function planOf(desk: Desk, { query, count, by }: SearchWish): Promise<PlanReport> {
  const { budgetMs } = desk.searching();
  const tally = count === true || by !== undefined;
  return judge(await desk.journal.plan(query), { query, tally, budgetMs });
}

interface Here extends SearchWish {
  readonly text: boolean;
  readonly why: Why;
}

async function searchHere(desk: Desk, visit: Visit, wish: Here): Promise<SearchEnd> {
  const { query, asked, text, why } = wish;
  const startedMs = visit.nowMs();
  if (text) await note(desk, visit, 'release', why, { command: 'search', asked });
  const { count, failure } = await withPulse(visit, () => readOut(desk, visit, wish));
  const ended = failure !== undefined ? 'failed' : visit.gone.aborted ? 'broken off' : 'complete';
  const tookMs = visit.nowMs() - startedMs;
  const entry = await note(desk, visit, 'search', why, {
    command: 'search',
    asked,
    count,
    text,
    ended,
    tookMs: Math.round(tookMs),
  });
  if (failure !== undefined) throw failure;
  const holders = await withPulse(visit, () => holdersOf(desk, visit, query));
  return { count, ...(holders && { holders }), tookMs, entry };
}

/** `msc journal show` and `thread`: always with text, so the release stands before the first row. */
export async function show(
  desk: Desk,
  visit: Visit,
  args: Commands['show']['args'],
): Promise<SearchEnd> {
  const startedMs = visit.nowMs();
  const why = whyOf(args);
  requireTextRole(visit.roles, why);
  const stored = await entriesOf(desk, visit, args);
  const entry = await note(desk, visit, 'release', why, {
    command: args.thread ? 'thread' : 'show',
    asked: String(args.entry),
    count: stored.length,
  });
  for (const one of stored) await visit.sendRows([formatRow(one, { text: true })]);
  return { count: stored.length, tookMs: visit.nowMs() - startedMs, entry };
}

interface ReadOut {
  readonly count: number;
  readonly failure?: Error;
}

/** To the person: the entries, or how many there are of each value, or nothing but their number. */
async function readOut(desk: Desk, visit: Visit, wish: Here): Promise<ReadOut> {
  const tally = wish.by === undefined ? undefined : new Tally(wish.by, wish.zone ?? 'UTC');
  let count = 0;
  try {
    for await (const batch of untilGone(desk.journal.search(wish.query), visit.gone)) {
      if (tally) for (const { entry } of batch) tally.add(entry);
      else if (wish.count !== true)
        await visit.sendRows(batch.map((stored) => formatRow(stored, { text: wish.text })));
      count += batch.length;
    }
    if (tally) await visit.sendRows(tally.groups().map((group) => ({ ...group })));
    return { count };
  } catch (cause) {
    // What was shown is journalled first; then the caller hears of it.
    const failure = cause instanceof Error ? cause : new MscFault('MSC-9001', { cause });
    return { count, failure };
  }
}

async function entriesOf(
  desk: Desk,
  visit: Visit,
  args: Commands['show']['args'],
): Promise<readonly StoredEntry[]> {
  const first = await desk.journal.read(args.entry);
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

function instants({ since, until }: Query): Pick<SearchEnd, 'sinceUs' | 'untilUs'> {
  return {
    ...(since === undefined ? {} : { sinceUs: since }),
    ...(until === undefined ? {} : { untilUs: until }),
  };
}

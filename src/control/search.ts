// Searching and showing the journal for a person. Rows go out as they are read, no faster than they are taken.
// Promises: every search leaves an entry after it has read, also one that was broken off; every release
// of text leaves an entry before anything is shown.

import type { StoredEntry } from '#journal/entry';
import type { Query } from '#journal/query';
import { formatRow } from '#journal/row';
import { MscFault } from '#src/errors';
import type { Desk } from './desk.ts';
import { holdersOf } from './holders.ts';
import { requireTextRole } from './roles.ts';
import { untilGone, type Visit } from './visit.ts';
import type { Commands, SearchEnd } from './wire.ts';

/** Entries of one thread that are shown; a bulletin to many stays well below. */
const threadEntriesMax = 10_000;
const pulseMs = 2_000;

/** `msc journal search`. */
export async function search(
  desk: Desk,
  visit: Visit,
  args: Commands['search']['args'],
): Promise<SearchEnd> {
  const startedMs = visit.nowMs();
  const { query, asked, text } = args;
  const why = whyOf(args);
  if (text) requireTextRole(visit.roles, why);
  // Its own entries are not part of its answer.
  const { entries } = await desk.journal.head();
  const bounded = { ...query, entryTo: Math.min(query.entryTo ?? entries, entries) };
  if (text) await note(desk, visit, 'release', why, { command: 'search', asked });
  const { count, failure } = await readOut(desk, visit, bounded, text);
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
  const holders = await withPulse(visit, () => holdersOf(desk, visit, bounded));
  return { count, ...(holders && { holders }), ...instants(query), tookMs, entry };
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

async function readOut(desk: Desk, visit: Visit, query: Query, text: boolean): Promise<ReadOut> {
  let count = 0;
  const stopPulse = pulse(visit);
  try {
    for await (const batch of untilGone(desk.journal.search(query), visit.gone)) {
      await visit.sendRows(batch.map((stored) => formatRow(stored, { text })));
      count += batch.length;
    }
    return { count };
  } catch (cause) {
    // What was shown is journalled first; then the caller hears of it.
    const failure = cause instanceof Error ? cause : new MscFault('MSC-9001', { cause });
    return { count, failure };
  } finally {
    stopPulse();
  }
}

/** Empty rows while a long read finds nothing, so that silence still means that the switch is stuck. */
export function pulse(visit: Visit): () => void {
  let sending = false;
  const timer = setInterval(() => {
    if (sending) return;
    sending = true;
    void visit.sendRows([]).finally(() => {
      sending = false;
    });
  }, pulseMs);
  return () => clearInterval(timer);
}

/** The same while something else takes its time. */
export async function withPulse<T>(visit: Visit, work: () => Promise<T>): Promise<T> {
  const stop = pulse(visit);
  try {
    return await work();
  } finally {
    stop();
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

interface Why {
  readonly reason?: string;
  readonly case?: string;
}

function whyOf(args: { readonly reason?: string; readonly case?: string }): Why {
  return {
    ...(args.reason === undefined ? {} : { reason: args.reason }),
    ...(args.case === undefined ? {} : { case: args.case }),
  };
}

async function note(
  desk: Desk,
  visit: Visit,
  event: 'search' | 'release',
  why: Why,
  detail: Readonly<Record<string, string | number | boolean>>,
): Promise<number> {
  const { entry } = await desk.act(visit.person, { kind: 'note', event, ...why, detail });
  return entry;
}

function instants({ since, until }: Query): Pick<SearchEnd, 'sinceUs' | 'untilUs'> {
  return {
    ...(since === undefined ? {} : { sinceUs: since }),
    ...(until === undefined ? {} : { untilUs: until }),
  };
}

// What the port asks of a reader, and how its answers become entries, plans and counts.
// Promises what the port promises of reading. Fails with JOURNAL_READ faults, and throws what a blob throws that
// is none.

import { decodeEntry } from '../codec.ts';
import type { StoredEntry } from '../entry.ts';
import { JournalFault } from '../fault.ts';
import type { PurgeAsked, PurgePlan } from '../purge.ts';
import type { Plan, Query } from '../query.ts';
import type { Group, TallyStep, TallyWish } from '../tally.ts';
import type { Asked } from './messages.ts';
import type { Answered, Reader } from './reader-client.ts';

/** Reads asked for in one go travel in one message. */
export function gatherReads(reads: Reader): (entry: number) => Promise<StoredEntry | undefined> {
  let wanted: number[] = [];
  let answer: Promise<readonly Uint8Array[]> | undefined;
  const askAll = async (): Promise<readonly Uint8Array[]> => {
    await Promise.resolve();
    const entries = wanted;
    wanted = [];
    answer = undefined;
    return (await reads.ask({ kind: 'read', entries })).parts;
  };
  return async (entry) => {
    const place = wanted.push(entry) - 1;
    answer ??= askAll();
    const blob = (await answer)[place];
    return blob?.length ? decodeEntry(blob) : undefined;
  };
}

/** The next batch is read while the caller works on this one. */
export async function* scan(
  reads: Reader,
  from: number,
  to: number,
): AsyncGenerator<readonly StoredEntry[]> {
  let at = from;
  let next = reads.ask({ kind: 'scan', from: at, to });
  for (let done = false; !done;) {
    const answered = await next;
    ({ done } = answered);
    const last = answered.parts.at(-1);
    // By its own number: what was before the first may have been purged.
    if (last !== undefined) at = decodeEntry(last).entry.entry + 1;
    if (!done) next = reads.ask({ kind: 'scan', from: at, to });
    // Who goes on hears of a failure above; who stops here never asks.
    next.catch(() => undefined);
    if (answered.parts.length > 0) yield answered.parts.map(decodeEntry);
  }
}

/** The number of the last entry. */
export async function askHead(reads: Reader): Promise<number> {
  const { parts } = await reads.ask({ kind: 'head' });
  return Number(jsonIn(parts[0]));
}

/** The number of the oldest entry there is. */
export async function askOldest(reads: Reader): Promise<number> {
  const { parts } = await reads.ask({ kind: 'oldest' });
  return Number(jsonIn(parts[0]));
}

export async function askPlan(searches: Reader, query: Query, wish?: TallyWish): Promise<Plan> {
  const { parts } = await searches.ask({ kind: 'plan', query, wish });
  // The reader wrote it so.
  return jsonIn(parts[0]) as Plan;
}

export async function* search(
  searches: Reader,
  query: Query,
  onIndexFailed: () => void,
): AsyncGenerator<readonly StoredEntry[]> {
  for await (const { parts } of pieces(searches, { kind: 'search', query }, onIndexFailed))
    if (parts.length > 0) yield parts.map(decodeEntry);
}

export async function* tally(
  searches: Reader,
  { query, wish }: { readonly query: Query; readonly wish: TallyWish },
  onIndexFailed: () => void,
): AsyncGenerator<TallyStep> {
  for await (const piece of pieces(searches, { kind: 'tally', query, wish }, onIndexFailed)) {
    const { count = 0, others = 0 } = piece.tally ?? {};
    // The reader wrote them so.
    yield { count, others, groups: piece.parts.map((part) => jsonIn(part) as Group) };
  }
}

export async function planPurge(
  searches: Reader,
  asked: PurgeAsked,
  onIndexFailed: () => void,
): Promise<PurgePlan> {
  for await (const { parts } of pieces(searches, { kind: 'purge-plan', asked }, onIndexFailed))
    // The reader wrote it so, and nothing else.
    if (parts.length > 0) return jsonIn(parts[0]) as PurgePlan;
  throw new JournalFault('JOURNAL_READ', 'What a purge would take was not found out.');
}

function jsonIn(part: Uint8Array | undefined): unknown {
  return JSON.parse(Buffer.from(part ?? []).toString());
}

/** The answers to a question that is worked on in pieces. */
async function* pieces(
  searches: Reader,
  asked: Asked,
  onIndexFailed: () => void,
): AsyncGenerator<Answered> {
  let answered = await searches.ask(asked);
  const { id } = answered;
  let over = false;
  try {
    for (;;) {
      if (answered.indexFailed) onIndexFailed();
      over = answered.done;
      yield answered;
      if (over) return;
      answered = await searches.ask({ kind: 'more', search: id });
    }
  } finally {
    // Where the thread has ended meanwhile there is nothing left to stop.
    if (!over) await searches.ask({ kind: 'stop', search: id }).catch(() => undefined);
  }
}

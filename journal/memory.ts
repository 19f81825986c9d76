// The journal in memory: the same octets, leaves and root as on disk, for tests and simulation.
// Promises what the port promises, but for durability. Nothing in it fails; it is never blocked.

import assert from 'node:assert/strict';
import { blobOf, decodeEntry, encodeBatch, partsOf } from './codec.ts';
import type { Random } from './codec.ts';
import type { StoredEntry } from './entry.ts';
import { JournalFault } from './fault.ts';
import type { Journal, Snapshot } from './journal.ts';
import { purgeIn } from './purge.ts';
import { matches } from './query.ts';
import type { Query } from './query.ts';
import { nothingYet } from './reindexing.ts';
import type { Reindexing } from './reindexing.ts';
import { Tally, groupsAtOnce } from './tally.ts';
import type { TallyStep, TallyWish } from './tally.ts';
import { emptyFrontier, grow, leafOf, rootOf } from './tree.ts';

const batchEntries = 256;

export function openMemoryJournal(options: { readonly random: Random }): Journal {
  const records: Uint8Array[] = [];
  const frontier = emptyFrontier();
  let snapshot: Snapshot | undefined;
  let reindexing: Reindexing | undefined;
  let closed = false;

  /** The first that was not purged. */
  let oldest = 1;

  const read = (entry: number): StoredEntry | undefined => {
    const record = entry < oldest ? undefined : records[entry - 1];
    return record && decodeEntry(blobOf(record));
  };
  const purge = (entry: number): void => {
    const stored = read(entry);
    const said = stored && purgeIn(stored.entry);
    if (said === undefined)
      throw new JournalFault('JOURNAL_PURGE', `Entry ${entry} says of nothing that it was purged.`);
    oldest = Math.max(oldest, said.last + 1);
  };
  const leaf = (entry: number): string => {
    const record = records[entry - 1];
    assert(record, 'a snapshot stands on an entry of this journal');
    return Buffer.from(leafOf(record)).toString('hex');
  };
  const append = (entries: readonly StoredEntry[]): void => {
    if (closed) throw new JournalFault('JOURNAL_CLOSED', 'The journal is closed.');
    for (const [index, stored] of entries.entries())
      assert(stored.entry.entry === frontier.size + 1 + index, 'entries come in order, gap-free');
    for (const record of partsOf(encodeBatch(entries, options.random))) {
      records.push(record);
      grow(frontier, leafOf(record));
    }
  };

  return {
    head: () => Promise.resolve({ entries: frontier.size, root: rootOf(frontier) }),
    append: (entries) => Promise.try(append, entries),
    read: (entry) => Promise.try(read, entry),
    scan: (from, to) => batches(walk(read, { from, to: to ?? frontier.size, reverse: true })),
    search: (query) => batches(find(read, query, frontier.size)),
    tally: (query, wish) => steps(find(read, query, frontier.size), wish),
    plan: ({ entryFrom = 1, entryTo = frontier.size }) => {
      const from = Math.max(entryFrom, oldest);
      const entries = Math.max(0, Math.min(entryTo, frontier.size) - from + 1);
      return Promise.resolve({ entries, reads: entries, by: [] });
    },
    // It has no index.
    reindex: (wish) => {
      reindexing = { wish, state: 'done', ...nothingYet };
      return Promise.resolve({ begun: reindexing, over: Promise.resolve(reindexing) });
    },
    reindexing: () => reindexing,
    oldest: () => Promise.resolve(oldest),
    // It has no segments: nothing of it is ever closed.
    planPurge: () => Promise.resolve({ goes: [], kept: { first: oldest, cause: 'raw' } }),
    purge: (entry) => Promise.try(purge, entry),
    saveSnapshot: (entry, state) =>
      Promise.try(() => {
        snapshot = { entry, leaf: leaf(entry), state: state.slice() };
      }),
    loadSnapshot: () => Promise.resolve(snapshot),
    onCondition: () => undefined,
    close: () => {
      closed = true;
      return Promise.resolve();
    },
  };
}

type Read = (entry: number) => StoredEntry | undefined;

function* find(read: Read, query: Query, head: number): Generator<StoredEntry> {
  let found = 0;
  for (const stored of walk(read, { from: 1, to: head, reverse: query.reverse })) {
    if (!matches(query, stored)) continue;
    yield stored;
    found += 1;
    if (found === query.limit) return;
  }
}

/** `reverse` as in a query: oldest first. */
function* walk(
  read: Read,
  range: { readonly from: number; readonly to: number; readonly reverse: boolean },
): Generator<StoredEntry> {
  for (let step = 0; step <= range.to - range.from; step += 1) {
    const stored = read(range.reverse ? range.from + step : range.to - step);
    if (stored) yield stored;
  }
}

// Asynchronous as the port is, although nothing here waits.
// eslint-disable-next-line @typescript-eslint/require-await
async function* steps(all: Iterable<StoredEntry>, wish: TallyWish): AsyncGenerator<TallyStep> {
  const tally = new Tally(wish);
  for (const { entry } of all) {
    tally.add(entry);
    if (tally.isOver) break;
  }
  const { count, others } = tally;
  const groups = tally.groups();
  for (let at = 0; at === 0 || at < groups.length; at += groupsAtOnce)
    yield { count, others, groups: groups.slice(at, at + groupsAtOnce) };
}

// Asynchronous as the port is, although nothing here waits.

// eslint-disable-next-line @typescript-eslint/require-await
async function* batches(all: Iterable<StoredEntry>): AsyncGenerator<readonly StoredEntry[]> {
  let batch: StoredEntry[] = [];
  for (const stored of all) {
    batch.push(stored);
    if (batch.length < batchEntries) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

// The thread that indexes, seals and purges, behind the acknowledgement and at the lowest priority.
// Promises to come to the end of it: it rests while entries come fast, but not for ever. Whatever goes wrong
// with the index or a seal, it begins anew a while later; the journal itself never waits for it.

import assert from 'node:assert/strict';
import { readlinkSync } from 'node:fs';
import os from 'node:os';
import { basename } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { causeOf, isFull } from './full.ts';
import { openIndexReader } from './index-reader.ts';
import { indexIsThere, openIndexWriter, removeIndex } from './index-writer.ts';
import type { IndexWriter } from './index-writer.ts';
import type { FromIndexer, ToIndexer } from './messages.ts';
import { Purger } from './purger.ts';
import { Reindexer } from './reindexer.ts';
import { runEntries } from './run.ts';
import { Sealer } from './sealer.ts';
import { openShelf } from './shelf.ts';
import type { Shelf } from './shelf.ts';

/** How often it looks whether a run is whole, and how long it waits after a failure. */
const lookMs = 100;
const againMs = 1000;
/** So far behind it no longer rests between runs. */
const runsBehindMost = 128;

const port = parentPort;
assert(port, 'the indexer runs as a thread of the journal');
// The journal starts this thread with the folder alone.
const dir = workerData as string;

let index: IndexWriter | undefined;
let entries: Shelf | undefined;
let timer: NodeJS.Timeout;
const sealer = new Sealer(dir);
const say = (message: FromIndexer): void => port.postMessage(message);
const reindexer = new Reindexer(dir, (reindexing) => say({ kind: 'reindexing', reindexing }));
const purger = new Purger(dir, (ended) => say({ kind: 'purged', ...ended }));

yieldProcessor();
turn();

port.on('message', (message: ToIndexer) => {
  clearTimeout(timer);
  switch (message.kind) {
    case 'close':
      letGo();
      reindexer.stop();
      port.close();
      return;
    case 'rebuild':
      throwAway();
      break;
    case 'reindex':
      reindexer.begin(message.wish);
      // The one segment that is wanted is no reason to do without the index of the newest entries.
      if (message.wish.kind !== 'segment') throwAway();
      break;
    case 'purge':
      purger.ask(message);
      break;
  }
  turn();
});

/** One run, one piece of a seal and one of a reindex at most, so that messages are heard in between. */
function turn(): void {
  timer = setTimeout(turn, tryStep());
}

/** Returns the milliseconds to rest. */
function tryStep(): number {
  try {
    return step();
  } catch (error) {
    letGo();
    if (!isPassing(error)) tryRemove();
    return againMs;
  }
}

function step(): number {
  if (index && !indexIsThere(dir)) letGo();
  entries ??= openShelf(dir);
  entries.look();
  index ??= openIndexWriter(dir, entries);
  const began = performance.now();
  const indexed = index.indexNext(entries);
  const sealed = sealer.step(entries, index, () => openIndexReader(dir));
  const purged = purger.step(entries, index);
  // What is new comes first: a reindex waits while a seal is behind.
  const renewed = !sealer.isBehind && reindexer.step();
  if (!indexed && !sealed && !purged && !renewed) return lookMs;
  const behind = (entries.head() - index.standsOn()) / runEntries;
  // A rest as long as the work leaves half of a processor to the others.
  return behind > runsBehindMost || sealer.isBehind ? 0 : performance.now() - began;
}

function letGo(): void {
  sealer.letGo();
  purger.letGo();
  index?.close();
  entries?.close();
  index = undefined;
  entries = undefined;
}

function throwAway(): void {
  letGo();
  tryRemove();
}

function tryRemove(): void {
  try {
    removeIndex(dir);
  } catch {
    // A disk that does not even forget: it is tried again with the next turn.
  }
}

/** A full disk, a busy file or no descriptor left says nothing against the index that is there. */
function isPassing(error: unknown): boolean {
  const cause = causeOf(error);
  if (isFull(cause) || !(cause instanceof Error) || !('code' in cause)) return isFull(cause);
  return ['SQLITE_BUSY', 'SQLITE_CANTOPEN', 'EMFILE', 'ENFILE'].includes(String(cause.code));
}

/** On Linux a thread has a priority of its own, under its own number. */
function yieldProcessor(): void {
  if (process.platform !== 'linux') return;
  const thread = Number(basename(readlinkSync('/proc/thread-self')));
  try {
    os.setPriority(thread, os.constants.priority.PRIORITY_LOW);
  } catch {
    // A service manager may forbid it: the rests between runs are what is left then.
  }
}

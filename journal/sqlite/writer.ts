// The thread that writes the journal: everything that waits goes into one transaction.
// Promises order: nothing overtakes, and `durable` is said only after the commit returned.
// A full disk blocks and is tried again; any other failure is said once and never retried
// (security 4.3): the kernel may have dropped what a failed flush did not write.

import assert from 'node:assert/strict';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { partsOf } from '../codec.ts';
import type { Batch } from '../codec.ts';
import { JournalFault } from '../fault.ts';
import { causeOf, isBroken, isFull } from './full.ts';
import type { FromWriter, ToWriter, WriterData } from './messages.ts';
import { sentenceOf } from './open.ts';
import { dayOf } from './open-segment.ts';
import { openEntryStore, SegmentWaits } from './store.ts';
import type { EntryStore } from './store.ts';

/** Bounds the time of one transaction, and with it the wait of what comes next. */
const transactionOctetsMax = 8 << 20;
/** Checkpoint with nothing else to do, and at the latest. */
const pagesIdle = 256;
const pagesMost = 2000;
const retryMs = 250;
const holdMs = 60_000;

const port = parentPort;
assert(port, 'the writer runs as a thread of the journal');
// As the journal starts this thread.
const { dir, limits } = workerData as WriterData;

interface Waiting {
  readonly first: number;
  readonly batch: Batch;
  readonly latest: number;
}

const waiting: Waiting[] = [];
let condition: 'open' | 'blocked' | 'failed' = 'open';
let closing = false;
let retry: NodeJS.Timeout | undefined;

const store = openStore();
if (store) port.on('message', (message: ToWriter) => work(store, message));

function openStore(): EntryStore | undefined {
  try {
    const opened = openEntryStore(dir, limits);
    say({ kind: 'opened', entries: opened.entries() });
    return opened;
  } catch (error) {
    const full = isFull(error) ? 'JOURNAL_FULL' : 'JOURNAL_OPEN';
    const code = error instanceof JournalFault ? error.code : full;
    say({ kind: 'unopened', code, sentence: sentenceOf(error) });
    if (isBroken(causeOf(error))) holdOn();
    return undefined;
  }
}

function work(store: EntryStore, message: ToWriter): void {
  take(store, message);
  takeWhatWaits(store);
  commitAll(store);
}

function commitAll(store: EntryStore): void {
  while (condition === 'open' && waiting.length > 0) {
    commitSome(store);
    takeWhatWaits(store);
  }
  if (closing) close(store);
}

/** What came while the last flush ran goes into the next one. */
function takeWhatWaits(store: EntryStore): void {
  assert(port, 'the port was there at start');
  for (;;) {
    const received = receiveMessageOnPort(port);
    if (!received) return;
    // Only the journal's client posts to this thread.
    take(store, received.message as ToWriter);
  }
}

function take(store: EntryStore, message: ToWriter): void {
  switch (message.kind) {
    case 'append':
      waiting.push(message);
      return;
    case 'head':
      say({ kind: 'head', head: store.head() });
      return;
    case 'close':
      closing = true;
      return;
  }
}

function commitSome(store: EntryStore): void {
  const [first] = waiting;
  assert(first, 'something waits');
  const count = batchesThatFit();
  const records = waiting.slice(0, count).flatMap(({ batch }) => partsOf(batch));
  try {
    store.commit(first.first, records, latestOf(waiting.slice(0, count)));
    waiting.splice(0, count);
    unblock();
    say({ kind: 'durable', entries: store.entries() });
    checkpointIfDue(store);
  } catch (error) {
    if (isFull(error) || error instanceof SegmentWaits) block(store);
    else fail(error);
  }
}

function batchesThatFit(): number {
  let octets = 0;
  const day = dayOf(waiting[0]?.latest ?? 0);
  const over = waiting.findIndex(({ batch, latest }) => {
    octets += batch.octets.length;
    // A day begins with a segment of its own, so with a transaction too.
    return octets > transactionOctetsMax || dayOf(latest) > day;
  });
  return over < 0 ? waiting.length : Math.max(1, over);
}

function latestOf(batches: readonly Waiting[]): number {
  return Math.max(...batches.map(({ latest }) => latest));
}

function checkpointIfDue(store: EntryStore): void {
  const due = waiting.length === 0 ? pagesIdle : pagesMost;
  if (store.pagesWaiting() >= due) store.checkpoint();
}

function block(store: EntryStore): void {
  if (condition === 'open') say({ kind: 'blocked' });
  condition = 'blocked';
  retry = setTimeout(() => {
    commitSome(store);
    commitAll(store);
  }, retryMs);
}

function unblock(): void {
  if (condition === 'blocked') say({ kind: 'unblocked' });
  condition = 'open';
}

function fail(error: unknown): void {
  condition = 'failed';
  waiting.length = 0;
  say({ kind: 'failed', sentence: sentenceOf(error) });
}

function close(store: EntryStore): void {
  assert(port, 'the port was there at start');
  clearTimeout(retry);
  try {
    if (condition === 'open') store.checkpoint();
    // After a failed flush nothing more is written: the next start recovers from what is there.
    if (condition !== 'failed') store.close();
  } catch (error) {
    fail(error);
    holdOn();
  }
  port.close();
}

/** The end of this thread would close the file, and so flush again what a failed flush left. */
function holdOn(): void {
  setInterval(() => undefined, holdMs);
}

function say(message: FromWriter): void {
  port?.postMessage(message);
}

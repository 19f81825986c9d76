// Reads: entries by number, ranges for replay, and searches in bounded pieces. It is started twice: as a thread
// beside the deliveries, and as a process of its own for searches, so that no search takes memory, time or a
// crash to the switch. A read that fails is answered as failed; it goes on. A process ends with its parent.

import assert from 'node:assert/strict';
import os from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { packParts } from '../codec.ts';
import type { Plan } from '../query.ts';
import { Tally } from '../tally.ts';
import { countInto } from './count.ts';
import { IndexDesk } from './index-desk.ts';
import type { LentIndex } from './index-desk.ts';
import type { Asked, FromReader, ToReader } from './messages.ts';
import { sentenceOf } from './open.ts';
import { planOf } from './plan.ts';
import { planPurge } from './purge-plan.ts';
import { search } from './search.ts';
import type { Looked, SearchParts } from './search.ts';
import { listSegments } from './segment-files.ts';
import { openShelf } from './shelf.ts';
import { Tail } from './tail.ts';

const scanEntries = 512;
const lookMs = 60_000;
/** A piece of a search ends when it found so much, or looked at so many: segments of three years and what no index has. */
const foundMost = 128;
const lookedMost = 4096;

interface Answer {
  readonly parts: readonly Uint8Array[];
  readonly done: boolean;
}

interface Search {
  readonly looked: Generator<Looked>;
  readonly index: LentIndex | undefined;
  readonly tally: Tally | undefined;
  indexFailed: boolean;
}

const line = parentPort === null ? lineOfProcess() : lineOfThread(parentPort);
const { dir } = line;
const entries = openShelf(dir);
const tail = new Tail();
const indexes = new IndexDesk(dir);
// A segment that was sealed takes room for as long as somebody has it open.
setInterval(lookAround, lookMs).unref();
const searches = new Map<number, Search>();
const nothing = new Uint8Array();

line.onMessage(({ id, asked }) => {
  try {
    entries.look();
    const { parts, done } = answer(id, asked);
    const { indexFailed = false, tally } = searches.get(searchOf(id, asked)) ?? {};
    if (done) endSearch(searchOf(id, asked));
    const packed = packParts(parts);
    const message: FromReader = {
      ...{ kind: 'answer', id, parts: packed, done, indexFailed },
      ...(tally && { tally: { count: tally.count, others: tally.others } }),
    };
    line.say(message, [packed.octets.buffer, packed.ends.buffer]);
  } catch (error) {
    line.say({ kind: 'failed', id, sentence: sentenceOf(error) });
  }
});

function lookAround(): void {
  try {
    entries.look();
    indexes.look();
  } catch {
    // Whoever asks next is told.
  }
}

/** To whoever asks. */
interface Line {
  readonly dir: string;
  readonly onMessage: (hear: (message: ToReader) => void) => void;
  readonly say: (message: FromReader, transfer?: ArrayBuffer[]) => void;
}

function lineOfThread(port: MessagePort): Line {
  return {
    // The journal starts this thread with the folder alone.
    dir: workerData as string,
    onMessage: (hear) => void port.on('message', hear),
    say: (message, transfer = []) => port.postMessage(message, transfer),
  };
}

function lineOfProcess(): Line {
  const [, , folder] = process.argv;
  assert(folder !== undefined && process.connected, 'the journal starts this process');
  process.on('disconnect', () => process.exit(0));
  // Whoever ends the switch tells all its processes: this one is there until the switch lets it go.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => undefined);
  os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);
  return {
    dir: folder,
    onMessage: (hear) => void process.on('message', hear),
    say: (message) => void process.send?.(message),
  };
}

/** A search has the number of the question that began it. */
function searchOf(id: number, asked: Asked): number {
  return asked.kind === 'more' || asked.kind === 'stop' ? asked.search : id;
}

function answer(id: number, asked: Asked): Answer {
  switch (asked.kind) {
    case 'read':
      return { parts: asked.entries.map((entry) => entries.blob(entry) ?? nothing), done: true };
    case 'leaf':
      return { parts: [entries.leaf(asked.entry) ?? nothing], done: true };
    case 'scan': {
      const parts = entries.slice({ ...asked, reverse: true, most: scanEntries });
      return { parts, done: parts.length < scanEntries };
    }
    case 'search':
      begin(id, (parts) => search(parts, asked.query));
      return goOn(id);
    case 'tally': {
      const tally = new Tally(asked.wish);
      begin(id, (parts) => countInto(parts, asked.query, tally), tally);
      return goOn(id);
    }
    case 'purge-plan':
      begin(id, (parts) => planPurge(dir, parts, asked.asked));
      return goOn(id);
    case 'oldest':
      return { parts: [jsonOf(listSegments(dir)[0]?.first ?? 1)], done: true };
    case 'plan':
      return { parts: [jsonOf(plan(asked))], done: true };
    case 'head':
      return { parts: [jsonOf(entries.head())], done: true };
    case 'more':
      return goOn(asked.search);
    case 'stop':
      return { parts: [], done: true };
  }
}

/** An index that breaks off is noticed by the search itself, which has it built anew. */
function plan({ query, wish }: Asked & { readonly kind: 'plan' }): Plan {
  const { lent } = lendIndex();
  const index = lent?.reader;
  try {
    return planOf({ entries, index, onIndexFailed: () => undefined }, query, wish);
  } finally {
    lent?.release();
  }
}

const jsonOf = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

function begin(id: number, look: (parts: SearchParts) => Generator<Looked>, tally?: Tally): void {
  const { lent, failed } = lendIndex();
  const onIndexFailed = (): void => void (begun.indexFailed = true);
  const begun: Search = {
    ...{ index: lent, indexFailed: failed, tally },
    looked: look({ entries, tail, index: lent?.reader, onIndexFailed }),
  };
  searches.set(id, begun);
}

function lendIndex(): { readonly lent: LentIndex | undefined; readonly failed: boolean } {
  try {
    return { lent: indexes.lend(), failed: false };
  } catch {
    // Without an index every entry is read, and the answer is the same.
    return { lent: undefined, failed: true };
  }
}

function goOn(id: number): Answer {
  const current = searches.get(id);
  assert(current, 'a search goes on only until it is done');
  const parts: Uint8Array[] = [];
  for (let looked = 0; looked < lookedMost && parts.length < foundMost; looked += 1) {
    const next = current.looked.next();
    if (next.done) return { parts, done: true };
    if (next.value) parts.push(next.value);
  }
  return { parts, done: false };
}

function endSearch(id: number): void {
  searches.get(id)?.index?.release();
  searches.delete(id);
}

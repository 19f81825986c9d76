// The journal's end of the thread that indexes and seals. A search is complete without it, so its end is no fault
// of the journal; a reindex that was under way is broken off then, and said to be.

import { Worker } from 'node:worker_threads';
import { JournalFault } from '../fault.ts';
import type { Journal } from '../journal.ts';
import { nothingYet } from '../reindexing.ts';
import type { ReindexBegun, Reindexing, ReindexWish } from '../reindexing.ts';
import type { FromIndexer, ToIndexer } from './messages.ts';
import { threadFile } from './thread-file.ts';

export interface Indexer extends Pick<Journal, 'reindex' | 'reindexing'> {
  readonly rebuild: () => void;
  readonly close: () => Promise<void>;
}

export function startIndexer(dir: string): Indexer {
  const worker = new Worker(threadFile('indexer'), { workerData: dir });
  const reindexes = new Reindexes();
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      reindexes.breakOff();
      resolve();
    };
    worker.once('exit', end);
    worker.once('error', end);
  });
  // The thread says nothing else.
  worker.on('message', ({ reindexing }: FromIndexer) => reindexes.take(reindexing));
  const post = (message: ToIndexer): void => worker.postMessage(message);
  return {
    rebuild: () => post({ kind: 'rebuild' }),
    reindex: (wish) =>
      reindexes.begin(wish, () => {
        post({ kind: 'reindex', wish });
      }),
    reindexing: () => reindexes.report,
    close: async () => {
      post({ kind: 'close' });
      await ended;
    },
  };
}

/** What the thread says of them. */
class Reindexes {
  report: Reindexing | undefined;
  #begun: PromiseWithResolvers<Reindexing> | undefined;
  #over: PromiseWithResolvers<Reindexing> | undefined;
  #isEnded = false;

  async begin(wish: ReindexWish, start: () => void): Promise<ReindexBegun> {
    if (this.#over !== undefined)
      throw new JournalFault('JOURNAL_BUSY', 'The journal is being indexed anew already.');
    const over = Promise.withResolvers<Reindexing>();
    const begun = Promise.withResolvers<Reindexing>();
    [this.#over, this.#begun] = [over, begun];
    this.report = { wish, state: 'running', ...nothingYet };
    if (this.#isEnded) this.breakOff();
    else start();
    return { begun: await begun.promise, over: over.promise };
  }

  take(report: Reindexing): void {
    this.report = report;
    this.#begun?.resolve(report);
    if (report.state === 'running') return;
    this.#over?.resolve(report);
    this.#over = undefined;
  }

  /** The thread is gone. */
  breakOff(): void {
    this.#isEnded = true;
    if (this.#over !== undefined && this.report !== undefined)
      this.take({ ...this.report, state: 'broken off' });
  }
}

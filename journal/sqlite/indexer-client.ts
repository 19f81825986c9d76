// The journal's end of the thread that indexes and seals. A search is complete without it, so its end is no fault
// of the journal; a reindex that was under way is broken off then, and said to be, and a purge is told to have failed.

import { Worker } from 'node:worker_threads';
import { JournalFault } from '../fault.ts';
import type { Journal } from '../journal.ts';
import { nothingYet } from '../reindexing.ts';
import type { ReindexBegun, Reindexing, ReindexWish } from '../reindexing.ts';
import type { FromIndexer, PurgeEnded, ToIndexer } from './messages.ts';
import { threadFile } from './thread-file.ts';

export interface Indexer extends Pick<Journal, 'reindex' | 'reindexing' | 'purge'> {
  readonly rebuild: () => void;
  readonly close: () => Promise<void>;
}

export function startIndexer(dir: string): Indexer {
  const worker = new Worker(threadFile('indexer'), { workerData: dir });
  const reindexes = new Reindexes();
  const purges = new Purges();
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      reindexes.breakOff();
      purges.breakOff();
      resolve();
    };
    worker.once('exit', end);
    worker.once('error', end);
  });
  worker.on('message', (message: FromIndexer) => {
    switch (message.kind) {
      case 'reindexing':
        reindexes.take(message.reindexing);
        break;
      case 'purged':
        purges.end(message);
        break;
    }
  });
  const post = (message: ToIndexer): void => worker.postMessage(message);
  return {
    rebuild: () => post({ kind: 'rebuild' }),
    reindex: (wish) =>
      reindexes.begin(wish, () => {
        post({ kind: 'reindex', wish });
      }),
    reindexing: () => reindexes.report,
    purge: (entry) => purges.begin((id) => post({ kind: 'purge', id, entry })),
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

/** Those that are under way, by the number they were asked with. */
class Purges {
  readonly #waiting = new Map<number, PromiseWithResolvers<undefined>>();
  #asked = 0;
  #isEnded = false;

  async begin(start: (id: number) => void): Promise<void> {
    const id = (this.#asked += 1);
    const waits = Promise.withResolvers<undefined>();
    this.#waiting.set(id, waits);
    if (this.#isEnded) this.breakOff();
    else start(id);
    await waits.promise;
  }

  end({ id, failure }: PurgeEnded): void {
    const waits = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (failure === undefined) waits?.resolve(undefined);
    else waits?.reject(new JournalFault('JOURNAL_PURGE', failure));
  }

  /** The thread is gone: the next start goes on. */
  breakOff(): void {
    this.#isEnded = true;
    const failure = 'What purges the journal ended.';
    for (const id of [...this.#waiting.keys()]) this.end({ id, failure });
  }
}

// The journal's end of a reader thread: questions out, answers in, by number.
// Promises an answer or a JOURNAL_READ fault for each question, also when the thread ends.

import { Worker } from 'node:worker_threads';
import { partsOf } from '../codec.ts';
import { JournalFault } from '../fault.ts';
import type { Asked, FromReader, ToReader } from './messages.ts';
import { threadFile } from './thread-file.ts';

export interface Answered {
  /** Number of the question; a search is gone on with by it. */
  readonly id: number;
  readonly parts: readonly Uint8Array[];
  readonly done: boolean;
  readonly indexFailed: boolean;
}

export interface Reader {
  readonly ask: (asked: Asked) => Promise<Answered>;
  readonly close: () => Promise<void>;
}

interface ReaderThread extends Reader {
  /** It ended by itself: no descriptor was left when it began, say. */
  readonly broken: () => boolean;
}

/** The thread starts with the first question, and anew with the next where it ended. */
export function lazyReader(dir: string): Reader {
  let reader: ReaderThread | undefined;
  let closed = false;
  return {
    ask: (asked) => {
      if (closed)
        return Promise.reject(new JournalFault('JOURNAL_CLOSED', 'The journal is closed.'));
      if (reader === undefined || reader.broken()) reader = startReader(dir);
      return reader.ask(asked);
    },
    close: async () => {
      closed = true;
      await reader?.close();
    },
  };
}

function startReader(dir: string): ReaderThread {
  const worker = new Worker(threadFile('reader'), { workerData: dir });
  const waiting = new Map<number, PromiseWithResolvers<Answered>>();
  let asks = 0;
  let broken: JournalFault | undefined;

  const breakOff = (cause?: Error): void => {
    broken ??= new JournalFault('JOURNAL_READ', 'The thread that reads the journal ended.', cause);
    for (const { reject } of waiting.values()) reject(broken);
    waiting.clear();
  };
  const hear = (message: FromReader): void => {
    const { id } = message;
    const asked = waiting.get(id);
    waiting.delete(id);
    if (message.kind === 'answer') asked?.resolve({ ...message, parts: partsOf(message.parts) });
    else asked?.reject(new JournalFault('JOURNAL_READ', `A read failed: ${message.sentence}.`));
  };
  worker.on('message', hear);
  worker.on('error', breakOff);
  worker.on('exit', () => breakOff());

  return {
    ask: (asked) => {
      if (broken) return Promise.reject(broken);
      const id = (asks += 1);
      const answered = Promise.withResolvers<Answered>();
      waiting.set(id, answered);
      const message: ToReader = { id, asked };
      worker.postMessage(message);
      return answered.promise;
    },
    broken: () => broken !== undefined,
    // It only reads: nothing is left to finish.
    close: async () => {
      await worker.terminate();
    },
  };
}

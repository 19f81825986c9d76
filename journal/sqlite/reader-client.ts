// The journal's end of a reader, a thread or a process: questions out, answers in, by number.
// Promises an answer or a JOURNAL_READ fault for each question, also when the reader ends.

import { fork } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import { partsOf } from '../codec.ts';
import { JournalFault } from '../fault.ts';
import type { TallyStep } from '../tally.ts';
import type { Asked, FromReader, ToReader } from './messages.ts';
import { threadFile } from './thread-file.ts';

export interface Answered {
  /** Number of the question; a search is gone on with by it. */
  readonly id: number;
  readonly parts: readonly Uint8Array[];
  readonly done: boolean;
  readonly indexFailed: boolean;
  readonly tally?: Omit<TallyStep, 'groups'> | undefined;
}

export interface Reader {
  readonly ask: (asked: Asked) => Promise<Answered>;
  readonly close: () => Promise<void>;
}

interface RunningReader extends Reader {
  /** It ended by itself: no descriptor was left when it began, say. */
  readonly broken: () => boolean;
}

/** It starts with the first question, and anew with the next where it ended. */
export function lazyReader(dir: string, as: 'thread' | 'process'): Reader {
  let reader: RunningReader | undefined;
  let closed = false;
  return {
    ask: (asked) => {
      if (closed)
        return Promise.reject(new JournalFault('JOURNAL_CLOSED', 'The journal is closed.'));
      if (reader === undefined || reader.broken())
        reader = startReader(as === 'thread' ? startThread(dir) : startProcess(dir));
      return reader.ask(asked);
    },
    close: async () => {
      closed = true;
      await reader?.close();
    },
  };
}

/** What runs the reader. */
interface Runner {
  readonly post: (message: ToReader) => void;
  readonly onMessage: (hear: (message: FromReader) => void) => void;
  readonly onEnd: (act: (cause?: Error) => void) => void;
  readonly end: () => Promise<void>;
}

function startThread(dir: string): Runner {
  const worker = new Worker(threadFile('reader'), { workerData: dir });
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (hear) => void worker.on('message', hear),
    onEnd: (act) => void worker.on('error', act).on('exit', () => act()),
    end: async () => {
      await worker.terminate();
    },
  };
}

function startProcess(dir: string): Runner {
  const child = fork(threadFile('reader'), [dir], {
    serialization: 'advanced',
    // What it could say is of no use to anybody, and might hold what no log may.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  return {
    // Where it has ended meanwhile, that is told below.
    post: (message) => void child.send(message, () => undefined),
    onMessage: (hear) =>
      void child.on('message', (message) => {
        // Only the reader sends on this line.
        hear(message as FromReader);
      }),
    onEnd: (act) => void child.on('error', act).on('exit', () => act()),
    end: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function startReader(runner: Runner): RunningReader {
  const waiting = new Map<number, PromiseWithResolvers<Answered>>();
  let asks = 0;
  let broken: JournalFault | undefined;

  const breakOff = (cause?: Error): void => {
    broken ??= new JournalFault('JOURNAL_READ', 'What reads the journal ended.', cause);
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
  runner.onMessage(hear);
  runner.onEnd(breakOff);

  return {
    ask: (asked) => {
      if (broken) return Promise.reject(broken);
      const id = (asks += 1);
      const answered = Promise.withResolvers<Answered>();
      waiting.set(id, answered);
      runner.post({ id, asked });
      return answered.promise;
    },
    broken: () => broken !== undefined,
    // It only reads: nothing is left to finish.
    close: runner.end,
  };
}

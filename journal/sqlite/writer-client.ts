// The journal's end of the writer thread: numbers checked, entries encoded, promises kept in order.
// Promises that an append resolves only after the thread said its last entry is durable.
// Fails with JOURNAL faults; after a failed flush every append fails at once.

import assert from 'node:assert/strict';
import { Worker } from 'node:worker_threads';
import { encodeBatch } from '../codec.ts';
import type { Random } from '../codec.ts';
import type { StoredEntry } from '../entry.ts';
import { JournalFault } from '../fault.ts';
import type { Head, JournalCondition } from '../journal.ts';
import type { FromWriter, ToWriter, WriterData } from './messages.ts';
import type { SegmentLimits } from './segment-files.ts';
import { threadFile } from './thread-file.ts';

export interface Writer {
  /** Entries that are durable. */
  readonly entries: () => number;
  readonly append: (entries: readonly StoredEntry[]) => Promise<void>;
  readonly head: () => Promise<Head>;
  readonly close: () => Promise<void>;
}

interface WriterOptions {
  readonly random: Random;
  readonly limits: SegmentLimits;
  readonly onCondition: (condition: JournalCondition) => void;
}

interface Pending {
  readonly last: number;
  readonly resolve: () => void;
  readonly reject: (fault: JournalFault) => void;
}

/** @throws {JournalFault} JOURNAL_LOCKED, JOURNAL_OPEN or JOURNAL_CUT */
export async function startWriter(dir: string, options: WriterOptions): Promise<Writer> {
  const workerData: WriterData = { dir, limits: options.limits };
  const worker = new Worker(threadFile('writer'), { workerData });
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const opened = Promise.withResolvers<number>();
  worker.once('error', opened.reject);
  worker.once('message', (message: FromWriter) => {
    if (message.kind === 'opened') opened.resolve(message.entries);
    else if (message.kind === 'unopened') {
      // It may stay, so that nothing is closed (writer.ts): that holds up nobody.
      worker.unref();
      opened.reject(new JournalFault(message.code, message.sentence));
    }
  });
  const entries = await opened.promise;
  worker.off('error', opened.reject);
  return writerOf({ worker, ended, entries, ...options });
}

interface WriterThread extends WriterOptions {
  readonly worker: Worker;
  readonly ended: Promise<void>;
  readonly entries: number;
}

function writerOf(thread: WriterThread): Writer {
  const { worker, ended } = thread;
  const pending: Pending[] = [];
  const heads: PromiseWithResolvers<Head>[] = [];
  let durable = thread.entries;
  let taken = thread.entries;
  let closing: PromiseWithResolvers<undefined> | undefined;
  /** Set once: why nothing more is taken. */
  let refusal: JournalFault | undefined;

  const rejectAll = (fault: JournalFault): void => {
    for (const { reject } of [...pending.splice(0), ...heads.splice(0)]) reject(fault);
  };
  const fail = (cause: Error): void => {
    if (refusal?.code === 'JOURNAL_FAILED') return;
    refusal = new JournalFault('JOURNAL_FAILED', `The journal failed: ${cause.message}.`, cause);
    rejectAll(refusal);
    closing?.reject(refusal);
    thread.onCondition({ kind: 'failed', cause });
  };
  const settle = (entries: number): void => {
    durable = entries;
    for (const done of pending.splice(0, pending.findLastIndex(isDurable) + 1)) {
      done.resolve();
    }
  };
  const isDurable = ({ last }: Pending): boolean => last <= durable;
  const hear = (message: FromWriter): void => {
    switch (message.kind) {
      case 'durable':
        settle(message.entries);
        return;
      case 'blocked':
        thread.onCondition({ kind: 'blocked', why: 'full' });
        return;
      case 'unblocked':
        thread.onCondition({ kind: 'open' });
        return;
      case 'failed':
        fail(new Error(message.sentence));
        return;
      case 'head':
        heads.shift()?.resolve(message.head);
        return;
      case 'opened':
      case 'unopened':
        return;
    }
  };
  const post = (message: ToWriter, transfer: readonly ArrayBuffer[] = []): void =>
    worker.postMessage(message, transfer);

  worker.on('error', fail);
  worker.on('message', hear);
  worker.on('exit', () => {
    if (!refusal) fail(new Error('its thread ended'));
    rejectAll(new JournalFault('JOURNAL_FULL', 'The disk was full until the journal was closed.'));
  });

  return {
    entries: () => durable,
    // Everything up to the return happens in the call: the order of the calls is the order kept.

    append: async (entries) => {
      if (refusal) throw refusal;
      const first = taken + 1;
      for (const [index, { entry }] of entries.entries())
        assert(entry.entry === first + index, 'entries come in order, gap-free');
      if (entries.length === 0) return;
      const batch = encodeBatch(entries, thread.random);
      const latest = entries.reduce((most, { entry }) => Math.max(most, entry.time), 0);
      taken += entries.length;
      const { promise, resolve, reject } = Promise.withResolvers<undefined>();
      pending.push({ last: taken, resolve: () => resolve(undefined), reject });
      post({ kind: 'append', first, batch, latest }, [batch.octets.buffer, batch.ends.buffer]);
      return promise;
    },
    head: () => {
      if (refusal) return Promise.reject(refusal);
      const asked = Promise.withResolvers<Head>();
      heads.push(asked);
      post({ kind: 'head' });
      return asked.promise;
    },
    close: async () => {
      refusal ??= new JournalFault('JOURNAL_CLOSED', 'The journal is closed.');
      closing = Promise.withResolvers();
      post({ kind: 'close' });
      // Not awaited alone: what fails at the end leaves the thread there, so that nothing is flushed again.
      await Promise.race([ended, closing.promise]);
    },
  };
}

// Searches that run in the background, and what they found: numbers of entries, in a folder of their own. No
// column and no text leaves the journal; who fetches reads the entries themselves, under the rules of reading.
// Bounded: jobs that run, jobs that are kept, entries of one, and the time it is kept.

import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { MscFault } from '#src/errors';
import { parseJson } from './lines.ts';
import type { Valued } from './tally.ts';
import type { JobView } from './wire-search.ts';

/** Side by side; each asks the one reader of searches in turn. */
const runningMax = 2;
const keptMax = 32;
const keptMs = 3 * 24 * 3_600_000;
/** 8 octets each: 8 MiB, and 256 MiB for all. */
const entriesMax = 1_048_576;
const tidyMs = 3_600_000;
const entryBytes = 8;
const readEntries = 256;

/** What the search that runs as a job gives to it. */
export interface JobSink {
  /** Aborted when it is cancelled, or full, or the switch ends. */
  readonly gone: AbortSignal;
  readonly take: (entries: readonly number[]) => Promise<void>;
}

/** What a job came to. */
export interface JobOutcome {
  readonly count: number;
  readonly groups?: readonly Valued[] | undefined;
  readonly failed?: boolean;
}

interface Kept {
  readonly view: JobView;
  readonly groups?: readonly Valued[] | undefined;
}

interface Running {
  readonly abort: AbortController;
  why: 'cancelled' | 'full' | 'broken off' | undefined;
  over: Promise<void>;
}

export class Jobs {
  readonly #folder: string;
  readonly #nowMs: () => number;
  readonly #kept = new Map<number, Kept>();
  readonly #running = new Map<number, Running>();
  readonly #tidier: NodeJS.Timeout;
  #tidied = Promise.resolve();

  private constructor(folder: string, nowMs: () => number) {
    this.#folder = folder;
    this.#nowMs = nowMs;
    this.#tidier = setInterval(() => this.#tidySoon(), tidyMs);
    this.#tidier.unref();
  }

  /** What was kept is there again; what ran when the switch ended is broken off. */
  static async open(folder: string, nowMs: () => number): Promise<Jobs> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const jobs = new Jobs(folder, nowMs);
    const names = await readdir(folder);
    for (const name of names) await jobs.#load(name);
    // What a killed switch left half done.
    for (const name of names.filter((each) => !jobs.#isOurs(each)))
      await rm(join(folder, name), { force: true, recursive: true });
    await jobs.#tidy();
    return jobs;
  }

  /**
   * Makes a job of a search and returns at once.
   *
   * @param first What is known of it; its number is that of the entry that says that it began.
   * @throws MscFault MSC-1707
   */
  async start(
    first: Pick<JobView, 'job' | 'person' | 'asked' | 'by'>,
    run: (sink: JobSink) => Promise<JobOutcome>,
  ): Promise<JobView> {
    this.mustHaveRoom();
    const view: JobView = { ...first, state: 'running', startedMs: this.#nowMs(), count: 0 };
    const running: Running = {
      abort: new AbortController(),
      why: undefined,
      over: Promise.resolve(),
    };
    this.#running.set(view.job, running);
    this.#kept.set(view.job, { view });
    await this.#write({ view });
    running.over = this.#run(view.job, running, run);
    return view;
  }

  /** @throws MscFault MSC-1707 */
  mustHaveRoom(): void {
    if (this.#running.size >= runningMax) throw new MscFault('MSC-1707');
  }

  /** Those of a person, the newest first. */
  all(person: string): readonly JobView[] {
    return [...this.#kept.values()]
      .map(({ view }) => view)
      .filter((view) => view.person === person)
      .sort((a, b) => b.job - a.job);
  }

  /** @throws MscFault MSC-1706 for one that there is not, or that is somebody else's. */
  find(person: string, job: number): JobView {
    return this.#find(person, job).view;
  }

  groups(person: string, job: number): readonly Valued[] | undefined {
    return this.#find(person, job).groups;
  }

  /** Numbers in the order of the search, in pieces; of one that runs, what there is. */
  async *entries(person: string, job: number): AsyncGenerator<readonly number[]> {
    this.#find(person, job);
    const file = await open(this.#file(job, 'entries'), 'r');
    try {
      const octets = Buffer.alloc(readEntries * entryBytes);
      for (let at = 0; ;) {
        const { bytesRead } = await file.read(octets, 0, octets.length, at);
        const whole = Math.floor(bytesRead / entryBytes);
        if (whole === 0) return;
        yield Array.from({ length: whole }, (_, place) => octets.readDoubleLE(place * entryBytes));
        at += whole * entryBytes;
      }
    } finally {
      await file.close();
    }
  }

  /** Stops it; what it found so far stays. */
  async cancel(person: string, job: number): Promise<JobView> {
    this.#find(person, job);
    await this.#stop(job, 'cancelled');
    return this.find(person, job);
  }

  async close(): Promise<void> {
    clearInterval(this.#tidier);
    await Promise.all([...this.#running.keys()].map((job) => this.#stop(job, 'broken off')));
    await this.#tidied;
  }

  async #run(
    job: number,
    running: Running,
    run: (sink: JobSink) => Promise<JobOutcome>,
  ): Promise<void> {
    let outcome: JobOutcome = { count: 0, failed: true };
    try {
      const file = await open(this.#file(job, 'entries'), 'wx', 0o600);
      try {
        outcome = await run(this.#sink(job, running, file));
      } finally {
        await file.close();
      }
    } catch {
      // The disk took no more, or it was a bug: what it found so far stays, and it says that it failed.
    }
    const { count, groups, failed } = outcome;
    const state = running.why ?? (failed === true ? 'failed' : 'done');
    const { view } = this.#kept.get(job) ?? {};
    if (view) {
      const counted = failed === true ? view.count : count;
      const kept: Kept = {
        view: { ...view, state, count: counted, endedMs: this.#nowMs() },
        groups,
      };
      // Where the disk takes no more it is told all the same, until the switch ends.
      await this.#write(kept).catch(() => undefined);
      this.#kept.set(job, kept);
    }
    this.#running.delete(job);
    this.#tidySoon();
  }

  #sink(job: number, running: Running, file: FileHandle): JobSink {
    let written = 0;
    return {
      gone: running.abort.signal,
      take: async (entries) => {
        const some = entries.slice(0, entriesMax - written);
        const octets = Buffer.alloc(some.length * entryBytes);
        some.forEach((entry, at) => octets.writeDoubleLE(entry, at * entryBytes));
        await file.appendFile(octets);
        written += some.length;
        const kept = this.#kept.get(job);
        if (kept) this.#kept.set(job, { ...kept, view: { ...kept.view, count: written } });
        if (written < entriesMax) return;
        running.why ??= 'full';
        running.abort.abort();
      },
    };
  }

  async #stop(job: number, why: 'cancelled' | 'broken off'): Promise<void> {
    const running = this.#running.get(job);
    if (!running) return;
    running.why ??= why;
    running.abort.abort();
    await running.over;
  }

  #find(person: string, job: number): Kept {
    const kept = this.#kept.get(job);
    if (kept?.view.person !== person) throw new MscFault('MSC-1706', { detail: String(job) });
    return kept;
  }

  #tidySoon(): void {
    // What could not be removed now is removed the next time.
    this.#tidied = this.#tidied.then(() => this.#tidy()).catch(() => undefined);
  }

  /** The oldest of those that are over go, and what is too old. */
  async #tidy(): Promise<void> {
    const over = [...this.#kept.values()]
      .map(({ view }) => view)
      .filter(({ state }) => state !== 'running')
      .sort((a, b) => b.job - a.job);
    for (const [at, { job, endedMs = 0 }] of over.entries()) {
      if (at < keptMax && this.#nowMs() - endedMs < keptMs) continue;
      this.#kept.delete(job);
      for (const kind of ['json', 'entries'] as const)
        await rm(this.#file(job, kind), { force: true });
    }
  }

  /** Whole or not at all, so that a file that is there can be read. */
  async #write(kept: Kept): Promise<void> {
    const file = this.#file(kept.view.job, 'json');
    await writeFile(`${file}.new`, JSON.stringify(kept), { mode: 0o600 });
    await rename(`${file}.new`, file);
  }

  async #load(name: string): Promise<void> {
    if (!/^\d{1,15}\.json$/.test(name)) return;
    const value = parseJson(await readFile(join(this.#folder, name), 'utf8'));
    if (!isKept(value) || name !== `${value.view.job}.json`) return;
    const { view, groups } = value;
    const ended = view.endedMs ?? view.startedMs;
    const state = view.state === 'running' ? 'broken off' : view.state;
    this.#kept.set(view.job, { view: { ...view, state, endedMs: ended }, groups });
  }

  #isOurs(name: string): boolean {
    const [, digits = ''] = /^(\d{1,15})\.(?:json|entries)$/.exec(name) ?? [];
    return digits !== '' && this.#kept.has(Number(digits));
  }

  #file(job: number, kind: 'json' | 'entries'): string {
    return join(this.#folder, `${job}.${kind}`);
  }
}

/** Written by us, in this form; a file of another is not ours. */
function isKept(value: unknown): value is Kept {
  if (typeof value !== 'object' || value === null || !('view' in value)) return false;
  const { view } = value;
  return typeof view === 'object' && view !== null && 'job' in view && 'person' in view;
}

// One failing system call at a time, into a switch that starts, works, or leaves; and what must hold after
// each: it went on or ended with a stated code, nothing it acknowledged is lost, the next start recovers.

import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import type { Station } from '#src/sim/station';
import {
  callsIn,
  failWords,
  type FileGroup,
  filesOf,
  onePoolThread,
  placesIn,
  type Place,
  readTrace,
  Tracer,
  underStrace,
  watchWords,
} from './system-calls.ts';
import { xorshift } from './make-journal.ts';
import type { World } from './world.ts';

/** In every text that is sent: it must be in no log. */
const marker = 'UNHEARDOF';

const deep = { recursive: true, force: true } as const;

/** What an end by a failed place may be. `ready`: it went on. */
export type Outcome = 'ready' | number | null;

export interface Failed {
  /** Whether the place was reached at all. */
  readonly injected: boolean;
  readonly outcome: Outcome;
  /** Log and standard error of this run. */
  readonly said: string;
}

export class FaultRun {
  readonly world: World;
  readonly files: ReturnType<typeof filesOf>;
  readonly paths: readonly string[];
  /** References of what the switch acknowledged, over all its lives. */
  readonly acknowledged: string[] = [];
  #sent = 0;
  readonly #data: string;
  readonly #saved: string;

  constructor(world: World) {
    this.world = world;
    this.#data = dirname(world.demo.journal);
    this.#saved = join(world.folder, 'saved');
    this.files = filesOf(this.#data, dirname(world.demo.control));
    this.paths = Object.values(this.files).flat();
  }

  groupOf(place: Place): FileGroup {
    // Every path comes from one of the groups.
    const groups = Object.entries(this.files) as [FileGroup, readonly string[]][];
    return groups.find(([, paths]) => paths.includes(place.path))?.[0] ?? 'journal';
  }

  /** As it is now, with the switch down. */
  save(): void {
    rmSync(this.#saved, { recursive: true, force: true });
    mkdirSync(this.#saved);
    for (const name of this.#names()) cpSync(join(this.#data, name), join(this.#saved, name), deep);
  }

  restore(): void {
    for (const name of this.#names()) rmSync(join(this.#data, name), deep);
    for (const name of readdirSync(this.#saved))
      cpSync(join(this.#saved, name), join(this.#data, name), deep);
  }

  #names(): readonly string[] {
    const names = ['journal', 'register.db', 'register.db-wal', 'register.db-shm'];
    return names.filter((name) => existsSync(join(this.#data, name)));
  }

  /** The places of a start on the data as they are. The switch runs afterwards. */
  async placesOfStart(): Promise<readonly Place[]> {
    const trace = join(this.world.folder, 'trace');
    const under = underStrace(watchWords(this.paths), trace);
    const { outcome } = this.world.launch({ under, environment: onePoolThread });
    expect(await outcome).toBe('ready');
    await this.world.kill();
    return placesIn(callsIn(readTrace(trace), this.paths));
  }

  /** A start with one place failing. */
  async start(place: Place): Promise<Failed> {
    const trace = join(this.world.folder, 'trace');
    const before = this.world.log.length;
    const under = underStrace(failWords(place), trace);
    const launched = this.world.launch({ under, environment: onePoolThread });
    const first = await launched.outcome;
    const injected = isInjected(readTrace(trace), place);
    // A commit of its first second may fail just after it was ready.
    const late = first === 'ready' && injected && isTruth(this.groupOf(place));
    const outcome = late ? await launched.exit : first;
    if (outcome === 'ready') await this.world.kill();
    this.#expectNoFurther(readTrace(trace), place);
    return { injected, outcome, said: this.world.log.slice(before) };
  }

  /** The places of some work of a switch that runs. */
  async placesOf(work: () => Promise<unknown>): Promise<readonly Place[]> {
    const tracer = new Tracer(this.world.pid, watchWords(this.paths));
    await tracer.ready;
    await work();
    return placesIn(callsIn(await tracer.detach(), this.paths));
  }

  /** The same work of a switch that runs, with one place failing. */
  async fail(place: Place, work: () => Promise<unknown>, error = 'EIO'): Promise<Failed> {
    const { exit, log } = this.world;
    const tracer = new Tracer(this.world.pid, failWords(place, error));
    await tracer.ready;
    await work();
    const injected = isInjected(tracer.said, place);
    const ends = injected && isTruth(this.groupOf(place));
    const outcome = ends || !this.world.isUp ? await exit : 'ready';
    const said = await tracer.detach();
    this.#expectNoFurther(said, place);
    return { injected, outcome, said: this.world.log.slice(log.length) };
  }

  /** A flush that failed is never tried again, nor is its file written (security 4.3). */
  #expectNoFurther(said: string, place: Place): void {
    if (place.kind !== 'flush' || !isTruth(this.groupOf(place))) return;
    const calls = callsIn(said, [place.path]);
    const at = calls.findIndex(({ injected }) => injected);
    if (at >= 0) expect(calls.slice(at + 1), 'nothing after a failed flush').toEqual([]);
  }

  /** Sends texts one by one to where nobody is; each acknowledged one is entered in the books. */
  async burst(station: Station, texts: number, octets = 100): Promise<void> {
    const over = new Promise<void>((resolve) => station.once('close', () => resolve()));
    for (let count = 0; count < texts && station.open; count += 1) {
      const reference = `F${(this.#sent += 1).toString(36).toUpperCase().padStart(6, '0')}`;
      const handled = new Promise<void>((resolve) =>
        station.on('handled', ({ body }) => {
          if (!Buffer.from(body).toString('latin1').startsWith(reference)) return;
          this.acknowledged.push(reference);
          resolve();
        }),
      );
      const text = `${marker} ${'X'.repeat(octets)}`;
      station.send('QC01', `${reference}.*J10442.AM.CA0990100.QZ03.TXT\r\n${text}`);
      await Promise.race([handled, over]);
    }
    station.removeAllListeners('handled');
  }

  /** Starts cleanly where it does not run, and compares what it has with the books. */
  async expectWhole(): Promise<void> {
    const { world } = this;
    if (!world.isUp) await world.restart(onePoolThread);
    expect((await world.msc('journal', 'verify')).code, 'the journal verifies').toBe(0);
    const rows = await world.entries('--kind', 'received', '--mke', 'AM');
    const have = new Set(rows.map((row) => row['suphdr']));
    expect(this.acknowledged.filter((reference) => !have.has(reference))).toEqual([]);
    expect(world.log).not.toContain(marker);
    for (const { password } of world.demo.users) expect(world.log).not.toContain(password);
  }
}

/** What is nowhere else; a snapshot, an index and the number of the process are made anew. */
export function isTruth(group: FileGroup): boolean {
  return group === 'journal' || group === 'register';
}

function isInjected(said: string, { path }: Place): boolean {
  return callsIn(said, [path]).some(({ injected }) => injected);
}

/** What docs/operations.md states, "Faults of the system". */
export function expectStated(run: FaultRun, place: Place, failed: Failed, wellDone: Outcome): void {
  const { injected, outcome, said } = failed;
  const group = run.groupOf(place);
  const where = `${place.kind} ${place.nth} of ${place.path}`;
  // All that matters is durable by then; SQLite hides what fails while it closes.
  const atTheEnd: readonly Outcome[] = wellDone === 0 ? [0] : [];
  const allowed: readonly Outcome[] = !injected
    ? [wellDone]
    : isTruth(group)
      ? // SQLite does not tell a shared file that cannot be written from one without room.
        [place.path.endsWith('-shm') && place.kind === 'write' ? 75 : 74, ...atTheEnd]
      : group === 'folder'
        ? [wellDone, 74]
        : [wellDone];
  expect(allowed, `${where}\n${said}`).toContain(outcome);
  expect(said, 'no stack trace').not.toMatch(/^\s+at /m);
  if (outcome !== wellDone) expect(said).toMatch(/^msc: MSC-3|"event":"journal-failed"/m);
}

/** So many of them, the same for the same seed. */
export function sample<T>(all: readonly T[], count: number, seed: number): readonly T[] {
  const random = xorshift(seed);
  const left = [...all];
  return Array.from({ length: Math.min(count, left.length) }, () =>
    left.splice(random(left.length), 1),
  ).flat();
}

// What is watched and counted of the running switch, and how it is told: `/metrics` and `/healthz`.
// It sees each entry when it is durable, and looks at everything else when somebody asks or every few
// seconds; nothing of the switch ever waits for it. It changes nothing and decides nothing.

import { setImmediate as others } from 'node:timers/promises';
import { entryVersion, type JournalEntry } from '#journal/entry';
import type { Journal } from '#journal/journal';
import { kindOfFile } from '#journal/sqlite/segment-files';
import { systemClock as clock, wallUs } from '#src/runtime/clock';
import { type DiskFacts, DiskWatch } from '#src/runtime/disk';
import { JournalProbe } from '#src/runtime/journal-probe';
import { probe } from '#src/runtime/limits';
import type { Log } from '#src/runtime/log';
import type { Loop } from '#src/runtime/loop';
import { LoopDelayWatch } from '#src/runtime/loop-delay';
import { Durations } from '#src/runtime/metrics/durations';
import { type Expiry, familiesOf } from '#src/runtime/metrics/families';
import { type Family, formatFamilies } from '#src/runtime/metrics/format';
import { appendBuckets, Histogram } from '#src/runtime/metrics/histogram';
import { Metered } from '#src/runtime/metrics/metered';
import { Tally } from '#src/runtime/metrics/tally';
import { version } from '#src/runtime/version';
import { interceptQueue, stationsQueue, takeCensus, type Census } from '#switch/census';
import type { State } from '#switch/state';
import type { Certificates } from './certificates.ts';
import { healthOf, type HealthReport, type Vitals } from './checks.ts';

export interface ObserverParts {
  readonly journal: Journal;
  readonly journalFolder: string;
  readonly state: State;
  /** Of the journal, at the start. */
  readonly entries: number;
  /** By the steady clock. */
  readonly startedAtMs: number;
  readonly log: Log;
}

/** What only the daemon can say, when asked. */
export interface Surroundings {
  readonly notReady: string | undefined;
  readonly lastCommit: Loop['lastCommit'];
  readonly connections: number;
  readonly certificates: Certificates;
}

/** By number; link M6. */
const inquiryClass = 3;

export class Observer implements Disposable {
  readonly #parts: ObserverParts;
  readonly #tally: Tally;
  readonly #durations = new Durations();
  readonly #appends = new Histogram(appendBuckets);
  readonly #dialFailures = new Map<string, number>();
  readonly #loopDelay: LoopDelayWatch;
  readonly #disk: DiskWatch;
  readonly #probe: JournalProbe;
  #entries: number;
  /** Under way. */
  #scrape: Promise<string> | undefined;

  constructor(parts: ObserverParts) {
    const { journal, journalFolder: folder, state, log } = parts;
    this.#parts = parts;
    this.#entries = parts.entries;
    const { station } = state.ledger.register;
    this.#tally = new Tally({ roleOf: (name) => station.get(name)?.role });
    for (const { source, sinceMs } of state.ledger.deliveries.values())
      this.#durations.remember(source, sinceMs);
    this.#loopDelay = new LoopDelayWatch(log);
    this.#disk = new DiskWatch({ folder, kindOf: kindOfFile }, clock.atMs);
    this.#probe = new JournalProbe({ head: () => journal.head(), atMs: clock.atMs, ...probe });
  }

  /** The journal for the loop: what is appended to it is counted. */
  metered(): Metered {
    return new Metered(this.#parts.journal, {
      atMs: clock.atMs,
      onEntry: (entry, atMs) => this.#count(entry, atMs),
      onAppend: (tookMs) => this.#appends.observe(tookMs / 1000),
    });
  }

  get disk(): DiskFacts | undefined {
    return this.#disk.facts;
  }

  noteDialFailure(upstream: string): void {
    this.#dialFailures.set(upstream, (this.#dialFailures.get(upstream) ?? 0) + 1);
  }

  /** Who asks while it is made gets the same one: however many ask, one is made at a time. */
  metrics(around: () => Surroundings): Promise<string> {
    this.#scrape ??= this.#writeMetrics(around()).finally(() => {
      this.#scrape = undefined;
    });
    return this.#scrape;
  }

  async health(around: () => Surroundings): Promise<HealthReport> {
    const { tookMs: answerMs, atMs: askedAtMs } = await this.#probe.ask();
    const { notReady, certificates } = around();
    const { facts: disk } = this.#disk;
    const { lastClockStep: step } = this.#tally;
    const census = takeCensus(this.#parts.state, clock.atMs());
    return healthOf({
      version,
      atMs: wallUs() / 1000,
      notReady,
      loopDelayMs: this.#loopDelay.delay.mostMs,
      journal: { answerMs, askedAtMs: this.#wallMs(askedAtMs) },
      disk: disk && { ...disk, atMs: this.#wallMs(disk.atMs) },
      expiries: expiriesOf(certificates),
      clockStep: step && { atMs: step.timeUs / 1000, stepMs: step.stepMs },
      ...waits(census),
    });
  }

  [Symbol.dispose](): void {
    this.#loopDelay[Symbol.dispose]();
    this.#disk[Symbol.dispose]();
  }

  /** With many terminals it is a megabyte: links and messages have their turns in between. */
  async #writeMetrics(around: Surroundings): Promise<string> {
    let text = '';
    for (const piece of formatFamilies(this.#families(around))) {
      text += piece;
      await others();
    }
    return text;
  }

  #families(around: Surroundings): readonly Family[] {
    const { state, startedAtMs } = this.#parts;
    const { notReady, lastCommit, connections, certificates } = around;
    return familiesOf({
      version,
      schema: entryVersion,
      startedAtUs: this.#wallMs(startedAtMs) * 1000,
      ready: notReady === undefined,
      census: takeCensus(state, clock.atMs()),
      connections,
      tally: this.#tally,
      durations: this.#durations,
      appends: this.#appends,
      journal: { entries: this.#entries, lastCommitAtUs: this.#wallMs(lastCommit.atMs) * 1000 },
      disk: this.#disk.facts,
      loopDelay: this.#loopDelay.delay,
      dialFailures: (upstream) => this.#dialFailures.get(upstream) ?? 0,
      expiries: expiriesOf(certificates),
    });
  }

  #count(entry: JournalEntry, atMs: number): void {
    this.#entries = entry.entry;
    this.#tally.count(entry);
    this.#durations.count(entry, atMs);
  }

  /** By the wall clock, of a steady time. */
  #wallMs(steadyMs: number): number {
    return steadyMs + this.#parts.state.ledger.aheadMs;
  }
}

/** Of each file the one that ends first, of those that count: an old authority may stay past its end. */
export function expiriesOf({
  endings,
}: Pick<Certificates, 'endings'>): readonly (Expiry & { readonly onlyTold: boolean })[] {
  const first = new Map<string, Expiry & { readonly onlyTold: boolean }>();
  for (const { kind, setting: name, endsMs, onlyTold } of endings) {
    const key = `${kind} ${name}`;
    const known = first.get(key);
    const counts = known === undefined || (known.onlyTold && !onlyTold);
    if (counts || (known.onlyTold === onlyTold && endsMs < known.endsMs))
      first.set(key, { kind, name, endsMs, onlyTold });
  }
  return [...first.values()];
}

function waits({
  queues,
  upstreams,
}: Census): Pick<Vitals, 'upstreams' | 'intercept' | 'oldestInquiryMs'> {
  const intercept = queues.find(({ name }) => name === interceptQueue);
  const up = queues.filter(({ name }) => name !== stationsQueue && name !== interceptQueue);
  return {
    upstreams,
    intercept: {
      waiting: intercept?.waiting ?? 0,
      oldestMs: Math.max(0, ...(intercept?.oldestMs.values() ?? [])),
    },
    oldestInquiryMs: Math.max(0, ...up.map(({ oldestMs }) => oldestMs.get(inquiryClass) ?? 0)),
  };
}

// Makes a journal as a county would fill it: inquiries, answers, texts, bulletins, refusals, sign-ons, changes.
// Promises the same entries for the same seed, written through the port into an empty journal, and that the
// journal says that it is simulated. Persons, plates and agencies are invented (county 099).
// node test/support/make-journal.ts DIR COUNT [SEED] [WAITING] [DAYS]

import type { JournalEntry, StoredEntry } from '#journal/entry';
import type { Journal } from '#journal/journal';
import { openJournal } from '#journal/sqlite/journal';
import { nextTime } from './make-journal/calendar.ts';
import { firstRegister, upstream, upstreamSession } from './make-journal/county.ts';
import { xorshift } from './make-journal/dice.ts';
import { type Doing, registered } from './make-journal/floor.ts';
import { madeSalts } from './make-journal/salts.ts';
import { type Moment, Traffic } from './make-journal/traffic.ts';

export { xorshift } from './make-journal/dice.ts';

/** What goes into one append, and how many of them may be under way: it bounds the memory. */
const batchEntries = 1000;
const appendsMost = 8;
/** 2026-01-05 08:00 UTC, in microseconds; and 2023-09-01, where it is spread over days. */
const beginning = 1_767_600_000_000_000;
const beginningOfDays = 1_693_526_400_000_000;
/** Where the plate and the name of `landmarks` stand: at this entry, and at each that is so many times as far. */
const landmarkFirst = 100;
const landmarkTimes = 10;
/** Between the entries of one doing. */
const stepUsMost = 200_000;

export interface Wanted {
  /** Entries in all. */
  readonly count: number;
  readonly seed: number;
  /** Of them, texts for a terminal that never comes: they wait to the end. */
  readonly waiting?: number;
  /** Spread over so many days; else one follows on the other. */
  readonly days?: number | undefined;
}

/** Fills an empty journal; resolves when the last entry is durable. */
export async function makeJournal(journal: Journal, options: Wanted): Promise<void> {
  const underWay: Promise<void>[] = [];
  let batch: StoredEntry[] = [];
  const append = async (): Promise<void> => {
    const appended = journal.append(batch);
    // Whoever waits for it below hears of a failure; the others of the same one need not.
    appended.catch(() => undefined);
    underWay.push(appended);
    batch = [];
    if (underWay.length >= appendsMost) await underWay.shift();
  };
  for (const stored of makeEntries(options)) {
    batch.push(stored);
    if (batch.length === batchEntries) await append();
  }
  await append();
  await Promise.all(underWay);
}

/** Entries 1 to `count`. */
export function* makeEntries(options: Wanted): Generator<StoredEntry> {
  const { count, days } = options;
  const dice = xorshift(options.seed);
  const start = days === undefined ? beginning : beginningOfDays;
  const next = plot(options, new Traffic(dice));
  let entry = 0;
  let doings = 0;
  let time = start;
  for (;;) {
    for (const { draft, body } of next({ entry: entry + 1, timeUs: time })) {
      entry += 1;
      // A draft with its number and time is an entry of its kind.
      const stamped = { entry, time, ...draft } as JournalEntry;
      yield body === undefined ? { entry: stamped } : { entry: stamped, body };
      if (entry === count) return;
      time += 1 + dice(stepUsMost);
    }
    doings += 1;
    // As many to come as there would be, were the others as long as those so far.
    const left = Math.ceil(((count - entry) * doings) / entry);
    time = nextTime(dice, time, { beginning: start, days, left });
  }
}

/** What comes next. A shorter journal is the beginning of a longer one, unless it is spread over days. */
function plot(options: Wanted, traffic: Traffic): (moment: Moment) => readonly Doing[] {
  let waiting = options.waiting ?? 0;
  let landmark = landmarkFirst;
  return (moment) => {
    if (moment.entry === 1) return beginnings(options);
    if (waiting > 0) {
      waiting -= 1;
      return traffic.waiting(moment);
    }
    if (moment.entry < landmark) return traffic.next(moment);
    landmark *= landmarkTimes;
    return traffic.landmark(moment);
  };
}

/** The switch starts, and says what kind of journal this is; the state is connected. */
function beginnings({ seed, days }: Wanted): readonly Doing[] {
  const detail = { simulated: true, seed, ...(days === undefined ? {} : { days }) };
  return [
    { draft: { kind: 'event', event: 'start', direction: 'local', detail } },
    { draft: registered(firstRegister(), 'the installation begins') },
    {
      draft: {
        kind: 'event',
        event: 'link-up',
        role: 'host',
        upstream,
        session: upstreamSession,
        resumed: false,
        received: 0,
      },
    },
  ];
}

if (import.meta.main) {
  const [dir, ...numbers] = process.argv.slice(2);
  const [count, seed = 1, waiting = 0, days] = numbers.map(Number);
  if (dir === undefined || count === undefined)
    throw new Error('make-journal: DIR COUNT [SEED] [WAITING] [DAYS]');
  const journal = await openJournal(dir, { random: madeSalts(seed) });
  const began = performance.now();
  await makeJournal(journal, { count, seed, waiting, days });
  const seconds = (performance.now() - began) / 1000;
  await journal.close();
  const rate = Math.round(count / seconds);
  process.stdout.write(`${count} entries in ${seconds.toFixed(1)} s: ${rate} a second\n`);
}

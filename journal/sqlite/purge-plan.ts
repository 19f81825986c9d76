// What a purge would take: the sealed segments from the oldest on, up to the first that anything keeps.
// Never too much: what is not known keeps. It yields as a search does, so that the process serves others, and at
// its end the plan as JSON. Its memory grows with the segments, not with the entries.

import assert from 'node:assert/strict';
import { decodeEntry } from '../codec.ts';
import type { JournalEntry } from '../entry.ts';
import { messagesOf, ReleaseCount, reachOf, releasedIn } from '../purge.ts';
import type { Kept, KeptCause, PurgeAsked, PurgedRange, PurgePlan } from '../purge.ts';
import { decodeFrontier, rootOf } from '../tree.ts';
import { clockOf } from './purge-clock.ts';
import type { PurgeClock } from './purge-clock.ts';
import { asEvents } from './purged.ts';
import { blockEntries } from './sealed-block.ts';
import { search } from './search.ts';
import type { Looked, SearchParts } from './search.ts';
import type { Segment, Shelf } from './shelf.ts';
import { snapshotsNow } from './snapshot.ts';

/** A sealed segment that may go, as far as is known. */
type Candidate = PurgePlan['goes'][number];

/** What keeps a segment: an entry of that time. */
interface Keeper {
  readonly entry: number;
  readonly time: number;
}

export function* planPurge(dir: string, parts: SearchParts, asked: PurgeAsked): Generator<Looked> {
  const plan = yield* new PurgePlanner(dir, parts, asked).plan();
  yield Buffer.from(JSON.stringify(plan));
}

class PurgePlanner {
  readonly #dir: string;
  readonly #parts: SearchParts;
  readonly #shelf: Shelf;
  readonly #asked: PurgeAsked;
  readonly #segments: readonly Segment[];
  /** The oldest message that a segment speaks of, by the first entry of the segment. */
  readonly #reaches = new Map<number, number>();

  constructor(dir: string, parts: SearchParts, asked: PurgeAsked) {
    this.#dir = dir;
    this.#parts = parts;
    this.#shelf = parts.entries;
    this.#asked = asked;
    this.#segments = parts.entries.segments();
  }

  *plan(): Generator<Looked, PurgePlan> {
    const clock = yield* clockOf(this.#parts, this.#asked);
    let { goes, kept } = this.#oldEnough(clock);
    const released = yield* this.#firstReleased(goes, clock);
    if (released !== undefined) ({ goes, kept } = released);
    for (const [place, candidate] of goes.entries()) {
      const keeper = yield* this.#spokenOf(candidate, clock);
      if (keeper === undefined) continue;
      kept = keptBy(candidate, 'delivery', { ...keeper, clock });
      goes = goes.slice(0, place);
      break;
    }
    const range = goes.length === 0 ? undefined : yield* this.#rangeOf(goes);
    return { goes, ...(range && { range }), ...(kept && { kept }) };
  }

  /** By what each segment says of itself, what waits, and what a start needs. */
  #oldEnough(clock: PurgeClock): { goes: readonly Candidate[]; kept: Kept | undefined } {
    const state = stateStandsOn(this.#dir, this.#shelf);
    const goes: Candidate[] = [];
    for (const segment of this.#segments) {
      const { first, last, sealed } = segment;
      if (!sealed) return { goes, kept: { first, cause: 'raw' } };
      const { earliest, latest } = this.#shelf.sealed(segment).about;
      const candidate = { first, last, earliest, latest };
      const { beforeUs, waiting = Infinity } = this.#asked;
      if (latest >= beforeUs) return { goes, kept: { first, last, cause: 'before' } };
      if (waiting <= last) return { goes, kept: { first, last, cause: 'waiting', entry: waiting } };
      if (state <= last) return { goes, kept: { first, last, cause: 'state' } };
      // Of its entries the newest decides; what the clock did afterwards counts for all of them.
      if (clock.keeps({ entry: last, time: latest })) {
        const entry = entryAt(this.#shelf, segment, latest);
        return { goes, kept: keptBy(candidate, 'age', { entry, time: latest, clock }) };
      }
      goes.push(candidate);
    }
    return { goes, kept: undefined };
  }

  /** What comes before the first candidate that was released too recently; undefined where none was. */
  *#firstReleased(
    goes: readonly Candidate[],
    clock: PurgeClock,
  ): Generator<Looked, { goes: readonly Candidate[]; kept: Kept } | undefined> {
    const [oldest, newest] = [goes[0], goes.at(-1)];
    if (oldest === undefined || newest === undefined) return undefined;
    /** The place of the first one so far, and what keeps it longest. */
    let found: { readonly place: number; readonly keeper: Keeper } | undefined;
    const query = { ...asEvents('release'), since: clock.sinceUs, reverse: false };
    for (const blob of search(this.#parts, query)) {
      yield undefined;
      if (blob === undefined) continue;
      const { entry } = decodeEntry(blob);
      if (!clock.keeps(entry)) continue;
      const touched = oldestReleased(entry, oldest.first, newest.last);
      if (touched === undefined) continue;
      const place = goes.findIndex(({ last }) => touched <= last);
      const isOlder = found === undefined || place < found.place;
      const isLonger = found?.place === place && clock.fromUs(entry) > clock.fromUs(found.keeper);
      if (isOlder || isLonger) found = { place, keeper: { entry: entry.entry, time: entry.time } };
    }
    const candidate = found && goes[found.place];
    if (found === undefined || candidate === undefined) return undefined;
    const kept = keptBy(candidate, 'release', { ...found.keeper, clock });
    return { goes: goes.slice(0, found.place), kept };
  }

  /** The newest entry behind a segment that says something of a message of it, too recently. */
  *#spokenOf(candidate: Candidate, clock: PurgeClock): Generator<Looked, Keeper | undefined> {
    for (const segment of this.#segments.toReversed()) {
      if (segment.first <= candidate.last) return undefined;
      if (segment.sealed && this.#shelf.sealed(segment).about.latest < clock.sinceUs) continue;
      if ((yield* this.#reachOf(segment)) > candidate.last) continue;
      let keeper: Keeper | undefined;
      for (const entry of entriesOf(this.#shelf, segment)) {
        yield undefined;
        const isAbout = messagesOf(entry).some(
          (message) => message >= candidate.first && message <= candidate.last,
        );
        if (!isAbout || !clock.keeps(entry)) continue;
        if (keeper === undefined || clock.fromUs(entry) > clock.fromUs(keeper))
          keeper = { entry: entry.entry, time: entry.time };
      }
      if (keeper !== undefined) return keeper;
    }
    return undefined;
  }

  *#reachOf(segment: Segment): Generator<Looked, number> {
    const known =
      this.#reaches.get(segment.first) ??
      (segment.sealed ? this.#shelf.sealed(segment).about.reaches : undefined);
    if (known !== undefined) return known;
    let reach = segment.first;
    for (const entry of entriesOf(this.#shelf, segment)) {
      yield undefined;
      reach = Math.min(reach, reachOf(entry));
    }
    this.#reaches.set(segment.first, reach);
    return reach;
  }

  *#rangeOf(goes: readonly Candidate[]): Generator<Looked, PurgedRange> {
    const [oldest, newest] = [goes[0], goes.at(-1)];
    assert(oldest && newest, 'something goes');
    const { first } = oldest;
    const { last } = newest;
    const count = new ReleaseCount();
    const query = { ...asEvents('release', 'purge'), entryTo: last, reverse: true };
    for (const blob of search(this.#parts, query)) {
      yield undefined;
      const entry = blob && decodeEntry(blob).entry;
      if (entry?.kind !== 'event') continue;
      count.see(entry.detail?.[entry.event === 'release' ? 'release' : 'releases']);
    }
    const { about } = this.#shelf.sealed(newest);
    return {
      ...{ first, last, root: rootOf(decodeFrontier(last, about.ended)) },
      earliest: goes.reduce((least, { earliest }) => Math.min(least, earliest), Infinity),
      latest: goes.reduce((most, { latest }) => Math.max(most, latest), -Infinity),
      releases: count.format(),
    };
  }
}

/** An entry that is too young, or only by the clock is not. */
function keptBy(
  { first, last }: Candidate,
  cause: KeptCause,
  { entry, time, clock }: Keeper & { readonly clock: PurgeClock },
): Kept {
  const fromUs = clock.fromUs({ entry, time });
  return { first, last, cause: clock.isDoubted({ entry, time }) ? 'clock' : cause, entry, fromUs };
}

/** The oldest entry of a range that a release showed, or may have shown. */
function oldestReleased(entry: JournalEntry, first: number, last: number): number | undefined {
  const ranges = releasedIn(entry)?.ranges;
  // A record that does not say what it showed may have shown anything that there was.
  if (ranges === undefined) return first;
  const touched = ranges.filter(({ from, to }) => from <= last && to >= first);
  if (touched.length === 0) return undefined;
  return Math.max(first, Math.min(...touched.map(({ from }) => from)));
}

/** A start replays from the older snapshot, should the newer not read; without one, from the beginning. */
function stateStandsOn(dir: string, shelf: Shelf): number {
  const usable = snapshotsNow(dir).filter(({ entry, leaf }) => {
    const there = shelf.leaf(entry);
    return there !== undefined && Buffer.from(there).toString('hex') === leaf;
  });
  return usable.length === 0 ? 0 : Math.min(...usable.map(({ entry }) => entry));
}

/** The entry of a sealed segment that has this time. */
function entryAt(shelf: Shelf, segment: Segment, time: number): number {
  const { touching, times } = shelf.sealed(segment);
  const [block] = touching({ since: time, until: time + 1 });
  assert(block, 'some block has the latest time');
  return (
    block.first + times(Math.floor((block.first - segment.first) / blockEntries)).indexOf(time)
  );
}

const sliceEntries = 512;

function* entriesOf(shelf: Shelf, { first, last }: Segment): Generator<JournalEntry> {
  for (let from = first; from <= last; from += sliceEntries) {
    const to = Math.min(last, from + sliceEntries - 1);
    for (const blob of shelf.slice({ from, to, reverse: true, most: sliceEntries }))
      yield decodeEntry(blob).entry;
  }
}

// What the journal says, counted: each entry once, when it is durable. The one place where counters come
// from, so that a metric and a search of the journal can never tell two stories.
// Pure over entries, but for the roles of stations, which it asks. A few additions an entry; its memory is
// bounded by names of the register and of the configuration, never by people or text.
// It counts from the start of the process: entries of earlier runs are not read again.

import type { Direction, EventEntry, EventName, JournalEntry } from '#journal/entry';
import type { StationRole } from '#journal/register';
import type { StationName } from '#protocol/ids';
import { closes, rejects } from '#protocol/reject';
import { classNames } from './classes.ts';
import { sample, type Sample } from './format.ts';

export interface TallyPorts {
  /** Undefined where the register does not have it any more. */
  readonly roleOf: (station: StationName) => StationRole | undefined;
}

/** The wall clock was set. */
export interface ClockStep {
  /** By the wall clock, before it. */
  readonly timeUs: number;
  readonly stepMs: number;
}

const directions = ['in', 'out', 'up-in', 'down', 'local'] as const satisfies readonly Direction[];
/** What an entry says became of a message: its outcome, or its kind where it has none. */
const outcomes = [
  ...(['accepted', 'refused', 'sent', 'delivered', 'undelivered', 'expired'] as const),
  ...(['held', 'hit', 'no-hit', 'rejected', 'duplicate', 'rerouted', 'released'] as const),
];
type MessageOutcome = (typeof outcomes)[number];

/** What can happen to a message on each way; these have a sample from the start, so that the first counts. */
const ways: Readonly<Record<Direction, readonly MessageOutcome[]>> = {
  in: ['accepted', 'refused', 'duplicate'],
  out: ['sent', 'delivered', 'refused', 'undelivered', 'expired', 'held'],
  'up-in': ['accepted', 'hit', 'no-hit', 'rejected'],
  down: ['sent', 'delivered', 'refused', 'expired', 'rerouted'],
  local: ['accepted', 'held', 'rerouted'],
};

const countedEvents = [
  ...(['link-up', 'link-down', 'turned-away', 'security', 'busy'] as const),
  ...(['sign-on', 'sign-on-failed', 'sign-off'] as const),
] satisfies readonly EventName[];
type CountedEvent = (typeof countedEvents)[number];
const linkKinds = ['terminal', 'printer', 'host', 'upstream', 'unknown'] as const;

/** What we say to a peer that is wrong; its own words for what it will not have are not among them. */
const rejectCodes = [...Object.keys(rejects), ...Object.keys(closes)];
const otherCode = 'other';
const searchOutcomes = ['complete', 'broken off', 'failed'];

const directionAt = places(directions);
const outcomeAt = places(outcomes);

export class Tally {
  readonly #ports: TallyPorts;
  readonly #messages = new Float64Array(directions.length * classNames.length * outcomes.length);
  readonly #rejects = zeroes([...rejectCodes, otherCode]);
  readonly #searches = zeroes(searchOutcomes);
  readonly #events = zeroes(linkKinds.flatMap((kind) => countedEvents.map((e) => `${kind} ${e}`)));
  readonly #upstreamUps = new Map<string, number>();
  /** Microseconds, by the wall clock, by mnemonic. */
  readonly #activity = new Map<string, number>();
  #clockSteps = 0;
  #lastClockStep: ClockStep | undefined;

  constructor(ports: TallyPorts) {
    this.#ports = ports;
  }

  count(entry: JournalEntry): void {
    switch (entry.kind) {
      case 'event':
        return this.#countEvent(entry);
      case 'refused':
        if (entry.direction === 'in') this.#reject(entry.code);
        return this.#message(entry, entry.direction, 'refused');
      case 'received':
        if (entry.direction === 'in') this.#active(entry);
        return this.#message(entry, entry.direction, 'accepted');
      case 'delivered':
        if (entry.direction === 'down') this.#active(entry);
        return this.#message(entry, entry.direction, 'delivered');
      case 'sent':
      case 'expired':
      case 'held':
      case 'released':
      case 'duplicate':
        return this.#message(entry, entry.direction, entry.kind);
      case 'rerouted':
        return this.#message(entry, entry.direction, entry.kind, entry.to[0]?.class);
    }
  }

  /** Every outcome that a message can have on its way, and any other that there was. */
  messages(): readonly Sample[] {
    const samples: Sample[] = [];
    for (const direction of directions)
      for (const [messageClass, name] of classNames.entries())
        for (const outcome of outcomes) {
          const value = this.#messages[placeOf(direction, messageClass, outcome)] ?? 0;
          const expected = messageClass > 0 && ways[direction].includes(outcome);
          if (value > 0 || expected)
            samples.push(sample(value, { direction, class: name, outcome }));
        }
    return samples;
  }

  rejects(): readonly Sample[] {
    return [...this.#rejects].map(([code, value]) => sample(value, { code }));
  }

  searches(): readonly Sample[] {
    return [...this.#searches].map(([outcome, value]) => sample(value, { outcome }));
  }

  linkEvents(): readonly Sample[] {
    return [...this.#events].map(([key, value]) => {
      const [kind = '', event = ''] = key.split(' ');
      return sample(value, { link_kind: kind, event });
    });
  }

  /** Times the link to this upstream came up again. */
  reconnects(upstream: string): number {
    return Math.max(0, (this.#upstreamUps.get(upstream) ?? 0) - 1);
  }

  /** Seconds since 1970 of the last message from or to it; undefined where there was none. */
  lastActivity(mnemonic: string): number | undefined {
    const timeUs = this.#activity.get(mnemonic);
    return timeUs === undefined ? undefined : timeUs / 1e6;
  }

  get clockSteps(): number {
    return this.#clockSteps;
  }

  get lastClockStep(): ClockStep | undefined {
    return this.#lastClockStep;
  }

  #message(
    entry: JournalEntry,
    direction: Direction,
    otherwise: MessageOutcome,
    messageClass = entry.class ?? 0,
  ): void {
    // A duplicate and what goes another way have no outcome of their own.
    const place = placeOf(direction, messageClass, entry.outcome ?? otherwise);
    this.#messages[place] = (this.#messages[place] ?? 0) + 1;
  }

  #active({ mnemonic, time }: JournalEntry): void {
    if (mnemonic !== undefined) this.#activity.set(mnemonic, time);
  }

  #reject(code: string): void {
    bump(this.#rejects, this.#rejects.has(code) ? code : otherCode);
  }

  #countEvent(entry: EventEntry): void {
    switch (entry.event) {
      case 'link-up':
        if (entry.upstream !== undefined) bump(this.#upstreamUps, entry.upstream);
        return this.#linkEvent(entry, entry.event);
      case 'sign-on-failed':
        // Without a code it is the one that does not say what was wrong.
        this.#reject(entry.code ?? 'U01');
        return this.#linkEvent(entry, entry.event);
      case 'turned-away':
      case 'security':
        // A refusal that is also a security event has an entry of its own, and is counted there.
        if (entry.code !== undefined && entry.code in closes) this.#reject(entry.code);
        return this.#linkEvent(entry, entry.event);
      case 'link-down':
      case 'busy':
      case 'sign-on':
      case 'sign-off':
        return this.#linkEvent(entry, entry.event);
      case 'search': {
        const ended = entry.detail?.['ended'];
        if (typeof ended === 'string' && this.#searches.has(ended)) bump(this.#searches, ended);
        return;
      }
      case 'clock':
        this.#clockSteps += 1;
        this.#lastClockStep = { timeUs: entry.time, stepMs: Number(entry.detail?.['stepMs'] ?? 0) };
        return;
      case 'start':
      case 'stop':
      case 'heartbeat':
      case 'register':
      case 'password':
      case 'lock':
      case 'unlock':
      case 'release':
      case 'purge':
      case 'reindex':
      case 'trace':
      case 'close':
      case 'disable':
      case 'enable':
      case 'test':
      case 'config':
      case 'alarm':
        return;
    }
  }

  #linkEvent(entry: EventEntry, event: CountedEvent): void {
    // Peers that never became a link are journalled once for each address and minute.
    const times = event === 'turned-away' ? Number(entry.detail?.['count'] ?? 1) : 1;
    bump(this.#events, `${this.#kindOf(entry)} ${event}`, times);
  }

  #kindOf({ upstream, role, station }: EventEntry): (typeof linkKinds)[number] {
    if (upstream !== undefined) return 'upstream';
    return role ?? (station === undefined ? undefined : this.#ports.roleOf(station)) ?? 'unknown';
  }
}

/** A class beyond the table counts as unknown: a number out of place would count as something else. */
function placeOf(direction: Direction, messageClass: number, outcome: MessageOutcome): number {
  const known = messageClass < classNames.length ? messageClass : 0;
  return (
    (directionAt[direction] * classNames.length + known) * outcomes.length + outcomeAt[outcome]
  );
}

function places<K extends string>(names: readonly K[]): Readonly<Record<K, number>> {
  // Every name of the list becomes a member.
  return Object.fromEntries(names.map((name, at) => [name, at])) as Record<K, number>;
}

function zeroes(names: readonly string[]): Map<string, number> {
  return new Map(names.map((name) => [name, 0]));
}

function bump(counts: Map<string, number>, name: string, times = 1): void {
  counts.set(name, (counts.get(name) ?? 0) + times);
}

// What happens while the journal is blocked (disk full): the loop goes on with what needs no entry
// and keeps the rest for later. Kept events are bounded for each link by no longer reading from it.
//
// Why a BUSY may leave before effects that wait for their commit: what it speaks of was not taken, or
// its answer that waits is then left out (busy-answers.ts); the other direction has numbers of its own. PING and PONG speak of nothing. After CLOSE nothing more is sent on the
// link, so what waits for it is dropped, and it comes back by `received` of the next WELCOME.
// All else waits its turn: an ACK sent again may be of a number whose entry is not durable.

import type { StoredEntry } from '#journal/entry';
import type { Effect } from '#switch/effect';
import type { Event, LinkId } from '#switch/event';
import type { Stamp } from '#src/net/ports';

/** What is done with an event while the journal is blocked. */
export type Fate =
  /** The switch answers it without an entry: BUSY, PONG. */
  | 'step'
  /** It may need an entry: kept until the journal goes on. */
  | 'keep'
  /** A command: its person is told now rather than surprised later. */
  | 'refuse';

export function fateOf(event: Event, upstreams: ReadonlySet<LinkId>): Fate {
  switch (event.kind) {
    case 'frame':
      // To an upstream we are the station, and a station has no BUSY: it keeps its ACK back (M4a).
      if (event.frame.type === 'MESSAGE') return upstreams.has(event.link) ? 'keep' : 'step';
      return event.frame.type === 'PING' || event.frame.type === 'PONG' ? 'step' : 'keep';
    case 'heard':
    case 'tick':
    case 'committed':
    case 'journal':
    case 'drain':
    case 'start':
      return 'step';
    case 'command':
      return 'refuse';
    case 'opened':
    case 'dialled':
    case 'garbled':
    case 'closed':
    case 'distrusted':
    case 'turned-away':
    case 'body':
    case 'verified':
    case 'renewed':
    case 'settings':
      return 'keep';
  }
}

/** Whether these effects of one step may leave although entries before them are not durable. */
export function mayOvertake(effects: readonly Effect[]): boolean {
  return effects.every(overtakes);
}

function overtakes(effect: Effect): boolean {
  switch (effect.kind) {
    case 'send':
      return overtaking.has(effect.frame[frameTypeAt] ?? 0);
    case 'end':
    case 'cut':
    case 'log':
    case 'wake':
    case 'read':
    case 'dial':
    case 'rest':
      return true;
    case 'append':
    case 'expect':
    case 'verify':
    case 'renew':
    case 'project':
    case 'answer':
    case 'drained':
      return false;
  }
}

/** Offset of the type in a frame, and the types the comment above speaks of; link 3 and 4. */
export const frameTypeAt = 3;
const overtaking: ReadonlySet<number> = new Set([0x13, 0x20, 0x21, 0x3f]);

/** Peers turned away are told of no more once so many events are kept. */
const keptTurnedAwayMax = 1_000;

/** Events kept while the journal is blocked, in their order. */
export class KeptEvents {
  readonly #perLinkMax: number;
  readonly #holdReading: (link: LinkId) => void;
  #kept: Event[] = [];
  readonly #counts = new Map<LinkId, number>();

  constructor(perLinkMax: number, holdReading: (link: LinkId) => void) {
    this.#perLinkMax = perLinkMax;
    this.#holdReading = holdReading;
  }

  get length(): number {
    return this.#kept.length;
  }

  keep(event: Event): void {
    if (event.kind === 'turned-away' && this.#kept.length >= keptTurnedAwayMax) return;
    if (event.kind === 'closed' && this.#came(event.link)) {
      // It came and went while we waited: the switch need never know, and comers stay bounded.
      this.#kept = this.#kept.filter((kept) => linkOf(kept) !== event.link);
      this.#counts.delete(event.link);
      return;
    }
    this.#kept.push(event);
    const link = linkOf(event);
    if (link === undefined) return;
    const count = (this.#counts.get(link) ?? 0) + 1;
    this.#counts.set(link, count);
    if (count === this.#perLinkMax) this.#holdReading(link);
  }

  /** Lets go of a HELLO or sign-on that was answered with CLOSE meanwhile. */
  giveUp(link: LinkId): void {
    this.#kept = this.#kept.filter(
      (event) =>
        linkOf(event) !== link ||
        !(event.kind === 'frame' || event.kind === 'verified' || event.kind === 'renewed') ||
        (event.kind === 'frame' && event.frame.type !== 'HELLO' && event.frame.type !== 'SIGN_ON'),
    );
  }

  /** All that was kept, as if it came now: its deadlines run from here. */
  take(stamp: Stamp): readonly Event[] {
    const kept = this.#kept.map((event): Event => ({ ...event, ...stamp }));
    this.#kept = [];
    this.#counts.clear();
    return kept;
  }

  #came(link: LinkId): boolean {
    return this.#kept.some((event) => event.kind === 'opened' && event.link === link);
  }
}

function linkOf(event: Event): LinkId | undefined {
  return 'link' in event ? event.link : undefined;
}

/** Entries and effects of one turn of the loop; they become durable, and then act, together. */
export interface Batch {
  readonly entries: StoredEntry[];
  readonly effects: OutwardEffect[];
  /** Octets of messages in the entries. */
  bytes: number;
  durable: boolean;
  /** The last that was stepped before a blocked journal went on. */
  endsBlock: boolean;
  /** The last entry stepped when the batch was made. */
  lastEntry: number;
  /** The state as it stood then, to be kept once the batch is durable. */
  frozen?: Uint8Array;
}

/** What the loop hands on; the others are its own. */
export type OutwardEffect = Exclude<Effect, { readonly kind: 'append' | 'read' | 'wake' }>;

export function newBatch(): Batch {
  return { entries: [], effects: [], bytes: 0, durable: false, endsBlock: false, lastEntry: 0 };
}

// One connection of the simulated network: two streams of octets that are late, cut into pieces anywhere,
// stalled, and broken at any octet; one end may learn of the break long after the other, or never by itself.

import type { Chance } from './chance.ts';
import type { Timeline } from './timeline.ts';

export interface End {
  data(octets: Uint8Array): void;
  /** Once; nothing follows. */
  closed(): void;
}

export type Side = 'near' | 'far';
const other = (side: Side): Side => (side === 'near' ? 'far' : 'near');

interface Stream {
  readonly chunks: { octets: Uint8Array; readonly dueAtMs: number }[];
  backlog: number;
  dueAtMs: number;
  pumping: boolean;
}

const latencyMs = 20;
/** Until who was not told of a break is told, once it says something. */
const resetMs = 200;

export class Wire {
  readonly #timeline: Timeline;
  readonly #chance: Chance;
  readonly #ends = new Map<Side, End>();
  /** By the side that sends. */
  readonly #streams: Readonly<Record<Side, Stream>> = { near: newStream(), far: newStream() };
  readonly #told: Record<Side, boolean> = { near: false, far: false };
  #over = false;
  /** Nothing is delivered before this time. */
  stalledUntilMs = 0;

  constructor(timeline: Timeline, chance: Chance) {
    this.#timeline = timeline;
    this.#chance = chance;
  }

  attach(side: Side, end: End): void {
    this.#ends.set(side, end);
  }

  get over(): boolean {
    return this.#over;
  }

  /** Octets that this side has sent and that have not arrived. */
  backlog(side: Side): number {
    return this.#streams[side].backlog;
  }

  send(side: Side, octets: Uint8Array): void {
    if (this.#told[side]) return;
    // The other end is gone: the answer is a reset.
    if (this.#over) return this.#tell(side, resetMs);
    const stream = this.#streams[side];
    const lateMs = this.#chance.oneIn(8) ? this.#chance.between(0, latencyMs) : 1;
    stream.dueAtMs = Math.max(stream.dueAtMs, this.#timeline.nowMs + lateMs);
    stream.chunks.push({ octets, dueAtMs: stream.dueAtMs });
    stream.backlog += octets.length;
    this.#pumpLater(side, stream);
  }

  /** This side ends its stream: what it sent arrives, then the other end is told. */
  end(side: Side): void {
    if (this.#over) return this.#tell(side, resetMs);
    const { dueAtMs } = this.#streams[side];
    const stalledMs = Math.max(dueAtMs, this.stalledUntilMs) - this.#timeline.nowMs;
    this.#timeline.after(Math.max(0, stalledMs) + 1, () => {
      this.#break(['near', 'far']);
      // It was broken meanwhile, and nobody said so: who has ended its side does not wait for ever.
      this.#tell(side, 0);
    });
  }

  /** This side is gone at once; of what it sent, some may still arrive. */
  destroy(side: Side): void {
    if (this.#over) return this.#tell(side, 0);
    this.#deliverSome(side);
    this.#break([side, other(side)]);
  }

  /** The line breaks between two octets of each direction; `told` are the ends that notice. */
  cut(told: readonly Side[]): void {
    if (this.#over) return;
    this.#deliverSome('near');
    this.#deliverSome('far');
    this.#break(told);
  }

  #break(told: readonly Side[]): void {
    if (this.#over) return;
    this.#over = true;
    for (const side of told) this.#tell(side, this.#chance.between(0, latencyMs));
  }

  #tell(side: Side, afterMs: number): void {
    if (this.#told[side]) return;
    this.#told[side] = true;
    this.#timeline.after(afterMs, () => this.#ends.get(side)?.closed());
  }

  #pumpLater(side: Side, stream: Stream): void {
    if (stream.pumping) return;
    stream.pumping = true;
    const [first] = stream.chunks;
    const atMs = Math.max(first?.dueAtMs ?? 0, this.stalledUntilMs);
    this.#timeline.after(Math.max(0, atMs - this.#timeline.nowMs), () => this.#pump(side, stream));
  }

  #pump(side: Side, stream: Stream): void {
    stream.pumping = false;
    if (this.#over) return;
    const [first] = stream.chunks;
    if (first === undefined) return;
    if (this.#timeline.nowMs < this.stalledUntilMs) return this.#pumpLater(side, stream);
    const { octets } = first;
    const whole = octets.length < 2 || !this.#chance.oneIn(12);
    const length = whole ? octets.length : this.#chance.between(1, octets.length - 1);
    if (whole) stream.chunks.shift();
    else first.octets = octets.subarray(length);
    stream.backlog -= length;
    if (stream.chunks.length > 0) this.#pumpLater(side, stream);
    this.#ends.get(other(side))?.data(octets.subarray(0, length));
  }

  /** What was on its way arrives up to some octet. */
  #deliverSome(side: Side): void {
    const stream = this.#streams[side];
    let left = this.#chance.between(0, stream.backlog);
    for (const { octets } of stream.chunks.splice(0)) {
      if (left === 0 || this.#over) break;
      const part = octets.subarray(0, left);
      left -= part.length;
      this.#ends.get(other(side))?.data(part);
    }
    stream.backlog = 0;
  }
}

function newStream(): Stream {
  return { chunks: [], backlog: 0, dueAtMs: 0, pumping: false };
}

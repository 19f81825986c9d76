// All links of this run, by number: whoever acts on one that is gone acts on nothing.
// It writes once a turn for each link that has something, looks at deadlines a few times a second,
// and lets the links read again when the inbox has room.

import type { Socket } from 'node:net';
import type { FrameType } from '#protocol/frame';
import type { LinkId } from '#switch/event';
import { holds, Link, slowReader } from './link.ts';
import type { EdgeFacts, LinkLimits, LinkParts } from './link.ts';
import type { Clock, Inbox, Stamp } from './ports.ts';

export interface LinksParts {
  readonly clock: Clock;
  readonly inbox: Inbox;
  /** Of new links, until `limits` is set. */
  readonly limits: LinkLimits;
  /** How often deadlines are looked at. */
  readonly checkMs: number;
}

export interface Opening {
  readonly socket: Socket;
  readonly far: LinkParts['far'];
  readonly peer: string;
  readonly sinceMs: number;
  /** Why the certificate of the peer does not stand at that wall time; asked again and again. */
  readonly flaw?: ((nowMs: number) => string | undefined) | undefined;
}

export class Links {
  readonly #parts: LinksParts;
  readonly #byId = new Map<LinkId, Link>();
  readonly #timer: NodeJS.Timeout;
  readonly #emptyListeners: (() => void)[] = [];
  /** Of links that are opened from now on. */
  limits: LinkLimits;
  #dirty: Link[] = [];
  /** Whose certificate was found wanting; the switch has been told. */
  readonly #flaws = new Map<LinkId, (nowMs: number) => string | undefined>();
  readonly #distrusted = new Set<LinkId>();
  #lastId = 0;

  constructor(parts: LinksParts) {
    this.#parts = parts;
    this.limits = parts.limits;
    this.#timer = setInterval(() => this.#check(), parts.checkMs).unref();
    parts.inbox.onRoom(() => this.#releaseAll(holds.inbox));
  }

  get size(): number {
    return this.#byId.size;
  }

  facts(id: LinkId): EdgeFacts | undefined {
    return this.#byId.get(id)?.facts;
  }

  open(opening: Opening): Link {
    const { clock, inbox } = this.#parts;
    const { flaw, ...parts } = opening;
    const link = new Link({
      ...parts,
      id: ++this.#lastId,
      limits: this.limits,
      clock,
      inbox,
      onDirty: (dirty) => this.#dirty.push(dirty),
      onClosed: (closed) => {
        this.#byId.delete(closed.id);
        this.#flaws.delete(closed.id);
        this.#distrusted.delete(closed.id);
        this.#tellEmpty();
      },
    });
    this.#byId.set(link.id, link);
    if (flaw !== undefined) this.#flaws.set(link.id, flaw);
    return link;
  }

  send(id: LinkId, frame: Uint8Array): void {
    this.#byId.get(id)?.send(frame);
  }

  /** Writes what was sent since the last call, once for each link. */
  flush(): void {
    const dirty = this.#dirty;
    if (dirty.length === 0) return;
    this.#dirty = [];
    for (const link of dirty) link.flush();
  }

  expect(id: LinkId, allowed: ReadonlySet<FrameType>, bodyBytesMax: number): void {
    this.#byId.get(id)?.expect(allowed, bodyBytesMax);
  }

  /**
   * Tells the switch, once, of each link whose certificate does not stand any more.
   *
   * @returns All of them that are still here.
   */
  distrust(stamp: Stamp): readonly LinkId[] {
    for (const [link, flaw] of this.#flaws) {
      const why = flaw(stamp.timeUs / 1000);
      if (why === undefined || this.#distrusted.has(link)) continue;
      this.#distrusted.add(link);
      this.#parts.inbox.put({ kind: 'distrusted', link, why, ...stamp });
    }
    return [...this.#distrusted];
  }

  end(id: LinkId): void {
    this.#byId.get(id)?.end();
  }

  cut(id: LinkId): void {
    this.#byId.get(id)?.cut();
  }

  /** Reads nothing more from this peer until `releaseHeld`. */
  hold(id: LinkId): void {
    this.#byId.get(id)?.hold(holds.loop);
  }

  releaseHeld(): void {
    this.#releaseAll(holds.loop);
  }

  /** Resolves when there is no link. */
  whenEmpty(): Promise<void> {
    return new Promise((resolve) => {
      this.#emptyListeners.push(resolve);
      this.#tellEmpty();
    });
  }

  #tellEmpty(): void {
    if (this.#byId.size > 0) return;
    for (const listener of this.#emptyListeners.splice(0)) listener();
  }

  /** The process ends: every socket is destroyed. */
  destroy(): void {
    clearInterval(this.#timer);
    for (const link of this.#byId.values()) link.cut();
  }

  #check(): void {
    const stamp = this.#parts.clock.stamp();
    let waitingBytes = 0;
    for (const link of this.#byId.values()) {
      link.check(stamp);
      waitingBytes += link.waitingBytes;
    }
    if (waitingBytes > this.#parts.limits.writeBytesTotal) this.#cutSlowest(waitingBytes);
  }

  /** Each is within its own bound, but all together would take the memory: most octets first. */
  #cutSlowest(waitingBytes: number): void {
    const slowest = [...this.#byId.values()].sort((a, b) => b.waitingBytes - a.waitingBytes);
    let left = waitingBytes;
    for (const link of slowest) {
      if (left <= this.#parts.limits.writeBytesTotal) return;
      left -= link.waitingBytes;
      link.cut(slowReader);
    }
  }

  #releaseAll(hold: typeof holds.inbox | typeof holds.loop): void {
    for (const link of this.#byId.values()) {
      // One may fill the inbox again: the others then wait for the next time there is room.
      if (hold === holds.inbox && this.#parts.inbox.full) return;
      link.release(hold);
    }
  }
}

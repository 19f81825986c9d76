// All links of this run, by number: whoever acts on one that is gone acts on nothing.
// It writes once a turn for each link that has something, looks at deadlines a few times a second,
// and lets the links read again when the inbox has room.

import type { Socket } from 'node:net';
import type { FrameType } from '#protocol/frame';
import type { LinkId } from '#switch/event';
import { holds, Link, slowReader } from './link.ts';
import type { LinkLimits, LinkParts } from './link.ts';
import type { Clock, Inbox } from './ports.ts';

export interface LinksParts {
  readonly clock: Clock;
  readonly inbox: Inbox;
  readonly limits: LinkLimits;
  /** How often deadlines are looked at. */
  readonly checkMs: number;
}

export interface Opening {
  readonly socket: Socket;
  readonly far: LinkParts['far'];
  readonly peer: string;
  readonly sinceMs: number;
}

export class Links {
  readonly #parts: LinksParts;
  readonly #byId = new Map<LinkId, Link>();
  readonly #timer: NodeJS.Timeout;
  readonly #emptyListeners: (() => void)[] = [];
  #dirty: Link[] = [];
  #lastId = 0;

  constructor(parts: LinksParts) {
    this.#parts = parts;
    this.#timer = setInterval(() => this.#check(), parts.checkMs).unref();
    parts.inbox.onRoom(() => this.#releaseAll(holds.inbox));
  }

  get size(): number {
    return this.#byId.size;
  }

  open(opening: Opening): Link {
    const { clock, inbox, limits } = this.#parts;
    const link = new Link({
      ...opening,
      id: ++this.#lastId,
      limits,
      clock,
      inbox,
      onDirty: (dirty) => this.#dirty.push(dirty),
      onClosed: (closed) => {
        this.#byId.delete(closed.id);
        this.#tellEmpty();
      },
    });
    this.#byId.set(link.id, link);
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

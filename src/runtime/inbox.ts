// What happened and is not stepped yet, in its order: a queue that takes and gives in constant time, and
// knows how many octets wait in it. What was given is let go of, however long the queue never runs dry.

import type { Event } from '#switch/event';

/** So many places of what was given may stand before the first that waits. */
const slack = 1_024;

export interface InboxLimits {
  /** Above so many events, or octets of frames in them, the links stop reading; at half of both they go on. */
  readonly inboxEventsMax: number;
  readonly inboxBytesMax: number;
}

export class EventQueue {
  readonly #limits: InboxLimits;
  #events: (Event | undefined)[] = [];
  #at = 0;
  #bytes = 0;

  constructor(limits: InboxLimits) {
    this.#limits = limits;
  }

  get full(): boolean {
    const { inboxEventsMax, inboxBytesMax } = this.#limits;
    return this.length >= inboxEventsMax || this.#bytes >= inboxBytesMax;
  }

  get hasRoom(): boolean {
    const { inboxEventsMax, inboxBytesMax } = this.#limits;
    return this.length * 2 <= inboxEventsMax && this.#bytes * 2 <= inboxBytesMax;
  }

  get length(): number {
    return this.#events.length - this.#at;
  }

  get first(): Event | undefined {
    return this.#events[this.#at];
  }

  push(event: Event): void {
    this.#events.push(event);
    this.#bytes += bytesOf(event);
  }

  shift(): Event | undefined {
    const event = this.#events[this.#at];
    if (event === undefined) return undefined;
    this.#bytes -= bytesOf(event);
    this.#events[this.#at++] = undefined;
    const dry = this.#at === this.#events.length;
    if (dry || (this.#at > slack && this.#at * 2 > this.#events.length)) this.#startWith([]);
    return event;
  }

  /** These come before all that waits. */
  prepend(events: readonly Event[]): void {
    for (const event of events) this.#bytes += bytesOf(event);
    this.#startWith(events);
  }

  #startWith(events: readonly Event[]): void {
    this.#events = [...events, ...this.#events.slice(this.#at)];
    this.#at = 0;
  }
}

function bytesOf(event: Event): number {
  return event.kind === 'frame' ? event.frame.body.length : 0;
}

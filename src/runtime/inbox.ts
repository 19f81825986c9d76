// What happened and is not stepped yet, in its order: a queue that takes and gives in constant time.

import type { Event } from '#switch/event';

export class EventQueue {
  #events: Event[] = [];
  #at = 0;

  get length(): number {
    return this.#events.length - this.#at;
  }

  get first(): Event | undefined {
    return this.#events[this.#at];
  }

  push(event: Event): void {
    this.#events.push(event);
  }

  shift(): Event | undefined {
    const event = this.#events[this.#at];
    if (event === undefined) return undefined;
    this.#at++;
    if (this.#at === this.#events.length) {
      this.#events = [];
      this.#at = 0;
    }
    return event;
  }

  /** These come before all that waits. */
  prepend(events: readonly Event[]): void {
    this.#events = [...events, ...this.#events.slice(this.#at)];
    this.#at = 0;
  }
}

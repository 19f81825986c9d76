// Is a destination in service for a key? Out of service is per destination and key, not per line (nlets 9.2).
// What waits for a destination that is held is kept here, in the order in which it goes out again. Bounded.

import type { Message } from './message.ts';

export const serviceStates = ['up', 'hold', 'remove', 'never'] as const;
/** `never`: it does not take the key at all. `remove`: it is down and nothing is kept for it. */
export type ServiceState = (typeof serviceStates)[number];

export interface ServiceRow {
  /** A member, an ORI, or `*` for everybody. */
  readonly destination: string;
  /** A message key, or `*` for all. */
  readonly key: string;
  readonly state: ServiceState;
}

export class ServiceTable {
  readonly #rows = new Map<string, ServiceState>();
  readonly #held: Message[] = [];
  readonly #heldMax: number;

  constructor(rows: readonly ServiceRow[], heldMax: number) {
    for (const row of rows) this.set(row);
    this.#heldMax = heldMax;
  }

  get held(): number {
    return this.#held.length;
  }

  /** A row for all keys of a destination replaces those for single keys, but for what it never takes. */
  set({ destination, key, state }: ServiceRow): void {
    if (key === '*')
      for (const at of [...this.#rows.keys()])
        if (at.startsWith(`${destination} `) && this.#rows.get(at) !== 'never')
          this.#rows.delete(at);
    this.#rows.set(`${destination} ${key}`, state);
  }

  /** The ORI counts before its member, its member before everybody, and a single key before all keys. */
  stateOf(destination: string, key: string): ServiceState {
    const member = destination.slice(0, 2);
    for (const address of destination === member ? [member, '*'] : [destination, member, '*']) {
      const state = this.#rows.get(`${address} ${key}`) ?? this.#rows.get(`${address} *`);
      if (state !== undefined) return state;
    }
    return 'up';
  }

  /** False where no more can be kept. */
  hold(message: Message): boolean {
    if (this.#held.length >= this.#heldMax) return false;
    this.#held.push(message);
    return true;
  }

  /** Takes out what may go now: by priority, then in the order in which it came. @param baseKey The key by which service is counted. */
  released(baseKey: (key: string) => string): readonly Message[] {
    const out: Message[] = [];
    const left: Message[] = [];
    for (const message of this.#held)
      (this.stateOf(message.destination, baseKey(message.key)) === 'up' ? out : left).push(message);
    this.#held.splice(0, this.#held.length, ...left);
    return out.toSorted((a, b) => a.priority - b.priority);
  }
}

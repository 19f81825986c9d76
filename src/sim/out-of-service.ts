// A host that is out of service: what comes for it is kept and forwarded later, or is not, and whoever asked is
// told which of the two (link X3, nlets 9.2).

import type { Service } from './line/faults.ts';

/** What may wait for one host. */
const heldMax = 10_000;

export class Gate<T> {
  #service: Service = 'up';
  #held: T[] = [];

  get service(): Service {
    return this.#service;
  }

  /** Messages that wait. */
  get held(): number {
    return this.#held.length;
  }

  /** `through`: it is to be forwarded now. What is held beyond the limit is refused. */
  ask(item: T): 'through' | 'held' | 'refused' {
    if (this.#service === 'up') return 'through';
    if (this.#service === 'remove' || this.#held.length >= heldMax) return 'refused';
    this.#held.push(item);
    return 'held';
  }

  /** What waited, in its order, where it is up again. */
  set(service: Service): readonly T[] {
    this.#service = service;
    if (service !== 'up') return [];
    const held = this.#held;
    this.#held = [];
    return held;
  }
}

/** SM 02 or ER 04, as the switch of the county says them too. @source link X3 */
export function outOfService(ori: string, name: string, kept: boolean): string {
  return kept
    ? `SM.${ori}.02.${name} OUT OF SERVICE, WILL BE FORWARDED`
    : `ER.${ori}.04.${name} OUT OF SERVICE, NOT FORWARDED, SEND AGAIN`;
}

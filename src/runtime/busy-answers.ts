// Numbers that were answered BUSY while the entries that took them wait for room on the disk. Their ACK
// or REFUSED stands in a batch that waits; a station that heard BUSY has taken the number back, and an
// answer to it would be one to a number never sent (link M4a, S5). It is answered when it comes again.

import type { LinkId } from '#switch/event';
import { frameTypeAt, type OutwardEffect } from './detour.ts';

const ack = 0x11;
const refused = 0x12;
const busy = 0x13;
const frameNumberAt = 8;

export class BusyAnswers {
  /** The lowest number of each link that was answered BUSY. */
  readonly #first = new Map<LinkId, number>();

  /** Remembers a BUSY that left. */
  note(effect: OutwardEffect): void {
    if (effect.kind !== 'send' || effect.frame[frameTypeAt] !== busy) return;
    const number = numberOf(effect.frame);
    this.#first.set(effect.link, Math.min(number, this.#first.get(effect.link) ?? number));
  }

  /** Whether this effect answers a number that its station has taken back. */
  withholds(effect: OutwardEffect): boolean {
    if (this.#first.size === 0 || effect.kind !== 'send') return false;
    const type = effect.frame[frameTypeAt];
    if (type !== ack && type !== refused) return false;
    return numberOf(effect.frame) >= (this.#first.get(effect.link) ?? Infinity);
  }

  /** What was stepped before the journal went on has acted. */
  clear(): void {
    this.#first.clear();
  }
}

function numberOf(frame: Uint8Array): number {
  return new DataView(frame.buffer, frame.byteOffset).getUint32(frameNumberAt);
}

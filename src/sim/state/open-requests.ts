// Requests that wait for what the hosts behind say: by the hub's own reference, each with the hosts it went to.
// A request stays known for a while after its last answer, for what comes late. Bounded in number and time.

import { Fifo } from '../fifo.ts';
import type { Addressee } from '../line/handler.ts';
import type { Target } from './routes.ts';

export interface OpenRequest {
  readonly number: number;
  readonly reference: string;
  readonly asker: Addressee;
  readonly mke: string;
  readonly ori: string;
  /** False: nobody waits for an answer, and none is FINAL. */
  readonly awaited: boolean;
  /** Hosts, and stations of our own, that have not said their last, or have not taken it, with the number of messages to each. */
  readonly legs: Map<Target, number>;
  /** By the steady clock. */
  readonly sinceMs: number;
}

/** Longer than any class waits for an answer (link M6). */
const keptMs = 2 * 3_600_000;
const openMax = 50_000;

export class OpenRequests {
  readonly #byReference = new Map<string, OpenRequest>();
  /** Oldest first: a map whose first entries are gone is slow to begin with. */
  readonly #inOrder = new Fifo<{ readonly request: OpenRequest; readonly sinceMs: number }>();
  /** Forgotten before their last answer, for want of room or time. */
  forgotten = 0;

  get waiting(): number {
    let count = 0;
    for (const { legs } of this.#byReference.values()) if (legs.size > 0) count++;
    return count;
  }

  /** @returns What is forgotten for it before its last answer. */
  add(request: OpenRequest): readonly OpenRequest[] {
    this.#byReference.set(request.reference, request);
    this.#inOrder.push({ request, sinceMs: request.sinceMs });
    return this.#trim(request.sinceMs);
  }

  get(reference: string): OpenRequest | undefined {
    return this.#byReference.get(reference);
  }

  /** Oldest first; what is too old or too many goes. */
  #trim(nowMs: number): readonly OpenRequest[] {
    const forgotten: OpenRequest[] = [];
    for (let first = this.#inOrder.first; first !== undefined; first = this.#inOrder.first) {
      const { request, sinceMs } = first;
      const full = this.#byReference.size > openMax;
      if (nowMs - sinceMs < keptMs && !full) break;
      this.#inOrder.shift();
      if (!full && isHeld(request)) this.#inOrder.push({ request, sinceMs: nowMs });
      else {
        this.#byReference.delete(request.reference);
        if (request.legs.size > 0) forgotten.push(request);
      }
    }
    this.forgotten += forgotten.length;
    return forgotten;
  }
}

/** A text that awaits no answer, and that its host has not taken: whoever sent it has its ACK. */
const isHeld = ({ awaited, legs }: OpenRequest): boolean => !awaited && legs.size > 0;

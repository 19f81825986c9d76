// A load under way: hands over each message when it is due, whatever became of the ones before it, and says
// in the end what became of all. Open loop: a latency counts from the time a message was due, so a switch
// that stands still for a second is a second late for everything that was due meanwhile.

import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { flagFinal, flagPossibleDuplicate } from '#protocol/frame';
import { latin1 } from '#protocol/octets';
import { SimFault } from '../fault.ts';
import type { Outgoing } from '../outbox.ts';
import type { Received } from '../request.ts';
import { Histogram } from './histogram.ts';
import { textOfKind } from './kinds.ts';
import type { LineOwner, Seat } from './line.ts';
import { Offers } from './offers.ts';
import { OrderCheck } from './order.ts';
import type { LoadPlan } from './plan.ts';
import { arrivals } from './schedule.ts';
import type { Arrival } from './schedule.ts';

/** Why a run ended. */
export type Ending = 'done' | 'interrupted' | 'overloaded';

/** Messages without an end that one run carries; more only says again that the switch does not keep up. */
export const openMax = 200_000;
/** Handed over in one turn, so that a generator that is late still reads its answers. */
const turnMax = 500;
const sweepMs = 50;

export class LoadRun implements LineOwner {
  readonly offers: Offers;
  readonly order = new OrderCheck();
  /** How late the generator itself handed over. */
  readonly lag = new Histogram();
  /** Messages that came once more after their end. */
  readonly duplicates = { flagged: 0, unflagged: 0 };
  /** SM of the switch to one of ours, and what nobody here asked for. */
  notices = 0;
  unasked = 0;
  linesLost = 0;
  readonly faults: SimFault[] = [];
  readonly #plan: LoadPlan;
  readonly #prefix = latin1(randomBytes(4).map((octet) => alnum.charCodeAt(octet % alnum.length)));
  readonly #seats: Seat[] = [];
  /** Those of them that texts go to. */
  readonly #takers: Seat[] = [];
  #beganAt = 0;
  #ending: Ending | undefined;

  constructor(plan: LoadPlan) {
    this.#plan = plan;
    this.offers = new Offers(plan.timeoutMs);
  }

  /** Milliseconds since the first message was due. */
  get nowMs(): number {
    return performance.now() - this.#beganAt;
  }

  /** Ends it soon, with what it has so far. */
  interrupt(): void {
    this.#ending ??= 'interrupted';
  }

  /**
   * Resolves when everything has its end, or its time is over.
   *
   * @param seats At least one.
   * @throws SimFault SIM-INPUT where no seat could be sent the texts of the mix
   */
  async go(seats: readonly Seat[]): Promise<Ending> {
    this.#seats.push(...seats);
    this.#takers.push(...seats.filter(({ lent }) => !lent));
    if (this.#takers.length === 0 && this.#plan.mix.some(({ kind }) => kind === 'admin'))
      throw new SimFault('SIM-INPUT', 'admin needs a station with a mnemonic of its own');
    this.#beganAt = performance.now();
    await this.#handOverAll();
    while (this.#ending === undefined && this.offers.awaited > 0) {
      await pause(sweepMs);
      this.offers.overdueAt(this.nowMs);
    }
    this.offers.close(this.nowMs);
    return this.#ending ?? 'done';
  }

  message(message: Received): void {
    const body = latin1(message.body);
    const nth =
      this.#nthOf(body.slice(0, referenceOctets)) ?? this.#nthOf(body.slice(-referenceOctets));
    const offer = nth === undefined ? undefined : this.offers.find(nth);
    if (nth === undefined || offer === undefined) this.unasked += 1;
    else if (offer === 'ended') this.#again(message);
    else {
      const { mnemonic: to, class: messageClass } = message;
      this.order.arrived({ from: offer.from, to, class: messageClass, nth });
      const [key = '', , code = ''] = body.slice(referenceOctets + 1).split('.', 3);
      const own = body.startsWith(this.#prefix);
      if (own && key === 'SM') this.notices += 1;
      else if (own && key === 'ER') this.offers.failed(offer, `ER ${code}`);
      // A text to another work place is over when it is there; an inquiry with its last answer.
      else if (!own || (message.flags & flagFinal) !== 0) this.offers.answered(offer, this.nowMs);
    }
  }

  refused(message: Outgoing, code: string): void {
    this.offers.refused(message, code);
  }

  lost(): void {
    this.linesLost += 1;
  }

  broken(fault: SimFault): void {
    this.faults.push(fault);
  }

  async #handOverAll(): Promise<void> {
    const due = arrivals(this.#plan);
    for (let next = due.next(); next.done !== true && this.#ending === undefined;) {
      for (let turn = 0; turn < turnMax && next.done !== true; turn += 1) {
        if (next.value.atMs > this.nowMs) break;
        this.#handOver(next.value);
        next = due.next();
      }
      this.offers.overdueAt(this.nowMs);
      if (this.offers.open >= openMax) this.#ending = 'overloaded';
      const waitMs = next.done === true ? 0 : next.value.atMs - this.nowMs;
      await pause(Math.min(Math.max(0, waitMs), sweepMs));
    }
  }

  #handOver({ atMs: dueMs, kind }: Arrival): void {
    const from = this.offers.count % this.#seats.length;
    const seat = this.#seats[from];
    if (seat === undefined) throw new Error('a load has at least one seat');
    const to = this.#takerFor(seat)?.mnemonic ?? '';
    const offer = this.offers.make({ kind, dueMs, from });
    this.lag.record(this.nowMs - dueMs);
    const reference = this.#prefix + offer.nth.toString(36).toUpperCase().padStart(6, '0');
    const text = textOfKind(kind, { ori: seat.ori, to, reference });
    const message = seat.line.send(seat.mnemonic, `${reference}.${seat.header}${text}`);
    this.offers.handedOver(offer, message);
  }

  /** In turn, and another one than the sender where there is another. */
  #takerFor(seat: Seat): Seat | undefined {
    const turn = this.offers.count;
    const taker = this.#takers[turn % this.#takers.length];
    return taker === seat ? this.#takers[(turn + 1) % this.#takers.length] : taker;
  }

  #nthOf(reference: string): number | undefined {
    if (!reference.startsWith(this.#prefix)) return undefined;
    const nth = parseInt(reference.slice(this.#prefix.length), 36);
    return Number.isNaN(nth) ? undefined : nth;
  }

  #again({ flags }: Received): void {
    if ((flags & flagPossibleDuplicate) === 0) this.duplicates.unflagged += 1;
    else this.duplicates.flagged += 1;
  }
}

const alnum = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const referenceOctets = 10;

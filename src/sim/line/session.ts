// One numbering between a host and one station (link S4), over as many connections as it takes: hands on
// MESSAGE frames in their order, sends what is said to the station, repeats what was not handled. It lives
// in memory: after a restart of the process every station begins anew.

import { randomBytes } from 'node:crypto';
import type { Refused } from '#protocol/control';
import {
  ackFrame,
  controlFrame,
  flagFinal,
  flagPossibleDuplicate,
  messageFrame,
} from '#protocol/frame';
import type { Frame } from '#protocol/frame';
import { asciiBytes } from '#protocol/octets';
import { Inbox } from '../inbox.ts';
import type { LinkSocket } from '../link-socket.ts';
import { Outbox } from '../outbox.ts';
import type { Outgoing } from '../outbox.ts';
import type { LineFaults } from './faults.ts';
import type { Answer, LineHandler, LineReject } from './handler.ts';

export interface LineCounters {
  received: number;
  answered: number;
  refused: number;
  /** Answers that were given up: too many for their station, or too old. */
  lost: number;
}

export interface LineSessionOptions {
  readonly station: string;
  readonly window: number;
  readonly handler: LineHandler;
  readonly faults: LineFaults;
  readonly counters: LineCounters;
}

/** Answers that may wait for a station; what is more is given up. */
const waitingMax = 20_000;
/** So long an answer waits. @source link M6a */
const waitsMs = 86_400_000;
/** Class of what nobody asked for; the switch takes its own from the key (link M6a). */
const routine = 5;

interface Said extends Outgoing {
  /** Somebody wants to know that it arrived. */
  readonly receipt: number | undefined;
  readonly sinceMs: number;
}

export class LineSession {
  id = newSessionId();
  link: LinkSocket | undefined;
  readonly #options: LineSessionOptions;
  readonly #inbox = new Inbox();
  readonly #outbox = new Outbox<Said>();
  #ackDue = false;
  #unhandled: Frame[] = [];
  /** BUSY is asked for, and then said of `#busyAt`. */
  #busyMs: number | undefined;
  #busyAt: number | undefined;
  #dropped = 0;
  /** The next answer leaves by half. */
  #half: 'stay' | 'cut' | undefined;

  constructor(options: LineSessionOptions) {
    this.#options = options;
  }

  get received(): number {
    return this.#inbox.handled;
  }

  /** Messages that wait for their number. */
  get waiting(): number {
    return this.#outbox.waiting;
  }

  /** A connection said HELLO. True where the session it named goes on (link S4). */
  resume(hello: { readonly session?: string; readonly received: number }): boolean {
    this.#unhandled = [];
    this.#busyAt = undefined;
    const resumed = hello.session === this.id && this.#outbox.resume(hello.received);
    if (resumed) this.#inbox.resume();
    else {
      this.id = newSessionId();
      this.#outbox.restart();
      this.#inbox.restart();
    }
    return resumed;
  }

  /** WELCOME is out: refusals and ACK again (link S4b), then what waits. */
  begin(link: LinkSocket): void {
    this.link = link;
    for (const [number, refused] of this.#inbox.refusals)
      link.write(controlFrame('REFUSED', refused, number));
    if (this.#inbox.handled > 0) link.write(ackFrame(this.#inbox.handled));
    this.#pump();
  }

  message(frame: Frame): void {
    if (this.#busyAt !== undefined && frame.number > this.#busyAt) {
      this.#dropAfterBusy();
      return;
    }
    switch (this.#inbox.arrive(frame.number, this.#options.window)) {
      case 'next':
        this.#take(frame);
        break;
      case 'again':
        this.#answerAgain(frame.number);
        break;
      case 'held':
        break;
      case 'gap':
        this.link?.close('C10', 'The number is not the next one.');
        break;
      case 'flood':
        this.link?.close('C11', 'More messages than the window allows.');
        break;
    }
  }

  acknowledged(number: number): void {
    if (!this.#outbox.acknowledge(number, this.#handled)) this.#closeNumbers();
    this.#pump();
  }

  refused(number: number): void {
    const message = this.#outbox.refuse(number);
    if (message === 'unsent') this.#closeNumbers();
    else if (message !== 'known') this.#handled(message);
    this.#options.counters.refused++;
    this.#pump();
  }

  /** One ACK for all that came together, before the answers that it makes room for. */
  settled(): void {
    const { handler } = this.#options;
    if (this.#ackDue) {
      handler.commit();
      this.link?.write(ackFrame(this.#inbox.handled));
    }
    this.#ackDue = false;
    handler.proceed();
    this.#pump();
  }

  /** Says one thing, under the supplemental header `suphdr`. */
  say(answer: Answer, suphdr: string): void {
    const { to, text, final, again = false, receipt, sinceMs = Date.now() } = answer;
    this.giveUpOld();
    const message: Said = {
      mnemonic: to.mnemonic,
      class: to.class === 0 ? routine : to.class,
      body: asciiBytes(`${suphdr}.${text}`),
      flags:
        (final && this.#options.faults.final ? flagFinal : 0) | (again ? flagPossibleDuplicate : 0),
      ...{ user: undefined, number: 0, refused: false, receipt, sinceMs },
    };
    const full = this.#outbox.waiting >= waitingMax;
    if (full || isOld(message)) {
      this.#lose(message);
      return;
    }
    this.#outbox.add(message);
    this.#pump();
  }

  /** What has waited too long for its station is not said any more. */
  giveUpOld(): void {
    for (
      let next = this.#outbox.next;
      next !== undefined && isOld(next);
      next = this.#outbox.next
    ) {
      this.#outbox.skip();
      this.#lose(next);
    }
  }

  #lose({ receipt }: Said): void {
    this.#options.counters.lost++;
    if (receipt !== undefined) this.#options.handler.lost(receipt);
  }

  /** When the oldest that awaits its answer was sent (link M8). */
  get sentAtMs(): number | undefined {
    return this.#outbox.oldestAtMs;
  }

  /** Handles what `acks off` kept back. */
  handleKept(): void {
    const frames = this.#unhandled;
    this.#unhandled = [];
    for (const frame of frames) this.#handle(frame);
    this.settled();
  }

  /** The next message is answered with BUSY. */
  busyNext(retryAfterMs: number): void {
    this.#busyMs = retryAfterMs;
  }

  /** The next answer leaves by half; then nothing more comes on this connection, or it is cut. */
  halfNext(then: 'stay' | 'cut'): void {
    this.#half = then;
  }

  #take(frame: Frame): void {
    this.#busyAt = undefined;
    if (this.#busyMs !== undefined) this.#sayBusy(frame.number, this.#busyMs);
    else if (this.#options.faults.acks) this.#handle(frame);
    else this.#unhandled.push(frame);
  }

  #handle(frame: Frame): void {
    this.#options.counters.received++;
    const reject = this.#judge(frame);
    if (reject !== undefined) {
      this.#refuse(frame.number, reject);
      return;
    }
    this.#inbox.accept(frame.number);
    this.#ackDue = true;
  }

  #judge({ mnemonic, class: messageClass, flags, body }: Frame): LineReject | undefined {
    const { station, handler, faults } = this.#options;
    if (faults.refuse !== undefined) return { code: faults.refuse };
    // The framer lets no MESSAGE through without one (link F1).
    if (mnemonic === undefined) return { code: 'B04' };
    return handler.take({ station, mnemonic, class: messageClass, flags, body });
  }

  #refuse(number: number, reject: LineReject): void {
    const refused: Refused = { ...reject, text: 'The simulated host refuses this message.' };
    this.#options.handler.commit();
    this.#inbox.refuse(number, refused, this.#options.window);
    this.link?.write(controlFrame('REFUSED', refused, number));
  }

  #answerAgain(number: number): void {
    const refused = this.#inbox.refusals.get(number);
    if (refused === undefined) this.#ackDue = true;
    else this.link?.write(controlFrame('REFUSED', refused, number));
  }

  #sayBusy(number: number, retryAfterMs: number): void {
    this.#inbox.untake();
    this.#busyMs = undefined;
    this.#busyAt = number;
    this.#dropped = 0;
    this.link?.write(controlFrame('BUSY', { retryAfterMs }, number));
  }

  #dropAfterBusy(): void {
    if (++this.#dropped > this.#options.window - 1)
      this.link?.close('C11', 'More messages than the window allows after a BUSY.');
  }

  #pump(): void {
    const { link } = this;
    if (link?.isOpen() !== true) return;
    this.giveUpOld();
    while (link.isOpen() && this.#outbox.open < this.#options.window) {
      const message = this.#outbox.take();
      if (message === undefined) return;
      if (this.#half === undefined) link.write(messageFrame(message));
      else this.#writeHalf(link, messageFrame(message));
    }
  }

  #writeHalf(link: LinkSocket, frame: Uint8Array): void {
    const then = this.#half;
    this.#half = undefined;
    link.write(frame.subarray(0, frame.length >> 1));
    if (then === 'cut') link.cutAfterWrites();
    else link.fallSilent();
  }

  readonly #handled = ({ receipt }: Said): void => {
    if (receipt !== undefined) this.#options.handler.delivered(receipt);
  };

  #closeNumbers(): void {
    this.link?.close('C10', 'The number was never sent.');
  }
}

const isOld = ({ sinceMs }: Said): boolean => Date.now() - sinceMs >= waitsMs;

const newSessionId = (): string => randomBytes(16).toString('base64url');

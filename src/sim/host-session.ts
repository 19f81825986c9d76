// One numbering between the simulated host and one station (link S4), over as many connections as it
// takes: takes MESSAGE frames, answers them, repeats what was not handled. It lives in memory: after
// a restart of the simulator every station begins anew.

import { randomBytes } from 'node:crypto';
import type { Refused } from '#protocol/control';
import { ackFrame, controlFrame, flagFinal, messageFrame } from '#protocol/frame';
import type { Frame } from '#protocol/frame';
import { parseHeader } from '#protocol/header';
import type { Mnemonic } from '#protocol/ids';
import { asciiBytes, latin1 } from '#protocol/octets';
import type { Faults } from './faults.ts';
import { answerInquiry } from './inquiry.ts';
import type { LinkSocket } from './link-socket.ts';
import { Inbox } from './inbox.ts';
import { Outbox } from './outbox.ts';
import type { RecordBook } from './records.ts';

export interface HostCounters {
  received: number;
  answered: number;
  refused: number;
}

export interface HostSessionOptions {
  readonly window: number;
  readonly book: RecordBook;
  readonly faults: Faults;
  readonly counters: HostCounters;
}

/** Answers that may wait for a station before its line is closed. */
const waitingMax = 20_000;
/** Class of what nobody asked for; the switch takes its own from the key (link M6a). */
const routine = 5;

export class HostSession {
  id = newSessionId();
  link: LinkSocket | undefined;
  readonly #options: HostSessionOptions;
  readonly #inbox = new Inbox();
  readonly #outbox = new Outbox();
  #ackDue = false;
  /** Answers that `silent` keeps back, messages that `acks off` keeps back. */
  #late: (() => void)[] = [];
  #unhandled: Frame[] = [];
  /** BUSY is asked for, and then said of `#busyAt`. */
  #busyMs: number | undefined;
  #busyAt: number | undefined;
  #dropped = 0;
  #notices = 0;

  constructor(options: HostSessionOptions) {
    this.#options = options;
  }

  get received(): number {
    return this.#inbox.handled;
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
    if (!this.#outbox.acknowledge(number)) this.#closeNumbers();
    this.#pump();
  }

  refused(number: number): void {
    if (this.#outbox.refuse(number) === 'unsent') this.#closeNumbers();
    this.#options.counters.refused++;
    this.#pump();
  }

  /** One ACK for all that came together, before the answers that it makes room for. */
  settled(): void {
    if (this.#ackDue) this.link?.write(ackFrame(this.#inbox.handled));
    this.#ackDue = false;
    this.#pump();
  }

  unsolicited(mnemonic: Mnemonic, text: string): void {
    const reference = `N${(this.#notices++ % 36 ** 6).toString(36).toUpperCase().padStart(6, '0')}`;
    this.#add(mnemonic, routine, asciiBytes(`${reference}.${text}`), 0);
    this.#pump();
  }

  /** Sends what `silent` kept back. */
  late(): void {
    const answers = this.#late;
    this.#late = [];
    for (const send of answers) send();
    this.#pump();
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

  #take(frame: Frame): void {
    this.#busyAt = undefined;
    if (this.#busyMs !== undefined) this.#sayBusy(frame.number, this.#busyMs);
    else if (this.#options.faults.acks) this.#handle(frame);
    else this.#unhandled.push(frame);
  }

  #handle(frame: Frame): void {
    this.#options.counters.received++;
    const header = parseHeader(frame.body, 'host');
    if (!header.ok) {
      this.#refuse(frame.number, header.error);
      return;
    }
    const { refuse } = this.#options.faults;
    if (refuse !== undefined) {
      this.#refuse(frame.number, { code: refuse });
      return;
    }
    const { suphdr, textAt } = header.value;
    const answer = answerInquiry(this.#options.book, latin1(frame.body, textAt));
    if (answer === undefined) {
      this.#refuse(frame.number, { code: 'X03', at: textAt });
      return;
    }
    this.#inbox.accept(frame.number);
    this.#ackDue = true;
    if (answer.blocks.length === 0) return;
    const head = `${suphdr}.${answer.key}.${answer.ori}.\r\n`;
    const texts = this.#options.faults.parts ? answer.blocks : [answer.blocks.join('')];
    this.#answer(
      frame,
      texts.map((text) => asciiBytes(head + text)),
    );
  }

  /** Sends the answers now, after a while, or when told. */
  #answer(frame: Frame, bodies: readonly Uint8Array[]): void {
    const { mnemonic } = frame;
    if (mnemonic === undefined) return;
    const send = (): void => {
      const { twice, final } = this.#options.faults;
      for (let round = twice ? 2 : 1; round > 0; round--)
        for (const [at, body] of bodies.entries())
          this.#add(mnemonic, frame.class, body, final && at === bodies.length - 1 ? flagFinal : 0);
      this.#options.counters.answered++;
    };
    const { silent, slowMs } = this.#options.faults;
    if (silent) this.#late.push(send);
    else if (slowMs === 0) send();
    else this.#after(slowMs, send);
    if (this.#late.length > waitingMax) this.#late.shift();
  }

  #after(ms: number, send: () => void): void {
    setTimeout(() => {
      send();
      this.#pump();
    }, ms);
  }

  #refuse(number: number, reject: { readonly code: string; readonly at?: number }): void {
    const refused: Refused = { ...reject, text: 'The simulated host refuses this message.' };
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

  #add(mnemonic: Mnemonic, messageClass: number, body: Uint8Array, flags: number): void {
    this.#outbox.add({
      mnemonic,
      class: messageClass === 0 ? routine : messageClass,
      body,
      flags,
      user: undefined,
      number: 0,
      refused: false,
    });
  }

  #pump(): void {
    const { link } = this;
    if (link?.isOpen() !== true) return;
    if (this.#outbox.waiting > waitingMax) {
      link.close('C15', 'The answers are not acknowledged in time.');
      return;
    }
    while (this.#outbox.open < this.#options.window) {
      const message = this.#outbox.take();
      if (message === undefined) return;
      link.write(messageFrame(message));
    }
  }

  #closeNumbers(): void {
    this.link?.close('C10', 'The number was never sent.');
  }
}

const newSessionId = (): string => randomBytes(16).toString('base64url');

// The station side of one connection (link 2 to 6): HELLO, sign-on, messages, acknowledgement, window,
// BUSY and resume. What a vendor's terminal would have. Its hot path has no promise: a message is a
// few calls, and everything of one turn leaves in one write. When the line ends it says so once, with
// the reason; coming back is the caller's, with the same `session`.

import { EventEmitter } from 'node:events';
import { parseControl } from '#protocol/control';
import type {
  Busy,
  Close,
  ControlBody,
  Refused,
  SignedOn,
  SignOn,
  Welcome,
} from '#protocol/control';
import {
  ackFrame,
  controlFrame,
  messageFrame,
  switchFrames,
  welcomeBytesMax,
  welcomeOnly,
} from '#protocol/frame';
import type { Frame } from '#protocol/frame';
import { parseMnemonic } from '#protocol/ids';
import type { Mnemonic } from '#protocol/ids';
import { asciiBytes } from '#protocol/octets';
import { dial } from './dial.ts';
import { faultOfClose, SimFault } from './fault.ts';
import { LinkSocket } from './link-socket.ts';
import type { Outgoing } from './outbox.ts';
import type { Asked } from './request.ts';
import { Seat } from './sign-on.ts';
import type { RequestOptions, StationEvents, StationOptions } from './station-options.ts';
import { StationSession } from './station-session.ts';

/**
 * Dials, says HELLO and waits for WELCOME.
 * @throws SimFault SIM-UNREACHABLE, or what the CLOSE means (SIM-NOT-ALLOWED, SIM-AGAIN, SIM-PROTOCOL).
 */
export function connectStation(options: StationOptions): Promise<Station> {
  return new Promise((resolve, reject) => {
    const station: Station = new Station(options, {
      welcomed: () => {
        clearTimeout(late);
        resolve(station);
      },
      failed: (fault) => {
        clearTimeout(late);
        reject(fault);
      },
    });
    const late = setTimeout(() => station.cut(), options.connectTimeoutMs ?? 10_000);
  });
}

export class Station extends EventEmitter<StationEvents> {
  readonly session: StationSession;
  readonly #link: LinkSocket;
  readonly #options: StationOptions;
  readonly #opening: Opening;
  #welcome: Welcome | undefined;
  #close: Close | undefined;
  readonly #seat = new Seat();
  #ackDue = false;
  #pumpDue = false;
  #over = false;
  #busy: NodeJS.Timeout | undefined;

  /** Use `connectStation`. */
  constructor(options: StationOptions, opening: Opening) {
    super();
    this.#options = options;
    this.#opening = opening;
    this.session = options.session ?? new StationSession();
    const socket = dial(options);
    const rules = { from: 'switch', bodyBytesMax: welcomeBytesMax, allowed: welcomeOnly } as const;
    this.#link = new LinkSocket(socket, rules, {
      frame: (frame) => this.#frame(frame),
      settled: () => this.#settled(),
      ended: (cause) => this.#ended(cause),
      sentAtMs: () => this.session.outbox.oldestAtMs,
    });
    socket.once('secureConnect', () => this.#hello());
  }

  /** False once either side said CLOSE, or the line is over. */
  get open(): boolean {
    return this.#link.isOpen();
  }

  /** What the switch said at the beginning. */
  get welcome(): Welcome {
    if (this.#welcome === undefined) throw new Error('a station is used before its WELCOME');
    return this.#welcome;
  }

  /** Who is signed on. */
  get user(): string | undefined {
    return this.#seat.user;
  }

  /** The mnemonic that SIGNED_ON or a kept sign-on gave. */
  get mnemonic(): Mnemonic | undefined {
    return this.#seat.mnemonic;
  }

  /** Resolves with SIGNED_ON or REFUSED; rejects when the line ends first, with what its CLOSE means. */
  signOn(signOn: SignOn): Promise<SignedOn | Refused> {
    const outcome = this.#seat.signOn();
    if (this.#over) this.#seat.ended(this.#close);
    this.#link.write(controlFrame('SIGN_ON', signOn));
    return outcome;
  }

  /** Resolves when the switch has answered, or the line is over. */
  async signOff(): Promise<void> {
    if (this.#over) return;
    this.#link.write(controlFrame('SIGN_OFF', { reason: 'user' }));
    await this.#seat.signOff();
  }

  /** Hands over one body; it leaves when the window allows. `flags` for tests of the switch alone. */
  send(
    mnemonic: string,
    body: Uint8Array | string,
    { flags = 0, class: given = 0 } = {},
  ): Outgoing {
    const speaker = parseMnemonic(mnemonic);
    if (speaker === undefined) throw new RangeError('a mnemonic has four letters or digits');
    const message: Outgoing = {
      mnemonic: speaker,
      class: given,
      body: typeof body === 'string' ? asciiBytes(body) : body,
      flags,
      user: this.#seat.user,
      number: 0,
      refused: false,
    };
    this.session.outbox.add(message);
    this.#pumpSoon();
    return message;
  }

  /**
   * Sends one text under a new reference and collects its answers.
   * @param text Message text, from its key on; as a host, `*OIF.` and `#TAF.` before it.
   */
  request(text: string, options: RequestOptions = {}): Promise<Asked> {
    const mnemonic = options.mnemonic ?? this.#seat.mnemonic ?? this.welcome.mnemonics[0] ?? '';
    const { reference, asked } = this.session.requests.open(text, options.timeoutMs ?? 60_000);
    const message = this.send(mnemonic, `${reference}.${text}`);
    this.session.requests.sent(reference, message);
    return asked;
  }

  /** Everything up to `number` is printed, shown or stored; for `autoAck: false`. */
  acknowledge(number: number): void {
    this.session.inbox.accept(number);
    this.#link.write(ackFrame(number));
  }

  /** Refuses a message instead (R01 to R03); all below it must be handled (link M3). */
  refuse(number: number, refused: Refused): void {
    this.session.inbox.refuse(number, refused, this.welcome.window);
    this.#link.write(controlFrame('REFUSED', refused, number));
  }

  /** Leaves in order; resolves when the stream is over. */
  leave(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#over) resolve();
      this.once('close', () => resolve());
      this.#link.close('C18', 'The station leaves.');
    });
  }

  /** Cuts the line without a word. */
  cut(): void {
    this.#link.cut();
  }

  #hello(): void {
    const { station, role, software = 'msc-sim' } = this.#options;
    const { id, inbox } = this.session;
    const resume = id === undefined ? { received: 0 } : { session: id, received: inbox.handled };
    this.#link.write(controlFrame('HELLO', { protocol: [1], station, role, software, ...resume }));
  }

  #frame(frame: Frame): void {
    const { type, number, body } = frame;
    if (type === 'MESSAGE') this.#message(frame);
    else if (type === 'ACK') this.#acknowledged(number);
    else if (type !== 'PING' && type !== 'PONG') {
      const control = parseControl(type, body);
      if (control.ok) this.#control(control.value, number);
      else this.#link.close(control.error.code, control.error.reason);
    }
  }

  #control(control: ControlBody, number: number): void {
    switch (control.type) {
      case 'WELCOME':
        this.#welcomed(control.body);
        break;
      case 'SIGNED_ON':
        this.#seat.signedOn(control.body);
        this.#pumpDue = true;
        break;
      case 'SIGN_OFF':
        this.#signedOff(control.body.reason);
        break;
      case 'REFUSED':
        if (number === 0) this.#seat.refused(control.body);
        else this.#refused(number, control.body);
        break;
      case 'BUSY':
        this.#putOff(number, control.body);
        break;
      case 'STATUS':
        this.emit('status', control.body);
        break;
      case 'CLOSE':
        this.#close = control.body;
        if (control.body.code === 'C10') this.session.forget();
        this.#link.end();
        break;
      case 'HELLO':
      case 'SIGN_ON':
        break; // The framer lets neither through: a switch may not send them.
    }
  }

  #welcomed(welcome: Welcome): void {
    if (!this.session.welcome(welcome)) return this.#closeNumbers();
    this.#welcome = welcome;
    if (!welcome.resumed) this.#options.renewed?.();
    this.#seat.welcomed(welcome);
    this.#link.rules = {
      from: 'switch',
      bodyBytesMax: welcome.frameBytesMax,
      allowed: switchFrames[this.#options.role],
    };
    this.#link.keepAliveMs = welcome.keepAliveMs;
    this.#repeatAnswers();
    // What follows WELCOME at once must find the listeners of whoever waits for this station.
    this.#link.holdForATurn();
    this.#opening.welcomed();
    this.#pumpDue = true;
  }

  /** What this side refused and acknowledged in this session (link S4b). */
  #repeatAnswers(): void {
    const { inbox } = this.session;
    for (const [number, refused] of inbox.refusals)
      this.#link.write(controlFrame('REFUSED', refused, number));
    this.#ackDue = inbox.handled > 0;
  }

  #message(frame: Frame): void {
    const { number } = frame;
    switch (this.session.inbox.arrive(number, this.welcome.window)) {
      case 'next':
        this.#take(frame);
        break;
      case 'again':
        this.#answerAgain(number);
        break;
      case 'held':
        break;
      case 'gap':
        this.#closeNumbers();
        break;
      case 'flood':
        this.#link.close('C11', 'More messages than the window allows.');
        break;
    }
  }

  #take(frame: Frame): void {
    const { number, flags, class: messageClass, mnemonic = '', body } = frame;
    const { inbox, requests } = this.session;
    if (this.#seat.leaving && number === inbox.handled + 1) {
      this.refuse(number, { code: 'R01', text: 'Nobody is signed on.' });
      return;
    }
    const message = { number, flags, class: messageClass, mnemonic, body };
    this.emit('message', message);
    requests.answered(message);
    if (this.#options.autoAck === false || inbox.handled >= number) return;
    inbox.accept(number);
    this.#ackDue = true;
  }

  #answerAgain(number: number): void {
    const refused = this.session.inbox.refusals.get(number);
    if (refused === undefined) this.#ackDue = true;
    else this.#link.write(controlFrame('REFUSED', refused, number));
  }

  #acknowledged(number: number): void {
    if (!this.session.acknowledged(number, this.#handled)) this.#closeNumbers();
    this.#pumpDue = true;
  }

  /** One function for the life of the station: nothing is made for each ACK. */
  readonly #handled = (message: Outgoing): void => {
    this.emit('handled', message);
  };

  #refused(number: number, refused: Refused): void {
    const message = this.session.refused(number, refused);
    if (message === 'unsent') this.#closeNumbers();
    else if (message !== 'known') this.emit('refused', message, refused);
    this.#pumpDue = true;
  }

  #putOff(number: number, busy: Busy): void {
    if (!this.session.outbox.putBack(number)) {
      this.#closeNumbers();
      return;
    }
    clearTimeout(this.#busy);
    this.#busy = setTimeout(() => {
      this.#busy = undefined;
      this.#pump();
    }, busy.retryAfterMs);
    this.emit('busy', busy);
  }

  #signedOff(reason: string | undefined): void {
    if (this.#seat.signedOff()) return;
    this.#link.write(controlFrame('SIGN_OFF', {}));
    this.emit('signOff', reason);
  }

  #settled(): void {
    if (this.#ackDue) this.#options.beforeAck?.();
    if (this.#ackDue) this.#link.write(ackFrame(this.session.inbox.handled));
    this.#ackDue = false;
    if (this.#pumpDue) this.#pump();
  }

  #pumpSoon(): void {
    if (this.#pumpDue) return;
    this.#pumpDue = true;
    queueMicrotask(() => {
      if (this.#pumpDue) this.#pump();
    });
  }

  /** Sends what the window, BUSY and the person signed on allow. */
  #pump(): void {
    this.#pumpDue = false;
    if (!this.#link.isOpen() || this.#welcome === undefined || this.#busy !== undefined) return;
    const { outbox } = this.session;
    while (outbox.open < this.#welcome.window) {
      const { next } = outbox;
      if (next === undefined) return;
      const foreign = next.user !== undefined && next.user !== this.user;
      if (foreign && this.user === undefined) return;
      if (foreign) this.#drop();
      else this.#link.write(messageFrame(outbox.take() ?? next));
    }
  }

  #drop(): void {
    const message = this.session.outbox.skip();
    if (message === undefined) return;
    this.session.requests.dropped(message);
    this.emit('dropped', message);
  }

  #closeNumbers(): void {
    this.session.forget();
    this.#link.close('C10', 'The numbers do not fit.');
  }

  #ended(cause: Error | undefined): void {
    this.#over = true;
    clearTimeout(this.#busy);
    this.#seat.ended(this.#close);
    if (this.#welcome === undefined) this.#opening.failed(this.#openingFault(cause));
    this.emit('close', this.#close, cause);
  }

  #openingFault(cause: Error | undefined): SimFault {
    if (this.#close !== undefined) return faultOfClose(this.#close.code, this.#close.text);
    const { host, port } = this.#options;
    const why = cause === undefined ? 'the line ended' : cause.message;
    return new SimFault('SIM-UNREACHABLE', `${host}:${port} is not reachable: ${why}`, cause);
  }
}

/** What `connectStation` waits for. */
interface Opening {
  welcomed(): void;
  failed(fault: SimFault): void;
}

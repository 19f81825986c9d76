// A simulated work place: one terminal station that signs a person on, asks, shows what comes, and
// comes back by itself with resume when the line is lost (link S4, S10). What cannot get better by
// waiting (not known, not allowed) ends it with a fault.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Close, Refused, SignedOn, SignOn } from '#protocol/control';
import { flagPossibleDuplicate } from '#protocol/frame';
import { latin1 } from '#protocol/octets';
import { waitsMs } from './coming-back.ts';
import type { Person, WorkPlace } from './demo-file.ts';
import { faultOfClose, SimFault } from './fault.ts';
import type { Asked, Received } from './request.ts';
import { shownLines } from './screen.ts';
import type { Screen } from './screen.ts';
import { connectStation } from './station.ts';
import type { Station } from './station.ts';
import { StationSession } from './station-session.ts';
import { flawOfTyped, refusalWords, statusWords } from './wording.ts';

export interface DeskOptions {
  readonly place: WorkPlace;
  readonly mnemonic?: string | undefined;
  readonly person: Person;
  readonly screen: Screen;
  /** Name the question above each answer: for a desk that asks several at once. */
  readonly naming: boolean;
  readonly timeoutMs: number;
  /** Asks the person for what a refused sign-on wants; undefined: nobody can be asked. */
  readonly more: (refused: Refused) => Promise<Partial<SignOn> | undefined>;
  /** Comes back even where the line ends during a sign-on, and keeps what is typed until it is over. */
  readonly patient: boolean;
}

export class Desk {
  readonly #options: DeskOptions;
  readonly #session = new StationSession();
  /** Rejects when coming back is of no use. */
  readonly broken: Promise<never>;
  #break: (fault: unknown) => void = () => undefined;
  #station: Station | undefined;
  #person: Person;
  #signing: Promise<void> | undefined;
  /** Somebody means to be signed on: since a sign-on, until a sign-off. */
  #wanted = true;
  readonly #waiting: ((seated: boolean) => void)[] = [];
  #leaving = false;

  constructor(options: DeskOptions) {
    this.#person = options.person;
    this.#options = options;
    this.broken = new Promise((_resolve, reject) => (this.#break = reject));
    // Whoever races it hears of it; nobody else has to.
    this.broken.catch(() => undefined);
  }

  /** Connects and signs on. @throws SimFault */
  async open(): Promise<void> {
    await this.#connect();
    await this.signOn();
  }

  /**
   * Signs on. Where the line ends meanwhile, a patient desk waits until it is back and somebody signed on.
   * @throws SimFault SIM-NOT-ALLOWED with the code of the refusal, or what ended the line
   */
  async signOn(): Promise<void> {
    if (this.#signedOn) return;
    this.#wanted = true;
    this.#signing ??= this.#tryToSignOn().finally(() => (this.#signing = undefined));
    try {
      await this.#signing;
    } catch (fault) {
      if (!this.#options.patient || !isLater(fault)) throw fault;
      await Promise.race([this.#seated(), this.broken]);
    }
  }

  async signOff(): Promise<void> {
    this.#wanted = false;
    this.#settle(false);
    await this.#station?.signOff();
    this.#options.screen.say('signed off');
  }

  /** Asks, and shows a refusal or the lack of an answer; answers are shown as they come. */
  async ask(text: string): Promise<Asked> {
    const { timeoutMs, screen } = this.#options;
    if (!(await this.#maySend()) || this.#station === undefined) {
      screen.text(['not sent: nobody is signed on']);
      return { kind: 'dropped', answers: [] };
    }
    const asked = await this.#station.request(text, { timeoutMs });
    switch (asked.kind) {
      case 'answered':
        break;
      case 'taken':
        screen.text(['sent']);
        break;
      case 'refused':
        screen.text([refusalWords(asked.refused), ...flawLines(asked.refused, text)]);
        break;
      case 'timeout':
        screen.text([`no last answer within ${timeoutMs / 1000} s`]);
        break;
      case 'dropped':
        screen.text(['not sent: somebody else signed on']);
        break;
    }
    return asked;
  }

  /** Signs off and leaves in order. */
  async leave(): Promise<void> {
    this.#leaving = true;
    this.#settle(false);
    if (this.#signedOn) await this.signOff();
    await this.#station?.leave();
  }

  /** False while the line is down. */
  get connected(): boolean {
    return this.#station?.open === true;
  }

  get #signedOn(): boolean {
    return this.#station?.open === true && this.#station.user !== undefined;
  }

  /**
   * What is asked for a person waits for that person; sent before, it would be refused with U09. With
   * nobody meant to be signed on, the switch itself may say so.
   */
  async #maySend(): Promise<boolean> {
    if (this.#signedOn) return true;
    if (!this.#wanted) return this.connected;
    const { screen, patient, timeoutMs } = this.#options;
    screen.text(['kept until you are signed on']);
    if (patient) return this.#seated();
    return Promise.race([this.#seated(), sleep(timeoutMs, false, { ref: false })]);
  }

  /** Resolves with true once somebody is signed on; with false when that is no longer wanted. */
  #seated(): Promise<boolean> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #settle(seated: boolean): void {
    for (const resolve of this.#waiting.splice(0)) resolve(seated);
  }

  async #connect(): Promise<void> {
    const { address, station } = this.#options.place;
    const line = await connectStation({
      ...address,
      station,
      role: 'terminal',
      session: this.#session,
    });
    this.#station = line;
    line.on('message', (message) => this.#show(message));
    line.on('status', (status) => this.#options.screen.say(`status: ${statusWords(status)}`));
    line.on('signOff', (reason) => {
      this.#wanted = false;
      this.#options.screen.say(`the switch signed you off: ${reason ?? 'no reason given'}`);
    });
    line.on('close', (close) => this.#lost(close));
  }

  /** One SIGN_ON after the other, while a person can give what the refusal wants. */
  async #tryToSignOn(): Promise<void> {
    const { place, mnemonic, more } = this.#options;
    const named = { ...optional('pool', place.pool), ...optional('mnemonic', mnemonic) };
    const refusals: string[] = [];
    const { user } = this.#person;
    let { password } = this.#person;
    let given: Partial<SignOn> | undefined = {};
    let newPassword: string | undefined;
    for (;;) {
      // A one-time code is taken once (link S7c): it is never kept.
      const secrets = { ...optional('newPassword', newPassword), ...optional('otp', given.otp) };
      const outcome = await this.#signOnOnce({ user, password, ...named, ...secrets });
      if (!('code' in outcome)) {
        this.#person = { user, password: newPassword ?? password };
        this.#begin(outcome);
        return;
      }
      refusals.push(outcome.code);
      const tries = refusals.filter((code) => code === outcome.code).length;
      given = tries < triesMax ? await more(outcome) : undefined;
      if (given === undefined) throw this.#refused(outcome);
      password = given.password ?? password;
      newPassword = given.newPassword ?? newPassword;
    }
  }

  /** Nobody will be signed on: what waited for it is not sent. */
  #refused({ code, text }: Refused): SimFault {
    this.#wanted = false;
    this.#settle(false);
    return new SimFault('SIM-NOT-ALLOWED', `sign-on refused: ${code} ${text}`);
  }

  async #signOnOnce(signOn: SignOn): Promise<SignedOn | Refused> {
    if (this.#station === undefined) throw new Error('a desk signs on before it is open');
    const { screen } = this.#options;
    const slow = setTimeout(() => screen.say("waiting for the switch's answer ..."), slowMs);
    try {
      return await this.#station.signOn(signOn);
    } finally {
      clearTimeout(slow);
    }
  }

  #begin({ user, name, oif, mnemonic, warnings }: SignedOn): void {
    const { screen } = this.#options;
    screen.say(`signed on: ${user} (${name}), operator ${oif}, mnemonic ${mnemonic}`);
    for (const warning of warnings) screen.say(`warning: ${warning}`);
    this.#settle(true);
  }

  #show(message: Received): void {
    const { screen, naming } = this.#options;
    const asked = this.#session.requests.askedBy(message);
    const again = (message.flags & flagPossibleDuplicate) !== 0 ? ' (possible duplicate)' : '';
    const lines = shownLines(textOf(message));
    const over = this.#session.requests.askedBefore(message);
    if (asked === undefined) {
      const why = over === undefined ? 'not asked for' : `after the end of ${named(over)}`;
      screen.say(`* for ${message.mnemonic}, ${why}${again}:`);
    } else if (naming) screen.say(`< ${named(asked)}${again}`);
    // An answer repeats key and ORI on a line of its own; a person has just typed them.
    screen.text(asked !== undefined && lines.length > 1 ? lines.slice(1) : lines);
  }

  #lost(close: Close | undefined): void {
    if (this.#leaving) return;
    const later = close === undefined || isLater(faultOfClose(close.code, close.text));
    // Whoever signs on hears of it with the fault.
    if (this.#signing !== undefined && !(this.#options.patient && later)) return;
    this.#comeBack(close).catch((fault: unknown) => this.#break(fault));
  }

  async #comeBack(close: Close | undefined): Promise<void> {
    for (const waitMs of waitsMs(close)) {
      const why = close === undefined ? 'the line is lost' : `${close.code} ${close.text}`;
      this.#options.screen.say(`${why}; coming back in ${Math.round(waitMs / 1000)} s`);
      await sleep(waitMs);
      if (this.#leaving) return;
      try {
        await this.#connect();
        break;
      } catch (fault) {
        if (!(fault instanceof SimFault) || fault.code === 'SIM-PROTOCOL') throw fault;
        if (fault.code === 'SIM-NOT-ALLOWED') throw fault;
      }
    }
    this.#options.screen.say('the line is back');
    if (this.#signedOn) this.#settle(true);
    else if (this.#wanted) await this.signOn();
  }
}

/** A sign-on unanswered for so long is spoken of. */
const slowMs = 1_000;
/** Wrong passwords lock an account after so many (link S7c); other refusals are asked about as often. */
const triesMax = 5;

const isLater = (fault: unknown): boolean =>
  fault instanceof SimFault && fault.code === 'SIM-AGAIN';

/** A question by its first line. */
function named(text: string): string {
  const [first = '', ...more] = shownLines(text);
  return more.length === 0 ? first : `${first} ...`;
}

function flawLines(refused: Refused, typed: string): readonly string[] {
  const words = flawOfTyped(refused, typed);
  return words === undefined ? [] : [words];
}

/** The text of a body: what follows the supplemental header. */
function textOf({ body }: Received): string {
  return latin1(body, body.indexOf(0x2e) + 1);
}

function optional<K extends string>(
  name: K,
  value: string | undefined,
): Partial<Record<K, string>> {
  // One member, named by K, or none: what Partial<Record<K, string>> is.
  return (value === undefined ? {} : { [name]: value }) as Partial<Record<K, string>>;
}

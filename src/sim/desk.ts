// A simulated work place: one terminal station that signs a person on, asks, shows what comes, and
// comes back by itself with resume when the line is lost (link S4, S10). What cannot get better by
// waiting (not known, not allowed) ends it with a fault.

import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Close, Refused, SignedOn, SignOn } from '#protocol/control';
import { flagPossibleDuplicate } from '#protocol/frame';
import { latin1 } from '#protocol/octets';
import type { Person, WorkPlace } from './demo-file.ts';
import { faultOfClose, SimFault } from './fault.ts';
import type { Asked, Received } from './request.ts';
import { shownLines } from './screen.ts';
import type { Screen } from './screen.ts';
import { connectStation } from './station.ts';
import type { Station } from './station.ts';
import { StationSession } from './station-session.ts';

export interface DeskOptions {
  readonly place: WorkPlace;
  readonly mnemonic?: string | undefined;
  readonly person: Person;
  readonly screen: Screen;
  /** Name the question above each answer: for a desk that asks several at once. */
  readonly naming: boolean;
  readonly timeoutMs: number;
  /** Asks the person for what a refused sign-on wants; undefined: nobody can be asked. */
  readonly more: (code: string) => Promise<Partial<SignOn> | undefined>;
}

export class Desk {
  readonly #options: DeskOptions;
  readonly #session = new StationSession();
  /** Rejects when coming back is of no use. */
  readonly broken: Promise<never>;
  #break: (fault: unknown) => void = () => undefined;
  #station: Station | undefined;
  #leaving = false;

  constructor(options: DeskOptions) {
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

  /** @throws SimFault SIM-NOT-ALLOWED with the code of the refusal */
  async signOn(): Promise<void> {
    const { person, place, mnemonic } = this.#options;
    const named = { ...optional('pool', place.pool), ...optional('mnemonic', mnemonic) };
    const signOn: SignOn = { ...person, ...named };
    let outcome = await this.#signOn(signOn);
    if ('code' in outcome) {
      const more = await this.#options.more(outcome.code);
      if (more !== undefined) outcome = await this.#signOn({ ...signOn, ...more });
    }
    if ('code' in outcome)
      throw new SimFault('SIM-NOT-ALLOWED', `sign-on refused: ${outcome.code} ${outcome.text}`);
    this.#options.screen.say(
      `signed on: ${outcome.user} (${outcome.name}), operator ${outcome.oif}, mnemonic ${outcome.mnemonic}`,
    );
    for (const warning of outcome.warnings) this.#options.screen.say(`warning: ${warning}`);
  }

  async signOff(): Promise<void> {
    await this.#station?.signOff();
    this.#options.screen.say('signed off');
  }

  /** Asks, and shows a refusal or the lack of an answer; answers are shown as they come. */
  async ask(text: string): Promise<Asked> {
    if (this.#station === undefined) throw new Error('a desk is asked before it is open');
    const { timeoutMs, screen } = this.#options;
    const asked = await this.#station.request(text, { timeoutMs });
    switch (asked.kind) {
      case 'answered':
        break;
      case 'taken':
        screen.text(['sent']);
        break;
      case 'refused':
        screen.text([refusal(asked.refused)]);
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
    if (this.#station?.open === true && this.#station.user !== undefined) await this.signOff();
    await this.#station?.leave();
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
    line.on('status', ({ service, state }) =>
      this.#options.screen.say(`status: ${service} is ${state}`),
    );
    line.on('signOff', (reason) =>
      this.#options.screen.say(`the switch signed you off: ${reason ?? 'no reason given'}`),
    );
    line.on('close', (close) => this.#lost(close));
  }

  #signOn(signOn: SignOn): Promise<SignedOn | Refused> {
    if (this.#station === undefined) throw new Error('a desk signs on before it is open');
    return this.#station.signOn(signOn);
  }

  #show(message: Received): void {
    const { screen, naming } = this.#options;
    const asked = this.#session.requests.askedBy(message);
    const again = (message.flags & flagPossibleDuplicate) !== 0 ? ' (possible duplicate)' : '';
    const lines = shownLines(textOf(message));
    if (asked === undefined) screen.say(`* for ${message.mnemonic}, not asked for${again}:`);
    else if (naming) screen.say(`< ${asked}${again}`);
    // An answer repeats key and ORI on a line of its own; a person has just typed them.
    screen.text(asked !== undefined && lines.length > 1 ? lines.slice(1) : lines);
  }

  #lost(close: Close | undefined): void {
    if (this.#leaving) return;
    const user = this.#station?.user ?? this.#options.person.user;
    this.#comeBack(close, user).catch((fault: unknown) => this.#break(fault));
  }

  async #comeBack(close: Close | undefined, user: string): Promise<void> {
    for (let waitMs = firstWaitMs(close); ; waitMs = Math.min(2 * waitMs, waitMsMax)) {
      const jitteredMs = waitMs + randomInt(Math.ceil(waitMs / 5));
      const why = close === undefined ? 'the line is lost' : `${close.code} ${close.text}`;
      this.#options.screen.say(`${why}; coming back in ${Math.round(jitteredMs / 1000)} s`);
      await sleep(jitteredMs);
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
    if (this.#station?.user !== user) await this.signOn();
  }
}

const waitMsMax = 60_000;

/** @source link S10 */
function firstWaitMs(close: Close | undefined): number {
  if (close === undefined) return 1_000;
  if (faultOfClose(close.code, close.text).code === 'SIM-NOT-ALLOWED') return waitMsMax;
  return ['C09', 'C17'].includes(close.code) ? waitMsMax : 1_000;
}

/** The text of a body: what follows the supplemental header. */
function textOf({ body }: Received): string {
  return latin1(body, body.indexOf(0x2e) + 1);
}

function refusal({ code, text, at, field, ref }: Refused): string {
  const where = at === undefined ? '' : ` (at ${at}${field === undefined ? '' : `, ${field}`})`;
  return `refused ${code}: ${text}${where}${ref === undefined ? '' : `, entry ${ref}`}`;
}

function optional<K extends string>(
  name: K,
  value: string | undefined,
): Partial<Record<K, string>> {
  // One member, named by K, or none: what Partial<Record<K, string>> is.
  return (value === undefined ? {} : { [name]: value }) as Partial<Record<K, string>>;
}

// A host behind the hub in a process of its own: the hub dials it as a station of role host, goes on with the
// session where it can, and hands over again what a host that was started anew cannot know any more.

import { flagFinal, flagPossibleDuplicate } from '#protocol/frame';
import { formatHeader } from '#protocol/header';
import { parseOif, parseSuphdr, parseTaf } from '#protocol/ids';
import { concatBytes, asciiBytes, latin1 } from '#protocol/octets';
import type { Close } from '#protocol/control';
import { waitsMs } from '../coming-back.ts';
import type { StationAddress } from '../dial.ts';
import { SimFault } from '../fault.ts';
import type { Outgoing } from '../outbox.ts';
import type { Received } from '../request.ts';
import { connectStation } from '../station.ts';
import type { Station } from '../station.ts';
import { StationSession } from '../station-session.ts';
import type { Behind, BehindEvents, Errand } from './behind.ts';

export interface DialledHostOptions {
  readonly address: StationAddress;
  /** The hub's own name as a station: that of its certificate. */
  readonly station: string;
  readonly events: BehindEvents;
}

export class DialledHost implements Behind {
  readonly #options: DialledHostOptions;
  readonly #session = new StationSession();
  readonly #errands = new Map<Outgoing, Errand>();
  /** Acknowledged, and not answered to the end: by reference, in order; one may have several. */
  readonly #unanswered = new Map<string, readonly Outgoing[]>();
  #station: Station | undefined;
  #waits: Generator<number, never> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: DialledHostOptions) {
    this.#options = options;
    void this.#dial();
  }

  get up(): boolean {
    return this.#station?.open === true;
  }

  get kept(): number {
    return this.#errands.size;
  }

  hand(errand: Errand): void {
    const flags = errand.again ? flagPossibleDuplicate : 0;
    const { mnemonic, class: messageClass } = errand;
    const body = bodyOf(errand);
    const message =
      this.#station?.send(mnemonic, body, { flags, class: messageClass }) ??
      this.#waiting({ mnemonic, class: messageClass, body, flags });
    this.#errands.set(message, errand);
  }

  done(reference: string): void {
    for (const message of this.#unanswered.get(reference) ?? []) this.#errands.delete(message);
    this.#unanswered.delete(reference);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    void this.#station?.leave();
  }

  /** Until there is a line. */
  #waiting(message: Pick<Outgoing, 'mnemonic' | 'class' | 'body' | 'flags'>): Outgoing {
    const waiting = { ...message, user: undefined, number: 0, refused: false };
    this.#session.outbox.add(waiting);
    return waiting;
  }

  async #dial(): Promise<void> {
    const { address, station: name } = this.#options;
    try {
      const station = await connectStation({
        ...address,
        station: name,
        role: 'host',
        session: this.#session,
        renewed: () => this.#handAgain(),
        beforeAck: () => this.#options.events.beforeAck(),
      });
      this.#came(station);
    } catch (error) {
      if (!(error instanceof SimFault)) throw error;
      this.#comeBack(undefined);
    }
  }

  #came(station: Station): void {
    if (this.#closed) {
      void station.leave();
      return;
    }
    this.#station = station;
    this.#waits = undefined;
    station.on('message', (message) => this.#said(message));
    station.on('handled', (message) => this.#handled(message));
    station.on('refused', (message, { code }) => this.#refused(message, code));
    station.on('close', (close) => this.#went(close));
    this.#options.events.changed(true);
  }

  #went(close: Close | undefined): void {
    this.#station = undefined;
    if (this.#closed) return;
    this.#options.events.changed(false);
    this.#comeBack(close);
  }

  #comeBack(close: Close | undefined): void {
    if (this.#closed) return;
    this.#waits ??= waitsMs(close);
    this.#timer = setTimeout(() => void this.#dial(), this.#waits.next().value);
  }

  /** It begins anew and knows nothing: what it took and did not answer goes before what it never took. */
  #handAgain(): void {
    const lost = [...this.#unanswered.values()].flat();
    this.#unanswered.clear();
    this.#session.outbox.repeat(lost);
  }

  #handled(message: Outgoing): void {
    const errand = this.#errands.get(message);
    if (errand === undefined) return;
    const { reference, awaited } = errand;
    // Handed over again it would arrive twice: nothing that came back could say that it had been done.
    if (!awaited) {
      this.#errands.delete(message);
      this.#options.events.taken(errand);
    } else this.#unanswered.set(reference, [...(this.#unanswered.get(reference) ?? []), message]);
  }

  #refused(message: Outgoing, code: string): void {
    const errand = this.#errands.get(message);
    this.#errands.delete(message);
    if (errand !== undefined) this.#options.events.refused(errand, code);
  }

  #said({ body, flags }: Received): void {
    const period = body.indexOf(0x2e);
    const text = latin1(body, period + 1);
    const final = (flags & flagFinal) !== 0;
    this.#options.events.said([{ text, final }], latin1(body, 0, Math.max(period, 0)));
  }
}

/** The extended header and the text in the dialect of the host. @source link 7, E2 */
function bodyOf({ reference, heard }: Errand): Uint8Array {
  const suphdr = parseSuphdr(reference);
  if (suphdr === undefined) throw new RangeError('a reference of the hub is a supplemental header');
  const oif = parseOif(heard.oif ?? '');
  const taf = parseTaf(heard.taf ?? '');
  return concatBytes(formatHeader({ suphdr, oif, taf }), asciiBytes(heard.text));
}

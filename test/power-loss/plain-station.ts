// A station without TLS, for a switch that listens insecurely on loopback: what it says and hears is
// plain in the recording. It keeps to the window and acknowledges all; it keeps what it sent by number.

import { once } from 'node:events';
import { connect } from 'node:net';
import { parseControl } from '#protocol/control';
import type { SignOn } from '#protocol/control';
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
import { utf8Bytes } from '#protocol/octets';
import { LinkSocket } from '#src/sim/link-socket';

export interface PlainSession {
  id: string;
  /** The last number of ours that was sent, and the last that the switch handled. */
  sent: number;
  acknowledged: number;
  /** The last number of the switch's that came. */
  received: number;
  /** What was sent, by number. */
  readonly bodies: Map<number, Uint8Array>;
}

export interface PlainOptions {
  readonly port: number;
  readonly station: string;
  readonly role: 'terminal' | 'host';
  readonly session?: PlainSession | undefined;
}

interface Waiting {
  readonly frame: (number: number) => Uint8Array;
  readonly body: Uint8Array;
  readonly resolve: (fate: Fate) => void;
}

export type Fate = 'acknowledged' | 'refused';

export class PlainStation {
  session: PlainSession;
  /** Messages that came. */
  heard = 0;
  readonly #link: LinkSocket;
  readonly #options: PlainOptions;
  readonly #waiting: Waiting[] = [];
  readonly #open = new Map<number, (fate: Fate) => void>();
  readonly #welcomed = Promise.withResolvers<undefined>();
  readonly #ended = Promise.withResolvers<undefined>();
  #signed = Promise.withResolvers<string>();
  #signedOff = Promise.withResolvers<undefined>();
  #window = 1;

  static async dial(options: PlainOptions): Promise<PlainStation> {
    const socket = connect({ host: '127.0.0.1', port: options.port });
    await once(socket, 'connect');
    const rules = { from: 'switch', bodyBytesMax: welcomeBytesMax, allowed: welcomeOnly } as const;
    const station: PlainStation = new PlainStation(
      options,
      new LinkSocket(socket, rules, {
        frame: (frame) => station.#frame(frame),
        settled: () => undefined,
        ended: (cause) => station.#end(cause),
      }),
    );
    station.#hello();
    await station.#welcomed.promise;
    return station;
  }

  private constructor(options: PlainOptions, link: LinkSocket) {
    this.#options = options;
    this.#link = link;
    this.session = options.session ?? newSession('');
    // Who does not wait for it still has the end of the line as an error elsewhere.
    this.#signed.promise.catch(() => undefined);
  }

  /** SIGNED_ON, or the code of the refusal. */
  signOn(signOn: SignOn): Promise<string> {
    this.#signed = Promise.withResolvers<string>();
    this.#link.write(controlFrame('SIGN_ON', signOn));
    return this.#signed.promise;
  }

  async signOff(): Promise<void> {
    this.#link.write(controlFrame('SIGN_OFF', { reason: 'user' }));
    await this.#signedOff.promise;
    this.#signedOff = Promise.withResolvers<undefined>();
  }

  /** Resolves when it is acknowledged or refused. */
  send(speaker: string, text: string): Promise<Fate> {
    const mnemonic = parseMnemonic(speaker);
    if (mnemonic === undefined) throw new RangeError('a mnemonic has four letters or digits');
    const body = utf8Bytes(text);
    return new Promise((resolve) => {
      const frame = (number: number): Uint8Array =>
        messageFrame({ flags: 0, class: 0, number, mnemonic, body });
      this.#waiting.push({ frame, body, resolve });
      this.#pump();
    });
  }

  async leave(): Promise<void> {
    this.#link.close('C18', 'The station leaves.');
    await this.#ended.promise;
  }

  #hello(): void {
    const { station, role } = this.#options;
    const { id, received } = this.session;
    const resume = id === '' ? { received: 0 } : { session: id, received };
    const hello = { protocol: [1], station, role, software: 'power-loss', ...resume };
    this.#link.write(controlFrame('HELLO', hello));
  }

  #frame({ type, number, body }: Frame): void {
    if (type === 'MESSAGE') this.#message(number);
    else if (type === 'ACK') this.#handled(number);
    else if (type === 'REFUSED' && number > 0) this.#settle(number, 'refused');
    else if (type === 'WELCOME') this.#welcome(body);
    else if (type === 'SIGNED_ON') this.#signed.resolve('SIGNED_ON');
    else if (type === 'SIGN_OFF') this.#signedOff.resolve(undefined);
    else if (type === 'REFUSED') {
      const refused = parseControl(type, body);
      this.#signed.resolve(
        refused.ok && 'code' in refused.value.body ? refused.value.body.code : 'C01',
      );
    }
  }

  #message(number: number): void {
    this.heard += 1;
    this.session.received = number;
    this.#link.write(ackFrame(number));
  }

  #welcome(body: Uint8Array): void {
    const welcome = parseControl('WELCOME', body);
    if (!welcome.ok || welcome.value.type !== 'WELCOME') throw new Error('no WELCOME');
    const { session, window, frameBytesMax, resumed, received } = welcome.value.body;
    if (!resumed) this.session = newSession(session);
    else this.session.acknowledged = this.session.sent = received;
    this.#window = window;
    this.#link.rules = {
      from: 'switch',
      bodyBytesMax: frameBytesMax,
      allowed: switchFrames[this.#options.role],
    };
    this.#welcomed.resolve(undefined);
  }

  #handled(number: number): void {
    for (const each of [...this.#open.keys()])
      if (each <= number) this.#settle(each, 'acknowledged');
    this.session.acknowledged = Math.max(this.session.acknowledged, number);
  }

  #settle(number: number, fate: Fate): void {
    this.#open.get(number)?.(fate);
    this.#open.delete(number);
    this.#pump();
  }

  #pump(): void {
    while (this.#open.size < this.#window) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      const number = (this.session.sent += 1);
      this.session.bodies.set(number, next.body);
      this.#open.set(number, next.resolve);
      this.#link.write(next.frame(number));
    }
  }

  #end(cause: Error | undefined): void {
    const over = cause ?? new Error('the line ended');
    this.#welcomed.reject(over);
    this.#signed.reject(over);
    this.#ended.resolve(undefined);
  }
}

function newSession(id: string): PlainSession {
  return { id, sent: 0, acknowledged: 0, received: 0, bodies: new Map() };
}

// As much of a switch as a terminal needs to see: two users, one mnemonic, answers by a function. It
// keeps numbers over a lost line, so that a resume can be watched.

import { once } from 'node:events';
import { createServer } from 'node:tls';
import type { Server } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { parseHello, parseSignOn } from '#protocol/control';
import type { SignOn } from '#protocol/control';
import {
  ackFrame,
  controlFrame,
  flagFinal,
  helloBytesMax,
  helloOnly,
  messageFrame,
  stationFrames,
} from '#protocol/frame';
import type { Frame } from '#protocol/frame';
import { parseMnemonic } from '#protocol/ids';
import { asciiBytes, latin1 } from '#protocol/octets';
import { LinkSocket } from '#src/sim/link-socket';
import { tlsProfile } from '#src/sim/tls-profile';
import type { PemFiles } from '#support/sim-world';

export const user = 'jdoe';
export const password = 'correct horse battery';

/** What to do with a text: answers, a refusal, or nothing. */
export type Behaviour = (text: string) =>
  | {
      readonly answers?: readonly string[];
      readonly refused?: string;
      readonly at?: number;
      readonly field?: string;
      /** The answers come behind those of the next text. */
      readonly behind?: boolean;
      /** All of it is sent once more. */
      readonly twice?: boolean;
    }
  | 'cut';

export class SwitchDouble {
  readonly #server: Server;
  /** Texts as they came, without their reference. */
  readonly texts: string[] = [];
  readonly flags: number[] = [];
  readonly signOffs: string[] = [];
  readonly refusals: string[] = [];
  /** A body that crosses the terminal's SIGN_OFF. */
  lastWord: string | undefined;
  #received = 0;
  #sent = 0;
  #behind: () => void = () => undefined;
  #user: string | undefined;
  /** False: a lost line ends the sign-on. */
  keepsSignOn = true;
  /** What every SIGN_ON gave, as it came. */
  readonly tries: SignOn[] = [];
  /** Said instead of the next answers to SIGN_ON: a CLOSE, nothing until `release`, or a REFUSED. */
  readonly instead: string[] = [];
  /** Gives the answer that was kept back. */
  release: () => void = () => undefined;

  constructor(files: PemFiles, behave: Behaviour) {
    this.#server = createServer(
      { ...tlsProfile, ...files.pem, requestCert: true, rejectUnauthorized: true },
      (socket) => {
        const rules = { from: 'station', bodyBytesMax: helloBytesMax, allowed: helloOnly } as const;
        const link: LinkSocket = new LinkSocket(socket, rules, {
          frame: (frame) => this.#frame(link, frame, behave),
          settled: () => undefined,
          ended: () => undefined,
        });
      },
    );
  }

  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    // A TCP server that listens has such an address.
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server.close();
  }

  #frame(link: LinkSocket, frame: Frame, behave: Behaviour): void {
    if (frame.type === 'HELLO') this.#welcome(link, frame);
    if (frame.type === 'SIGN_ON') this.#signOn(link, frame);
    if (frame.type === 'REFUSED') this.refusals.push(latin1(frame.body));
    if (frame.type === 'SIGN_OFF') {
      this.signOffs.push(latin1(frame.body));
      if (this.lastWord !== undefined) this.#answer(link, this.lastWord, false);
      link.write(controlFrame('SIGN_OFF', {}));
    }
    if (frame.type === 'CLOSE') link.end();
    if (frame.type === 'MESSAGE') this.#message(link, frame, behave);
  }

  #welcome(link: LinkSocket, frame: Frame): void {
    const hello = parseHello(frame.body);
    if (!hello.ok) return;
    const resumed = hello.value.session === session;
    link.rules = { from: 'station', bodyBytesMax: 32_768, allowed: stationFrames.terminal };
    link.write(
      controlFrame('WELCOME', {
        ...{ protocol: 1, switch: 'DOUBLE', session, resumed, received: this.#received },
        ...{ frameBytesMax: 32_768, window: 32, keepAliveMs: 30_000, mnemonics: ['QZ01'] },
        ...(resumed && this.keepsSignOn && this.#user !== undefined ? { user: this.#user } : {}),
      }),
    );
  }

  #signOn(link: LinkSocket, frame: Frame): void {
    const signOn = parseSignOn(frame.body);
    if (!signOn.ok) return;
    this.tries.push(signOn.value);
    const instead = this.instead.shift();
    if (instead === 'nothing') this.release = () => this.#answerSignOn(link, signOn.value);
    else if (instead?.startsWith('C') === true) link.close(instead, 'Said by the test.');
    else if (instead !== undefined)
      link.write(controlFrame('REFUSED', { code: instead, text: 'No.' }));
    else this.#answerSignOn(link, signOn.value);
  }

  #answerSignOn(link: LinkSocket, given: SignOn): void {
    const known = users.includes(given.user);
    this.#user = known && given.password === password ? given.user : undefined;
    if (this.#user !== undefined)
      link.write(
        controlFrame('SIGNED_ON', {
          ...{ user: this.#user, oif: 'J10442', name: 'DOE, JANE', agency: 'CA0990100' },
          ...{ mnemonic: 'QZ01', warnings: [] },
        }),
      );
    else link.write(controlFrame('REFUSED', { code: 'U01', text: 'User or password is wrong.' }));
  }

  #message(link: LinkSocket, frame: Frame, behave: Behaviour): void {
    const body = latin1(frame.body);
    const period = body.indexOf('.');
    this.texts.push(body.slice(period + 1));
    this.flags.push(frame.flags);
    const what = behave(body.slice(period + 1));
    if (what === 'cut') {
      link.cut();
      return;
    }
    this.#received = frame.number;
    if (what.refused === undefined) link.write(ackFrame(frame.number));
    else {
      const { refused: code, at, field } = what;
      const place = {
        ...(at === undefined ? {} : { at }),
        ...(field === undefined ? {} : { field }),
      };
      link.write(controlFrame('REFUSED', { code, text: 'No.', ...place }, frame.number));
    }
    const { answers = [], behind = false, twice = false } = what;
    const answer = (): void => {
      for (const [at, each] of answers.entries())
        this.#answer(link, `${body.slice(0, period)}.${each}`, at === answers.length - 1);
    };
    if (behind) this.#behind = answer;
    else {
      answer();
      if (twice) answer();
      this.#behind();
      this.#behind = () => undefined;
    }
  }

  #answer(link: LinkSocket, body: string, last: boolean): void {
    const mnemonic = parseMnemonic('QZ01');
    if (mnemonic === undefined) throw new Error('QZ01 is a mnemonic');
    const flags = last ? flagFinal : 0;
    const number = ++this.#sent;
    link.write(messageFrame({ flags, class: 3, number, mnemonic, body: asciiBytes(body) }));
  }
}

const users = ['jdoe', 'mroe'];
const session = 'double-double-double-1';

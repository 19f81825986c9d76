// Who is signed on at one station (link S7, S7a, S7d), and whose answer is awaited. It knows no socket;
// the station gives it what it reads.

import type { Close, Refused, SignedOn, Welcome } from '#protocol/control';
import { parseMnemonic } from '#protocol/ids';
import type { Mnemonic } from '#protocol/ids';
import { faultOfClose, SimFault } from './fault.ts';

export class Seat {
  user: string | undefined;
  mnemonic: Mnemonic | undefined;
  #signing: Waiting<SignedOn | Refused> | undefined;
  #leaving: Waiting<undefined> | undefined;

  /** True between our SIGN_OFF and its answer: what comes then is R01 (link S7d). */
  get leaving(): boolean {
    return this.#leaving !== undefined;
  }

  /** A SIGN_ON goes out. */
  signOn(): Promise<SignedOn | Refused> {
    return new Promise((resolve, reject) => (this.#signing = { resolve, reject }));
  }

  /** A SIGN_OFF goes out. */
  signOff(): Promise<undefined> {
    return new Promise((resolve, reject) => (this.#leaving = { resolve, reject }));
  }

  welcomed(welcome: Welcome): void {
    this.user = welcome.user;
    if (welcome.user !== undefined) this.mnemonic = parseMnemonic(welcome.mnemonics[0] ?? '');
  }

  signedOn(body: SignedOn): void {
    this.user = body.user;
    this.mnemonic = parseMnemonic(body.mnemonic);
    this.#signing?.resolve(body);
    this.#signing = undefined;
  }

  refused(body: Refused): void {
    this.#signing?.resolve(body);
    this.#signing = undefined;
  }

  /** A SIGN_OFF came; true where it is the answer to ours. */
  signedOff(): boolean {
    const own = this.#leaving;
    this.user = undefined;
    this.#leaving = undefined;
    own?.resolve(undefined);
    return own !== undefined;
  }

  /** The line is over. */
  ended(close: Close | undefined): void {
    this.#signing?.reject(
      close === undefined
        ? new SimFault('SIM-AGAIN', 'the line ended during the sign-on')
        : faultOfClose(close.code, close.text),
    );
    this.#leaving?.resolve(undefined);
    this.#signing = undefined;
    this.#leaving = undefined;
  }
}

interface Waiting<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (fault: SimFault) => void;
}

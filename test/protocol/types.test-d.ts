// Checked by the compiler alone: each line below it must be wrong, or the directive above it is.

import type { ControlType } from '#protocol/control';
import type { FrameType } from '#protocol/frame';
import { parseMnemonic, parseOri } from '#protocol/ids';
import type { Mnemonic, Oif, Ori, StationName, Suphdr, Taf } from '#protocol/ids';
import type { MessageText } from '#protocol/message';

declare const text: string;
declare const mnemonic: Mnemonic;
declare const oif: Oif;
declare const message: MessageText;

// @ts-expect-error A bare string is no ORI.
export const bareOri: Ori = text;
// @ts-expect-error A literal that looks like one is none either.
export const literalOri: Ori = 'CA0990100';
// @ts-expect-error One identifier is not another.
export const otherOri: Ori = mnemonic;
// @ts-expect-error An operator is no terminal.
export const otherTaf: Taf = oif;
// @ts-expect-error A bare string is no reference.
export const bareSuphdr: Suphdr = text;
// @ts-expect-error A bare string is no station.
export const bareStation: StationName = text;
// @ts-expect-error A constructor may refuse, and that must be looked at.
export const uncheckedOri: Ori = parseOri(text);
// @ts-expect-error Nothing of a message is changed.
message.ori = bareOri;

/** An identifier is still text, and its constructor makes it. */
export const shown: string = mnemonic;
export const made: Mnemonic | undefined = parseMnemonic(text);

/** A switch over the types of control frames is whole without a default. */
export function known(type: ControlType): FrameType {
  switch (type) {
    case 'HELLO':
    case 'WELCOME':
    case 'SIGN_ON':
    case 'SIGNED_ON':
    case 'SIGN_OFF':
    case 'REFUSED':
    case 'BUSY':
    case 'STATUS':
    case 'CLOSE':
      return type;
  }
}

// The header of a message that a member sends to Nlets:
//
//     MKE.SENDERORI.DEST[.DEST...].[*CONTROL.]TXT<CR><LF>text
//
// It is read from period to period, never by column, and control characters in it are passed over. Total:
// any text gives an input, or the number of the complaint with as much of the header as could be read.

import { fail, ok } from '#protocol/result';
import type { Result } from '#protocol/result';

export interface Input {
  readonly key: string;
  /** Empty where an answering computer leaves it to its switch. @source nlets 2.2 */
  readonly sender: string;
  readonly destinations: readonly string[];
  readonly control?: string | undefined;
  /** After TXT and the control characters behind it, up to an ETX. */
  readonly text: string;
}

/** 01 a bad header, 03 no TXT. @source nlets 9.1 */
export interface HeaderFlaw extends Omit<Input, 'text'> {
  readonly number: '01' | '03';
  readonly detail: string;
}

/** Octets of the control field. @source nlets 2.3 */
export const controlMax = 10;
/** Parts of a header that are read: no legal one has as many. */
const partsMax = 40;

export function parseInput(raw: string): Result<Input, HeaderFlaw> {
  const header = splitHeader(raw);
  const [key = '', sender = '', ...rest] = header.parts;
  const destinations = rest.filter((part) => part !== '');
  const read = { key, sender, destinations, control: header.control };
  const flaw = (number: HeaderFlaw['number'], detail: string) => fail({ ...read, number, detail });
  if (header.textAt === undefined) return flaw('03', '');
  if (!/^[A-Z]{2,3}$/.test(key)) return flaw('01', 'MESSAGE KEY');
  if (sender !== '' && !addressForm.test(sender)) return flaw('01', 'SENDER');
  if (destinations.length === 0) return flaw('01', 'NO DESTINATION');
  if ((header.control?.length ?? 0) > controlMax) return flaw('01', 'CONTROL FIELD');
  return ok({ ...read, text: upToEtx(raw.slice(header.textAt)) });
}

/** Two or nine characters. @source nlets 3.1 */
const addressForm = /^(?:[A-Z][A-Z0-9]|[A-Z]{2}[A-Z0-9]{7})$/;

interface Header {
  readonly parts: readonly string[];
  readonly control?: string | undefined;
  /** Undefined where no TXT is found. */
  readonly textAt: number | undefined;
}

function splitHeader(raw: string): Header {
  const etx = raw.indexOf('\x03');
  const parts: string[] = [];
  let control: string | undefined;
  for (let at = 0; parts.length < partsMax;) {
    const textAt = afterTxt(raw, at);
    if (parts.length > 0 && textAt !== undefined) return { parts, control, textAt };
    const to = raw[skipControls(raw, at)] === '*' ? endOfControl(raw, at) : raw.indexOf('.', at);
    if (to === -1 || (etx !== -1 && to > etx)) break;
    const part = withoutControls(raw.slice(at, to));
    if (part.startsWith('*')) control = part.slice(1);
    else parts.push(part.trim());
    at = to + 1;
  }
  return { parts, control, textAt: undefined };
}

/** Where the text begins if TXT stands at `at`. CR, LF and DEL behind it may be there or not. @source nlets 2.2 */
function afterTxt(raw: string, at: number): number | undefined {
  const from = skipControls(raw, at);
  // Not the beginning of an address: behind it is no letter, or at once a field.
  if (!/^TXT(?![A-Za-z0-9])|^TXT[A-Z]{3}\//.test(raw.slice(from, from + 7))) return undefined;
  return skipControls(raw, raw[from + 3] === '.' ? from + 4 : from + 3);
}

/** A control field is any printable text, so its end is the period before TXT. @source nlets 2.3 */
function endOfControl(raw: string, at: number): number {
  for (let to = raw.indexOf('.', at); to !== -1; to = raw.indexOf('.', to + 1)) {
    if (afterTxt(raw, to + 1) !== undefined) return to;
    if (to - at > 4 * controlMax) return -1;
  }
  return -1;
}

function skipControls(raw: string, from: number): number {
  let at = from;
  while (at < raw.length && isControl(raw.charCodeAt(at)) && raw[at] !== '\x03') at++;
  return at;
}

const isControl = (code: number): boolean => code < 0x20 || code === 0x7f;

/** The hub keeps a text up to an ETX. @source nlets 9.3 */
function upToEtx(text: string): string {
  const end = text.indexOf('\x03');
  return end === -1 ? text : text.slice(0, end);
}

export function withoutControls(text: string): string {
  // Most parts have none: a look is cheaper than a copy.
  return /[\0-\x1f\x7f]/.test(text) ? text.replaceAll(/[\0-\x1f\x7f]/g, '') : text;
}

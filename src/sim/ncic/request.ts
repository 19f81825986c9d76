// Reads one message: header, key, agency, fields. Total: any text gives a request or the first thing that
// is wrong with it, and always the frame its answer goes into. It knows no record.

import { isTagged, parseRequester, splitFields } from '#protocol/field';
import type { Field } from '#protocol/field';
import { fail, ok } from '#protocol/result';
import type { Result } from '#protocol/result';
import { reject } from './reject.ts';
import type { Rejection } from './reject.ts';

/** Where an answer goes: behind a header, or in the form of link X6. */
export type Frame =
  | { readonly form: 'header'; readonly header: string; readonly ori: string }
  | { readonly form: 'key'; readonly key: string; readonly ori: string };

export interface Request {
  readonly frame: Frame;
  /** As it was sent: EW-C, EWC, QV. */
  readonly key: string;
  readonly ori: string;
  readonly fields: readonly Field[];
  /** Where the fields end, in characters of the text. */
  readonly end: number;
}

export interface Misread {
  readonly frame: Frame;
  readonly rejection: Rejection;
}

/** @source ncic 1.1, 1.3, 1.5, 1.7 */
export function parseRequest(text: string): Result<Request, Misread> {
  const message = withoutRequester(text.slice(0, textMax));
  const [first = '', second = '', third = ''] = message.split('.', 3);
  if (isKey(first)) return parseBody(message, first, { form: 'key', key: first, ori: second });
  if (!isHeader(first)) {
    const frame = { form: 'header', header: answerHeader(first.slice(0, headerMax)), ori: '' };
    return fail({ frame: frame as Frame, rejection: reject('R01') });
  }
  return parseBody(message, second, { form: 'header', header: answerHeader(first), ori: third });
}

/** The header of the answer: the second character `N` becomes `L`, all else is echoed. @source ncic 1.5 */
const answerHeader = (header: string): string =>
  header[1] === 'N' ? `${header.slice(0, 1)}L${header.slice(2)}` : printable(header);

/** What the sender may know its message by: the free part of the header. */
export const referenceOf = (frame: Frame): string =>
  frame.form === 'header' ? frame.header.slice(4) : '-';

/** `^[0-9A-Z]{4}[ -~]{5,15}$` without a period. @source ncic 1.5 [P] */
const isHeader = (text: string): boolean => /^[0-9A-Z]{4}[ -~]{5,15}$/.test(text);
const isKey = (text: string): boolean => /^[A-Z]{2,5}(?:-[A-Z])?$/.test(text);
const isOri = (text: string): boolean => /^[A-Z]{2}[0-9A-Z]{7}$/.test(text);

/** Longer texts are cut: the link carries none of them. */
const textMax = 100_000;
const headerMax = 19;

function parseBody(message: string, key: string, frame: Frame): Result<Request, Misread> {
  const wrong = (rejection: Rejection): Result<Request, Misread> => {
    const ori = isOri(frame.ori) ? frame.ori : '';
    return fail({ frame: { ...frame, ori }, rejection });
  };
  if (!isKey(key)) return wrong(reject('R02'));
  if (!isOri(frame.ori)) return wrong(reject('R03'));
  const from = bodyAt(message, frame);
  const body = message.slice(from);
  if (!isOfSet(body)) return wrong(reject('R05'));
  const fields = splitFields(body, from).map(trimmed);
  return ok({ frame, key, ori: frame.ori, fields, end: message.length });
}

/** Behind the period after the agency; the end where nothing follows. */
function bodyAt(message: string, frame: Frame): number {
  let at = 0;
  for (let part = 0; part < (frame.form === 'header' ? 3 : 2); part += 1) {
    const period = message.indexOf('.', at);
    if (period === -1) return message.length;
    at = period + 1;
  }
  return at;
}

/** Blanks around a value do not count. @source ncic 1.1 [P] */
function trimmed(field: Field): Field {
  const value = field.value.trim();
  if (value === field.value) return field;
  // Blanks before a code: what follows them is a pair after all.
  if (field.code !== undefined || !isTagged(value)) return { ...field, value };
  const at = field.at + field.value.indexOf(value);
  return { code: value.slice(0, 3), value: value.slice(4).trim(), at };
}

/** Who asks stands on a last line of its own and is searched by nobody. @source link X4 */
function withoutRequester(text: string): string {
  const lineEnd = text.lastIndexOf('\r\n');
  if (lineEnd === -1) return text;
  return parseRequester(text.slice(lineEnd + 2), 0) === undefined ? text : text.slice(0, lineEnd);
}

/** Capitals, digits, blank and the signs of ncic 1.7; line ends around a field are tolerated [P]. */
const isOfSet = (body: string): boolean => /^[A-Z0-9 &'()*+,\-./:;=?@#$%"!<>\r\n]*$/.test(body);

const printable = (text: string): string => text.replaceAll(/[^ -~]/g, ' ');

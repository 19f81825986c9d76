// Message text (link 8): key, agency and fields from a station; answers from an upstream; what the
// switch itself says. It promises one verdict for any octets, X02 before X03 before X04, and to
// read an upstream's answer whatever it is. It fails by value, and knows no agency and no person.

import {
  fieldsMax,
  formatRequester,
  isTagged,
  parseRequester,
  splitFields,
  splitItems,
} from './field.ts';
import type { Field, Requester } from './field.ts';
import { parseMke, parseOri } from './ids.ts';
import type { Mke, Ori } from './ids.ts';
import { keyTable } from './keys.ts';
import type { AnswerLiterals, KeyedField, KeyEntry, KeyTable } from './keys.ts';
import { asciiBytes, latin1 } from './octets.ts';
import { fail, ok } from './result.ts';
import type { Result } from './result.ts';

/** One of the addresses of an administrative text or hit confirmation. @source link X5 */
export interface Destination {
  /** By form alone; whatever is no mnemonic, ORI or state can only be a group's code. */
  readonly kind: 'mnemonic' | 'ori' | 'state' | 'group';
  readonly value: string;
  readonly at: number;
}

export interface MessageText {
  readonly mke: Mke;
  readonly ori: Ori;
  readonly key: KeyEntry;
  readonly keyAt: number;
  readonly oriAt: number;
  /** Offset of what follows the ORI and its period; the length of the body for nothing. */
  readonly restAt: number;
  readonly fields: readonly Field[];
  /** Offset of the end of the fields: of the body, or of the line end before the requester's line. */
  readonly fieldsEnd: number;
  /** Of an addressed key, perhaps none; at most `destinationsMax` + 1 are read (B03). */
  readonly destinations?: readonly Destination[];
  /** Offset of what follows `TXT`; absent where a key has no `TXT`, or its sender forgot it. */
  readonly contentAt?: number;
  readonly requester?: Requester;
}

export interface TextReject {
  readonly code: 'X02' | 'X03' | 'X04';
  readonly at: number;
}

/** @source link X5 */
export const destinationsMax = 20;

/**
 * Reads a text from a station.
 *
 * @param at Offset of the text in the body, as the header gives it.
 * @returns The text, or the first of X02, X03 (also a key that no station sends), X04 it breaks.
 * @source link X1, X2, X4, X5
 */
export function parseText(
  octets: Uint8Array,
  at: number,
  keys: KeyTable,
): Result<MessageText, TextReject> {
  for (let i = at; i < octets.length; i++)
    if (!isTextOctet(octets[i] ?? 0)) return fail({ code: 'X02', at: i });
  const text = latin1(octets, at);
  const keyEnd = endOfKey(text);
  const key = keys.get(text.slice(0, keyEnd));
  if (key === undefined || key.from !== 'station') return fail({ code: 'X03', at });
  const oriFrom = Math.min(keyEnd + 1, text.length);
  const oriEnd = oriFrom + oriLength;
  const ori = parseOri(text.slice(oriFrom, oriEnd));
  if (ori === undefined || (text[oriEnd] ?? '.') !== '.')
    return fail({ code: 'X04', at: at + oriFrom });
  const restFrom = Math.min(oriEnd + 1, text.length);
  const head = { mke: key.mke, ori, key, keyAt: at, oriAt: at + oriFrom, restAt: at + restFrom };
  return ok({ ...head, ...parseRest(text.slice(restFrom), at + restFrom, key) });
}

/** The octets of a text from a station; it trusts its caller, as every format does. */
export function formatText(draft: {
  readonly mke: Mke;
  readonly ori: Ori;
  readonly destinations?: readonly string[];
  readonly fields?: readonly KeyedField[];
  /** Free text; after the destinations, instead of fields. */
  readonly text?: string;
  readonly requester?: Pick<Requester, 'who' | 'recipient' | 'reason'>;
}): Uint8Array {
  const { mke, ori, destinations, fields = [], requester } = draft;
  const address = destinations === undefined ? '' : `${destinations.join(',')}.TXT\r\n`;
  const pairs = fields.map(({ code, value }) => (code === undefined ? value : `${code}/${value}`));
  const rest = address + (draft.text ?? pairs.join('.'));
  const last = requester === undefined ? '' : `\r\n${formatRequester(requester)}`;
  return asciiBytes(`${mke}.${ori}${rest + last === '' ? '' : '.'}${rest}${last}`);
}

/** What an upstream's answer says of itself. */
export interface Answer {
  readonly mke?: Mke;
  readonly ori?: Ori;
  readonly outcome?: 'hit' | 'no-hit' | 'rejected';
  /** The `CODE/value` items of its lines. */
  readonly fields: readonly Field[];
  /** An unsolicited notice, `$.` and a letter or digit. */
  readonly notice: boolean;
}

/** Reads what an upstream sent; it never refuses, what it cannot read is left out. @source link X6 */
export function parseAnswer(
  octets: Uint8Array,
  at: number,
  literals: AnswerLiterals = keyTable.literals,
): Answer {
  const text = latin1(octets, at);
  const keyEnd = endOfKey(text);
  const mke = parseMke(text.slice(0, keyEnd));
  const ori = parseOri(text.slice(keyEnd + 1, keyEnd + 1 + oriLength));
  const lines = splitLines(text, at);
  const outcome = outcomeOf(lines, literals);
  return {
    ...(mke === undefined ? {} : { mke }),
    ...(ori === undefined ? {} : { ori }),
    ...(outcome === undefined ? {} : { outcome }),
    fields: lines.flatMap((line) => splitItems(line.text, line.at)).slice(0, fieldsMax),
    notice: text.startsWith('$.'),
  };
}

/** What the switch itself says, as an SM or ER. @source link X3 */
export interface SwitchMessage {
  readonly kind: 'SM' | 'ER';
  readonly ori: Ori;
  /** Two digits. */
  readonly code: string;
  readonly text: string;
}

export function formatSwitchMessage(message: SwitchMessage): Uint8Array {
  const { kind, ori, code, text } = message;
  return asciiBytes(`${kind}.${ori}.${code}.${text}`);
}

/** The SM or ER at `at`, or undefined for any other text. */
export function parseSwitchMessage(octets: Uint8Array, at: number): SwitchMessage | undefined {
  const parts = switchMessageForm.exec(latin1(octets, at));
  const [, kind, oriText = '', code, text] = parts ?? [];
  const ori = parseOri(oriText);
  if ((kind !== 'SM' && kind !== 'ER') || ori === undefined) return undefined;
  return code === undefined || text === undefined ? undefined : { kind, ori, code, text };
}

type Rest = Pick<MessageText, 'fields' | 'destinations' | 'contentAt' | 'requester'>;
type WholeRest = Rest & Pick<MessageText, 'fieldsEnd'>;

interface Line {
  readonly text: string;
  readonly at: number;
}

const oriLength = 9;
const keyLengthMax = 5;
const switchMessageForm = /^(SM|ER)\.([A-Z0-9]{9})\.([0-9]{2})\.(.*)$/s;

/** 20 to 7E, CR, LF, TAB. @source link X2 */
function isTextOctet(octet: number): boolean {
  return (octet >= 0x20 && octet <= 0x7e) || octet === 0x0d || octet === 0x0a || octet === 0x09;
}

/** The offset of the period behind the key, `$.x` being one key; the first octet too many else. */
function endOfKey(text: string): number {
  const from = text.startsWith('$.') ? 2 : 0;
  const period = text.slice(from, from + keyLengthMax + 1).indexOf('.');
  return period === -1 ? Math.min(from + keyLengthMax + 1, text.length) : from + period;
}

function parseRest(rest: string, base: number, key: KeyEntry): WholeRest {
  const lineEnd = rest.lastIndexOf('\r\n');
  const lastAt = lineEnd === -1 ? 0 : lineEnd + 2;
  const requester = lineEnd === -1 ? undefined : parseRequester(rest.slice(lastAt), base + lastAt);
  const body = requester === undefined ? rest : rest.slice(0, lineEnd);
  const asked = {
    fieldsEnd: base + body.length,
    ...(requester === undefined ? {} : { requester }),
  };
  if (key.form === 'fields') return { fields: splitFields(body, base), ...asked };
  return { ...parseAddressed(body, base, key), ...asked };
}

/** `destinations.TXT` and what follows; a text that begins with a field has no destinations. */
function parseAddressed(body: string, base: number, key: KeyEntry): Rest {
  const period = body.indexOf('.');
  const listEnd = period === -1 ? body.length : period;
  const tagged = isTagged(body);
  const destinations = tagged ? [] : splitDestinations(body.slice(0, listEnd), base);
  const from = tagged ? 0 : Math.min(listEnd + 1, body.length);
  const mark = /^TXT(?:\r\n|\.|$)/.exec(body.slice(from, from + 5));
  const contentFrom = from + (mark?.[0].length ?? 0);
  const fields =
    key.content === 'text' ? [] : splitFields(body.slice(contentFrom), base + contentFrom);
  return mark === null
    ? { fields, destinations }
    : { fields, destinations, contentAt: base + contentFrom };
}

function splitDestinations(list: string, base: number): readonly Destination[] {
  let at = base;
  // One more than allowed is enough to say so.
  return list.split(',', destinationsMax + 1).map((value) => {
    const destination = { kind: kindOf(value), value, at };
    at += value.length + 1;
    return destination;
  });
}

function kindOf(value: string): Destination['kind'] {
  if (/^[A-Z0-9]{4}$/.test(value)) return 'mnemonic';
  if (parseOri(value) !== undefined) return 'ori';
  return /^[A-Z]{2}$/.test(value) ? 'state' : 'group';
}

/** Lines end in CR LF; a line feed alone ends one too, for nothing of an upstream is refused (E8). */
function splitLines(text: string, base: number): readonly Line[] {
  const lines: Line[] = [];
  let at = base;
  for (const line of text.split('\n')) {
    lines.push({ text: line.endsWith('\r') ? line.slice(0, -1) : line, at });
    at += line.length + 1;
  }
  return lines;
}

function outcomeOf(lines: readonly Line[], literals: AnswerLiterals): Answer['outcome'] {
  const begins = (line: Line, words: readonly string[]): boolean =>
    words.some((word) => line.text.startsWith(word));
  // A reject may bring the stored record along (ncic 6.6): what comes first decides.
  for (const line of lines) {
    if (begins(line, literals.rejected)) return 'rejected';
    if (begins(line, literals.hit)) return 'hit';
  }
  return lines.some((line) => begins(line, literals.miss)) ? 'no-hit' : undefined;
}

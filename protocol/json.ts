// Strict JSON for the bodies of control frames (link F5): UTF-8 without a byte order mark, an
// object, no member twice, no null, four levels at most. It promises one verdict for any octets
// and work that grows with their number alone. It fails with a plain sentence that holds nothing
// of the peer's, and keeps no number but a plain integer.

import { parseUtf8 } from './octets.ts';
import { fail, ok } from './result.ts';
import type { Result } from './result.ts';

/**
 * A JSON value. Every number but digits without sign, fraction and exponent reads as NaN, which
 * no bound of a named member accepts.
 */
export type JsonValue = string | number | boolean | readonly JsonValue[] | JsonObject;
export type JsonObject = ReadonlyMap<string, JsonValue>;

/** Levels of objects and arrays, the body itself counted. @source link F5 */
export const nestingMax = 4;

/** Reads one JSON object, or says in a sentence what is wrong. @source link F5 */
export function parseJsonObject(octets: Uint8Array): Result<JsonObject, string> {
  const text = parseUtf8(octets);
  if (text === undefined) return fail('The body is not UTF-8.');
  const reader: Reader = { text, at: 0, flaw: notJson };
  skipBlanks(reader);
  if (text[reader.at] !== '{') return fail('The body is not a JSON object.');
  const object = readObject(reader, 1);
  skipBlanks(reader);
  if (object === undefined) return fail(reader.flaw);
  return reader.at === text.length ? ok(object) : fail(notJson);
}

interface Reader {
  readonly text: string;
  at: number;
  /** Why reading stopped. */
  flaw: string;
}

const notJson = 'The body is not JSON.';

/** Each reader below stands at its value's first character, and returns undefined when it stops. */
function readValue(reader: Reader, level: number): JsonValue | undefined {
  switch (reader.text[reader.at]) {
    case '{':
      return readObject(reader, level);
    case '[':
      return readArray(reader, level);
    case '"':
      return readString(reader);
    case 't':
      return readWord(reader, 'true') ? true : undefined;
    case 'f':
      return readWord(reader, 'false') ? false : undefined;
    case 'n':
      if (readWord(reader, 'null')) stop(reader, 'The body has a null.');
      return undefined;
    case undefined:
      return undefined;
    default:
      return readNumber(reader);
  }
}

function readObject(reader: Reader, level: number): JsonObject | undefined {
  const members = new Map<string, JsonValue>();
  const whole = readItems(reader, level, '}', () => {
    if (reader.text[reader.at] !== '"') return false;
    const name = readString(reader);
    if (name === undefined) return false;
    skipBlanks(reader);
    if (!readWord(reader, ':')) return false;
    skipBlanks(reader);
    const value = readValue(reader, level + 1);
    if (value === undefined) return false;
    if (members.has(name)) return stop(reader, 'The body has a member twice.');
    members.set(name, value);
    return true;
  });
  return whole ? members : undefined;
}

function readArray(reader: Reader, level: number): readonly JsonValue[] | undefined {
  const values: JsonValue[] = [];
  const whole = readItems(reader, level, ']', () => {
    const value = readValue(reader, level + 1);
    if (value !== undefined) values.push(value);
    return value !== undefined;
  });
  return whole ? values : undefined;
}

/** The items between the bracket that stands here and `end`; false when reading stopped. */
function readItems(reader: Reader, level: number, end: string, readItem: () => boolean): boolean {
  if (level > nestingMax) return stop(reader, 'The body is nested too deep.');
  reader.at++;
  skipBlanks(reader);
  if (readWord(reader, end)) return true;
  for (;;) {
    if (!readItem()) return false;
    skipBlanks(reader);
    if (readWord(reader, end)) return true;
    if (!readWord(reader, ',')) return false;
    skipBlanks(reader);
  }
}

function readString(reader: Reader): string | undefined {
  const { text } = reader;
  let value = '';
  let from = ++reader.at;
  for (; reader.at < text.length; reader.at++) {
    const code = text.charCodeAt(reader.at);
    if (code < 0x20) return undefined;
    if (code === quote) {
      value += text.slice(from, reader.at++);
      return value;
    }
    if (code !== backslash) continue;
    value += text.slice(from, reader.at);
    const escaped = readEscape(reader);
    if (escaped === undefined) return undefined;
    value += escaped;
    from = reader.at + 1;
  }
  return undefined;
}

/** From the backslash to the last character of the escape. */
function readEscape(reader: Reader): string | undefined {
  const letter = reader.text[++reader.at] ?? '';
  if (letter !== 'u') return escapes.get(letter);
  const digits = reader.text.slice(reader.at + 1, reader.at + 5);
  reader.at += 4;
  return /^[0-9A-Fa-f]{4}$/.test(digits) ? String.fromCharCode(parseInt(digits, 16)) : undefined;
}

function readNumber(reader: Reader): number | undefined {
  const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
  number.lastIndex = reader.at;
  const digits = number.exec(reader.text)?.[0];
  if (digits === undefined) return undefined;
  reader.at += digits.length;
  return /^[0-9]+$/.test(digits) ? Number(digits) : NaN;
}

function readWord(reader: Reader, word: string): boolean {
  if (!reader.text.startsWith(word, reader.at)) return false;
  reader.at += word.length;
  return true;
}

function skipBlanks(reader: Reader): void {
  while (' \t\r\n'.includes(reader.text[reader.at] ?? 'x')) reader.at++;
}

function stop(reader: Reader, flaw: string): false {
  reader.flaw = flaw;
  return false;
}

const quote = 0x22;
const backslash = 0x5c;
const escapes: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

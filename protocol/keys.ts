// The table of message keys: what a key means is data (keys.json), never code (link X1). It
// promises that every entry it holds is whole. It fails with a sentence that names the entry; it
// decides nothing about who may send a key.

import { formatTable } from './formats.ts';
import { parseMke } from './ids.ts';
import type { Mke } from './ids.ts';
import keysJson from './keys.json' with { type: 'json' };
import { isMark } from './mark.ts';
import type { Mark } from './mark.ts';
import { fail, ok } from './result.ts';
import type { Result } from './result.ts';
import { isCount, isOneOf, isOptional, isRecord, isRecordOf, isText, isTexts } from './shape.ts';

/** Classes of link M6, highest first. */
export type MessageClass = 1 | 2 | 3 | 4 | 5 | 6 | 7;

export interface KeyEntry {
  readonly mke: Mke;
  readonly name: string;
  /** The file it asks or changes, in words; `-` for none. */
  readonly file: string;
  readonly class: MessageClass;
  /** One field that may change the class: the value's own, else `class`. @source link M6a */
  readonly classBy?: {
    readonly field: string;
    readonly values: Readonly<Record<string, MessageClass>>;
  };
  /** `state`: to an upstream. `local`: to stations here. `both`: each destination by itself. */
  readonly route: 'state' | 'local' | 'both';
  /** `addressed`: `destinations.TXT` stands before the fields or the text. @source link X5 */
  readonly form: 'fields' | 'addressed';
  /** What follows an addressed header: free text, or fields. */
  readonly content: 'fields' | 'text';
  /** Authorisation group. */
  readonly group: string;
  readonly answer: 'awaited' | 'none';
  /** Milliseconds; without it the window of the class. */
  readonly answerMs?: number;
  /** Codes of the fields to index. */
  readonly identifiers: readonly string[];
  /** Who may send it; `switch` is unknown from a station (X03), and so is `nobody`: a key that waits for its
   *  checks, or an answer. It stands here for what the journal may hold of it. */
  readonly from: 'station' | 'switch' | 'nobody';
  /** Its text is criminal history, which is released under stricter rules; the mark of the source that says so. */
  readonly criminalHistory?: Mark;
  /** Purposes the key demands or allows; filled by the access control point. */
  readonly purpose?: readonly string[];
  /** The format of its fields, and who refuses what breaks it: this switch (X08), or the host alone.
   *  Free text, and answers, have none. @source link X2 */
  readonly edits?: { readonly format: string; readonly by: 'switch' | 'upstream' };
  readonly mark: Mark;
}

/** How the lines of an answer begin. @source link X6 */
export interface AnswerLiterals {
  readonly hit: readonly string[];
  readonly miss: readonly string[];
  readonly rejected: readonly string[];
}

export interface KeyTable {
  /** The entry of a key, or undefined: X03. */
  get(mke: string): KeyEntry | undefined;
  readonly all: readonly KeyEntry[];
  readonly literals: AnswerLiterals;
}

/** Checks a whole table; the first entry that is not whole refuses it. */
export function parseKeyTable(value: unknown): Result<KeyTable, string> {
  if (!isRecord(value) || !Array.isArray(value['keys']))
    return fail('the table has no list "keys"');
  const literals = value['literals'];
  if (!isLiterals(literals)) return fail('the table has no "literals" of answers');
  const entries = new Map<string, KeyEntry>();
  for (const [index, row] of value['keys'].entries()) {
    const flaw = entryFlaw(row);
    if (flaw !== undefined) return fail(`key ${index + 1}: ${flaw}`);
    // entryFlaw has looked at every member.
    const entry = row as KeyEntry;
    if (entries.has(entry.mke)) return fail(`key ${index + 1}: "${entry.mke}" stands twice`);
    entries.set(entry.mke, entry);
  }
  return ok({ get: (mke) => entries.get(mke), all: [...entries.values()], literals });
}

/** The table that comes with the project. */
export const keyTable: KeyTable = required(parseKeyTable(keysJson));

/** The class of a message. @source link M6a */
export function classOf(key: KeyEntry, fields: readonly KeyedField[]): MessageClass {
  const by = key.classBy;
  if (by === undefined) return key.class;
  const value = fields.find((field) => field.code === by.field)?.value ?? '';
  return (Object.hasOwn(by.values, value) ? by.values[value] : undefined) ?? key.class;
}

/** How long an answer is awaited from the upstream's ACK on; undefined: none is. @source link M6 */
export function answerWindowMs(messageClass: number): number | undefined {
  return windows[messageClass]?.answerMs;
}

/** How long after receipt a request is kept for forwarding; undefined: until then. @source link M6 */
export function requestKeptMs(messageClass: number): number | undefined {
  return windows[messageClass]?.keptMs;
}

/** The part of a field that `classOf` looks at. */
export interface KeyedField {
  readonly code?: string;
  readonly value: string;
}

const minute = 60_000;
const hour = 60 * minute;
const windows: Readonly<Record<number, { readonly answerMs?: number; readonly keptMs?: number }>> =
  {
    1: { keptMs: 24 * hour },
    2: { answerMs: 10 * minute },
    3: { answerMs: minute, keptMs: 2 * minute },
    4: { answerMs: minute },
    5: { answerMs: hour },
    6: { keptMs: 7 * 24 * hour },
    7: { answerMs: hour },
  };

function entryFlaw(row: unknown): string | undefined {
  if (!isRecord(row)) return 'not an object';
  const mke = row['mke'];
  if (typeof mke !== 'string' || parseMke(mke) === undefined) return '"mke" is no message key';
  const checks: Readonly<Record<string, boolean>> = {
    name: isText(row['name']),
    file: isText(row['file']),
    class: isClass(row['class']),
    classBy: isOptional(row['classBy'], isClassBy),
    route: isOneOf(row['route'], 'state', 'local', 'both'),
    form: isOneOf(row['form'], 'fields', 'addressed'),
    content: isOneOf(row['content'], 'fields', 'text'),
    group: isText(row['group']),
    answer: isOneOf(row['answer'], 'awaited', 'none'),
    answerMs: isOptional(row['answerMs'], isCount),
    identifiers: isTexts(row['identifiers']),
    from: isOneOf(row['from'], 'station', 'switch', 'nobody'),
    criminalHistory: isOptional(row['criminalHistory'], isMark),
    purpose: isOptional(row['purpose'], isTexts),
    edits: isOptional(row['edits'], isEdits),
    mark: isMark(row['mark']),
  };
  const name = Object.keys(checks).find((member) => checks[member] !== true);
  return name === undefined ? undefined : `"${name}" of ${mke} is missing or wrong`;
}

function isClass(value: unknown): boolean {
  return typeof value === 'number' && [1, 2, 3, 4, 5, 6, 7].includes(value);
}

function isClassBy(value: unknown): boolean {
  return isRecord(value) && isText(value['field']) && isRecordOf(value['values'], isClass);
}

function isEdits(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { format, by } = value;
  return (
    isText(format) && formatTable.get(format) !== undefined && isOneOf(by, 'switch', 'upstream')
  );
}

function isLiterals(value: unknown): value is AnswerLiterals {
  return (
    isRecord(value) && isTexts(value['hit']) && isTexts(value['miss']) && isTexts(value['rejected'])
  );
}

/** The project's own table is checked by its tests; a broken one must stop the start. */
function required(table: Result<KeyTable, string>): KeyTable {
  if (!table.ok) throw new Error(`The table of message keys is broken: ${table.error}.`);
  return table.value;
}

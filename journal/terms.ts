// The terms of an entry: what an index finds it by, each as a number made of it. Pure and total.
// A term is a column with its value, a field with its folded value, a word of a name, a word of the text.
// Two terms may have the same number: whoever finds by it looks at the entry too. `check` tells them apart.

import type { JournalEntry } from './entry.ts';
import { columnOf, foldIdentifier, nameFields, searchColumns, wordsIn } from './query.ts';
import type { SearchColumn } from './query.ts';
import { wordsOf } from './words.ts';

export interface Term {
  /** 52 bits. */
  readonly hash: number;
  /** 32 further ones. */
  readonly check: number;
}

export type TakeTerm = (hash: number, check: number) => void;

export const hashBits = 52;

/** A number alone narrows nothing: each session has its own. */
export const termColumns: readonly SearchColumn[] = searchColumns.filter(
  (column) => column !== 'number',
);

/** Columns of which nearly every entry has a value of its own: their values are not listed. */
const unlisted: ReadonlySet<string> = new Set(['thread', 'suphdr', 'session']);

interface Named {
  readonly column: SearchColumn;
  /** As terms are made of it. */
  readonly name: string;
}

const namedColumns: readonly Named[] = termColumns.map((column) => ({
  column,
  name: `c ${column}`,
}));
const listedColumns = namedColumns.filter(({ column }) => !unlisted.has(column));

export const columnTerm = (column: SearchColumn, value: string): Term =>
  termOf(`c ${column}`, value);
export const fieldTerm = (field: string, folded: string): Term => termOf(`f ${field}`, folded);
export const nameTerm = (field: string, word: string): Term => termOf(`n ${field}`, word);
export const wordTerm = (word: string): Term => termOf('w', word);

/** Gives each term of an entry to `take`, some of them more than once. */
export function eachTerm(entry: JournalEntry, body: Uint8Array | undefined, take: TakeTerm): void {
  for (const { column, name } of namedColumns) {
    const value = columnOf(entry, column);
    if (value !== undefined) takeText(name, value, take);
  }
  if (entry.fields !== undefined)
    for (const [field, values] of Object.entries(entry.fields))
      for (const value of values) takeField(field, value, take);
  if (body !== undefined) takeWords('w', body, take);
}

function takeField(field: string, value: string, take: TakeTerm): void {
  takeText(`f ${field}`, foldIdentifier(value), take);
  if (nameFields.has(field)) for (const word of wordsIn(value)) takeText(`n ${field}`, word, take);
}

/** What is listed of an entry for patterns: a name, and a value as it is compared. */
export function eachListed(entry: JournalEntry, take: (name: string, value: string) => void): void {
  for (const { column, name } of listedColumns) {
    const value = columnOf(entry, column);
    if (value !== undefined) take(name, value);
  }
  if (entry.fields === undefined) return;
  for (const [field, values] of Object.entries(entry.fields))
    for (const value of values) {
      take(`f ${field}`, foldIdentifier(value));
      if (nameFields.has(field)) for (const word of wordsIn(value)) take(`n ${field}`, word);
    }
}

export const isListed = (column: SearchColumn): boolean =>
  listedColumns.some((listed) => listed.column === column);

// The hash: three lanes of 32 bits, each fed with every code, mixed at the end. Kept out of objects: it is
// done for each of some forty terms of each entry.
let a = 0;
let b = 0;
let c = 0;

interface Seed {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

const seeds = new Map<string, Seed>();
/** Names of fields come from peers: more than any key table has are not remembered. */
const seedsMost = 4096;

function begin(kind: string): void {
  const known = seeds.get(kind);
  if (known !== undefined) {
    ({ a, b, c } = known);
    return;
  }
  a = 0x9e3779b1;
  b = 0x85ebca77;
  c = 0xc2b2ae3d;
  for (let at = 0; at < kind.length; at += 1) feed(kind.charCodeAt(at));
  feed(0);
  if (seeds.size < seedsMost) seeds.set(kind, { a, b, c });
}

function feed(code: number): void {
  a = Math.imul(a ^ code, 0x9e3779b1);
  a = (a << 13) | (a >>> 19);
  b = Math.imul(b ^ code, 0x85ebca77);
  b = (b << 15) | (b >>> 17);
  c = Math.imul(c ^ code, 0x27d4eb2f);
  c = (c << 11) | (c >>> 21);
}

/** @source MurmurHash3, finalization mix */
function mixed(lane: number): number {
  let mix = lane ^ (lane >>> 16);
  mix = Math.imul(mix, 0x85ebca6b);
  mix ^= mix >>> 13;
  mix = Math.imul(mix, 0xc2b2ae35);
  return (mix ^ (mix >>> 16)) >>> 0;
}

const low20 = 0xfffff;
const two32 = 0x1_0000_0000;

const hashNow = (): number => (mixed(b + c) & low20) * two32 + mixed(a + b);
const checkNow = (): number => mixed(c ^ a);

function termOf(kind: string, value: string): Term {
  begin(kind);
  for (let at = 0; at < value.length; at += 1) feed(value.charCodeAt(at));
  return { hash: hashNow(), check: checkNow() };
}

function takeText(kind: string, value: string, take: TakeTerm): void {
  begin(kind);
  for (let at = 0; at < value.length; at += 1) feed(value.charCodeAt(at));
  take(hashNow(), checkNow());
}

/** The codes that stand for an octet in a word; none where it ends one. As `wordsOf` has them. */
const codes: readonly (readonly number[])[] = Array.from({ length: 256 }, (_, octet) => {
  const [word] = wordsOf(Uint8Array.of(octet));
  return Array.from(word ?? '', (character) => character.charCodeAt(0));
});
/** The same where it is one code, which it nearly always is; 0 for none, -1 for several. */
const codeOf = Int32Array.from(codes, (some) => (some.length > 1 ? -1 : (some[0] ?? 0)));

/** The words of the octets, without making them. */
function takeWords(kind: string, octets: Uint8Array, take: TakeTerm): void {
  let inWord = false;
  for (const octet of octets) {
    const code = codeOf[octet] ?? 0;
    if (code === 0) {
      if (inWord) take(hashNow(), checkNow());
      inWord = false;
      continue;
    }
    if (!inWord) begin(kind);
    inWord = true;
    if (code > 0) feed(code);
    else for (const each of codes[octet] ?? []) feed(each);
  }
  if (inWord) take(hashNow(), checkNow());
}

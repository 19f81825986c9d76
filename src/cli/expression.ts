// The search expression: `LIC:1ZZZ999`, `NAM:"DOE, TEST*"`, `VIN:*0042`, words, "phrases", -left out, OR,
// all else joined by AND (operator-experience 5). Total: any text gives conditions or a sentence.
// What is read can be written again, and read once more gives the same.

import { fail, ok } from '#protocol/result';
import type { Result } from '#protocol/result';
import { foldIdentifier, nameFields, wordsIn } from '#journal/query';
import type { Condition, NameWord, Pattern, PlainCondition } from '#journal/query';

type Said<T> = Result<T, string>;

/**
 * Reads the arguments of a search. A shell has taken its quotes off: `NAM:DOE, TEST*` arrives as one argument,
 * and an argument of plain words with blanks between them was a quoted phrase.
 * A name goes on to the next field, `OR`, `NOT` or minus of its argument; another value ends at a blank, unless it
 * has a comma.
 */
export function parseExpression(args: readonly string[]): Said<readonly Condition[]> {
  const tokens: Token[] = [];
  for (const arg of args) {
    const some = tokensOf(arg.trim());
    if (!some.ok) return some;
    tokens.push(...some.value);
  }
  return joined(tokens);
}

/** The same conditions as one argument. Columns have no place in an expression: their flags say them. */
export function formatExpression(conditions: readonly Condition[]): string {
  return conditions
    .map((condition) => (condition.on === 'either' ? condition.of : [condition]))
    .map((either) => either.flatMap(formatPlain).join(' OR '))
    .filter((text) => text !== '')
    .join(' ');
}

/**
 * A value with at most one asterisk, at its beginning or its end.
 *
 * @returns The pattern, or what is wrong in words.
 */
export function parsePattern(text: string): Said<Pattern> {
  const begins = text.endsWith('*');
  const ends = text.startsWith('*');
  const value = text.slice(ends ? 1 : 0, begins ? -1 : undefined);
  if (text === '*' || (begins && ends) || value.includes('*'))
    return fail('an asterisk stands once, at the beginning or at the end of a value');
  return ok({ kind: begins ? 'begins' : ends ? 'ends' : 'is', value });
}

/** An argument with blanks in it and nothing of the language: a phrase, of which a shell took the quotes off. */
export function isPhrase(arg: string): boolean {
  return /\s/.test(arg.trim()) && !/[":]|(?:^|\s)(?:-|(?:OR|NOT)(?:\s|$))/.test(arg);
}

/** `not` and `or` stand before what they are about, perhaps in an argument of their own. */
type Token = 'or' | 'not' | PlainCondition;

const sign = /^(?:(OR)|NOT|-not)(?=\s|$)|^-(?=\S)/;
/** Names have blanks; of other values only those with a comma, such as a charge. */
const nameOfField = [...nameFields]
  .map((name) => name.replaceAll(/[A-Z]/g, (letter) => `[${letter}${letter.toLowerCase()}]`))
  .join('|');
const beforeNext = '(?=\\s+(?:[A-Za-z]{2,4}:|(?:OR|NOT)\\s|-)|\\s*$)';
const field = new RegExp(
  `^([A-Za-z]{2,4}):(?:"([^"]*)"(?=\\s|$)|(` +
    `(?<=^(?:${nameOfField}):)[^\\s"][^":]*?${beforeNext}|` +
    `[^\\s"]*,[^":]*?${beforeNext}|[^\\s"]+(?=\\s|$)))`,
);
const words = /^(?:"([^"]*)"|([^\s"]+))(?=\s|$)/;
/** Bounds the work on it; no field is as long. */
const argumentMax = 512;

function tokensOf(arg: string): Said<readonly Token[]> {
  if (arg.length > argumentMax) return fail(`an argument has at most ${argumentMax} characters`);
  if (isPhrase(arg)) return inList(textCondition(arg));
  const tokens: Token[] = [];
  for (let rest = arg; rest !== '';) {
    const next = nextToken(rest);
    if (!next.ok) return next;
    tokens.push(next.value.token);
    rest = rest.slice(next.value.length).trimStart();
  }
  return ok(tokens);
}

function nextToken(rest: string): Said<{ readonly token: Token; readonly length: number }> {
  const signed = sign.exec(rest);
  if (signed !== null)
    return ok({ token: signed[1] === undefined ? 'not' : 'or', length: signed[0].length });
  const found = field.exec(rest);
  const read = found === null ? textOf(rest) : fieldOf(found);
  return read.ok ? ok({ token: read.value.condition, length: read.value.length }) : read;
}

interface Read {
  readonly condition: PlainCondition;
  readonly length: number;
}

function fieldOf([whole, name = '', quoted, plain = '']: RegExpExecArray): Said<Read> {
  const condition = fieldCondition(name.toUpperCase(), (quoted ?? plain).trim());
  return condition.ok ? ok({ condition: condition.value, length: whole.length }) : condition;
}

function textOf(rest: string): Said<Read> {
  const [unfinished] = /^[A-Za-z]{2,4}(?=:)/.exec(rest) ?? [];
  if (unfinished !== undefined) return fail(`the value of ${unfinished} is not complete`);
  const found = words.exec(rest);
  if (found === null) return fail('a quotation mark is missing, or stands within a word');
  const [whole, quoted, plain = ''] = found;
  const condition = textCondition(quoted ?? plain);
  return condition.ok ? ok({ condition: condition.value, length: whole.length }) : condition;
}

function inList<T>(said: Said<T>): Said<readonly T[]> {
  return said.ok ? ok([said.value]) : said;
}

function textCondition(text: string): Said<PlainCondition> {
  if (text.includes('*'))
    return fail('an asterisk is for identifiers and names, such as LIC:1ZZ* or NAM:DOE*');
  const phrase = wordsIn(text);
  if (/[^\0-\xff]/.test(text)) return fail('there is a character that no message can hold');
  if (phrase.length === 0) return fail('there is a word without a letter or a digit');
  return ok({ on: 'text', any: [phrase] });
}

function fieldCondition(name: string, text: string): Said<PlainCondition> {
  if (nameFields.has(name)) return nameCondition(name, text);
  const pattern = parsePattern(text);
  if (!pattern.ok) return fail(`${name}: ${pattern.error}`);
  if (foldIdentifier(pattern.value.value) === '') return fail(`${name}: a value is needed`);
  return ok({ on: 'field', field: name, any: [pattern.value] });
}

/** Its words, of which each may end with an asterisk. */
function nameCondition(name: string, text: string): Said<PlainCondition> {
  if (/[^\0-\xff]/.test(text)) return fail(`${name}: a character that no message can hold`);
  const asked: NameWord[] = [];
  for (const piece of text.split(/[\s,]+/)) {
    const begins = piece.endsWith('*');
    const parts = wordsIn(piece);
    if (piece.slice(0, -1).includes('*') || (begins && !/[\p{L}\p{Nd}]\*$/u.test(piece)))
      return fail(`${name}: an asterisk stands at the end of a word, after its first letter`);
    asked.push(...parts.map((value, at) => ({ value, begins: begins && at === parts.length - 1 })));
  }
  if (asked.length === 0) return fail(`${name}: a value is needed`);
  return ok({ on: 'name', field: name, any: [asked] });
}

/** Terms joined by OR stand in one condition. */
function joined(tokens: readonly Token[]): Said<readonly Condition[]> {
  const groups: PlainCondition[][] = [];
  let [isOr, isNot] = [false, false];
  for (const token of tokens) {
    if (token === 'or') {
      if (groups.length === 0 || isOr || isNot) return fail('OR stands between two terms');
      isOr = true;
    } else if (token === 'not') {
      if (isNot) return fail('what is left out has one -');
      isNot = true;
    } else {
      const condition = isNot ? { ...token, not: true as const } : token;
      const group = isOr ? groups.at(-1) : undefined;
      if (group === undefined) groups.push([condition]);
      else group.push(condition);
      [isOr, isNot] = [false, false];
    }
  }
  if (isOr) return fail('OR stands between two terms');
  return isNot ? fail('what is left out follows its -') : ok(groups.map(oneOf));
}

/** Alternatives of one kind, for one place, stand in its own list: an index narrows best by that. */
function oneOf(group: readonly PlainCondition[]): Condition {
  return group.slice(1).reduce<PlainCondition | undefined>(merged, group[0]) ?? either(group);
}

function either(of: readonly PlainCondition[]): Condition {
  return { on: 'either', of };
}

function merged(all: PlainCondition | undefined, next: PlainCondition): PlainCondition | undefined {
  if (all === undefined || all.not === true || next.not === true) return undefined;
  if (all.on === 'text' && next.on === 'text') return { ...all, any: [...all.any, ...next.any] };
  if (all.on === 'field' && next.on === 'field' && all.field === next.field)
    return { ...all, any: [...all.any, ...next.any] };
  if (all.on === 'name' && next.on === 'name' && all.field === next.field)
    return { ...all, any: [...all.any, ...next.any] };
  return undefined;
}

function formatPlain(condition: PlainCondition): readonly string[] {
  const denied = condition.not === true ? '-' : '';
  switch (condition.on) {
    case 'column':
      return [];
    case 'text':
      return condition.any.map((phrase) => `${denied}"${phrase.join(' ')}"`);
    case 'field':
      return condition.any.map((each) => `${denied}${condition.field}:"${formatPattern(each)}"`);
    case 'name':
      return condition.any.map((each) => `${denied}${condition.field}:"${formatName(each)}"`);
  }
}

function formatPattern({ kind, value }: Pattern): string {
  return `${kind === 'ends' ? '*' : ''}${value}${kind === 'begins' ? '*' : ''}`;
}

function formatName(asked: readonly NameWord[]): string {
  return asked.map(({ value, begins }) => `${value}${begins ? '*' : ''}`).join(' ');
}

// The search expression: `LIC:1ZZZ999`, `NAM:"DOE, TEST*"`, `VIN:*0042`, all joined by AND
// (operator-experience 5). Total: any text gives conditions or a sentence. Words are not searched yet.

import { fail, ok } from '#protocol/result';
import type { Result } from '#protocol/result';
import { foldIdentifier } from '#journal/query';
import type { Condition, Pattern } from '#journal/query';

/**
 * Reads the arguments of a search, each an expression of its own: a shell has taken its quotes off, so
 * `NAM:DOE, TEST*` arrives as one argument. After a comma a value may hold blanks; else a blank ends it.
 */
export function parseExpression(args: readonly string[]): Result<readonly Condition[], string> {
  const conditions: Condition[] = [];
  for (const arg of args) {
    const parsed = parseTerms(arg);
    if (!parsed.ok) return parsed;
    conditions.push(...parsed.value);
  }
  return ok(conditions);
}

/**
 * A value with at most one asterisk, at its beginning or its end.
 *
 * @returns The pattern, or what is wrong in words.
 */
export function parsePattern(text: string): Result<Pattern, string> {
  const begins = text.endsWith('*');
  const ends = text.startsWith('*');
  const value = text.slice(ends ? 1 : 0, begins ? -1 : undefined);
  if (text === '*' || (begins && ends) || value.includes('*'))
    return fail('an asterisk stands once, at the beginning or at the end of a value');
  return ok({ kind: begins ? 'begins' : ends ? 'ends' : 'is', value });
}

const term =
  /^\s*([A-Za-z]{2,4}):(?:"([^"]*)"(?=\s|$)|([^\s"]*,[^":]*?(?=\s+[A-Za-z]{2,4}:|\s*$)|[^\s"]+))/;

function parseTerms(arg: string): Result<readonly Condition[], string> {
  const conditions: Condition[] = [];
  let rest = arg;
  while (rest.trim() !== '') {
    const match = term.exec(rest);
    if (match === null) return fail(notATerm(rest.trim()));
    const [whole, field = '', quoted, plain = ''] = match;
    const condition = fieldCondition(field.toUpperCase(), (quoted ?? plain).trim());
    if (!condition.ok) return condition;
    conditions.push(condition.value);
    rest = rest.slice(whole.length);
  }
  return ok(conditions);
}

function fieldCondition(field: string, text: string): Result<Condition, string> {
  const pattern = parsePattern(text);
  if (!pattern.ok) return fail(`${field}: ${pattern.error}`);
  if (foldIdentifier(pattern.value.value) === '') return fail(`${field}: a value is needed`);
  if (field === 'NAM' && pattern.value.kind === 'ends')
    return fail('NAM: an asterisk stands at the end, after the first letter at least');
  return ok({ on: 'field', field, any: [pattern.value] });
}

function notATerm(rest: string): string {
  if (/^[A-Za-z]{2,4}:/.test(rest))
    return `the value of ${rest.slice(0, rest.indexOf(':'))} is not complete`;
  return 'searching by word is not there yet; search by field, such as LIC:2ZZZ999 or NAM:"DOE, TEST*"';
}

// Reads a TOML text and checks it by a JSON Schema: the one way files of ours are taken in.
// It lists every problem, with its place and a suggestion, not just the first; it never throws for input.
// It never repeats a value in a problem: a key pasted into the wrong place must not reach a log.

import type { ErrorObject, ValidateFunction } from 'ajv';
import { parse, TomlError } from 'smol-toml';
import { fail, ok, type Result } from '#protocol/result';
import { placeOf, type Place } from './place.ts';

/** One thing wrong with a file. */
export interface Problem extends Partial<Place> {
  readonly code: string;
  /** Dotted name of the setting or record; empty for the file as a whole. */
  readonly at: string;
  readonly sentence: string;
}

/** Codes of problems: `syntax` not TOML, `unknown` a key nobody knows, `value` all else. */
export interface ProblemCodes {
  readonly syntax: string;
  readonly unknown: string;
  readonly value: string;
}

/** The parts of a schema's node that problems are worded from. */
export interface SchemaNode {
  readonly type?: string;
  /** What the value must be, in words. */
  readonly 'x-form'?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
}

/**
 * Parses and validates.
 *
 * @param validate Compiled by ajv with `allErrors` and `verbose`; defaults are filled in if it was told so.
 * @returns The table as the schema describes it, or all problems in the order of the text.
 */
export function readToml<T>(
  toml: string,
  validate: ValidateFunction<T>,
  codes: ProblemCodes,
): Result<T, readonly Problem[]> {
  const table = parseToml(toml, codes);
  if (!table.ok) return table;
  const value: unknown = table.value;
  if (validate(value)) return ok(value);
  // A bad name is reported twice; the second report only repeats that there was a first.
  const errors = (validate.errors ?? []).filter((error) => error.keyword !== 'propertyNames');
  const problems = errors.map((error) => describe(error, toml, codes));
  return fail(inOrder(withoutTwins(problems)));
}

/** The bare table of a TOML text, or why it is none. */
export function parseToml(
  toml: string,
  codes: Pick<ProblemCodes, 'syntax'>,
): Result<Readonly<Record<string, unknown>>, readonly Problem[]> {
  try {
    return ok(parse(toml, { unsafeKeyBehaviour: 'throw', maxDepth: 20 }));
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // The first line alone: what follows quotes the file.
    const why = (error.message.split('\n')[0] ?? '').replace(/^Invalid TOML document: /, '');
    return fail([
      { code: codes.syntax, at: '', line: error.line, column: error.column, sentence: why },
    ]);
  }
}

/** A problem with its place filled in from the text. */
export function placed(problem: Problem, toml: string, path: readonly string[]): Problem {
  return { ...problem, ...placeOf(toml, path) };
}

/** `FILE:LINE:COLUMN key: sentence (CODE)`. */
export function formatProblem(file: string, problem: Problem): string {
  const { line, column, at, sentence, code } = problem;
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
  return `${place} ${at === '' ? '' : `${at}: `}${sentence} (${code})`;
}

function describe(error: ErrorObject, toml: string, codes: ProblemCodes): Problem {
  // `verbose` puts the node of the schema beside the error; ajv types it as any schema.
  const node = error.parentSchema as SchemaNode | undefined;
  const parents = error.instancePath.split('/').slice(1).map(unescapePointer);
  // ajv's parameters differ by keyword: these two name the key in question.
  const { additionalProperty, missingProperty } = error.params as Readonly<
    Record<string, string | undefined>
  >;
  const key = additionalProperty ?? missingProperty ?? error.propertyName;
  const path = key === undefined ? parents : [...parents, key];
  const at = path.join('.');
  if (additionalProperty !== undefined) {
    const near = nearest(additionalProperty, Object.keys(node?.properties ?? {}));
    const hint = near === undefined ? '' : `; did you mean ${near}?`;
    return placed({ code: codes.unknown, at, sentence: `unknown key${hint}` }, toml, path);
  }
  const form = missingProperty === undefined ? node : node?.properties?.[missingProperty];
  const verb = missingProperty === undefined ? 'must be' : 'is missing; it must be';
  const sentence = `${verb} ${form?.['x-form'] ?? `of type ${form?.type ?? 'table'}`}`;
  return placed({ code: codes.value, at, sentence }, toml, path);
}

function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** One value can break several keywords of its node; the person needs to hear it once. */
function withoutTwins(problems: readonly Problem[]): readonly Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ at, code }) => {
    const twin = seen.has(`${code} ${at}`);
    seen.add(`${code} ${at}`);
    return !twin;
  });
}

function inOrder(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
}

/** The name at most half its length away from what was typed. */
export function nearest(typed: string, names: readonly string[]): string | undefined {
  let best: { name: string; distance: number } | undefined;
  for (const name of names) {
    const distance = editDistance(typed, name);
    if (distance * 2 <= name.length && distance < (best?.distance ?? Infinity))
      best = { name, distance };
  }
  return best?.name;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

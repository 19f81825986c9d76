// The kinds of setting there are, each a node of a JSON Schema 2020-12.
// A node says default, unit, lowest, highest and why; validator, editor help and page read the same node.

import type { SchemaNode } from './read.ts';
import { durationPattern, parseDurationMs, parseSizeBytes, sizePattern } from './units.ts';

export type Unit = 'duration' | 'size';

/** Limits that carry a unit; checked by the keyword of `validator.ts`. */
export interface Range {
  readonly unit: Unit;
  readonly lowest: string;
  readonly highest: string;
}

/** One node. `description` says what the setting is for, and why it has these limits. */
export interface Node extends SchemaNode {
  readonly type: 'string' | 'integer' | 'boolean' | 'array' | 'object';
  readonly description: string;
  readonly default?: unknown;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly uniqueItems?: boolean;
  readonly items?: Node;
  readonly 'x-range'?: Range;
  /** A change of it needs a restart; all else is taken by a reload. */
  readonly 'x-restart'?: true;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly propertyNames?: { readonly pattern: string; readonly 'x-form': string };
  readonly additionalProperties?: false | Node;
}

interface Told {
  readonly why: string;
  readonly default?: unknown;
}

interface Between<T> {
  readonly why: string;
  readonly default?: T;
  readonly lowest: T;
  readonly highest: T;
}

export function text(told: Told & { readonly form: string; readonly pattern: string }): Node {
  return { ...shared(told), type: 'string', pattern: told.pattern, 'x-form': told.form };
}

/** A path; relative ones start at the folder of the configuration file. */
export function path(told: Told): Node {
  const form = 'a path, relative to the folder of this file or absolute';
  return { ...shared(told), type: 'string', minLength: 1, maxLength: 4096, 'x-form': form };
}

export function choice(told: Told & { readonly of: readonly string[] }): Node {
  const form = `one of ${told.of.map((value) => `"${value}"`).join(', ')}`;
  return { ...shared(told), type: 'string', enum: told.of, 'x-form': form };
}

export function yesNo(told: Told): Node {
  return { ...shared(told), type: 'boolean', 'x-form': 'true or false' };
}

export function whole(told: Between<number>): Node {
  const { lowest, highest } = told;
  const form = `a whole number from ${lowest} to ${highest}`;
  return { ...shared(told), type: 'integer', minimum: lowest, maximum: highest, 'x-form': form };
}

export function duration(told: Between<string>): Node {
  return { ...ranged(told, 'duration', 'such as "90s" or "12h"'), pattern: durationPattern };
}

export function size(told: Between<string>): Node {
  return { ...ranged(told, 'size', 'such as "32KiB"'), pattern: sizePattern };
}

export function list(told: Told & { readonly of: Node }): Node {
  const form = 'a list without repeats, of at least one';
  const { of: items } = told;
  return { ...shared(told), type: 'array', items, minItems: 1, uniqueItems: true, 'x-form': form };
}

/** A table of settings; without `required` it may be left out and has its defaults. */
export function section(
  why: string,
  properties: Readonly<Record<string, Node>>,
  required: readonly string[] = [],
): Node {
  return {
    type: 'object',
    description: why,
    'x-form': 'a table',
    properties,
    required,
    additionalProperties: false,
  };
}

/** The same setting, which holds from the start of the process to its end. */
export function fixed(node: Node): Node {
  return { ...node, 'x-restart': true };
}

/** Octets or milliseconds of a value with a unit. */
export function amountOf(value: string, unit: Unit): number | undefined {
  return unit === 'duration' ? parseDurationMs(value) : parseSizeBytes(value);
}

function shared(told: Told): { readonly description: string; readonly default?: unknown } {
  const { why } = told;
  return told.default === undefined
    ? { description: why }
    : { description: why, default: told.default };
}

function ranged(told: Between<string>, unit: Unit, example: string): Node {
  const { lowest, highest } = told;
  const form = `a ${unit} from ${lowest} to ${highest}, ${example}`;
  return { ...shared(told), type: 'string', 'x-range': { unit, lowest, highest }, 'x-form': form };
}

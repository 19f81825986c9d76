// JSON files that are given to a simulator: one object each, and what is missing is said by its name.

import { readFileSync } from 'node:fs';
import { SimFault } from './fault.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * @param hint Said where the file cannot be read: where such a file comes from.
 * @throws SimFault SIM-FILE, SIM-INPUT
 */
export function readJsonObject(path: string, hint = ''): JsonObject {
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new SimFault('SIM-FILE', `${path} cannot be read${hint}`, cause);
  }
  try {
    const value: unknown = JSON.parse(content);
    if (isObject(value)) return value;
  } catch (cause) {
    throw new SimFault('SIM-INPUT', `${path} is not JSON`, cause);
  }
  throw new SimFault('SIM-INPUT', `${path} is not a JSON object`);
}

/** The objects of a list; anything else is an empty one. */
export const listOf = (value: unknown): JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];

/** @throws SimFault SIM-INPUT */
export function textOf(object: JsonObject, name: string, path: string): string {
  const value = object[name];
  if (typeof value !== 'string') throw lacking(path, name);
  return value;
}

/** Undefined where it is left out. */
export function textIn(object: JsonObject, name: string): string | undefined {
  const value = object[name];
  return typeof value === 'string' ? value : undefined;
}

/** The texts of a list; anything else is an empty one. */
export const textsIn = (object: JsonObject, name: string): string[] => {
  const value = object[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
};

export const lacking = (path: string, member: string): SimFault =>
  new SimFault('SIM-INPUT', `${path} lacks "${member}"`);

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

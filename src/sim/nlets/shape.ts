// Reads the data files of the simulated Nlets and checks them whole: a value that is not what it should be is a
// fault that names its file and its place, as `states.json: rules[3].plays[0][1].say`. A member nobody
// knows is refused too: a word mistyped is said, not passed over.

import { SimFault } from '../fault.ts';
import { readJsonObject } from '../json-file.ts';
import type { JsonObject } from '../json-file.ts';
import { isObject } from '../json-file.ts';

/** A value and where it stands. */
export interface Place {
  readonly value: unknown;
  /** The file, and the way to the value in it. */
  readonly at: string;
}

/** @throws SimFault SIM-FILE, SIM-INPUT, as everything here for what is not as it should be */
export const openPlace = (path: string): Place => ({ value: readJsonObject(path), at: `${path}:` });

export const wrong = (place: Place, sentence: string): SimFault =>
  new SimFault('SIM-INPUT', `${place.at.replace(/:\./, ': ')} ${sentence}`);

/** An object that has no other members than those named. */
export function objectAt(place: Place, members: readonly string[]): JsonObject {
  if (!isObject(place.value)) throw wrong(place, 'is not an object');
  const stray = Object.keys(place.value).find((name) => !members.includes(name));
  if (stray !== undefined) throw wrong(place, `has a member "${stray}" that nobody reads`);
  return place.value;
}

export function memberOf(place: Place, name: string): Place {
  const value = isObject(place.value) ? place.value[name] : undefined;
  return { value, at: `${place.at}.${name}` };
}

export function textAt(place: Place, form = /^[^]*$/, wanted = 'a text'): string {
  if (typeof place.value !== 'string' || !form.test(place.value))
    throw wrong(place, `is not ${wanted}`);
  return place.value;
}

export function numberAt(
  place: Place,
  range: { readonly min: number; readonly max: number },
): number {
  const { min, max } = range;
  const { value } = place;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max)
    throw wrong(place, `is not a whole number from ${min} to ${max}`);
  return value;
}

export function flagAt(place: Place): boolean {
  if (place.value === undefined) return false;
  if (typeof place.value !== 'boolean') throw wrong(place, 'is not true or false');
  return place.value;
}

export function oneOf<T extends string>(place: Place, values: readonly T[]): T {
  const found = values.find((value) => value === place.value);
  if (found === undefined) throw wrong(place, `is not one of ${values.join(', ')}`);
  return found;
}

export function listAt<T>(place: Place, read: (item: Place) => T): readonly T[] {
  if (!Array.isArray(place.value)) throw wrong(place, 'is not a list');
  return place.value.map((value: unknown, i) => read({ value, at: `${place.at}[${i}]` }));
}

/** The members of an object, each read alike, in their order. */
export function entriesAt<T>(place: Place, read: (item: Place, name: string) => T): Map<string, T> {
  if (!isObject(place.value)) throw wrong(place, 'is not an object');
  return new Map(
    Object.keys(place.value).map((name) => [name, read(memberOf(place, name), name)] as const),
  );
}

export const optionalAt = <T>(place: Place, read: (item: Place) => T): T | undefined =>
  place.value === undefined ? undefined : read(place);

/** Where a fact comes from: seen in a public source, background knowledge, or ours. */
export const checkMark = (place: Place): void => {
  oneOf(memberOf(place, 'mark'), ['S', 'K', 'P']);
  flagAt(memberOf(place, 'weak'));
};

export const texts = (place: Place): readonly string[] => listAt(place, (item) => textAt(item));

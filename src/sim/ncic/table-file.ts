// A file of tables, and its members by name: what is missing is said with the path.

import { isObject, lacking, textOf } from '../json-file.ts';
import type { JsonObject } from '../json-file.ts';

export interface TableFile {
  readonly path: string;
  readonly content: JsonObject;
}

/** @throws SimFault SIM-INPUT */
export function memberOf({ path, content }: TableFile, name: string): JsonObject {
  const member = content[name];
  if (!isObject(member)) throw lacking(path, name);
  return member;
}

/** A table of `{ code: { text, mark } }`; what is no such row (a note) is left out. @throws SimFault SIM-INPUT */
export function textTable(file: TableFile, name: string): ReadonlyMap<string, string> {
  const rows = Object.entries(memberOf(file, name));
  return new Map(
    rows.flatMap(([code, row]) => (isObject(row) ? [[code, textOf(row, 'text', file.path)]] : [])),
  );
}

/** A member as a file of its own. @throws SimFault SIM-INPUT */
export const subFile = (file: TableFile, name: string): TableFile => ({
  path: file.path,
  content: memberOf(file, name),
});

/** @throws SimFault SIM-INPUT */
export function numberOf(row: JsonObject, name: string, path: string): number {
  const value = row[name];
  if (typeof value !== 'number') throw lacking(path, name);
  return value;
}

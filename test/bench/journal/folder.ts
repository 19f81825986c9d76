// The folder of a journal from outside: when its background work is over, and what each part of it weighs.

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';

/** Nothing changes for so long: index and segments are where they will be, also where their threads seldom run. */
const quietMs = 10_000;
const lookMs = 250;
/** Larger files are not looked into: every page of them would be read. */
const tableBytesMost = 2 ** 31;

/** Resolves when the folder has come to rest. @returns Milliseconds until its last change. */
export async function settled(folder: string, withinMs: number): Promise<number> {
  const began = performance.now();
  let known = '';
  let changedAt = began;
  while (performance.now() - changedAt < quietMs) {
    if (performance.now() - began > withinMs) throw new Error('the journal does not come to rest');
    const seen = traceOf(folder);
    if (seen !== known) changedAt = performance.now();
    known = seen;
    await pause(lookMs);
  }
  return changedAt - began;
}

export interface Part {
  readonly name: string;
  readonly files: number;
  readonly octets: number;
  /** Of its largest file, by table and index; empty where it is no database, or too large. */
  readonly tables: readonly { readonly name: string; readonly octets: number }[];
}

/** By kind of file: the numbers in a name do not count. */
export function partsOf(folder: string): readonly Part[] {
  const kinds = Map.groupBy(readdirSync(folder), (name) => name.replaceAll(/\d+/g, '#'));
  return Array.from(kinds, ([name, names]) => {
    const files = names
      .map((file) => ({ path: join(folder, file), octets: statSync(join(folder, file)).size }))
      .toSorted((one, other) => other.octets - one.octets);
    const octets = files.reduce((sum, file) => sum + file.octets, 0);
    const [largest] = files;
    const looked = largest !== undefined && largest.octets <= tableBytesMost && /\.db$/.test(name);
    return { name, files: files.length, octets, tables: looked ? tablesOf(largest.path) : [] };
  }).toSorted((one, other) => other.octets - one.octets);
}

function tablesOf(path: string): Part['tables'] {
  const db = new Database(path, { readonly: true, fileMustExist: true });
  try {
    return db
      .prepare<[], { name: string; octets: number }>(
        'SELECT name, pgsize AS octets FROM dbstat WHERE aggregate = TRUE ORDER BY pgsize DESC',
      )
      .all();
  } finally {
    db.close();
  }
}

function traceOf(folder: string): string {
  return readdirSync(folder)
    .map((name) => {
      const stat = statSync(join(folder, name), { throwIfNoEntry: false });
      return `${name} ${stat?.size ?? 0} ${stat?.mtimeMs ?? 0}`;
    })
    .join('\n');
}

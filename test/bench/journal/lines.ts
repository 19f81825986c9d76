// The same entries as lines: for PostgreSQL to copy in, and for grep. One line an entry, about as a plain log has it.

import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { StoredEntry } from '#journal/entry';
import { makeEntries, type Wanted } from '#support/make-journal';
import type { Somebody } from './questions.ts';

/** The columns of `lineOf`, in its order. */
export const columns =
  'entry bigint, time bigint, kind text, direction text, thread bigint, station text, mnemonic text, ' +
  'person text, ori text, mke text, outcome text, lic text, nam text, body text';

const chunkLines = 2000;
const weekUs = 7 * 86_400_000_000;

/** @returns Whoever did most in the week in the middle of it. */
export async function writeLines(path: string, wanted: Wanted): Promise<Somebody> {
  const file = createWriteStream(path);
  const weeks = new Map<number, Map<string, number>>();
  let chunk: string[] = [];
  for (const stored of makeEntries(wanted)) {
    count(weeks, stored);
    chunk.push(lineOf(stored));
    if (chunk.length < chunkLines) continue;
    if (!file.write(chunk.join(''))) await once(file, 'drain');
    chunk = [];
  }
  file.end(chunk.join(''));
  await finished(file);
  return busiest(weeks);
}

function count(
  weeks: Map<number, Map<string, number>>,
  { entry: { time, user } }: StoredEntry,
): void {
  const week = Math.floor(time / weekUs);
  const users = weeks.get(week) ?? new Map<string, number>();
  if (users.size === 0) weeks.set(week, users);
  if (user !== undefined) users.set(user, (users.get(user) ?? 0) + 1);
}

function busiest(weeks: ReadonlyMap<number, ReadonlyMap<string, number>>): Somebody {
  const [week, users] = [...weeks][weeks.size >> 1] ?? [0, new Map<string, number>()];
  const [user] = [...users].toSorted(([, one], [, other]) => other - one)[0] ?? [''];
  return { user, fromUs: week * weekUs, toUs: (week + 1) * weekUs };
}

function lineOf({ entry, body }: StoredEntry): string {
  const { time, kind, thread, station, mnemonic, user, ori, mke, outcome, fields } = entry;
  const said = body === undefined ? undefined : Buffer.from(body).toString('latin1');
  const values = [
    ...[
      entry.entry,
      time,
      kind,
      entry.direction,
      thread,
      station,
      mnemonic,
      user,
      ori,
      mke,
      outcome,
    ],
    ...[fields?.['LIC']?.[0], fields?.['NAM']?.[0], said?.replaceAll(/[\r\n\t\\]+/g, ' ')],
  ];
  return `${values.map((value) => value ?? '\\N').join('\t')}\n`;
}

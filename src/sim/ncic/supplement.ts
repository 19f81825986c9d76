// Supplemental data of a record: added and taken away by its owner, searched like the values of the entry,
// each kind with its limit (ncic 4.3).

import { fail, ok } from '#protocol/result';
import { checkFields } from './checks.ts';
import { fileOf, showPairs } from './desk.ts';
import type { Desk, Done } from './desk.ts';
import { mayChange } from './identify.ts';
import type { Identified } from './identify.ts';
import { delayedNotices } from './notices.ts';
import type { NcicFile, Pair, StoredRecord } from './record.ts';
import { reject } from './reject.ts';
import type { Limits } from './rule-tables.ts';
import { fill } from './words.ts';

/** Where it is kept: identifiers of the person, or those the person has stolen or made up. */
type Part = 'supplements' | 'stolen';

export function supplement(desk: Desk, found: Identified, part: Part = 'supplements'): Done {
  const { record, rest } = found;
  if (!mayChange(desk, record)) return fail(reject('R12'));
  const wrong = checkFields(desk, rest);
  if (wrong !== undefined) return fail(wrong);
  const { limits } = desk.tables;
  const added = setsOf(rest, limits).filter((set) => !holdsSet(record[part] ?? [], set, limits));
  const pairs = [...(record[part] ?? []), ...added.flat()];
  const over = overLimit(pairs, fileOf(record, desk.tables), limits);
  if (over !== undefined) return fail(reject('R18', over));
  const changed: StoredRecord = { ...record, [part]: pairs, updatedMs: desk.atMs };
  desk.store.put(changed);
  return done(desk, 'supplement', found, delayedNotices(desk, changed, record));
}

/** Only what is named goes; with nothing named, all of it. @source ncic 4.3 */
export function dropSupplement(desk: Desk, found: Identified, part: Part = 'supplements'): Done {
  const { record, rest } = found;
  if (!mayChange(desk, record)) return fail(reject('R12'));
  const { limits } = desk.tables;
  let left = setsOf(record[part] ?? [], limits);
  for (const set of setsOf(rest, limits)) {
    const at = left.findIndex((held) => same(held[0], set[0]));
    if (at === -1) return fail(reject('R07', set[0]?.[0] ?? ''));
    left = left.toSpliced(at, 1);
  }
  const pairs = rest.length === 0 ? [] : left.flat();
  desk.store.put({ ...record, [part]: pairs, updatedMs: desk.atMs });
  return done(desk, 'drop', found, []);
}

/** Values by themselves, or what stands together: the first code of a set begins it. */
function setsOf(pairs: readonly Pair[], { sets }: Limits): readonly (readonly Pair[])[] {
  const found: Pair[][] = [];
  const open = new Map<readonly string[], Pair[]>();
  for (const pair of pairs) {
    const set = sets.find((codes) => codes.includes(pair[0]));
    const begun = set === undefined ? undefined : open.get(set);
    if (set !== undefined && begun !== undefined && !begun.some(([code]) => code === pair[0])) {
      begun.push(pair);
      continue;
    }
    const fresh = [pair];
    found.push(fresh);
    if (set !== undefined) open.set(set, fresh);
  }
  return found.map((set) => inOrder(set, sets));
}

/** The code that finds a set stands first, however it was sent. */
function inOrder(set: readonly Pair[], sets: Limits['sets']): readonly Pair[] {
  const order = sets.find((codes) => codes.includes(set[0]?.[0] ?? ''));
  if (order === undefined) return set;
  return set.toSorted((a, b) => order.indexOf(a[0]) - order.indexOf(b[0]));
}

function holdsSet(pairs: readonly Pair[], set: readonly Pair[], limits: Limits): boolean {
  return setsOf(pairs, limits).some((held) => same(held[0], set[0]));
}

const same = (one: Pair | undefined, other: Pair | undefined): boolean =>
  one?.[0] === other?.[0] && one?.[1] === other?.[1];

/** The first code of which there are too many. */
function overLimit(pairs: readonly Pair[], file: NcicFile, limits: Limits): string | undefined {
  const counts = new Map<string, number>();
  for (const [code] of pairs) counts.set(code, (counts.get(code) ?? 0) + 1);
  for (const [code, count] of counts) if (count > limitOf(code, file, limits)) return code;
  return undefined;
}

function limitOf(code: string, file: NcicFile, limits: Limits): number {
  if (code === 'AKA') return limits.aliases;
  return code === 'SMT' && limits.marksFiles.includes(file) ? limits.marks : limits.otherwise;
}

function done(
  { tables }: Desk,
  action: 'supplement' | 'drop',
  { ids }: Identified,
  notices: ReturnType<typeof delayedNotices>,
): Done {
  const text = tables.layout.words.get(action) ?? '';
  return ok({ lines: [fill(text, { ids: showPairs(ids) })], notices });
}

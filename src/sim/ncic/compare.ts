// The comparison of the missing with the unidentified (ncic 5.10, 8): planned when a record is entered or
// changed, made at the beginning of the next day. What both have has to agree within the tolerances of a
// search without a name; how well it agrees is a score.

import type { Said } from '../host.ts';
import { asksOf } from './ask.ts';
import { searchDescribed, yearsOf } from './ask-described.ts';
import { fileOf } from './desk.ts';
import type { Desk } from './desk.ts';
import { scoreLine, scoreOf } from './match-score.ts';
import { printingFor, tell } from './notices.ts';
import { printRecord } from './print.ts';
import { eachOnce, valueOf } from './record.ts';
import type { NcicFile, Pair, StoredRecord } from './record.ts';

/** Puts a record down for the next daily comparison. */
export function planComparison(desk: Desk, record: StoredRecord): void {
  if (otherFile(fileOf(record, desk.tables)) === undefined) return;
  const { calendar } = desk.store;
  const next = calendar.startOf(calendar.plusDays(desk.today, 1)) ?? desk.atMs;
  desk.store.planComparison(record.id, next);
}

/** `$.P.` to its owner with the possible matches, the best first; `$.M.` to the owners of those. */
export function compare(desk: Comparing, record: StoredRecord): readonly Said[] {
  const { matches, inquiries } = desk.tables;
  const by = { fields: matches.fields, unknown: inquiries.tolerances.unknown };
  const scored = matchesOf(desk, record)
    .map((held) => ({ held, score: scoreOf(record, held, by) }))
    .toSorted((a, b) => b.score - a.score || a.held.id - b.held.id)
    .slice(0, matches.most)
    .map(({ held, score }) => ({ held, line: scoreLine(score, matches) }));
  if (scored.length === 0) return [];
  const printed = (each: StoredRecord, reader: string): readonly string[] =>
    printRecord(each, printingFor(desk, reader));
  return [
    tell(
      desk,
      'match',
      record.ori,
      scored.flatMap(({ held, line }) => [line, ...printed(held, record.ori)]),
    ),
    ...scored.map(({ held, line }) =>
      tell(desk, 'matched', held.ori, [line, ...printed(record, held.ori)]),
    ),
  ];
}

type Comparing = Pick<Desk, 'store' | 'tables' | 'today'>;

/** Everybody of the other file whom a description of the record would find. */
function matchesOf(desk: Comparing, record: StoredRecord): readonly StoredRecord[] {
  const { tables, today } = desk;
  const other = otherFile(fileOf(record, tables));
  const key = tables.inquiries.keys.get(other === 'missing' ? 'QM' : 'QU');
  if (other === undefined || key === undefined) return [];
  const asks = descriptionsOf(record, desk).flatMap((fields) =>
    asksOf({ key, ori: record.ori, fields, today, tables }),
  );
  const found = asks.flatMap((ask) =>
    searchDescribed(desk, ask).filter((held) => ask.fits(held, fileOf(held, tables))),
  );
  return eachOnce(found);
}

const otherFile = (file: NcicFile): NcicFile | undefined =>
  file === 'missing' ? 'unidentified' : file === 'unidentified' ? 'missing' : undefined;

/** The record as inquiries would describe it: one for each age it may have, so far apart as a search is wide. */
function descriptionsOf(
  record: StoredRecord,
  { tables, today }: Comparing,
): readonly (readonly Pair[])[] {
  const pairs = ['SEX', 'RAC', 'HGT', 'WGT', 'EYE', 'HAI'].flatMap((code): Pair[] => {
    const value = valueOf(record, code);
    return value === undefined ? [] : [[code, value]];
  });
  const birth = valueOf(record, 'DOB')?.slice(0, 4) ?? valueOf(record, 'EYB') ?? '';
  const [first, last] = yearsOf(birth);
  const thisYear = Number(today.slice(0, 4));
  const ageOf = (year: number): number => Math.min(ageMost, Math.max(0, thisYear - year));
  const [youngest, oldest] = [ageOf(last), ageOf(first)];
  const apart = 2 * tables.inquiries.tolerances.years + 1;
  const ages = Array.from({ length: Math.ceil((oldest - youngest) / apart) }, (_, at) =>
    String(youngest + at * apart),
  );
  return [...ages, String(oldest)].map((age) => [...pairs, ['AGE', age]]);
}

/** AGE has two digits. */
const ageMost = 99;

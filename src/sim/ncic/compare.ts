// The comparison of the missing with the unidentified (ncic 5.10, 8): planned when a record is entered or
// changed, made at the beginning of the next day. Simple: what both have has to agree within the tolerances.

import type { Said } from '../host.ts';
import { asksOf } from './ask.ts';
import { fileOf } from './desk.ts';
import type { Desk } from './desk.ts';
import { printingFor, tell, tellRecord } from './notices.ts';
import { printRecord } from './print.ts';
import { valueOf } from './record.ts';
import type { NcicFile, Pair, StoredRecord } from './record.ts';

/** Puts a record down for the next daily comparison. */
export function planComparison(desk: Desk, record: StoredRecord): void {
  if (otherFile(fileOf(record, desk.tables)) === undefined) return;
  const { calendar } = desk.store;
  const next = calendar.startOf(calendar.plusDays(desk.today, 1)) ?? desk.atMs;
  desk.store.planComparison(record.id, next);
}

/** `$.P.` to its owner with the possible matches, `$.M.` to the owners of those. */
export function compare(
  desk: Pick<Desk, 'store' | 'tables' | 'today'>,
  record: StoredRecord,
): readonly Said[] {
  const other = otherFile(fileOf(record, desk.tables));
  const key = desk.tables.inquiries.keys.get(other === 'missing' ? 'QM' : 'QU');
  if (other === undefined || key === undefined) return [];
  const { tables, today } = desk;
  const asks = asksOf({ key, ori: record.ori, fields: described(record, today), today, tables });
  const matches = asks
    .flatMap(({ beginnings = [] }) =>
      beginnings.flatMap((beginning) => desk.store.findBeginning(beginning, () => true)),
    )
    .filter((held) => asks.some((ask) => ask.fits(held, fileOf(held, tables))))
    .slice(0, matchesMost);
  if (matches.length === 0) return [];
  const lines = matches.flatMap((held) => printRecord(held, printingFor(desk, record.ori)));
  return [
    tell(desk, 'match', record.ori, lines),
    ...matches.map((held) => tellRecord(desk, 'matched', held.ori, record)),
  ];
}

const matchesMost = 20;

const otherFile = (file: NcicFile): NcicFile | undefined =>
  file === 'missing' ? 'unidentified' : file === 'unidentified' ? 'missing' : undefined;

/** The record as an inquiry would describe it. */
function described(record: StoredRecord, today: string): readonly Pair[] {
  const pairs = ['SEX', 'RAC', 'HGT', 'WGT', 'EYE', 'HAI'].flatMap((code): Pair[] => {
    const value = valueOf(record, code);
    return value === undefined ? [] : [[code, value]];
  });
  const year = (valueOf(record, 'DOB') ?? valueOf(record, 'EYB') ?? '').slice(0, 4);
  const age = Math.max(0, Number(today.slice(0, 4)) - Number(year));
  return [...pairs, ['AGE', String(age)]];
}

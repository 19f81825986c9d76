// Records that are the same as a new one (ncic 4.5, 5): those on file already refuse it, those of other
// agencies or files are sent along with the acknowledgement.

import { fileOf } from './desk.ts';
import type { Desk } from './desk.ts';
import { foldNumber } from './fold.ts';
import { valueOf, valuesOf } from './record.ts';
import type { NcicFile, NewRecord, StoredRecord } from './record.ts';
import type { DuplicateRule, DuplicateSet } from './rule-tables.ts';
import { groupRuns, runHolds, serialBucket, serialsOf } from './serials.ts';
import type { NcicTables } from './tables.ts';
import { isGroup, isPersonFile, term, termsOf } from './terms.ts';

export interface Duplicates {
  /** They refuse the new record. */
  readonly onFile: readonly StoredRecord[];
  /** They are sent along. */
  readonly near: readonly StoredRecord[];
}

/** @param except A record that is being changed is no duplicate of itself. */
export function findDuplicates(desk: Desk, record: NewRecord, except?: number): Duplicates {
  const { store, tables } = desk;
  const file = fileOf(record, tables);
  const rule = tables.duplicates.get(file);
  const candidates = store
    .find(termsToCompare(record, file, tables))
    .filter(({ id, state }) => id !== except && state !== 'inactive');
  const onFile: StoredRecord[] = [];
  const near: StoredRecord[] = [];
  for (const held of candidates) {
    const same =
      fileOf(held, tables) === file && rule !== undefined && isSame(own(record), own(held), rule);
    if (same && refuses(record, held, rule)) onFile.push(held);
    else if (same || sharesVehicle(record, held, tables)) near.push(held);
  }
  return { onFile, near };
}

/** Those of the record but for what too many share, and the serials a group and its items meet by. */
function termsToCompare(record: NewRecord, file: NcicFile, tables: NcicTables): readonly string[] {
  const personal = isPersonFile(file);
  const terms = termsOf(record, file, tables.phonetic).filter((each) => {
    if (each.startsWith('NIC ') || each.startsWith('LNK ') || each.startsWith('DS')) return false;
    return personal || !each.startsWith('OCA ');
  });
  if (file !== 'article' && file !== 'security') return terms;
  const items = isGroup(record.kind) ? groupRuns(record).flatMap(serialsOf) : [];
  const runs = valuesOf(record, 'SER').map((serial) => term.run(file, serialBucket(serial)));
  return [...terms, ...runs, ...items.map(term.serial)];
}

/** Whose number somebody has stolen is not that person. */
const own = <T extends NewRecord>(record: T): T =>
  record.stolen === undefined ? record : { ...record, stolen: [] };

function isSame(record: NewRecord, held: StoredRecord, rule: DuplicateRule): boolean {
  return rule.sets.some(
    (set) => applies(record, set) && set.codes.every((code) => equal(record, held, code)),
  );
}

const applies = (record: NewRecord, { codes, unless }: DuplicateSet): boolean =>
  codes.every((code) => (valueOf(record, code) ?? '') !== '') &&
  (unless === undefined || (valueOf(record, unless) ?? '') === '');

/** By number, whoever entered it; of persons by the same agency alone. @source ncic 11 (14), 4.5 */
function refuses(record: NewRecord, held: StoredRecord, rule: DuplicateRule): boolean {
  if (rule.scope === 'owner') return held.ori === record.ori;
  if (!rule.sameKind || held.kind === record.kind) return true;
  // A recovered gun may meet a stolen one, when the agencies differ.
  const recovered = [held.kind, record.kind].includes('ERG');
  return recovered && held.ori === record.ori;
}

function equal(record: NewRecord, held: StoredRecord, code: string): boolean {
  if (code === 'SER' && (isGroup(record.kind) || isGroup(held.kind)))
    return sharesSerial(record, held);
  const values = valuesOf(record, code);
  const fold = code === 'NAM' ? (value: string) => value : foldNumber;
  return valuesOf(held, code).some((each) => values.some((value) => fold(value) === fold(each)));
}

function sharesSerial(record: NewRecord, held: StoredRecord): boolean {
  const runs = (of: NewRecord) =>
    isGroup(of.kind) ? groupRuns(of) : valuesOf(of, 'SER').map((low) => ({ low, high: low }));
  return runs(record).some((one) =>
    runs(held).some(
      (other) =>
        runHolds(one, other.low) ||
        runHolds(other, one.low) ||
        foldNumber(one.low) === foldNumber(other.low),
    ),
  );
}

/** Vehicle data of a person equal to those of a vehicle or plate on file, or the other way round. @source ncic 4.5 */
function sharesVehicle(record: NewRecord, held: StoredRecord, tables: NcicTables): boolean {
  const files = [fileOf(record, tables), fileOf(held, tables)] as const;
  if (files[0] === files[1] || !files.some(isPersonFile)) return false;
  const plates = valuesOf(record, 'LIC').map(
    (lic, at) => term.plate(lic) + (valuesOf(record, 'LIS')[at] ?? ''),
  );
  const vins = valuesOf(record, 'VIN').map(foldNumber);
  return (
    valuesOf(held, 'VIN').some((vin) => vins.includes(foldNumber(vin))) ||
    valuesOf(held, 'LIC').some((lic, at) =>
      plates.includes(term.plate(lic) + (valuesOf(held, 'LIS')[at] ?? '')),
    )
  );
}

// The record that a change is about: by the identifiers a message begins with (ncic 4.2). Which sets of
// identifiers there are is data of the protocol; the name has to be the stored one, letter by letter.

import type { BoundField } from '#protocol/bind';
import { formatTable } from '#protocol/formats';
import { fail, ok } from '#protocol/result';
import type { Result } from '#protocol/result';
import type { Desk } from './desk.ts';
import { foldNumber } from './fold.ts';
import type { Edited } from './key.ts';
import { isNic } from './nic.ts';
import { valuesOf } from './record.ts';
import type { Pair, StoredRecord } from './record.ts';
import { reject } from './reject.ts';
import type { Rejection } from './reject.ts';
import { groupRuns, runHolds } from './serials.ts';
import type { Kind } from './tables.ts';
import { isGroup, term } from './terms.ts';

export interface Identified {
  readonly record: StoredRecord;
  /** The identifiers as they were sent. */
  readonly ids: readonly Pair[];
  /** What stands behind them. */
  readonly rest: readonly Pair[];
}

/** @returns The one record that is meant, or R10, R17, or that several fit. */
export function identify(
  desk: Desk,
  {
    kinds,
    key,
    fields,
  }: {
    readonly kinds: readonly Kind[];
    readonly key: Edited;
    readonly fields: readonly BoundField[];
  },
): Result<Identified, Rejection> {
  const pairs = fields.map(({ code, value }): Pair => [code, value]);
  const size = identitySize(key, pairs);
  const [ids, rest] = [pairs.slice(0, size), pairs.slice(size)];
  const nic = ids.find(([code]) => code === 'NIC')?.[1];
  if (nic !== undefined && !isNicOf(nic, kinds, desk)) return fail(reject('R17'));
  const entries = new Set(kinds.map(({ entry }) => entry));
  const found = desk.store
    .find(lookUp(ids, kinds))
    .filter((record) => entries.has(record.kind) && record.state !== 'inactive')
    .filter((record) => ids.every((id) => agrees(record, id) || isOfRun(record, id, ids)));
  const [record, second] = found;
  if (record === undefined) return fail(reject('R10'));
  return second === undefined ? ok({ record, ids, rest }) : fail({ id: 'ambiguous' });
}

/** The owner, or the control terminal of its state. @source ncic 2.2 */
export const mayChange = ({ ori, settings }: Desk, record: StoredRecord): boolean =>
  record.ori === ori || settings.stateControl[record.ori.slice(0, 2)] === ori;

/** How many of the first fields identify. */
function identitySize({ edits }: Edited, pairs: readonly Pair[]): number {
  const sets = edits === undefined ? [] : (formatTable.get(edits.format)?.identify ?? []);
  const set = sets.find((codes) => {
    const first = pairs.slice(0, codes.length).map(([code]) => code);
    return first.toSorted().join() === codes.toSorted().join();
  });
  return set?.length ?? 0;
}

function isNicOf(nic: string, kinds: readonly Kind[], { tables, settings }: Desk): boolean {
  const letters = kinds.map(({ file }) => tables.letters[file]);
  return isNic(nic, settings.nicCheck) && letters.includes(nic.slice(0, 1));
}

/** The term that finds fewest: a number of the record, the case only where nothing else stands. */
function lookUp(ids: readonly Pair[], kinds: readonly Kind[]): readonly string[] {
  const rank = ['NIC', 'LIC', 'VIN', 'OAN', 'SER', 'BHN', 'REG', 'CGD', 'OCA'];
  const code = rank.find((each) => ids.some(([id]) => id === each));
  const value = ids.find(([id]) => id === code)?.[1] ?? '';
  switch (code) {
    case 'NIC':
      return [term.nic(value)];
    case 'OCA':
      return [term.case(value)];
    case 'LIC':
      return [term.plate(value)];
    case 'VIN':
      return [term.vin(value)];
    case 'OAN':
      return [term.owned(value)];
    case 'SER':
      return [kinds[0]?.file === 'gun' ? term.gun(value) : term.serial(value)];
    case undefined:
      return [];
    default:
      return [term.number(code, value)];
  }
}

/** The two serials of a run do not find the group, its NIC does: where they lie outside it is R19. @source ncic 7 */
const isOfRun = (record: StoredRecord, [code]: Pair, ids: readonly Pair[]): boolean =>
  code === 'SER' && isGroup(record.kind) && ids.filter(([each]) => each === code).length === 2;

function agrees(record: StoredRecord, [code, value]: Pair): boolean {
  switch (code) {
    case 'NIC':
      return record.nic === value;
    case 'NAM':
    case 'OCA':
      return record.fields.some((pair) => pair[0] === code && pair[1] === value);
    case 'SER':
      if (isGroup(record.kind)) return groupRuns(record).some((run) => runHolds(run, value));
      return sameNumber(record, code, value);
    default:
      return sameNumber(record, code, value);
  }
}

const sameNumber = (record: StoredRecord, code: string, value: string): boolean =>
  valuesOf(record, code).some((held) => foldNumber(held) === foldNumber(value));

// The questions about property: by number, each number by itself (ncic 1.4), what is given besides
// narrows. Comparison as in ncic 4.4; vehicle data of persons answer a vehicle's question too.

import { foldGunSerial, foldName, foldNumber, foldVin } from './fold.ts';
import { fieldOf } from './question.ts';
import type { Ask, Inquiry } from './question.ts';
import { valueOf, valuesOf } from './record.ts';
import type { NcicFile, NcicRecord } from './record.ts';
import { groupRuns, runHolds, serialBucket } from './serials.ts';
import { isGroup, term } from './terms.ts';

type Fold = (value: string) => string;

/** A number that a record may have, and what narrows it. */
interface Numbered {
  readonly code: string;
  readonly fold: Fold;
  readonly term: (value: string) => string;
  /** Fields of the inquiry that the record must agree with, where both have them. */
  readonly with?: readonly string[];
  readonly files?: readonly NcicFile[];
}

const plate: Numbered = { code: 'LIC', fold: foldNumber, term: term.plate, with: ['LIS'] };
const vin: Numbered = { code: 'VIN', fold: foldVin, term: term.vin, with: ['VMA'] };

export const vehicleAsks = (inquiry: Inquiry): readonly Ask[] =>
  numberAsks(inquiry, [
    plate,
    vin,
    { code: 'OAN', fold: foldNumber, term: term.owned, files: ['vehicle', 'part'] },
    { code: 'SER', fold: foldNumber, term: term.serial, files: ['part'] },
  ]);

/** Plate and vehicle number of persons' records. @source ncic 5.8 QW by */
export const personVehicleAsks = (inquiry: Inquiry): readonly Ask[] =>
  numberAsks(inquiry, [plate, vin]);

/** Boat and part files. @source ncic 4.4, 5.4 */
export const boatAsks = (inquiry: Inquiry): readonly Ask[] =>
  numberAsks(inquiry, [
    { code: 'BHN', fold: foldNumber, term: (value) => term.number('BHN', value) },
    { code: 'REG', fold: foldNumber, term: (value) => term.number('REG', value), with: ['RES'] },
    { code: 'CGD', fold: foldNumber, term: (value) => term.number('CGD', value) },
    { code: 'OAN', fold: foldNumber, term: term.owned, files: ['boat', 'part'] },
    { code: 'SER', fold: foldNumber, term: term.serial, files: ['part'] },
  ]);

/** MAK and CAL narrow when present. @source ncic 5.5 */
export const gunAsks = (inquiry: Inquiry): readonly Ask[] =>
  numberAsks(inquiry, [
    { code: 'SER', fold: foldGunSerial, term: term.gun, with: ['MAK', 'CAL', 'TYP'] },
  ]);

/**
 * The number is compared to SER and OAN of records of the same category, the first letter of the
 * type, and of category Y.
 * @source ncic 4.4, 5.6
 */
export function articleAsks(inquiry: Inquiry): readonly Ask[] {
  const category = (fieldOf(inquiry, 'TYP') ?? '').slice(0, 1);
  return given(inquiry, ['SER', 'OAN']).map(([code, number]) => ({
    echo: ['TYP', code],
    terms: [term.serial(number), term.owned(number), term.run('article', serialBucket(number))],
    fits: (record, file) =>
      file === 'article' &&
      [category, 'Y'].includes((valueOf(record, 'TYP') ?? '').slice(0, 1)) &&
      (hasSerial(record, number) || has(record, 'OAN', number, foldNumber)),
  }));
}

/** By type and serial, denomination and issuer narrow; by type and owner; by the owner's number. @source ncic 5.7 */
export function securityAsks(inquiry: Inquiry): readonly Ask[] {
  const [type, issuer] = [fieldOf(inquiry, 'TYP'), fieldOf(inquiry, 'ISS')];
  const denomination = fieldOf(inquiry, 'DEN');
  const asks: Ask[] = [];
  for (const [code, value] of given(inquiry, ['SER', 'OWN', 'SOC']))
    asks.push({
      echo: code === 'SOC' ? [code] : ['TYP', code, 'DEN'],
      terms: [
        ...(code === 'SER' ? [term.serial(value), term.run('security', serialBucket(value))] : []),
        ...(code === 'OWN' ? [term.owner(value)] : []),
        ...(code === 'SOC' ? [term.number('SOC', value)] : []),
      ],
      fits: (record, file) =>
        file === 'security' &&
        (code === 'SOC'
          ? has(record, 'SOC', value, foldNumber)
          : (type === undefined || valueOf(record, 'TYP') === type) &&
            (code === 'OWN'
              ? has(record, 'OWN', value, foldName)
              : hasSerial(record, value) &&
                agrees(record, 'DEN', denomination) &&
                agrees(record, 'ISS', issuer))),
    });
  return asks;
}

function numberAsks(inquiry: Inquiry, numbers: readonly Numbered[]): readonly Ask[] {
  return numbers.flatMap((number) => {
    const asked = fieldOf(inquiry, number.code);
    if (asked === undefined) return [];
    const narrowing = (number.with ?? []).map((code) => [code, fieldOf(inquiry, code)] as const);
    const folded = number.fold(asked);
    const ask: Ask = {
      echo: [number.code, ...(number.with ?? [])],
      terms: [number.term(asked)],
      fits: (record, file) =>
        number.files?.includes(file) !== false &&
        valuesOf(record, number.code).some(
          (value, at) =>
            number.fold(value) === folded &&
            narrowing.every(([code, wanted]) => fitsAt(record, { code, wanted, at })),
        ),
    };
    return [ask];
  });
}

/** What narrows stands beside the number: the first LIS belongs to the first LIC. */
function fitsAt(
  record: NcicRecord,
  {
    code,
    wanted,
    at,
  }: { readonly code: string; readonly wanted: string | undefined; readonly at: number },
): boolean {
  const held = valuesOf(record, code)[at];
  return wanted === undefined || held === undefined || held === wanted;
}

function given(
  { fields }: Inquiry,
  codes: readonly string[],
): readonly (readonly [string, string])[] {
  return fields.filter(([code, value]) => codes.includes(code) && value !== '');
}

const has = (record: NcicRecord, code: string, asked: string, fold: Fold): boolean =>
  valuesOf(record, code).some((value) => fold(value) === fold(asked));

const agrees = (record: NcicRecord, code: string, wanted: string | undefined): boolean =>
  wanted === undefined || foldNumber(valueOf(record, code) ?? '') === foldNumber(wanted);

function hasSerial(record: NcicRecord, number: string): boolean {
  if (!isGroup(record.kind)) return has(record, 'SER', number, foldNumber);
  return groupRuns(record).some((run) => runHolds(run, number));
}

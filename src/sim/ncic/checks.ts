// What the edits of a field cannot know: today, the ORI file, the other fields of a record. One flaw, the
// first, as a reject of ncic 7.

import { agencyOf } from './desk.ts';
import type { Desk } from './desk.ts';
import type { Pair } from './record.ts';
import { reject } from './reject.ts';
import type { Rejection } from './reject.ts';
import { runLength } from './serials.ts';
import { isGroup } from './terms.ts';

/** @param theft The date of theft a change is compared with. */
export function checkFields(
  desk: Desk,
  pairs: readonly Pair[],
  theft?: string,
): Rejection | undefined {
  for (const pair of pairs) {
    const flaw = pair[1] === '' ? undefined : checkField(desk, pair, theft);
    if (flaw !== undefined) return flaw;
  }
  return undefined;
}

/** First and last serial of a group: one run, not too long. @source ncic 5.6, 7 R19 */
export function checkSerials(kind: string, pairs: readonly Pair[]): Rejection | undefined {
  if (!isGroup(kind)) return undefined;
  const serials = pairs.flatMap(([code, value]) => (code === 'SER' ? [value] : []));
  const [low, high] = serials;
  const isRun = low !== undefined && high !== undefined && serials.length === 2;
  return isRun && (runLength({ low, high }) ?? 0) > 1 ? undefined : reject('R19');
}

/** Fails the check digit of a vehicle number of 17 characters. @source ncic 3.2 VIN */
export function failsVinCheck(vin: string): boolean {
  if (vin.length !== 17) return false;
  let sum = 0;
  for (let at = 0; at < 17; at += 1) sum += vinValue(vin[at] ?? '') * (vinWeights[at] ?? 0);
  const digit = sum % 11 === 10 ? 'X' : String(sum % 11);
  return vin[8] !== digit;
}

function checkField(
  desk: Desk,
  [code, value]: Pair,
  theft: string | undefined,
): Rejection | undefined {
  const { tables, settings, today } = desk;
  const { limits } = tables;
  const date = /^\d{8}$/.test(value) ? value : undefined;
  if (limits.today.includes(code) && date !== today) return reject('R16', code);
  if (limits.notInFuture.includes(code) && date !== undefined && date > today)
    return reject('R16', code);
  if (limits.notBeforeTheft.includes(code) && date !== undefined && date < (theft ?? date))
    return reject('R16', code);
  const year = Number(today.slice(0, 4));
  if (code === 'VYR' && Number(value) > year + limits.modelYearsAhead) return reject('R07', code);
  const latest = `${year + limits.purgeYearsAhead}${today.slice(4)}`;
  if (code === 'DOP' && value > latest) return reject('R07', code);
  if (limits.agencies.includes(code) && settings.oriCheck === 'file')
    return agencyOf(desk, value) === undefined ? reject('R07', code) : undefined;
  return undefined;
}

/** What each character counts: digits themselves, letters by the standard of vehicle numbers. */
function vinValue(character: string): number {
  const digit = Number(character);
  if (!Number.isNaN(digit)) return digit;
  const at = 'ABCDEFGH.JKLMN.P.R..STUVWXYZ'.indexOf(character);
  return at < 0 ? 0 : at < 18 ? (at % 9) + 1 : at - 18;
}

const vinWeights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];

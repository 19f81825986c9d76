// How well a missing and an unidentified person go together: points for each field that is the same or near
// (ncic 5.10 says that matches are scored, not how). The points are data (matches.json). Pure.

import { isObject, lacking, listOf, textOf } from '../json-file.ts';
import { yearsOf } from './ask-described.ts';
import { valuesOf } from './record.ts';
import type { NewRecord } from './record.ts';
import { numberOf } from './table-file.ts';
import type { TableFile } from './table-file.ts';
import { fill } from './words.ts';

interface Scored {
  readonly codes: readonly string[];
  /** Points where one value of both is the same. */
  readonly same: number;
  /** Where both have one, and none is the same. */
  readonly near: number;
}

export interface MatchTable {
  /** The line before a possible match. */
  readonly text: string;
  /** Matches that are told at most, the best first. */
  readonly most: number;
  readonly fields: readonly Scored[];
}

/** @throws SimFault SIM-INPUT */
export function parseMatches({ path, content }: TableFile): MatchTable {
  const fields = listOf(content['fields']).map((row): Scored => {
    if (!isObject(row)) throw lacking(path, 'fields');
    const codes = textOf(row, 'codes', path).split(' ');
    return { codes, same: numberOf(row, 'same', path), near: numberOf(row, 'near', path) };
  });
  return {
    text: textOf(content, 'text', path),
    most: numberOf(content, 'most', path),
    fields,
  };
}

/**
 * Points of two records that were found to be near one another.
 *
 * @param by The fields that count, and the value that says nothing.
 */
export function scoreOf(
  one: NewRecord,
  other: NewRecord,
  { fields, unknown }: Pick<MatchTable, 'fields'> & { readonly unknown: string },
): number {
  return fields.reduce((sum, field) => sum + pointsOf(one, other, { field, unknown }), 0);
}

export const scoreLine = (score: number, { text, fields }: MatchTable): string =>
  fill(text, {
    score: String(score),
    most: String(fields.reduce((sum, { same }) => sum + same, 0)),
  });

function pointsOf(
  one: NewRecord,
  other: NewRecord,
  { field, unknown }: { readonly field: Scored; readonly unknown: string },
): number {
  const known = (record: NewRecord): readonly Known[] =>
    field.codes.flatMap((code) =>
      valuesOf(record, code)
        .filter((value) => value !== '' && value !== unknown)
        .map((value): Known => [code, value]),
    );
  const [mine, theirs] = [known(one), known(other)];
  if (mine.length === 0 || theirs.length === 0) return 0;
  return mine.some((value) => theirs.some((held) => isSame(value, held))) ? field.same : field.near;
}

type Known = readonly [code: string, value: string];

/** Years and measures are ranges, or one year and one measure: they are the same where they meet. */
function isSame([code, value]: Known, [heldCode, held]: Known): boolean {
  if (!ranged.has(code)) return value === held;
  const [from, to] = rangeOf(code, value);
  const [low, high] = rangeOf(heldCode, held);
  return from <= high && low <= to;
}

const ranged: ReadonlySet<string> = new Set(['HGT', 'WGT', 'DOB', 'EYB']);

function rangeOf(code: string, value: string): readonly [number, number] {
  if (code === 'DOB') return yearsOf(value.slice(0, 4));
  if (code === 'EYB') return yearsOf(value);
  return [Number(value.slice(0, 3)), Number(value.slice(-3))];
}

// Runs of consecutive serial numbers: group records of articles and securities hold the lowest and the
// highest, later several runs where parts were taken out. Pure; compared as folded numbers.

import { foldNumber } from './fold.ts';
import { valuesOf } from './record.ts';
import type { NewRecord, Pair } from './record.ts';

export interface SerialRun {
  readonly low: string;
  readonly high: string;
}

/** Items one group record may hold [P]: a run then lies in one or two buckets. */
const runItemsMax = 1_000;

/** The runs of a group record: its serial numbers, two by two. */
export function groupRuns(record: NewRecord): readonly SerialRun[] {
  const serials = valuesOf(record, 'SER');
  const runs: SerialRun[] = [];
  for (let at = 0; at < serials.length; at += 2) {
    const low = serials[at] ?? '';
    runs.push({ low, high: serials[at + 1] ?? low });
  }
  return runs;
}

/** A serial without the last three of its counting digits: the numbers of a run have one or two of these. */
export function serialBucket(serial: string): string {
  const { before, digits, after } = splitSerial(serial) ?? unnumbered;
  return `${before}${digits.slice(0, -3)}-${after}`;
}

/** How many items, or undefined where the two are no ends of one run. @source ncic 7 R19 */
export function runLength({ low, high }: SerialRun): number | undefined {
  const [from, to] = [splitSerial(low), splitSerial(high)];
  if (from === undefined || to === undefined || from.before !== to.before) return undefined;
  if (from.digits.length !== to.digits.length || from.after !== to.after) return undefined;
  const length = Number(to.digits) - Number(from.digits) + 1;
  return length >= 1 && length <= runItemsMax ? length : undefined;
}

/** Every number of a run; none where it is no run. */
export function serialsOf(run: SerialRun): readonly string[] {
  const length = runLength(run) ?? 0;
  return Array.from({ length }, (_, at) => nextSerial(run.low, at));
}

export function runHolds(run: SerialRun, serial: string): boolean {
  const within = runLength({ low: run.low, high: serial });
  return within !== undefined && runLength({ low: serial, high: run.high }) !== undefined;
}

/** What is left of runs without `taken`; undefined where it does not lie in one of them. */
export function takeFromRuns(
  runs: readonly SerialRun[],
  taken: SerialRun,
): readonly SerialRun[] | undefined {
  const at = runs.findIndex((run) => runHolds(run, taken.low) && runHolds(run, taken.high));
  const run = runs[at];
  if (run === undefined || runLength(taken) === undefined) return undefined;
  const left: SerialRun[] = [];
  if (foldNumber(run.low) !== foldNumber(taken.low))
    left.push({ low: run.low, high: nextSerial(taken.low, -1) });
  if (foldNumber(run.high) !== foldNumber(taken.high))
    left.push({ low: nextSerial(taken.high, 1), high: run.high });
  return [...runs.slice(0, at), ...left, ...runs.slice(at + 1)];
}

export const runPairs = (runs: readonly SerialRun[]): readonly Pair[] =>
  runs.flatMap(({ low, high }): Pair[] => [
    ['SER', low],
    ['SER', high],
  ]);

interface Serial {
  readonly before: string;
  /** The last digits: what counts up. At most nine, so that a number holds them exactly. */
  readonly digits: string;
  readonly after: string;
}

const unnumbered: Serial = { before: '', digits: '', after: '' };

function splitSerial(serial: string): Serial | undefined {
  const [, before = '', digits, after = ''] =
    /^(.*?)(\d{1,9})([A-Z]*)$/.exec(foldNumber(serial)) ?? [];
  return digits === undefined ? undefined : { before, digits, after };
}

function nextSerial(serial: string, by: number): string {
  const parts = splitSerial(serial);
  if (parts === undefined) return serial;
  const { before, digits, after } = parts;
  return before + String(Number(digits) + by).padStart(digits.length, '0') + after;
}

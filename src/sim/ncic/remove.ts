// The end of a record by a message: cancelled or cleared by its owner, located by another agency
// (ncic 4.1, 4.2). A part of a group goes by itself.

import { fail, ok } from '#protocol/result';
import { checkFields } from './checks.ts';
import { fileOf, showPairs } from './desk.ts';
import type { Desk, Done } from './desk.ts';
import { mayChange } from './identify.ts';
import type { Identified } from './identify.ts';
import { locateNotice } from './notices.ts';
import { valueOf } from './record.ts';
import type { Locate, NewRecord, Pair, StoredRecord } from './record.ts';
import { reject } from './reject.ts';
import type { Rejection } from './reject.ts';
import { groupRuns, runPairs, takeFromRuns } from './serials.ts';
import type { SerialRun } from './serials.ts';
import { isPersonFile } from './terms.ts';
import { fill } from './words.ts';

/** The record never was valid; what supplements it goes with it. */
export function cancel(desk: Desk, found: Identified): Done {
  const wrong = ownersFlaw(desk, found);
  if (wrong !== undefined) return fail(wrong);
  return takeAway(desk, found) ? done(desk, 'cancel', found) : fail(reject('R19'));
}

/** Property is recovered, a person apprehended or found. An order that is cleared stays inactive. */
export function clear(desk: Desk, found: Identified): Done {
  const wrong = ownersFlaw(desk, found);
  if (wrong !== undefined) return fail(wrong);
  const { record, rest } = found;
  if (desk.tables.retention.inactive.kinds.includes(record.kind)) {
    const from = rest.find(([code]) => code === 'DCL')?.[1] ?? desk.today;
    desk.store.put({ ...record, state: 'inactive', inactiveFrom: from, updatedMs: desk.atMs });
    return done(desk, 'clear', found);
  }
  return takeAway(desk, found) ? done(desk, 'clear', found) : fail(reject('R19'));
}

/** By any agency but the entering one: the missing are found, property and wants wait for their owner. */
export function locate(desk: Desk, found: Identified): Done {
  const { record, rest } = found;
  const file = fileOf(record, desk.tables);
  if (record.ori === desk.ori) return fail(reject('R13'));
  if (record.state === 'located' && !isPersonFile(file)) return fail(reject('R14'));
  const wrong = checkFields(desk, rest, valueOf(record, 'DOT'));
  if (wrong !== undefined) return fail(wrong);
  const made = locateOf(desk, rest);
  const taken = takenRun(found);
  if (file === 'missing') desk.store.remove(record);
  else if (taken === undefined) desk.store.put(locatedRecord(record, made));
  else if (!locatePart(desk, { record, taken, made })) return fail(reject('R19'));
  return done(desk, 'locate', found, [locateNotice(desk, found, made)]);
}

function ownersFlaw(desk: Desk, { record, rest }: Identified): Rejection | undefined {
  if (!mayChange(desk, record)) return reject('R12');
  return checkFields(desk, rest, valueOf(record, 'DOT'));
}

function locateOf({ ori, today }: Desk, rest: readonly Pair[]): Locate {
  const value = (code: string): string | undefined => rest.find(([each]) => each === code)?.[1];
  const [rca, dis] = [value('RCA'), value('DIS')];
  return {
    date: value('DOR') ?? value('DOL') ?? today,
    ori,
    ...(rca === undefined ? {} : { rca }),
    ...(dis === undefined ? {} : { dis }),
  };
}

/** DLU stays: a locate is no change by the owner [P]. */
const locatedRecord = <T extends NewRecord>(record: T, made: Locate): T => ({
  ...record,
  state: 'located',
  locates: [...(record.locates ?? []), made],
});

/** The run two serials behind the NIC name; undefined where the whole record is meant. @source ncic 4.2 */
function takenRun({ ids }: Identified): SerialRun | undefined {
  const [low, high] = ids.flatMap(([code, value]) => (code === 'SER' ? [value] : []));
  return low === undefined || high === undefined ? undefined : { low, high };
}

/** The record, or a run of its serials; the last run takes the record along. False: no such run. */
function takeAway(desk: Desk, found: Identified): boolean {
  const taken = takenRun(found);
  if (taken === undefined) {
    desk.store.remove(found.record);
    return true;
  }
  return takeRun(desk, found.record, taken);
}

function takeRun(desk: Desk, record: StoredRecord, taken: SerialRun): boolean {
  const left = takeFromRuns(groupRuns(record), taken);
  if (left === undefined) return false;
  if (left.length === 0) desk.store.remove(record);
  else desk.store.put({ ...record, fields: withRuns(record, left), updatedMs: desk.atMs });
  return true;
}

/** What is located of a group goes on as a record of its own, with a number of its own [P]. */
function locatePart(
  desk: Desk,
  {
    record,
    taken,
    made,
  }: { readonly record: StoredRecord; readonly taken: SerialRun; readonly made: Locate },
): boolean {
  if (!takeRun(desk, record, taken)) return false;
  const { kind, ori, enteredMs, updatedMs } = record;
  const part: NewRecord = { kind, ori, enteredMs, updatedMs, fields: withRuns(record, [taken]) };
  desk.store.insert(locatedRecord(part, made));
  return true;
}

function withRuns({ fields }: StoredRecord, runs: readonly SerialRun[]): readonly Pair[] {
  const at = fields.findIndex(([code]) => code === 'SER');
  const others = fields.filter(([code]) => code !== 'SER');
  return [...others.slice(0, at), ...runPairs(runs), ...others.slice(at)];
}

function done(
  { tables }: Desk,
  action: 'cancel' | 'clear' | 'locate',
  { ids }: Identified,
  notices: ReturnType<typeof locateNotice>[] = [],
): Done {
  const text = tables.layout.words.get(action) ?? '';
  return ok({ lines: [fill(text, { ids: showPairs(ids) })], notices });
}

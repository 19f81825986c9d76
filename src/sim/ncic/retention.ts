// How long a record stays on file, and when something is due for it. Pure over the tables: the same
// record and tables give the same moment, whoever asks and when.

import { listOf, textIn, textOf, textsIn } from '../json-file.ts';
import type { JsonObject } from '../json-file.ts';
import type { Calendar } from './calendar.ts';
import { valueOf, valuesOf } from './record.ts';
import type { NcicFile, NewRecord } from './record.ts';
import { memberOf, numberOf, subFile } from './table-file.ts';
import type { TableFile } from './table-file.ts';
import { isPersonFile } from './terms.ts';

type Keep =
  | { readonly kind: 'forever' }
  | { readonly kind: 'hours'; readonly hours: number }
  | { readonly kind: 'days'; readonly days: number }
  /** To the end of so many years after the year of entry, or after the year in a field. */
  | { readonly kind: 'years'; readonly years: number; readonly yearIn?: string }
  | { readonly kind: 'until'; readonly field: string; readonly yearsMax?: number };

interface RetentionRule {
  readonly kinds: readonly string[];
  /** One of these fields has to be there. */
  readonly having: readonly string[];
  /** A field that has to begin with one of `beginning`. */
  readonly field?: string;
  readonly beginning: readonly string[];
  readonly keep: Keep;
}

export interface Retention {
  readonly rules: readonly RetentionRule[];
  readonly locatedDays: { readonly property: number; readonly wanted: number };
  /** A DIS of these keeps a located wanted record. */
  readonly locatedStays: readonly string[];
  /** What hangs on a located wanted record keeps it as well, and of the end of the date in `field` its owner is told before. */
  readonly detainer: { readonly name: string; readonly field: string; readonly days: number };
  readonly inactive: { readonly kinds: readonly string[]; readonly years: number };
  readonly keyInformation: {
    readonly files: readonly string[];
    readonly days: number;
    readonly fields: readonly string[];
  };
}

/** What happens to a record by the clock alone. */
export interface DueAct {
  readonly act: 'retire' | 'inactivate' | 'not-validated' | 'ask-key-information' | 'detainer-ends';
  readonly atMs: number;
}

export interface Clocked {
  readonly retention: Retention;
  readonly calendar: Calendar;
  readonly file: NcicFile;
  /** Where records have to be validated. @source ncic 10.3 */
  readonly validation?: Validation;
}

export interface Validation {
  readonly firstDays: number;
  readonly repeatDays: number;
  readonly graceDays: number;
}

/** What is due first for a record; undefined: nothing, ever. @source ncic 4.1, 5 */
export function nextDue(record: NewRecord, by: Clocked): DueAct | undefined {
  const end = earlier(endOf(record, by), validationEnd(record, by));
  const asked = noticeAt('ask-key-information', keyNoticeAt(record, by));
  const notice = earlier(asked, noticeAt('detainer-ends', detainerNoticeAt(record, by)));
  return notice !== undefined && (end === undefined || notice.atMs < end.atMs) ? notice : end;
}

const noticeAt = (act: DueAct['act'], atMs: number | undefined): DueAct | undefined =>
  atMs === undefined ? undefined : { act, atMs };

/** True where a missing or unidentified record lacks one of the fields that identify best. @source ncic 5.9 */
function lacksKeyInformation(record: NewRecord, { retention, file }: Clocked): boolean {
  const { files, fields } = retention.keyInformation;
  return files.includes(file) && fields.some((code) => valuesOf(record, code).length === 0);
}

/** Of a record that is on file: what ends that. */
function endOf(record: NewRecord, by: Clocked): DueAct | undefined {
  if (record.state === 'inactive') return inactiveEnd(record, by);
  const kept = keptUntil(record, by);
  const ends = by.retention.inactive.kinds.includes(record.kind) ? 'inactivate' : 'retire';
  const located = record.state === 'located' ? locatedEnd(record, by) : undefined;
  if (located !== undefined && (kept === undefined || located < kept))
    return { act: 'retire', atMs: located };
  return kept === undefined ? undefined : { act: ends, atMs: kept };
}

function keptUntil(record: NewRecord, { retention, calendar }: Clocked): number | undefined {
  const keep = retention.rules.find((rule) => fits(rule, record))?.keep ?? forever;
  const entered = calendar.dateOf(record.enteredMs);
  switch (keep.kind) {
    case 'forever':
      return undefined;
    case 'hours':
      return record.enteredMs + keep.hours * 3_600_000;
    case 'days':
      return afterDay(calendar.plusDays(entered, keep.days), calendar);
    case 'years': {
      const year = keep.yearIn === undefined ? entered : (valueOf(record, keep.yearIn) ?? '');
      return afterYear(Number(year.slice(0, 4)) + keep.years, calendar);
    }
    case 'until': {
      const until = valueOf(record, keep.field) ?? '';
      const latest =
        keep.yearsMax === undefined
          ? until
          : `${Number(entered.slice(0, 4)) + keep.yearsMax}${entered.slice(4)}`;
      return afterDay(until < latest ? until : latest, calendar);
    }
  }
}

function fits(rule: RetentionRule, record: NewRecord): boolean {
  if (!rule.kinds.includes(record.kind)) return false;
  if (rule.having.length > 0 && !rule.having.some((code) => (valueOf(record, code) ?? '') !== ''))
    return false;
  if (rule.keep.kind === 'years' && rule.keep.yearIn !== undefined)
    return /^\d{4}$/.test(valueOf(record, rule.keep.yearIn) ?? '');
  if (rule.field === undefined) return true;
  const value = valueOf(record, rule.field) ?? '';
  return rule.beginning.some((beginning) => value.startsWith(beginning));
}

/** So many days after the date of the last locate, unless the owner has it kept. @source ncic 4.1 */
function locatedEnd(record: NewRecord, { retention, calendar, file }: Clocked): number | undefined {
  const last = record.locates?.at(-1);
  if (last === undefined) return undefined;
  if (isPersonFile(file) && retention.locatedStays.includes(last.dis ?? '')) return undefined;
  if (record.attached?.[retention.detainer.name] !== undefined) return undefined;
  const days = retention.locatedDays[isPersonFile(file) ? 'wanted' : 'property'];
  const { locatedFrom = last.date } = record;
  const from = locatedFrom > last.date ? locatedFrom : last.date;
  return afterDay(calendar.plusDays(from, days), calendar);
}

function inactiveEnd(record: NewRecord, { retention, calendar }: Clocked): DueAct | undefined {
  const from = record.inactiveFrom ?? calendar.dateOf(record.updatedMs);
  const atMs = afterYear(Number(from.slice(0, 4)) + retention.inactive.years, calendar);
  return atMs === undefined ? undefined : { act: 'retire', atMs };
}

function keyNoticeAt(record: NewRecord, by: Clocked): number | undefined {
  if (record.noticed?.includes('$.K.') === true || !lacksKeyInformation(record, by))
    return undefined;
  const { calendar, retention } = by;
  const entered = calendar.dateOf(record.enteredMs);
  return calendar.startOf(calendar.plusDays(entered, retention.keyInformation.days));
}

/** So long before the sentence of a detainer ends. @source ncic 8 $.D. */
function detainerNoticeAt(record: NewRecord, { retention, calendar }: Clocked): number | undefined {
  const { name, field, days } = retention.detainer;
  const end = record.attached?.[name]?.find(([code]) => code === field)?.[1];
  if (end === undefined || record.noticed?.includes('$.D.') === true) return undefined;
  return calendar.startOf(calendar.plusDays(end, -days));
}

/** Articles are excepted, but for those of public safety. @source ncic 5.6, 10.3 */
function validationEnd(record: NewRecord, by: Clocked): DueAct | undefined {
  const { validation, calendar, file } = by;
  if (validation === undefined || record.state === 'inactive') return undefined;
  if (file === 'article' && !/^[QZ]/.test(valueOf(record, 'TYP') ?? '')) return undefined;
  const { firstDays, repeatDays, graceDays } = validation;
  const days = record.validatedMs === undefined ? firstDays : repeatDays;
  const from = calendar.dateOf(record.validatedMs ?? record.enteredMs);
  const atMs = afterDay(calendar.plusDays(from, days + graceDays), calendar);
  return atMs === undefined ? undefined : { act: 'not-validated', atMs };
}

const earlier = (one: DueAct | undefined, other: DueAct | undefined): DueAct | undefined =>
  one === undefined || (other !== undefined && other.atMs < one.atMs) ? other : one;

/** The purge at the beginning of the day that follows. */
const afterDay = (date: string, calendar: Calendar): number | undefined =>
  calendar.startOf(calendar.plusDays(date, 1));

const afterYear = (year: number, calendar: Calendar): number | undefined =>
  calendar.startOf(`${year + 1}0101`);

const forever: Keep = { kind: 'forever' };

/** @throws SimFault SIM-INPUT */
export function parseRetention(file: TableFile): Retention {
  const { path, content } = file;
  const located = subFile(file, 'located');
  const days = (name: string): number => numberOf(memberOf(located, name), 'days', path);
  const inactive = memberOf(file, 'inactive');
  const key = memberOf(file, 'keyInformation');
  const detainer = memberOf(file, 'detainer');
  return {
    rules: listOf(content['rules']).map((row) => ruleOf(row, path)),
    locatedDays: { property: days('property'), wanted: days('wanted') },
    locatedStays: textsIn(memberOf(located, 'wanted'), 'unless'),
    detainer: {
      name: textOf(detainer, 'name', path),
      field: textOf(detainer, 'field', path),
      days: numberOf(detainer, 'days', path),
    },
    inactive: { kinds: textsIn(inactive, 'kinds'), years: numberOf(inactive, 'years', path) },
    keyInformation: {
      files: textsIn(key, 'files'),
      days: numberOf(key, 'days', path),
      fields: textsIn(key, 'fields'),
    },
  };
}

function ruleOf(row: JsonObject, path: string): RetentionRule {
  const field = textIn(row, 'field');
  return {
    kinds: textsIn(row, 'kinds'),
    having: textsIn(row, 'having'),
    ...(field === undefined ? {} : { field }),
    beginning: textsIn(row, 'beginning'),
    keep: keepOf(row, path),
  };
}

function keepOf(row: JsonObject, path: string): Keep {
  const until = textIn(row, 'until');
  const yearIn = textIn(row, 'yearIn');
  if (row['forever'] === true) return forever;
  if (until !== undefined)
    return row['yearsMax'] === undefined
      ? { kind: 'until', field: until }
      : { kind: 'until', field: until, yearsMax: numberOf(row, 'yearsMax', path) };
  if (row['hours'] !== undefined) return { kind: 'hours', hours: numberOf(row, 'hours', path) };
  if (row['days'] !== undefined) return { kind: 'days', days: numberOf(row, 'days', path) };
  const years = numberOf(row, 'years', path);
  return yearIn === undefined ? { kind: 'years', years } : { kind: 'years', years, yearIn };
}

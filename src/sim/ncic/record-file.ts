// A file of invented records that people write: agencies, and records by their entry key and fields. What is
// wrong is said with the path and the place in the list.

import { SimFault } from '../fault.ts';
import { isObject, listOf, readJsonObject, textIn } from '../json-file.ts';
import type { JsonObject } from '../json-file.ts';
import { formatDate, parseDate, parseStamp } from './calendar.ts';
import { createKeyBook } from './key.ts';
import type { KeyBook } from './key.ts';
import type { NcicRecord, Pair } from './record.ts';
import type { Agency } from './store.ts';
import type { NcicTables } from './tables.ts';

export interface RecordFile {
  readonly agencies: readonly Agency[];
  readonly records: readonly NcicRecord[];
}

/**
 * @param today YYYYMMDD. The records of a file that says of which day it is are as old on this day as they were on
 *   that one: what is invented once is neither of the future nor purged years later.
 * @throws SimFault SIM-FILE, SIM-INPUT
 */
export function readRecordFile(path: string, tables: NcicTables, today?: string): RecordFile {
  const content = readJsonObject(path);
  const wrong = (what: string, at: number): SimFault =>
    new SimFault('SIM-INPUT', `the record file ${path} holds something else than ${what} at ${at}`);
  if (!Array.isArray(content['records']))
    throw new SimFault('SIM-INPUT', `the record file ${path} has no list "records"`);
  const keys = createKeyBook(tables);
  const moved = moverOf(content, today);
  if (moved === undefined)
    throw new SimFault('SIM-INPUT', `the record file ${path} has an "asOf" that is no date`);
  return {
    agencies: listOf(content['agencies']).map((row, at) => {
      const agency = agencyOf(row);
      if (agency === undefined) throw wrong('an agency', at);
      return agency;
    }),
    records: content['records'].map((row: unknown, at) => {
      const record = isObject(row) ? recordOf(row, keys) : undefined;
      if (record === undefined) throw wrong('a record', at);
      return moved(record);
    }),
  };
}

/** Moves the stamps of a record, and its fields that are named, by as many days as lie between. */
function moverOf(
  content: JsonObject,
  today: string | undefined,
): ((record: NcicRecord) => NcicRecord) | undefined {
  const asOf = textIn(content, 'asOf');
  if (asOf === undefined || today === undefined) return (record) => record;
  const [from, to] = [parseDate(asOf), parseDate(today)];
  if (from === undefined || to === undefined) return undefined;
  const { days } = from.until(to, { largestUnit: 'days' });
  const moves = new Set(wordsOf(content['moves']));
  return (record) => ({
    ...record,
    enteredMs: record.enteredMs + days * dayMs,
    updatedMs: record.updatedMs + days * dayMs,
    fields: record.fields.map(([code, value]) => [
      code,
      moves.has(code) ? later(value, days) : value,
    ]),
  });
}

function later(value: string, days: number): string {
  const day = parseDate(value);
  return day === undefined ? value : formatDate(day.add({ days }));
}

const dayMs = 86_400_000;
const wordsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];

function agencyOf(row: JsonObject): Agency | undefined {
  const [ori, name, state, phone] = ['ori', 'name', 'state', 'phone'].map((each) =>
    textIn(row, each),
  );
  if (ori === undefined || name === undefined || state === undefined || phone === undefined)
    return undefined;
  return { ori, name, state, phone, ...(row['retired'] === true ? { retired: true } : {}) };
}

function recordOf(row: JsonObject, keys: KeyBook): NcicRecord | undefined {
  const [key, nic, ori] = ['key', 'nic', 'ori'].map((each) => textIn(row, each));
  const [enteredMs, updatedMs] = ['entered', 'updated'].map((each) =>
    parseStamp(textIn(row, each) ?? ''),
  );
  const meaning = keys(key ?? '');
  const fields = fieldsOf(row['fields']);
  const supplements = fieldsOf(row['supplements'] ?? {});
  if (meaning?.action !== 'enter' || nic === undefined || ori === undefined) return undefined;
  if (enteredMs === undefined || updatedMs === undefined) return undefined;
  if (fields === undefined || supplements === undefined) return undefined;
  const { kind, suffix } = meaning;
  return {
    nic,
    kind: kind.entry,
    ...(suffix === undefined ? {} : { suffix }),
    ...{ ori, enteredMs, updatedMs, fields },
    ...(supplements.length === 0 ? {} : { supplements }),
  };
}

/** Codes to values; a list where a code has several. */
function fieldsOf(value: unknown): readonly Pair[] | undefined {
  if (!isObject(value)) return undefined;
  const pairs: Pair[] = [];
  for (const [code, held] of Object.entries(value))
    for (const each of Array.isArray(held) ? (held as unknown[]) : [held]) {
      if (typeof each !== 'string') return undefined;
      pairs.push([code, each]);
    }
  return pairs;
}

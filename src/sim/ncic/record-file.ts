// A file of invented records that people write: agencies, and records by their entry key and fields. What is
// wrong is said with the path and the place in the list.

import { SimFault } from '../fault.ts';
import { isObject, listOf, readJsonObject, textIn } from '../json-file.ts';
import type { JsonObject } from '../json-file.ts';
import { parseStamp } from './calendar.ts';
import { createKeyBook } from './key.ts';
import type { KeyBook } from './key.ts';
import type { NcicRecord, Pair } from './record.ts';
import type { Agency } from './store.ts';
import type { NcicTables } from './tables.ts';

export interface RecordFile {
  readonly agencies: readonly Agency[];
  readonly records: readonly NcicRecord[];
}

/** @throws SimFault SIM-FILE, SIM-INPUT */
export function readRecordFile(path: string, tables: NcicTables): RecordFile {
  const content = readJsonObject(path);
  const wrong = (what: string, at: number): SimFault =>
    new SimFault('SIM-INPUT', `the record file ${path} holds something else than ${what} at ${at}`);
  if (!Array.isArray(content['records']))
    throw new SimFault('SIM-INPUT', `the record file ${path} has no list "records"`);
  const keys = createKeyBook(tables);
  return {
    agencies: listOf(content['agencies']).map((row, at) => {
      const agency = agencyOf(row);
      if (agency === undefined) throw wrong('an agency', at);
      return agency;
    }),
    records: content['records'].map((row: unknown, at) => {
      const record = isObject(row) ? recordOf(row, keys) : undefined;
      if (record === undefined) throw wrong('a record', at);
      return record;
    }),
  };
}

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

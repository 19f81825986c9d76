// The invented records of the played states, and how an answer of each key is written from one. They serve where
// no world is behind the hub: a world answers through the function it hands in.

import { join } from 'node:path';
import { longDate } from '#protocol/calendar';
import type { Directory } from './directory.ts';
import {
  checkMark,
  entriesAt,
  listAt,
  memberOf,
  objectAt,
  oneOf,
  openPlace,
  textAt,
  texts,
  wrong,
} from './shape.ts';
import type { Place } from './shape.ts';
import type { NletsTables } from './tables.ts';

export interface StateRecord {
  readonly member: string;
  readonly file: string;
  readonly fields: ReadonlyMap<string, string>;
}

/** How an answer key is written. */
interface AnswerForm {
  readonly file: string;
  /** Each a set of fields that finds a record; the first that the question has is asked. */
  readonly by: readonly (readonly string[])[];
  /** `{CODE}` is a field of the record; a line whose fields are all missing is left out. */
  readonly lines: readonly string[];
}

export interface RecordBook {
  readonly records: readonly StateRecord[];
  readonly forms: ReadonlyMap<string, AnswerForm>;
}

export interface Question {
  readonly member: string;
  /** The key of the answer. */
  readonly answerKey: string;
  readonly values: ReadonlyMap<string, string>;
}

/** @throws SimFault SIM-FILE, SIM-INPUT */
export function readBook(folder: string, directory: Directory, tables: NletsTables): RecordBook {
  const answers = openPlace(join(folder, 'answers.json'));
  objectAt(answers, ['note', 'answers']);
  const forms = entriesAt(memberOf(answers, 'answers'), (place, key) => {
    if (!tables.keys.has(key)) throw wrong(place, 'is no message key of keys.json');
    return readForm(place);
  });
  const files = [...new Set([...forms.values()].map(({ file }) => file))];
  const records = openPlace(join(folder, 'records.json'));
  objectAt(records, ['note', 'mark', 'records']);
  oneOf(memberOf(records, 'mark'), ['S', 'K', 'P']);
  return {
    forms,
    records: listAt(memberOf(records, 'records'), (place) => readRecord(place, files, directory)),
  };
}

/** The answer in lines; empty where nothing is on file. */
export function answerFrom(book: RecordBook, question: Question): readonly string[] {
  const form = book.forms.get(question.answerKey);
  const by = form?.by.find((codes) => codes.every((code) => question.values.has(code)));
  if (form === undefined || by === undefined) return [];
  const found = book.records.filter(
    ({ member, file, fields }) =>
      member === question.member &&
      file === form.file &&
      by.every(
        (code) => folded(code, fields.get(code)) === folded(code, question.values.get(code)),
      ),
  );
  return found.flatMap(({ fields }) => form.lines.flatMap((line) => filled(line, fields)));
}

/** A line with its fields; none where it names fields and the record has none of them. */
export function filled(line: string, fields: ReadonlyMap<string, string>): string[] {
  const codes = [...line.matchAll(/\{([A-Z]{3})\}/g)].map(([, code = '']) => code);
  if (codes.length > 0 && !codes.some((code) => fields.has(code))) return [];
  const text = line.replaceAll(/\{([A-Z]{3})\}/g, (_, code: string) => fields.get(code) ?? '');
  return [text.trimEnd()];
}

/** What two values have in common where they mean the same. */
function folded(code: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (code === 'DOB') return longDate(value) ?? value;
  return value.replaceAll(code === 'NAM' ? /[^A-Z,]/g : /[^A-Z0-9]/g, '');
}

function readForm(place: Place): AnswerForm {
  objectAt(place, ['file', 'by', 'lines', 'mark']);
  checkMark(place);
  return {
    file: textAt(memberOf(place, 'file')),
    by: listAt(memberOf(place, 'by'), texts),
    lines: texts(memberOf(place, 'lines')),
  };
}

function readRecord(place: Place, files: readonly string[], { members }: Directory): StateRecord {
  objectAt(place, ['member', 'file', 'fields']);
  const fields = entriesAt(memberOf(place, 'fields'), (item) => textAt(item));
  return {
    member: oneOf(memberOf(place, 'member'), [...members.keys()]),
    file: oneOf(memberOf(place, 'file'), files),
    fields,
  };
}

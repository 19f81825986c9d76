// Criminal history in the NCIC dialect: QH asks the index, QR and ZR for a record. Edits are those of the
// shared formats; what is wrong is said with the reject texts of the simulated NCIC.
// @source ncic 1, 2.5, 4.5, 7

import { editFields } from '#protocol/edits';
import { keyTable } from '#protocol/keys';
import { fillLine } from '../layout.ts';
import { echoOf } from '../member.ts';
import { reject, rejectFlaw } from '../ncic/reject.ts';
import type { Rejection } from '../ncic/reject.ts';
import { parseRequest } from '../ncic/request.ts';
import type { Frame, Request } from '../ncic/request.ts';
import { printIndex, printRecord } from './print.ts';
import { searchIndex } from './search.ts';
import type { HistoryStore } from './store.ts';
import type { HistoryTables } from './tables.ts';

export interface NcicSide {
  readonly store: HistoryStore;
  readonly tables: HistoryTables;
  /** Reject texts by their number. */
  readonly rejects: ReadonlyMap<string, string>;
}

const keys = ['QH', 'QR', 'ZR'];

/** The whole answer, in the form in which it was asked. */
export function answerNcic(side: NcicSide, text: string): string {
  const request = parseRequest(text);
  if (!request.ok) return framed(request.error.frame, [said(side, request.error.rejection)]);
  return framed(request.value.frame, answerLines(side, request.value));
}

function answerLines(side: NcicSide, request: Request): readonly string[] {
  const { store, tables } = side;
  const entry = keys.includes(request.key) ? keyTable.get(request.key) : undefined;
  if (entry === undefined) return [said(side, reject('R02'))];
  const edited = editFields(entry, request.fields, request.end);
  if (!edited.ok) return [said(side, rejectFlaw(edited.error))];
  const values = new Map(edited.value.map(({ code, value }) => [code, value]));
  if (!tables.answeredPurposes.has(values.get('PUR') ?? '')) return [said(side, reject('R04'))];
  const found = searchIndex(store, values);
  const asked = echoOf(values, echoed);
  if (request.key === 'QH')
    return found.length === 0
      ? [fillLine(tables.none, { ASKED: asked })]
      : printIndex(tables, found, Object.fromEntries(values));
  return found.length === 0
    ? [fillLine(tables.noneRecord, { ASKED: asked })]
    : found.flatMap((record) => printRecord(tables, record));
}

const echoed = ['NAM', 'SEX', 'RAC', 'DOB', 'FBI', 'SID', 'SOC'];

const said = ({ rejects }: NcicSide, { id, field }: Rejection): string =>
  (rejects.get(id) ?? '').replace('{field}', field ?? '').trimEnd();

/** @source ncic 1.6; link X6 */
function framed(frame: Frame, lines: readonly string[]): string {
  const block = lines.map((line) => `${line}\r\n`).join('');
  return frame.form === 'header'
    ? `${frame.header}\r\n${frame.ori}\r\n\r\n${block}`
    : `${frame.key}.${frame.ori}.\r\n${block}`;
}

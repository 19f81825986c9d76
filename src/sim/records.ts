// The invented records of the simulated state host, indexed once so that an inquiry costs a few map
// look-ups. A record is its printed block; its identifiers are the CODE/value pairs of that block.

import { printRecord } from './ncic/print.ts';
import { readRecordFile } from './ncic/record-file.ts';
import { readNcicTables } from './ncic/tables.ts';

const recordFiles = ['vehicle', 'plate', 'wanted', 'missing', 'gun', 'article', 'boat'] as const;
export type RecordFile = (typeof recordFiles)[number];

export interface SimRecord {
  readonly file: RecordFile;
  /** The block as it is printed; every line ends in CR LF. */
  readonly block: string;
  readonly fields: ReadonlyMap<string, string>;
}

/** Index keys are `CODE/folded value`; what each code folds to is `indexKeys`. */
export type RecordBook = ReadonlyMap<string, readonly SimRecord[]>;

/** @throws SimFault SIM-FILE, SIM-INPUT */
export function readRecords(path: string): RecordBook {
  const tables = readNcicTables();
  const { records, agencies } = readRecordFile(path, tables);
  const agency = (ori: string) => agencies.find((each) => each.ori === ori);
  return indexRecords(
    records.flatMap((record): SimRecord[] => {
      const kind = tables.kinds.get(record.kind)?.file;
      const file = recordFiles.find((known) => known === kind);
      if (file === undefined) return [];
      const lines = printRecord(record, { tables, agency, reader: '', today: '' });
      const fields = new Map<string, string>();
      for (const [code, value] of lines.flatMap(linePairs))
        if (!fields.has(code)) fields.set(code, value);
      return [{ file, block: lines.map((line) => `${line}\r\n`).join(''), fields }];
    }),
  );
}

/** The CODE/value pairs of a line; a value runs until the next code. @source ncic 1.6 */
export function linePairs(line: string): [code: string, value: string][] {
  return [...line.matchAll(/(?:^|\s)([A-Z]{3})\/(.*?)(?=\s[A-Z]{3}\/|$)/g)].map(
    ([, code = '', value = '']) => [code, value],
  );
}

/** Letter O is searched as zero. @source ncic 4.4 */
export const foldNumber = (value: string): string =>
  value
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]/g, '')
    .replaceAll('O', '0');

/** Only the rightmost eight characters are compared. @source ncic 4.4 */
export const foldVin = (value: string): string => foldNumber(value).slice(-8);

/** Letters between digits are ignored, those before and after count. @source ncic 4.4 */
export function foldGunSerial(value: string): string {
  const [, before = '', between = '', after = ''] =
    /^([A-Z]*)(.*?)([A-Z]*)$/.exec(value.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')) ?? [];
  return foldNumber(before + between.replaceAll(/[A-NP-Z]/g, '') + after);
}

export const foldName = (value: string): string => value.toUpperCase().replaceAll(/[^A-Z]/g, '');

/** Surname and date of birth: how a person is found without a number. */
export const personKey = (name: string, birth: string): string =>
  `NAM/${foldName(name.split(',')[0] ?? '')} ${birth}`;

/** Numbers that name one person, searched alone. @source ncic 4.4 */
export const personNumbers = ['SOC', 'FBI', 'SID', 'MNU', 'OLN'] as const;

function indexRecords(records: readonly SimRecord[]): RecordBook {
  const book = new Map<string, SimRecord[]>();
  for (const record of records)
    for (const key of new Set(indexKeys(record))) {
      const found = book.get(key);
      if (found === undefined) book.set(key, [record]);
      else found.push(record);
    }
  return book;
}

/** Under what a record is found. Keys carry the kind of file, so that no inquiry sees another's. */
function indexKeys({ file, fields }: SimRecord): string[] {
  const keys: string[] = [];
  const put = (code: string, fold: (value: string) => string, prefix: string = file): void => {
    const value = fields.get(code);
    if (value !== undefined) keys.push(`${prefix} ${code}/${fold(value)}`);
  };
  put('NIC', foldNumber, 'any');
  put('LIC', foldNumber, 'car');
  put('VIN', foldVin, 'car');
  if (file === 'gun') put('SER', foldGunSerial);
  if (file === 'article') for (const code of ['SER', 'OAN']) put(code, foldNumber);
  if (file === 'boat') for (const code of ['REG', 'BHN', 'CGD', 'OAN']) put(code, foldNumber);
  if (file === 'wanted' || file === 'missing') {
    for (const code of personNumbers) put(code, foldNumber);
    const birth = fields.get('DOB') ?? '';
    for (const code of ['NAM', 'AKA'])
      keys.push(`${file} ${personKey(fields.get(code) ?? '', birth)}`);
  }
  return keys;
}

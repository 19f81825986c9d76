// What the simulated state host answers to one text: the blocks of ncic 6 in the form of link X6.
// Pure and total: any text gives blocks, nothing at all, or undefined where no key and ORI stand.

import {
  foldGunSerial,
  foldName,
  foldNumber,
  foldVin,
  personKey,
  personNumbers,
} from './records.ts';
import type { RecordBook, RecordFile, SimRecord } from './records.ts';

export interface Answer {
  readonly key: string;
  readonly ori: string;
  /** Each line ends in CR LF. Empty: the text asks nothing (administrative text, a notice). */
  readonly blocks: readonly string[];
}

/** @param text Message text: key, ORI, field pairs; the requester's line after CR LF is not searched. */
export function answerInquiry(book: RecordBook, text: string): Answer | undefined {
  const line = text.split('\r', 1)[0] ?? '';
  const [key = '', ori = '', ...rest] = line.split('.');
  if (key === '$' || key === 'AM') return { key, ori, blocks: [] };
  if (!/^[A-Z$][A-Z0-9$-]{0,4}$/.test(key) || !/^[A-Z]{2}[A-Z0-9]{7}$/.test(ori)) return undefined;
  const search = searches[key];
  if (search === undefined) return { key, ori, blocks: [reject(`MESSAGE KEY ${key} NOT SERVED`)] };
  const fields = new Map<string, string>();
  for (const pair of rest) {
    const slash = pair.indexOf('/');
    if (slash !== 3) return { key, ori, blocks: [reject('FIELD NOT IN THE FORM CODE/VALUE')] };
    fields.set(pair.slice(0, 3), pair.slice(4).trim());
  }
  return { key, ori, blocks: search({ book, fields, key }) };
}

interface Inquiry {
  readonly book: RecordBook;
  readonly fields: ReadonlyMap<string, string>;
  readonly key: string;
}
type Search = (inquiry: Inquiry) => readonly string[];

/** Each key with the identifiers it searches. */
const searches: Readonly<Record<string, Search>> = {
  QV: (inquiry) =>
    searchNumbers(inquiry, 'car', [
      { code: 'LIC', with: 'LIS', fold: foldNumber },
      { code: 'VIN', fold: foldVin },
    ]),
  QG: (inquiry) =>
    searchNumbers(inquiry, 'gun', [{ code: 'SER', with: 'MAK', fold: foldGunSerial }]),
  QA: (inquiry) =>
    searchNumbers(inquiry, 'article', [
      { code: 'SER', with: 'TYP', fold: foldNumber },
      { code: 'OAN', with: 'TYP', fold: foldNumber },
    ]),
  QB: (inquiry) =>
    searchNumbers(inquiry, 'boat', [
      { code: 'REG', with: 'RES', fold: foldNumber },
      { code: 'BHN', fold: foldNumber },
      { code: 'CGD', fold: foldNumber },
      { code: 'OAN', fold: foldNumber },
    ]),
  QW: (inquiry) => searchPerson(inquiry, ['wanted', 'missing']),
  QM: (inquiry) => searchPerson(inquiry, ['missing']),
};

interface Identifier {
  readonly code: string;
  /** A second code that narrows where it is given. */
  readonly with?: string;
  readonly fold: (value: string) => string;
}

/** One block for each record that matches, one line for each identifier that does not. */
function searchNumbers(
  { book, fields }: Inquiry,
  kind: string,
  identifiers: readonly Identifier[],
): readonly string[] {
  if (fields.has('NIC'))
    return found(book, `any NIC/${foldNumber(fields.get('NIC') ?? '')}`) ?? [missed(fields, 'NIC')];
  const given = identifiers.filter(({ code }) => (fields.get(code) ?? '') !== '');
  if (given.length === 0) return [reject('NO IDENTIFIER TO SEARCH')];
  const blocks = given.flatMap(({ code, with: second, fold }) => {
    const wanted = second === undefined ? undefined : fields.get(second);
    const fits = (record: SimRecord): boolean =>
      second === undefined || wanted === undefined || narrows(record, second, wanted);
    const hits = found(book, `${kind} ${code}/${fold(fields.get(code) ?? '')}`, fits);
    return hits ?? [missed(fields, code, second)];
  });
  // Plate and VIN may name one record: it is printed once.
  return [...new Set(blocks)];
}

/** An article's type narrows to its category, the first letter, and Y. @source ncic 4.4 */
function narrows(record: SimRecord, code: string, wanted: string): boolean {
  const value = record.fields.get(code) ?? '';
  if (code !== 'TYP') return value === wanted;
  return value.startsWith('Y') || value.slice(0, 1) === wanted.slice(0, 1);
}

function searchPerson({ book, fields, key }: Inquiry, files: RecordFile[]): readonly string[] {
  const number = personNumbers.find((code) => (fields.get(code) ?? '') !== '');
  const name = fields.get('NAM') ?? '';
  const birth = fields.get('DOB') ?? '';
  if (number === undefined && !/^[^,]+,\s*[A-Z]/i.test(name))
    return [reject('NAM MISSING OR NOT LAST, FIRST')];
  if (number === undefined && !/^\d{8}$/.test(birth)) return [reject('DOB MISSING OR NOT A DATE')];
  const at =
    number === undefined
      ? personKey(name, birth)
      : `${number}/${foldNumber(fields.get(number) ?? '')}`;
  const fits = (record: SimRecord): boolean =>
    number !== undefined || (givenNameFits(record, name) && sexFits(record, fields.get('SEX')));
  const hits = files.flatMap((file) => found(book, `${file} ${at}`, fits) ?? []);
  if (hits.length > 0) return hits;
  const echoed = ['NAM', 'DOB', 'RAC', 'SEX', ...personNumbers].flatMap((code) =>
    echo(fields, code),
  );
  return [`NO NCIC WANT ${echoed.join(' ')}\r\n${keyNote(key)}`];
}

/** Initial or full agreement; a missing given name matches all. @source ncic 4.4 */
function givenNameFits(record: SimRecord, name: string): boolean {
  const asked = givenName(name);
  return ['NAM', 'AKA'].some((code) => {
    const value = record.fields.get(code);
    if (value === undefined || surname(value) !== surname(name)) return false;
    const held = givenName(value);
    const length = Math.min(asked.length, held.length);
    return length <= 1 ? asked.slice(0, length) === held.slice(0, length) : asked === held;
  });
}

const surname = (name: string): string => foldName(name.split(',')[0] ?? '');

const givenName = (name: string): string =>
  foldName(name.split(',')[1]?.trim().split(' ')[0] ?? '');

function sexFits(record: SimRecord, sex: string | undefined): boolean {
  return sex === undefined || sex === 'U' || record.fields.get('SEX') === sex;
}

function found(
  book: RecordBook,
  at: string,
  fits: (record: SimRecord) => boolean = () => true,
): readonly string[] | undefined {
  const blocks = book
    .get(at)
    ?.filter(fits)
    .map(({ block }) => block);
  return blocks === undefined || blocks.length === 0 ? undefined : blocks;
}

function missed(fields: Inquiry['fields'], ...codes: (string | undefined)[]): string {
  const echoed = codes.flatMap((code) => (code === undefined ? [] : echo(fields, code)));
  return `NO RECORD ${echoed.join(' ')}\r\n`;
}

function echo(fields: Inquiry['fields'], code: string): string[] {
  const value = fields.get(code);
  return value === undefined ? [] : [`${code}/${value}`];
}

const reject = (reason: string): string => `REJ - ${reason}\r\n`;

const keyNote = (key: string): string =>
  key === 'QW'
    ? '***MESSAGE KEY QW: WANTS LIMITED BY EXTRADITION, OTHER PERSON FILES FULL\r\n'
    : '***MESSAGE KEY QM: MISSING PERSON FILE ONLY\r\n';

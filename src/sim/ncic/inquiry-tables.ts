// The tables of inquiries: what each key searches, and how far a comparison goes. Data with marks
// (inquiries.json), checked when they are read.

import { isObject, lacking, textIn, textOf, textsIn } from '../json-file.ts';
import { ncicFiles } from './record.ts';
import type { NcicFile } from './record.ts';
import { memberOf, numberOf, textTable } from './table-file.ts';
import type { TableFile } from './table-file.ts';

const asked = [
  'vehicle',
  'boat',
  'gun',
  'article',
  'security',
  'person',
  'crime',
  'agency',
] as const;
type Asks = (typeof asked)[number];

/** One inquiry key. @source ncic 2.4, 2.5 */
export interface InquiryKey {
  readonly key: string;
  readonly asks: Asks;
  readonly files: ReadonlySet<NcicFile>;
  /** Nothing is logged and nobody is told. */
  readonly administrative: boolean;
  readonly batch: boolean;
  /** Without a name it may look by description. */
  readonly descriptive: boolean;
  /** Sees cleared, expired and pending orders too. */
  readonly inactive: boolean;
  readonly wants: 'all' | 'extraditable';
}

type Reach = 'everywhere' | 'neighbours' | 'own-state';

export interface InquiryTables {
  readonly keys: ReadonlyMap<string, InquiryKey>;
  readonly keyNotes: ReadonlyMap<string, string>;
  /** What a key asks for that is not searched here; said at the end of any answer. */
  readonly besides: ReadonlyMap<string, string>;
  readonly negative: { readonly property: string; readonly person: string };
  readonly tolerances: {
    readonly years: number;
    readonly inches: number;
    readonly pounds: number;
    /** The colour that agrees with every other. */
    readonly unknown: string;
  };
  /** EBS value to how many years either way, and whether month and day are exchanged as well. */
  readonly births: ReadonlyMap<string, { readonly years: number; readonly swap: boolean }>;
  /** RAC of an inquiry to the races it does not see. */
  readonly unseenRaces: ReadonlyMap<string, readonly string[]>;
  readonly attention: { readonly text: string; readonly numbers: ReadonlySet<string> };
  readonly neighbours: ReadonlyMap<string, readonly string[]>;
  /** EXL to where QW sees the record; a value that is not named is seen everywhere. */
  readonly extradition: ReadonlyMap<string, Reach>;
}

/** @throws SimFault SIM-INPUT */
export function parseInquiryTables(file: TableFile): InquiryTables {
  const { path } = file;
  const negative = textTable(file, 'negative');
  const tolerances = memberOf(file, 'tolerances');
  const attention = memberOf(file, 'attention');
  return {
    keys: tableOf(file, 'inquiries', (row, key) => inquiryKey(row, key, path)),
    keyNotes: textTable(file, 'keyNotes'),
    besides: textTable(file, 'besides'),
    negative: {
      property: negative.get('property') ?? throwLacking(path, 'negative.property'),
      person: negative.get('person') ?? throwLacking(path, 'negative.person'),
    },
    tolerances: {
      years: numberOf(tolerances, 'years', path),
      inches: numberOf(tolerances, 'inches', path),
      pounds: numberOf(tolerances, 'pounds', path),
      unknown: textOf(tolerances, 'unknown', path),
    },
    births: tableOf(file, 'births', (row) => ({
      years: numberOf(row, 'years', path),
      swap: row['swap'] === true,
    })),
    unseenRaces: tableOf(file, 'races', (row) => textsIn(row, 'unseen')),
    attention: {
      text: textOf(attention, 'text', path),
      numbers: new Set(textsIn(attention, 'numbers')),
    },
    neighbours: new Map(
      Object.keys(memberOf(file, 'neighbours')).map((state) => [
        state,
        textsIn(memberOf(file, 'neighbours'), state),
      ]),
    ),
    extradition: new Map(
      Object.entries(memberOf(file, 'extradition')).flatMap(([code, reach]) =>
        reach === 'everywhere' || reach === 'neighbours' || reach === 'own-state'
          ? [[code, reach]]
          : [],
      ),
    ),
  };
}

function inquiryKey(row: Readonly<Record<string, unknown>>, key: string, path: string): InquiryKey {
  const asks = asked.find((known) => known === row['asks']) ?? throwLacking(path, `${key}.asks`);
  const files = ncicFiles.filter((name) => textsIn(row, 'files').includes(name));
  return {
    key,
    asks,
    files: new Set(files),
    administrative: row['administrative'] === true,
    batch: row['batch'] === true,
    descriptive: row['descriptive'] === true,
    inactive: row['inactive'] === true,
    wants: textIn(row, 'wants') === 'extraditable' ? 'extraditable' : 'all',
  };
}

function tableOf<T>(
  file: TableFile,
  name: string,
  make: (row: Readonly<Record<string, unknown>>, key: string) => T,
): ReadonlyMap<string, T> {
  const rows = Object.entries(memberOf(file, name));
  return new Map(rows.flatMap(([key, row]) => (isObject(row) ? [[key, make(row, key)]] : [])));
}

function throwLacking(path: string, member: string): never {
  throw lacking(path, member);
}

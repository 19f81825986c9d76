// The tables of the simulated NCIC: every literal, code and time that a reader may want to correct is
// in config/sim/ncic/*.json, each with the mark of its source. Read once; a broken one is said by its path.

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SimFault } from '../fault.ts';
import {
  isObject,
  lacking,
  listOf,
  readJsonObject,
  textIn,
  textOf,
  textsIn,
} from '../json-file.ts';
import type { JsonObject } from '../json-file.ts';
import { parseInquiryTables } from './inquiry-tables.ts';
import type { InquiryTables } from './inquiry-tables.ts';
import { parseMatches } from './match-score.ts';
import type { MatchTable } from './match-score.ts';
import type { Phonetic } from './name.ts';
import { ncicFiles } from './record.ts';
import type { NcicFile } from './record.ts';
import { memberOf, textTable } from './table-file.ts';
import type { TableFile } from './table-file.ts';
import { parseRetention } from './retention.ts';
import type { Retention } from './retention.ts';
import { parseAttachments, parseAuthority, parseDuplicates, parseLimits } from './rule-tables.ts';
import type { Attachment, Authority, DuplicateRule, Limits } from './rule-tables.ts';
import { parseLayout, parseNotices, parseRejects, parseTranslations } from './words.ts';
import type { Layout, NoticeTables, Translations } from './words.ts';

/** One kind of record, by the key that enters it. @source ncic 2.4, 2.5, 2.6 */
export interface Kind {
  readonly entry: string;
  readonly file: NcicFile;
  /** What the MKE line prints. */
  readonly title: string;
  /** Letters that may follow the entry key. */
  readonly suffixes: string;
  readonly modify?: string;
  readonly cancel?: string;
  readonly clear?: string;
  /** The keys that locate it; none for what cannot be located. */
  readonly locate: readonly string[];
  readonly supplement?: string;
  readonly drop?: string;
  /** Identifiers that the person has stolen or made up. */
  readonly supplementStolen?: string;
  readonly dropStolen?: string;
}

export interface NcicTables {
  readonly kinds: ReadonlyMap<string, Kind>;
  readonly letters: Readonly<Record<NcicFile, string>>;
  /** Suffix letter to what the MKE line adds. */
  readonly suffixes: ReadonlyMap<string, string>;
  readonly phonetic: Phonetic;
  readonly retention: Retention;
  readonly inquiries: InquiryTables;
  readonly duplicates: ReadonlyMap<NcicFile, DuplicateRule>;
  readonly limits: Limits;
  readonly mayUse: Authority;
  readonly layout: Layout;
  readonly translations: Translations;
  /** Number of a reject to its text. */
  readonly rejects: ReadonlyMap<string, string>;
  readonly notices: NoticeTables;
  readonly matches: MatchTable;
  readonly attachments: readonly Attachment[];
}

export const ncicTablesFolder = fileURLToPath(new URL('../../../config/sim/ncic', import.meta.url));

/** @throws SimFault SIM-FILE, SIM-INPUT */
export function readNcicTables(folder: string = ncicTablesFolder): NcicTables {
  const kinds = fileOf(folder, 'kinds.json');
  return {
    kinds: new Map(listOf(kinds.content['kinds']).map((row) => kindOf(row, kinds.path))),
    letters: lettersOf(kinds),
    suffixes: textTable(kinds, 'suffixes'),
    phonetic: phoneticOf(fileOf(folder, 'names.json')),
    retention: parseRetention(fileOf(folder, 'retention.json')),
    inquiries: parseInquiryTables(fileOf(folder, 'inquiries.json')),
    duplicates: parseDuplicates(fileOf(folder, 'duplicates.json')),
    limits: parseLimits(fileOf(folder, 'limits.json')),
    mayUse: parseAuthority(fileOf(folder, 'authority.json')),
    layout: parseLayout(fileOf(folder, 'layout.json')),
    translations: parseTranslations(fileOf(folder, 'translations.json')),
    rejects: parseRejects(fileOf(folder, 'rejects.json')),
    notices: parseNotices(fileOf(folder, 'notices.json')),
    attachments: parseAttachments(fileOf(folder, 'attachments.json')),
    matches: parseMatches(fileOf(folder, 'matches.json')),
  };
}

function fileOf(folder: string, name: string): TableFile {
  const path = join(folder, name);
  return { path, content: readJsonObject(path) };
}

function kindOf(row: JsonObject, path: string): [string, Kind] {
  const entry = textOf(row, 'entry', path);
  const file = ncicFiles.find((known) => known === row['file']);
  if (file === undefined) throw new SimFault('SIM-INPUT', `${path}: ${entry} has no known "file"`);
  const locate = [textIn(row, 'locate') ?? [], textsIn(row, 'alsoLocate')].flat();
  const keys = keyed.flatMap((action) => {
    const key = textIn(row, action);
    return key === undefined ? [] : [[action, key] as const];
  });
  const title = textOf(row, 'title', path);
  const suffixes = textIn(row, 'suffixes') ?? '';
  return [entry, { entry, file, title, suffixes, locate, ...Object.fromEntries(keys) }];
}

const keyed = [
  ...(['modify', 'cancel', 'clear', 'supplement', 'drop'] as const),
  ...(['supplementStolen', 'dropStolen'] as const),
];

function lettersOf(file: TableFile): Record<NcicFile, string> {
  const files = memberOf(file, 'files');
  const letters = ncicFiles.map((name) => {
    const row = files[name];
    if (!isObject(row)) throw lacking(file.path, `files.${name}`);
    return [name, textOf(row, 'letter', file.path)] as const;
  });
  // Every file of the list is among the entries.
  return Object.fromEntries(letters) as Record<NcicFile, string>;
}

function phoneticOf(file: TableFile): Phonetic {
  const codes: Record<string, string> = {};
  for (const [letter, digit] of Object.entries(memberOf(file, 'codes')))
    if (typeof digit === 'string') codes[letter] = digit;
  const length = file.content['length'];
  if (typeof length !== 'number') throw lacking(file.path, 'length');
  return { codes, silent: textOf(file.content, 'silent', file.path), length };
}

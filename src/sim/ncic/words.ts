// What the simulated NCIC says: layouts, literals, meanings of codes, rejects, notices. Data with marks
// (layout.json, translations.json, rejects.json, notices.json), checked when they are read.

import { isObject, lacking, textIn, textsIn } from '../json-file.ts';
import { ncicFiles } from './record.ts';
import type { NcicFile } from './record.ts';
import { memberOf, numberOf, subFile, textTable } from './table-file.ts';
import type { TableFile } from './table-file.ts';

export interface Layout {
  readonly columns: number;
  readonly segmentCharacters: number;
  readonly recordsMost: number;
  /** Says how many records are not shown. */
  readonly more: string;
  /** The lines of a record, as lists of codes. */
  readonly lines: ReadonlyMap<NcicFile, readonly (readonly string[])[]>;
  /** What follows a hit, by file, `property` or `recovered`. */
  readonly last: ReadonlyMap<string, string>;
  readonly orders: ReadonlyMap<string, string>;
  readonly words: ReadonlyMap<string, string>;
}

export interface Translations {
  readonly meaningAlone: ReadonlySet<string>;
  readonly fields: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

export interface NoticeTables {
  readonly keys: ReadonlyMap<string, string>;
  readonly titles: ReadonlyMap<string, string>;
  readonly delayed: {
    readonly days: number;
    readonly files: readonly string[];
    readonly keep: number;
  };
  readonly registry: { readonly files: readonly string[]; readonly ori: string };
  readonly validation: {
    readonly firstDays: number;
    readonly repeatDays: number;
    readonly graceDays: number;
  };
}

/** Puts values where a text has `{name}`; blanks that are left at the end go. */
export function fill(text: string, values: Readonly<Record<string, string | undefined>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '').trimEnd();
}

/** @throws SimFault SIM-INPUT */
export function parseLayout(file: TableFile): Layout {
  const { path } = file;
  const files = memberOf(file, 'files');
  const lines = ncicFiles.map((name) => {
    const row = files[name];
    if (!isObject(row) || !Array.isArray(row['lines'])) throw lacking(path, `files.${name}.lines`);
    return [name, row['lines'].map((line: unknown) => textsIn({ line }, 'line'))] as const;
  });
  return {
    columns: numberOf(memberOf(file, 'width'), 'columns', path),
    segmentCharacters: numberOf(memberOf(file, 'segment'), 'characters', path),
    recordsMost: numberOf(memberOf(file, 'records'), 'most', path),
    more: textIn(memberOf(file, 'records'), 'more') ?? '',
    lines: new Map(lines),
    last: textTable(file, 'last'),
    orders: textTable(file, 'orders'),
    words: textTable(file, 'words'),
  };
}

/** @throws SimFault SIM-INPUT */
export function parseTranslations(file: TableFile): Translations {
  const fields = subFile(file, 'fields');
  return {
    meaningAlone: new Set(textsIn(file.content, 'meaningAlone')),
    fields: new Map(Object.keys(fields.content).map((code) => [code, textTable(fields, code)])),
  };
}

/** @throws SimFault SIM-INPUT */
export function parseNotices(file: TableFile): NoticeTables {
  const { path } = file;
  const [delayed, registry] = [memberOf(file, 'delayed'), memberOf(file, 'registry')];
  const validation = memberOf(file, 'validation');
  return {
    keys: textTable(file, 'keys'),
    titles: textTable(file, 'titles'),
    delayed: {
      days: numberOf(delayed, 'days', path),
      files: textsIn(delayed, 'files'),
      keep: numberOf(delayed, 'keep', path),
    },
    registry: { files: textsIn(registry, 'files'), ori: textIn(registry, 'ori') ?? '' },
    validation: {
      firstDays: numberOf(validation, 'firstDays', path),
      repeatDays: numberOf(validation, 'repeatDays', path),
      graceDays: numberOf(validation, 'graceDays', path),
    },
  };
}

/** @throws SimFault SIM-INPUT */
export function parseRejects(file: TableFile): ReadonlyMap<string, string> {
  const ambiguous = textIn(memberOf(file, 'ambiguous'), 'text');
  if (ambiguous === undefined) throw lacking(file.path, 'ambiguous.text');
  return new Map([...textTable(file, 'rejects'), ['ambiguous', ambiguous]]);
}

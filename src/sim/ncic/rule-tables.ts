// Tables of what may be done: duplicates, limits of supplements, dates, authority, what hangs on a record. Data
// with marks (duplicates.json, limits.json, authority.json, attachments.json), checked when they are read.

import { isObject, lacking, listOf, textIn, textOf, textsIn } from '../json-file.ts';
import { ncicFiles } from './record.ts';
import type { NcicFile } from './record.ts';
import { memberOf, numberOf } from './table-file.ts';
import type { TableFile } from './table-file.ts';

/** Fields that make two records the same. */
export interface DuplicateSet {
  readonly codes: readonly string[];
  readonly unless?: string;
}

export interface DuplicateRule {
  readonly scope: 'owner' | 'all';
  readonly sameKind: boolean;
  readonly sets: readonly DuplicateSet[];
}

export interface Limits {
  readonly aliases: number;
  readonly marks: number;
  readonly marksFiles: readonly string[];
  readonly otherwise: number;
  readonly sets: readonly (readonly string[])[];
  readonly notInFuture: readonly string[];
  readonly today: readonly string[];
  readonly notBeforeTheft: readonly string[];
  readonly modelYearsAhead: number;
  readonly purgeYearsAhead: number;
  readonly agencies: readonly string[];
}

/** A small record that hangs on another one. @source ncic 2.5 DW, ED */
export interface Attachment {
  readonly name: string;
  readonly files: readonly string[];
  readonly enter: string;
  readonly modify: string;
  readonly cancel: string;
  /** Whether it hangs on located records alone. */
  readonly located: boolean;
  /** What is said where the record it would hang on is not there. */
  readonly unlinked: 'R10' | 'R20';
  /** What its line in a hit begins with. */
  readonly title: string;
}

export type Authority = (ori: string, action: 'enter' | 'inquire' | 'directory') => boolean;

/** @throws SimFault SIM-INPUT */
export function parseDuplicates(file: TableFile): ReadonlyMap<NcicFile, DuplicateRule> {
  const files = memberOf(file, 'files');
  return new Map(
    ncicFiles.map((name) => {
      const row = files[name];
      if (!isObject(row)) throw lacking(file.path, `files.${name}`);
      const sets = listOf(row['sets']).map((set) => {
        const unless = textIn(set, 'unless');
        const codes = textsIn(set, 'codes');
        return unless === undefined ? { codes } : { codes, unless };
      });
      const scope = row['scope'] === 'owner' ? 'owner' : 'all';
      return [name, { scope, sameKind: row['sameKind'] === true, sets }];
    }),
  );
}

/** @throws SimFault SIM-INPUT */
export function parseLimits(file: TableFile): Limits {
  const { path } = file;
  const supplements = { path, content: memberOf(file, 'supplements') };
  const most = (name: string): number => numberOf(memberOf(supplements, name), 'most', path);
  const codes = (name: string): readonly string[] => textsIn(memberOf(file, name), 'codes');
  const sets = memberOf(file, 'sets')['codes'];
  return {
    aliases: most('AKA'),
    marks: most('SMT'),
    marksFiles: textsIn(memberOf(supplements, 'SMT'), 'files'),
    otherwise: most('otherwise'),
    sets: Array.isArray(sets) ? sets.map((set: unknown) => textsIn({ set }, 'set')) : [],
    notInFuture: codes('notInFuture'),
    today: codes('today'),
    notBeforeTheft: codes('notBeforeTheft'),
    modelYearsAhead: numberOf(memberOf(file, 'modelYearsAhead'), 'years', path),
    purgeYearsAhead: numberOf(memberOf(file, 'purgeYearsAhead'), 'years', path),
    agencies: codes('agencies'),
  };
}

/** @throws SimFault SIM-INPUT */
export function parseAuthority(file: TableFile): Authority {
  const actionsOf = (row: unknown): readonly string[] =>
    isObject(row) ? textsIn(row, 'actions') : [];
  const classes = memberOf(file, 'classes');
  const otherwise = actionsOf(file.content['default']);
  const byClass = new Map(Object.entries(classes).map(([last, row]) => [last, actionsOf(row)]));
  return (ori, action) => (byClass.get(ori.slice(-1)) ?? otherwise).includes(action);
}

/** @throws SimFault SIM-INPUT */
export function parseAttachments({ path, content }: TableFile): readonly Attachment[] {
  return listOf(content['attachments']).map((row) => ({
    name: textOf(row, 'name', path),
    files: textsIn(row, 'files'),
    enter: textOf(row, 'enter', path),
    modify: textOf(row, 'modify', path),
    cancel: textOf(row, 'cancel', path),
    located: row['located'] === true,
    unlinked: row['unlinked'] === 'R20' ? 'R20' : 'R10',
    title: textOf(row, 'title', path),
  }));
}

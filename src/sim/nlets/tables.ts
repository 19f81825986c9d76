// The tables of the simulated Nlets, from the folder that holds them: message keys, regions, complaints,
// and the words the hub writes by itself. Read once and checked whole.

import { join } from 'node:path';
import { formatTable } from '#protocol/formats';
import {
  checkMark,
  flagAt,
  listAt,
  memberOf,
  numberAt,
  objectAt,
  oneOf,
  openPlace,
  optionalAt,
  textAt,
  wrong,
} from './shape.ts';
import type { Place } from './shape.ts';

/** What kinds of address there are. @source nlets 3.1 */
export const addressKinds = [
  ...([
    'state',
    'region',
    'all',
    'ori',
    'help',
    'nl',
    'od',
    'canada',
    'cg',
    'fa',
    'foreign',
  ] as const),
] as const;
export type AddressKind = (typeof addressKinds)[number];

/** Which authorisation of an agency a key needs: text, criminal history, motor vehicle, other. @source nlets 3.3 */
export type KeyClass = 'A' | 'C' | 'D' | 'Z';

/** One message key. @source nlets 4 */
export interface KeyRow {
  readonly mke: string;
  /** The key of its answer. */
  readonly answer?: string | undefined;
  readonly class: KeyClass;
  /** 1 goes first. @source nlets 12 */
  readonly priority: number;
  readonly to: ReadonlySet<AddressKind>;
  /** Destinations at once. @source nlets 3.2 */
  readonly max: number;
  /** Taken as a multi-state query. @source nlets 7.6 */
  readonly msq: boolean;
  /** What the key becomes towards a region. @source nlets 7.1 */
  readonly regionKey?: string | undefined;
  readonly lawEnforcement: boolean;
}

export type CopyTo = 'owner-control' | 'asker-control' | 'quality-control';

/** Which number a complaint about a field has. @source nlets 9.1 */
export interface ComplaintNumbers {
  /** By the code of the field, whatever the key. */
  readonly fields: ReadonlyMap<string, string>;
  /** Where a format is refused otherwise for a field that is missing. */
  readonly missing: (format: string, code: string) => string | undefined;
}

export interface NletsTables {
  readonly keys: ReadonlyMap<string, KeyRow>;
  /** What a key was before the hub changed it for a region. */
  readonly baseKeys: ReadonlyMap<string, string>;
  /** Members by region; the code of all states has none. */
  readonly regions: ReadonlyMap<string, readonly string[]>;
  readonly allStates: string;
  /** Words of a complaint by its number. */
  readonly errors: ReadonlyMap<string, string>;
  readonly numbers: ComplaintNumbers;
  readonly literals: ReadonlyMap<string, string>;
  /** Who hears copies of a repeated request, by its number. @source nlets 5.2 */
  readonly escalation: ReadonlyMap<string, readonly CopyTo[]>;
  readonly qualityControl: string;
  /** Minutes until the asker is warned. @source nlets 5.2 */
  readonly confirmMinutes: { readonly U: number; readonly R: number };
}

/** @param folder As `config/sim/nlets`. @throws SimFault SIM-FILE, SIM-INPUT */
export function readNletsTables(folder: string): NletsTables {
  const complaints = openPlace(join(folder, 'errors.json'));
  const errors = readErrors(complaints);
  const words = openPlace(join(folder, 'literals.json'));
  const keys = readKeys(openPlace(join(folder, 'keys.json')));
  return {
    keys,
    baseKeys: new Map(
      [...keys.values()].flatMap(({ mke, regionKey }) =>
        regionKey === undefined ? [] : [[regionKey, mke] as const],
      ),
    ),
    ...readRegions(openPlace(join(folder, 'regions.json'))),
    errors,
    numbers: readNumbers(complaints, errors),
    ...readWords(words),
  };
}

/** The key a state sees: one that the hub has changed for a region is changed back. @source nlets 7.1 */
export const baseKey = (tables: NletsTables, key: string): string =>
  tables.baseKeys.get(key) ?? key;

/** `{WORD}` in a text becomes its value; what has none is left out. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\{([A-Z]+)\}/g, (_, name: string) => String(values[name] ?? ''));
}

/** A line of the hub's own, filled in. */
export function literal(
  tables: NletsTables,
  name: LiteralName,
  values: Readonly<Record<string, string | number>> = {},
): string {
  return fill(tables.literals.get(name) ?? '', values);
}

/** Every line the hub writes; the file has all of them and no other. */
const literalNames = [
  ...(['lawEnforcementOnly', 'echo', 'legal', 'noneOnFile'] as const),
  ...(['status01', 'status02', 'status04'] as const),
  ...([
    'mergeHead',
    'mergeSummary',
    'mergeHits',
    'mergeSilent',
    'mergeMember',
    'mergeLater',
  ] as const),
  ...(['confirmLate', 'confirmAsked', 'confirmPromised', 'confirmNext', 'confirmLast'] as const),
  ...(['helpNone', 'helpChanged', 'logHead', 'logNone', 'logWithheld'] as const),
  ...(['directoryNone', 'directoryMore', 'directoryDone', 'directoryRefused'] as const),
] as const;
export type LiteralName = (typeof literalNames)[number];

function readKeys(file: Place): ReadonlyMap<string, KeyRow> {
  objectAt(file, ['note', 'keys']);
  const rows = listAt(memberOf(file, 'keys'), readKey);
  const keys = new Map(rows.map((row) => [row.mke, row]));
  if (keys.size !== rows.length) throw wrong(memberOf(file, 'keys'), 'names a key twice');
  const unknown = rows
    .flatMap(({ answer, regionKey }) => [answer, regionKey])
    .find((key) => key !== undefined && !keys.has(key));
  if (unknown !== undefined)
    throw wrong(memberOf(file, 'keys'), `lacks the key ${unknown} that a row names`);
  return keys;
}

const mkeForm = /^[A-Z]{2,3}$/;

function readKey(place: Place): KeyRow {
  objectAt(place, [
    'mke',
    'answer',
    'subject',
    'class',
    'priority',
    'to',
    'max',
    'msq',
    'regionKey',
    'lawEnforcement',
    'mark',
    'weak',
  ]);
  checkMark(place);
  textAt(memberOf(place, 'subject'));
  const key = (name: string): string | undefined =>
    optionalAt(memberOf(place, name), (item) =>
      textAt(item, mkeForm, 'a key of two or three letters'),
    );
  return {
    mke: textAt(memberOf(place, 'mke'), mkeForm, 'a key of two or three letters'),
    answer: key('answer'),
    class: oneOf(memberOf(place, 'class'), ['A', 'C', 'D', 'Z']),
    priority: numberAt(memberOf(place, 'priority'), { min: 1, max: 9 }),
    to: new Set(listAt(memberOf(place, 'to'), (item) => oneOf(item, addressKinds))),
    max: numberAt(memberOf(place, 'max'), { min: 1, max: 5 }),
    msq: flagAt(memberOf(place, 'msq')),
    regionKey: key('regionKey'),
    lawEnforcement: flagAt(memberOf(place, 'lawEnforcement')),
  };
}

function readRegions(file: Place): Pick<NletsTables, 'regions' | 'allStates'> {
  objectAt(file, ['note', 'regions', 'all']);
  const code = (place: Place): string =>
    textAt(memberOf(place, 'code'), /^[A-Z]1$/, 'a letter and 1');
  const rows = listAt(memberOf(file, 'regions'), (place) => {
    objectAt(place, ['code', 'members', 'mark']);
    checkMark(place);
    const members = listAt(memberOf(place, 'members'), (item) =>
      textAt(item, /^[A-Z]{2}$/, 'a member'),
    );
    return [code(place), members] as const;
  });
  const all = memberOf(file, 'all');
  objectAt(all, ['code', 'mark']);
  checkMark(all);
  return { regions: new Map(rows), allStates: code(all) };
}

function readErrors(file: Place): ReadonlyMap<string, string> {
  objectAt(file, ['note', 'errors', 'fields', 'missing']);
  const rows = listAt(memberOf(file, 'errors'), (place) => {
    objectAt(place, ['number', 'text', 'mark']);
    checkMark(place);
    const number = textAt(memberOf(place, 'number'), /^\d\d$/, 'two digits');
    return [number, textAt(memberOf(place, 'text'))] as const;
  });
  return new Map(rows);
}

function readNumbers(file: Place, errors: ReadonlyMap<string, string>): ComplaintNumbers {
  const numberOf = (place: Place): string => oneOf(memberOf(place, 'number'), [...errors.keys()]);
  const fields = listAt(memberOf(file, 'fields'), (place) => {
    objectAt(place, ['code', 'number', 'mark']);
    checkMark(place);
    return [
      textAt(memberOf(place, 'code'), fieldForm, 'a field of three letters'),
      numberOf(place),
    ] as const;
  });
  const missing = listAt(memberOf(file, 'missing'), (place) => readMissing(place, numberOf));
  return {
    fields: new Map(fields),
    missing: (format, code) => missing.find(({ covers }) => covers(format, code))?.number,
  };
}

const fieldForm = /^[A-Z]{3}$/;

function readMissing(place: Place, numberOf: (place: Place) => string) {
  objectAt(place, ['format', 'codes', 'number', 'mark', 'note']);
  checkMark(place);
  const name = textAt(memberOf(place, 'format'));
  const format = formatTable.get(name);
  if (format === undefined) throw wrong(memberOf(place, 'format'), 'names no format');
  const codes = optionalAt(memberOf(place, 'codes'), (list) =>
    listAt(list, (item) => {
      const code = textAt(item);
      if (!format.rules.has(code)) throw wrong(item, `is no field of ${name}`);
      return code;
    }),
  );
  return {
    number: numberOf(place),
    covers: (of: string, code: string): boolean =>
      of === name && (codes === undefined || codes.includes(code)),
  };
}

function readWords(
  file: Place,
): Pick<NletsTables, 'literals' | 'escalation' | 'qualityControl' | 'confirmMinutes'> {
  objectAt(file, ['note', 'literals', 'escalation', 'qualityControl', 'confirmMinutes']);
  const literals = memberOf(file, 'literals');
  objectAt(literals, literalNames);
  const rows = literalNames.map((name) => {
    const place = memberOf(literals, name);
    objectAt(place, ['text', 'mark']);
    checkMark(place);
    return [name, textAt(memberOf(place, 'text'))] as const;
  });
  const minutes = memberOf(file, 'confirmMinutes');
  objectAt(minutes, ['U', 'R', 'mark']);
  checkMark(minutes);
  const limit = (name: string): number => numberAt(memberOf(minutes, name), { min: 1, max: 1440 });
  return {
    literals: new Map(rows),
    escalation: new Map(listAt(memberOf(file, 'escalation'), readEscalation)),
    qualityControl: textAt(memberOf(file, 'qualityControl'), /^[A-Z]{2}[A-Z0-9]{7}$/, 'an ORI'),
    confirmMinutes: { U: limit('U'), R: limit('R') },
  };
}

function readEscalation(place: Place): readonly [string, readonly CopyTo[]] {
  objectAt(place, ['rno', 'copies', 'mark']);
  checkMark(place);
  const copies = listAt(memberOf(place, 'copies'), (item) =>
    oneOf<CopyTo>(item, ['owner-control', 'asker-control', 'quality-control']),
  );
  return [textAt(memberOf(place, 'rno'), /^[123]$/, 'a request number'), copies];
}

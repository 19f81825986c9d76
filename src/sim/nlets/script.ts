// How the other states are played, as data: which answers one of them gives to a key, when, and what each says
// by itself. The files are checked whole against the directory and the tables when they are read.

import { join } from 'node:path';
import { oriForm } from './directory.ts';
import type { Directory } from './directory.ts';
import { readBook } from './record-book.ts';
import type { RecordBook } from './record-book.ts';
import { readHelp } from './help.ts';
import { serviceStates } from './service.ts';
import type { ServiceRow } from './service.ts';
import {
  entriesAt,
  listAt,
  memberOf,
  numberAt,
  objectAt,
  oneOf,
  openPlace,
  optionalAt,
  textAt,
  texts,
  wrong,
} from './shape.ts';
import type { Place } from './shape.ts';
import type { NletsTables } from './tables.ts';

export type Say =
  /** The records that the question finds, or none on file. */
  | { readonly kind: 'data' }
  | { readonly kind: 'none' }
  | { readonly kind: 'text'; readonly lines: readonly string[] }
  /** A YR to a YQ: the fields of the request, and these. */
  | { readonly kind: 'confirm'; readonly fields: ReadonlyMap<string, string> };

/** One message of an answer. */
export interface Step {
  /** Milliseconds after the question; between the two by the seed. */
  readonly after: { readonly min: number; readonly max: number };
  readonly say: Say;
  /** The answer key of the question without it. */
  readonly key?: string | undefined;
  /** The ORI it comes from; without it the one that was asked, or the computer of the member. */
  readonly from?: string | undefined;
  /** Sent so often. */
  readonly times: number;
  /** Filled up to so many characters. */
  readonly padTo?: number | undefined;
  /** So many counts of the line are left out before it. */
  readonly skipCounts: number;
}

/** What happens to a question. Of the rules that fit, the first counts. */
export interface Rule {
  /** Members, ORIs, `control` for any control terminal, `*` for everybody. */
  readonly at: ReadonlySet<string>;
  readonly keys: ReadonlySet<string>;
  /** Fields that the question must have. */
  readonly when: ReadonlyMap<string, string>;
  /** Taken in turn, one for each question; an empty one never answers. */
  readonly plays: readonly (readonly Step[])[];
}

/** What a state says without being asked. */
export interface OwnMessage {
  readonly from: string;
  readonly key: string;
  readonly to: readonly string[];
  readonly firstMs: number;
  readonly everyMs: number;
  readonly lines: readonly string[];
}

export interface States {
  readonly rules: readonly Rule[];
  readonly own: readonly OwnMessage[];
  readonly service: readonly ServiceRow[];
  readonly book: RecordBook;
  readonly help: ReadonlyMap<string, string>;
}

/** @param folder As `config/sim/nlets`. @throws SimFault SIM-FILE, SIM-INPUT */
export function readStates(folder: string, directory: Directory, tables: NletsTables): States {
  const known = { directory, tables };
  const file = openPlace(join(folder, 'states.json'));
  objectAt(file, ['note', 'mark', 'rules', 'service']);
  oneOf(memberOf(file, 'mark'), ['S', 'K', 'P']);
  return {
    rules: listAt(memberOf(file, 'rules'), (place) => readRule(place, known)),
    own: readChatter(join(folder, 'chatter.json'), known),
    service: listAt(memberOf(file, 'service'), (place) => readService(place, known)),
    book: readBook(folder, directory, tables),
    help: readHelp(join(folder, 'help.json')),
  };
}

/** A file of its own: whoever plays with the demonstration hears it only where it was asked for. */
function readChatter(path: string, known: Known): readonly OwnMessage[] {
  const file = openPlace(path);
  objectAt(file, ['note', 'mark', 'own']);
  oneOf(memberOf(file, 'mark'), ['S', 'K', 'P']);
  return listAt(memberOf(file, 'own'), (place) => readOwn(place, known));
}

interface Known {
  readonly directory: Directory;
  readonly tables: NletsTables;
}

/** A day: nothing waits longer in a script. */
const waitMsMax = 86_400_000;
const stepsMax = 20;

function readRule(place: Place, known: Known): Rule {
  objectAt(place, ['note', 'at', 'keys', 'when', 'plays']);
  const plays = listAt(memberOf(place, 'plays'), (play) => {
    const steps = listAt(play, (step) => readStep(step, known));
    if (steps.length > stepsMax) throw wrong(play, `has more than ${stepsMax} steps`);
    return steps;
  });
  if (plays.length === 0) throw wrong(memberOf(place, 'plays'), 'is empty; [[]] never answers');
  return {
    at: new Set(listAt(memberOf(place, 'at'), (item) => readAt(item, known))),
    keys: new Set(listAt(memberOf(place, 'keys'), (item) => readKey(item, known))),
    when: optionalAt(memberOf(place, 'when'), readValues) ?? new Map(),
    plays,
  };
}

function readStep(place: Place, known: Known): Step {
  objectAt(place, [
    'after',
    'say',
    'lines',
    'fields',
    'key',
    'from',
    'times',
    'padTo',
    'skipCounts',
  ]);
  return {
    after: readAfter(memberOf(place, 'after')),
    say: readSay(place),
    key: optionalAt(memberOf(place, 'key'), (item) => readKey(item, known)),
    from: optionalAt(memberOf(place, 'from'), (item) => readOri(item, known)),
    times: optionalAt(memberOf(place, 'times'), (item) => numberAt(item, { min: 1, max: 20 })) ?? 1,
    padTo: optionalAt(memberOf(place, 'padTo'), (item) => numberAt(item, { min: 1, max: 60_000 })),
    skipCounts:
      optionalAt(memberOf(place, 'skipCounts'), (item) => numberAt(item, { min: 0, max: 999 })) ??
      0,
  };
}

/** Milliseconds, or the least and the most of them. */
function readAfter(place: Place): Step['after'] {
  const ms = (item: Place): number => numberAt(item, { min: 0, max: waitMsMax });
  if (!Array.isArray(place.value)) {
    const min = ms(place);
    return { min, max: min };
  }
  const [min, max] = listAt(place, ms);
  if (min === undefined || max === undefined || max < min)
    throw wrong(place, 'is not the least and the most milliseconds');
  return { min, max };
}

function readSay(place: Place): Say {
  const kind = oneOf(memberOf(place, 'say'), ['data', 'none', 'text', 'confirm']);
  if (kind === 'text') return { kind, lines: texts(memberOf(place, 'lines')) };
  if (kind === 'confirm') return { kind, fields: readValues(memberOf(place, 'fields')) };
  return { kind };
}

const readValues = (place: Place): ReadonlyMap<string, string> =>
  entriesAt(place, (item, name) => {
    if (!/^[A-Z]{3}$/.test(name)) throw wrong(item, 'is not named by a field of three letters');
    return textAt(item, /^[\x20-\x7e]+$/, 'a printable text');
  });

function readOwn(place: Place, known: Known): OwnMessage {
  objectAt(place, ['from', 'key', 'to', 'firstMs', 'everyMs', 'lines']);
  const ms = (name: string): number =>
    numberAt(memberOf(place, name), { min: 1_000, max: 7 * waitMsMax });
  return {
    from: readOri(memberOf(place, 'from'), known),
    key: readKey(memberOf(place, 'key'), known),
    to: listAt(memberOf(place, 'to'), (item) => textAt(item)),
    firstMs: ms('firstMs'),
    everyMs: ms('everyMs'),
    lines: texts(memberOf(place, 'lines')),
  };
}

function readService(place: Place, known: Known): ServiceRow {
  objectAt(place, ['destination', 'key', 'state', 'note']);
  const key = memberOf(place, 'key');
  return {
    destination: readAt(memberOf(place, 'destination'), known),
    key: key.value === '*' ? '*' : readKey(key, known),
    state: oneOf(memberOf(place, 'state'), serviceStates),
  };
}

function readAt(place: Place, { directory }: Known): string {
  const at = textAt(place);
  const known = at === '*' || at === 'control' || directory.members.has(at);
  if (!known && !directory.agencies.has(at))
    throw wrong(place, 'names no member and no agency of the directory');
  return at;
}

function readKey(place: Place, { tables }: Known): string {
  const key = textAt(place);
  if (!tables.keys.has(key)) throw wrong(place, 'is no message key of keys.json');
  return key;
}

function readOri(place: Place, { directory }: Known): string {
  const ori = textAt(place, oriForm, 'an ORI of nine characters');
  if (!directory.agencies.has(ori)) throw wrong(place, 'names no agency of the directory');
  return ori;
}

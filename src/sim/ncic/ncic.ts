// The simulated NCIC: a host that hears one text at a time and says texts, over a store of records and
// tables that people may correct. It knows no socket and no clock; whatever it hears it answers or rejects.

import { editFields } from '#protocol/edits';
import { fail } from '#protocol/result';
import type { Heard, Said, SimHost } from '../host.ts';
import { actOnAttached } from './attach.ts';
import { runClock } from './clock-work.ts';
import { agencyOf, pairsOf } from './desk.ts';
import type { Desk, Done, NcicSettings } from './desk.ts';
import { enter } from './enter.ts';
import { identify } from './identify.ts';
import type { Identified } from './identify.ts';
import { inquire } from './inquire.ts';
import { createKeyBook } from './key.ts';
import type { KeyMeaning } from './key.ts';
import type { InquiryKey } from './inquiry-tables.ts';
import { modify } from './modify.ts';
import { printingFor, tellRecord } from './notices.ts';
import { isNic } from './nic.ts';
import { printRecord } from './print.ts';
import type { NcicFile } from './record.ts';
import { reject, rejectFlaw } from './reject.ts';
import type { Rejection } from './reject.ts';
import { cancel, clear, locate } from './remove.ts';
import { parseRequest, referenceOf } from './request.ts';
import type { Request } from './request.ts';
import { answer } from './speech.ts';
import type { NcicStore } from './store.ts';
import { dropSupplement, supplement } from './supplement.ts';
import type { NcicTables } from './tables.ts';
import { term } from './terms.ts';
import { fill } from './words.ts';

export interface NcicOptions {
  readonly store: NcicStore;
  readonly tables: NcicTables;
  readonly settings?: Partial<NcicSettings>;
}

/** The host, and what its operator may do besides. */
export interface NcicHost extends SimHost {
  /** Takes a file out of service, or back into it. @source ncic 7 R21 */
  setService(file: NcicFile, inService: boolean): void;
  /** Cancels a record that quality control found wrong. @returns Undefined for no such record. @source ncic 4.1 */
  seriousError(nic: string, atMs: number): Said | undefined;
}

const defaultNcicSettings: NcicSettings = {
  oriCheck: 'file',
  nicCheck: 'any',
  vinCheck: false,
  stateControl: {},
};

export function createNcic({ store, tables, settings: given = {} }: NcicOptions): NcicHost {
  const settings: NcicSettings = { ...defaultNcicSettings, ...given };
  const meaningOf = createKeyBook(tables);
  const outOfService = new Set<NcicFile>();
  const most = tables.layout.segmentCharacters;

  const take = (heard: Heard, atMs: number): readonly Said[] =>
    store.answerGiven(heard) ?? hear(heard, atMs);

  const hear = (heard: Heard, atMs: number): readonly Said[] => {
    const request = parseRequest(heard.text);
    if (!request.ok) {
      const { frame, rejection } = request.error;
      return answer(frame, rejectLines(rejection, undefined, tables), most);
    }
    const desk = deskFor(request.value, atMs);
    const meaning = meaningOf(request.value.key);
    const act = (): Done => work(desk, request.value, meaning);
    if (meaning?.action === 'inquire') return say(desk, request.value, act());
    return store.transaction(() => {
      const done = act();
      const said = say(desk, request.value, done);
      if (done.ok) store.keepAnswer(heard, said);
      return said;
    });
  };

  const say = (desk: Desk, { frame }: Request, done: Done): readonly Said[] =>
    done.ok
      ? [...answer(frame, done.value.lines, most), ...(done.value.notices ?? [])]
      : answer(frame, rejectLines(done.error, desk, tables), most);

  const deskFor = ({ ori, frame }: Request, atMs: number): Desk => {
    const today = store.calendar.dateOf(atMs);
    return { store, tables, settings, ori, reference: referenceOf(frame), atMs, today };
  };

  const work = (desk: Desk, request: Request, meaning: KeyMeaning | undefined): Done => {
    if (meaning === undefined) return fail(reject('R02'));
    const barred = admission(desk, meaning);
    if (barred !== undefined) return fail(barred);
    const edited = editFields(meaning.key, request.fields, request.end);
    if (!edited.ok) return fail(rejectFlaw(edited.error));
    const pairs = pairsOf(edited.value);
    if (meaning.action === 'enter') return enter(desk, { ...meaning, pairs });
    if (meaning.action === 'inquire') {
      const nic = pairs.find(([code]) => code === 'NIC')?.[1];
      if (nic !== undefined && !isNic(nic, settings.nicCheck)) return fail(reject('R17'));
      return inquire(desk, inServiceOf(meaning.inquiry), pairs);
    }
    const found = identify(desk, { ...meaning, fields: edited.value });
    if ('attachment' in meaning) return actOnAttached(desk, meaning, found);
    return found.ok ? actions[meaning.action](desk, found.value) : found;
  };

  /** Agency, authority, service. */
  const admission = (desk: Desk, meaning: KeyMeaning): Rejection | undefined => {
    if (settings.oriCheck === 'file' && agencyOf(desk, desk.ori) === undefined)
      return reject('R03');
    if (!tables.mayUse(desk.ori, rightOf(meaning))) return reject('R04');
    const files = filesOf(meaning);
    const out = files.length > 0 && files.every((file) => outOfService.has(file));
    return out ? reject('R21') : undefined;
  };

  /** An inquiry of several files goes on in those that serve. */
  const inServiceOf = (key: InquiryKey): InquiryKey =>
    outOfService.size === 0
      ? key
      : { ...key, files: new Set([...key.files].filter((file) => !outOfService.has(file))) };

  return {
    take,
    due: (atMs) => (atMs < (store.nextDueMs ?? Infinity) ? [] : runClock({ store, tables }, atMs)),
    get nextAtMs() {
      return store.nextDueMs;
    },
    setService: (file, inService) => {
      if (inService) outOfService.delete(file);
      else outOfService.add(file);
    },
    seriousError: (nic, atMs) =>
      store.transaction(() => {
        const record = store.find([term.nic(nic)]).find((each) => each.nic === nic);
        if (record === undefined) return undefined;
        store.remove(record);
        const today = store.calendar.dateOf(atMs);
        return tellRecord({ store, tables, today }, 'seriousError', record.ori, record);
      }),
    close: () => {
      store.close();
    },
  };
}

const actions = {
  modify,
  cancel,
  clear,
  locate,
  supplement,
  drop: dropSupplement,
  'supplement-stolen': (desk: Desk, found: Identified) => supplement(desk, found, 'stolen'),
  'drop-stolen': (desk: Desk, found: Identified) => dropSupplement(desk, found, 'stolen'),
} as const;

function rightOf(meaning: KeyMeaning): 'enter' | 'inquire' | 'directory' {
  if (meaning.action !== 'inquire') return 'enter';
  return meaning.inquiry.asks === 'agency' ? 'directory' : 'inquire';
}

function filesOf(meaning: KeyMeaning): readonly NcicFile[] {
  if (meaning.action === 'inquire') return [...meaning.inquiry.files];
  return meaning.action === 'enter' ? [meaning.kind.file] : meaning.kinds.map(({ file }) => file);
}

/** The text of a reject; a record that is on file is sent along. @source ncic 6.6 */
function rejectLines(
  { id, field, along = [] }: Rejection,
  desk: Desk | undefined,
  tables: NcicTables,
): readonly string[] {
  const text = fill(tables.rejects.get(id) ?? 'REJ', { field });
  if (desk === undefined) return [text];
  return [text, ...along.flatMap((record) => printRecord(record, printingFor(desk, desk.ori)))];
}

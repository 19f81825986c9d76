// An NCIC in memory with a few invented agencies and a clock that tests turn.

import { fileURLToPath } from 'node:url';
import type { Said } from '#src/sim/host';
import { createNcic } from '#src/sim/ncic/ncic';
import type { NcicHost } from '#src/sim/ncic/ncic';
import type { NcicSettings } from '#src/sim/ncic/desk';
import { readRecordFile } from '#src/sim/ncic/record-file';
import { openNcicStore } from '#src/sim/ncic/store';
import type { Agency, NcicStore } from '#src/sim/ncic/store';
import { readNcicTables } from '#src/sim/ncic/tables';

export const tables = readNcicTables();

export const agencies: readonly Agency[] = [
  { ori: 'CA0990100', name: 'TESTBURG PD', state: 'CA', phone: '916 555-0188' },
  { ori: 'CA0990200', name: 'MOCKFORD PD', state: 'CA', phone: '916 555-0121' },
  { ori: 'NV0990200', name: 'SIMVILLE PD', state: 'NV', phone: '775 555-0142' },
  { ori: 'OR0990300', name: 'FICTON CO SO', state: 'OR', phone: '541 555-0177' },
  { ori: 'FL0990500', name: 'SHAMKEY PD', state: 'FL', phone: '305 555-0101' },
  { ori: 'CA099010Z', name: 'TESTBURG ANNEX', state: 'CA', phone: '916 555-0189' },
  { ori: 'CA099010H', name: 'TESTBURG HAZMAT', state: 'CA', phone: '916 555-0190' },
  { ori: 'CA0990900', name: 'GONEBY PD', state: 'CA', phone: '916 555-0191', retired: true },
];

export const recordsPath = fileURLToPath(
  new URL('../../../config/sim/records.json', import.meta.url),
);

/** A room is where one test talks to an NCIC. */
export interface Room {
  readonly host: NcicHost;
  readonly store: NcicStore;
  /** What it says to a text behind a header: the lines of the first message, without its first three. */
  ask(text: string): readonly string[];
  /** All it says, whole. */
  say(text: string): readonly Said[];
  /** Turns the clock. @returns What has become due, whole texts. */
  turn(days: number): readonly string[];
  /** The notices of the last text: whole texts. */
  readonly notices: readonly string[];
  atMs: number;
}

export interface RoomOptions {
  readonly settings?: Partial<NcicSettings>;
  readonly path?: string;
  readonly validation?: boolean;
  readonly startsAt?: string;
}

/** A Thursday noon in the county. */
const usualStart = '2030-03-07T20:00:00Z';

export function openRoom(options: RoomOptions = {}): Room {
  const { settings = {}, path = ':memory:', validation = false, startsAt = usualStart } = options;
  const store = openNcicStore(path, { tables, validation });
  store.putAgencies(agencies);
  const host = createNcic({ store, tables, settings });
  let last: readonly string[] = [];
  let count = 0;
  const room: Room = {
    host,
    store,
    atMs: Date.parse(startsAt),
    say: (text) => host.take({ text }, room.atMs),
    ask: (text) => {
      count += 1;
      const said = room.say(`1N01SIM${String(count).padStart(6, '0')}.${text}`);
      last = said.filter((each) => each.text.startsWith('$.')).map((each) => each.text);
      const answers = said.filter((each) => !each.text.startsWith('$.'));
      return answers.flatMap((each) => linesOf(each.text).slice(3));
    },
    turn: (days) => {
      room.atMs += days * 86_400_000;
      const texts: string[] = [];
      while (host.nextAtMs !== undefined && host.nextAtMs <= room.atMs)
        texts.push(...host.due(room.atMs).map(({ text }) => text));
      return texts;
    },
    get notices() {
      return last;
    },
  };
  return room;
}

/** With the records that come with the project. */
export function openFilledRoom(options: RoomOptions = {}): Room {
  const room = openRoom(options);
  const file = readRecordFile(recordsPath, tables);
  room.store.putAgencies(file.agencies);
  room.store.insertMany(file.records);
  return room;
}

/** Without the empty one at the end. */
export function linesOf(text: string): readonly string[] {
  const lines = text.split('\r\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

export const hitsIn = (lines: readonly string[]): number =>
  lines.filter((line) => line.startsWith('MKE/')).length;

/** The NIC number of an acknowledgement. */
export const nicIn = (lines: readonly string[]): string =>
  /^NIC\/(\S+)/.exec(lines[0] ?? '')?.[1] ?? `no number in ${lines.join('|')}`;

/** Fields as a text, in their order. */
export const text = (fields: Readonly<Record<string, string>>): string =>
  Object.entries(fields)
    .map(([code, value]) => `${code}/${value}`)
    .join('.');

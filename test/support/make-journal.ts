// Makes a journal as a small county would fill it: inquiries, answers, sign-ons, refusals, heart-beats.
// Promises the same entries for the same seed, written through the port into an empty journal.
// Persons, plates and agencies are invented (county 099).
// node test/support/make-journal.ts DIR COUNT [SEED] [WAITING]

import { randomBytes } from 'node:crypto';
import { parseMke, parseMnemonic, parseOif, parseOri, parseTaf } from '#protocol/ids';
import { parseSessionId, parseStationName, parseSuphdr, parseUserName } from '#protocol/ids';
import type { EntryColumns, EntryDraft, JournalEntry, StoredEntry } from '#journal/entry';
import type { Journal } from '#journal/journal';
import { openJournal } from '#journal/sqlite/journal';

const batchEntries = 500;
/** 2026-01-05 08:00 UTC, in microseconds. */
const beginning = 1_767_600_000_000_000;

export interface Wanted {
  /** Entries in all. */
  readonly count: number;
  readonly seed: number;
  /** Of them, texts for a terminal that never comes: they wait to the end. */
  readonly waiting?: number;
}

/** Fills an empty journal; resolves when the last entry is durable. */
export async function makeJournal(journal: Journal, options: Wanted): Promise<void> {
  let batch: StoredEntry[] = [];
  for (const stored of makeEntries(options)) {
    batch.push(stored);
    if (batch.length < batchEntries) continue;
    await journal.append(batch);
    batch = [];
  }
  await journal.append(batch);
}

/** Entries 1 to `count`. */
export function* makeEntries(options: Wanted): Generator<StoredEntry> {
  const random = xorshift(options.seed);
  const numbers: Numbers = new Map();
  let entry = 0;
  let time = beginning;
  let waiting = options.waiting ?? 0;
  for (;;) {
    const first = entry + 1;
    const waits = first > 1 && waiting-- > 0;
    const made = waits ? [text(random, first, numbers)] : doings(random, first, numbers);
    for (const { draft, body } of made) {
      entry += 1;
      time += 1 + random(200_000);
      // A draft with its number and time is an entry of its kind.
      const stamped = { entry, time, ...draft } as JournalEntry;
      yield body === undefined ? { entry: stamped } : { entry: stamped, body };
      if (entry === options.count) return;
    }
  }
}

/** Numbers from 0 to below `limit`. @source Marsaglia 2003, xorshift 13, 17, 5 */
export function xorshift(seed: number): (limit: number) => number {
  let state = seed >>> 0 || 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

type Random = (limit: number) => number;
interface Doing {
  readonly draft: EntryDraft;
  readonly body?: Uint8Array;
}

/** The last number given in each direction of each session: they rise by one, as links count (link M1). */
type Numbers = Map<string, number>;

function nextNumber(numbers: Numbers, session: string): number {
  const number = (numbers.get(session) ?? 0) + 1;
  numbers.set(session, number);
  return number;
}

const places = 12;
const upstream = 'STATE';
const upstreamSession = must(parseSessionId('session-of-the-state-host'));

function doings(random: Random, first: number, numbers: Numbers): readonly Doing[] {
  if (first === 1) return beginnings();
  const dice = random(100);
  if (dice < 2) return [{ draft: { kind: 'event', event: 'heartbeat', direction: 'local' } }];
  if (dice < 6) return [signOn(random)];
  if (dice < 9) return [refusal(random, first, numbers)];
  return inquiry(random, first, numbers);
}

/** The switch starts, and everybody is connected. */
function beginnings(): readonly Doing[] {
  const link = { kind: 'event', event: 'link-up', resumed: false, received: 0 } as const;
  const stations = Array.from({ length: places }, (_, place) => terminal(place));
  return [
    { draft: { kind: 'event', event: 'start', direction: 'local' } },
    { draft: { ...link, role: 'host', upstream, session: upstreamSession } },
    ...stations.map(({ station, session }) => ({
      draft: { ...link, role: 'terminal' as const, station, session },
    })),
  ];
}

function signOn(random: Random): Doing {
  const { station, session, mnemonic, user, oif, agency } = person(random);
  const who = { station, session, mnemonic, user, oif, agency };
  return { draft: { kind: 'event', event: 'sign-on', direction: 'in', ...who } };
}

/** A text for a terminal that is not there. */
function text(random: Random, first: number, numbers: Numbers): Doing {
  const sender = person(random);
  const number = nextNumber(numbers, `in ${sender.session}`);
  const suphdr = must(parseSuphdr(first.toString(36).toUpperCase().padStart(10, '0')));
  const to = [
    { kind: 'mnemonic', mnemonic: must(parseMnemonic('QZ99')), suphdr, class: 5 },
  ] as const;
  const mke = must(parseMke('AM'));
  const said = `${letters(random, 4)}.AM.${sender.ori}.QZ99.TXT\r\n${letters(random, 120)}`;
  const columns = { ...sender, thread: first, number, mke, class: 5, outcome: 'accepted' } as const;
  return {
    draft: { kind: 'received', direction: 'in', ...columns, personal: true, textAt: 5, to },
    body: octets(said),
  };
}

function refusal(random: Random, first: number, numbers: Numbers): Doing {
  const asker = person(random);
  const number = nextNumber(numbers, `in ${asker.session}`);
  const code = ['X03', 'X05', 'H22', 'B01'][random(4)] ?? 'X03';
  const columns = { ...asker, thread: first, number, code, at: 0 };
  return {
    draft: { kind: 'refused', direction: 'in', ...columns, outcome: 'refused' },
    body: octets('ZZ.CA0990100.NO SUCH KEY'),
  };
}

/** Six entries: taken in, sent and delivered to the state, answered, sent and delivered to the asker. */
function inquiry(random: Random, first: number, numbers: Numbers): readonly Doing[] {
  const asker = person(random);
  const plate = `2${letters(random, 3)}${String(random(1000)).padStart(3, '0')}`;
  const mke = must(parseMke(random(10) < 7 ? 'QV' : 'QG'));
  const own = must(parseSuphdr(letters(random, 4)));
  const suphdr = must(parseSuphdr(first.toString(36).toUpperCase().padStart(10, '0')));
  const fields = mke === 'QV' ? { LIC: [plate], LIS: ['CA'] } : { SER: [plate] };
  const said = mke === 'QV' ? `LIC/${plate}.LIS/CA` : `SER/${plate}`;
  const { station, session, mnemonic, user, oif, taf, ori, agency } = asker;
  const about: EntryColumns = {
    thread: first,
    mnemonic,
    user,
    oif,
    taf,
    ori,
    agency,
    mke,
    class: 3,
  };
  const hit = random(50) === 0;
  const text = `${mke}.${ori}.${said}`;
  const answer = `${mke}.${ori}.\r\n${hit ? 'MKE/STOLEN VEHICLE' : 'NO RECORD'} ${said}\r\n`;
  const up = { upstream, session: upstreamSession };
  const toState = {
    ...about,
    ...up,
    suphdr,
    number: nextNumber(numbers, 'out'),
    delivery: `${first}.0`,
  } as const;
  const number = nextNumber(numbers, `down ${session}`);
  const back = {
    ...about,
    station,
    session,
    suphdr: own,
    number,
    delivery: `${first + 3}.0`,
  } as const;
  const asked = octets(`${own}.${text}`);
  return [
    {
      draft: {
        kind: 'received',
        direction: 'in',
        ...about,
        station,
        session,
        number: nextNumber(numbers, `in ${session}`),
        suphdr: own,
        fields,
        personal: true,
        textAt: own.length + 1,
        to: [{ kind: 'upstream', upstream, mnemonic, suphdr, class: 3, keptMs: 120_000 }],
        answerMs: 60_000,
        outcome: 'accepted',
      },
      body: asked,
    },
    {
      draft: { kind: 'sent', direction: 'out', ...toState, outcome: 'sent' },
      body: octets(`${suphdr}.*${oif}.#${taf}.${text}`),
    },
    { draft: { kind: 'delivered', direction: 'out', ...toState, outcome: 'delivered' } },
    {
      draft: {
        kind: 'received',
        direction: 'up-in',
        ...about,
        ...up,
        number: nextNumber(numbers, 'up-in'),
        suphdr,
        fields,
        textAt: 11,
        to: [{ kind: 'user', user, mnemonic, station, suphdr: own, class: 3, final: true }],
        answers: first,
        final: true,
        outcome: hit ? 'hit' : 'no-hit',
      },
      body: octets(`${suphdr}.${answer}`),
    },
    {
      draft: { kind: 'sent', direction: 'down', ...back, outcome: 'sent' },
      body: octets(`${own}.${answer}`),
    },
    { draft: { kind: 'delivered', direction: 'down', ...back, outcome: 'delivered' } },
  ];
}

function person(random: Random) {
  const who = random(40);
  const two = String(who).padStart(2, '0');
  return {
    ...terminal(random(places)),
    user: must(parseUserName(`user${two}`)),
    oif: must(parseOif(`U100${two}`)),
  };
}

function terminal(place: number) {
  const two = String(place).padStart(2, '0');
  return {
    station: must(parseStationName(`COUNTY-DISP-${two}`)),
    session: must(parseSessionId(`session-of-dispatch-${two}`)),
    mnemonic: must(parseMnemonic(`QZ${two}`)),
    taf: must(parseTaf(`0990${two}`)),
    ori: must(parseOri(`CA0990${place % 3}00`)),
    agency: must(parseOri(`CA0990${place % 3}00`)),
  };
}

function letters(random: Random, count: number): string {
  return Array.from({ length: count }, () => String.fromCharCode(65 + random(26))).join('');
}

function octets(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('an invented name breaks its grammar');
  return value;
}

if (import.meta.main) {
  const [dir, count, seed, waiting] = process.argv.slice(2);
  if (dir === undefined || count === undefined) throw new Error('make-journal: DIR COUNT [SEED]');
  const journal = await openJournal(dir, { random: randomBytes });
  const wanted = { count: Number(count), seed: Number(seed ?? 1), waiting: Number(waiting ?? 0) };
  await makeJournal(journal, wanted);
  await journal.close();
}

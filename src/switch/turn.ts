// One turn of the switch: the event's time, the state, and the effects so far, in order.
// `record` is the only way to an entry: it numbers, applies and appends in one breath, and puts a step of
// the wall clock before it, so that no entry is ever taken for earlier or later than it was.

import type { EntryDraft, EventEntry, JournalEntry, StoredEntry } from '#journal/entry';
import { controlFrame } from '#protocol/frame';
import type { CloseCode } from '#protocol/reject';
import { applyEntry } from './apply.ts';
import { stepMsNow } from './clock.ts';
import type { Effect } from './effect.ts';
import type { LinkId } from './event.ts';
import type { Ledger, SignOn } from './ledger.ts';
import type { OpenLink, State } from './state.ts';

export interface Turn {
  readonly state: State;
  readonly ledger: Ledger;
  readonly atMs: number;
  readonly timeUs: number;
  readonly effects: Effect[];
}

/** The number the next recorded entry will have; a step of the clock that comes before it is recorded now. */
export function nextEntry(turn: Turn): number {
  noteClock(turn);
  return turn.ledger.entries + 1;
}

/** Writes one entry and returns its number; `withheld` octets are journalled as length and digest. */
export function record(
  turn: Turn,
  draft: EntryDraft,
  octets?: { readonly body: Uint8Array; readonly withheld?: boolean },
): number {
  return append(turn, nextEntry(turn), draft, octets);
}

/** Writes down a step of the wall clock, where there was one: before the next entry, or at the latest with a tick. */
export function noteClock(turn: Turn, leastMs?: number): void {
  const stepMs = stepMsNow(turn, leastMs);
  if (stepMs === 0) return;
  const draft = { kind: 'event', event: 'clock', direction: 'local', detail: { stepMs } } as const;
  append(turn, turn.ledger.entries + 1, draft);
  log(turn, 'warn', 'clock', { stepMs });
}

type EventColumns = Omit<EventEntry, 'entry' | 'time' | 'kind' | 'event'>;

export function recordEvent(
  turn: Turn,
  event: EventEntry['event'],
  columns: EventColumns,
  octets?: { readonly body: Uint8Array; readonly withheld?: boolean },
): number {
  return record(turn, { kind: 'event', event, ...columns }, octets);
}

export function send(turn: Turn, link: { readonly id: LinkId }, frame: Uint8Array): void {
  turn.effects.push({ kind: 'send', link: link.id, frame });
  const open = turn.state.links.get(link.id);
  if (open?.phase === 'open') open.spokeAtMs = turn.atMs;
}

export function log(
  turn: Turn,
  level: 'info' | 'warn' | 'error',
  event: string,
  fields: Readonly<Record<string, string | number | boolean | undefined>>,
): void {
  turn.effects.push({ kind: 'log', level, event, fields });
}

/** Says CLOSE, the last frame (link S9). The link's own entries are the caller's. */
export function sayClose(turn: Turn, link: { id: LinkId; peer: string }, close: Close): void {
  send(turn, link, controlFrame('CLOSE', { code: close.code, text: close.text }));
  turn.effects.push({ kind: 'end', link: link.id });
  turn.state.links.set(link.id, { phase: 'closing', id: link.id, peer: link.peer });
}

export interface Close {
  readonly code: CloseCode;
  readonly text: string;
}

/** Who is signed on at the station of a link. */
export function signOnAt(turn: Turn, link: OpenLink): SignOn | undefined {
  return link.station === undefined ? undefined : turn.ledger.signOns.get(link.station);
}

/** The names of a link for an entry's columns. */
export function namesOf(link: OpenLink): LinkColumns {
  const { station, upstream, session, peer } = link;
  return { station, upstream, session, peer };
}

type LinkColumns = Pick<EventColumns, 'station' | 'upstream' | 'session' | 'peer'>;

/** A code as a peer gave it, if it has the form of one: anything else could be a misplaced secret. */
export function codeText(code: string): string {
  return /^[A-Z][0-9]{2}$/.test(code) ? code : '???';
}

function append(
  turn: Turn,
  number: number,
  draft: EntryDraft,
  octets?: { readonly body: Uint8Array; readonly withheld?: boolean },
): number {
  // A draft plus its stamp is the entry it was drafted from: EntryDraft leaves out just these two.
  const entry = { entry: number, time: turn.timeUs, ...draft } as JournalEntry;
  const stored: StoredEntry = octets === undefined ? { entry } : { entry, ...octets };
  applyEntry(turn.ledger, stored, turn.atMs);
  turn.effects.push({ kind: 'append', stored });
  return number;
}

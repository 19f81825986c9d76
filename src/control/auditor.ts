// Two of an auditor's questions, about one message and what belongs to it: who saw it, and was it delivered.
// Answered from entries alone, without a text, so they are no release; each leaves an entry as a search does.

import type { Destination, JournalEntry, StoredEntry } from '#journal/entry';
import { releasedIn } from '#journal/purge';
import { eventsNamed } from '#journal/query';
import { isWithin } from '#journal/ranges';
import type { Row } from '#journal/row';
import { formatTime } from '#journal/row';
import type { JournalDesk } from './desk.ts';
import { howEnded, noteSearch } from './release.ts';
import { entriesOf } from './search.ts';
import { untilGone, type Visit } from './visit.ts';
import type { Commands } from './wire.ts';
import type { SearchEnd } from './wire-search.ts';
import type { DeliveredEnd } from './wire-releases.ts';

type Events = Extract<JournalEntry, { readonly kind: 'event' }>;

/** `msc journal who-saw`: who typed it, whom it reached or may have reached, and whom it was released to since. */
export async function whoSaw(
  desk: JournalDesk,
  visit: Visit,
  { entry }: Commands['who-saw']['args'],
): Promise<SearchEnd> {
  const startedMs = visit.nowMs();
  const thread = await entriesOf(desk, visit, { entry, thread: true });
  const entries = thread.map((stored) => stored.entry);
  const rows = seenOnTheWay(entries);
  for await (const batch of untilGone(releasesSince(desk, entries), visit.gone))
    for (const stored of batch)
      if (stored.entry.kind === 'event') rows.push(...seenLater(stored.entry, entries));
  const inOrder = rows.toSorted((one, other) => one.entry - other.entry);
  await visit.sendRows(inOrder.map(({ row }) => row));
  const detail = { count: rows.length, ended: howEnded(visit) };
  const look = { command: 'who-saw', asked: String(entry), why: {} } as const;
  const note = await noteSearch(desk, visit, look, detail);
  // Nobody saw what is not there; what is there was seen by whoever typed it, or by nobody.
  return { count: thread.length, tookMs: visit.nowMs() - startedMs, entry: note };
}

/** `msc journal delivered`: what became of each delivery of a message, its answers and notices. */
export async function delivered(
  desk: JournalDesk,
  visit: Visit,
  { entry }: Commands['delivered']['args'],
): Promise<DeliveredEnd> {
  const startedMs = visit.nowMs();
  const thread = await entriesOf(desk, visit, { entry, thread: true });
  const rows = deliveriesOf(thread.map((stored) => stored.entry));
  await visit.sendRows(rows.map((row) => ({ ...row })));
  const open = rows.filter(({ state }) => state !== 'delivered').length;
  const look = { command: 'delivered', asked: String(entry), why: {} } as const;
  const note = await noteSearch(desk, visit, look, { count: rows.length, ended: howEnded(visit) });
  const tookMs = visit.nowMs() - startedMs;
  return { count: thread.length, deliveries: rows.length, open, tookMs, entry: note };
}

interface Seen {
  readonly entry: number;
  readonly row: Row;
}

function seenOnTheWay(thread: readonly JournalEntry[]): Seen[] {
  const acknowledged = new Set(
    thread.flatMap((entry) => (entry.kind === 'delivered' ? [entry.delivery] : [])),
  );
  return thread.flatMap((entry): Seen[] => {
    if (entry.kind === 'received' || entry.kind === 'refused')
      return entry.direction === 'in' ? [seen(entry, 'typed', entry.entry)] : [];
    if (entry.kind === 'delivered') return [seen(entry, 'delivered', sourceOf(entry.delivery))];
    // Nobody knows whether it got there: whoever was there may have seen it.
    if (entry.kind === 'sent' && !acknowledged.has(entry.delivery))
      return [seen(entry, 'sent', sourceOf(entry.delivery))];
    return [];
  });
}

function seen(entry: JournalEntry, how: string, message: number): Seen {
  const { user, station, mnemonic, upstream, agency } = entry;
  const who = { user, station, mnemonic, upstream, agency };
  return { entry: entry.entry, row: plain({ ...stampOf(entry), how, message, ...who }) };
}

const releaseWords: Readonly<Record<string, string>> = { print: 'printed', export: 'exported' };

/** A release that showed some of these entries, or may have. */
function seenLater(event: Events, thread: readonly JournalEntry[]): Seen[] {
  const { command, asked, release, to, file } = event.detail ?? {};
  const ranges = releasedIn(event);
  // Records of before this part say what was asked alone.
  const shown = thread.filter(({ entry }) =>
    ranges === undefined ? String(entry) === asked : isWithin(ranges, entry),
  );
  const isVague = ranges === undefined && command === 'search';
  if (shown.length === 0 && !isVague) return [];
  const word = releaseWords[String(command)] ?? 'shown';
  const how = isVague || ranges?.loose === true ? `perhaps ${word}` : word;
  const { person, reason, requester, recipient } = event;
  const why = { person, reason, case: event.case, requester, recipient };
  const message = shown[0]?.thread ?? thread[0]?.thread;
  return [
    {
      entry: event.entry,
      row: plain({ ...stampOf(event), how, message, ...why, release, to, file }),
    },
  ];
}

function releasesSince(
  desk: JournalDesk,
  thread: readonly JournalEntry[],
): AsyncIterable<readonly StoredEntry[]> {
  const [first] = thread;
  const where = first === undefined ? [] : [eventsNamed('release')];
  const entryFrom = first?.entry ?? 1;
  const entryTo = first === undefined ? 0 : undefined;
  return desk.journal.search({ where, entryFrom, entryTo, reverse: true, limit: 0 });
}

/** One destination of one message, as it stands after the last entry about it. */
export interface DeliveryRow {
  readonly delivery: string;
  readonly message: number;
  readonly mke?: string | undefined;
  /** Who it is for: a mnemonic, a person, an upstream. */
  readonly to: string;
  /** `delivered`, or why not yet or never: waiting, sent, held, refused, expired, undelivered. */
  readonly state: string;
  /** Of the entry that says so. */
  readonly time: string;
  readonly entry: number;
  readonly attempts: number;
  readonly user?: string | undefined;
  readonly station?: string | undefined;
  readonly upstream?: string | undefined;
  readonly code?: string | undefined;
}

/** Folds the entries of a thread, oldest first. */
export function deliveriesOf(thread: readonly JournalEntry[]): readonly DeliveryRow[] {
  const rows = new Map<string, DeliveryRow>();
  for (const entry of thread) {
    if (entry.kind === 'received')
      for (const [index, to] of entry.to.entries()) {
        const delivery = `${entry.entry}.${index}`;
        const { entry: message, mke } = entry;
        const fresh = { delivery, message, mke, to: nameOf(to), state: 'waiting', attempts: 0 };
        rows.set(delivery, { ...stampOf(entry), ...fresh });
      }
    else if ('delivery' in entry && entry.delivery !== undefined) {
      const row = rows.get(entry.delivery);
      if (row !== undefined) rows.set(entry.delivery, { ...row, ...step(row, entry) });
    }
  }
  return [...rows.values()].map((row) => plain({ ...row }) as unknown as DeliveryRow);
}

type Step = Exclude<JournalEntry, { readonly kind: 'received' | 'event' | 'duplicate' }>;

function step(row: DeliveryRow, entry: Step): Partial<DeliveryRow> {
  const { user, station, upstream, code } = entry;
  const at = { ...stampOf(entry), user, station, upstream, code };
  switch (entry.kind) {
    case 'sent':
      return { ...at, state: 'sent', attempts: row.attempts + 1 };
    case 'rerouted': {
      const [to] = entry.to;
      return { ...at, state: 'waiting', to: to === undefined ? row.to : nameOf(to) };
    }
    case 'delivered':
    case 'expired':
    case 'held':
      return { ...at, state: entry.outcome ?? entry.kind };
    case 'refused':
      return { ...at, state: 'refused' };
    case 'released':
      return { ...at, state: 'waiting' };
  }
}

function nameOf({ kind, mnemonic, user, upstream }: Destination): string {
  switch (kind) {
    case 'upstream':
      return upstream ?? kind;
    case 'mnemonic':
      return mnemonic ?? kind;
    case 'user':
      return user ?? kind;
    case 'asker':
    case 'intercept':
      return kind;
  }
}

function stampOf({ entry, time }: JournalEntry): { readonly entry: number; readonly time: string } {
  return { entry, time: formatTime(time) };
}

function sourceOf(delivery: string): number {
  return Number(delivery.split('.')[0]);
}

/** Without members that have no value. */
function plain(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
}

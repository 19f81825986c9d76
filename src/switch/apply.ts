// What one entry does to the ledger. The same function serves the running switch and the replay, so
// that the same journal gives the same switch. It decides nothing: the entry says what was decided.
// An entry that does not fit the ledger is a bug and stops the process.

import type {
  DeliveryId,
  Destination,
  DuplicateEntry,
  OutcomeEntry,
  ReceivedEntry,
  RefusedEntry,
  ReroutedEntry,
  SentEntry,
  StoredEntry,
} from '#journal/entry';
import type { Suphdr } from '#protocol/ids';
import { applyEvent } from './apply-event.ts';
import {
  type Delivery,
  dequeue,
  enqueue,
  type Ledger,
  type Place,
  type Request,
  type Session,
} from './ledger.ts';
import { sessionOf } from './session.ts';
import { rememberStored } from './stored.ts';

/** Refusals remembered for each session: as many as may be asked about again (link S5, M4). */
const refusalsKept = 1024;

/**
 * @param atMs Steady milliseconds: of the event in a running switch, `steadyMsOf` the entry in a replay.
 */
export function applyEntry(ledger: Ledger, { entry, body }: StoredEntry, atMs: number): void {
  if (entry.entry !== ledger.entries + 1) {
    throw new Error(`entry ${entry.entry} does not follow entry ${ledger.entries}`);
  }
  ledger.entries = entry.entry;
  ledger.lastMs = atMs;
  switch (entry.kind) {
    case 'received':
      return applyReceived(ledger, entry, { body, atMs });
    case 'refused':
      return applyRefused(ledger, entry, atMs);
    case 'sent':
      return applySent(ledger, entry);
    case 'delivered':
    case 'expired':
      return applyEnd(ledger, entry, atMs);
    case 'held':
    case 'released':
      return;
    case 'rerouted':
      return applyRerouted(ledger, entry);
    case 'duplicate':
      handleNumber(ledger, entry, atMs);
      return;
    case 'event':
      return applyEvent(ledger, entry, atMs);
  }
}

/**
 * A MESSAGE of theirs is handled; for the person signed on there it is a sign of life (link S8).
 *
 * @returns Its session; undefined for what the switch said itself.
 */
function handleNumber(
  ledger: Ledger,
  entry: ReceivedEntry | RefusedEntry | DuplicateEntry,
  atMs: number,
): Session | undefined {
  const session = sessionOf(ledger, entry);
  if (session !== undefined && entry.number !== undefined) session.received = entry.number;
  const signOn = entry.station === undefined ? undefined : ledger.signOns.get(entry.station);
  if (signOn !== undefined) signOn.messageAtMs = atMs;
  return session;
}

function applyReceived(
  ledger: Ledger,
  entry: ReceivedEntry,
  { body, atMs }: { body: Uint8Array | undefined; atMs: number },
): void {
  const session = handleNumber(ledger, entry, atMs);
  if (session !== undefined && entry.station !== undefined && body !== undefined) {
    rememberStored(session, ledger.digest, { entry, body, atMs });
  }
  for (const [index, to] of entry.to.entries()) addDelivery(ledger, entry, { index, to, atMs });
  if (entry.direction === 'in') openRequest(ledger, entry);
  if (entry.answers !== undefined) noteAnswer(ledger, entry, entry.answers);
}

function addDelivery(
  ledger: Ledger,
  entry: ReceivedEntry,
  { index, to, atMs }: { index: number; to: Destination; atMs: number },
): void {
  const delivery: Delivery = {
    id: `${entry.entry}.${index}`,
    source: entry.entry,
    index,
    to,
    thread: entry.thread ?? entry.entry,
    oif: entry.oif,
    taf: entry.taf,
    ori: entry.ori,
    agency: entry.agency,
    mke: entry.mke,
    sinceMs: atMs,
    state: 'queued',
    sentEntry: undefined,
    mayBeThere: to.flagged === true,
    sentTo: undefined,
  };
  ledger.deliveries.set(delivery.id, delivery);
  enqueue(ledger, delivery);
}

function openRequest(ledger: Ledger, entry: ReceivedEntry): void {
  const places = new Map<string, Place>();
  let reference: Suphdr | undefined;
  for (const { kind, upstream, suphdr } of entry.to) {
    if (kind !== 'upstream' || upstream === undefined) continue;
    places.set(upstream, 'waiting');
    reference = suphdr;
  }
  if (places.size === 0 || entry.mnemonic === undefined) return;
  ledger.requests.set(entry.entry, {
    entry: entry.entry,
    asker: askerOf(entry, entry.class ?? 5),
    mnemonic: entry.mnemonic,
    agency: entry.agency,
    class: entry.class ?? 5,
    reference,
    answerMs: entry.answerMs,
    places,
    late: 'no',
    answerFromMs: undefined,
  });
}

/** Where answers to this entry go: to its person alone, or to the mnemonic of a host (link S7b). */
export function askerOf(entry: ReceivedEntry, messageClass: number): Destination {
  const { mnemonic, suphdr, pool } = entry;
  if (entry.personal !== true) return { kind: 'mnemonic', mnemonic, suphdr, class: messageClass };
  const { user, station } = entry;
  return { kind: 'user', mnemonic, user, station, pool, suphdr, class: messageClass };
}

function noteAnswer(ledger: Ledger, entry: ReceivedEntry, answers: number): void {
  const request = ledger.requests.get(answers);
  if (request === undefined) return;
  if (entry.notice === 'late' || entry.notice === 'late-answer') request.late = entry.notice;
  if (entry.upstream !== undefined && entry.final === true)
    request.places.set(entry.upstream, 'final');
  if (entry.notice === 'ended' || isOver(request)) ledger.requests.delete(answers);
}

function isOver(request: Request): boolean {
  for (const place of request.places.values()) if (place !== 'final') return false;
  return true;
}

function applyRefused(ledger: Ledger, entry: RefusedEntry, atMs: number): void {
  if (entry.delivery !== undefined) return takeBack(ledger, entry, entry.delivery);
  const session = handleNumber(ledger, entry, atMs);
  if (session === undefined || entry.number === undefined) return;
  const { code, field, at } = entry;
  session.refused.set(entry.number, { code, field, at, ref: entry.entry });
  for (const number of session.refused.keys()) {
    if (number > entry.number - refusalsKept) break;
    session.refused.delete(number);
  }
}

/** The peer handled the number, but what it carried has not arrived: it waits again. */
function takeBack(ledger: Ledger, entry: RefusedEntry, id: DeliveryId): void {
  settleNumber(ledger, entry);
  const delivery = ledger.deliveries.get(id);
  if (delivery?.state !== 'sent') return;
  delivery.mayBeThere = true;
  enqueue(ledger, delivery);
}

function applySent(ledger: Ledger, entry: SentEntry): void {
  const session = sessionOf(ledger, entry);
  const delivery = ledger.deliveries.get(entry.delivery);
  if (session === undefined || delivery === undefined || entry.number === undefined) {
    throw new Error(`entry ${entry.entry} sends what is not there`);
  }
  dequeue(ledger, delivery);
  delivery.state = 'sent';
  delivery.sentEntry = entry.entry;
  delivery.sentTo = entry.user;
  session.sent = entry.number;
  session.inFlight.set(entry.number, delivery.id);
  // What stood before it was left out: it has ended meanwhile (link M4a).
  const place = session.again.indexOf(delivery.id);
  if (place >= 0) session.again = session.again.slice(place + 1);
}

function settleNumber(ledger: Ledger, entry: RefusedEntry | OutcomeEntry): void {
  const session = sessionOf(ledger, entry);
  if (session === undefined || entry.number === undefined) return;
  session.inFlight.delete(entry.number);
  session.acked = Math.max(session.acked, entry.number);
}

function applyEnd(ledger: Ledger, entry: OutcomeEntry, atMs: number): void {
  settleNumber(ledger, entry);
  const delivery = ledger.deliveries.get(entry.delivery);
  if (delivery === undefined) return;
  dequeue(ledger, delivery);
  ledger.deliveries.delete(delivery.id);
  const request = ledger.requests.get(delivery.source);
  if (request === undefined || entry.kind !== 'delivered' || entry.direction !== 'out') return;
  request.answerFromMs = atMs;
  if (request.answerMs !== undefined) return;
  request.places.set(delivery.to.upstream ?? '', 'final');
  if (isOver(request)) ledger.requests.delete(request.entry);
}

function applyRerouted(ledger: Ledger, entry: ReroutedEntry): void {
  const delivery = ledger.deliveries.get(entry.delivery);
  const [to] = entry.to;
  if (delivery === undefined || to === undefined) {
    throw new Error(`entry ${entry.entry} reroutes what is not there`);
  }
  dequeue(ledger, delivery);
  delivery.to = to;
  enqueue(ledger, delivery);
}

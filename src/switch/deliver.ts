// Out of the queues, into the windows: what may go next on a link, its octets, its number, and what
// the peer says of it. The number is durable before its first octet leaves (link M2).

import type { Destination, StoredEntry } from '#journal/entry';
import { flagFinal, flagPossibleDuplicate, messageFrame } from '#protocol/frame';
import { formatHeader } from '#protocol/header';
import type { Mnemonic } from '#protocol/ids';
import { concatBytes } from '#protocol/octets';
import {
  type Delivery,
  dequeue,
  enqueue,
  numberMax,
  type PeerKey,
  type QueueKey,
  type Session,
  stationKey,
  upstreamKey,
} from './ledger.ts';
import { closeLink } from './link-life.ts';
import { isBefore } from './queue.ts';
import { recallAsker } from './recall.ts';
import { mnemonicsOf, type OpenLink, type Reader } from './state.ts';
import { endUnforwarded, toIntercept } from './put-aside.ts';
import { holdBack, takeBack } from './take-back.ts';
import { namesOf, record, send, signOnAt, type Turn } from './turn.ts';

/** Asks for the octets of all that may go on this link now. */
export function pump(turn: Turn, link: OpenLink): void {
  const session = turn.ledger.sessions.get(link.key);
  if (session === undefined || turn.state.live.get(link.key) !== link) return;
  while (session.inFlight.size + link.reading < link.window && turn.atMs >= link.putOffUntilMs) {
    const delivery = againFor(turn, session) ?? nextFor(turn, link);
    if (delivery === undefined) return;
    if (session.sent + link.reading >= numberMax) {
      return closeLink(turn, link, {
        code: 'C10',
        text: 'the numbers of this session are used up',
      });
    }
    dequeue(turn.ledger, delivery);
    turn.state.fetching.add(delivery);
    link.reading += 1;
    askFor(turn, delivery.source, { why: 'send', link: link.id, delivery });
  }
}

export function askFor(turn: Turn, entry: number, reader: Reader): void {
  const readers = turn.state.readers.get(entry);
  if (readers === undefined) turn.state.readers.set(entry, [reader]);
  else readers.push(reader);
  turn.effects.push({ kind: 'read', entry });
}

/** Every link that may take something from this queue gets its chance. */
export function pumpQueue(turn: Turn, key: QueueKey): void {
  const name = key.slice(2);
  if (key.startsWith('x:')) pumpPeer(turn, upstreamKey(name));
  else if (key.startsWith('u:')) {
    for (const { user, station } of turn.ledger.signOns.values()) {
      if (user === name) pumpPeer(turn, stationKey(station));
    }
  } else if (key.startsWith('m:')) {
    const { stationOf, printersOf } = turn.ledger.directory;
    // A queue key of a mnemonic is made from a mnemonic.
    const mnemonic = name as Mnemonic;
    for (const printer of printersOf.get(mnemonic) ?? []) pumpPeer(turn, stationKey(printer.name));
    const station = stationOf.get(mnemonic);
    if (station !== undefined) pumpPeer(turn, stationKey(station.name));
  }
}

function pumpPeer(turn: Turn, key: PeerKey): void {
  const link = turn.state.live.get(key);
  if (link !== undefined) pump(turn, link);
}

/** link M4a: after BUSY the same ones go first, in the order they had. */
function againFor(turn: Turn, session: Session): Delivery | undefined {
  for (const id of session.again) {
    const delivery = turn.ledger.deliveries.get(id);
    if (delivery?.state === 'queued' && !turn.state.fetching.has(delivery)) return delivery;
  }
  return undefined;
}

/** The first in class and receipt order over all the queues this link takes from. */
function nextFor(turn: Turn, link: OpenLink): Delivery | undefined {
  if (link.upstream !== undefined) return firstOf(turn, link, `x:${link.upstream}`);
  let best: Delivery | undefined;
  for (const mnemonic of servedBy(turn, link)) {
    best = earlier(best, firstOf(turn, link, `m:${mnemonic}`));
  }
  const user = signOnAt(turn, link)?.user;
  return user === undefined ? best : earlier(best, firstOf(turn, link, `u:${user}`));
}

function firstOf(turn: Turn, link: OpenLink, key: QueueKey): Delivery | undefined {
  return turn.ledger.queues.get(key)?.first((delivery) => mayGo(turn, link, delivery));
}

function earlier(one: Delivery | undefined, other: Delivery | undefined): Delivery | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  if (one.to.class !== other.to.class) return one.to.class < other.to.class ? one : other;
  return isBefore(one, other) ? one : other;
}

/** The station's own mnemonics whose messages it may have now; without a person only by policy (link S7). */
function servedBy(turn: Turn, link: OpenLink): readonly Mnemonic[] {
  const { register, signOns } = turn.ledger;
  const station = link.station === undefined ? undefined : register.station.get(link.station);
  if (station === undefined) return [];
  const open = link.role !== 'terminal' || station.unattended || signOns.has(station.name);
  return open ? station.mnemonics : [];
}

/** Whether this link, of those that take from its queue, is the one for this delivery. */
function mayGo(turn: Turn, link: OpenLink, delivery: Delivery): boolean {
  if (link.declined.has(delivery.id)) return false;
  const { user, station, mnemonic } = delivery.to;
  if (link.role === 'printer' && mnemonic !== undefined) return mayPrint(turn, mnemonic);
  if (user === undefined || link.station === undefined) return true;
  // Signed on at two terminals, it goes to the one the question came from.
  if (station === undefined || station === link.station) return true;
  const asked = turn.ledger.signOns.get(station);
  return asked?.user !== user || !turn.state.live.has(stationKey(station));
}

/** link M9: a printer beside a terminal prints only what policy sends there while nobody is signed on. */
function mayPrint(turn: Turn, mnemonic: Mnemonic): boolean {
  const station = turn.ledger.directory.stationOf.get(mnemonic);
  return station === undefined || (station.unattended && !turn.ledger.signOns.has(station.name));
}

/**
 * Somebody signed on or off: what is being fetched for a link that may not have it any more waits again, in
 * its old place, before what came after it goes another way (link M6).
 */
export function takeBackReads(turn: Turn): void {
  takeBack(turn, ({ delivery, link: id }) => {
    const link = id === undefined ? undefined : turn.state.links.get(id);
    if (link?.phase !== 'open') return false;
    return !isTakenBy(turn, link, delivery.to) || !mayGo(turn, link, delivery);
  });
}

/** The octets of an entry are here, for the first that asked for them. */
export function onBody(turn: Turn, entry: number, stored: StoredEntry | undefined): void {
  const { readers, fetching, links } = turn.state;
  const waiting = readers.get(entry);
  const reader = waiting?.shift();
  if (waiting?.length === 0) readers.delete(entry);
  if (reader === undefined) return;
  const { delivery } = reader;
  if (reader.why === 'asker') {
    fetching.delete(delivery);
    return recallAsker(turn, delivery, stored);
  }
  const link = reader.link === undefined ? undefined : links.get(reader.link);
  // The link went down meanwhile: the delivery is back in its queue, or gone another way.
  if (link?.phase !== 'open') return;
  link.reading -= 1;
  if (reader.back === true) return pump(turn, link);
  fetching.delete(delivery);
  // Its earlier station came back and had handled it all along (link S4a).
  if (delivery.state !== 'queued' || !turn.ledger.deliveries.has(delivery.id))
    return pump(turn, link);
  if (stored?.body === undefined) throw new Error(`entry ${entry} has no octets to send`);
  enqueue(turn.ledger, delivery);
  const isPutOff = turn.atMs < link.putOffUntilMs;
  if (isPutOff || !isTakenBy(turn, link, delivery.to) || !mayGo(turn, link, delivery))
    return holdBack(turn, [delivery]);
  sendOut(turn, link, delivery, { entry: stored.entry, body: stored.body });
}

function isTakenBy(turn: Turn, link: OpenLink, to: Destination): boolean {
  switch (to.kind) {
    case 'upstream':
      return link.upstream === to.upstream;
    case 'mnemonic':
      return to.mnemonic !== undefined && servedBy(turn, link).includes(to.mnemonic);
    case 'user':
      return signOnAt(turn, link)?.user === to.user;
    case 'asker':
    case 'intercept':
      return false;
  }
}

type Readable = StoredEntry & { readonly body: Uint8Array };

function sendOut(turn: Turn, link: OpenLink, delivery: Delivery, stored: Readable): void {
  const session = turn.ledger.sessions.get(link.key);
  const mnemonic = mnemonicFor(turn, link, delivery.to);
  if (session === undefined || mnemonic === undefined) return;
  const { to } = delivery;
  const body = compose(to, stored);
  if (body.length > link.frameBytesMax) return putAside(turn, link, delivery);
  const flags =
    (delivery.mayBeThere ? flagPossibleDuplicate : 0) | (to.final === true ? flagFinal : 0);
  const number = session.sent + 1;
  const user = to.user ?? signOnAt(turn, link)?.user;
  const { id, thread, oif, taf, ori, agency, mke } = delivery;
  const entry = record(
    turn,
    {
      kind: 'sent',
      direction: to.kind === 'upstream' ? 'out' : 'down',
      thread,
      ...namesOf(link),
      number,
      mnemonic,
      pool: to.pool,
      user,
      oif,
      taf,
      ori,
      agency,
      mke,
      suphdr: to.suphdr,
      class: to.class,
      rule: to.rule,
      outcome: 'sent',
      delivery: id,
      flags: flags === 0 ? undefined : flags,
    },
    { body },
  );
  link.unhandled.push({ number, entry, sinceMs: turn.atMs });
  send(turn, link, messageFrame({ flags, class: to.class, number, mnemonic, body }));
}

/** Longer than this peer takes: sent, it would end the connection each time anew. */
function putAside(turn: Turn, link: OpenLink, delivery: Delivery): void {
  if (link.upstream === undefined) toIntercept(turn, delivery, 'too-long');
  else endUnforwarded(turn, delivery, 'X09');
}

/** A terminal gets everything under the mnemonic it holds; others under the one addressed (link M9). */
function mnemonicFor(turn: Turn, link: OpenLink, to: Destination): Mnemonic | undefined {
  if (link.role === 'terminal') return mnemonicsOf(turn.state, link)[0];
  return to.mnemonic;
}

/** link E2: to an upstream one reference, OIF and TAF; to a station the reference alone. */
function compose(to: Destination, stored: Readable): Uint8Array {
  const { entry, body } = stored;
  const textAt = entry.kind === 'received' ? (entry.textAt ?? 0) : 0;
  const text = body.subarray(textAt);
  // What could not be read has no reference to put before it: it is passed on as it came.
  if (to.suphdr === undefined) return text;
  const { suphdr } = to;
  const { oif, taf } = entry;
  const up = to.kind === 'upstream';
  const header = formatHeader({
    suphdr,
    ...(up && oif !== undefined ? { oif } : {}),
    ...(up && oif !== undefined && taf !== undefined ? { taf } : {}),
  });
  return concatBytes(header, text);
}

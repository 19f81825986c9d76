// What an event entry does to the ledger: links and their sessions, sign-ons, tries, the register.
// Events that change nothing of it (a search, an alarm, a heart-beat) pass.

import type { EventEntry } from '#journal/entry';
import { applyRegisterChanges } from '#journal/register';
import type { UserName } from '#protocol/ids';
import { readDirectory } from './directory.ts';
import { dequeue, enqueue, type Ledger, type Session, type SignOn } from './ledger.ts';
import { peerOf, sessionOf } from './session.ts';
import { storedBefore } from './stored.ts';

/** Tries older than this never count, whatever the profile; it bounds the memory. */
const triesKeptMs = 24 * 3_600_000;
const triesKept = 64;
/** A request that had its SM 60 is remembered this long; later answers find their asker in the journal. */
const lateKeptMs = 10 * 60_000;
/** Of a link whose entry does not say its window: the default of link M4. */
const windowDefault = 32;

export function applyEvent(ledger: Ledger, entry: EventEntry, atMs: number): void {
  switch (entry.event) {
    case 'link-up':
      return applyLinkUp(ledger, entry);
    case 'link-down':
      return applyLinkDown(ledger, entry, atMs);
    case 'busy':
      return applyBusy(ledger, entry);
    case 'sign-on':
      return applySignOn(ledger, entry, atMs);
    case 'sign-off':
      return applySignOff(ledger, entry);
    case 'sign-on-failed':
      return applyFailedTry(ledger, entry, atMs);
    case 'lock':
      if (entry.user !== undefined) ledger.locked.add(entry.user);
      return;
    case 'unlock':
      return applyUnlock(ledger, entry);
    case 'register':
      return applyRegister(ledger, entry);
    case 'disable':
      return applyDisable(ledger, entry, atMs);
    case 'enable':
      ledger.disabled.delete(peerOf(entry) ?? '');
      return;
    case 'heartbeat':
      return forget(ledger, entry, atMs);
    case 'clock':
      ledger.aheadMs += stepMsOf(entry);
      return;
    case 'start':
    case 'stop':
    case 'password':
    case 'search':
    case 'release':
    case 'purge':
    case 'reindex':
    case 'config':
    case 'trace':
    case 'security':
    case 'alarm':
    case 'turned-away':
    case 'close':
    case 'test':
      return;
  }
}

function applyRegister(ledger: Ledger, { changes = [] }: EventEntry): void {
  applyRegisterChanges(ledger.register, changes);
  ledger.directory = readDirectory(ledger.register);
  // A station that is taken out of the register and comes again is another one.
  for (const { op, table, key } of changes)
    if (op === 'remove' && table === 'station') ledger.disabled.delete(key);
}

function applyDisable(ledger: Ledger, entry: EventEntry, atMs: number): void {
  const key = peerOf(entry);
  const { person, reason } = entry;
  if (key !== undefined)
    ledger.disabled.set(key, { entry: entry.entry, sinceMs: atMs, person, reason });
}

/** By how much the wall clock stepped; 0 for every other event. */
export function stepMsOf(entry: EventEntry): number {
  return entry.event === 'clock' ? Number(entry.detail?.['stepMs'] ?? 0) : 0;
}

function applyLinkUp(ledger: Ledger, entry: EventEntry): void {
  const key = peerOf(entry);
  if (key === undefined || entry.session === undefined) return;
  const known = ledger.sessions.get(key);
  if (entry.resumed === true && known?.id === entry.session) {
    const signOn = entry.station === undefined ? undefined : ledger.signOns.get(entry.station);
    if (signOn !== undefined) signOn.keptUntilMs = undefined;
    known.fingerprint = entry.fingerprint;
    return goOn(ledger, known, entry.received ?? 0);
  }
  const window = Number(entry.detail?.['window'] ?? windowDefault);
  // A new session ends the earlier one; what was not handled there waits already (link-down put it back).
  ledger.sessions.set(key, {
    peer: key,
    role: entry.role ?? 'host',
    id: entry.session,
    fingerprint: entry.fingerprint,
    up: true,
    downAtMs: 0,
    received: 0,
    refused: new Map(),
    sent: 0,
    acked: 0,
    inFlight: new Map(),
    again: [],
    window,
    stored: new Map(),
    earlier: known === undefined ? new Map<string, never>() : storedBefore(known, window),
  });
}

/** link S4a: they have handled up to `received`; what is above goes again, under new numbers from there. */
function goOn(ledger: Ledger, session: Session, received: number): void {
  session.up = true;
  // What their BUSY put back they may have after all: it was taken, and could not be written yet.
  for (const [at, id] of session.again.entries()) session.inFlight.set(session.sent + 1 + at, id);
  session.again = [];
  for (const [number, id] of session.inFlight) {
    const delivery = ledger.deliveries.get(id);
    if (number > received || delivery?.state !== 'queued') {
      session.inFlight.delete(number);
      continue;
    }
    dequeue(ledger, delivery);
    delivery.state = 'sent';
  }
  session.sent = received;
}

/** What was sent and not handled waits again at once, so that it can go by another way (link S7b). */
function applyLinkDown(ledger: Ledger, entry: EventEntry, atMs: number): void {
  const key = peerOf(entry);
  const session = key === undefined ? undefined : ledger.sessions.get(key);
  if (session === undefined || session.id !== entry.session) return;
  session.up = false;
  session.downAtMs = atMs;
  for (const id of [...session.inFlight.values(), ...session.again]) {
    const delivery = ledger.deliveries.get(id);
    if (delivery === undefined) continue;
    delivery.mayBeThere = true;
    if (delivery.state === 'sent') enqueue(ledger, delivery);
  }
  const signOn = entry.station === undefined ? undefined : ledger.signOns.get(entry.station);
  const keptMs = Number(entry.detail?.['keptMs'] ?? 0);
  if (signOn === undefined) return;
  signOn.keptUntilMs = atMs + keptMs;
  touchQueues(ledger, signOn);
}

/** link M4a: they have taken nothing from that number on. It waits again, as if it had not been sent. */
function applyBusy(ledger: Ledger, entry: EventEntry): void {
  const session = sessionOf(ledger, entry);
  const { number } = entry;
  if (session === undefined || number === undefined) return;
  const back = [...session.inFlight].filter(([sent]) => sent >= number);
  for (const [sent, id] of back) {
    session.inFlight.delete(sent);
    const delivery = ledger.deliveries.get(id);
    if (delivery?.state === 'sent') enqueue(ledger, delivery);
  }
  session.again = [...back.map(([, id]) => id), ...session.again];
  session.sent = number - 1;
}

/** What waited for this terminal may now go to a printer, or to the person's other terminal (link M9, S7b). */
function touchQueues(ledger: Ledger, { mnemonic, user }: SignOn): void {
  ledger.touched.add(`m:${mnemonic}`);
  ledger.touched.add(`u:${user}`);
}

function applySignOn(ledger: Ledger, entry: EventEntry, atMs: number): void {
  const { station, user, oif, agency, mnemonic } = entry;
  if (!station || !user || !oif || !agency || !mnemonic) return;
  const times = { sinceMs: atMs, messageAtMs: atMs, keptUntilMs: undefined };
  const who = { user, oif, agency, mnemonic, pool: entry.pool };
  ledger.signOns.set(station, { entry: entry.entry, station, ...who, ...times });
  ledger.userTries.delete(user);
  ledger.lastSignOns.set(user, entry.time);
}

function applySignOff(ledger: Ledger, entry: EventEntry): void {
  const signOn = entry.station === undefined ? undefined : ledger.signOns.get(entry.station);
  if (signOn === undefined) return;
  ledger.signOns.delete(signOn.station);
  ledger.returned.set(signOn.mnemonic, entry.entry);
  touchQueues(ledger, signOn);
}

function applyFailedTry(ledger: Ledger, entry: EventEntry, atMs: number): void {
  if (entry.code !== 'U01' && entry.code !== 'U04') return;
  if (entry.station !== undefined) addTry(ledger.stationTries, entry.station, atMs);
  if (entry.user !== undefined) addTry(ledger.userTries, entry.user, atMs);
}

function addTry<K>(tries: Map<K, number[]>, key: K, atMs: number): void {
  const recent = (tries.get(key) ?? []).filter((tried) => atMs - tried < triesKeptMs);
  tries.set(key, [...recent, atMs].slice(-triesKept));
}

/** What is too old to matter is let go by an entry, so that a replay lets go of the same (link S4, M5). */
function forget(ledger: Ledger, entry: EventEntry, atMs: number): void {
  const sessionKeptMs = Number(entry.detail?.['sessionKeptMs'] ?? Infinity);
  for (const [key, { up, downAtMs }] of ledger.sessions) {
    if (!up && atMs - downAtMs >= sessionKeptMs) ledger.sessions.delete(key);
  }
  for (const [key, { late, answerFromMs, answerMs }] of ledger.requests) {
    const lateMs = atMs - (answerFromMs ?? atMs) - (answerMs ?? 0);
    if (late !== 'no' && lateMs >= lateKeptMs) ledger.requests.delete(key);
  }
}

function applyUnlock(ledger: Ledger, entry: EventEntry): void {
  const user: UserName | undefined = entry.user;
  if (user === undefined) return;
  ledger.locked.delete(user);
  ledger.userTries.delete(user);
}

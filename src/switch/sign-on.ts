// Signing a person on and off at a terminal (link S7 to S7d). One answer for each SIGN_ON; the secret
// is judged at the edge, everything else here, in the order of S7c. No secret reaches an entry.

import { controlFrame, type Frame } from '#protocol/frame';
import { parseSignOff, parseSignOn, type SignedOn, type SignOn as Asked } from '#protocol/control';
import { type Mnemonic, parseUserName, type StationName, type UserName } from '#protocol/ids';
import { utf8Bytes } from '#protocol/octets';
import { type SignOnRejectCode, signOnRejects } from '#protocol/reject';
import type { PersonRecord, StationRecord } from '#journal/register';
import { isActiveAgency } from './directory.ts';
import { lendMnemonic } from './pool.ts';
import { closeGarbled, closeLink, sayRefused } from './link-life.ts';
import { stationKey } from './ledger.ts';
import { tellServices, utcText } from './service.ts';
import { endSignOn, settleNumbers } from './sign-off.ts';
import type { OpenLink } from './state.ts';
import { pump, takeBackReads } from './deliver.ts';
import { log, namesOf, recordEvent, send, signOnAt, type Turn } from './turn.ts';

/** link S7c: after so many failed tries each further answer at that station waits, twice as long each time. */
const tryDelayMs = 250;
/** Slow for somebody who guesses; bearable for a dispatcher whose colleague forgot a password. */
const tryDelayMostMs = 3_000;

export function onSignOn(turn: Turn, link: OpenLink, frame: Frame): void {
  const { body } = frame;
  const parsed = parseSignOn(body);
  if (!parsed.ok) {
    return closeGarbled(turn, link, { code: 'C01', text: parsed.error.reason }, body);
  }
  const station = stationOf(turn, link);
  if (
    station === undefined ||
    link.attempt !== undefined ||
    turn.ledger.signOns.has(station.name)
  ) {
    const text = 'SIGN_ON while a user is signed on, or another is unanswered';
    return closeGarbled(turn, link, { code: 'C04', text }, body);
  }
  const asked = parsed.value;
  // Whatever was said before this has been read: our SIGN_OFF is answered, or never will be.
  link.signOffSent = false;
  const credential = personOf(turn, asked)?.credential;
  link.attempt = { asked, credential, signOffs: 0 };
  turn.effects.push({
    kind: 'verify',
    link: link.id,
    password: asked.password,
    ...(credential === undefined ? {} : { credential }),
    afterMs: delayOf(turn, station.name),
  });
}

/** link S7c: at a station, tries only delay the next answers; so do those whose answer was not waited for. */
function delayOf(turn: Turn, station: StationName): number {
  const { signOnTries, signOnTriesMs } = turn.state.settings;
  const { stationTries } = turn.ledger;
  const failed = recentTries(stationTries.get(station), turn.atMs, signOnTriesMs);
  const left = recentTries(turn.state.abandoned.get(station), turn.atMs, signOnTriesMs);
  const over = failed + left - signOnTries;
  return over < 0 ? 0 : Math.min(tryDelayMs * 2 ** over, tryDelayMostMs);
}

function recentTries(tries: readonly number[] | undefined, atMs: number, withinMs: number): number {
  return (tries ?? []).filter((tried) => atMs - tried <= withinMs).length;
}

/** A name is looked up as it was sent; whoever is not there is answered as a wrong password. */
function personOf(turn: Turn, asked: Asked): PersonRecord | undefined {
  const user = parseUserName(asked.user);
  return user === undefined ? undefined : turn.ledger.register.person.get(user);
}

function stationOf(turn: Turn, link: OpenLink): StationRecord | undefined {
  return link.station === undefined ? undefined : turn.ledger.register.station.get(link.station);
}

export function onVerified(turn: Turn, linkId: number, verdict: 'right' | 'wrong'): void {
  const link = turn.state.links.get(linkId);
  if (link?.phase !== 'open' || link.attempt === undefined) return;
  const { asked, credential } = link.attempt;
  const person = personOf(turn, asked);
  if (
    person === undefined ||
    verdict === 'wrong' ||
    turn.ledger.locked.has(person.user) ||
    // It was changed while the old one was judged.
    person.credential !== credential
  ) {
    return failTry(turn, link, person);
  }
  const gate = closedGate(turn, person, stationOf(turn, link));
  if (gate !== undefined) return refuse(turn, link, { person, code: 'U05', text: gate });
  const { newPassword: password } = asked;
  if (password !== undefined) {
    turn.effects.push({ kind: 'renew', link: link.id, user: person.user, password });
  } else if (person.mustChange) refuse(turn, link, { person, code: 'U02' });
  else admitPerson(turn, link, person);
}

/** The new password is stored under the change id, or broke a rule (U03). */
export function onRenewed(
  turn: Turn,
  linkId: number,
  { changeId, rule }: { readonly changeId?: string; readonly rule?: string },
): void {
  const link = turn.state.links.get(linkId);
  if (link?.phase !== 'open' || link.attempt === undefined) return;
  const person = personOf(turn, link.attempt.asked);
  if (person === undefined || person.credential !== link.attempt.credential) {
    return failTry(turn, link, person);
  }
  if (changeId === undefined && rule === undefined) {
    return closeLink(turn, link, { code: 'C13', text: 'nothing can be stored now: come back' });
  }
  const gate = closedGate(turn, person, stationOf(turn, link));
  if (gate !== undefined) refuse(turn, link, { person, code: 'U05', text: gate });
  else if (changeId === undefined) refuse(turn, link, { person, code: 'U03', text: rule });
  else admitPerson(turn, link, person, changeId);
}

function renewPerson(turn: Turn, person: PersonRecord, changeId: string): void {
  const record = { ...person, credential: changeId, mustChange: false };
  const changes = [{ op: 'put', table: 'person', key: person.user, record }] as const;
  const reason = 'the person changed the password at sign-on';
  const entry = recordEvent(turn, 'register', { user: person.user, changes, changeId, reason });
  turn.effects.push({ kind: 'project', entry, changes });
}

/** Why an account with the right password may still not be used (U05). */
function closedGate(
  turn: Turn,
  person: PersonRecord,
  station: StationRecord | undefined,
): string | undefined {
  if (person.state === 'disabled') return 'the account is disabled';
  if (!isActiveAgency(turn.ledger.register, person.agency)) return "the user's agency is suspended";
  return station?.state === 'enabled' ? undefined : 'the station is suspended';
}

/** What is left of S7c once the secret is in order: U08, U06, U07, else SIGNED_ON. */
function admitPerson(turn: Turn, link: OpenLink, person: PersonRecord, changeId?: string): void {
  const attempt = link.attempt;
  const station = stationOf(turn, link);
  if (attempt === undefined || station === undefined) return;
  if (!endElsewhere(turn, person)) return refuse(turn, link, { person, code: 'U08' });
  const lent = takeMnemonic(turn, { asked: attempt.asked, person, station });
  if ('code' in lent) return refuse(turn, link, { person, code: lent.code });
  // A new password takes hold with the sign-on it came with, or not at all.
  if (changeId !== undefined) renewPerson(turn, person, changeId);
  signOn(turn, link, person, lent);
  tellServices(turn, link);
  settleAttempt(turn, link);
  pump(turn, link);
}

function signOn(turn: Turn, link: OpenLink, person: PersonRecord, lent: Lent): void {
  const { user, oif, agency, name } = person;
  const lastSignOn = turn.ledger.lastSignOns.get(user);
  const names = { ...namesOf(link), peer: link.peer };
  recordEvent(turn, 'sign-on', { ...names, user, oif, agency, ...lent });
  takeBackReads(turn);
  const { mnemonic, pool } = lent;
  const body: SignedOn = {
    user,
    oif,
    name,
    agency,
    mnemonic,
    ...(pool === undefined ? {} : { pool }),
    ...(lastSignOn === undefined ? {} : { lastSignOn: utcText(lastSignOn) }),
    warnings: [],
  };
  send(turn, link, controlFrame('SIGNED_ON', body));
  log(turn, 'info', 'sign-on', { station: link.station, mnemonic, link: link.id });
  link.declined.clear();
}

/** False where the person works elsewhere and the profile forbids two; a kept sign-on just ends. */
function endElsewhere(turn: Turn, person: PersonRecord): boolean {
  for (const other of turn.ledger.signOns.values()) {
    if (other.user !== person.user) continue;
    const live = turn.state.live.has(stationKey(other.station));
    if (live && !turn.state.settings.signOnTwice) return false;
    if (!live) endSignOn(turn, other, 'elsewhere');
  }
  return true;
}

interface Lent {
  readonly mnemonic: Mnemonic;
  readonly pool: string | undefined;
}

function takeMnemonic(
  turn: Turn,
  { asked, person, station }: { asked: Asked; person: PersonRecord; station: StationRecord },
): Lent | { readonly code: 'U06' | 'U07' } {
  const [own] = station.mnemonics;
  if (own !== undefined) {
    const agency = turn.ledger.register.mnemonic.get(own)?.agency ?? station.agency;
    const other = asked.pool !== undefined || (asked.mnemonic ?? own) !== own;
    const foreign = agency !== undefined && agency !== person.agency;
    return other || foreign ? { code: 'U06' } : { mnemonic: own, pool: undefined };
  }
  const pool = asked.pool === undefined ? undefined : turn.ledger.register.pool.get(asked.pool);
  const may =
    pool !== undefined &&
    asked.mnemonic === undefined &&
    station.pools.includes(pool.name) &&
    person.pools.includes(pool.name);
  if (!may) return { code: 'U06' };
  const mnemonic = lendMnemonic(turn.ledger, pool);
  return mnemonic === undefined ? { code: 'U07' } : { mnemonic, pool: pool.name };
}

/** U01, for the account and for the station; the fifth in the period locks the account. */
function failTry(turn: Turn, link: OpenLink, person: PersonRecord | undefined): void {
  const asked = link.attempt?.asked;
  if (asked === undefined) return;
  const names = { ...namesOf(link), code: 'U01' };
  if (person !== undefined) {
    recordEvent(turn, 'sign-on-failed', { ...names, user: person.user, oif: person.oif });
    lockWhenDue(turn, link, person.user);
  } else {
    // The name may be a misplaced password: only its digest is kept.
    const body = utf8Bytes(asked.user);
    recordEvent(turn, 'sign-on-failed', names, { body, withheld: true });
  }
  sayRefusal(turn, link, 'U01', undefined);
}

function lockWhenDue(turn: Turn, link: OpenLink, user: UserName): void {
  const { signOnTries, signOnTriesMs } = turn.state.settings;
  const tries = recentTries(turn.ledger.userTries.get(user), turn.atMs, signOnTriesMs);
  if (tries < signOnTries || turn.ledger.locked.has(user)) return;
  const reason = `${signOnTries} failed tries`;
  recordEvent(turn, 'lock', { ...namesOf(link), user, reason });
  log(turn, 'warn', 'user-locked', { station: link.station });
}

function refuse(
  turn: Turn,
  link: OpenLink,
  refusal: { person: PersonRecord; code: SignOnRejectCode; text?: string | undefined },
): void {
  const { user, oif } = refusal.person;
  const { code } = refusal;
  recordEvent(turn, 'sign-on-failed', { ...namesOf(link), user, oif, code });
  sayRefusal(turn, link, code, refusal.text);
}

function sayRefusal(
  turn: Turn,
  link: OpenLink,
  code: SignOnRejectCode,
  text: string | undefined,
): void {
  sayRefused(turn, link, 0, { code, text: text ?? signOnRejects[code].text });
  settleAttempt(turn, link);
}

/** The SIGN_ON has its answer; SIGN_OFFs that came meanwhile get theirs after it (link S7d). */
function settleAttempt(turn: Turn, link: OpenLink): void {
  const signOffs = link.attempt?.signOffs ?? 0;
  link.attempt = undefined;
  for (let left = signOffs; left > 0; left--) answerSignOff(turn, link);
}

export function onSignOff(turn: Turn, link: OpenLink, frame: Frame): void {
  const parsed = parseSignOff(frame.body);
  if (!parsed.ok) {
    return closeGarbled(turn, link, { code: 'C01', text: parsed.error.reason }, frame.body);
  }
  if (link.attempt !== undefined) link.attempt.signOffs += 1;
  else if (link.signOffSent) link.signOffSent = false;
  else answerSignOff(turn, link);
}

/** SIGN_OFF is answered with SIGN_OFF, with nobody signed on likewise. */
function answerSignOff(turn: Turn, link: OpenLink): void {
  const signOn = signOnAt(turn, link);
  if (signOn !== undefined) endSignOn(turn, signOn, 'user');
  send(turn, link, controlFrame('SIGN_OFF', { reason: 'user' }));
  settleNumbers(turn, link);
}

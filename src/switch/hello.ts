// The first frames of a link: HELLO and WELCOME, at both ends (link S2 to S4a). A session goes on, or
// a new one begins; a station's older connection gives way to the newer.

import type { StationRecord } from '#journal/register';
import { ackFrame, controlFrame, type Frame, stationFrames, switchFrames } from '#protocol/frame';
import { type Hello, parseHello, parseWelcome, type Welcome } from '#protocol/control';
import { parseSessionId, parseStationName, type SessionId } from '#protocol/ids';
import { isActiveAgency } from './directory.ts';
import { closeLink, dialAgain, forgetSession, turnAway } from './link-life.ts';
import { answerAgain } from './intake.ts';
import { numberMax, type Session, stationKey, upstreamKey } from './ledger.ts';
import { announceService, tellServices } from './service.ts';
import { endSignOn } from './sign-off.ts';
import {
  type DialledLink,
  type GreetingLink,
  mnemonicsOf,
  type OpenLink,
  refusalLimits,
} from './state.ts';
import { pump, takeBackReads } from './deliver.ts';
import { type Close, log, recordEvent, sayClose, send, type Turn } from './turn.ts';

export function onHello(turn: Turn, link: GreetingLink, frame: Frame): void {
  const parsed = parseHello(frame.body);
  if (!parsed.ok) {
    const { code, reason: text } = parsed.error;
    return turnAway(turn, link, { code, text }, { octets: frame.body });
  }
  const hello = parsed.value;
  const judged = judgeHello(turn, link, hello);
  if ('code' in judged) return turnAway(turn, link, judged, { claimed: hello.station });
  const older = turn.state.live.get(stationKey(judged.name));
  if (older !== undefined) replaceLink(turn, older, link.peer);
  welcome(turn, link, { hello, station: judged });
}

/** The station behind a HELLO, or why it is turned away (link S2). */
function judgeHello(turn: Turn, link: GreetingLink, hello: Hello): StationRecord | Close {
  const { state, ledger } = turn;
  if (!hello.protocol.includes(1)) return { code: 'C06', text: 'this switch speaks protocol 1' };
  if (state.mode !== 'running') return { code: 'C07', text: 'the switch is draining' };
  const name = parseStationName(hello.station);
  const station = name === undefined ? undefined : ledger.register.station.get(name);
  const notKnown: Close = {
    code: 'C02',
    text: 'this station is not known here by this certificate',
  };
  if (station === undefined || !isProved(link, station)) return notKnown;
  if (station.state === 'disabled' || ledger.disabled.has(stationKey(station.name)))
    return { code: 'C02', text: 'this station is disabled' };
  if (station.role !== hello.role) return { code: 'C02', text: 'this station has another role' };
  if (station.state === 'suspended') return { code: 'C12', text: 'this station is suspended' };
  if (station.agency !== undefined && !isActiveAgency(ledger.register, station.agency)) {
    return { code: 'C12', text: 'the agency of this station is suspended' };
  }
  // One that replaces its own takes no place (link S3).
  const full = state.live.size >= state.settings.connectionsMax;
  if (full && !state.live.has(stationKey(station.name))) {
    return { code: 'C08', text: 'too many connections' };
  }
  if (isFlooding(turn, station)) return { code: 'C17', text: 'too many refusals; come back later' };
  return station;
}

/** link T2: the certificate's one name is the station's, and its fingerprint is enrolled. */
function isProved(link: GreetingLink, station: StationRecord): boolean {
  if (link.certificate === undefined) return true;
  const { name, fingerprint } = link.certificate;
  return name === station.name && station.fingerprints.includes(fingerprint);
}

function isFlooding(turn: Turn, station: StationRecord): boolean {
  const flood = turn.state.refusals.get(station.name);
  if (flood === undefined || turn.atMs - flood.sinceMs >= 60_000) return false;
  return flood.count > refusalLimits(turn.state, station.name).most;
}

/** link S3: the newest wins; from another address it is a security event. */
function replaceLink(turn: Turn, older: OpenLink, peer: string): void {
  if (older.peer !== peer) {
    const reason = 'a second connection of the station came from another address';
    const detail = { was: older.peer };
    recordEvent(turn, 'security', { station: older.station, peer, code: 'C09', reason, detail });
  }
  closeLink(turn, older, { code: 'C09', text: 'replaced by a newer connection of this station' });
}

function welcome(
  turn: Turn,
  greeting: GreetingLink,
  { hello, station }: { hello: Hello; station: StationRecord },
): void {
  const { settings } = turn.state;
  const resumed = resumable(turn, hello, station, greeting.peer);
  const fingerprint = greeting.certificate?.fingerprint;
  keepOrEndSignOn(turn, station, resumed?.fingerprint === fingerprint ? resumed : undefined);
  // The token has 192 random bits in the letters of a session name.
  const session = resumed?.id ?? (greeting.token as SessionId);
  const { role } = station;
  recordEvent(turn, 'link-up', {
    station: station.name,
    session,
    peer: greeting.peer,
    role,
    fingerprint,
    resumed: resumed !== undefined,
    received: resumed === undefined ? 0 : hello.received,
    detail: { window: settings.window },
  });
  const { window, frameBytesMax, keepAliveMs } = settings;
  const open = openLink(turn, greeting, {
    key: stationKey(station.name),
    station: station.name,
    upstream: undefined,
    role,
    session,
    window,
    frameBytesMax,
    keepAliveMs,
    resumed: resumed !== undefined,
  });
  const signOn = turn.ledger.signOns.get(station.name);
  const received = turn.ledger.sessions.get(open.key)?.received ?? 0;
  const body: Welcome = {
    protocol: 1,
    switch: settings.name,
    session,
    resumed: resumed !== undefined,
    received,
    frameBytesMax,
    window,
    keepAliveMs,
    mnemonics: mnemonicsOf(turn.state, open),
    ...(signOn === undefined ? {} : { user: signOn.user }),
  };
  send(turn, open, controlFrame('WELCOME', body));
  expectFrames(turn, open, stationFrames[role]);
  if (resumed !== undefined) repeatAnswers(turn, open, resumed);
  log(turn, 'info', 'link-up', { station: station.name, link: open.id, resumed: body.resumed });
  if (role === 'host' || signOn !== undefined) tellServices(turn, open);
  // Who sits here again comes before the person's other terminal.
  if (signOn !== undefined) takeBackReads(turn);
  pump(turn, open);
}

/** The session that goes on, or undefined for a new one (link S4). */
function resumable(
  turn: Turn,
  hello: Hello,
  station: StationRecord,
  peer: string,
): Session | undefined {
  if (hello.session === undefined) return undefined;
  const session = turn.ledger.sessions.get(stationKey(station.name));
  const own = session?.id === hello.session && session.role === hello.role;
  if (own && fitsNumbers(session, hello.received)) return session;
  if (!own && isAnothers(turn, hello.session)) {
    const reason = "the HELLO names another station's session";
    recordEvent(turn, 'security', { station: station.name, peer, reason });
  }
  return undefined;
}

function isAnothers(turn: Turn, session: string): boolean {
  return [...turn.ledger.sessions.values()].some(({ id }) => id === session);
}

/** A session this close to its last number is not gone on with (link S4). */
const numbersAhead = 1_000_000;

function fitsNumbers(session: Session, received: number): boolean {
  const last = Math.max(session.sent, session.received);
  // What BUSY put back may have been taken after all.
  const given = session.sent + session.again.length;
  return received <= given && received >= session.acked && last < numberMax - numbersAhead;
}

/** A kept sign-on goes on with its session and certificate, else it ends now (link S7a). */
function keepOrEndSignOn(turn: Turn, station: StationRecord, resumed: Session | undefined): void {
  const signOn = turn.ledger.signOns.get(station.name);
  if (signOn === undefined) return;
  const kept = signOn.keptUntilMs !== undefined && turn.atMs < signOn.keptUntilMs;
  if (resumed === undefined || !kept) return endSignOn(turn, signOn, 'link');
}

type OpenOptions = Pick<
  OpenLink,
  | 'key'
  | 'station'
  | 'upstream'
  | 'role'
  | 'session'
  | 'window'
  | 'frameBytesMax'
  | 'keepAliveMs'
  | 'resumed'
>;

function openLink(
  turn: Turn,
  before: { id: number; peer: string },
  options: OpenOptions,
): OpenLink {
  const open: OpenLink = {
    phase: 'open',
    id: before.id,
    peer: before.peer,
    ...options,
    sinceMs: turn.atMs,
    heardAtMs: turn.atMs,
    spokeAtMs: turn.atMs,
    pinged: false,
    handled: [],
    busy: undefined,
    takenBack: undefined,
    attempt: undefined,
    signOffSent: false,
    declined: new Set(),
    reading: 0,
    putOffUntilMs: 0,
    unhandled: unhandledAtFirst(turn, options.key),
  };
  turn.state.links.set(open.id, open);
  turn.state.live.set(open.key, open);
  return open;
}

/** What they say they have handled waits for the ACK that says so, from now on (link S4b, M8). */
function unhandledAtFirst(turn: Turn, key: string): OpenLink['unhandled'] {
  const numbers = [...(turn.ledger.sessions.get(key)?.inFlight.keys() ?? [])];
  return numbers.map((number) => ({ number, entry: turn.ledger.entries, sinceMs: turn.atMs }));
}

/** The last window of REFUSED, then ACK of all that was handled (link S4b). */
function repeatAnswers(turn: Turn, link: OpenLink, session: Session): void {
  for (const number of [...session.refused.keys()].slice(-link.window)) {
    answerAgain(turn, link, session, number);
  }
  if (session.received > 0) send(turn, link, ackFrame(session.received));
}

function expectFrames(turn: Turn, link: OpenLink, frames: ReadonlySet<Frame['type']>): void {
  const { id, frameBytesMax } = link;
  turn.effects.push({
    kind: 'expect',
    link: id,
    frames,
    bodyBytesMax: frameBytesMax,
    settled: true,
  });
}

/** Our own HELLO to an upstream, which we dial as a host (link R1). */
export function sayHello(
  turn: Turn,
  dialled: { id: number; upstream: string; peer: string },
): void {
  const { state, ledger } = turn;
  const settings = state.settings.upstreams.find(({ name }) => name === dialled.upstream);
  const upstream = state.upstreams.get(dialled.upstream);
  const key = upstreamKey(dialled.upstream);
  const unwanted = state.live.has(key) || ledger.disabled.has(key) || state.mode !== 'running';
  if (settings === undefined || upstream === undefined || unwanted) {
    turn.effects.push({ kind: 'cut', link: dialled.id });
    return;
  }
  const known = ledger.sessions.get(key);
  const session =
    known === undefined || upstream.forget || !fitsNumbers(known, known.sent) ? undefined : known;
  upstream.forget = false;
  state.links.set(dialled.id, { phase: 'dialled', ...dialled, session: session?.id });
  const hello: Hello = {
    protocol: [1],
    station: settings.station,
    role: 'host',
    software: state.settings.software,
    ...(session === undefined ? {} : { session: session.id }),
    received: session?.received ?? 0,
  };
  send(turn, dialled, controlFrame('HELLO', hello));
}

/** An upstream's answer to our HELLO. */
export function onUpstreamWelcome(turn: Turn, link: DialledLink, frame: Frame): void {
  const parsed = parseWelcome(frame.body);
  const session = parsed.ok ? parseSessionId(parsed.value.session) : undefined;
  if (!parsed.ok || session === undefined) return loseUpstream(turn, link, 'C01');
  const body = parsed.value;
  const key = upstreamKey(link.upstream);
  const known = turn.ledger.sessions.get(key);
  const fits = known !== undefined && known.id === session && fitsNumbers(known, body.received);
  if (body.resumed && (session !== link.session || !fits)) {
    forgetSession(turn, link.upstream);
    return loseUpstream(turn, link, 'C10');
  }
  recordEvent(turn, 'link-up', {
    upstream: link.upstream,
    session,
    peer: link.peer,
    role: 'host',
    resumed: body.resumed,
    received: body.resumed ? body.received : 0,
    detail: { window: body.window },
  });
  const { window, frameBytesMax, keepAliveMs } = body;
  const open = openLink(turn, link, {
    key,
    station: undefined,
    upstream: link.upstream,
    role: 'host',
    session,
    window,
    frameBytesMax,
    keepAliveMs,
    resumed: body.resumed,
  });
  expectFrames(turn, open, switchFrames.host);
  // Nothing of an upstream's is ever refused (link E8): the ACK says it all.
  const received = turn.ledger.sessions.get(key)?.received ?? 0;
  if (body.resumed && received > 0) send(turn, open, ackFrame(received));
  log(turn, 'info', 'link-up', { upstream: link.upstream, link: open.id, resumed: body.resumed });
  announceService(turn, link.upstream, true);
  pump(turn, open);
}

function loseUpstream(turn: Turn, link: DialledLink, code: 'C01' | 'C10'): void {
  const text = code === 'C10' ? 'the numbers do not fit' : 'a malformed WELCOME';
  recordEvent(turn, 'security', { upstream: link.upstream, peer: link.peer, code, reason: text });
  sayClose(turn, link, { code, text });
  dialAgain(turn, link.upstream, { fresh: false });
}

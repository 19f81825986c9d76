// How a link ends, from either side, and what the ledger learns of it. One entry for each open link
// that goes down; sign-ons outlive a broken connection as the profile says (link S7a, S9).

import type { CloseCode } from '#protocol/reject';
import { endSignOn } from './sign-off.ts';
import type { ClosingLink, GreetingLink, OpenLink } from './state.ts';
import {
  type Close,
  log,
  namesOf,
  recordEvent,
  sayClose,
  send,
  signOnAt,
  type Turn,
} from './turn.ts';
import { controlFrame } from '#protocol/frame';
import { parseStationName } from '#protocol/ids';
import { utf8Bytes } from '#protocol/octets';
import { upstreamKey } from './ledger.ts';
import { announceService } from './service.ts';
import { takeBack } from './take-back.ts';

/** After these the sign-on ends with the connection (link S7a). */
const endsSignOn: readonly string[] = ['C02', 'C12', 'C14', 'C18'];
/** After these a station comes back after 60 s at least (link S10). */
const longWait: readonly string[] = ['C02', 'C06', 'C09', 'C12', 'C17'];
const longWaitMs = 60_000;
/** A connection to an upstream that lasted so long did well. */
const steadyMs = 60_000;

/** We say CLOSE, and take nothing more from this link. */
export function closeLink(turn: Turn, link: OpenLink, close: Close): void {
  takeDown(turn, link, { code: close.code, why: close.text });
  sayClose(turn, link, close);
}

/** The peer said CLOSE: nothing follows it; we end our side too. */
export function onPeerClose(turn: Turn, link: OpenLink, code: string): void {
  takeDown(turn, link, { code, why: 'the peer closed in order' });
  turn.effects.push({ kind: 'end', link: link.id });
  turn.state.links.set(link.id, { phase: 'closing', id: link.id, peer: link.peer });
}

/** The link is dead: nobody is there to be told (link S6). */
export function cutLink(turn: Turn, link: OpenLink, why: string): void {
  takeDown(turn, link, { why });
  turn.effects.push({ kind: 'cut', link: link.id });
  const closing: ClosingLink = { phase: 'closing', id: link.id, peer: link.peer };
  turn.state.links.set(link.id, closing);
}

/** The socket is gone, whoever ended it. */
export function onClosed(turn: Turn, linkId: number, why: string): void {
  const link = turn.state.links.get(linkId);
  if (link === undefined) return;
  turn.state.links.delete(linkId);
  if (link.phase === 'open') takeDown(turn, link, { why });
  if (link.phase === 'dialled') dialAgain(turn, link.upstream, { fresh: false });
}

/** Its certificate does not stand any more: it goes at once, and so does its sign-on (link T2, S7a). */
export function onDistrusted(turn: Turn, linkId: number, why: string): void {
  const link = turn.state.links.get(linkId);
  if (link === undefined || link.phase === 'closing') return;
  const close: Close = { code: 'C02', text: why };
  if (link.phase === 'greeting') return turnAway(turn, link, close);
  if (link.phase === 'dialled') {
    recordEvent(turn, 'security', { upstream: link.upstream, peer: link.peer, reason: why });
    return leaveDialled(turn, link.upstream, why);
  }
  recordEvent(turn, 'security', { ...namesOf(link), code: close.code, reason: why });
  // To an upstream we are the station: we leave, and come back once it has a new one.
  closeLink(turn, link, link.upstream === undefined ? close : { code: 'C18', text: why });
}

/** Ends a connection to an upstream that has not answered our HELLO, and dials again. */
export function leaveDialled(turn: Turn, upstream: string, text: string): void {
  for (const link of turn.state.links.values()) {
    if (link.phase !== 'dialled' || link.upstream !== upstream) continue;
    sayClose(turn, link, { code: 'C18', text });
    dialAgain(turn, upstream, { fresh: false });
  }
}

function takeDown(
  turn: Turn,
  link: OpenLink,
  { code, why }: { code?: string | undefined; why: string },
): void {
  turn.state.live.delete(link.key);
  takeBack(turn, (reader) => reader.link === link.id);
  noteAbandoned(turn, link);
  const signOn = signOnAt(turn, link);
  const ends = code !== undefined && endsSignOn.includes(code);
  const keptMs = ends ? 0 : turn.state.settings.resumeSignOnMs;
  recordEvent(turn, 'link-down', {
    ...namesOf(link),
    code,
    reason: why,
    ...(signOn === undefined ? {} : { detail: { keptMs } }),
  });
  if (signOn !== undefined && ends) endSignOn(turn, signOn, 'link');
  log(turn, 'info', 'link-down', { station: link.station, upstream: link.upstream, code, why });
  if (link.upstream === undefined) return;
  announceService(turn, link.upstream, false);
  if (code === 'C10') forgetSession(turn, link.upstream);
  const fresh = link.resumed || turn.atMs - link.sinceMs >= steadyMs;
  dialAgain(turn, link.upstream, { code, fresh });
}

const abandonedKept = 16;

/** Whoever asks and leaves has cost a hash like whoever guesses wrong. */
function noteAbandoned({ state, atMs }: Turn, link: OpenLink): void {
  if (link.attempt === undefined || link.station === undefined) return;
  const before = state.abandoned.get(link.station) ?? [];
  state.abandoned.set(link.station, [...before, atMs].slice(-abandonedKept));
}

/** Its numbers do not fit: we come back without the session (link S4). */
export function forgetSession(turn: Turn, name: string): void {
  const upstream = turn.state.upstreams.get(name);
  if (upstream !== undefined) upstream.forget = true;
}

export function dialAgain(
  turn: Turn,
  upstream: string,
  { code, fresh }: { code?: string | undefined; fresh: boolean },
): void {
  if (turn.state.mode !== 'running' || !turn.state.upstreams.has(upstream)) return;
  if (turn.ledger.disabled.has(upstreamKey(upstream))) return;
  const atLeastMs = code !== undefined && longWait.includes(code) ? longWaitMs : 0;
  turn.effects.push({ kind: 'dial', upstream, atLeastMs, fresh });
}

/** Octets that are not the protocol, or came too late: CLOSE with the code, whatever the phase. */
export function onGarbled(
  turn: Turn,
  linkId: number,
  reject: { code: string; reason: string; octets?: Uint8Array },
): void {
  const link = turn.state.links.get(linkId);
  if (link === undefined || link.phase === 'closing') return;
  // FrameReject and LateReject carry codes of link 9 alone.
  const close: Close = { code: reject.code as CloseCode, text: reject.reason };
  if (link.phase === 'open') return closeGarbled(turn, link, close, reject.octets);
  if (link.phase === 'greeting') return turnAway(turn, link, close, { octets: reject.octets });
  const { upstream, peer } = link;
  const names = { peer, upstream, code: close.code, reason: close.text };
  recordEvent(turn, 'security', names, withheld(reject.octets));
  sayClose(turn, link, close);
  dialAgain(turn, upstream, { fresh: false });
}

/** What is journalled of octets that may hold a secret: their length and digest. */
function withheld(body: Uint8Array | undefined): { body: Uint8Array; withheld: true } | undefined {
  return body === undefined ? undefined : { body, withheld: true };
}

export function closeGarbled(turn: Turn, link: OpenLink, close: Close, body?: Uint8Array): void {
  recordEvent(
    turn,
    'security',
    { ...namesOf(link), code: close.code, reason: close.text },
    withheld(body),
  );
  closeLink(turn, link, close);
}

/** Reasons to send a station away that say nothing against it (link S2, S12). */
const orderly: readonly string[] = ['C06', 'C07', 'C08', 'C12', 'C16', 'C17'];

/**
 * Refuses a connection that never became a link. The station is the one its certificate names, or whom the
 * HELLO claims where there is none; a name the register does not have may be a secret.
 */
export function turnAway(
  turn: Turn,
  link: GreetingLink,
  close: Close,
  said: { readonly claimed?: string; readonly octets?: Uint8Array | undefined } = {},
): void {
  const { code, text: reason } = close;
  const name = parseStationName(link.certificate?.name ?? said.claimed ?? '');
  const known = name !== undefined && turn.ledger.register.station.has(name);
  const station = known ? name : undefined;
  const octets = said.octets ?? (said.claimed === undefined ? undefined : utf8Bytes(said.claimed));
  recordEvent(
    turn,
    orderly.includes(code) ? 'turned-away' : 'security',
    { station, peer: link.peer, code, reason },
    withheld(octets),
  );
  log(turn, 'warn', 'turned-away', { code, peer: link.peer, station });
  sayClose(turn, link, close);
}

export function sayRefused(
  turn: Turn,
  link: OpenLink,
  number: number,
  refused: { code: string; text: string; field?: string; at?: number; ref?: number },
): void {
  send(turn, link, controlFrame('REFUSED', refused, number));
}

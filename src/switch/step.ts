// The heart: what happened goes in, what is to be done about it comes out. All branching starts here.
// `step` may change the state in place; nothing else may. `replay` gives the ledger back from entries.

import type { StoredEntry } from '#journal/entry';
import { parseClose } from '#protocol/control';
import { echoFrame, type Frame } from '#protocol/frame';
import { onAck, onRefused } from './acknowledge.ts';
import { takeFromUpstream } from './answer.ts';
import { applyEntry } from './apply.ts';
import { steadyMsOf, stepMsAtStart } from './clock.ts';
import { onCommand } from './command.ts';
import { onTick } from './deadlines.ts';
import { askFor, onBody, pumpQueue } from './deliver.ts';
import { drainNow, onDrain, refuseLate } from './drain.ts';
import type { Effect } from './effect.ts';
import type { Event } from './event.ts';
import { onHello, onUpstreamWelcome, sayHello } from './hello.ts';
import { onBlocked, onMessage, onUnblocked, takeFromStation } from './intake.ts';
import {
  closeGarbled,
  closeLink,
  dialAgain,
  forgetSession,
  onClosed,
  onDistrusted,
  onGarbled,
  onPeerClose,
} from './link-life.ts';
import { endOrphans, onSettings } from './new-settings.ts';
import { restDisabled } from './operate.ts';
import { onBusy } from './put-off.ts';
import { onRenewed, onSignOff, onSignOn, onVerified } from './sign-on.ts';
import type { DialledLink, OpenLink, State } from './state.ts';
import { codeText, log, noteClock, recordEvent, send, type Turn } from './turn.ts';

export function step(state: State, event: Event): readonly Effect[] {
  const { ledger } = state;
  const turn: Turn = { state, ledger, atMs: event.atMs, timeUs: event.timeUs, effects: [] };
  happen(turn, event);
  if (state.mode === 'draining') drainNow(turn);
  serveQueues(turn);
  return turn.effects;
}

/** Applies one entry of the journal, in order, before the event `start`. */
export function replay(state: State, stored: StoredEntry): void {
  applyEntry(state.ledger, stored, steadyMsOf(state.ledger, stored.entry));
}

function happen(turn: Turn, event: Event): void {
  switch (event.kind) {
    case 'start':
      return onStart(turn, event);
    case 'opened': {
      const { link: id, peer, certificate, token } = event;
      const link = { phase: 'greeting', id, peer, certificate, token } as const;
      turn.state.links.set(id, link);
      return refuseLate(turn, link);
    }
    case 'dialled':
      return sayHello(turn, { id: event.link, upstream: event.upstream, peer: event.peer });
    case 'frame':
      return onFrame(turn, event.link, event.frame);
    case 'garbled':
      return onGarbled(turn, event.link, event.reject);
    case 'heard':
      return onHeard(turn, event.link);
    case 'distrusted':
      return onDistrusted(turn, event.link, event.why);
    case 'closed':
      return onClosed(turn, event.link, event.why);
    case 'turned-away': {
      const { peer, why: reason, count } = event;
      recordEvent(turn, 'turned-away', { peer, reason, detail: { count } });
      return;
    }
    case 'body':
      return onBody(turn, event.entry, event.stored);
    case 'verified':
      return onVerified(turn, event.link, event.verdict);
    case 'renewed':
      return onRenewed(turn, event.link, event);
    case 'committed':
      return knowDurable(turn, event.entries);
    case 'journal':
      return onJournal(turn, event);
    case 'drain':
      return onDrain(turn, event.forMs);
    case 'settings':
      return onSettings(turn, event.settings, event.redial ?? []);
    case 'command':
      return onCommand(turn, event);
    case 'tick':
      return onTick(turn);
  }
}

/** The journal is replayed: links of the last run are down now, and time goes on. */
function onStart(turn: Turn, event: Event & { kind: 'start' }): void {
  const { state, ledger } = turn;
  const { version, startId, configuration, configurationVersion } = event;
  state.durableEntries = ledger.entries;
  const digest = configuration === undefined ? {} : { configuration };
  const number = configurationVersion === undefined ? {} : { configurationVersion };
  recordEvent(turn, 'start', { detail: { version, startId, ...digest, ...number } });
  state.mode = 'running';
  noteClock(turn, stepMsAtStart);
  for (const session of ledger.sessions.values()) {
    if (!session.up) continue;
    const upstream = session.peer.startsWith('>') ? session.peer.slice(1) : undefined;
    const name = session.peer;
    // A session's key is the name of a station that was branded when it was made.
    const station = upstream === undefined ? (name as OpenLink['station']) : undefined;
    const reason = 'the switch was started again';
    const kept = { detail: { keptMs: state.settings.resumeSignOnMs } };
    recordEvent(turn, 'link-down', { station, upstream, session: session.id, reason, ...kept });
  }
  endOrphans(turn);
  for (const upstream of state.upstreams.values()) {
    upstream.sinceMs = turn.atMs;
    upstream.sinceUs = turn.timeUs;
  }
  restDisabled(turn);
  onTick(turn);
}

function onHeard(turn: Turn, linkId: number): void {
  const link = turn.state.links.get(linkId);
  if (link?.phase !== 'open') return;
  link.heardAtMs = turn.atMs;
  link.pinged = false;
}

function onFrame(turn: Turn, linkId: number, frame: Frame): void {
  const link = turn.state.links.get(linkId);
  if (link === undefined) return;
  switch (link.phase) {
    case 'greeting':
      return frame.type === 'HELLO' ? onHello(turn, link, frame) : undefined;
    case 'dialled':
      return onFirstFromUpstream(turn, link, frame);
    case 'open':
      onHeard(turn, linkId);
      return onOpenFrame(turn, link, frame);
    case 'closing':
      return;
  }
}

function onFirstFromUpstream(turn: Turn, link: DialledLink, frame: Frame): void {
  if (frame.type === 'WELCOME') return onUpstreamWelcome(turn, link, frame);
  const parsed = parseClose(frame.body);
  const code = parsed.ok ? codeText(parsed.value.code) : undefined;
  recordEvent(turn, 'link-down', { upstream: link.upstream, peer: link.peer, code });
  log(turn, 'warn', 'upstream-refuses', { upstream: link.upstream, code });
  turn.effects.push({ kind: 'cut', link: link.id });
  turn.state.links.set(link.id, { phase: 'closing', id: link.id, peer: link.peer });
  if (code === 'C10') forgetSession(turn, link.upstream);
  dialAgain(turn, link.upstream, { code, fresh: false });
}

/** Which frames may come at all was judged at the edge, by what `expect` said (link F6). */
function onOpenFrame(turn: Turn, link: OpenLink, frame: Frame): void {
  switch (frame.type) {
    case 'SIGN_ON':
      return onSignOn(turn, link, frame);
    case 'SIGN_OFF':
      return onSignOff(turn, link, frame);
    case 'MESSAGE':
      return onMessage(
        turn,
        link,
        frame,
        link.upstream === undefined ? takeFromStation : takeFromUpstream,
      );
    case 'ACK':
      return onAck(turn, link, frame);
    case 'REFUSED':
      return onRefused(turn, link, frame);
    case 'PING':
      return send(turn, link, echoFrame('PONG', frame.body));
    case 'CLOSE': {
      const parsed = parseClose(frame.body);
      if (parsed.ok) return onPeerClose(turn, link, codeText(parsed.value.code));
      return closeGarbled(turn, link, { code: 'C01', text: parsed.error.reason }, frame.body);
    }
    case 'BUSY':
      return onBusy(turn, link, frame);
    case 'PONG':
    case 'STATUS':
      return;
    case 'HELLO':
    case 'WELCOME':
    case 'SIGNED_ON':
      return closeLink(turn, link, { code: 'C04', text: 'frame not allowed now' });
  }
}

/** An earlier word of the loop may be heard after a later one. */
function knowDurable({ state }: Turn, entries: number): void {
  state.durableEntries = Math.max(state.durableEntries, entries);
}

function onJournal(turn: Turn, { condition, entries = 0 }: Event & { kind: 'journal' }): void {
  knowDurable(turn, entries);
  turn.state.journal = condition;
  if (condition === 'blocked') onBlocked(turn);
  else onUnblocked(turn);
  log(turn, 'warn', 'journal', { condition });
}

/** Whatever this turn put in a queue gets its chance to go, and answers to over requests their asker. */
function serveQueues(turn: Turn): void {
  const { touched } = turn.ledger;
  // What is touched meanwhile is met by the same round.
  for (const key of touched) {
    touched.delete(key);
    if (key === 'asker') askForAskers(turn);
    else pumpQueue(turn, key);
  }
}

function askForAskers(turn: Turn): void {
  for (const delivery of turn.ledger.queues.get('asker')?.all() ?? []) {
    if (turn.state.fetching.has(delivery)) continue;
    turn.state.fetching.add(delivery);
    askFor(turn, delivery.thread, { why: 'asker', delivery });
  }
}

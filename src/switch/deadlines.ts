// What time alone brings about, looked at about once a second: keep-alive, answers that are late,
// messages that expire or find nobody, sign-ons that end, the heart-beat.
// A pass costs as much as is open, never as much as was ever done.

import { echoFrame } from '#protocol/frame';
import type { UserName } from '#protocol/ids';
import { cutLink } from './link-life.ts';
import { type Delivery, type Request, type SignOn, stationKey } from './ledger.ts';
import { tellAsker } from './notice.ts';
import { endSignOn, signOff } from './sign-off.ts';
import { closeWhenOverdue } from './overdue.ts';
import { goOnWhenDue } from './put-off.ts';
import type { OpenLink } from './state.ts';
import { expire, reroute, toIntercept } from './put-aside.ts';
import { noteClock, recordEvent, send, type Turn } from './turn.ts';

const tickMs = 1_000;

export function onTick(turn: Turn): void {
  const { state, ledger } = turn;
  noteClock(turn);
  for (const link of state.live.values()) keepAlive(turn, link);
  if (state.journal === 'open') {
    for (const link of state.live.values()) {
      closeWhenOverdue(turn, link);
      goOnWhenDue(turn, link);
    }
    for (const delivery of ledger.deliveries.values()) ageDelivery(turn, delivery);
    for (const request of ledger.requests.values()) ageRequest(turn, request);
    for (const signOn of ledger.signOns.values()) ageSignOn(turn, signOn);
    beat(turn);
  }
  turn.effects.push({ kind: 'wake', atMs: turn.atMs + tickMs });
}

/** link S6. */
function keepAlive(turn: Turn, link: OpenLink): void {
  if (turn.atMs - link.heardAtMs >= 2 * link.keepAliveMs) {
    return cutLink(turn, link, 'nothing was heard for twice the keep-alive time');
  }
  if (turn.atMs - link.spokeAtMs >= link.keepAliveMs) send(turn, link, echoFrame('PING'));
  else if (turn.atMs - link.heardAtMs >= link.keepAliveMs && !link.pinged) {
    link.pinged = true;
    send(turn, link, echoFrame('PING'));
  }
}

function ageDelivery(turn: Turn, delivery: Delivery): void {
  if (delivery.state === 'sent' || turn.state.fetching.has(delivery)) return;
  const { to } = delivery;
  const agedMs = turn.atMs - delivery.sinceMs;
  if (to.kind === 'intercept') return;
  if (to.keptMs !== undefined && agedMs >= to.keptMs) return expire(turn, delivery);
  if (to.kind !== 'user' || agedMs < turn.state.settings.answerWaitMs) return;
  if (!isSignedOn(turn, to.user)) giveAway(turn, delivery);
}

function isSignedOn(turn: Turn, wanted: UserName | undefined): boolean {
  for (const { user } of turn.ledger.signOns.values()) if (user === wanted) return true;
  return false;
}

/** link S7b: nobody came for it; the pool's defined destination, else operator intercept. */
function giveAway(turn: Turn, delivery: Delivery): void {
  const { to } = delivery;
  const pool = to.pool === undefined ? undefined : turn.ledger.register.pool.get(to.pool);
  if (pool?.destination === undefined) return toIntercept(turn, delivery, 'asker-did-not-return');
  const { class: messageClass, suphdr, keptMs, final, flagged } = to;
  reroute(turn, delivery, {
    kind: 'mnemonic',
    mnemonic: pool.destination,
    pool: pool.name,
    class: messageClass,
    suphdr,
    keptMs,
    final,
    flagged,
    rule: 'pool-destination',
  });
}

/** link M5: no answer within the time of its class, counted from the upstream's ACK. */
function ageRequest(turn: Turn, request: Request): void {
  const { answerFromMs, answerMs, late } = request;
  if (answerFromMs === undefined || answerMs === undefined || late !== 'no') return;
  if (turn.atMs - answerFromMs >= answerMs) tellAsker(turn, request, 'SM 60', 'NO ANSWER IN TIME');
}

/** link S8, security 5; a sign-on whose connection is gone ends when it is no longer kept (link S7a). */
function ageSignOn(turn: Turn, signOn: SignOn): void {
  const { signOnIdleMs, signOnAgeMs } = turn.state.settings;
  const { sinceMs, messageAtMs, keptUntilMs, station } = signOn;
  if (turn.atMs - sinceMs >= signOnAgeMs) return signOff(turn, signOn, 'age');
  if (turn.atMs - messageAtMs >= signOnIdleMs) return signOff(turn, signOn, 'idle');
  if (keptUntilMs === undefined || turn.atMs < keptUntilMs) return;
  if (!turn.state.live.has(stationKey(station))) endSignOn(turn, signOn, 'link');
}

function beat(turn: Turn): void {
  if (turn.atMs < turn.state.heartbeatAtMs) return;
  const { heartbeatAtMs, settings } = turn.state;
  const next = heartbeatAtMs + settings.heartbeatMs;
  // Counted from the last one that was due, so that the minutes do not drift; after a pause from now.
  turn.state.heartbeatAtMs = next > turn.atMs ? next : turn.atMs + settings.heartbeatMs;
  const { sessionKeptMs } = turn.state.settings;
  recordEvent(turn, 'heartbeat', { detail: { links: turn.state.live.size, sessionKeptMs } });
}

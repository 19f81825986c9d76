// A delivery that does not reach where it was meant to go: it expires, its upstream will not have it,
// or an operator must decide. Each has its entry, and whoever asked is told (link X3, M5, M6).

import type { Destination } from '#journal/entry';
import { columnsOf, type Delivery } from './ledger.ts';
import { alarmIntercept, tellAsker } from './notice.ts';
import { record, type Turn } from './turn.ts';

/** Kept as long as its class says, and not delivered: ER 62 to the asker of a request (link M6). */
export function expire(turn: Turn, delivery: Delivery): void {
  recordEnd(turn, delivery, { outcome: 'expired' });
  if (delivery.to.kind !== 'upstream') return;
  const request = turn.ledger.requests.get(delivery.source);
  if (request !== undefined) tellAsker(turn, request, 'ER 62', 'EXPIRED UNDELIVERED');
}

/** What an upstream refused, or could never take, becomes ER 04 with the code in its text (link X3). */
export function endUnforwarded(turn: Turn, delivery: Delivery, code: string): void {
  recordEnd(turn, delivery, { outcome: 'undelivered', code });
  const request = turn.ledger.requests.get(delivery.source);
  if (request !== undefined) tellAsker(turn, request, 'ER 04', `REFUSED BY UPSTREAM WITH ${code}`);
}

/** Its upstream is no longer configured: it will not be forwarded (link X3). */
export function endUnasked(turn: Turn, delivery: Delivery): void {
  recordEnd(turn, delivery, { outcome: 'undelivered' });
  const request = turn.ledger.requests.get(delivery.source);
  const name = delivery.to.upstream ?? '';
  if (request !== undefined) tellAsker(turn, request, 'ER 04', `${name} IS NO LONGER ASKED`);
}

function recordEnd(
  turn: Turn,
  delivery: Delivery,
  how: { outcome: 'expired' | 'undelivered'; code?: string },
): void {
  const up = delivery.to.kind === 'upstream';
  record(turn, {
    kind: 'expired',
    direction: up ? 'out' : 'down',
    upstream: up ? delivery.to.upstream : undefined,
    ...columnsOf(delivery),
    user: delivery.to.user,
    ...how,
    delivery: delivery.id,
  });
}

/** R02, R03, or nobody left to give it to: an operator decides; it is not sent again. */
export function toIntercept(turn: Turn, delivery: Delivery, rule: string): void {
  const { mnemonic, pool, class: messageClass, suphdr } = delivery.to;
  reroute(turn, delivery, { kind: 'intercept', mnemonic, pool, suphdr, class: messageClass, rule });
}

/** Sends it another way; the columns say where it was to go, `to` where it goes now. */
export function reroute(turn: Turn, delivery: Delivery, to: Destination): void {
  const { id, thread, mke } = delivery;
  const { mnemonic, user, pool } = delivery.to;
  record(turn, {
    kind: 'rerouted',
    direction: to.kind === 'intercept' ? 'local' : 'down',
    thread,
    mnemonic,
    pool: pool ?? to.pool,
    user: user ?? to.user,
    mke,
    rule: to.rule,
    delivery: id,
    to: [to],
  });
  if (to.kind === 'intercept') alarmIntercept(turn, delivery.source, delivery.index);
}

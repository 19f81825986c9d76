// What a peer says of what we sent: ACK, cumulative, or REFUSED for one number (link M3, S5). Each
// delivery gets its own entry; that entry is the proof of delivery, with station and person.

import { parseRefused } from '#protocol/control';
import type { DeliveryId } from '#journal/entry';
import type { Frame } from '#protocol/frame';
import { closeGarbled } from './link-life.ts';
import { columnsOf, type Delivery } from './ledger.ts';
import { endUnforwarded, toIntercept } from './put-aside.ts';
import type { OpenLink } from './state.ts';
import { pump } from './deliver.ts';
import { codeText, namesOf, record, signOnAt, type Turn } from './turn.ts';

export function onAck(turn: Turn, link: OpenLink, frame: Frame): void {
  const session = turn.ledger.sessions.get(link.key);
  if (session === undefined) return;
  if (frame.number > session.sent) return neverSent(turn, link, frame);
  for (const [number, id] of session.inFlight) {
    // Numbers stand in their order.
    if (number > frame.number) break;
    markDelivered(turn, link, number, id);
  }
  pump(turn, link);
}

/** An answer to a number that we did not give, or that they have answered (link S5). */
export function neverSent(turn: Turn, link: OpenLink, { body }: Frame): void {
  const text = 'an answer to a number not sent in this session';
  closeGarbled(turn, link, { code: 'C10', text }, body.length === 0 ? undefined : body);
}

function markDelivered(turn: Turn, link: OpenLink, number: number, id: DeliveryId): void {
  const delivery = sentDelivery(turn, id);
  record(turn, {
    kind: 'delivered',
    direction: link.upstream === undefined ? 'down' : 'out',
    ...namesOf(link),
    number,
    ...columnsOf(delivery),
    user: delivery.sentTo,
    outcome: 'delivered',
    delivery: id,
  });
}

/** What is in flight on a live link is a delivery that has not ended. */
function sentDelivery(turn: Turn, id: DeliveryId): Delivery {
  const delivery = turn.ledger.deliveries.get(id);
  if (delivery === undefined) throw new Error(`delivery ${id} is in flight and has ended`);
  return delivery;
}

export function onRefused(turn: Turn, link: OpenLink, frame: Frame): void {
  const parsed = parseRefused(frame.body);
  if (!parsed.ok) {
    return closeGarbled(turn, link, { code: 'C01', text: parsed.error.reason }, frame.body);
  }
  const session = turn.ledger.sessions.get(link.key);
  if (session === undefined) return;
  // Number 0 answers a SIGN_ON; we send none.
  if (frame.number === 0 || frame.number > session.sent) return neverSent(turn, link, frame);
  const id = session.inFlight.get(frame.number);
  if (id === undefined) return;
  recordRefusal(turn, link, { number: frame.number, id, code: codeText(parsed.value.code) });
  pump(turn, link);
}

function recordRefusal(
  turn: Turn,
  link: OpenLink,
  refused: { number: number; id: DeliveryId; code: string },
): void {
  const { number, id, code } = refused;
  const delivery = sentDelivery(turn, id);
  const up = link.upstream !== undefined;
  const { sentEntry = 0 } = delivery;
  record(turn, {
    kind: 'refused',
    direction: up ? 'out' : 'down',
    ...namesOf(link),
    number,
    ...columnsOf(delivery),
    code,
    outcome: 'refused',
    delivery: id,
  });
  if (up) endUnforwarded(turn, delivery, code);
  else if (code !== 'R01') toIntercept(turn, delivery, `refused-${code}`);
  // Not again to the same person; whoever signed on since it was sent has not been asked.
  else if (sentEntry > (signOnAt(turn, link)?.entry ?? 0)) link.declined.add(id);
}

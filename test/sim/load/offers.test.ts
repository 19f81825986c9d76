// What is counted of each message, and whether order was kept.

import { describe, expect, it } from 'vitest';
import { parseMnemonic } from '#protocol/ids';
import { Offers } from '#src/sim/load/offers';
import type { Offer } from '#src/sim/load/offers';
import { OrderCheck } from '#src/sim/load/order';
import type { Outgoing } from '#src/sim/outbox';

const timeoutMs = 1_000;

describe('a message', () => {
  it('that is answered in time counts its latency from the time it was due', () => {
    const { offers, sent } = begin();
    offers.answered(sent(100), 400);
    offers.close(5_000);
    const counts = offers.kinds.get('query');
    expect(counts).toMatchObject({ offered: 1, sent: 1, answered: 1, late: 0, lost: 0, open: 0 });
    expect(counts?.latency.maxMs).toBe(300);
  });

  it('whose answer comes after its time is late and not lost', () => {
    const { offers, sent } = begin();
    offers.answered(sent(0), 1_500);
    offers.close(5_000);
    expect(offers.kinds.get('query')).toMatchObject({ answered: 0, late: 1, lost: 0 });
  });

  it('without an answer is lost, and counts for as long as it was waited for', () => {
    const { offers, sent } = begin();
    sent(0);
    offers.answered(sent(10), 20);
    expect(offers.awaited).toBe(1);
    offers.overdueAt(1_000);
    expect(offers.awaited).toBe(0);
    offers.close(1_200);
    const counts = offers.kinds.get('query');
    expect(counts).toMatchObject({ answered: 1, lost: 1, open: 0 });
    expect(counts?.latency.maxMs).toBe(1_200);
  });

  it('that could not be sent is lost too', () => {
    const { offers, made } = begin();
    made(0);
    offers.close(2_000);
    expect(offers.kinds.get('query')).toMatchObject({ offered: 1, sent: 0, lost: 1 });
  });

  it('that is still awaited when the run is cut short is open', () => {
    const { offers, sent } = begin();
    sent(0);
    sent(1_500);
    offers.close(2_000);
    expect(offers.kinds.get('query')).toMatchObject({ offered: 2, lost: 1, open: 1 });
  });

  it('that is refused counts by its code', () => {
    const { offers, sent, made } = begin();
    const { message } = sent(0);
    if (message !== undefined) offers.refused(message, 'X05');
    offers.failed(made(0), 'ER 62');
    offers.close(2_000);
    const counts = offers.kinds.get('query');
    expect(counts?.refused).toEqual(
      new Map([
        ['X05', 1],
        ['ER 62', 1],
      ]),
    );
    expect(counts?.latency.count).toBe(0);
  });

  it('is known to have had its end, and one that never was is not', () => {
    const { offers, sent } = begin();
    offers.answered(sent(0), 1);
    expect(offers.find(0)).toBe('ended');
    expect(offers.find(1)).toBeUndefined();
  });
});

describe('order', () => {
  const stream = { from: 1, to: 'QZ01', class: 3 };

  it('is broken by what was handed over before and comes behind', () => {
    const order = new OrderCheck();
    for (const nth of [1, 3, 2, 4]) order.arrived({ ...stream, nth });
    expect(order.violations).toBe(1);
  });

  it('is not asked for between classes, senders and mnemonics', () => {
    const order = new OrderCheck();
    order.arrived({ ...stream, nth: 9 });
    order.arrived({ ...stream, class: 5, nth: 1 });
    order.arrived({ ...stream, from: 2, nth: 2 });
    order.arrived({ ...stream, to: 'QZ02', nth: 3 });
    expect(order.violations).toBe(0);
  });

  it('allows an answer of several parts', () => {
    const order = new OrderCheck();
    for (const nth of [1, 1, 2]) order.arrived({ ...stream, nth });
    expect(order.violations).toBe(0);
  });
});

function begin(): {
  readonly offers: Offers;
  /** Due at such a time; its octets did not leave. */
  readonly made: (dueMs: number) => Offer;
  readonly sent: (dueMs: number) => Offer;
} {
  const offers = new Offers(timeoutMs);
  const made = (dueMs: number): Offer => offers.make({ kind: 'query', dueMs, from: 0 });
  const sent = (dueMs: number): Offer => {
    const offer = made(dueMs);
    offers.handedOver(offer, outgoing(dueMs));
    return offer;
  };
  return { offers, made, sent };
}

function outgoing(sentAtMs: number): Outgoing {
  const mnemonic = parseMnemonic('QZ01');
  if (mnemonic === undefined) throw new Error('QZ01 is a mnemonic');
  const body = new Uint8Array();
  return { mnemonic, class: 0, body, flags: 0, user: 'jdoe', number: 1, refused: false, sentAtMs };
}

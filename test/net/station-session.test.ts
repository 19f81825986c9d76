// The station side of a connection and its session (link S3 to S6, S9 to S11), rule by rule.

import { describe, expect, it } from 'vitest';
import { otherSession, Rig, session } from './station-rig.ts';

const host = (): Rig => new Rig({ role: 'host', station: 'CAD1' });

describe('HELLO and WELCOME', () => {
  it('names no session at first, then the one it was given and all it has handled (link S4)', () => {
    const rig = host().put({ kind: 'connected' });
    expect(rig.sent()).toEqual(['> HELLO new 0']);
    rig.welcome().deliver(1, 'A').deliver(2, 'B').handle(0);
    rig.put({ kind: 'lost' }).take();
    expect(rig.put({ kind: 'connected' }).sent()).toEqual([`> HELLO ${session} 1`]);
  });

  it('counts what the person handled while the line was broken (link S4)', () => {
    const rig = host().up().deliver(1, 'A');
    rig.put({ kind: 'lost' }).handle(0).take();
    expect(rig.put({ kind: 'connected' }).sent()).toEqual([`> HELLO ${session} 1`]);
  });

  it('takes no word of the person on a message of before HELLO: its number may go to another', () => {
    const rig = host().up().deliver(1, 'A').resume(0);
    rig.take();
    rig.deliver(1, 'B').handle(0);
    expect(rig.sent()).toEqual([]);
    expect(rig.handle(1).sent()).toEqual(['> ACK 1']);
  });

  it('begins at 1 in a new session, in the old order, flagged if ever sent (link S4a)', () => {
    const rig = host().up({ window: 2 }).send('A', 'B', 'C');
    rig.put({ kind: 'lost' }).put({ kind: 'connected' }).take();
    rig.welcome({ session: otherSession });
    expect(rig.sent()).toEqual(['> MESSAGE 1 D1 A', '> MESSAGE 2 D1 B', '> MESSAGE 3 C']);
  });

  it('goes on at the received of WELCOME + 1, flagged if ever sent (link S4a)', () => {
    const rig = host().up({ window: 3 }).send('A', 'B', 'C', 'D');
    rig.resume(1);
    expect(rig.sent()).toEqual(['> MESSAGE 2 D1 B', '> MESSAGE 3 D1 C', '> MESSAGE 4 D']);
  });

  it.each([
    ['above what was sent', 3],
    ['below what was acknowledged', 0],
  ])('says C10 for a received %s, and comes back without session (link S4)', (_, received) => {
    const rig = host().up().send('A', 'B').ack(1);
    expect(rig.resume(received).take()).toEqual(['> CLOSE C10', 'closed by us C10']);
    rig.put({ kind: 'lost' }).put({ kind: 'connected' });
    expect(rig.sent()).toEqual(['> HELLO new 0']);
    expect(rig.welcome({ session: otherSession }).sent()).toEqual(['> MESSAGE 1 D1 B']);
  });

  it('says C10 for a received below a number that was refused (link M3, S4)', () => {
    const rig = host().up().send('A', 'B').refuse(2);
    expect(rig.resume(1).sent()).toEqual(['> CLOSE C10']);
  });

  it.each([
    ['a session it did not name', { resumed: true, session: otherSession }],
    ['numbers of a session that only begins', { received: 1 }],
  ])('says C10 for %s', (_, welcome) => {
    const rig = host().up().send('A').ack(1);
    rig.put({ kind: 'lost' }).put({ kind: 'connected' }).take();
    expect(rig.welcome(welcome).sent()).toEqual(['> CLOSE C10']);
  });

  it('never passes the last number: it comes back without session (link S4)', () => {
    const rig = host().up();
    // As if that many had been sent and acknowledged.
    rig.state.outbox.resume(4_294_967_294, 0);
    expect(rig.send('A').sent()).toEqual(['> MESSAGE 4294967295 A']);
    rig.ack(4_294_967_295).take();
    expect(rig.send('B').take()).toEqual(['> CLOSE C10', 'closed by us C10']);
    rig.put({ kind: 'lost' }).put({ kind: 'connected' });
    expect(rig.welcome({ session: otherSession }).sent()).toEqual([
      '> HELLO new 0',
      '> MESSAGE 1 B',
    ]);
  });
});

describe('what both sides repeat after WELCOME (link S4b)', () => {
  it('is the last window of REFUSED, oldest first, then ACK of all that is handled', () => {
    const rig = host().up();
    for (const [at, text] of ['A', 'B', 'C'].entries()) rig.deliver(at + 1, text);
    rig.decline(0, 'R02').handle(1).decline(2, 'R02').deliver(4, 'D').decline(3, 'R02').take();
    expect(rig.resume(0, { window: 2 }).sent()).toEqual([
      '> REFUSED 3 R02',
      '> REFUSED 4 R02',
      '> ACK 4',
    ]);
  });

  it('is nothing where nothing was handled', () => {
    expect(host().up().resume(0).sent()).toEqual([]);
  });

  it('is not repeated of an earlier session', () => {
    const rig = host().up().deliver(1, 'A').decline(0, 'R02');
    rig.put({ kind: 'lost' }).put({ kind: 'connected' }).take();
    expect(rig.welcome({ session: otherSession }).sent()).toEqual([]);
  });

  it('comes before what is sent again', () => {
    const rig = host().up().send('A').deliver(1, 'B').decline(0, 'R02');
    expect(rig.resume(0).sent()).toEqual(['> REFUSED 1 R02', '> ACK 1', '> MESSAGE 1 D1 A']);
  });

  it('settles what the switch has: refused where it repeats a REFUSED, accepted with its ACK alone', () => {
    const rig = host().up().send('A', 'B', 'C');
    expect(rig.resume(3).take()).toEqual([]);
    expect(rig.refuse(2).take()).toEqual(['refused 2 X03']);
    expect(rig.ack(3).take()).toEqual(['accepted 1', 'accepted 3']);
    expect(rig.refuse(2).ack(3).take()).toEqual([]);
  });

  it('still settles what an earlier break left open, within one window', () => {
    const rig = host().up({ window: 2 }).send('A', 'B', 'C', 'D').resume(2, { window: 2 });
    // Nothing more is sent before the ACK: two REFUSED are all that the switch repeats.
    expect(rig.sent()).toEqual([]);
    expect(rig.resume(2, { window: 2 }).refuse(1).ack(2).take()).toEqual([
      'refused 1 X03',
      '> MESSAGE 3 C',
      'accepted 2',
      '> MESSAGE 4 D',
    ]);
  });
});

describe('numbers the switch speaks of (link S5)', () => {
  it.each([
    ['ACK', (rig: Rig) => rig.ack(2)],
    ['REFUSED', (rig: Rig) => rig.refuse(2)],
    ['REFUSED 0 without a SIGN_ON', (rig: Rig) => rig.refuse(0)],
    ['BUSY', (rig: Rig) => rig.busy(2)],
    ['BUSY of what is handled', (rig: Rig) => rig.ack(1).busy(1)],
    ['MESSAGE above the next one', (rig: Rig) => rig.deliver(2, 'B')],
  ])('%s never sent: CLOSE C10, then no session', (_, wrong) => {
    const rig = host().up().send('A');
    rig.take();
    expect(wrong(rig).sent()).toEqual(['> CLOSE C10']);
    expect(rig.put({ kind: 'lost' }).put({ kind: 'connected' }).sent()).toEqual(['> HELLO new 0']);
  });

  it('below an earlier ACK say nothing new', () => {
    const rig = host().up().send('A', 'B').ack(2);
    rig.take();
    expect(rig.ack(1).refuse(1).take()).toEqual([]);
  });

  it('handled before are answered as they were, and given to nobody', () => {
    const rig = host().up().deliver(1, 'A').deliver(2, 'B').handle(0).decline(1, 'R02');
    rig.take();
    expect(rig.deliver(1, 'A').take()).toEqual(['> ACK 2']);
    expect(rig.deliver(2, 'B').take()).toEqual(['> REFUSED 2 R02']);
  });

  it('taken and not handled yet have no answer yet', () => {
    const rig = host().up().deliver(1, 'A');
    rig.take();
    expect(rig.deliver(1, 'A').take()).toEqual([]);
  });
});

describe('a connection', () => {
  it('that is silent gets PING, and is cut after twice the keep-alive (link S6)', () => {
    const rig = host().up();
    expect(rig.pass(30_000).take()).toEqual(['> PING']);
    expect(rig.pass(29_999).take()).toEqual([]);
    expect(rig.pass(1).take()).toEqual(['cut']);
  });

  it('lives by anything that arrives, and answers PING with its body (link S6)', () => {
    const rig = host().up();
    rig.pass(29_000).put({ kind: 'heard' }).pass(30_000).take();
    expect(rig.hear('PING', 'abc').take()).toEqual(['> PONG abc']);
    expect(rig.hear('PONG').pass(59_999).take()).toEqual(['> PING']);
  });

  it('that has no WELCOME in time is cut', () => {
    const rig = host().put({ kind: 'connected' });
    rig.take();
    expect(rig.pass(30_000).take()).toEqual(['cut']);
  });

  it('takes nothing after CLOSE of either side (link S9)', () => {
    const rig = host().up();
    expect(rig.hear('CLOSE', { code: 'C07', text: 'draining' }).take()).toEqual([
      'closed by switch C07',
    ]);
    expect(rig.deliver(1, 'A').send('B').put({ kind: 'tick' }).take()).toEqual([]);
    const garbled = host().up().put({ kind: 'garbled', code: 'C03', reason: 'long' });
    expect(garbled.take()).toEqual(['> CLOSE C03', 'closed by us C03']);
    expect(garbled.deliver(1, 'A').take()).toEqual([]);
  });

  it.each([
    ['a body that is not what it should be', (rig: Rig) => rig.hear('STATUS', { a: 1 }), 'C01'],
    ['a second WELCOME', (rig: Rig) => rig.welcome(), 'C04'],
    ['SIGNED_ON without SIGN_ON', (rig: Rig) => rig.signedOn(), 'C04'],
  ])('ends with its code for %s (link F5, F6)', (_, wrong, code) => {
    expect(wrong(new Rig().up()).sent()).toEqual([`> CLOSE ${code}`]);
  });

  it('leaves with C18 and does not come back (link S9)', () => {
    const rig = host().up().put({ kind: 'leave' });
    expect(rig.sent()).toEqual(['> CLOSE C18']);
    rig.put({ kind: 'lost' });
    expect(rig.dialAfterMs).toBeUndefined();
  });

  it('hands STATUS to its owner (link S11)', () => {
    const status = { service: 'STATE', state: 'held', since: '2026-01-01T00:00:00Z' };
    expect(host().up().hear('STATUS', status).take()).toEqual(['status STATE held']);
  });
});

describe('coming back (link S10)', () => {
  it('waits 1 s, doubling to 60 s, and a resumed WELCOME begins anew', () => {
    const rig = host();
    const waits = Array.from({ length: 8 }, () => rig.put({ kind: 'lost' }).dialAfterMs);
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60].map((seconds) => seconds * 1000));
    rig.up().put({ kind: 'lost' });
    expect(rig.dialAfterMs).toBe(60_000);
    rig.put({ kind: 'connected' }).welcome({ resumed: true }).put({ kind: 'lost' });
    expect(rig.dialAfterMs).toBe(1000);
  });

  it('adds up to 20 % at random', () => {
    const rig = host();
    rig.fraction = 0.5;
    expect(rig.put({ kind: 'lost' }).dialAfterMs).toBe(1100);
  });

  it.each(['C02', 'C06', 'C09', 'C12', 'C17'])('waits 60 s at least after %s', (code) => {
    const rig = host().put({ kind: 'connected' });
    rig.hear('CLOSE', { code, text: 'no' }).put({ kind: 'lost' });
    expect(rig.dialAfterMs).toBe(60_000);
    // The next attempt failed without a word: that is no reason to wait so long.
    expect(rig.put({ kind: 'lost' }).dialAfterMs).toBe(2000);
  });

  it.each(['C07', 'C13', 'C15', 'C16'])('waits as usual after %s', (code) => {
    const rig = host().up();
    rig.hear('CLOSE', { code, text: 'no' }).put({ kind: 'lost' });
    expect(rig.dialAfterMs).toBe(1000);
  });
});

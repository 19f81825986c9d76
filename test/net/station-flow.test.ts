// Messages of a station in both directions (link M1 to M4a, M8), rule by rule.

import { describe, expect, it } from 'vitest';
import { Rig } from './station-rig.ts';

const host = (): Rig => new Rig({ role: 'host', station: 'CAD1' });

describe('what is sent', () => {
  it('is numbered from 1, at most a window at a time (link M1, M4)', () => {
    const rig = host().up({ window: 2 }).send('A', 'B', 'C', 'D');
    expect(rig.sent()).toEqual(['> MESSAGE 1 A', '> MESSAGE 2 B']);
    expect(rig.ack(1).take()).toEqual(['accepted 1', '> MESSAGE 3 C']);
    expect(rig.refuse(3).take()).toEqual(['refused 3 X03', '> MESSAGE 4 D']);
    expect(rig.ack(4).take()).toEqual(['accepted 2', 'accepted 4']);
  });

  it('keeps the flag it came with (link M7)', () => {
    expect(host().up().hand({ flagged: true }).sent()).toEqual(['> MESSAGE 1 D1 TEXT']);
  });

  it('waits for a connection, and no more of it than was agreed', () => {
    const rig = new Rig({ role: 'host', waitingMax: 2 }).send('A', 'B', 'C');
    expect(rig.take()).toEqual(['declined full']);
    expect(rig.put({ kind: 'connected' }).welcome().sent()).toEqual([
      '> HELLO new 0',
      '> MESSAGE 1 A',
      '> MESSAGE 2 B',
    ]);
  });

  it('is never longer than the switch takes (link F3)', () => {
    const rig = host()
      .up()
      .hand({ body: new Uint8Array(4097) })
      .send('B');
    expect(rig.take()).toEqual(['dropped 1 too-long', '> MESSAGE 1 B']);
  });

  it('is nothing from a printer (link 1)', () => {
    const rig = new Rig({ role: 'printer' }).up();
    expect(rig.send('A').signOn().put({ kind: 'sign-off' }).take()).toEqual([
      'declined role',
      'declined role',
      'declined role',
    ]);
  });
});

describe('BUSY (link M4a)', () => {
  it('stops all messages, then its number and all after it go again, the same, unflagged', () => {
    const rig = host().up().send('A', 'B', 'C').ack(1).busy(2, 1000).send('D');
    rig.take();
    expect(rig.pass(999).take()).toEqual([]);
    expect(rig.pass(1).sent()).toEqual(['> MESSAGE 2 B', '> MESSAGE 3 C', '> MESSAGE 4 D']);
  });

  it('said again of the same number begins the wait anew', () => {
    const rig = host().up().send('A').busy(1, 1000).pass(600).busy(1, 1000);
    rig.take();
    expect(rig.pass(999).take()).toEqual([]);
    expect(rig.pass(1).sent()).toEqual(['> MESSAGE 1 A']);
  });

  it('keeps a flag of before, and after a break what was put back is flagged (link S4a)', () => {
    const rig = host().up().send('A').resume(0).busy(1, 1000).send('B');
    rig.take();
    expect(rig.pass(1000).sent()).toEqual(['> MESSAGE 1 D1 A', '> MESSAGE 2 B']);
    const broken = host().up().send('A').busy(1, 60_000);
    expect(broken.resume(0).sent()).toEqual(['> MESSAGE 1 D1 A']);
  });

  it('of what the switch turns out to have, after a break, is settled like anything else', () => {
    const rig = host().up().send('A', 'B', 'C').busy(1, 60_000);
    rig.take();
    expect(rig.resume(2).refuse(1).ack(2).take()).toEqual([
      '> MESSAGE 3 D1 C',
      'refused 1 X03',
      'accepted 2',
    ]);
    const left = new Rig().seated('jdoe').send('A', 'B').busy(1, 1000);
    left.put({ kind: 'sign-off' }).hear('SIGN_OFF').signOn('mroe').signedOn('mroe').pass(1000);
    left.take();
    // Both were left out for mroe: 2 is no number of theirs any more.
    expect(left.resume(2, { user: 'mroe' }).sent()).toEqual(['> CLOSE C10']);
  });

  it('does not outlive its connection', () => {
    const rig = host().up().send('A').busy(1, 60_000).send('B');
    expect(rig.resume(0).sent()).toEqual(['> MESSAGE 1 D1 A', '> MESSAGE 2 B']);
  });

  it('leaves out of the repeat what somebody else may not send (link S7b)', () => {
    const rig = new Rig().seated('jdoe').send('A', 'B').busy(1, 1000);
    rig.put({ kind: 'sign-off' }).hear('SIGN_OFF').signOn('mroe').signedOn('mroe').send('C');
    rig.take();
    expect(rig.pass(1000).take()).toEqual([
      'dropped 1 other-user',
      'dropped 2 other-user',
      '> MESSAGE 1 C',
    ]);
  });
});

describe('no answer in time (link M8)', () => {
  it('ends the connection with C15 after 30 s, and the session goes on', () => {
    const rig = host().up().send('A').pass(10_000).send('B').pass(10_000).ack(1);
    rig.take();
    expect(rig.pass(19_999).sent()).toEqual([]);
    expect(rig.pass(1).take()).toEqual(['> CLOSE C15', 'closed by us C15']);
    expect(rig.resume(2).ack(2).take()).toEqual(['accepted 2']);
  });

  it('is not counted while BUSY, and anew once it is sent again', () => {
    const rig = host().up().send('A').pass(20_000).busy(1, 20_000).pass(20_000);
    expect(rig.sent()).toEqual(['> MESSAGE 1 A', '> PING', '> MESSAGE 1 A']);
    rig.put({ kind: 'heard' }).pass(29_999).take();
    expect(rig.pass(1).sent()).toEqual(['> CLOSE C15']);
  });

  it('counts for the ACK that WELCOME is followed by (link S4b)', () => {
    const rig = host().up().send('A').resume(1).pass(29_999);
    expect(rig.sent()).toEqual([]);
    expect(rig.pass(1).sent()).toEqual(['> CLOSE C15']);
  });
});

describe('what is received', () => {
  it('is acknowledged when it is handled, all that came before with it (link M2, M3)', () => {
    const rig = host().up().deliver(1, 'A').deliver(2, 'B').deliver(3, 'C');
    expect(rig.take()).toEqual(['message 1 A', 'message 2 B', 'message 3 C']);
    expect(rig.handle(1).take()).toEqual([]);
    expect(rig.handle(0).take()).toEqual(['> ACK 2']);
    expect(rig.handle(2).handle(2).take()).toEqual(['> ACK 3']);
  });

  it('is refused only once all below it is handled, and before an ACK that covers it (link M3)', () => {
    const rig = host().up();
    for (const [at, text] of ['A', 'B', 'C'].entries()) rig.deliver(at + 1, text);
    rig.take();
    expect(rig.decline(1, 'R02').handle(2).take()).toEqual([]);
    expect(rig.handle(0).take()).toEqual(['> REFUSED 2 R02', '> ACK 3']);
  });

  it('is refused while the line is broken, and the switch learns it on the next (link S4b)', () => {
    const rig = host().up().deliver(1, 'A');
    rig.put({ kind: 'lost' }).decline(0, 'R02').take();
    expect(rig.put({ kind: 'connected' }).sent()).toEqual(['> HELLO session-one----------- 1']);
    expect(rig.welcome({ resumed: true }).sent()).toEqual(['> REFUSED 1 R02', '> ACK 1']);
  });

  it('is at most a window that is not handled: one more is C11 (link M4)', () => {
    const rig = host().up({ window: 2 }).deliver(1, 'A').deliver(2, 'B').handle(0).deliver(3, 'C');
    rig.take();
    expect(rig.deliver(4, 'D').sent()).toEqual(['> CLOSE C11']);
  });

  it('is R03 under a mnemonic that is not ours', () => {
    const rig = host().up().deliver(1, 'A', 'QZ99');
    expect(rig.take()).toEqual(['> REFUSED 1 R03']);
  });
});

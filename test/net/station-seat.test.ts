// Who sits at a terminal (link S7, S7a, S7b, S7d, S8), rule by rule.

import { describe, expect, it } from 'vitest';
import { otherSession, Rig } from './station-rig.ts';

describe('signing on', () => {
  it('is one SIGN_ON with one answer (link S7c)', () => {
    const rig = new Rig().up().signOn();
    expect(rig.signOn().take()).toEqual(['> SIGN_ON jdoe', 'declined unanswered']);
    expect(rig.refuse(0, 'U01').take()).toEqual(['sign-on refused U01']);
    rig.signOn().take();
    expect(rig.signedOn().take()).toEqual(['signed on jdoe QZ01']);
    expect(rig.signOn().take()).toEqual(['declined signed-on-already']);
  });

  it('needs a connection and a terminal', () => {
    expect(new Rig().signOn().take()).toEqual(['declined not-connected']);
    expect(new Rig({ role: 'host' }).up().signOn().take()).toEqual(['declined role']);
  });

  it('is lost with the line before its answer', () => {
    const rig = new Rig().up().signOn();
    rig.take();
    expect(rig.put({ kind: 'lost' }).take()).toEqual(['sign-on-lost']);
    expect(rig.up().signOn().take()).toEqual(['> SIGN_ON jdoe']);
  });

  it('comes before any message: without a person nothing is handed over (link S7)', () => {
    const rig = new Rig().up();
    expect(rig.send('A').signOn().send('B').take()).toEqual([
      'declined nobody-signed-on',
      '> SIGN_ON jdoe',
      'declined nobody-signed-on',
    ]);
  });

  it('under a lent mnemonic makes that one ours (link M9)', () => {
    const rig = new Rig().up({ mnemonics: [] }).signOn().signedOn('jdoe', 'QM01');
    rig.take();
    expect(rig.deliver(1, 'A', 'QM01').deliver(2, 'B', 'QM02').take()).toEqual([
      'message 1 A',
      // Its turn comes once the first is handled (link M3).
    ]);
    expect(rig.handle(0).take()).toEqual(['> REFUSED 2 R03', '> ACK 2']);
  });
});

describe('a kept sign-on (link S7a)', () => {
  it('counts as SIGNED_ON: what the person sent goes again, what waited goes', () => {
    const rig = new Rig().seated().send('A');
    rig.put({ kind: 'lost' }).send('B').put({ kind: 'connected' }).take();
    expect(rig.welcome({ resumed: true, user: 'jdoe' }).take()).toEqual([
      'signed on jdoe QZ01',
      '> MESSAGE 1 D1 A',
      '> MESSAGE 2 B',
    ]);
  });

  it('that was not kept leaves nobody; the same person sends again, flagged', () => {
    const rig = new Rig().seated().send('A');
    expect(rig.resume(0).take()).toEqual(['signed off link']);
    expect(rig.signOn().signedOn().take()).toEqual([
      '> SIGN_ON jdoe',
      'signed on jdoe QZ01',
      '> MESSAGE 1 D1 A',
    ]);
  });

  it('is signed off again where the switch did not read the SIGN_OFF', () => {
    const rig = new Rig().seated().put({ kind: 'sign-off' });
    rig.put({ kind: 'lost' }).put({ kind: 'connected' }).take();
    expect(rig.welcome({ resumed: true, user: 'jdoe' }).deliver(1, 'A').take()).toEqual([
      '> SIGN_OFF user',
      '> REFUSED 1 R01',
    ]);
    expect(rig.hear('SIGN_OFF', { reason: 'user' }).take()).toEqual(['signed off user']);
  });

  it('may be given up while the line is broken', () => {
    const rig = new Rig().seated();
    rig.put({ kind: 'lost' }).put({ kind: 'sign-off' }).put({ kind: 'connected' }).take();
    expect(rig.welcome({ resumed: true, user: 'jdoe' }).take()).toEqual(['> SIGN_OFF user']);
    const ended = new Rig().seated();
    ended.put({ kind: 'lost' }).put({ kind: 'sign-off' }).put({ kind: 'connected' }).take();
    expect(ended.welcome({ resumed: true }).take()).toEqual(['signed off link']);
  });
});

describe('another person (link S7b)', () => {
  it.each([
    ['in the same session', { resumed: true }],
    ['in a new session', { session: otherSession }],
  ])('never sends what the first one sent %s: it is dropped, and said', (_, welcome) => {
    const rig = new Rig().seated('jdoe').send('A');
    rig.put({ kind: 'lost' }).put({ kind: 'connected' }).welcome(welcome).take();
    rig.signOn('mroe').signedOn('mroe').send('B');
    expect(rig.take()).toEqual([
      '> SIGN_ON mroe',
      'signed on mroe QZ01',
      'dropped 1 other-user',
      '> MESSAGE 1 B',
    ]);
  });

  it('does not send what the first one handed over and the window held back', () => {
    const rig = new Rig();
    rig.up({ window: 1 }).signOn('jdoe').signedOn('jdoe').send('A', 'B').put({ kind: 'sign-off' });
    rig.hear('SIGN_OFF').ack(1).signOn('mroe').take();
    expect(rig.signedOn('mroe').take()).toEqual(['signed on mroe QZ01', 'dropped 2 other-user']);
  });
});

describe('signing off (link S7d, S8)', () => {
  it('is answered by the switch, and what is read meanwhile is R01', () => {
    const rig = new Rig().seated().put({ kind: 'sign-off' });
    expect(rig.deliver(1, 'A').send('B').put({ kind: 'sign-off' }).take()).toEqual([
      '> SIGN_OFF user',
      '> REFUSED 1 R01',
      'declined nobody-signed-on',
      'declined unanswered',
    ]);
    expect(rig.hear('SIGN_OFF', { reason: 'user' }).take()).toEqual(['signed off user']);
    // By policy the switch may send to a terminal without a person (link S7).
    expect(rig.deliver(2, 'C').take()).toEqual(['message 2 C']);
  });

  it('keeps the order of answers: R01 waits for what came before it (link M3)', () => {
    const rig = new Rig().seated().deliver(1, 'A').put({ kind: 'sign-off' }).deliver(2, 'B');
    expect(rig.sent()).toEqual(['> SIGN_OFF user']);
    expect(rig.handle(0).sent()).toEqual(['> REFUSED 2 R01', '> ACK 2']);
  });

  it('by the switch is answered with SIGN_OFF, and sends nothing more', () => {
    const rig = new Rig().seated().hear('SIGN_OFF', { reason: 'idle' }).send('A');
    expect(rig.take()).toEqual(['> SIGN_OFF', 'signed off idle', 'declined nobody-signed-on']);
  });

  it('of both at once is the answer to each', () => {
    const rig = new Rig().seated().put({ kind: 'sign-off' }).hear('SIGN_OFF', { reason: 'idle' });
    expect(rig.take()).toEqual(['> SIGN_OFF user', 'signed off idle']);
    expect(rig.signOn().take()).toEqual(['> SIGN_ON jdoe']);
  });

  it('before the answer to SIGN_ON is answered after it', () => {
    const rig = new Rig().up().signOn().put({ kind: 'sign-off' }).signedOn().send('A');
    rig.hear('SIGN_OFF', { reason: 'user' });
    expect(rig.take()).toEqual([
      '> SIGN_ON jdoe',
      '> SIGN_OFF user',
      'declined nobody-signed-on',
      'signed off user',
    ]);
  });

  it('with nobody there is not said', () => {
    expect(new Rig().up().put({ kind: 'sign-off' }).take()).toEqual(['declined nobody-signed-on']);
  });
});

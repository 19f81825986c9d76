import { describe, expect, it } from 'vitest';
import { ownSuphdr } from '#switch/ledger';
import { hour, minute, mnemonic } from './county.ts';
import { final, hit, inquiry, miss, upAndDown } from './said.ts';
import { World } from './world.ts';

describe('an answer waits for its asker alone (link S7b)', () => {
  const asked = (name: string, more = {}) => {
    const { world, state } = upAndDown(new World());
    const peer = world.terminal(name, 'mroe', more);
    peer.message(inquiry);
    state.ack();
    peer.say('SIGN_OFF').take();
    return { world, state, peer };
  };

  it('not for the next person at the same terminal', () => {
    const { world, state, peer } = asked('DISP2');
    expect(peer.signOn('zoe').take()).toEqual(['SIGNED_ON zoe QZ02']);
    state.answer(hit, final);
    expect(peer.take()).toEqual([]);
    expect(world.state.ledger.queues.get('u:mroe')?.size).toBe(1);
  });

  it('and not for the next borrower of the mnemonic', () => {
    const { world, state } = asked('MDT1', { pool: 'LONE' });
    world.pass(minute);
    const next = world.terminal('MDT2', 'zoe', { pool: 'LONE' });
    expect(next.mnemonic).toBe('QL01');
    state.answer(hit, final);
    expect(next.take()).toEqual([]);
    expect(world.state.ledger.queues.get('u:mroe')?.size).toBe(2 + 1);
  });

  it('at any terminal where that person signs on next, under the mnemonic held there', () => {
    const { world, state } = asked('DISP2');
    state.answer(hit, final);
    const other = world.connect('MDT1').signOn('mroe', { pool: 'MDT' });
    expect(other.take().at(-1)).toBe('MESSAGE 1 QM01 c3 F AB12.QV.CA0990100.|MKE/STOLEN VEHICLE|');
    other.ack();
    expect(world.kinds('delivered').at(-1)).toMatchObject({ station: 'MDT1', user: 'mroe' });
  });

  it('at the terminal it was asked from, of two where the person is signed on', () => {
    const { world, state } = upAndDown(new World({ signOnTwice: true }));
    const [one, two] = [
      world.terminal('DISP2', 'mroe'),
      world.terminal('MDT1', 'mroe', { pool: 'MDT' }),
    ];
    two.message(inquiry);
    state.answer(hit);
    expect([one.take(), two.take().length]).toEqual([[], 2]);
    two.drop();
    state.answer(miss, final);
    expect(one.take()).toEqual([
      expect.stringMatching(/^MESSAGE 1 QZ02 c3 D .*STOLEN/),
      expect.stringMatching(/^MESSAGE 2 QZ02 c3 F .*NO RECORD/),
    ]);
    // Its first terminal comes back and had handled the one, which is nothing new any more.
    const again = world.connect('MDT1', { session: two.session, received: 1 });
    one.ack();
    expect(again.take().slice(0, 1)).toEqual(['WELCOME resumed 1 mroe']);
  });

  it('at the other terminal of a person who signs off at one, also what never left', () => {
    const { world, state } = upAndDown(new World({ signOnTwice: true, window: 1 }));
    const one = world.terminal('DISP2', 'mroe');
    const two = world.terminal('MDT1', 'mroe', { pool: 'MDT' });
    two.message(inquiry);
    state.ack().answer(hit).answer(miss, final);
    expect([one.messages.length, two.messages.length]).toEqual([0, 1]);
    two.say('SIGN_OFF');
    expect(one.messages).toMatchObject([{ flags: 2 }]);
  });

  it('at the other terminal of a person who loses one, also what was declined there', () => {
    const { world, state } = upAndDown(new World({ signOnTwice: true }));
    const one = world.terminal('DISP2', 'mroe');
    const two = world.terminal('MDT1', 'mroe', { pool: 'MDT' });
    two.message(inquiry);
    state.ack().answer(hit, final);
    two.refuse(1, 'R01');
    expect(one.messages).toEqual([]);
    two.drop();
    expect(one.messages).toMatchObject([{ flags: 3 }]);
  });

  it('at the terminal that had it all along, when that comes back while it is fetched for another', () => {
    const { world, state } = upAndDown(new World({ signOnTwice: true }));
    const [one, two] = [world.terminal('DISP2', 'mroe'), world.terminal('NIGHT', 'zoe')];
    one.message(inquiry);
    state.answer(hit, final);
    two.say('SIGN_OFF').take();
    world.holdReads = true;
    one.drop();
    two.signOn('mroe');
    const again = world.connect('DISP2', { session: one.session, received: 1 });
    world.letGo();
    expect(two.messages).toEqual([]);
    again.ack(1);
    expect(world.kinds('delivered')).toMatchObject([{ station: 'DISP2', user: 'mroe' }]);
  });

  it('and not longer than that only while the person is away: what was declined stays', () => {
    const { world, state } = upAndDown(new World());
    const peer = world.terminal('DISP2', 'mroe');
    peer.message(inquiry);
    state.answer(hit, final);
    peer.refuse(1, 'R01');
    world.pass(20 * minute);
    expect(world.kinds('rerouted')).toEqual([]);
    peer.say('SIGN_OFF').signOn('mroe');
    expect(peer.take().at(-1)).toMatch(/^MESSAGE 2 QZ02 c3 DF/);
  });

  it('and follows after a kept sign-on came back', () => {
    const { world, state, peer } = upAndDown(new World());
    peer.message(inquiry);
    peer.drop();
    state.answer(hit, final);
    const again = world.connect('DISP1', { session: peer.session, received: 0 });
    expect(again.take().at(-1)).toBe('MESSAGE 1 QZ01 c3 F AB12.QV.CA0990100.|MKE/STOLEN VEHICLE|');
  });

  it("then goes to the pool's defined destination", () => {
    const { world, state } = asked('MDT1', { pool: 'MDT' });
    const printer = world.connect('PRT1');
    state.answer(hit, final);
    world.pass(10 * minute - 1000);
    expect(printer.take().filter((line) => line !== 'PING')).toEqual(['WELCOME new 0']);
    world.pass(1000);
    expect(printer.take().filter((line) => line !== 'PING')).toEqual([
      'MESSAGE 1 QP01 c3 F AB12.QV.CA0990100.|MKE/STOLEN VEHICLE|',
    ]);
    expect(world.kinds('rerouted')).toMatchObject([
      { mnemonic: 'QM01', pool: 'MDT', user: 'mroe', rule: 'pool-destination' },
    ]);
  });

  it.each([
    ['of a pool without one', 'MDT1', { pool: 'LONE' }],
    ['of no pool', 'DISP2', {}],
  ])('else to operator intercept with an alarm, %s', (_, name, more) => {
    const { world, state } = asked(name, more);
    state.answer(hit, final);
    world.pass(10 * minute);
    expect(world.kinds('rerouted')).toMatchObject([{ rule: 'asker-did-not-return' }]);
    expect(world.kinds('alarm')).toHaveLength(1);
    expect(world.state.ledger.queues.get('intercept')?.size).toBe(1);
    const again = world.connect(name).signOn('mroe', more);
    expect(again.take().some((line) => line.startsWith('MESSAGE'))).toBe(false);
  });

  it('and not longer than a day, whatever else', () => {
    const { world, state } = upAndDown(new World({ answerWaitMs: 48 * hour }));
    const peer = world.terminal('DISP2', 'mroe');
    peer.message(inquiry).say('SIGN_OFF');
    state.answer(hit, final).ack();
    world.pass(24 * hour, minute);
    expect(world.kinds('expired')).toMatchObject([{ user: 'mroe', direction: 'down' }]);
  });

  it.each([false, true])('also over a restart of the switch (snapshot: %s)', (snapshot) => {
    const { world, state } = asked('DISP2');
    state.answer(hit, final);
    world.crash(snapshot);
    const again = world.connect('DISP1').signOn('mroe');
    expect(again.take().at(-1)).toContain('MKE/STOLEN');
  });
});

describe('an answer to a request that is over', () => {
  it('goes to its asker alone, after an SM 61, found in the journal', () => {
    const { world, state, peer } = upAndDown(new World());
    peer.message(inquiry);
    state.ack().answer(hit, final).answer(miss, final);
    expect(peer.take().slice(2)).toEqual([
      'MESSAGE 2 QZ01 c1 AB12.SM.CA0990100.61.LATE ANSWER FOLLOWS',
      'MESSAGE 3 QZ01 c3 AB12.QV.CA0990100.|NO RECORD LIC/2ZZZ999|',
    ]);
    expect(world.kinds('rerouted')).toMatchObject([
      { rule: 'late-answer', user: 'jdoe', thread: world.kinds('received')[0]?.entry },
    ]);
  });

  it('is never shown to the next person at that terminal', () => {
    const { world, state } = upAndDown(new World());
    const peer = world.terminal('DISP2', 'mroe');
    peer.message(inquiry);
    state.ack().answer(hit, final);
    peer.ack().say('SIGN_OFF').signOn('zoe');
    world.pass(20 * minute, 10_000);
    peer.take();
    state.answer(miss, final);
    expect(peer.take()).toEqual([]);
    expect(world.state.ledger.queues.get('u:mroe')?.size).toBe(2);
  });

  it('is found also when the switch stops while it looks', () => {
    const { world, state, peer } = upAndDown(new World());
    peer.message(inquiry);
    state.ack().answer(hit, final);
    peer.ack();
    world.holdReads = true;
    state.answer(miss, final);
    world.holdReads = false;
    world.crash();
    const again = world.connect('DISP1', { session: peer.session, received: 1 });
    expect(again.take().slice(-2)).toEqual([
      'MESSAGE 2 QZ01 c1 AB12.SM.CA0990100.61.LATE ANSWER FOLLOWS',
      'MESSAGE 3 QZ01 c3 AB12.QV.CA0990100.|NO RECORD LIC/2ZZZ999|',
    ]);
  });

  it('is unsolicited under another mnemonic, or a reference of an earlier name of the switch', () => {
    const { world, state, peer } = upAndDown(new World());
    const other = world.terminal('DISP2', 'mroe');
    peer.message(inquiry);
    state.ack().answer(hit, final);
    state.answer(miss, { mnemonic: mnemonic('QZ02') });
    expect(other.messages).toHaveLength(1);
    const asked = world.kinds('received')[0]?.entry ?? 0;
    world.put({ kind: 'settings', settings: { ...world.settings, name: 'RENAMED' } });
    state.message(`${ownSuphdr(asked, 'RENAMED')}.${miss}`, {
      mnemonic: mnemonic('QZ01'),
      class: 3,
    });
    expect(world.kinds('rerouted').map(({ rule }) => rule)).toEqual([undefined, undefined]);
  });

  it('is unsolicited where the reference only looks like one of ours', () => {
    const { world, state, peer } = upAndDown(new World());
    state.message(`${ownSuphdr(1, 'COUNTY099')}.${hit}`, { mnemonic: mnemonic('QZ01'), class: 3 });
    state.message(`${ownSuphdr(1, 'ANOTHER')}.${hit}`, { mnemonic: mnemonic('QZ01'), class: 3 });
    expect(peer.take().map((line) => line.replace(/ [A-Z0-9]{10}\./, ' own.'))).toEqual([
      'MESSAGE 1 QZ01 c3 own.QV.CA0990100.|MKE/STOLEN VEHICLE|',
      'MESSAGE 2 QZ01 c3 own.QV.CA0990100.|MKE/STOLEN VEHICLE|',
    ]);
    expect(world.kinds('rerouted')).toHaveLength(1);
  });
});

describe('what nobody asked for', () => {
  const notice = (of: string, text = 'AM.CA0990100.QZ01.TXT\r\nHI'): World => {
    const world = new World();
    const state = world.dial();
    world.connect('PRT1');
    world.terminal('MDT1', 'jdoe', { pool: 'MDT' });
    state.message(`STAT.${text}`, { mnemonic: mnemonic(of), class: 5 });
    expect(state.take().at(-1)).toBe('ACK 1');
    return world;
  };
  const heardBy = (world: World, name: string): number =>
    [...world.peers.values()].find((peer) => peer.name === name)?.messages.length ?? -1;

  it('goes to the static terminal it names, when somebody is signed on there', () => {
    const { state, peer } = upAndDown(new World());
    peer.say('SIGN_OFF').take();
    state.message('STAT.AM.CA0990100.QZ01.TXT\r\nHI', { mnemonic: mnemonic('QZ01'), class: 5 });
    expect(peer.take()).toEqual([]);
    expect(peer.signOn('mroe').take().at(-1)).toMatch(
      /^MESSAGE 1 QZ01 c5 [A-Z0-9]{10}\.AM\.CA0990100/,
    );
  });

  it('goes for a pool to its defined destination alone, under the mnemonic of that (link M9, clets M4)', () => {
    const world = notice('QM01');
    expect([heardBy(world, 'PRT1'), heardBy(world, 'MDT1')]).toEqual([1, 0]);
    expect(world.kinds('sent')).toMatchObject([{ mnemonic: 'QP01', pool: 'MDT' }]);
    expect(world.kinds('received')).toMatchObject([{ mnemonic: 'QM01' }]);
  });

  it.each([
    ['for a pool without a destination', 'QL01', 'pool-without-destination', 'STAT'],
    ['for a mnemonic nobody has', 'QZ77', 'mnemonic-unknown', 'STAT'],
  ])('is kept and alarmed %s', (_, of, rule) => {
    const world = notice(of);
    expect(world.state.ledger.queues.get('intercept')?.size).toBe(1);
    expect(world.kinds('alarm')).toMatchObject([{ rule, mnemonic: of }]);
  });

  it('is never refused: what does not parse is journalled with its code, acknowledged and kept (link E8)', () => {
    const { world, state } = upAndDown(new World());
    state.message('??', { mnemonic: mnemonic('QZ01'), class: 5 });
    expect(state.take()).toEqual(['ACK 1']);
    expect(world.kinds('received')).toMatchObject([{ code: 'H04' }]);
    expect(world.kinds('alarm')).toMatchObject([{ rule: 'unreadable' }]);
  });

  it('is kept as long as its class says: a hit confirmation until it is delivered (link M6)', () => {
    const { world, state, peer } = upAndDown(new World());
    peer.say('SIGN_OFF');
    const urgent = 'STAT.YQ.CA0990100.QZ01.TXT\r\nPRI/U.NIC/V1';
    state.message(urgent, { mnemonic: mnemonic('QZ01'), class: 5 });
    world.pass(48 * hour, minute);
    const again = world.connect('DISP1').signOn('jdoe');
    expect(again.take().at(-1)).toMatch(/^MESSAGE 1 QZ01 c2/);
  });
});

it('answers keep their order though the person moves while the octets of one are fetched (link M6)', () => {
  const { world, state, peer } = upAndDown(new World({ signOnTwice: true }));
  const other = world.connect('DISP2').signOn('jdoe');
  peer.message(inquiry);
  state.ack();
  other.take();
  world.holdReads = true;
  state.answer(hit);
  // Its octets are on their way for DISP1 when nobody sits there any more.
  peer.say('SIGN_OFF');
  state.answer(miss, final);
  world.letGo();
  expect(other.messages.map(({ text }) => text.includes('NO RECORD'))).toEqual([true, false]);
});

it('answers keep their order though the line of the asking terminal comes back meanwhile (link M6, S7a)', () => {
  const { world, state, peer } = upAndDown(new World({ signOnTwice: true }));
  world.connect('DISP2').signOn('jdoe').take();
  peer.message(inquiry);
  state.ack();
  peer.drop();
  world.holdReads = true;
  // Its octets are on their way for the other terminal when the one that asked is there again.
  state.answer(hit);
  const again = world.connect('DISP1', { session: peer.session });
  state.answer(miss, final);
  world.letGo();
  expect(again.messages.map(({ text }) => text.includes('NO RECORD'))).toEqual([true, false]);
});

import { describe, expect, it } from 'vitest';
import { minute, mnemonic, person, station } from './county.ts';
import { inquiry } from './said.ts';
import { World } from './world.ts';

const wrong = { password: 'no' };

describe('SIGN_OFF (link S7d)', () => {
  it('is answered with SIGN_OFF, with nobody signed on likewise', () => {
    const world = new World();
    const peer = world.terminal('DISP1', 'jdoe');
    peer.say('SIGN_OFF').say('SIGN_OFF', { reason: 'user' }).message(inquiry);
    expect(peer.take()).toEqual(['SIGN_OFF user', 'SIGN_OFF user', 'REFUSED 1 U09']);
    expect(world.kinds('sign-off')).toHaveLength(1);
  });

  it('that answers ours is not answered again', () => {
    const world = new World();
    const peer = world.terminal('DISP1', 'jdoe');
    world.pass(30 * minute);
    peer.say('SIGN_OFF');
    expect(peer.take().filter((line) => line !== 'PING')).toEqual(['SIGN_OFF idle']);
    peer.signOn('jdoe').say('SIGN_OFF');
    expect(peer.take().at(-1)).toBe('SIGN_OFF user');
  });

  it('that answers ours late never keeps the next person signed on', () => {
    const world = new World();
    const peer = world.terminal('DISP1', 'jdoe');
    world.pass(30 * minute);
    peer.signOn('mroe');
    peer.say('SIGN_OFF');
    expect(world.state.ledger.signOns.size).toBe(0);
  });

  it('while a SIGN_ON is unanswered is answered after it', () => {
    const world = new World();
    world.holdVerdicts = true;
    const peer = world.connect('DISP1').signOn('jdoe').say('SIGN_OFF').message(inquiry);
    expect(peer.take()).toEqual(['WELCOME new 0', 'REFUSED 1 U09']);
    world.letGo();
    expect(peer.take()).toEqual(['SIGNED_ON jdoe QZ01', 'STATUS STATE held', 'SIGN_OFF user']);
    expect(world.state.ledger.signOns.size).toBe(0);
  });

  it('while a SIGN_ON fails is answered after the refusal', () => {
    const world = new World();
    world.holdVerdicts = true;
    const peer = world.connect('DISP1').signOn('jdoe', wrong).say('SIGN_OFF');
    world.letGo();
    expect(peer.take().slice(1)).toEqual(['REFUSED 0 U01', 'SIGN_OFF user']);
  });
});

describe('a kept sign-on (link S7a)', () => {
  const broken = (world: World) => {
    const peer = world.terminal('DISP1', 'jdoe');
    peer.drop();
    return peer;
  };

  it('goes on with its session within the time, with idle and age running on', () => {
    const world = new World();
    const peer = broken(world);
    world.pass(4 * minute);
    const again = world.connect('DISP1', { session: peer.session });
    expect(again.take()).toEqual(['WELCOME resumed 0 jdoe', 'STATUS STATE held']);
    again.message(inquiry);
    expect(again.take()[0]).toBe('ACK 1');
    again.diligent = true;
    world.pass(20 * minute);
    again.drop();
    const third = world.connect('DISP1', { session: peer.session, received: again.received });
    third.diligent = true;
    world.pass(10 * minute - 1000);
    expect(third.take()).not.toContain('SIGN_OFF idle');
    world.pass(1000);
    expect(third.take()).toContain('SIGN_OFF idle');
  });

  it.each([
    ['after its time', (world: World, session: string) => (world.pass(5 * minute), { session })],
    ['without its session', () => ({})],
    [
      'with another certificate',
      (world: World, session: string) => {
        const fingerprints = ['fingerprint of DISP1', 'second'];
        world.register(station('DISP1', { mnemonics: [mnemonic('QZ01')], fingerprints }));
        return { session, certificate: { name: 'DISP1', fingerprint: 'second' } };
      },
    ],
  ] as const)('ends %s', (_, helloOf) => {
    const world = new World();
    const peer = broken(world);
    const again = world.connect('DISP1', helloOf(world, peer.session));
    expect(again.take()[0]).toMatch(/^WELCOME (resumed|new) 0$/);
    expect(world.kinds('sign-off')).toMatchObject([{ user: 'jdoe' }]);
  });

  it.each(['C02', 'C12', 'C14', 'C18'])('does not outlive CLOSE %s', (code) => {
    const world = new World();
    const peer = world.terminal('DISP1', 'jdoe');
    peer.say('CLOSE', { code, text: 'bye' });
    expect(peer.ended).toBe('end');
    expect(world.state.ledger.signOns.size).toBe(0);
    expect(world.connect('DISP1', { session: peer.session }).take()).toEqual(['WELCOME resumed 0']);
  });

  it('outlives a CLOSE of another kind, and a restart of the switch', () => {
    const world = new World();
    const peer = world.terminal('MDT1', 'jdoe', { pool: 'MDT' });
    peer.say('CLOSE', { code: 'C16', text: 'bye' });
    world.crash();
    world.pass(4 * minute);
    const again = world.connect('MDT1', { session: peer.session });
    expect(again.frames[0]?.json).toMatchObject({ user: 'jdoe', mnemonics: ['QM01'] });
  });

  it('is bound to the certificate of its last connection', () => {
    const world = new World();
    const fingerprints = ['fingerprint of DISP1', 'second'];
    world.register(station('DISP1', { mnemonics: [mnemonic('QZ01')], fingerprints }));
    const certificate = { name: 'DISP1', fingerprint: 'second' };
    const first = world.connect('DISP1');
    const { session } = first;
    const second = world.connect('DISP1', { session, certificate });
    second.signOn('jdoe').drop();
    expect(world.connect('DISP1', { session, certificate }).take()[0]).toBe(
      'WELCOME resumed 0 jdoe',
    );
    expect(world.connect('DISP1', { session }).take()[0]).toBe('WELCOME resumed 0');
  });

  it('is idle by the clock also while its connection is gone', () => {
    const world = new World({ signOnIdleMs: 2 * minute });
    broken(world);
    world.pass(2 * minute);
    expect(world.kinds('sign-off')).toMatchObject([{ reason: 'idle' }]);
  });

  it('never causes U08: it ends', () => {
    const world = new World();
    broken(world);
    const other = world.connect('DISP2').signOn('jdoe');
    expect(other.take()).toContain('SIGNED_ON jdoe QZ02');
    expect(world.kinds('sign-off')).toMatchObject([{ station: 'DISP1', reason: 'elsewhere' }]);
  });
});

describe('a sign-on', () => {
  it('elsewhere is U08 where the profile forbids two, and fine where it does not', () => {
    for (const signOnTwice of [false, true]) {
      const world = new World({ signOnTwice });
      world.terminal('DISP1', 'jdoe');
      const other = world.connect('DISP2').signOn('jdoe');
      expect(other.take()[1]).toBe(signOnTwice ? 'SIGNED_ON jdoe QZ02' : 'REFUSED 0 U08');
    }
  });

  it('ends at its age, and idle only MESSAGEs count (link S8)', () => {
    const world = new World();
    const [busy, idle] = [world.terminal('DISP1', 'jdoe'), world.terminal('DISP2', 'mroe')];
    busy.diligent = true;
    for (let i = 0; i < 72; i++) {
      world.pass(10 * minute, 10_000);
      busy.message(inquiry);
      idle.say('PING');
    }
    const offs = world.kinds('sign-off');
    expect(offs).toMatchObject([
      { user: 'mroe', reason: 'idle' },
      { user: 'jdoe', reason: 'age' },
    ]);
    expect(busy.take().filter((line) => line.startsWith('SIGN_OFF'))).toEqual(['SIGN_OFF age']);
  });

  it.each([
    ['is disabled', person('jdoe', 'J10442', { state: 'disabled' })],
    ['has new authorisations', person('jdoe', 'J10442', { sends: ['AM'] })],
    ['is gone', { op: 'remove', table: 'person', key: 'jdoe' } as const],
  ])('ends when the person %s (security 5)', (_, change) => {
    const world = new World();
    const peer = world.terminal('DISP1', 'jdoe');
    world.register(change);
    expect(peer.take()).toEqual(['SIGN_OFF suspended']);
    expect(peer.ended).toBeUndefined();
  });
});

describe('a pool', () => {
  it('lends the mnemonic that was returned longest ago, each to one, until it is empty (U07)', () => {
    const world = new World();
    const pool = 'MDT';
    const lent = (peer: { mnemonic: string }): string => peer.mnemonic;
    const [one, two] = [
      world.terminal('MDT1', 'jdoe', { pool }),
      world.terminal('MDT2', 'mroe', { pool }),
    ];
    expect([one, two].map(lent)).toEqual(['QM01', 'QM02']);
    const three = world.connect('MDT3').signOn('zoe', { pool });
    expect(three.take().at(-1)).toBe('REFUSED 0 U07');
    two.say('SIGN_OFF');
    one.say('SIGN_OFF');
    three.signOn('zoe', { pool });
    two.signOn('mroe', { pool });
    expect([three, two].map(lent)).toEqual(['QM02', 'QM01']);
  });

  it('that is shared lends to all at once', () => {
    const world = new World();
    const pool = 'SHARE';
    const peers = [
      world.terminal('MDT1', 'jdoe', { pool }),
      world.terminal('MDT2', 'mroe', { pool }),
    ];
    expect(peers.map(({ mnemonic }) => mnemonic)).toEqual(['QS01', 'QS01']);
  });

  it('never lends again what has a request open, until it is answered or timed out (clets M3)', () => {
    const world = new World();
    const state = world.dial();
    const pool = 'LONE';
    const peer = world.terminal('MDT1', 'jdoe', { pool });
    peer.message(inquiry).say('SIGN_OFF');
    const other = world.connect('MDT2').signOn('mroe', { pool });
    expect(other.take().at(-1)).toBe('REFUSED 0 U07');
    state.ack();
    world.pass(minute);
    other.signOn('mroe', { pool });
    expect(other.take()).toContain('SIGNED_ON mroe QL01');
    other.message(inquiry).say('SIGN_OFF');
    state.ack().answer('QV.CA0990100.\r\nNO RECORD\r\n', { flags: 2 });
    peer.take();
    peer.signOn('jdoe', { pool });
    expect(peer.take()).toContain('SIGNED_ON jdoe QL01');
  });

  it('stays lent over a restart', () => {
    const world = new World();
    world.terminal('MDT1', 'jdoe', { pool: 'LONE' });
    world.crash(true);
    const other = world.connect('MDT2').signOn('mroe', { pool: 'LONE' });
    expect(other.take().at(-1)).toBe('REFUSED 0 U07');
  });
});

import { describe, expect, it } from 'vitest';
import { agency, county, hour, minute, mnemonic, person, police, station } from './county.ts';
import { World } from './world.ts';

const wrong = { password: 'no' };

describe('SIGN_ON', () => {
  it('is answered with SIGNED_ON, what came before, and the state of services', () => {
    const world = new World();
    const peer = world.connect('DISP1');
    peer.take();
    peer.signOn('jdoe', { mnemonic: 'QZ01' });
    expect(peer.frames[1]?.json).toEqual({
      ...{ user: 'jdoe', oif: 'J10442', name: 'JDOE TESTMAN', agency: 'CA0990100' },
      ...{ mnemonic: 'QZ01', warnings: [] },
    });
    peer.say('SIGN_OFF').signOn('jdoe');
    expect(peer.frames.at(-2)?.json).toMatchObject({ lastSignOn: '2027-01-15T08:00:00.000Z' });
  });

  it.each([
    ['an unknown user', 'DISP1', 'nobody', {}, 'U01'],
    ['a name outside the grammar', 'DISP1', 'My Password 1', {}, 'U01'],
    ['a wrong password', 'DISP1', 'jdoe', wrong, 'U01'],
    ['a wrong password of a disabled user', 'DISP1', 'off', wrong, 'U01'],
    ['a disabled user', 'DISP1', 'off', {}, 'U05'],
    [
      'a disabled user with a new password',
      'DISP1',
      'off',
      { newPassword: 'longer than 8' },
      'U05',
    ],
    ['a user whose password must change', 'DISP1', 'fresh', {}, 'U02'],
    ['a new password that breaks the rules', 'DISP1', 'jdoe', { newPassword: 'short' }, 'U03'],
    [
      'a bad new password at another mnemonic',
      'DISP1',
      'jdoe',
      { newPassword: 'short', mnemonic: 'QZ02' },
      'U03',
    ],
    ['U02 before another mnemonic', 'DISP1', 'fresh', { mnemonic: 'QZ02' }, 'U02'],
    ['another mnemonic', 'DISP1', 'jdoe', { mnemonic: 'QZ02' }, 'U06'],
    ['a pool at a static terminal', 'DISP1', 'jdoe', { pool: 'MDT' }, 'U06'],
    ['no pool at a terminal without a mnemonic', 'MDT1', 'jdoe', {}, 'U06'],
    ['a pool nobody knows', 'MDT1', 'jdoe', { pool: 'NONE' }, 'U06'],
    ['a mnemonic of the pool by name', 'MDT1', 'jdoe', { pool: 'MDT', mnemonic: 'QM01' }, 'U06'],
    ['a user who may not borrow', 'MDT1', 'poe', { pool: 'MDT' }, 'U06'],
    ['a user of another agency', 'DISP1', 'poe', {}, 'U06'],
  ])('of %s is refused (link S7c)', (_, name, who, more, code) => {
    const world = new World({}, [
      ...county,
      person('off', 'O10000', { state: 'disabled' }),
      person('fresh', 'F10000', { mustChange: true }),
    ]);
    const peer = world.connect(name);
    peer.take();
    peer.signOn(who, more);
    expect(peer.take()).toEqual([`REFUSED 0 ${code}`]);
    expect(world.kinds('sign-on-failed')).toMatchObject([{ code }]);
    expect(world.kinds('sign-on')).toEqual([]);
    expect(world.kinds('register')).toHaveLength(1);
  });

  it('asks for the same work for an unknown user as for a known one', () => {
    const world = new World();
    world.connect('DISP1').signOn('nobody').signOn('jdoe');
    expect(world.verifies.map(({ credential, afterMs }) => [credential, afterMs])).toEqual([
      [undefined, 0],
      ['credential of jdoe', 0],
    ]);
  });

  it('of a user whose agency is suspended is U05', () => {
    const world = new World({}, [
      ...county,
      agency(police, 'suspended'),
      station('DISP3', { mnemonics: [mnemonic('QZ03')] }),
    ]);
    const peer = world.connect('DISP3').signOn('poe');
    expect(peer.take().at(-1)).toBe('REFUSED 0 U05');
  });

  it('while a user is signed on, or another is unanswered, closes the link with C04', () => {
    const world = new World();
    const peer = world.terminal('DISP1', 'jdoe');
    peer.signOn('jdoe');
    expect(peer.take()).toEqual(['CLOSE C04']);
    world.holdVerdicts = true;
    const other = world.connect('DISP2').signOn('mroe').signOn('mroe');
    expect(other.take()).toEqual(['WELCOME new 0', 'CLOSE C04']);
    world.letGo();
    expect(world.kinds('sign-on')).toHaveLength(1);
  });

  it('with a new password changes it together with the sign-on, or not at all (link S7c)', () => {
    const world = new World({}, [...county, person('fresh', 'F10000', { mustChange: true })]);
    const peer = world.connect('MDT1');
    const newPassword = 'much longer than 8';
    peer.signOn('fresh', { newPassword });
    expect(peer.take().at(-1)).toBe('REFUSED 0 U06');
    expect(world.kinds('register')).toHaveLength(1);
    peer.signOn('fresh', { newPassword, pool: 'MDT' });
    expect(peer.take()[0]).toBe('SIGNED_ON fresh QM01');
    expect(world.kinds('register').at(-1)).toMatchObject({
      user: 'fresh',
      changes: [{ record: { mustChange: false, credential: 'credential of fresh' } }],
    });
  });

  it('fails when the password was changed while the old one was judged', () => {
    const world = new World();
    world.holdVerdicts = true;
    const peer = world.connect('DISP1').signOn('jdoe');
    world.register(person('jdoe', 'J10442', { credential: 'another' }));
    world.letGo();
    expect(peer.take().at(-1)).toBe('REFUSED 0 U01');
  });

  it('is let alone when its link has gone meanwhile', () => {
    const world = new World();
    world.holdVerdicts = true;
    world.connect('DISP1').signOn('jdoe').drop();
    world.letGo();
    expect(world.kinds('sign-on')).toEqual([]);
  });
});

describe('failed tries (link S7c)', () => {
  const tryAt = (world: World, everyMs: readonly number[]): string | undefined => {
    const peer = world.connect('DISP1');
    for (const ms of everyMs) {
      peer.signOn('jdoe', wrong);
      world.pass(ms, ms);
    }
    peer.signOn('jdoe');
    return peer.take().findLast((line) => /REFUSED|SIGNED_ON/.test(line));
  };

  it.each([
    ['five within fifteen minutes lock', [225_000, 225_000, 225_000, 225_000, 1], 'REFUSED 0 U01'],
    ['five in 15:00.1 do not', [225_000, 225_000, 225_000, 225_100, 1], 'SIGNED_ON jdoe QZ01'],
    ['four do not', [1, 1, 1, 1], 'SIGNED_ON jdoe QZ01'],
  ])('%s', (_, waits, answer) => {
    const world = new World();
    expect(tryAt(world, waits)).toBe(answer);
    expect(world.kinds('lock')).toHaveLength(answer.startsWith('REFUSED') ? 1 : 0);
  });

  it('count over restarts, and a lock holds until it is lifted', () => {
    const world = new World();
    for (let i = 0; i < 5; i++) {
      world.connect('DISP1').signOn('jdoe', wrong);
      world.crash(i % 2 === 0);
    }
    world.pass(24 * hour, minute);
    const peer = world.connect('DISP1').signOn('jdoe');
    expect(peer.take().at(-1)).toBe('REFUSED 0 U01');
    world.command({ kind: 'unlock', user: 'jdoe' as never });
    peer.signOn('jdoe');
    expect(peer.take()).toContain('SIGNED_ON jdoe QZ01');
  });

  it('are forgotten for the account by a SIGNED_ON', () => {
    const world = new World();
    const peer = world.connect('DISP1');
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 4; i++) peer.signOn('jdoe', wrong);
      peer.signOn('jdoe').say('SIGN_OFF');
    }
    expect(world.kinds('lock')).toEqual([]);
    expect(world.kinds('sign-on')).toHaveLength(3);
  });

  it('at a station only delay the next answers, whoever asks', () => {
    const world = new World();
    const peer = world.connect('DISP1');
    for (let i = 0; i < 8; i++) peer.signOn(`stranger${i}`, wrong);
    peer.signOn('jdoe');
    const delays = world.verifies.map(({ afterMs }) => afterMs);
    expect(delays).toEqual([0, 0, 0, 0, 0, 250, 500, 1_000, 2_000]);
    expect(peer.take()).toContain('SIGNED_ON jdoe QZ01');
    world.connect('DISP2').signOn('mroe');
    expect(world.verifies.at(-1)?.afterMs).toBe(0);
  });

  it('of somebody who asks and leaves delay that station too, and lock nobody', () => {
    const world = new World();
    world.holdVerdicts = true;
    for (let i = 0; i < 7; i++) {
      const peer = world.connect('DISP1');
      peer.signOn('jdoe', wrong);
      // Cut off, asked twice, or replaced by the next.
      if (i % 3 === 0) peer.drop();
      if (i % 3 === 1) peer.signOn('jdoe', wrong);
    }
    world.letGo();
    const delays = world.verifies.map(({ afterMs }) => afterMs);
    expect(delays).toEqual([0, 0, 0, 0, 0, 250, 500]);
    expect(world.kinds('lock')).toEqual([]);
    world.connect('DISP2').signOn('mroe');
    expect(world.verifies.at(-1)?.afterMs).toBe(0);
  });

  it('are not made by a right password that is refused for another reason', () => {
    const world = new World();
    const peer = world.connect('DISP1');
    for (let i = 0; i < 9; i++) peer.signOn('jdoe', { mnemonic: 'QZ02' });
    expect(world.kinds('lock')).toEqual([]);
    expect(world.verifies.at(-1)?.afterMs).toBe(0);
  });
});

describe('secrets', () => {
  it('reach no entry and no log, whatever field they were put in', () => {
    const world = new World({}, [...county, person('fresh', 'F10000', { mustChange: true })]);
    const secret = 'Hunter2.secret';
    const peer = world.connect('DISP1');
    peer
      .say('SIGN_ON', { user: secret, password: secret, newPassword: secret, otp: secret })
      .say('SIGN_ON', { user: 'jdoe', password: secret, mnemonic: secret, pool: secret })
      .say('SIGN_ON', {
        user: 'fresh',
        password: 'secret of fresh',
        newPassword: secret,
        pool: secret,
      })
      .say('SIGN_OFF', { reason: secret })
      .say('REFUSED', { code: secret, text: secret, field: secret }, { number: 0 });
    world.connect('DISP2').say('CLOSE', { code: secret, text: secret });
    world.connect('DISP2').say('SIGN_ON', { user: 7, password: secret });
    world
      .connect('DISP2')
      .say('SIGN_ON', { user: 'a', password: secret })
      .say('SIGN_ON', { user: secret });
    world.connect(secret);
    world.dial('STATE', 'none').say('CLOSE', { code: secret, text: secret });
    const kept = world.entries.map(({ entry, body, withheld }) => [
      entry,
      withheld === true || body === undefined ? '' : new TextDecoder().decode(body),
    ]);
    expect(JSON.stringify([kept, world.logs])).not.toContain(secret);
    expect(world.entries.some(({ withheld }) => withheld === true)).toBe(true);
  });
});

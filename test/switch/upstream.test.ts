import { describe, expect, it } from 'vitest';
import { viewStatus } from '#switch/view';
import { minute, mnemonic } from './county.ts';
import { inquiry, note, plate } from './said.ts';
import { World } from './world.ts';

describe('an upstream', () => {
  it('is called again with the session we had, and goes on where both stood (link S4)', () => {
    const world = new World();
    const state = world.dial();
    const peer = world.terminal('DISP1', 'jdoe');
    for (let i = 0; i < 3; i++) peer.message(inquiry);
    state.ack(1).answer('QV.CA0990100.\r\nNO RECORD\r\n', {}, state.messages[2]);
    state.drop();
    expect(world.dials).toMatchObject([{ upstream: 'STATE', atLeastMs: 0 }]);
    const again = world.dial('STATE', { resumed: true, session: state.session, received: 2 });
    expect(again.take().map((line) => line.slice(0, 19))).toEqual([
      `HELLO ${state.session} 1`.slice(0, 19),
      'ACK 1',
      'MESSAGE 3 QZ01 c3 D',
    ]);
    // Number 2 was handled: its ACK was lost on the way, and comes now (link S4b).
    again.ack(2);
    expect(world.kinds('delivered').slice(-1)).toMatchObject([{ number: 2, upstream: 'STATE' }]);
  });

  it('that knows nothing of the session gets all anew, flagged', () => {
    const world = new World();
    const state = world.dial();
    const peer = world.terminal('DISP1', 'jdoe');
    peer.message(inquiry).message(`CD34.${plate}`);
    state.ack(1).drop();
    const again = world.dial();
    expect(again.take().slice(1)).toEqual([expect.stringMatching(/^MESSAGE 1 QZ01 c3 D /)]);
  });

  it.each([
    ['above what was sent', 9],
    ['below what was acknowledged', 0],
  ])(
    'whose received is %s gets CLOSE C10, and a call without the session (link S4)',
    (_, received) => {
      const world = new World();
      const state = world.dial();
      world.terminal('DISP1', 'jdoe').message(inquiry);
      state.ack().drop();
      const again = world.dial('STATE', { resumed: true, session: state.session, received });
      expect(again.take().at(-1)).toBe('CLOSE C10');
      expect(world.dial('STATE', 'none').take()).toEqual(['HELLO new 0']);
    },
  );

  it('that gives a number above the next gets CLOSE C10, and a call without the session', () => {
    const world = new World();
    const state = world.dial();
    state.message('STAT.AM.CA0990100.', { number: 5, mnemonic: mnemonic('QZ01') });
    expect(state.take().at(-1)).toBe('CLOSE C10');
    expect(world.dial('STATE', 'none').take()).toEqual(['HELLO new 0']);
  });

  it.each([
    ['C07', 0],
    ['C09', 60_000],
    ['C12', 60_000],
  ])('that closes with %s is called again after %i ms at least (link S10)', (code, atLeastMs) => {
    const world = new World();
    world.dial().say('CLOSE', { code, text: 'bye' });
    world.dial('STATE', 'none').say('CLOSE', { code, text: 'bye' });
    expect(world.dials).toMatchObject([{ atLeastMs }, { atLeastMs, fresh: false }]);
  });

  it('is waited for longer each time, until a session went on or the call lasted (link S10)', () => {
    const world = new World();
    const first = world.dial();
    first.drop();
    world.dial('STATE', { resumed: true, session: first.session }).drop();
    const third = world.dial();
    world.pass(minute);
    third.drop();
    expect(world.dials.map(({ fresh }) => fresh)).toEqual([false, true, true]);
  });

  it('comes and goes with the settings', () => {
    const world = new World();
    const state = world.dial();
    const upstreams = [{ name: 'OTHER', station: 'X', routes: ['state'] }];
    world.put({ kind: 'settings', settings: { ...world.settings, upstreams } });
    expect(state.take().at(-1)).toBe('CLOSE C18');
    expect(world.dial('OTHER').take()).toEqual(['HELLO new 0']);
    world.terminal('DISP1', 'jdoe').message(inquiry);
    expect(world.dials).toEqual([]);
  });
});

describe('the view', () => {
  it('counts what is there without reading any of it', () => {
    const world = new World();
    const sender = world.terminal('DISP1', 'jdoe');
    sender.message(inquiry).message(note('QZ02', 'HI')).message(note('QL01', 'HI'));
    world.pass(5000);
    const view = viewStatus(world.state, world.atMs);
    expect(view).toMatchObject({ intercept: 1, requests: 1, mode: 'running' });
    expect(view.entries).toBe(world.entries.length);
    expect(view.queues).toEqual([{ name: 'QZ02', waiting: 1, oldestMs: 5000 }]);
    expect(view.upstreams).toMatchObject([{ name: 'STATE', state: 'down', waiting: 1 }]);
    const [first, second] = view.stations;
    expect(first).toMatchObject({
      name: 'DISP1',
      state: 'signed-on',
      user: 'jdoe',
      unacknowledged: 1,
    });
    expect(second).toMatchObject({ name: 'DISP2', state: 'absent' });
  });
});

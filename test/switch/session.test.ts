import { describe, expect, it } from 'vitest';
import { inquiry, note, sentTwo, words } from './said.ts';
import { World } from './world.ts';

describe('a session (link S4)', () => {
  it('goes on where both sides stood, and says ACK of what was handled (link S4b)', () => {
    const world = new World();
    const first = world.terminal('DISP1', 'jdoe');
    first.message(inquiry);
    first.drop();
    const again = world.connect('DISP1', { session: first.session, received: 0 });
    expect(again.take().slice(0, 2)).toEqual(['WELCOME resumed 1 jdoe', 'ACK 1']);
    expect(again.session).toBe(first.session);
  });

  it('is new after another HELLO, and the earlier one is over', () => {
    const world = new World();
    const first = world.connect('CAD1');
    world.connect('CAD1');
    const third = world.connect('CAD1', { session: first.session });
    expect(third.take()[0]).toBe('WELCOME new 0');
  });

  it('of another station is not gone on with, and is a security event', () => {
    const world = new World();
    const other = world.connect('DISP2');
    const peer = world.connect('DISP1', { session: other.session });
    expect(peer.take()[0]).toBe('WELCOME new 0');
    expect(world.kinds('security')).toMatchObject([{ station: 'DISP1' }]);
  });

  it.each([
    ['above what was sent', 3],
    ['below what was acknowledged', 0],
  ])('is new when the station has handled up to a number %s', (_, received) => {
    const world = new World();
    const { printer } = sentTwo(world);
    printer.ack(1);
    printer.drop();
    const again = world.connect('PRT1', { session: printer.session, received });
    expect(again.take()).toEqual([
      'WELCOME new 0',
      expect.stringMatching(/^MESSAGE 1 QP01 c5 D .*TWO$/),
    ]);
  });

  it.each([false, true])('is known after a restart of the switch (snapshot: %s)', (snapshot) => {
    const world = new World();
    const { printer } = sentTwo(world);
    world.crash(snapshot);
    const again = world.connect('PRT1', { session: printer.session, received: 1 });
    expect(again.take()).toEqual([
      'WELCOME resumed 0',
      expect.stringMatching(/^MESSAGE 2 QP01 c5 D .*TWO$/),
    ]);
    again.ack(1);
    again.ack(2);
    expect(world.kinds('delivered').slice(-2)).toMatchObject([{ number: 1 }, { number: 2 }]);
  });

  it('is forgotten after the time it is kept', () => {
    const world = new World({ sessionKeptMs: 3_600_000 });
    const first = world.connect('CAD1');
    first.drop();
    world.pass(3_599_000, 60_000);
    const second = world.connect('CAD1', { session: first.session });
    expect(second.take()[0]).toBe('WELCOME resumed 0');
    second.drop();
    world.pass(3_700_000, 60_000);
    expect(world.connect('CAD1', { session: first.session }).take()[0]).toBe('WELCOME new 0');
  });

  it('sends again what was not handled, in its old order, flagged, and no more than the window (link S4a)', () => {
    const world = new World({ window: 3 });
    const printer = world.connect('PRT1');
    const sender = world.terminal('DISP1', 'jdoe');
    for (const word of ['ONE', 'TWO', 'THREE', 'FOUR', 'FIVE']) sender.message(note('QP01', word));
    expect(words(printer)).toEqual(['1 ONE', '2 TWO', '3 THREE']);
    printer.drop();
    const again = world.connect('PRT1', { session: printer.session, received: 1 });
    // Number 1 is handled; until its ACK comes it counts against the window.
    expect(words(again)).toEqual(['2 D TWO', '3 D THREE']);
    again.ack(1);
    expect(words(again)).toEqual(['4 FOUR']);
    again.ack(4);
    expect(words(again)).toEqual(['5 FIVE']);
  });
});

describe('numbers', () => {
  it('handled before are answered again as they were then (link S5)', () => {
    const world = new World();
    const peer = world.terminal('DISP1', 'jdoe');
    peer.message(inquiry).message('AB12.ZZZZ.CA0990100.').message('bad');
    const before = world.entries.length;
    expect(peer.take().filter((line) => !line.startsWith('MESSAGE'))).toEqual([
      'ACK 1',
      'REFUSED 2 X03 @5',
      'REFUSED 3 H04 @0',
    ]);
    peer.message('anything', { number: 2 }).message('anything', { number: 1 });
    expect(peer.take()).toEqual(['REFUSED 2 X03 @5', 'ACK 1']);
    expect(world.entries.length).toBe(before);
  });

  it('of refusals are remembered as far back as may be asked again', () => {
    const world = new World({ refusalsPerMinute: 5000 });
    const peer = world.terminal('DISP1', 'jdoe');
    for (let i = 0; i < 1500; i++) peer.message(i < 400 ? 'bad' : inquiry);
    for (let i = 0; i < 3; i++) peer.message('bad');
    expect(world.state.ledger.sessions.get('DISP1')?.refused.size).toBe(3);
  });

  it('above the next one close the link with C10 (link S5)', () => {
    const world = new World();
    const peer = world.terminal('DISP1', 'jdoe');
    peer.message(inquiry, { number: 2 });
    expect(peer.take()).toEqual(['CLOSE C10']);
  });

  it.each(['ACK', 'REFUSED'] as const)(
    'never sent close the link on %s with C10 (link S5)',
    (type) => {
      const world = new World();
      const peer = world.terminal('DISP1', 'jdoe');
      peer.say(type, type === 'ACK' ? undefined : { code: 'R02', text: 'x' }, { number: 1 });
      expect(peer.take()).toEqual(['CLOSE C10']);
    },
  );

  it('are ignored in an ACK below an earlier one (link S5)', () => {
    const world = new World();
    const { printer } = sentTwo(world);
    printer.ack(2);
    const before = world.entries.length;
    printer.ack(1);
    expect(world.entries.length).toBe(before);
    expect(printer.ended).toBeUndefined();
  });

  it('close the link before they run over (link S4)', () => {
    const world = new World();
    world.provable = false;
    const printer = world.connect('PRT1');
    const sender = world.terminal('DISP1', 'jdoe');
    const session = world.state.ledger.sessions.get('PRT1');
    if (session !== undefined) session.sent = session.acked = 4_294_967_294;
    printer.received = 4_294_967_294;
    sender.message(note('QP01', 'LAST'));
    expect(words(printer)).toEqual(['4294967295 LAST']);
    sender.message(note('QP01', 'ONE MORE'));
    expect(printer.take()).toEqual(['CLOSE C10']);
    const again = world.connect('PRT1', { session: printer.session, received: 4_294_967_295 });
    expect(again.take()[0]).toBe('WELCOME new 0');
  });
});

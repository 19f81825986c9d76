import { describe, expect, it } from 'vitest';
import { minute } from './county.ts';
import { inquiry, note, sentTwo, upAndDown } from './said.ts';
import { World } from './world.ts';

describe('a message that is not handled in time (link M8)', () => {
  it('ends the connection with C15 after 30 s, and goes again, flagged, to who resumes', () => {
    const world = new World();
    const peer = world.terminal('DISP2', 'mroe');
    world.terminal('DISP1', 'jdoe').message(note('QZ02', 'ONE'));
    world.pass(29_000);
    expect(peer.take()).toContainEqual(expect.stringContaining('ONE'));
    world.pass(1_000);
    expect(peer.take().at(-1)).toBe('CLOSE C15');
    const again = world.connect('DISP2', { session: peer.session, received: 0 });
    expect(again.take().at(-1)).toMatch(/^MESSAGE 1 QZ02 c5 D .*ONE$/);
  });

  it('is given ten minutes by a printer', () => {
    const world = new World();
    const { printer } = sentTwo(world);
    world.pass(10 * minute - 1_000);
    expect(printer.take()).not.toContain('CLOSE C15');
    world.pass(1_000);
    expect(printer.take().at(-1)).toBe('CLOSE C15');
  });

  it('counts for each one alone: what is handled in its order keeps the line', () => {
    const { world, state, peer } = upAndDown(new World());
    peer.diligent = true;
    for (let sent = 0; sent < 4; sent++) {
      peer.message(inquiry);
      world.pass(14_000);
      if (sent > 0) state.ack(sent);
    }
    expect(state.take()).not.toContain('CLOSE C15');
    world.pass(16_000);
    expect(state.take().at(-1)).toBe('CLOSE C15');
    expect(world.dials).toMatchObject([{ upstream: 'STATE', atLeastMs: 0 }]);
  });

  it('has its time from when its octets could leave: a slow disk is not a slow peer', () => {
    const world = new World();
    const peer = world.terminal('DISP2', 'mroe');
    const sender = world.terminal('DISP1', 'jdoe');
    world.holdCommits = true;
    sender.message(note('QZ02', 'ONE'));
    world.pass(minute);
    world.letGo();
    world.pass(29_000);
    expect(peer.take()).not.toContain('CLOSE C15');
    world.pass(2_000);
    expect(peer.take().at(-1)).toBe('CLOSE C15');
  });

  it('stands still while the disk is full: the ACK may be waiting to be read', () => {
    const world = new World();
    const peer = world.terminal('DISP2', 'mroe');
    world.terminal('DISP1', 'jdoe').message(note('QZ02', 'ONE'));
    world.put({ kind: 'journal', condition: 'blocked' });
    world.pass(minute);
    expect(peer.take()).not.toContain('CLOSE C15');
    peer.ack();
    world.put({ kind: 'journal', condition: 'open' });
    world.pass(minute);
    expect(peer.take()).not.toContain('CLOSE C15');
  });

  it('stands still after BUSY, until it is sent again', () => {
    const { world, state, peer } = upAndDown(new World());
    peer.message(inquiry);
    state.say('BUSY', { retryAfterMs: 40_000 }, { number: 1 });
    state.received = 0;
    world.pass(69_000);
    expect(state.take()).not.toContain('CLOSE C15');
    world.pass(2_000);
    expect(state.take().at(-1)).toBe('CLOSE C15');
  });

  it('begins anew when it is sent again, however soon', () => {
    const { world, state, peer } = upAndDown(new World());
    peer.message(inquiry);
    world.pass(29_000);
    state.received = 0;
    state.say('BUSY', { retryAfterMs: 100 }, { number: 1 });
    // Before any tick: what comes from below takes it along.
    world.atMs += 100;
    peer.message(inquiry);
    expect(state.received).toBe(2);
    world.pass(20_000);
    expect(state.take()).not.toContain('CLOSE C15');
  });

  it('is also what was said to be handled at the resume, and never acknowledged', () => {
    const world = new World();
    const { printer } = sentTwo(world);
    printer.drop();
    const again = world.connect('PRT1', { session: printer.session, received: 2 });
    again.take();
    world.pass(10 * minute);
    expect(again.take().at(-1)).toBe('CLOSE C15');
  });
});

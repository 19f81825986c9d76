// Somebody sets the clock: deadlines run on, and the next run knows what the steady clock knew.

import { describe, expect, it } from 'vitest';
import { hour, minute } from './county.ts';
import { final, inquiry, miss, note } from './said.ts';
import { World } from './world.ts';

const year = 365 * 24 * hour;
const steps = [1_500, -1_500, hour, -hour, year, -year] as const;

describe('a step of the wall clock while the switch runs', () => {
  it.each(steps)('of %i ms is one entry before all others, and ends or expires nothing', (step) => {
    const world = new World();
    const sender = world.terminal('DISP1', 'jdoe');
    sender.message(inquiry);
    const before = world.entries.length;
    world.aheadMs += step;
    sender.message(note('QZ02', 'HI'));
    expect(world.entries[before]?.entry).toMatchObject({
      event: 'clock',
      detail: { stepMs: step },
    });
    world.pass(minute);
    expect(world.kinds('clock')).toHaveLength(1);
    expect(world.logs.filter(({ event }) => event === 'clock')).toHaveLength(1);
    expect([...world.kinds('expired'), ...world.kinds('sign-off')]).toEqual([]);
    world.pass(61_000);
    expect(world.kinds('expired')).toHaveLength(1);
  });

  it.each(steps)('of %i ms is known to the next run: what was kept ends when it should', (step) => {
    const world = new World();
    const sender = world.terminal('DISP1', 'jdoe');
    sender.message(inquiry);
    world.pass(30_000);
    world.aheadMs += step;
    world.pass(30_000);
    world.crash();
    const again = world.connect('DISP1', { session: sender.session, received: 0 });
    expect(again.take()[0]).toContain('jdoe');
    world.pass(58_000);
    expect(world.kinds('expired')).toEqual([]);
    world.pass(3_000);
    expect(world.kinds('expired')).toHaveLength(1);
    expect(world.kinds('clock')).toHaveLength(1);
    expect(world.kinds('sign-off')).toEqual([]);
  });

  it('of less than a second is no entry until several come to more', () => {
    const world = new World();
    for (let count = 1; count <= 3; count += 1) {
      world.aheadMs += 400;
      world.pass(1000);
      expect(world.kinds('clock')).toHaveLength(count < 3 ? 0 : 1);
    }
    expect(world.kinds('clock')).toMatchObject([{ detail: { stepMs: 1200 } }]);
  });

  it.each([
    ['a link that is closed', false],
    ['octets that come', true],
  ])('while the disk is full comes before the entry of %s', (_, fetched) => {
    const world = new World({ window: 2 });
    const peer = world.terminal('DISP2', 'mroe');
    const sender = world.terminal('DISP1', 'jdoe');
    world.holdReads = fetched;
    sender.message(note('QZ02', 'HI'));
    world.put({ kind: 'journal', condition: 'blocked' });
    const before = world.entries.length;
    world.aheadMs += hour;
    if (fetched) world.letGo();
    else for (let sent = 0; sent < 4; sent++) peer.message(inquiry);
    expect(world.entries.length).toBeGreaterThan(before);
    expect(world.entries[before]?.entry).toMatchObject({ event: 'clock' });
  });

  it('while the disk is full comes before the entry of an upstream that takes us not', () => {
    const world = new World();
    const state = world.dial('STATE', 'none');
    world.put({ kind: 'journal', condition: 'blocked' });
    const before = world.entries.length;
    world.aheadMs += hour;
    state.say('CLOSE', { code: 'C02', text: 'no' });
    expect(world.entries.slice(before).map(({ entry }) => entry)).toMatchObject([
      { event: 'clock' },
      { event: 'link-down', upstream: 'STATE' },
    ]);
  });

  it('moves no number that a message is to have: its thread and reference are its own', () => {
    const world = new World();
    const state = world.dial();
    const sender = world.terminal('DISP1', 'jdoe');
    world.aheadMs += hour;
    sender.message(inquiry);
    const asked = world.entries.find(({ entry }) => entry.kind === 'received')?.entry;
    expect(asked).toMatchObject({ thread: asked?.entry });
    world.aheadMs -= hour;
    state.ack().answer(miss, final);
    const answer = world.entries.findLast(({ entry }) => entry.kind === 'received')?.entry;
    expect(answer).toMatchObject({ direction: 'up-in', thread: asked?.entry });
    expect(sender.take().join()).toContain('NO RECORD');
    expect(world.kinds('clock')).toHaveLength(2);
  });

  it('while the disk is full is noted with a tick, and holds up no BUSY', () => {
    const world = new World();
    const sender = world.terminal('DISP1', 'jdoe');
    world.put({ kind: 'journal', condition: 'blocked' });
    const before = world.entries.length;
    world.aheadMs += hour;
    sender.message(inquiry);
    expect(sender.take()[0]).toContain('BUSY');
    expect(world.entries).toHaveLength(before);
    world.pass(1_000);
    expect(world.kinds('clock')).toHaveLength(1);
  });

  it('neither adds tries nor lets them be forgotten', () => {
    const world = new World();
    const peer = world.connect('DISP1');
    for (let tries = 0; tries < 5; tries += 1) {
      world.aheadMs += tries % 2 === 0 ? hour : -hour;
      peer.signOn('jdoe', { password: 'no' });
      if (tries === 3) world.crash();
      if (tries === 3) world.connect('DISP1').signOn('jdoe', { password: 'no' });
    }
    expect(world.kinds('lock')).toHaveLength(1);
  });
});

describe('a clock that was set while the switch was down', () => {
  it('back: is an entry after the start, and a kept message lives no hour longer', () => {
    const world = new World();
    world.terminal('DISP1', 'jdoe').message(inquiry);
    world.pass(minute);
    world.aheadMs -= hour;
    world.crash();
    const start = world.entries.findLastIndex(
      ({ entry }) => entry.kind === 'event' && entry.event === 'start',
    );
    const { entry: noted } = world.entries[start + 1] ?? {};
    expect(noted).toMatchObject({ event: 'clock' });
    // The newest entry is what the steady clock goes on from.
    const stepMs = world.state.ledger.aheadMs;
    expect(Math.abs(stepMs + hour)).toBeLessThanOrEqual(1_000);
    world.pass(58_000);
    expect(world.kinds('expired')).toEqual([]);
    world.pass(4_000);
    expect(world.kinds('expired')).toHaveLength(1);
  });

  it('forward: looks like a long pause: what was kept ends, with its entry', () => {
    const world = new World();
    const sender = world.terminal('DISP1', 'jdoe');
    sender.message(inquiry);
    world.aheadMs += hour;
    world.crash();
    expect(world.kinds('clock')).toEqual([]);
    expect(world.kinds('expired')).toHaveLength(1);
  });

  it('back and then right again: two entries, and nothing between them is lost or lives on', () => {
    const world = new World();
    world.terminal('DISP1', 'jdoe').message(inquiry);
    world.aheadMs -= year;
    world.crash();
    world.pass(30_000);
    world.aheadMs += year;
    world.pass(30_000);
    world.crash(true);
    world.pass(58_000);
    expect(world.kinds('expired')).toEqual([]);
    world.pass(4_000);
    expect(world.kinds('expired')).toHaveLength(1);
    expect(world.kinds('clock')).toHaveLength(2);
    expect(world.state.ledger.aheadMs).toBe(0);
  });
});

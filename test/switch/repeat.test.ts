import { describe, expect, it } from 'vitest';
import { hour } from './county.ts';
import { inquiry, note, plate, words } from './said.ts';
import { World } from './world.ts';

const flagged = { flags: 1 };

/** A terminal that sent one note, heard no ACK, and begins a new session under the same person. */
function anew(world: World, who = 'jdoe') {
  const first = world.terminal('DISP1', 'jdoe');
  first.message(note('QP01', 'ONE'));
  first.drop();
  const second = world.terminal('DISP1', who);
  return second;
}

describe('a flagged message that was stored under an earlier session (link M7)', () => {
  it('is acknowledged, journalled as a duplicate, and goes no further', () => {
    const world = new World();
    const printer = world.connect('PRT1');
    const peer = anew(world);
    peer.message(note('QP01', 'ONE'), flagged).message(note('QP01', 'TWO'), flagged);
    expect(peer.take()).toEqual(['ACK 1', 'ACK 2']);
    expect(words(printer)).toEqual(['1 ONE', '2 D TWO']);
    const [stored] = world.kinds('received');
    expect(world.kinds('duplicate')).toMatchObject([
      { number: 1, station: 'DISP1', user: 'jdoe', mnemonic: 'QZ01', thread: stored?.entry },
    ]);
  });

  it.each([false, true])('also over a restart of the switch (snapshot: %s)', (snapshot) => {
    const world = new World();
    world.terminal('DISP1', 'jdoe').message(note('QP01', 'ONE'));
    world.crash(snapshot);
    const peer = world.terminal('DISP1', 'jdoe');
    world.crash(snapshot);
    const third = world.terminal('DISP1', 'jdoe');
    third.message(note('QP01', 'ONE'), flagged);
    expect(peer.take()).toEqual([]);
    expect(third.take()).toEqual(['ACK 1']);
    world.crash(snapshot);
    const resumed = world.connect('DISP1', { session: third.session });
    resumed.message(note('QP01', 'ONE'), flagged);
    expect(resumed.take().filter((line) => line.startsWith('ACK'))).toEqual(['ACK 1', 'ACK 2']);
    expect(world.kinds('duplicate')).toHaveLength(2);
  });

  it('is known under another mnemonic of the same pool', () => {
    const world = new World();
    const text = note('QP01', 'ONE');
    const first = world.terminal('MDT1', 'jdoe', { pool: 'MDT' });
    first.message(text);
    first.drop();
    // The mnemonic that was returned longest ago is lent next: another one.
    const second = world.terminal('MDT1', 'jdoe', { pool: 'MDT' });
    expect(second.mnemonic).not.toBe(first.mnemonic);
    second.message(text, flagged);
    expect(world.kinds('duplicate')).toHaveLength(1);
  });

  it('is known for a host too', () => {
    const world = new World();
    const text = inquiry.replace('AB12.', 'AB12.*J10442.#223BC8.');
    const first = world.connect('CAD1');
    first.message(text);
    world.connect('CAD1').message(text, flagged);
    expect(world.kinds('duplicate')).toMatchObject([{ station: 'CAD1' }]);
  });

  it('is remembered for as many as may be under way, over several sessions', () => {
    const world = new World({ window: 4 });
    world.connect('PRT1');
    const sent = (number: number): string => note('QP01', `N${number}`);
    let peer = world.terminal('DISP1', 'jdoe');
    for (let number = 1; number <= 6; number++) peer.message(sent(number));
    peer.drop();
    // Of what it knows nothing of it gets one half through, then it breaks again.
    peer = world.terminal('DISP1', 'jdoe');
    peer.message(sent(3), flagged).message(sent(4), flagged);
    peer.drop();
    peer = world.terminal('DISP1', 'jdoe');
    for (let number = 3; number <= 7; number++) peer.message(sent(number), flagged);
    expect(world.kinds('duplicate')).toHaveLength(6);
    expect(world.kinds('received').filter(({ direction }) => direction === 'in')).toHaveLength(7);
    const [session] = [...world.state.ledger.sessions.values()].filter((s) => s.peer === 'DISP1');
    expect([session?.stored.size, session?.earlier.size]).toEqual([1, 4]);
  });
});

describe('a flagged message that only looks like one stored before', () => {
  it.each([
    ['in other octets', (world: World) => anew(world).message(note('QP01', 'ONE '), flagged)],
    ['without the flag', (world: World) => anew(world).message(note('QP01', 'ONE'))],
    [
      'under another person',
      (world: World) => anew(world, 'mroe').message(note('QP01', 'ONE'), flagged),
    ],
    [
      'a day later',
      (world: World) => {
        const first = world.terminal('DISP1', 'jdoe');
        first.message(note('QP01', 'ONE')).drop();
        world.pass(24 * hour, 60_000);
        world.terminal('DISP1', 'jdoe').message(note('QP01', 'ONE'), flagged);
      },
    ],
    [
      'from another station',
      (world: World) => {
        world.terminal('DISP1', 'jdoe').message(note('QP01', 'ONE')).drop();
        world.terminal('DISP2', 'jdoe').message(note('QP01', 'ONE'), flagged);
      },
    ],
  ])('%s goes on', (_, act) => {
    const world = new World({ sessionKeptMs: 48 * hour });
    act(world);
    expect(world.kinds('duplicate')).toEqual([]);
    expect(world.kinds('received').filter(({ direction }) => direction === 'in')).toHaveLength(2);
  });

  it('is judged like any other while nobody is signed on', () => {
    const world = new World();
    world.terminal('DISP1', 'jdoe').message(note('QP01', 'ONE')).drop();
    const peer = world.connect('DISP1');
    peer.mnemonic = 'QZ01';
    peer.message(note('QP01', 'ONE'), flagged);
    expect(peer.take().at(-1)).toBe('REFUSED 1 U09');
  });

  it('keeps its flag on every hop', () => {
    const world = new World();
    const state = world.dial();
    anew(world).message(`CD34.${plate}`, flagged);
    expect(state.take().at(-1)).toMatch(/^MESSAGE 1 QZ01 c3 D /);
  });
});

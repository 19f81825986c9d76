import { describe, expect, it } from 'vitest';
import { inquiry, plate, upAndDown } from './said.ts';
import type { Peer } from './peer.ts';
import { World } from './world.ts';

const busy = (state: Peer, number: number, retryAfterMs = 1_000): void => {
  // What it takes back it has not been given.
  for (let open = number; open <= state.received; open++) state.open.delete(open);
  state.received = number - 1;
  state.say('BUSY', { retryAfterMs }, { number });
};
/** Number, flag, and the last letters of each MESSAGE. */
const sent = (state: Peer): readonly string[] =>
  state
    .take()
    .filter((line) => line.startsWith('MESSAGE'))
    .map(
      (line) => `${line.split(' ')[1] ?? ''}${/ D F? ?/.test(line) ? ' D' : ''} ${line.slice(-2)}`,
    );

const ask = (peer: Peer, word: string): Peer => peer.message(`AB12.${plate}.LIT/${word}`);

describe('an upstream that says BUSY in the middle of a window (link M4a)', () => {
  it('hears nothing for the time it named, then the same again: order, numbers, no flag', () => {
    const { world, state, peer } = upAndDown(new World());
    for (const word of ['P1', 'P2', 'P3']) ask(peer, word);
    const before = state.take();
    state.ack(1);
    busy(state, 2);
    ask(peer, 'P4');
    world.pass(999, 333);
    expect(state.take()).toEqual([]);
    world.pass(1);
    const after = state.take();
    expect(after.slice(0, 2)).toEqual(before.slice(1));
    expect(after.map((line) => line.split(' ')[1])).toEqual(['2', '3', '4']);
    state.ack();
    expect(world.kinds('delivered').map(({ number }) => number)).toEqual([1, 2, 3, 4]);
    expect(world.kinds('busy')).toMatchObject([{ upstream: 'STATE', number: 2 }]);
  });

  it('gets what is more urgent only after them: a number has one message', () => {
    const { world, state, peer } = upAndDown(new World());
    for (const word of ['P1', 'P2']) ask(peer, word);
    state.take();
    busy(state, 1);
    peer.message('AB12.YQ.CA0990100.NV0990200.TXT\r\nPRI/U.OCA/UU');
    world.pass(1_000);
    expect(sent(state)).toEqual(['1 P1', '2 P2', '3 UU']);
  });

  it('again and again waits again, and what expires gives its number to the next', () => {
    const { world, state, peer } = upAndDown(new World());
    peer.diligent = true;
    ask(peer, 'P1');
    for (let times = 0; times < 4; times++) {
      busy(state, 1, 31_000);
      if (times === 2) ask(peer, 'P2');
      world.pass(31_000);
    }
    expect(world.kinds('expired')).toMatchObject([{ direction: 'out', outcome: 'expired' }]);
    expect(peer.take().filter((line) => line.includes('.62.'))).toHaveLength(1);
    expect(sent(state).slice(-1)).toEqual(['1 P2']);
    state.ack();
    expect(world.kinds('delivered').filter(({ direction }) => direction === 'out')).toHaveLength(1);
  });

  it('and goes, is given all again, flagged as what may have been there (link S4a)', () => {
    const { world, state, peer } = upAndDown(new World());
    for (const word of ['P1', 'P2']) ask(peer, word);
    busy(state, 1);
    state.drop();
    const again = world.dial('STATE', { resumed: true, session: state.session, received: 0 });
    expect(sent(again)).toEqual(['1 D P1', '2 D P2']);
  });

  it('and took it after all says so when it resumes: nothing goes twice', () => {
    const { world, state, peer } = upAndDown(new World());
    for (const word of ['P1', 'P2', 'P3']) ask(peer, word);
    busy(state, 2);
    state.drop();
    const again = world.dial('STATE', { resumed: true, session: state.session, received: 3 });
    expect(sent(again)).toEqual([]);
    again.ack(3);
    expect(world.kinds('delivered').map(({ number }) => number)).toEqual([1, 2, 3]);
    ask(peer, 'P4');
    expect(sent(again)).toEqual(['4 P4']);
  });

  it.each([false, true])('is known for it after a restart (snapshot: %s)', (snapshot) => {
    const { world, state, peer } = upAndDown(new World());
    for (const word of ['P1', 'P2']) ask(peer, word);
    state.ack(1);
    busy(state, 2);
    world.crash(snapshot);
    const again = world.dial('STATE', { resumed: true, session: state.session, received: 1 });
    expect(sent(again)).toEqual(['2 D P2']);
  });

  it('twice of the same number means once', () => {
    const { world, state, peer } = upAndDown(new World());
    ask(peer, 'P1');
    state.take();
    busy(state, 1);
    state.say('BUSY', { retryAfterMs: 60_000 }, { number: 1 });
    world.pass(1_000);
    expect(sent(state)).toEqual(['1 P1']);
  });

  it('has the octets fetched meanwhile kept back too', () => {
    const { world, state, peer } = upAndDown(new World());
    ask(peer, 'P1');
    state.take();
    world.holdReads = true;
    ask(peer, 'P2');
    busy(state, 1);
    world.letGo();
    expect(state.take()).toEqual([]);
    world.pass(1_000);
    expect(sent(state)).toEqual(['1 P1', '2 P2']);
  });

  it.each([
    ['never sent', 2, { retryAfterMs: 1_000 }, 'C10'],
    ['acknowledged', 1, { retryAfterMs: 1_000 }, 'C10'],
    ['with a body that is none', 1, { retryAfterMs: 'soon' }, 'C01'],
  ])('of a number %s gets CLOSE %s', (_, number, body, code) => {
    const { state, peer } = upAndDown(new World());
    peer.message(inquiry);
    state.ack(1).take();
    state.say('BUSY', body, { number });
    expect(state.take()).toEqual([`CLOSE ${code}`]);
  });
});

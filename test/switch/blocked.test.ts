// The disk is full: what was taken waits for room, and its station hears BUSY for it (link M4a, S5).

import { describe, expect, it } from 'vitest';
import { person } from './county.ts';
import type { Peer } from './peer.ts';
import { inquiry, upAndDown } from './said.ts';
import { World } from './world.ts';

const bad = 'AB12.ZZZZ.CA0990100.';

/** What was answered since the last time: no MESSAGE. */
const answers = (peer: Peer): readonly string[] =>
  peer.take().filter((line) => !line.startsWith('MESSAGE'));
const block = (world: World): void => world.put({ kind: 'journal', condition: 'blocked' });
const open = (world: World): void => world.put({ kind: 'journal', condition: 'open' });

/** Number 1 is durable; 2 was taken and 3 refused, and both wait for room. */
function waiting(world: World): Peer {
  const peer = world.terminal('DISP1', 'jdoe');
  peer.message(inquiry);
  world.holdCommits = true;
  peer.message(inquiry).message(bad);
  expect(answers(peer)).toEqual(['ACK 1', 'ACK 2', 'REFUSED 3 X03 @5']);
  block(world);
  return peer;
}

describe('a station whose taken message is not durable', () => {
  it('hears BUSY for its first such number, once', () => {
    const world = new World();
    const peer = waiting(world);
    expect(answers(peer)).toEqual(['BUSY 2']);
  });

  it('hears no BUSY for what is acknowledged, though the word of its commit comes later', () => {
    const world = new World();
    const peer = world.terminal('DISP1', 'jdoe');
    world.holdCommits = true;
    peer.message(inquiry);
    const entries = world.entries.length;
    peer.message(inquiry);
    peer.take();
    world.put({ kind: 'journal', condition: 'blocked', entries });
    expect(answers(peer)).toEqual(['BUSY 2']);
    world.put({ kind: 'committed', entries: entries - 1 });
    peer.message(inquiry, { number: 1 });
    expect(answers(peer)).toEqual(['ACK 1']);
  });

  it('hears BUSY each time it sends that number again, and nothing for those above it', () => {
    const world = new World();
    const peer = waiting(world);
    peer.take();
    const before = world.entries.length;
    peer.message(inquiry, { number: 2 }).message(bad, { number: 3 }).message(inquiry);
    peer.message(inquiry, { number: 2 });
    expect(answers(peer)).toEqual(['BUSY 2', 'BUSY 2']);
    expect(world.entries.length).toBe(before);
  });

  it('is answered as before for a number whose entry is durable', () => {
    const world = new World();
    const peer = waiting(world);
    peer.take();
    peer.message(inquiry, { number: 1 });
    expect(answers(peer)).toEqual(['ACK 1']);
  });

  it('is answered as it was then when there is room, and its next numbers go on', () => {
    const world = new World();
    const peer = waiting(world);
    peer.message(inquiry, { number: 2 });
    peer.take();
    world.letGo();
    open(world);
    const before = world.entries.length;
    peer.message(inquiry, { number: 2 }).message(bad, { number: 3 });
    expect(answers(peer)).toEqual(['ACK 2', 'REFUSED 3 X03 @5']);
    expect(world.entries.length).toBe(before);
    peer.message(inquiry, { number: 4 }).message(inquiry);
    expect(answers(peer)).toEqual(['ACK 4', 'ACK 5']);
  });

  it('is answered as soon as there is room: its answer waits for the entry by itself', () => {
    const world = new World();
    const peer = waiting(world);
    peer.take();
    open(world);
    peer.message(inquiry, { number: 2 });
    expect(answers(peer)).toEqual(['ACK 2']);
  });

  it('need not send what was taken once more before its next number', () => {
    const world = new World();
    const peer = waiting(world);
    peer.take();
    world.letGo();
    open(world);
    peer.message(inquiry);
    expect(answers(peer)).toEqual(['ACK 4']);
  });

  it.each([
    ['leaves', (peer: Peer) => peer.say('SIGN_OFF'), 'SIGN_OFF user'],
    [
      'is signed off',
      (_: Peer, world: World) => world.register(person('jdoe', 'J20442')),
      'SIGN_OFF suspended',
    ],
  ])(
    'comes back and resumes when its person %s before that: a number has one message',
    (_, change, signOff) => {
      const world = new World();
      const peer = waiting(world);
      world.letGo();
      open(world);
      peer.take();
      change(peer, world);
      expect(answers(peer)).toEqual([signOff, 'CLOSE C15']);
      const again = world.connect('DISP1', { session: peer.session });
      expect(again.take().slice(0, 3)).toEqual(['WELCOME resumed 3', 'REFUSED 3 X03 @5', 'ACK 3']);
    },
  );

  it('stays when its person leaves after all has come again', () => {
    const world = new World();
    const peer = waiting(world);
    world.letGo();
    open(world);
    peer.message(inquiry, { number: 2 }).message(bad, { number: 3 }).take();
    peer.say('SIGN_OFF');
    expect(answers(peer)).toEqual(['SIGN_OFF user']);
  });

  it('may send as much after BUSY as the window allows, counted anew from each BUSY', () => {
    const world = new World({ window: 3 });
    const peer = waiting(world);
    peer.take();
    peer.message(bad, { number: 3 }).message(inquiry);
    peer.message(inquiry, { number: 2 });
    peer.message(bad, { number: 3 }).message(inquiry);
    expect(answers(peer)).toEqual(['BUSY 2']);
    peer.message(inquiry);
    expect(answers(peer)).toEqual(['CLOSE C11']);
  });

  it('has its window filled by what waits until that is durable', () => {
    const world = new World({ window: 3 });
    const peer = waiting(world);
    peer.take();
    open(world);
    peer.message(inquiry, { number: 4 });
    expect(answers(peer)).toEqual(['ACK 4']);
    world.letGo();
    peer.message(inquiry).message(inquiry);
    expect(answers(peer)).toEqual(['ACK 5', 'ACK 6']);
  });

  it('is closed with C11 when it fills more than the window before that is durable', () => {
    const world = new World({ window: 2 });
    const peer = waiting(world);
    peer.take();
    open(world);
    peer.message(inquiry);
    expect(answers(peer)).toEqual(['CLOSE C11']);
  });
});

describe('while the journal is blocked', () => {
  it('a station with nothing that waits, and an upstream, hear nothing of it', () => {
    const world = new World();
    const { state, peer } = upAndDown(world);
    const other = world.terminal('DISP2', 'mroe');
    peer.message(inquiry);
    peer.take();
    world.holdCommits = true;
    state.take();
    state.answer('QV.CA0990100.\r\nNO RECORD\r\n');
    block(world);
    expect(answers(peer)).toEqual([]);
    expect(answers(other)).toEqual([]);
    expect(answers(state)).toEqual(['ACK 1']);
  });

  it('a number that is new hears BUSY, and must come again before what follows', () => {
    const world = new World();
    const peer = world.terminal('DISP1', 'jdoe');
    block(world);
    peer.message(inquiry);
    open(world);
    peer.message(inquiry, { number: 2 });
    expect(answers(peer)).toEqual(['BUSY 1']);
    peer.message(inquiry, { number: 1 }).message(inquiry);
    expect(answers(peer)).toEqual(['ACK 1', 'ACK 2']);
  });
});

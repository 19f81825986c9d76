// What the switch shows of links, terminals and queues: states in their words, ages by class, never a text.

import { describe, expect, it } from 'vitest';
import { keyTable } from '#protocol/keys';
import { findStation } from '#switch/find-station';
import { viewLinks, viewUpstreams } from '#switch/view-links';
import { queueKeys, viewQueueAt, viewQueues, viewWaiting } from '#switch/view-queues';
import { viewTerminals } from '#switch/view-terminals';
import { createState } from '#switch/state';
import { enqueue, type Delivery } from '#switch/ledger';
import { hour, minute, settings, station, stationName } from './county.ts';
import { inquiry } from './said.ts';
import { World } from './world.ts';

const links = (world: World) => [...viewLinks(world.state, world.atMs)];
const named = (world: World, name: string) => links(world).find((link) => link.name === name);
const terminal = (world: World, name: string) =>
  [...viewTerminals(world.state)].find((view) => view.station === name);

describe('the links', () => {
  it('are shown from before their HELLO to after their CLOSE', () => {
    const world = new World();
    world.open('DISP2');
    const peer = world.connect('DISP1');
    expect(links(world)).toMatchObject([
      { name: 'DISP2', state: 'connecting', kind: undefined },
      { name: 'DISP1', state: 'connected', kind: 'terminal', mnemonics: ['QZ01'] },
    ]);
    world.holdVerdicts = true;
    peer.signOn('jdoe');
    expect(named(world, 'DISP1')).toMatchObject({ state: 'sign-on' });
    world.letGo();
    expect(named(world, 'DISP1')).toMatchObject({ state: 'signed-on', user: 'jdoe' });
    world.holdVerdicts = false;
    peer.say('SIGN_OFF');
    expect(named(world, 'DISP1')).toMatchObject({ state: 'connected', user: undefined });
  });

  it('say how many messages, how many wait for an ACK, and for how long', () => {
    const world = new World();
    const host = world.dial();
    const peer = world.terminal('DISP1', 'jdoe');
    peer.message(inquiry);
    world.pass(6_000);
    expect(named(world, 'DISP1')).toMatchObject({ in: 1, out: 0, unacknowledged: 0 });
    expect(named(world, 'STATE')).toMatchObject({
      ...{ kind: 'upstream', state: 'waiting', out: 1, unacknowledged: 1, waitingMs: 6_000 },
    });
    host.ack();
    expect(named(world, 'STATE')).toMatchObject({ state: 'connected', unacknowledged: 0 });
  });

  it('say that they drain', () => {
    const world = new World();
    world.dial();
    world.terminal('DISP1', 'jdoe').message(inquiry);
    world.put({ kind: 'drain', forMs: 60_000 });
    expect(named(world, 'DISP1')).toMatchObject({ state: 'draining' });
  });
});

describe('the terminals', () => {
  it('say who sits there, since when, and who shut them out and why', () => {
    const world = new World();
    world.register(station('DISP2', { state: 'disabled', place: 'Back room' }));
    const peer = world.terminal('DISP1', 'jdoe');
    expect(terminal(world, 'DISP1')).toMatchObject({ state: 'signed-on', user: 'jdoe' });
    expect(terminal(world, 'DISP3')).toMatchObject({ state: 'absent', sinceMs: undefined });
    expect(terminal(world, 'DISP2')).toMatchObject({
      ...{ state: 'disabled', place: 'Back room', disabled: { by: 'the register' } },
    });
    const { atMs } = world;
    world.command({ kind: 'disable', who: { station: stationName('DISP1') }, reason: 'why not' });
    expect(peer.ended).toBe('end');
    expect(terminal(world, 'DISP1')).toMatchObject({
      state: 'disabled',
      disabled: { by: 'root', reason: 'why not', sinceMs: atMs },
    });
  });

  it('are found by station, mnemonic and borrowed mnemonic', () => {
    const world = new World();
    world.terminal('MDT1', 'jdoe', { pool: 'MDT' });
    const found = (word: string) => findStation(world.state, word)?.name;
    expect(['DISP1', 'QZ01', 'QC02', 'QP01', 'QM01'].map(found)).toEqual([
      ...['DISP1', 'DISP1', 'CAD1', 'PRT1', 'MDT1'],
    ]);
    expect(['QM02', 'QZ99', 'disp1', '', 'no such'].map(found)).toEqual(Array(5).fill(undefined));
  });
});

describe('the upstreams', () => {
  it('say how they are', () => {
    const world = new World();
    world.dial();
    const [up] = viewUpstreams(world.state);
    expect(up).toMatchObject({ name: 'STATE', state: 'up', routes: ['state'], in: 0, out: 0 });
    world.command({ kind: 'disable', who: { upstream: 'STATE' }, reason: 'r' });
    expect([...viewUpstreams(world.state)]).toMatchObject([
      { state: 'disabled', link: undefined, disabled: { reason: 'r' } },
    ]);
  });
});

describe('the queues', () => {
  it('say what waits, by age, and why', () => {
    const world = new World();
    const asker = world.terminal('DISP1', 'jdoe');
    for (const wait of [0, 3 * minute, 10 * minute]) {
      world.pass(wait, minute / 2);
      asker.message('AB12.AM.CA0990100.QU01.TXT\r\nSECRET WORDS');
    }
    const [queue] = viewQueues(world.state, world.atMs);
    expect(queue).toEqual({
      ...{ name: 'QU01', kind: 'mnemonic', total: 3, ages: [1, 0, 2, 0, 0, 0], state: 'dark' },
      oldestMs: 13 * minute,
    });
    const waiting = [...viewWaiting(world.state, 'm:QU01', world.atMs)];
    expect(waiting.map(({ agedMs }) => agedMs / minute)).toEqual([13, 10, 0]);
    expect(waiting[0]).toMatchObject({ mke: 'AM', class: 5, mnemonic: 'QU01', again: false });
    expect(JSON.stringify(waiting)).not.toContain('SECRET');
  });

  it.each([
    ['QZ01', 'm:QZ01', 'dark'],
    ['QP01', 'm:QP01', 'dark'],
    ['STATE', 'x:STATE', 'down'],
    ['jdoe', 'u:jdoe', 'not signed on'],
    ['intercept', 'intercept', 'an operator decides'],
  ])('are found by the name of whom they are for: %s', (name, key, words) => {
    const world = new World();
    expect(queueKeys(world.state, name)).toEqual([key]);
    expect(viewQueueAt(world.state, key, world.atMs)).toMatchObject({ total: 0, state: words });
  });

  it('say why for each way of being away', () => {
    const world = new World();
    const why = (key: string) => viewQueueAt(world.state, key, world.atMs).state;
    world.connect('DISP1');
    world.connect('PRT1');
    world.dial();
    expect([why('m:QZ01'), why('m:QP01'), why('x:STATE')]).toEqual([
      ...['nobody signed on', 'waiting for printer', 'up'],
    ]);
    world.command({ kind: 'disable', who: { station: stationName('PRT1') } });
    world.command({ kind: 'disable', who: { upstream: 'STATE' } });
    expect([why('m:QP01'), why('x:STATE')]).toEqual(['disabled', 'disabled']);
    world.terminal('DISP2', 'jdoe');
    expect([why('u:jdoe'), why('m:QZ02')]).toEqual(['signed on at DISP2', 'going out']);
  });

  it('cost the same however deep they are', () => {
    const { state, atMs } = deepQueue(200_000);
    // What the view reads of deliveries is counted, not timed.
    let reads = 0;
    const queue = state.ledger.queues.get('m:QZ01');
    for (const delivery of queue?.all() ?? []) {
      const { sinceMs } = delivery;
      Object.defineProperty(delivery, 'sinceMs', {
        get: () => {
          reads += 1;
          return sinceMs;
        },
      });
    }
    const [view] = viewQueues(state, atMs);
    expect(view?.total).toBe(200_000);
    expect(view?.ages.reduce((sum, count) => sum + count, 0)).toBe(200_000);
    expect(reads).toBeLessThan(1_000);
  });
});

/** One delivery each 100 ms, the last of them now. */
function deepQueue(count: number) {
  const state = createState(settings, keyTable, () => '');
  const atMs = 10 * hour;
  for (let source = 1; source <= count; source++) {
    const delivery = {
      ...{ id: `${source}.0`, source, index: 0, thread: source, sentEntry: undefined },
      ...{ to: { kind: 'mnemonic', mnemonic: 'QZ01', class: 5 }, mayBeThere: false },
      ...{ sinceMs: atMs - (count - source) * 100, state: 'queued', sentTo: undefined },
    } as Delivery;
    enqueue(state.ledger, delivery);
  }
  return { state, atMs };
}

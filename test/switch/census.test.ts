// The switch in numbers, as metrics and checks see it.

import { expect, it } from 'vitest';
import { takeCensus, type Census } from '#switch/census';
import { minute } from './county.ts';
import { inquiry, note, upAndDown } from './said.ts';
import { World } from './world.ts';

const census = (world: World): Census => takeCensus(world.state, world.atMs);
const waiting = (world: World) =>
  Object.fromEntries(census(world).queues.map((queue) => [queue.name, queue.waiting]));

it('counts links by kind, with and without a person', () => {
  const world = new World();
  world.dial();
  world.terminal('DISP1', 'jdoe');
  world.connect('DISP2');
  world.connect('PRT1');
  expect(census(world).links).toEqual([
    { kind: 'terminal', state: 'connected', count: 1 },
    { kind: 'printer', state: 'connected', count: 1 },
    { kind: 'host', state: 'connected', count: 0 },
    { kind: 'upstream', state: 'connected', count: 1 },
    { kind: 'terminal', state: 'signed-on', count: 1 },
  ]);
});

it('knows every mnemonic of a terminal or a pool, lent or not, and who is there', () => {
  const world = new World();
  world.terminal('MDT1', 'jdoe', { pool: 'MDT' });
  world.connect('DISP2');
  const { terminals } = census(world);
  expect([...terminals].filter(([, here]) => here).map(([name]) => name)).toEqual(['QM01', 'QZ02']);
  expect([...terminals.keys()].sort()).toEqual(
    ['QL01', 'QM01', 'QM02', 'QS01', 'QU01', 'QX01', 'QZ01', 'QZ02', 'QZ03'].sort(),
  );
});

it('counts what waits for stations together, for each upstream, and for an operator', () => {
  const world = new World();
  const sender = world.terminal('DISP1', 'jdoe');
  sender.message(note('QZ02', 'ONE')).message(note('QZ03', 'TWO')).message(note('QL01', 'THREE'));
  sender.message(inquiry);
  // The person has SM 02 about it in the window, unacknowledged: that does not wait.
  expect(waiting(world)).toEqual({ stations: 2, STATE: 1, intercept: 1 });
});

it('says how long the oldest of each class has waited, whatever came after it', () => {
  const world = new World();
  const sender = world.terminal('DISP1', 'jdoe');
  sender.message(inquiry).ack();
  world.pass(30_000);
  sender.message(note('QZ02', 'ONE'));
  world.pass(10_000);
  sender.message(inquiry.replace('AB12', 'AB13'));
  const [stations, state] = census(world).queues;
  expect([...(stations?.oldestMs ?? [])]).toEqual([[5, 10_000]]);
  expect([...(state?.oldestMs ?? [])]).toEqual([[3, 40_000]]);
});

it('says which upstream is up, for how long, and what it has not acknowledged', () => {
  const { world, peer } = upAndDown(new World());
  peer.message(inquiry);
  world.pass(minute / 6);
  expect(census(world)).toMatchObject({
    upstreams: [{ name: 'STATE', up: true, forMs: 10_000, unacknowledged: 1 }],
    requests: 1,
  });
});

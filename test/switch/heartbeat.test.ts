// Start and heart-beat entries: what an uptime figure is made of.

import { describe, expect, it } from 'vitest';
import { minute } from './county.ts';
import { World } from './world.ts';

const beats = (world: World): readonly number[] =>
  world.kinds('heartbeat').map(({ time }) => time / 1000);

describe('the heart-beat', () => {
  it('is one entry for each tick that comes a minute after the last', () => {
    const world = new World();
    const [first = 0] = beats(world);
    world.pass(5 * minute, minute);
    const minutes = [0, 1, 2, 3, 4, 5].map((count) => first + count * minute);
    expect(beats(world)).toEqual(minutes);
  });

  it('is one entry a minute, however often time is looked at', () => {
    const world = new World();
    const before = beats(world).length;
    world.pass(3 * minute);
    expect(beats(world)).toHaveLength(before + 3);
  });

  it('says how many links are up', () => {
    const world = new World();
    world.connect('PRT1');
    world.connect('CAD1');
    world.pass(minute);
    expect(world.kinds('heartbeat').at(-1)).toMatchObject({ detail: { links: 2 } });
  });

  it('waits while the journal is blocked, and goes on when there is room', () => {
    const world = new World();
    const before = beats(world).length;
    world.put({ kind: 'journal', condition: 'blocked' });
    world.pass(3 * minute);
    expect(beats(world)).toHaveLength(before);
    world.put({ kind: 'journal', condition: 'open' });
    world.pass(1000);
    expect(beats(world)).toHaveLength(before + 1);
  });
});

describe('a start', () => {
  it('is the first entry of a run, with the version, and a heart-beat follows it', () => {
    const world = new World();
    expect(world.entries.slice(0, 2).map(({ entry }) => entry)).toMatchObject([
      { entry: 1, event: 'start', detail: { version: '0', startId: 'start' } },
      { event: 'heartbeat' },
    ]);
    const before = world.entries.length;
    world.crash();
    expect(world.kinds('start')).toHaveLength(2);
    expect(world.entries[before]?.entry).toMatchObject({ event: 'start' });
    expect(world.kinds('heartbeat')).toHaveLength(2);
  });
});

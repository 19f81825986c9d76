// What the daemon gives operators: bounded followers, coded refusals, and probes of what is configured alone.

import { describe, expect, it } from 'vitest';
import { openMemoryJournal } from '#journal/memory';
import { operatorDesk, type OperatorParts } from '#src/daemon/operators';
import { Feed } from '#src/runtime/feed';
import { systemClock } from '#src/runtime/clock';
import { stationName } from '../switch/county.ts';
import { World } from '../switch/world.ts';

function bench() {
  const { state } = new World();
  const journal = openMemoryJournal({ random: (octets) => new Uint8Array(octets) });
  const feed = new Feed(journal);
  // Of what is in force a probe reads the names of the upstreams alone.
  const loaded = (() => ({ config: { upstreams: [] } })) as unknown as OperatorParts['loaded'];
  const none = { facts: () => undefined };
  return operatorDesk({ state, links: none, upstreams: none, clock: systemClock, loaded, feed });
}

describe('the desk of operators', () => {
  it('lets so many follow, and no more until one goes', () => {
    const desk = bench();
    const query = { where: [], reverse: true, limit: 0 };
    const goes = new AbortController();
    desk.follow(query, goes.signal);
    const stays = new AbortController().signal;
    for (let at = 1; at < 32; at += 1) desk.follow(query, stays);
    const one = (): unknown => desk.follow(query, stays);
    expect(one).toThrow(expect.objectContaining({ code: 'MSC-1203', exit: 75 }));
    goes.abort();
    expect(one).not.toThrow();
  });

  it('says by a code why an act cannot be done', () => {
    const act = { kind: 'test', station: stationName('DISP1') } as const;
    const asked = (): unknown => bench().outlook(act);
    expect(asked).toThrow('DISP1 is not connected');
    expect(asked).toThrow(expect.objectContaining({ code: 'MSC-1602', exit: 1 }));
  });

  it('probes no upstream but those of the configuration', async () => {
    await expect(bench().probe('NOWHERE', true)).rejects.toMatchObject({ code: 'MSC-1601' });
  });
});

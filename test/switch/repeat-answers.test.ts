import { describe, expect, it } from 'vitest';
import { inquiry, sentTwo, upAndDown } from './said.ts';
import { World } from './world.ts';

describe('after a resumed WELCOME (link S4b)', () => {
  it('the last window of REFUSED comes again as it was, then the ACK of all', () => {
    const world = new World({ window: 4 });
    const host = world.connect('CAD1');
    for (let sent = 0; sent < 6; sent++) host.message('bad');
    host.message(`AB12.*J10442.#223BC8.QV.CA0990100.LIC/2ZZZ999.LIS/CA`);
    const said = host.take().filter((line) => line.startsWith('REFUSED'));
    host.drop();
    const again = world.connect('CAD1', { session: host.session });
    expect(again.take()).toEqual([
      'WELCOME resumed 7',
      ...said.slice(-4),
      'ACK 7',
      'STATUS STATE held',
      expect.stringMatching(/^MESSAGE 1 QC01 c1 D AB12.SM/),
    ]);
  });

  it.each([false, true])('also over a restart of the switch (snapshot: %s)', (snapshot) => {
    const world = new World();
    const host = world.connect('CAD1');
    host.message('bad');
    world.crash(snapshot);
    const again = world.connect('CAD1', { session: host.session });
    expect(again.take().slice(0, 3)).toEqual(['WELCOME resumed 1', 'REFUSED 1 H04 @0', 'ACK 1']);
  });

  it('neither after a new session, nor where nothing was refused', () => {
    const world = new World();
    const host = world.connect('CAD1');
    host.message('bad').drop();
    expect(world.connect('CAD1').take()).toEqual(['WELCOME new 0', 'STATUS STATE held']);
    const fresh = world.connect('CAD1');
    fresh.drop();
    const again = world.connect('CAD1', { session: fresh.session });
    expect(again.take()).toEqual(['WELCOME resumed 0', 'STATUS STATE held']);
  });

  it('what a station has handled counts as nothing until its ACK: a REFUSED may come first', () => {
    const world = new World();
    const { printer } = sentTwo(world);
    printer.drop();
    const again = world.connect('PRT1', { session: printer.session, received: 2 });
    expect(world.kinds('delivered')).toEqual([]);
    again.refuse(1, 'R02').ack(2);
    expect(world.kinds('delivered')).toMatchObject([{ number: 2, station: 'PRT1' }]);
    expect(world.kinds('rerouted')).toMatchObject([{ rule: 'refused-R02' }]);
    again.refuse(1, 'R02').ack(2);
    expect(again.take()).not.toContainEqual(expect.stringMatching('CLOSE'));
    expect(world.kinds('delivered')).toHaveLength(1);
  });

  it('what an upstream refused before the break is told to the asker after it', () => {
    const { world, state, peer } = upAndDown(new World());
    peer.message(inquiry);
    state.drop();
    const again = world.dial('STATE', { resumed: true, session: state.session, received: 1 });
    again.refuse(1, 'X03').ack(1);
    expect(peer.take().at(-1)).toContain('ER.CA0990100.04.REFUSED BY UPSTREAM WITH X03');
    expect(world.kinds('delivered').filter(({ upstream }) => upstream === 'STATE')).toEqual([]);
  });
});

// A reload in the switch: certificates that do not stand any more, and upstreams that come, go or are another.

import { describe, expect, it } from 'vitest';
import { inquiry } from './said.ts';
import { World } from './world.ts';

describe('a certificate that does not stand any more', () => {
  const why = 'the certificate is revoked';

  it('ends the link and the sign-on at once', () => {
    const world = new World();
    const peer = world.terminal('DISP1', 'jdoe');
    world.put({ kind: 'distrusted', link: peer.id, why });
    expect(peer.take()).toEqual(['CLOSE C02']);
    expect(world.state.ledger.signOns.size).toBe(0);
    expect(world.kinds('security')).toMatchObject([{ code: 'C02', reason: why, station: 'DISP1' }]);
    expect(world.kinds('sign-off')).toMatchObject([{ user: 'jdoe' }]);
    expect(world.kinds('link-down')).toMatchObject([{ code: 'C02' }]);
  });

  it('turns away who has not said HELLO, and is no news about a link that is closing or gone', () => {
    const world = new World();
    const peer = world.open('DISP1');
    world.put({ kind: 'distrusted', link: peer.id, why });
    world.put({ kind: 'distrusted', link: peer.id, why });
    world.put({ kind: 'distrusted', link: 999, why });
    expect(peer.take()).toEqual(['CLOSE C02']);
    expect(world.kinds('security')).toHaveLength(1);
  });

  it('of an upstream: we leave, and call again without the long wait of C02', () => {
    const world = new World();
    const state = world.dial();
    world.put({ kind: 'distrusted', link: state.id, why });
    expect(state.take().at(-1)).toBe('CLOSE C18');
    const early = world.dial('STATE', 'none');
    world.put({ kind: 'distrusted', link: early.id, why });
    expect(early.take()).toEqual([expect.stringMatching(/^HELLO/), 'CLOSE C18']);
    expect(world.dials).toMatchObject([{ atLeastMs: 0 }, { atLeastMs: 0, fresh: false }]);
    expect(world.kinds('security')).toMatchObject([{ upstream: 'STATE' }, { upstream: 'STATE' }]);
  });
});

describe('new settings', () => {
  it('hold for new links; old ones keep what WELCOME told them', () => {
    const world = new World();
    const old = world.terminal('DISP1', 'jdoe');
    world.put({ kind: 'settings', settings: { ...world.settings, window: 5 } });
    const link = [...world.state.live.values()][0];
    expect(link?.window).toBe(world.settings.window);
    const fresh = world.connect('DISP2');
    expect(fresh.frames.find(({ type }) => type === 'WELCOME')?.json).toMatchObject({ window: 5 });
    expect(old.alive).toBe(true);
  });

  it('dial anew whose address or certificate is another, and nobody else', () => {
    const world = new World();
    const state = world.dial();
    world.put({ kind: 'settings', settings: world.settings, redial: [] });
    expect(world.dials).toEqual([]);
    world.put({ kind: 'settings', settings: world.settings, redial: ['STATE'] });
    expect(state.take().at(-1)).toBe('CLOSE C18');
    expect(world.dials).toMatchObject([{ upstream: 'STATE', atLeastMs: 0 }]);
    const early = world.dial('STATE', 'none');
    world.put({ kind: 'settings', settings: world.settings, redial: ['STATE'] });
    expect(early.take().at(-1)).toBe('CLOSE C18');
    expect(world.dials).toHaveLength(2);
  });

  it('without an upstream end what waits for it, and its asker is told ER 04', () => {
    const world = new World();
    const asker = world.terminal('DISP1', 'jdoe');
    asker.message(inquiry);
    asker.take();
    world.put({ kind: 'settings', settings: { ...world.settings, upstreams: [] } });
    expect(asker.frames.at(-1)?.text).toContain('ER.');
    expect(asker.frames.at(-1)?.text).toContain('.04.STATE IS NO LONGER ASKED');
    expect(world.kinds('expired')).toMatchObject([{ upstream: 'STATE', outcome: 'undelivered' }]);
    expect(world.state.ledger.requests.size).toBe(0);
    asker.ack();
  });

  it('without an upstream end what was under way to it, too', () => {
    const world = new World();
    const state = world.dial();
    const asker = world.terminal('DISP1', 'jdoe');
    asker.message(inquiry);
    expect(state.received).toBe(1);
    world.put({ kind: 'settings', settings: { ...world.settings, upstreams: [] } });
    expect(asker.frames.at(-1)?.text).toContain('.04.STATE IS NO LONGER ASKED');
    expect(world.state.ledger.deliveries.size).toBe(1);
    asker.ack();
    expect(world.state.ledger.deliveries.size).toBe(0);
  });

  it('that left an upstream out before the start end it at the start', () => {
    const world = new World();
    world.terminal('DISP1', 'jdoe').message(inquiry).ack();
    world.put({ kind: 'settings', settings: world.settings });
    expect(world.kinds('expired')).toHaveLength(0);
    world.crash();
    expect(world.kinds('expired')).toHaveLength(0);
    Object.assign(world.settings, { upstreams: [] });
    world.crash();
    expect(world.kinds('expired')).toMatchObject([{ upstream: 'STATE' }]);
  });
});

// A rehearsal says what the switch then does: the same refusal, the same destinations; and leaves no trace.

import { describe, expect, it } from 'vitest';
import { keyRoutes, rehearse, type RouteAsked } from '#switch/rehearse';
import { freeze } from '#switch/snapshot';
import { mnemonic, user } from './county.ts';
import { World } from './world.ts';

function asked(from: string, mke: string, more: Partial<RouteAsked> = {}): RouteAsked {
  return { from: mnemonic(from), mke, fields: [], to: [], ...more };
}

function ask(world: World, wish: RouteAsked) {
  const before = [freeze(world.state), world.entries.length, JSON.stringify([...world.state.live])];
  const answer = rehearse(world.state, wish, { atMs: world.atMs, timeUs: world.atMs * 1000 });
  const after = [freeze(world.state), world.entries.length, JSON.stringify([...world.state.live])];
  // Whatever it says, the switch is as it was.
  expect(after).toEqual(before);
  return answer;
}

const plate = [{ code: 'LIC', value: '1ZZZ999' }];

describe('a rehearsal', () => {
  it('agrees with what then becomes of the message: heard', () => {
    const world = new World();
    const peer = world.terminal('DISP1', 'jdoe');
    const answer = ask(world, asked('QZ01', 'QV', { fields: plate }));
    expect(answer).toMatchObject({
      ...{ verdict: 'heard', station: 'DISP1', user: 'jdoe', agency: 'CA0990100' },
      to: [{ kind: 'upstream', name: 'STATE', rule: 'route state, taken by upstreams.STATE' }],
      answerMs: 60_000,
    });
    peer.message('JQ8F000000.QV.CA0990100.LIC/1ZZZ999');
    const received = world.entries
      .map(({ entry }) => entry)
      .find((entry) => entry.kind === 'received' && entry.direction === 'in');
    expect(received).toMatchObject({ to: [{ kind: 'upstream', upstream: 'STATE' }] });
  });

  it('says whether the upstream is there now', () => {
    const world = new World();
    world.terminal('DISP1', 'jdoe');
    const now = () => {
      const answer = ask(world, asked('QZ01', 'QV', { fields: plate }));
      return answer.verdict === 'heard' ? answer.to[0]?.now : answer.verdict;
    };
    expect(now()).toBe('link down');
    world.dial();
    expect(now()).toBe('link up');
  });

  it('agrees with what then becomes of the message: refused', () => {
    const world = new World();
    const peer = world.terminal('DISP1', 'jdoe');
    for (const [mke, ori, code] of [
      ['ZZ', 'CA0990100', 'X03'],
      ['QV', 'CA0990200', 'X05'],
      ['QV', 'nonsense', 'X04'],
      ['AM', 'CA0990100', 'B01'],
    ] as const) {
      expect(ask(world, asked('QZ01', mke, { ori })), mke).toMatchObject({
        verdict: 'refused',
        code,
      });
      peer.message(`JQ8F000000.${mke}.${ori}.`);
      const refused = world.entries.map(({ entry }) => entry).findLast((e) => e.kind === 'refused');
      expect(refused, mke).toMatchObject({ code });
    }
  });

  it('needs a person at a terminal: who is signed on, or whoever is named', () => {
    const world = new World();
    expect(ask(world, asked('QZ01', 'QV'))).toMatchObject({ verdict: 'refused', code: 'U09' });
    const named = asked('QZ01', 'QV', { user: user('mroe'), fields: plate });
    expect(ask(world, named)).toMatchObject({ verdict: 'heard', user: 'mroe' });
    expect(world.state.ledger.signOns.size).toBe(0);
    world.terminal('DISP1', 'jdoe');
    expect(ask(world, named)).toMatchObject({ verdict: 'heard', user: 'mroe' });
    expect([...world.state.ledger.signOns.values()]).toMatchObject([{ user: 'jdoe' }]);
  });

  it('of a host names the person in the message, and its terminal where one is needed', () => {
    const world = new World();
    expect(ask(world, asked('QC01', 'QV'))).toMatchObject({ verdict: 'refused', code: 'H05' });
    const named = { user: user('jdoe'), fields: plate };
    expect(ask(world, asked('QC02', 'QV', named))).toMatchObject({ verdict: 'heard' });
    const other = asked('QC01', 'QV', { user: user('poe') });
    expect(ask(world, other)).toMatchObject({ verdict: 'refused', code: 'H19' });
  });

  it('names every station behind an address, and the rule of a pool', () => {
    const world = new World();
    world.terminal('DISP1', 'jdoe');
    const answer = ask(world, asked('QZ01', 'AM', { to: ['QZ02', 'QM01', 'QU01'] }));
    expect(answer.verdict === 'heard' ? answer.to : answer).toMatchObject([
      { kind: 'mnemonic', name: 'QZ02', rule: 'address in the text', now: 'DISP2 absent' },
      { kind: 'mnemonic', name: 'QP01', rule: 'destination of pool MDT', now: 'PRT1 absent' },
      { name: 'QU01', now: 'NIGHT absent, PRT2 absent' },
    ]);
    const lone = ask(world, asked('QZ01', 'AM', { to: ['QL01'] }));
    expect(lone).toMatchObject({
      verdict: 'heard',
      to: [{ kind: 'intercept', name: 'intercept' }],
    });
  });

  it.each([
    ['ZZZZ', 'there is no mnemonic ZZZZ'],
    ['QP01', 'sends nothing'],
    ['QM01', 'nobody has borrowed'],
  ])('%s sends nothing: %s', (from, why) => {
    expect(ask(new World(), asked(from, 'QV'))).toMatchObject({
      ...{ verdict: 'no-sender', why: expect.stringContaining(why) as unknown },
    });
  });

  it('speaks for a borrowed mnemonic once it is borrowed, or as if', () => {
    const world = new World();
    const as = asked('QM01', 'QV', { user: user('jdoe'), fields: plate });
    expect(ask(world, as)).toMatchObject({ verdict: 'heard', station: 'MDT1' });
  });

  it('keeps what has no upstream for an operator, and says why', () => {
    const world = new World({ upstreams: [] });
    world.terminal('DISP1', 'jdoe');
    expect(ask(world, asked('QZ01', 'QV', { fields: plate }))).toMatchObject({
      to: [{ kind: 'intercept', rule: 'no upstream takes route state' }],
    });
  });
});

describe('the routes of the keys', () => {
  it('are those of the table and the settings', () => {
    const routes = new Map(keyRoutes(new World().state).map((route) => [route.mke, route]));
    expect(routes.get('QV')).toMatchObject({ to: 'upstream STATE', answer: true, class: 3 });
    expect(routes.get('AM')?.to).toContain('stations it names');
    // What only the switch sends is nobody's to route.
    expect(routes.has('SM')).toBe(false);
    const none = keyRoutes(new World({ upstreams: [] }).state);
    expect(none.find(({ mke }) => mke === 'QV')?.to).toBe('intercept (no upstream)');
  });
});

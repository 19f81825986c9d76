import { describe, expect, it } from 'vitest';
import { mnemonic, station } from './county.ts';
import { inquiry, sentTwo } from './said.ts';
import { World } from './world.ts';

describe('the window', () => {
  it('is closed with C11 when one more comes than may be under way (link M4)', () => {
    const world = new World({ window: 2 });
    const peer = world.terminal('DISP1', 'jdoe');
    world.holdCommits = true;
    peer.message(inquiry).message(inquiry).message(inquiry);
    expect(peer.take().filter((line) => !line.startsWith('MESSAGE'))).toEqual([
      'ACK 1',
      'ACK 2',
      'CLOSE C11',
    ]);
  });

  it('opens when entries are durable (link M2)', () => {
    const world = new World({ window: 2 });
    const peer = world.terminal('DISP1', 'jdoe');
    for (let i = 0; i < 9; i++) peer.message(inquiry);
    expect(peer.take().filter((line) => line.startsWith('ACK'))).toHaveLength(9);
  });
});

describe('BUSY (link M4a)', () => {
  it('drops what follows until its number comes again, and takes it then', () => {
    const world = new World();
    const peer = world.terminal('DISP1', 'jdoe');
    world.put({ kind: 'journal', condition: 'blocked' });
    peer.message(inquiry).message(inquiry).message(inquiry);
    expect(peer.take()).toEqual(['BUSY 1']);
    world.put({ kind: 'journal', condition: 'open' });
    peer.message(inquiry, { number: 2 });
    expect(peer.take()).toEqual([]);
    peer.message(inquiry, { number: 1 }).message(inquiry, { number: 2 });
    expect(peer.take().filter((line) => line.startsWith('ACK'))).toEqual(['ACK 1', 'ACK 2']);
  });

  it('closes with C11 when more is dropped than the window allows', () => {
    const world = new World({ window: 3 });
    const peer = world.terminal('DISP1', 'jdoe');
    world.put({ kind: 'journal', condition: 'blocked' });
    for (let i = 0; i < 3; i++) peer.message(inquiry);
    expect(peer.take()).toEqual(['BUSY 1']);
    peer.message(inquiry);
    expect(peer.take()).toEqual(['CLOSE C11']);
  });
});

describe('a drain (link S9)', () => {
  it('answers MESSAGE with BUSY, signs nobody off, and closes once all is handled', () => {
    const world = new World();
    const { printer, sender } = sentTwo(world);
    sender.take();
    world.put({ kind: 'drain', forMs: 10_000 });
    sender.message(inquiry);
    printer.ack(1);
    expect(sender.take()).toEqual(['BUSY 3']);
    expect(world.drained).toBe(0);
    printer.ack(2);
    expect(sender.take()).toEqual(['CLOSE C07']);
    expect(printer.take().at(-1)).toBe('CLOSE C07');
    expect(world.kinds('sign-off')).toEqual([]);
    world.pass(5000);
    expect(world.drained).toBe(1);
  });

  it('closes at its end also who has not said HELLO, not answered ours, or comes later', () => {
    const world = new World();
    const shy = world.open('DISP1');
    const state = world.dial('STATE', 'none');
    const { printer } = sentTwo(world);
    world.put({ kind: 'drain', forMs: 10_000 });
    expect([shy.ended, state.ended]).toEqual([undefined, undefined]);
    printer.ack();
    expect([shy.take().at(-1), state.take().at(-1)]).toEqual(['CLOSE C07', 'CLOSE C18']);
    expect(world.open('DISP2').take()).toEqual(['CLOSE C07']);
    expect(world.dials).toEqual([]);
    expect(world.drained).toBe(1);
  });

  it('closes at the deadline whatever is open, and dials no more', () => {
    const world = new World();
    const { printer } = sentTwo(world);
    world.dial();
    world.put({ kind: 'drain', forMs: 10_000 });
    world.pass(9000);
    expect(printer.ended).toBeUndefined();
    world.pass(1000);
    expect(printer.take().at(-1)).toBe('CLOSE C07');
    expect(world.dials).toEqual([]);
  });
});

describe('keep-alive (link S6)', () => {
  it('sends PING when nothing was sent, and cuts a link that is silent for twice that', () => {
    const world = new World();
    const [dead, alive] = [world.connect('PRT1'), world.connect('CAD1')];
    dead.alive = false;
    dead.take();
    world.pass(30_000);
    expect(dead.take()).toEqual(['PING']);
    world.pass(29_000);
    expect(dead.ended).toBeUndefined();
    world.pass(1000);
    expect([dead.ended, alive.ended]).toEqual(['cut', undefined]);
  });

  it('answers PING with its octets', () => {
    const world = new World();
    const peer = world.connect('PRT1');
    peer.say('PING', 'octets');
    expect(peer.frames.at(-1)).toMatchObject({ type: 'PONG', text: 'octets' });
  });
});

describe('STATUS (link S11)', () => {
  it('is told after SIGNED_ON to a terminal and after WELCOME to a host, then at each change, never to printers', () => {
    const world = new World();
    const [terminal, host, printer] = [
      world.connect('DISP1'),
      world.connect('CAD1'),
      world.connect('PRT1'),
    ];
    expect(terminal.take()).toEqual(['WELCOME new 0']);
    terminal.signOn('jdoe');
    expect(terminal.take()).toEqual(['SIGNED_ON jdoe QZ01', 'STATUS STATE held']);
    expect(host.take()).toEqual(['WELCOME new 0', 'STATUS STATE held']);
    const state = world.dial();
    state.drop();
    const changes = ['STATUS STATE up', 'STATUS STATE held'];
    expect(terminal.take()).toEqual(changes);
    expect(host.take()).toEqual(changes);
    expect(printer.take()).toEqual(['WELCOME new 0']);
  });
});

describe('floods of refusals (link S12)', () => {
  const limits = { refusalsStoredPerMinute: 2, refusalsPerMinute: 4, window: 64 };

  it('are kept without their octets above one limit, and end in C17 above the other', () => {
    const world = new World(limits);
    const peer = world.terminal('DISP1', 'jdoe');
    for (let i = 0; i < 5; i++) peer.message('bad');
    expect(peer.take().map((line) => line.slice(0, 13))).toEqual([
      ...[1, 2, 3, 4, 5].map((number) => `REFUSED ${number} H04`),
      'CLOSE C17',
    ]);
    const refused = world.entries.filter(({ entry }) => entry.kind === 'refused');
    expect(refused.map(({ withheld }) => withheld === true)).toEqual([
      false,
      false,
      true,
      true,
      true,
    ]);
    expect(world.connect('DISP1').take()).toEqual(['CLOSE C17']);
    world.pass(60_000);
    expect(world.connect('DISP1').take()).toEqual(['WELCOME new 0']);
  });

  it('have limits of their own for a station that the register gives them', () => {
    const world = new World(limits);
    const mnemonics = [mnemonic('QZ01')];
    const own = { refusalsStoredPerMinute: 0, refusalsPerMinute: 1 };
    world.register(station('DISP1', { mnemonics, ...own }));
    const peer = world.terminal('DISP1', 'jdoe');
    for (let i = 0; i < 2; i++) peer.message('bad');
    expect(peer.take().at(-1)).toContain('CLOSE C17');
    const refused = world.entries.filter(({ entry }) => entry.kind === 'refused');
    expect(refused.map(({ withheld }) => withheld === true)).toEqual([true, true]);
  });

  it('are counted anew each minute', () => {
    const world = new World(limits);
    const peer = world.terminal('DISP1', 'jdoe');
    for (let i = 0; i < 12; i++) {
      peer.message('bad');
      world.pass(20_000);
    }
    expect(peer.ended).toBeUndefined();
  });
});

describe('octets that are not the protocol', () => {
  it('close the link with their code, and are a security event', () => {
    const world = new World();
    const [before, open] = [world.open('DISP1'), world.connect('DISP2')];
    world.put({
      kind: 'garbled',
      link: before.id,
      reject: { code: 'C05', reason: 'no HELLO in time' },
    });
    world.put({ kind: 'garbled', link: open.id, reject: { code: 'C01', reason: 'malformed' } });
    expect([before.take(), open.take()]).toEqual([['CLOSE C05'], ['WELCOME new 0', 'CLOSE C01']]);
    expect(world.kinds('security')).toMatchObject([
      { code: 'C05' },
      { code: 'C01', station: 'DISP2' },
    ]);
  });

  it.each(['SIGN_ON', 'SIGN_OFF', 'REFUSED'] as const)(
    'in a %s close the link with C01',
    (type) => {
      const world = new World();
      const peer = world.connect('DISP1');
      peer.say(type, '{"user":null}', { number: 0 });
      expect(peer.take().at(-1)).toBe('CLOSE C01');
    },
  );
});

// What operators do to links, stations and upstreams: who and why stand first, it takes hold at once, it
// outlives a restart, and nothing that waits is lost. Each world proves its replay after the test.

import { describe, expect, it } from 'vitest';
import { judge } from '#switch/operate';
import { settings, station, stationName } from './county.ts';
import { inquiry } from './said.ts';
import { World } from './world.ts';

const disp1 = { station: stationName('DISP1') };
const state = { upstream: 'STATE' };
const why = { reason: 'left in a taxi' };

describe('a station that is shut out', () => {
  it('gets CLOSE C02 and is signed off, after the entry that says who and why', () => {
    const world = new World();
    const peer = world.terminal('DISP1', 'jdoe');
    world.command({ kind: 'disable', who: disp1, ...why });
    expect(peer.take()).toEqual(['CLOSE C02']);
    const kinds = world.entries.slice(-3).map(({ entry }) => entry);
    expect(kinds).toMatchObject([
      { event: 'disable', station: 'DISP1', person: 'root', ...why },
      { event: 'link-down', station: 'DISP1', code: 'C02' },
      { event: 'sign-off', station: 'DISP1', user: 'jdoe' },
    ]);
    expect(world.answers.at(-1)).toMatchObject({ entry: kinds[0]?.entry });
  });

  it('is refused with C02 at its HELLO, and let in once it is enabled', () => {
    const world = new World();
    world.command({ kind: 'disable', who: disp1 });
    expect(world.connect('DISP1').take()).toEqual(['CLOSE C02']);
    expect(world.connect('DISP2').take()).toEqual(['WELCOME new 0']);
    world.command({ kind: 'enable', who: disp1 });
    expect(world.connect('DISP1').take()).toEqual(['WELCOME new 0']);
  });

  it.each([false, true])('stays out over a restart (from a snapshot: %s)', (fromSnapshot) => {
    const world = new World();
    world.command({ kind: 'disable', who: disp1 });
    world.crash(fromSnapshot);
    expect(world.connect('DISP1').take()).toEqual(['CLOSE C02']);
  });

  it('stays out when the register is applied again, and is forgotten when it leaves the register', () => {
    const world = new World();
    world.command({ kind: 'disable', who: disp1 });
    world.register(station('DISP1', { unattended: true }));
    expect(world.connect('DISP1').take()).toEqual(['CLOSE C02']);
    world.register({ op: 'remove', table: 'station', key: 'DISP1' });
    world.register(station('DISP1', {}));
    expect(world.connect('DISP1').take()).toEqual(['WELCOME new 0']);
  });

  it('keeps what waits for it, and has it when it comes back', () => {
    const world = new World();
    world.register(station('DISP1', { mnemonics: [], unattended: true }));
    world.command({ kind: 'disable', who: { station: stationName('NIGHT') } });
    const asker = world.terminal('DISP2', 'mroe');
    asker.message('AB12.AM.CA0990100.QU01.TXT\r\nHELLO');
    expect(asker.take()).toEqual(['ACK 1']);
    world.pass(5_000);
    expect(world.state.ledger.queues.get('m:QU01')?.size).toBe(1);
    world.command({ kind: 'enable', who: { station: stationName('NIGHT') } });
    expect(world.connect('NIGHT').take()).toContainEqual(expect.stringMatching(/^MESSAGE 1 QU01/));
  });

  it('has its answers go to its person wherever that one signs on', () => {
    const world = new World();
    const host = world.dial();
    world.terminal('DISP1', 'jdoe').message(inquiry);
    world.command({ kind: 'disable', who: disp1 });
    host.ack().answer('QV.CA0990100.\r\nNO RECORD', { flags: 2 });
    const other = world.connect('DISP2');
    other.signOn('jdoe');
    expect(other.take()).toContainEqual(expect.stringMatching(/^MESSAGE 1 QZ02 .*NO RECORD/));
  });

  it('that the register does not have is refused, and nothing is written', () => {
    const world = new World();
    const before = world.entries.length;
    world.command({ kind: 'disable', who: { station: stationName('NOBODY') } });
    expect(world.answers.at(-1)).toMatchObject({ error: 'MSC-1601', detail: 'NOBODY' });
    expect(world.entries).toHaveLength(before);
  });
});

describe('an upstream that is taken down', () => {
  it('is left in order, not dialled again, and stations hear that it is held', () => {
    const world = new World();
    const host = world.dial();
    const peer = world.terminal('DISP1', 'jdoe');
    world.command({ kind: 'disable', who: state, ...why });
    expect(host.take().at(-1)).toBe('CLOSE C18');
    expect(peer.take()).toEqual(['STATUS STATE held']);
    expect(world.rests).toMatchObject([{ upstream: 'STATE' }]);
    expect(world.dials).toEqual([]);
    peer.message(inquiry);
    expect(peer.take()).toEqual(['ACK 1', expect.stringContaining('.02.STATE OUT OF SERVICE')]);
    peer.ack();
  });

  it('is not dialled after a restart or a reload; a connection under way is cut without HELLO', () => {
    const world = new World();
    world.dial();
    world.command({ kind: 'disable', who: state });
    world.crash(true);
    expect(world.rests).toHaveLength(2);
    world.put({ kind: 'settings', settings, redial: ['STATE'] });
    const late = world.dial('STATE', 'none');
    expect([late.frames, late.ended]).toEqual([[], 'cut']);
    expect(world.dials).toEqual([]);
  });

  it('that answers no HELLO yet is left as well', () => {
    const world = new World();
    const early = world.dial('STATE', 'none');
    world.command({ kind: 'disable', who: state });
    expect(early.take().at(-1)).toBe('CLOSE C18');
    expect(world.dials).toEqual([]);
  });

  it('is dialled when it is taken up, once, and has what waited', () => {
    const world = new World();
    world.command({ kind: 'disable', who: state });
    world.terminal('DISP1', 'jdoe').message(inquiry).ack();
    world.command({ kind: 'enable', who: state });
    world.command({ kind: 'enable', who: state });
    expect(world.dials).toMatchObject([{ upstream: 'STATE', atLeastMs: 0, fresh: true }]);
    expect(world.dial().take()).toContainEqual(expect.stringMatching(/^MESSAGE 1 QZ01/));
  });
});

describe('a link that is closed', () => {
  const linkOf = (world: World, name: string): number => world.state.live.get(name)?.id ?? 0;

  it('gets C16; its station comes back to its session and its sign-on', () => {
    const world = new World();
    const peer = world.terminal('DISP1', 'jdoe');
    world.command({ kind: 'close', link: linkOf(world, 'DISP1'), ...why });
    expect(peer.take()).toEqual(['CLOSE C16']);
    expect(world.kinds('close')).toMatchObject([{ person: 'root', station: 'DISP1', ...why }]);
    const again = world.connect('DISP1', { session: peer.session });
    expect(again.take()).toContain('WELCOME resumed 0 jdoe');
  });

  it('of an upstream gets C18, and it is dialled again', () => {
    const world = new World();
    const host = world.dial();
    world.command({ kind: 'close', link: linkOf(world, '>STATE') });
    expect(host.take().at(-1)).toBe('CLOSE C18');
    expect(world.dials).toMatchObject([{ upstream: 'STATE' }]);
  });

  it('before its HELLO is turned away, which says nothing against it', () => {
    const world = new World();
    const peer = world.open('DISP1');
    world.command({ kind: 'close', link: peer.id });
    expect(peer.take()).toEqual(['CLOSE C16']);
    expect(world.kinds('security')).toEqual([]);
  });

  it('must be there: one that is gone or closing is refused', () => {
    const world = new World();
    world.command({ kind: 'close', link: 999 });
    expect(world.answers.at(-1)).toMatchObject({ error: 'MSC-1601', detail: 'link 999' });
  });
});

describe('a test of a terminal', () => {
  const test = (world: World, name: string): void =>
    world.command({ kind: 'test', station: stationName(name), ...why });

  it('goes to whoever is signed on there, says what it is, and its ACK is journalled', () => {
    const world = new World();
    const peer = world.terminal('DISP1', 'jdoe');
    test(world, 'DISP1');
    const [line = ''] = peer.take();
    expect(line).toMatch(/^MESSAGE 1 QZ01 c5 [A-Z0-9]{10}\.AM\.CA0990100\.QZ01\.TXT\|TEST OF THIS/);
    peer.ack();
    expect(world.kinds('test')).toMatchObject([{ person: 'root', station: 'DISP1', ...why }]);
    const sent = world.answers.at(-1)?.entry;
    expect(world.kinds('delivered')).toMatchObject([{ delivery: `${sent ?? 0}.0`, user: 'jdoe' }]);
  });

  it.each([
    ['PRT1', 'QP01'],
    ['CAD1', 'QC01'],
    ['NIGHT', 'QU01'],
  ])('goes to %s without anybody signed on', (name, mnemonic) => {
    const world = new World();
    const peer = world.connect(name);
    peer.take();
    test(world, name);
    expect(peer.take()).toEqual([expect.stringContaining(`MESSAGE 1 ${mnemonic} `)]);
    peer.ack();
  });

  it('goes to a terminal of a pool under the mnemonic it has borrowed', () => {
    const world = new World();
    const peer = world.terminal('MDT1', 'jdoe', { pool: 'MDT' });
    test(world, 'MDT1');
    expect(peer.take()).toEqual([expect.stringContaining('MESSAGE 1 QM01 ')]);
    peer.ack();
  });

  it.each([
    ['DISP2', 'is not connected'],
    ['DISP1', 'has nobody signed on'],
    ['PRT2', 'serves no mnemonic of its own now'],
  ])('cannot be sent to %s, which %s', (name, words) => {
    const world = new World();
    if (name !== 'DISP2') world.connect(name);
    const before = world.entries.length;
    test(world, name);
    expect(world.answers.at(-1)).toMatchObject({ error: 'MSC-1602', detail: `${name} ${words}` });
    expect(world.entries).toHaveLength(before);
  });

  it('is over after half a minute: it is never shown hours later', () => {
    const world = new World();
    const peer = world.terminal('DISP1', 'jdoe');
    test(world, 'DISP1');
    peer.drop();
    world.pass(31_000);
    expect(world.kinds('expired')).toMatchObject([{ mke: 'AM', outcome: 'expired' }]);
    expect(world.state.ledger.deliveries.size).toBe(0);
  });

  it('is not sent while the switch drains', () => {
    const world = new World();
    const peer = world.terminal('DISP1', 'jdoe');
    peer.message('AB12.AM.CA0990100.QZ01.TXT\r\nTO MYSELF');
    world.put({ kind: 'drain', forMs: 10_000 });
    test(world, 'DISP1');
    expect(world.answers.at(-1)).toMatchObject({ error: 'MSC-1203' });
  });
});

describe('what an act would meet', () => {
  it('is said without changing anything', () => {
    const world = new World();
    const peer = world.terminal('DISP1', 'jdoe');
    const before = world.entries.length;
    expect(judge(world.state, { kind: 'disable', who: disp1 })).toMatchObject({
      value: { station: 'DISP1', mnemonics: ['QZ01'], link: peer.id, user: 'jdoe', already: false },
    });
    expect([world.entries.length, peer.take()]).toEqual([before, []]);
    world.command({ kind: 'disable', who: disp1 });
    expect(judge(world.state, { kind: 'disable', who: disp1 })).toMatchObject({
      value: { already: true, link: undefined },
    });
    expect(judge(world.state, { kind: 'enable', who: state })).toMatchObject({
      value: { already: true },
    });
  });
});

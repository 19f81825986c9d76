import { describe, expect, it } from 'vitest';
import { agency, county, mnemonic, police, sheriff, station } from './county.ts';
import { inquiry } from './said.ts';
import { World } from './world.ts';

describe('HELLO', () => {
  it.each([
    ['a station that is not known', 'NOBODY', {}, 'C02'],
    [
      'another station under its certificate',
      'DISP1',
      { certificate: { name: 'DISP2', fingerprint: 'fingerprint of DISP1' } },
      'C02',
    ],
    [
      'a certificate that is not enrolled',
      'DISP1',
      { certificate: { name: 'DISP1', fingerprint: 'other' } },
      'C02',
    ],
    ['a wrong role', 'DISP1', { role: 'host' }, 'C02'],
    ['a role that does not exist', 'DISP1', { role: 'boss' }, 'C02'],
    ['another protocol alone', 'DISP1', { protocol: [2] }, 'C06'],
    ['received without a session', 'DISP1', { received: 3 }, 'C01'],
  ])('of %s is answered with %#', (_, name, hello, code) => {
    const world = new World();
    const peer = world.connect(name, hello);
    expect(peer.take()).toEqual([`CLOSE ${code}`]);
    expect(peer.ended).toBe('end');
    expect(world.state.live.size).toBe(0);
  });

  it.each([
    ['disabled', { state: 'disabled' }, 'C02'],
    ['suspended', { state: 'suspended' }, 'C12'],
  ] as const)('of a %s station is refused (link S2)', (_, more, code) => {
    const world = new World({}, [
      ...county,
      station('DISP1', { mnemonics: [mnemonic('QZ01')], ...more }),
    ]);
    expect(world.connect('DISP1').take()).toEqual([`CLOSE ${code}`]);
  });

  it('of a station whose agency is suspended is C12 (link S2)', () => {
    const world = new World({}, [...county, agency(sheriff, 'suspended')]);
    expect(world.connect('DISP1').take()).toEqual(['CLOSE C12']);
    expect(world.connect('DISP3').take()).toEqual(['WELCOME new 0']);
  });

  it('above the connections allowed is C08, but not of one that replaces its own (link S2, S3)', () => {
    const world = new World({ connectionsMax: 1 });
    const first = world.connect('DISP1');
    expect(world.connect('DISP2').take()).toEqual(['CLOSE C08']);
    expect(world.connect('DISP1').take()).toEqual(['WELCOME new 0']);
    expect(first.take()).toEqual(['WELCOME new 0', 'CLOSE C09']);
  });

  it('in a drain is C07 (link S9)', () => {
    const world = new World();
    world.put({ kind: 'drain', forMs: 1000 });
    expect(world.connect('DISP1').take()).toEqual(['CLOSE C07']);
  });

  it('is answered with WELCOME, and lifts what may come to what the role may send (link F6)', () => {
    const world = new World();
    const [terminal, printer] = [world.connect('DISP1'), world.connect('PRT1')];
    expect(terminal.frames[0]?.json).toMatchObject({ protocol: 1, mnemonics: ['QZ01'], window: 4 });
    expect(terminal.expected?.frames.has('SIGN_ON')).toBe(true);
    expect(printer.expected?.frames.has('MESSAGE')).toBe(false);
    expect(printer.expected).toMatchObject({ bodyBytesMax: 4096, settled: true });
  });

  it('keeps a name that is not registered only as octets to be digested', () => {
    const world = new World();
    world.connect('hunter2-my-password');
    const { entry, withheld } = world.entries.at(-1) ?? {};
    expect(entry).toMatchObject({ event: 'security', code: 'C02' });
    expect(withheld).toBe(true);
    expect(JSON.stringify(entry)).not.toContain('hunter2');
  });
});

describe('a second connection of a station (link S3)', () => {
  it('replaces the first, from which nothing more is taken', () => {
    const world = new World();
    const first = world.terminal('DISP1', 'jdoe');
    const second = world.connect('DISP1');
    first.message(inquiry);
    expect(first.take()).toEqual(['CLOSE C09']);
    expect(second.take()).toEqual(['WELCOME new 0']);
    expect(world.kinds('received')).toEqual([]);
  });

  it('is a security event when it comes from another address, and none from the same', () => {
    const world = new World();
    world.connect('DISP1', { from: '10.9.9.1' });
    world.connect('DISP1', { from: '10.9.9.1' });
    expect(world.kinds('security')).toEqual([]);
    world.connect('DISP1', { from: '10.9.9.2' });
    expect(world.kinds('security')).toMatchObject([{ code: 'C09', peer: '10.9.9.2' }]);
  });
});

describe('a change of the register', () => {
  it.each([
    [
      'disabled',
      station('DISP1', { mnemonics: [mnemonic('QZ01')], state: 'disabled' }),
      'CLOSE C02',
    ],
    [
      'suspended',
      station('DISP1', { mnemonics: [mnemonic('QZ01')], state: 'suspended' }),
      'CLOSE C12',
    ],
    [
      'with another certificate',
      station('DISP1', { mnemonics: [mnemonic('QZ01')], fingerprints: ['new'] }),
      'CLOSE C02',
    ],
    [
      'in another role',
      station('DISP1', { mnemonics: [mnemonic('QZ01')], role: 'printer' }),
      'CLOSE C02',
    ],
    ['under another mnemonic', station('DISP1', { mnemonics: [mnemonic('QZ02')] }), 'CLOSE C16'],
    ['removed', { op: 'remove', table: 'station', key: 'DISP1' } as const, 'CLOSE C02'],
    ['of a suspended agency', agency(sheriff, 'suspended'), 'CLOSE C12'],
  ])('ends the link and the sign-on of a station now %s', (_, change, close) => {
    const world = new World();
    const peer = world.terminal('DISP1', 'jdoe');
    const other = world.terminal('DISP3', 'poe');
    world.register(change);
    expect(peer.take()).toEqual([close]);
    expect([...world.state.ledger.signOns.keys()]).toEqual(['DISP3']);
    expect(other.take()).toEqual([]);
  });

  it('leaves alone whom it does not concern', () => {
    const world = new World();
    const peer = world.terminal('DISP1', 'jdoe');
    world.register(agency(police, 'suspended'));
    expect(peer.take()).toEqual([]);
  });
});

// The state's switch: what it refuses, where it passes a message on, in which dialect, and to whom the answers go.

import { describe, expect, it } from 'vitest';
import type { DirectoryEntry } from '#src/sim/state/directory';
import type { HostName } from '#src/sim/state/routes';
import { entry, HubWorld, mnemonic } from './hub-world.ts';

const directory: readonly DirectoryEntry[] = [
  entry('QZ01', 'CA0990100', { station: 'COUNTY' }),
  entry('QZ02', 'CA0990200', { station: 'OTHER', keys: ['AM', 'basic-inquiry'] }),
  entry('QZ03', 'CA0990100', { station: 'COUNTY', oris: ['CA0990300'] }),
];

describe('a message of a switch', () => {
  it.each([
    ['a mnemonic that nobody has', 'QV.CA0990100.LIC/2ZZZ999', 'QX99', 'COUNTY', { code: 'B04' }],
    ['a mnemonic of another switch', 'QV.CA0990200.LIC/2ZZZ999', 'QZ02', 'COUNTY', { code: 'B04' }],
    [
      'an octet that is no text',
      'QV.CA0990100.LIC/\x01',
      'QZ01',
      'COUNTY',
      { code: 'X02', at: 32 },
    ],
    [
      'a key that nobody takes',
      'ZZZ.CA0990100.LIC/2ZZZ999',
      'QZ01',
      'COUNTY',
      { code: 'X03', at: 15 },
    ],
    [
      'a key of the switch itself',
      'SM.CA0990100.02.DOWN',
      'QZ01',
      'COUNTY',
      { code: 'X03', at: 15 },
    ],
    ['an agency that is none', 'QV.CA1.LIC/2ZZZ999', 'QZ01', 'COUNTY', { code: 'X04', at: 18 }],
    ['an agency of another', 'QV.CA0990200.LIC/2ZZZ999', 'QZ01', 'COUNTY', { code: 'X05', at: 18 }],
    ['a key it may not use', 'EV.CA0990200.LIC/2ZZZ999', 'QZ02', 'OTHER', { code: 'H22', at: 15 }],
    [
      'a destination that is not there',
      'AM.CA0990100.CA0990900.TXT\r\nHI',
      'QZ01',
      'COUNTY',
      { code: 'B01', at: 28 },
    ],
  ])('with %s is refused by its code', (_what, text, name, station, reject) => {
    const world = new HubWorld({ directory });
    expect(world.send(text, { mnemonic: mnemonic(name), station, suphdr: 'AB1234' })).toEqual(
      reject,
    );
    expect([...world.behind.values()].flatMap(({ heard }) => heard)).toEqual([]);
    const [row] = world.journal.search({ oif: 'J10442', count: 1 });
    expect(row?.outcome ?? 'refused').toBe('refused');
    expect(row?.code ?? reject.code).toBe(reject.code);
  });

  it('may speak for every agency of its mnemonic, and with every key of a group', () => {
    const world = new HubWorld({ directory });
    expect(world.send('QV.CA0990300.LIC/2ZZZ999', { mnemonic: mnemonic('QZ03') })).toBeUndefined();
    expect(
      world.send('QW.CA0990200.SOC/000990001', { mnemonic: mnemonic('QZ02'), station: 'OTHER' }),
    ).toBeUndefined();
  });

  it('is taken under any mnemonic where there is no directory', () => {
    expect(
      new HubWorld().send('QV.CA0990100.LIC/2ZZZ999', { mnemonic: mnemonic('XX77') }),
    ).toBeUndefined();
  });

  it('is not passed on twice where it comes again flagged (link M7)', () => {
    const world = new HubWorld();
    const one = { suphdr: 'AB1234' };
    world.send('QV.CA0990100.LIC/2ZZZ999', one);
    expect(world.send('QV.CA0990100.LIC/2ZZZ999', { ...one, flags: 1 })).toBeUndefined();
    expect(world.at('ncic').heard.length).toBe(1);
    expect(world.hub.counters.duplicates).toBe(1);
    expect(world.journal.search({ oif: 'J10442', count: 9 }).map(({ outcome }) => outcome)).toEqual(
      ['duplicate', 'taken'],
    );
  });
});

describe('a message is passed on', () => {
  it.each<[string, string, HostName, RegExp]>([
    [
      'an inquiry',
      'QV.CA0990100.LIC/2ZZZ999.LIS/CA',
      'ncic',
      /^1N01([A-Z0-9]{10})\.QV\.CA0990100\.LIC\/2ZZZ999\.LIS\/CA$/,
    ],
    [
      'an entry',
      'EV.CA0990100.LIC/1AAA111',
      'ncic',
      /^1N01[A-Z0-9]{10}\.EV\.CA0990100\.LIC\/1AAA111$/,
    ],
    [
      'without the line of the requester',
      'QW.CA0990100.SOC/000990001\r\nRQR/SMITH.RSN/C 12',
      'ncic',
      /SOC\/000990001$/,
    ],
    [
      'criminal history',
      'QH.CA0990100.NAM/DOE, TESTMAN',
      'history',
      /^2L01[A-Z0-9]{10}\.QH\.CA0990100\./,
    ],
    [
      'a plate of our own state',
      'RQ.CA0990100.CA.TXT\r\nLIC/2ZZZ999',
      'dmv',
      /^RQ\.CA0990100\.CA\.\*[A-Z0-9]{10}\.TXT\r\nLIC\/2ZZZ999$/,
    ],
    [
      'a plate of nowhere in particular',
      'RQ.CA0990100.LIC/2ZZZ999',
      'dmv',
      /^RQ\.CA0990100\.CA\.\*[A-Z0-9]{10}\.TXT\r\nLIC\/2ZZZ999$/,
    ],
    [
      'a plate of another state',
      'RQ.CA0990100.NV.TXT\r\nLIC/2ZZZ999',
      'nlets',
      /^RQ\.CA0990100\.NV\.\*[A-Z0-9]{10}\.TXT\r\nLIC\/2ZZZ999$/,
    ],
    [
      'a licence of two states',
      'DQ.CA0990100.NV,OR.TXT\r\nOLN/Z9',
      'nlets',
      /^DQ\.CA0990100\.NV\.OR\.\*/,
    ],
    ['identity of our own', 'IQ.CA0990100.CA.TXT\r\nNAM/DOE', 'history', /^IQ\.CA0990100\.CA\.\*/],
    ['identity of another', 'IQ.CA0990100.NV.TXT\r\nNAM/DOE', 'nlets', /^IQ\.CA0990100\.NV\.\*/],
    [
      'text to another state',
      'AM.CA0990100.NV0990200.TXT\r\nHELLO',
      'nlets',
      /^AM\.CA0990100\.NV0990200\.\*[A-Z0-9]{10}\.TXT\r\nHELLO$/,
    ],
    [
      'a hit confirmation',
      'YQ.CA0990100.NV0990200.TXT\r\nRTY/SV',
      'nlets',
      /^YQ\.CA0990100\.NV0990200\.\*/,
    ],
  ])('%s goes to its host in the dialect of that host', (_what, text, host, form) => {
    const world = new HubWorld();
    expect(world.send(text)).toBeUndefined();
    for (const [name, { heard }] of world.behind)
      expect(heard.map((each) => [name, each.text])).toEqual(
        name === host ? [[name, expect.stringMatching(form)]] : [],
      );
    expect(world.at(host).heard[0]).toMatchObject({ oif: 'J10442', mnemonic: 'QZ01' });
  });

  it('to two hosts at once, and FINAL is said when both have said their last (link M5)', () => {
    const world = new HubWorld();
    world.send('RQ.CA0990100.CA,NV.TXT\r\nLIC/2ZZZ999', { suphdr: 'AB1234' });
    const { handle } = world.at('dmv');
    expect(world.at('nlets').handle).toBe(handle);
    world.at('nlets').later(`RR.NV0000000.CA0990100.*${handle}.TXT\r\nNONE ON FILE`);
    world.turn();
    world.at('dmv').later(`RR.CADMV0000.CA0990100.*${handle}.TXT\r\nLIC/2ZZZ999`);
    world.turn();
    expect(world.texts).toEqual([
      'QZ01 AB1234 RR.CA0990100.\r\nFROM NV0000000\r\nNONE ON FILE\r\n',
      'QZ01 AB1234 RR.CA0990100.\r\nFROM CADMV0000\r\nLIC/2ZZZ999\r\n FINAL',
    ]);
  });

  it('to more than five states, and FINAL is said when each message has its last answer', () => {
    const world = new HubWorld();
    world.send('RQ.CA0990100.NV,OR,AZ,WA,ID,UT.TXT\r\nLIC/2ZZZ999', { suphdr: 'AB1234' });
    const { handle } = world.at('nlets');
    for (const state of ['ID', 'UT']) {
      world.at('nlets').later(`RR.${state}0000000.CA0990100.*${handle}.TXT\r\nNONE ON FILE`);
      world.turn();
    }
    expect(world.said.map(({ final }) => final)).toEqual([false, true]);
  });

  it('to two states of which one is out of service: FINAL waits for the other', () => {
    const world = new HubWorld();
    world.send('RQ.CA0990100.NV,OR.TXT\r\nLIC/2ZZZ999', { suphdr: 'AB1234' });
    const { handle } = world.at('nlets');
    world.at('nlets').later(`SM.NL0000000.CA0990100.*${handle}.TXT\r\n.04. NV REMOVED`, false);
    world.turn();
    world.at('nlets').later(`RR.OR0000000.CA0990100.*${handle}.TXT\r\nNONE ON FILE`);
    world.turn();
    expect(world.texts).toEqual([
      'QZ01 AB1234 ER.NL0000000.04.NV REMOVED',
      'QZ01 AB1234 RR.CA0990100.\r\nFROM OR0000000\r\nNONE ON FILE\r\n FINAL',
    ]);
  });

  it('to at most five destinations at a time (clets 11)', () => {
    const world = new HubWorld();
    world.send('AM.CA0990100.NV,OR,AZ,WA,ID,UT,NM.TXT\r\nHI');
    expect(world.at('nlets').heard.map(({ text }) => text.split('.*')[0])).toEqual([
      'AM.CA0990100.NV.OR.AZ.WA.ID',
      'AM.CA0990100.UT.NM',
    ]);
  });
});

describe('what a host says', () => {
  const asked = (text: string, host: HostName): { world: HubWorld; handle: string } => {
    const world = new HubWorld({ unasked: 'QZ09' });
    world.send(text, { suphdr: 'AB1234' });
    return { world, handle: world.at(host).handle };
  };

  it('in the dialect of NCIC becomes the lines of link X6', () => {
    const { world, handle } = asked('QV.CA0990100.LIC/2ZZZ999', 'ncic');
    world.at('ncic').later(`1L01${handle}\r\nCA0990100\r\n\r\nMKE/STOLEN VEHICLE\r\nOCA/1\r\n`);
    world.turn();
    expect(world.texts).toEqual([
      'QZ01 AB1234 QV.CA0990100.\r\nMKE/STOLEN VEHICLE\r\nOCA/1\r\n FINAL',
    ]);
  });

  it('in several messages has FINAL on the last', () => {
    const { world, handle } = asked('QV.CA0990100.LIC/2ZZZ999', 'ncic');
    world.at('ncic').later(`1L01${handle}\r\nCA0990100\r\n\r\nONE\r\n`, false);
    world.at('ncic').later(`1L01${handle}\r\nCA0990100\r\n\r\nTWO\r\n`);
    world.turn();
    expect(world.said.map(({ final }) => final)).toEqual([false, true]);
  });

  it('after its last word still goes to the asker, without FINAL', () => {
    const { world, handle } = asked('RQ.CA0990100.NV.TXT\r\nLIC/1', 'nlets');
    for (const line of ['ONE', 'STRAGGLER'])
      world.at('nlets').later(`RR.NV0000000.CA0990100.*${handle}.TXT\r\n${line}`);
    world.turn();
    expect(world.said.map(({ to, final }) => [to.suphdr, final])).toEqual([
      ['AB1234', true],
      ['AB1234', false],
    ]);
  });

  it.each([
    [
      'two clock lines and a line of its own',
      (handle: string) =>
        `RR.NV0000000\r\n09:14 03/02/2031 00731\r\n09:14 03/02/2031 02216 CA0990100\r\n*${handle}\r\nTXT\r\nLIC/1`,
    ],
    [
      'the control field behind the destination',
      (handle: string) =>
        `RR.NV0000000\r\n09:14 03/02/2031 00731\r\n09:14 03/02/2031 02216 CA0990100.*${handle}.TXT\r\nLIC/1`,
    ],
    ['the input form', (handle: string) => `RR.NV0000000.CA0990100.*${handle}.TXT\r\nLIC/1`],
    [
      'a line end and a delete after TXT',
      (handle: string) => `RR.NV0000000.CA0990100.*${handle}.TXT\r\n\x7fLIC/1`,
    ],
  ])('in Nlets with %s is read (nlets 2.1 to 2.3)', (_what, text) => {
    const { world, handle } = asked('RQ.CA0990100.NV.TXT\r\nLIC/1', 'nlets');
    world.at('nlets').later(text(handle));
    world.turn();
    expect(world.texts).toEqual(['QZ01 AB1234 RR.CA0990100.\r\nFROM NV0000000\r\nLIC/1\r\n FINAL']);
  });

  it.each([
    ['.02. NV OUT OF SERVICE', 'SM', 'SM.NL0000000.02.NV OUT OF SERVICE'],
    ['.01. NV DOES NOT TAKE RQ', 'SM', 'ER.NL0000000.01.NV DOES NOT TAKE RQ FINAL'],
    ['.04. NV REMOVED', 'SM', 'ER.NL0000000.04.NV REMOVED FINAL'],
    ['.14. FIELDS MISSING - LIC', 'ER', 'ER.NL0000000.14.FIELDS MISSING - LIC FINAL'],
  ])('about the message itself, %s, becomes link X3', (block, key, text) => {
    const { world, handle } = asked('RQ.CA0990100.NV.TXT\r\nVIN/1', 'nlets');
    world.at('nlets').later(`${key}.NL0000000.CA0990100.*${handle}.TXT\r\n${block}`);
    world.turn();
    expect(world.texts).toEqual([`QZ01 AB1234 ${text}`]);
  });

  it('as an error without a control field is found by the echo of the message (nlets 9.1)', () => {
    const { world, handle } = asked('RQ.CA0990100.NV.TXT\r\nVIN/1', 'nlets');
    world
      .at('nlets')
      .later(
        `ER.NL0000000\r\n09:14 03/02/2031 00731\r\n09:14 03/02/2031 02216 CA0990100\r\nTXT\r\n.14. FIELDS MISSING\r\nORIGINAL MESSAGE\r\nRQ.CA0990100.NV.*${handle}.TXT`,
      );
    world.turn();
    expect(world.texts[0]).toMatch(/^QZ01 AB1234 ER\.NL0000000\.14\.FIELDS MISSING\r\n/);
  });

  it('to nobody is counted, and goes nowhere', () => {
    const { world } = asked('QV.CA0990100.LIC/2ZZZ999', 'ncic');
    world.at('ncic').later('1L01NEVERASKED\r\nCA0990100\r\n\r\nMKE/STOLEN VEHICLE\r\n');
    world.at('ncic').later('no dialect at all');
    world.at('nlets').later('AM.NV0990200.OR0990100.TXT\r\nNOT FOR US');
    world.turn();
    expect([world.texts, world.hub.counters.nobody]).toEqual([[], 3]);
  });
});

describe('what nobody asked for', () => {
  it.each([undefined, directory])(
    'a notice of NCIC to an agency of another state is not ours, and no answer to nobody',
    (entries) => {
      const world = new HubWorld({ ...(entries && { directory: entries }), unasked: 'QZ09' });
      world.at('ncic').later('$.P.\r\nNV0990200\r\n\r\nPURGED\r\n');
      world.turn();
      expect([world.texts, world.hub.counters]).toEqual([
        [],
        { duplicates: 0, nobody: 0, elsewhere: 1, unsolicited: 0 },
      ]);
    },
  );

  const notice = '$.L.\r\nCA0990100\r\n\r\nLOCATED\r\n';
  const text = '$.L.CA0990100.\r\nLOCATED\r\n';

  it('a notice goes to every mnemonic of its agency', () => {
    const world = new HubWorld({ directory });
    world.at('ncic').later(notice);
    world.turn();
    expect(world.said.map(({ to }) => [to.station, to.mnemonic])).toEqual([
      ['COUNTY', 'QZ01'],
      ['COUNTY', 'QZ03'],
    ]);
    expect(world.said[0]).toMatchObject({ text, final: false });
  });

  it('without a directory to the mnemonic that spoke last for the agency, else to the one that is told', () => {
    const world = new HubWorld({ unasked: 'QZ09' });
    world.at('ncic').later(notice);
    world.turn();
    world.send('QV.CA0990100.LIC/2ZZZ999', { mnemonic: mnemonic('QZ05') });
    world.at('ncic').later(notice);
    world.turn();
    expect(world.said.map(({ to }) => to.mnemonic)).toEqual(['QZ09', 'QZ05']);
  });

  it('text of another state goes to the agency it names', () => {
    const world = new HubWorld({ directory });
    world
      .at('nlets')
      .later(
        'AM.NV0990200\r\n09:14 03/02/2031 00731\r\n09:14 03/02/2031 02216 CA0990200\r\nTXT\r\nHELLO',
      );
    world.turn();
    expect(world.said.map(({ to, text: said }) => [to.station, to.mnemonic, said])).toEqual([
      ['OTHER', 'QZ02', 'AM.NV0990200.CA0990200.TXT\r\nHELLO'],
    ]);
  });

  it.each([
    ['a mnemonic', 'QZ02', ['QZ02']],
    ['an agency', 'CA0990100', ['QZ01', 'QZ03']],
    ['two places', 'QZ02,CA0990100', ['QZ02', 'QZ01', 'QZ03']],
  ])('text between stations of our own goes to %s', (_what, to, mnemonics) => {
    const world = new HubWorld({ directory });
    world.send(`AM.CA0990100.${to}.TXT\r\nHELLO`);
    expect(world.said.map((answer) => answer.to.mnemonic)).toEqual(mnemonics);
    expect(world.said[0]?.text).toBe(`AM.CA0990100.${to.split(',')[0] ?? ''}.TXT\r\nHELLO`);
    expect(world.at('nlets').heard).toEqual([]);
  });
});

describe('a host that is out of service', () => {
  it('with storing: the asker is told 02, and it is passed on later, in order (link X3, nlets 9.2)', () => {
    const world = new HubWorld();
    world.hosts.out('ncic', 'hold');
    world.send('QV.CA0990100.LIC/1', { suphdr: 'AB0001' });
    world.send('QV.CA0990100.LIC/2', { suphdr: 'AB0002' });
    expect(world.texts).toEqual([
      'QZ01 AB0001 SM.CA0990000.02.NCIC OUT OF SERVICE, WILL BE FORWARDED',
      'QZ01 AB0002 SM.CA0990000.02.NCIC OUT OF SERVICE, WILL BE FORWARDED',
    ]);
    expect(world.at('ncic').heard).toEqual([]);
    world.hosts.out('ncic', 'up');
    expect(world.at('ncic').heard.map(({ text }) => text.slice(-5))).toEqual(['LIC/1', 'LIC/2']);
    expect(world.status).toEqual(['NCIC held', 'NCIC up']);
  });

  it('without storing: the asker is told 04, with FINAL, and it is never passed on', () => {
    const world = new HubWorld();
    world.hosts.out('ncic', 'remove');
    world.send('QV.CA0990100.LIC/1', { suphdr: 'AB0001' });
    world.hosts.out('ncic', 'up');
    expect(world.texts).toEqual([
      'QZ01 AB0001 ER.CA0990000.04.NCIC OUT OF SERVICE, NOT FORWARDED, SEND AGAIN FINAL',
    ]);
    expect(world.at('ncic').heard).toEqual([]);
    expect(world.status).toEqual(['NCIC down', 'NCIC up']);
  });
});

import { describe, expect, it } from 'vitest';
import { agency, county, mnemonic, ori, person, police, put, sheriff, station } from './county.ts';
import { upAndDown } from './said.ts';
import { World } from './world.ts';

const text = 'QV.CA0990100.LIC/2ZZZ999.LIS/CA';
const many = Array.from({ length: 21 }, () => 'QZ02').join(',');

const refusal = (line: string | undefined): string | undefined => line?.replace(/^REFUSED 1 /, '');

/** What the first MESSAGE of each kind of sender is answered with. */
const fromTerminal = (body: string, more = {}): string | undefined => {
  const world = new World();
  const peer = world.terminal('DISP1', 'jdoe');
  peer.message(body, more);
  return refusal(peer.take()[0]);
};
const fromLimited = (body: string): string | undefined => {
  const world = new World();
  const peer = world.terminal('LIMITED', 'jdoe');
  peer.message(body);
  return refusal(peer.take()[0]);
};
const fromHost = (body: string, of = 'QC01'): string | undefined => {
  const world = new World({}, [...county, person('off', 'O10000', { state: 'disabled' })]);
  const peer = world.connect('CAD1');
  peer.take();
  peer.message(body, { mnemonic: mnemonic(of) });
  return refusal(peer.take()[0]);
};

describe('a terminal (link E4, X2)', () => {
  it.each([
    ['leaves out OIF and TAF', `AB12.${text}`, 'ACK 1'],
    ['sends its own OIF', `AB12.*J10442.${text}`, 'ACK 1'],
    ['sends its own OIF and TAF', `AB12.*J10442.#010020003045113AB7.${text}`, 'ACK 1'],
    ['sends a header that is none', 'AB1.QV', 'H02 @3'],
    ['sends nothing after the header', 'AB12.', 'H20 @5'],
    ["sends another's OIF", `AB12.*M20817.${text}`, 'H17 @5'],
    ["sends another's TAF", `AB12.*J10442.#223BC8.${text}`, 'H18 @13'],
    ['sends a wrong octet', `AB12.${text}\x07`, 'X02 @36'],
    ['sends a key that is not known', 'AB12.ZZZZ.CA0990100.', 'X03 @5'],
    ["sends the switch's own key", 'AB12.SM.CA0990100.02.NO', 'X03 @5'],
    ['sends a malformed ORI', 'AB12.QV.ca0990100.LIC/1', 'X04 @8'],
    ["sends another agency's ORI", 'AB12.QV.CA0990200.LIC/1', 'X05 @8'],
    ['sends a key that is not for the user', 'AB12.DQ.CA0990100.CA.TXT', 'H22 @5'],
    ['sends to 21 destinations', `AB12.AM.CA0990100.${many}.TXT\r\nHI`, 'B03'],
    ['sends to nobody', 'AB12.AM.CA0990100.', 'B01 @18'],
    ['sends to a mnemonic nobody has', 'AB12.AM.CA0990100.QZ02,QZ77.TXT\r\nHI', 'B01 @23'],
    ['sends to an agency of ours nobody has', 'AB12.AM.CA0990100.CA0997700.TXT\r\nHI', 'B01 @18'],
    ['sends to an agency without a terminal', 'AB12.AM.CA0990100.CA0990900.TXT\r\nHI', 'B01 @18'],
    ['sends to a group nobody has', 'AB12.AM.CA0990100.ALLCARS.TXT\r\nHI', 'B01 @18'],
    ['sends what a destination never takes', 'AB12.AM.CA0990100.QZ02,QX01.TXT\r\nHI', 'B02 @23'],
    ['sends too long for the next link', `AB12.${text}.MIS/${'X'.repeat(4096 - 70)}`, 'X09'],
    [
      'sends as long as it may be',
      `AB12.${text}.MIS/${'X'.repeat(4096 - 39 - text.length - 5)}`,
      'ACK 1',
    ],
    ['sends one octet more', `AB12.${text}.MIS/${'X'.repeat(4096 - 39 - text.length - 4)}`, 'X09'],
  ])('that %s is answered with its code and offset', (_, body, answer) => {
    expect(fromTerminal(body)).toBe(answer);
  });

  it.each([
    ['U09 before B04 and H02', 'bad', 'U09'],
    ['B04 before H02', 'bad', 'B04'],
  ])('is judged by %s (link M1)', (_, body, code) => {
    const world = new World();
    const peer = code === 'U09' ? world.connect('DISP1') : world.terminal('DISP1', 'jdoe');
    peer.take();
    peer.message(body, { mnemonic: mnemonic('QZ02') });
    expect(refusal(peer.take()[0])).toBe(code);
    expect(world.kinds('security')).toHaveLength(code === 'B04' ? 1 : 0);
  });

  it.each([
    ['the header before its OIF', 'AB12.*M20817.', 'H20 @13'],
    ['H17 before H18', `AB12.*M20817.#223BC8.${text}`, 'H17 @5'],
    ['H18 before X02', 'AB12.*J10442.#223BC8.\x07', 'H18 @13'],
    ['X02 before X03', 'AB12.ZZZZ.\x07', 'X02 @10'],
    ['X03 before X04', 'AB12.ZZZZ.bad', 'X03 @5'],
    ['X04 before X05', 'AB12.QV.CA099', 'X04 @8'],
    ['X05 before H22', 'AB12.DQ.CA0990200.CA.TXT', 'X05 @8'],
    ['H22 before X08', 'AB12.DQ.CA0990100.CA.TXT', 'H22 @5'],
    ['X05 before X08', 'AB12.QV.CA0990200.LIS/CA', 'X05 @8'],
    ['X08 before X09', `AB12.QV.CA0990100.${'X'.repeat(4090)}`, 'X08 @18'],
    ['B03 before B01', `AB12.AM.CA0990100.QZ77,${many}.TXT\r\nHI`, 'B03'],
    ['B01 before B02, wherever they stand', 'AB12.AM.CA0990100.QX01,QZ77.TXT\r\nHI', 'B01 @23'],
    ['B02 before X09', `AB12.AM.CA0990100.QX01.TXT\r\n${'X'.repeat(4070)}`, 'B02 @18'],
  ])('is judged by %s (link M1, X2)', (_, body, answer) => {
    expect(fromTerminal(body)).toBe(answer);
  });

  it('is bound by what its mnemonic may send, after the ORI and before the destinations (H22)', () => {
    expect(fromLimited(`AB12.${text}`)).toBe('ACK 1');
    expect(fromLimited('AB12.AM.CA0990100.QZ77.TXT\r\nHI')).toBe('H22 @5');
    expect(fromLimited('AB12.AM.CA0990200.QZ77.TXT\r\nHI')).toBe('X05 @8');
  });

  it('may use the further ORIs of its agency (X05)', () => {
    const world = new World({}, [
      ...county,
      put('agency', sheriff, {
        ori: sheriff,
        name: 'x',
        state: 'active',
        mayUse: [ori('CA0990150')],
      }),
    ]);
    const peer = world.terminal('DISP1', 'jdoe');
    peer.message('AB12.QV.CA0990150.LIC/1');
    expect(peer.take()[0]).toBe('ACK 1');
  });

  it('sends for its user what the borrowed mnemonic leaves open: the agency of the user', () => {
    const world = new World();
    const peer = world.terminal('MDT1', 'jdoe', { pool: 'MDT' });
    peer.message(`AB12.${text}`);
    expect(world.kinds('received')).toMatchObject([
      { agency: 'CA0990100', mnemonic: 'QM01', pool: 'MDT', user: 'jdoe', oif: 'J10442' },
      { mke: 'SM' },
    ]);
  });
});

describe('a host (link E5)', () => {
  const taf = '#223BC8.';
  it.each([
    ['an OIF alone, where no TAF is required', `AB12.*J10442.${text}`, 'QC01', 'ACK 1'],
    ['an OIF and a TAF of its devices', `AB12.*J10442.${taf}${text}`, 'QC01', 'ACK 1'],
    ['no OIF', `AB12.${text}`, 'QC01', 'H05 @5'],
    ['no TAF where its mnemonic requires one', `AB12.*J10442.${text}`, 'QC02', 'H16 @13'],
    ['an unknown OIF', `AB12.*X99999.${text}`, 'QC01', 'H19 @5'],
    ['the OIF of a disabled person', `AB12.*O10000.${text}`, 'QC01', 'H19 @5'],
    ['the OIF of another agency', `AB12.*P40404.${text}`, 'QC01', 'H19 @5'],
    [
      "a TAF that is not its device's",
      `AB12.*J10442.#010020003045113AB7.${text}`,
      'QC01',
      'H18 @13',
    ],
    ['H16 before H19', `AB12.*X99999.${text}`, 'QC02', 'H16 @13'],
    ['H19 before H18', `AB12.*X99999.#ABCDEF.${text}`, 'QC01', 'H19 @5'],
    ['H18 before X02', 'AB12.*J10442.#ABCDEF.\x07', 'QC01', 'H18 @13'],
    ["a mnemonic that is not the station's", 'bad', 'QZ01', 'B04'],
  ])('that sends %s is answered with its code and offset', (_, body, of, answer) => {
    expect(fromHost(body, of)).toBe(answer);
  });

  it('that speaks for a person of a suspended agency is answered H19', () => {
    const host = station('CAD1', { role: 'host', agency: sheriff, mnemonics: [mnemonic('QZ03')] });
    const world = new World({}, [...county, host, agency(police, 'suspended')]);
    const peer = world.connect('CAD1');
    peer.message(`AB12.*P40404.${text}`);
    expect(peer.take().at(-1)).toBe('REFUSED 1 H19 @5');
  });

  it('that breaks H17, H18, H19 or B04 is a security event', () => {
    const world = new World();
    const peer = world.connect('CAD1');
    peer.message(`AB12.*X99999.${text}`).message(`AB12.*J10442.#ABCDEF.${text}`);
    peer.message('bad', { mnemonic: mnemonic('QZ01') }).message('bad');
    expect(world.kinds('security')).toMatchObject([
      { code: 'H19' },
      { code: 'H18' },
      { code: 'B04' },
    ]);
    expect(world.kinds('refused')).toHaveLength(4);
  });
});

describe('a refusal', () => {
  it('is journalled whole, with who sent it, before it is said', () => {
    const world = new World();
    const peer = world.terminal('DISP1', 'jdoe');
    peer.message(`AB12.*M20817.${text}`);
    const stored = world.entries.find(({ entry }) => entry.kind === 'refused');
    expect(new TextDecoder().decode(stored?.body)).toBe(`AB12.*M20817.${text}`);
    expect(stored?.entry).toMatchObject({
      ...{ code: 'H17', at: 5, station: 'DISP1', mnemonic: 'QZ01', number: 1, user: 'jdoe' },
      ...{ suphdr: 'AB12', outcome: 'refused', session: peer.session },
    });
    expect(peer.frames.at(-1)?.json['ref']).toBe(stored?.entry.entry);
  });
});

describe('what is taken', () => {
  it('carries every column of the contract', () => {
    const world = new World();
    const peer = world.terminal('DISP1', 'jdoe');
    peer.message(`AB12.${text}\r\nRQR/SGT TESTMAN.SEC/UNIT 7.RSN/C 27-0042`);
    expect(world.kinds('received')[0]).toMatchObject({
      ...{ direction: 'in', thread: 6, station: 'DISP1', mnemonic: 'QZ01', number: 1 },
      ...{ user: 'jdoe', oif: 'J10442', taf: '010020003045113AB7', agency: 'CA0990100' },
      ...{ ori: 'CA0990100', mke: 'QV', suphdr: 'AB12', class: 3, outcome: 'accepted' },
      ...{ requester: 'SGT TESTMAN', recipient: 'UNIT 7', purpose: 'C', case: '27-0042' },
      fields: { LIC: ['2ZZZ999'] },
      ...{ session: peer.session, peer: '10.9.9.1' },
    });
  });

  it('carries the pool of a borrowed mnemonic', () => {
    const world = new World();
    const peer = world.terminal('MDT1', 'jdoe', { pool: 'MDT' });
    peer.message(`AB12.${text}`);
    expect(world.kinds('received')[0]).toMatchObject({ mnemonic: 'QM01', pool: 'MDT' });
  });

  it('carries session and peer of each link it goes over, there and back', () => {
    const world = new World();
    const { state, peer } = upAndDown(world);
    peer.message(`AB12.${text}`);
    state.ack().answer('QV.CA0990100.\r\nNO RECORD\r\n');
    peer.ack();
    const up = { upstream: 'STATE', session: state.session, peer: '10.9.9.9' };
    const down = { station: 'DISP1', session: peer.session, peer: '10.9.9.1' };
    const way = ['received', 'sent', 'delivered'].flatMap((kind) => world.kinds(kind));
    expect(way.toSorted((a, b) => a.entry - b.entry)).toMatchObject([
      { kind: 'received', direction: 'in', ...down },
      { kind: 'sent', direction: 'out', ...up },
      { kind: 'delivered', direction: 'out', ...up },
      { kind: 'received', direction: 'up-in', ...up },
      { kind: 'sent', direction: 'down', ...down },
      { kind: 'delivered', direction: 'down', ...down },
    ]);
  });

  it('takes its class from the key table and one field, never from the frame (link M6a)', () => {
    const world = new World();
    const peer = world.terminal('DISP1', 'jdoe');
    for (const level of ['U', 'R'])
      peer.message(`AB12.YQ.CA0990100.QZ02.TXT\r\nPRI/${level}.NIC/V1`, { class: 7 });
    expect(world.kinds('received').map((entry) => entry.class)).toEqual([2, 5]);
  });
});

describe('the fields of a text (X08)', () => {
  it.each([
    ['a value that breaks its edit', 'QV.CA0990100.LIC/2ZZZ999.LIS/CAL', 'LIS', 30],
    ['a day that does not exist', 'QW.CA0990100.NAM/DOE, TESTMAN.DOB/19700231', 'DOB', 35],
    ['what is missing, at the end', 'QV.CA0990100.LIS/CA', 'LIC', 24],
    [
      'what is missing, before the line of the requester',
      'QV.CA0990100.LIS/CA\r\nRQR/SMITH.RSN/CASE 12',
      'LIC',
      24,
    ],
    ['a value that has no place', 'QV.CA0990100.2ZZZ999', undefined, 18],
  ])('%s is refused with field and place, and journalled so', (_, line, field, at) => {
    const world = new World();
    const peer = world.terminal('DISP1', 'jdoe');
    peer.message(`AB12.${line}`);
    expect(refusal(peer.take()[0])).toBe(`X08 @${at}`);
    const [entry] = world.kinds('refused');
    expect(entry).toMatchObject({ code: 'X08', at, outcome: 'refused', user: 'jdoe' });
    expect(entry?.kind === 'refused' && entry.field).toBe(field);
    // Nothing of it goes upstream.
    expect(world.kinds('received').filter(({ mke }) => mke !== 'SM')).toEqual([]);
  });

  it('of a key that the host edits alone are not judged here', () => {
    expect(fromTerminal('AB12.YQ.CA0990100.NV0990200.TXT\r\nRTY/XX')).toBe('ACK 1');
  });
});

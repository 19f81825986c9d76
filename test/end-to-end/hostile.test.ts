// Bad input over real sockets: each is refused with its code, journalled, and others are served meanwhile.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthority, issueCertificate } from '#src/access/certificate';
import { parseClose } from '#protocol/control';
import { controlFrame, formatFrame, frameHeaderBytes, type Frame } from '#protocol/frame';
import { parseMnemonic } from '#protocol/ids';
import { asciiBytes, concatBytes } from '#protocol/octets';
import { connectRaw, type RawLink } from '#src/sim/raw';
import type { Station } from '#src/sim/station';
import { openWorld, until, type World } from '#support/world';

let world: World;
/** A good terminal beside every bad one: it is served before, while and after. */
let good: Station;
beforeAll(async () => {
  world = await openWorld();
  good = (await world.signOn('DEMO-DISP-02', 'mroe')).station;
});
afterAll(() => world.close());

const question = 'QV.CA0990100.LIC/2ZZZ999.LIS/CA';

async function othersAreServed(): Promise<void> {
  expect(await good.request(question)).toMatchObject({ kind: 'answered' });
}

function raw(name = 'DEMO-DISP-01'): Promise<RawLink> {
  return connectRaw(world.options(name));
}

const hello = {
  protocol: [1],
  station: 'DEMO-DISP-01',
  role: 'terminal',
  software: 'test',
  received: 0,
};
const helloFrame = controlFrame('HELLO', hello);
const refusal = JSON.stringify({ code: 'R02', text: 'cannot show it' });

async function greeted(name = 'DEMO-DISP-01'): Promise<RawLink> {
  const link = await raw(name);
  const { role } = world.station(name);
  link.write(controlFrame('HELLO', { ...hello, station: name, role }));
  expect((await link.next())?.type).toBe('WELCOME');
  return link;
}

async function closeCode(link: RawLink): Promise<string | undefined> {
  for (let frame = await link.next(); frame !== undefined; frame = await link.next()) {
    if (frame.type !== 'CLOSE') continue;
    const close = parseClose(frame.body);
    link.end();
    return close.ok ? close.value.code : 'malformed';
  }
  return undefined;
}

/** The newest entry that a case was found by: what comes later belongs to a later case. */
let seen = 0;

/** One security event says what was closed: whose certificate, why, and the length and digest of the octets. */
async function expectJournalled(code: string, station = 'DEMO-DISP-01'): Promise<void> {
  const later = ['--entry', `${seen + 1}..`, '--event', 'security', '--event', 'turned-away'];
  const rows = await world.entries('--station', station, '--code', code, ...later);
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({ kind: 'event', station, code });
  expect(rows[0]?.['bytes']).toBeGreaterThan(0);
  expect(rows[0]?.['digest']).toMatch(/^[0-9a-f]{64}$/);
  seen = Number(rows[0]?.['entry']);
}

/** A frame header that claims more than it carries, or less. */
function claim(octets: Uint8Array, length: number): Uint8Array {
  const claimed = octets.slice();
  new DataView(claimed.buffer).setUint32(12, length);
  return claimed;
}

describe('before HELLO', () => {
  it.each([
    [
      'octets that are not the protocol',
      asciiBytes('GET / HTTP/1.1\r\nHost: switch\r\n\r\n'),
      'C01',
    ],
    ['a frame that claims two gigabytes', claim(helloFrame, 0x7fffffff), 'C03'],
    ['anything but HELLO', controlFrame('SIGN_OFF', {}), 'C04'],
    ['JSON cut short', withBody('{"protocol":[1]'), 'C01'],
    ['JSON that is no object', withBody('[1]'), 'C01'],
    ['a member twice', withBody('{"protocol":[1],"protocol":[1]}'), 'C01'],
    ['a null', withBody('{"protocol":null}'), 'C01'],
    ['a member missing', withBody('{"protocol":[1],"role":"terminal"}'), 'C01'],
    ['a wrong type', withBody(JSON.stringify({ ...hello, software: 7 })), 'C01'],
    ['a fraction', withBody(JSON.stringify(hello).replace('[1]', '[1.5]')), 'C01'],
    ['nesting over four', withBody(JSON.stringify({ ...hello, more: [[[[[1]]]]] })), 'C01'],
    ['a control character', withBody(JSON.stringify({ ...hello, software: 'a\u0007' })), 'C01'],
    ['an exponent', withBody(JSON.stringify(hello).replace(/0}$/, '1e0}')), 'C01'],
    ['a number over 4294967295', controlFrame('HELLO', { ...hello, received: 4294967296 }), 'C01'],
    ['a string over 128', controlFrame('HELLO', { ...hello, software: 'x'.repeat(129) }), 'C01'],
    ['an empty string', controlFrame('HELLO', { ...hello, software: '' }), 'C01'],
    ['octets that are not UTF-8', withOctets(Uint8Array.of(0x7b, 0xff, 0x7d)), 'C01'],
    ['a byte order mark', withBody(`\ufeff${JSON.stringify(hello)}`), 'C01'],
    ['a protocol nobody speaks', controlFrame('HELLO', { ...hello, protocol: [2] }), 'C06'],
    ['another role', controlFrame('HELLO', { ...hello, role: 'host' }), 'C02'],
    ["another station's name", controlFrame('HELLO', { ...hello, station: 'DEMO-DISP-03' }), 'C02'],
    ['an unknown station', controlFrame('HELLO', { ...hello, station: 'NOBODY' }), 'C02'],
  ])('%s is closed with its code', async (_, octets, code) => {
    const link = await raw();
    link.write(octets);
    expect(await closeCode(link)).toBe(code);
    await othersAreServed();
    await expectJournalled(code);
  });
});

describe('after WELCOME', () => {
  it.each([
    ['a second HELLO', helloFrame, 'C04'],
    ['what only the switch may send', controlFrame('SIGNED_ON', {}), 'C04'],
    ['a number above the next one', message(7, 'AB12.QV'), 'C10'],
    ['a refusal of nothing', withBody(refusal, { type: 'REFUSED', number: 9 }), 'C10'],
    ['ten megabytes claimed', claim(message(1, 'A'), 10_000_000), 'C03'],
    ['SIGN_ON without a password', controlFrame('SIGN_ON', { user: 'jdoe' }), 'C01'],
    ['a SIGN_ON that is no JSON', withBody('{"user":', { type: 'SIGN_ON' }), 'C01'],
    ['a REFUSED that is no JSON', withBody('{"code":', { type: 'REFUSED', number: 1 }), 'C01'],
    ['a CLOSE that is no JSON', withBody('{"code":', { type: 'CLOSE' }), 'C01'],
  ])('%s is closed with its code', async (_, octets, code) => {
    const link = await greeted();
    link.write(octets);
    expect(await closeCode(link)).toBe(code);
    await othersAreServed();
    await expectJournalled(code);
  });

  it('an acknowledgement of nothing is closed with its code', async () => {
    const link = await greeted();
    link.write(formatFrame({ ...plain, type: 'ACK', number: 9 }));
    expect(await closeCode(link)).toBe('C10');
    await othersAreServed();
    // An ACK has no body that could have a digest.
    const rows = await world.entries('--station', 'DEMO-DISP-01', '--event', 'security');
    expect(rows.at(-1)).toMatchObject({ code: 'C10', station: 'DEMO-DISP-01' });
    seen = Number(rows.at(-1)?.['entry']);
  });

  it('a message with nobody signed on is refused U09 and the line stays', async () => {
    const link = await greeted();
    link.write(message(1, `AB12.${question}`));
    expect(await link.next()).toMatchObject({ type: 'REFUSED', number: 1 });
    link.write(message(2, `AB12.${question}`));
    expect(await link.next()).toMatchObject({ type: 'REFUSED', number: 2 });
    await othersAreServed();
    link.end();
    const rows = await world.entries('--station', 'DEMO-DISP-01', '--code', 'U09');
    expect(rows[0]).toMatchObject({ kind: 'refused', number: 1, bytes: 5 + question.length });
  });

  it('ten megabytes without a period are refused by their frames, a message at a time', async () => {
    const { station } = await world.signOn('DEMO-DISP-01', 'jdoe');
    const body = new Uint8Array(32 * 1024).fill(0x41);
    const codes: string[] = [];
    station.on('refused', (_, refused) => codes.push(refused.code));
    for (let sent = 0; sent < 320; sent += 1) station.send('QZ01', body);
    // Above 200 in a minute they are still answered; above 1,000 the link would go (link S12).
    await until('320 refusals', () => (codes.length === 320 ? true : undefined));
    expect(new Set(codes)).toEqual(new Set(['H03']));
    await othersAreServed();
    await station.leave();
    const rows = await world.entries(
      '--kind',
      'refused',
      '--code',
      'H03',
      '--text',
      '--reason',
      'test',
    );
    expect(rows).toHaveLength(320);
    expect(
      rows.every(
        (row) => row['bytes'] === body.length && /^[0-9a-f]{64}$/.test(String(row['digest'])),
      ),
    ).toBe(true);
    // The first two hundred with their octets, the rest without (U09 above counts too).
    const kept = rows.filter((row) => row['text'] !== undefined).length;
    expect(kept).toBeGreaterThan(190);
    expect(kept).toBeLessThanOrEqual(200);
  });

  it.each([
    ['an unknown key', 'AB12.ZZZZ.CA0990100.LIC/1', 'X03', 5],
    ['a malformed ORI', 'AB12.QV.CA09901.LIC/1', 'X04', 8],
    ["another agency's ORI", 'AB12.QV.CA0990200.LIC/1', 'X05', 8],
    ['an octet beyond 7E', 'AB12.QV.CA0990100.LIC/\u00e9', 'X02', 22],
    ["somebody else's operator", 'AB12.*M20817.QV.CA0990100.LIC/1', 'H17', 5],
    ['an unknown destination', 'AB12.AM.CA0990100.ZZ99.TXT\r\nHI', 'B01', 18],
  ])('%s is refused with code and offset, and the line stays', async (_, text, code, at) => {
    const { station } = await world.signOn('DEMO-DISP-01', 'jdoe');
    const refused = new Promise((resolve) =>
      station.once('refused', (_message, why) => resolve(why)),
    );
    station.send(
      'QZ01',
      Uint8Array.from(text, (character) => character.charCodeAt(0)),
    );
    const why = await refused;
    expect(why).toMatchObject({ code, at });
    await othersAreServed();
    await station.leave();
    const [row] = await world.entries('--entry', String((why as { ref: number }).ref));
    expect(row).toMatchObject({ kind: 'refused', code, user: 'jdoe', station: 'DEMO-DISP-01' });
  });

  it('a frame split over many TLS records is one frame', async () => {
    const link = await greeted();
    for (const octet of message(1, `AB12.${question}`)) link.write(Uint8Array.of(octet));
    expect(await link.next()).toMatchObject({ type: 'REFUSED', number: 1 });
    await othersAreServed();
    link.end();
  });

  it('a second connection of a station takes the place of the first (link S3)', async () => {
    const first = await greeted();
    const second = await greeted();
    expect(await closeCode(first)).toBe('C09');
    second.write(message(1, `AB12.${question}`));
    expect(await second.next()).toMatchObject({ type: 'REFUSED' });
    await othersAreServed();
    second.end();
    const [row] = await world.entries('--event', 'link-down', '--code', 'C09');
    expect(row).toMatchObject({ station: 'DEMO-DISP-01' });
  });

  it('an unknown user is refused as a wrong password, and the name is nowhere (link S7c)', async () => {
    const station = await world.connect('DEMO-DISP-01');
    const user = 'nosuchperson';
    expect(await station.signOn({ user, password: 'whatever' })).toMatchObject({ code: 'U01' });
    await othersAreServed();
    await station.leave();
    const [row] = await world.entries('--event', 'sign-on-failed');
    const digest = createHash('sha256').update(user).digest('hex');
    expect(row).toMatchObject({ station: 'DEMO-DISP-01', code: 'U01', digest });
    expect(row).not.toHaveProperty('user');
    expect(JSON.stringify(await world.entries('--text', '--reason', 'test'))).not.toContain(user);
    expect(filesWith(user)).toEqual([]);
  });

  it('the refusal after a thousand in one minute ends the link, and HELLO hears C17 (link S12)', async () => {
    const host = await world.connect('DEMO-CAD-01');
    let refused = 0;
    host.on('refused', () => (refused += 1));
    const closed = new Promise((resolve) => host.once('close', resolve));
    for (let sent = 0; sent <= 1_001; sent += 1) host.send('QC01', 'AB12..');
    expect(await closed).toMatchObject({ code: 'C17' });
    expect(refused).toBe(1_001);
    const again = await raw('DEMO-CAD-01');
    again.write(controlFrame('HELLO', { ...hello, station: 'DEMO-CAD-01', role: 'host' }));
    expect(await closeCode(again)).toBe('C17');
    await othersAreServed();
    await expectJournalled('C17', 'DEMO-CAD-01');
    const only = ['--station', 'DEMO-CAD-01', '--kind', 'refused'];
    const rows = await world.entries(...only, '--text', '--reason', 'test');
    expect(rows).toHaveLength(1_001);
    expect(rows.every((row) => row['code'] === 'H15' && row['bytes'] === 6)).toBe(true);
    expect(rows.filter((row) => row['text'] !== undefined)).toHaveLength(200);
  });
});

describe('a certificate', () => {
  const now = new Date();
  it.each(['foreign', 'wrong usage', 'expired', 'not enrolled', 'none'])(
    '%s is not let in, and others are served',
    async (kind) => {
      const { cert, key } = await badCertificate(kind, now);
      const { host, port, ca } = world.options('DEMO-DISP-01');
      const socket = connectTls({ host, port, ca, cert, key, minVersion: 'TLSv1.3' });
      const chunks: Buffer[] = [];
      socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      socket.on('error', () => socket.destroy());
      socket.once('secureConnect', () => socket.write(helloFrame));
      await new Promise((resolve) => socket.once('close', resolve));
      const said = concatBytes(...chunks);
      // TLS ends it with an alert; an unknown fingerprint of our own authority hears C02 (link S2).
      if (kind === 'not enrolled') {
        const close = parseClose(said.subarray(frameHeaderBytes));
        expect(close.ok && close.value.code).toBe('C02');
        await expectJournalled('C02');
      } else expect(said).toHaveLength(0);
      await othersAreServed();
    },
  );

  it('TLS 1.2 is not spoken', async () => {
    const { host, port, ca, cert, key } = world.options('DEMO-DISP-01');
    const socket = connectTls({ host, port, ca, cert, key, maxVersion: 'TLSv1.2' });
    const failed = await new Promise<Error>((resolve) => socket.once('error', resolve));
    expect(failed).toMatchObject({ code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' });
    await othersAreServed();
  });
});

describe('a silent connection', () => {
  it('is gone after ten seconds, and the switch serves on (link S1)', async () => {
    const began = performance.now();
    const sockets = Array.from({ length: 20 }, () => connectTcp(addressOfSwitch()));
    for (const socket of sockets) socket.on('error', () => socket.destroy()).resume();
    await othersAreServed();
    await Promise.all(
      sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve))),
    );
    expect(performance.now() - began).toBeLessThan(15_000);
  });
});

describe('whoever never became a link', () => {
  it('is counted by address, and the count is journalled at the latest when the switch stops', async () => {
    // Certificates that TLS refused, TLS 1.2 and silence above; by itself it is written once a minute.
    const refused = connectTcp({ ...addressOfSwitch(), timeout: 10_000 });
    refused.end('no TLS at all').resume();
    await new Promise((resolve) => refused.once('close', resolve));
    expect(await world.stop()).toBeNull();
    await world.restart();
    const rows = await world.entries('--event', 'turned-away');
    const counted = rows.filter((row) => row['station'] === undefined);
    expect(counted.map((row) => row['peer'])).toContain('127.0.0.1');
  });
});

const plain = { flags: 0, class: 0, mnemonic: undefined, body: new Uint8Array() } as const;

function message(number: number, text: string): Uint8Array {
  const frame: Frame = {
    type: 'MESSAGE',
    flags: 0,
    class: 0,
    number,
    mnemonic: parseMnemonic('QZ01'),
    body: asciiBytes(text),
  };
  return formatFrame(frame);
}

function withBody(text: string, further: Partial<Frame> = {}): Uint8Array {
  return withOctets(new TextEncoder().encode(text), further);
}

function withOctets(body: Uint8Array, further: Partial<Frame> = {}): Uint8Array {
  return formatFrame({ ...plain, type: 'HELLO', number: 0, body, ...further });
}

function addressOfSwitch(): { readonly host: string; readonly port: number } {
  const { host, port } = world.options('DEMO-DISP-01');
  return { host, port };
}

/** Files of the installation that hold these octets. */
function filesWith(octets: string): readonly string[] {
  return readdirSync(world.folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(world.folder, name))
    .filter((name) => statSync(name).isFile() && readFileSync(name, 'latin1').includes(octets));
}

async function badCertificate(kind: string, now: Date): Promise<{ cert?: string; key?: string }> {
  if (kind === 'none') return {};
  const own = {
    certificatePem: readFileSync(world.demo.ca, 'utf8'),
    keyPem: readFileSync(world.demo.ca.replace(/[^/]+$/, 'ca.key'), 'utf8'),
  };
  const foreign = kind === 'foreign' ? await createAuthority({ name: 'Elsewhere', now }) : own;
  const usage = kind === 'wrong usage' ? 'switch' : 'station';
  const past = new Date(now.getTime() - 30 * 86_400_000);
  const expired = kind === 'expired' ? { now: past, days: 1 } : { now };
  const issued = await issueCertificate({
    authority: foreign,
    subject: 'DEMO-DISP-01',
    usage,
    ...expired,
  });
  return { cert: issued.certificatePem, key: issued.keyPem };
}

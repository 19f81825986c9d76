// The simulated state host keeps the link protocol: sessions, window, and what it refuses.

import { once } from 'node:events';
import { connect } from 'node:tls';
import { describe, expect, it } from 'vitest';
import type { Close } from '#protocol/control';
import {
  ackFrame,
  controlFrame,
  flagFinal,
  flagPossibleDuplicate,
  messageFrame,
} from '#protocol/frame';
import { parseMnemonic } from '#protocol/ids';
import { asciiBytes, latin1 } from '#protocol/octets';
import type { RawLink } from '#src/sim/raw';
import type { Received } from '#src/sim/request';
import { SimAuthority } from '#support/sim-world';
import { collect, County, hit, miss, window } from './county.ts';

const county = new County();

describe('a session', () => {
  it('goes on after the line was lost: what was not handled comes again, flagged', async () => {
    const first = await county.connect({ autoAck: false });
    await collect(first, 2, () => {
      first.send('QZ01', `AB12.${hit}`);
      first.send('QZ01', `AB13.${miss}`);
    });
    first.acknowledge(1);
    await county.host.command('show');
    first.cut();
    const second = await county.connect({ session: first.session });
    expect(second.welcome).toMatchObject({ resumed: true, received: 2 });
    const [again] = await collect(second, 1);
    expect(again).toMatchObject({ number: 2, flags: flagFinal | flagPossibleDuplicate });
    expect(latin1(again?.body ?? new Uint8Array())).toContain('AB13.');
  });

  it('takes what a station repeats once only, and keeps a request that waits over the loss', async () => {
    const first = await county.connect();
    await county.host.command('acks off');
    const asked = first.request(hit, { mnemonic: 'QZ01' });
    await county.host.command('show');
    await county.host.command('drop');
    first.cut();
    await county.host.command('acks on');
    const second = await county.connect({ session: first.session });
    expect(second.welcome.resumed).toBe(true);
    const { kind, answers } = await asked;
    expect([kind, answers.length]).toEqual(['answered', 1]);
  });

  it('is not resumed under a name that is not its own', async () => {
    const first = await county.connect();
    const raw = await county.greet({ session: 'x'.repeat(22), received: 0 });
    const welcome = JSON.parse(latin1((await raw.next())?.body ?? new Uint8Array())) as unknown;
    expect(welcome).toMatchObject({ resumed: false, received: 0 });
    expect(welcome).not.toMatchObject({ session: first.session.id });
  });

  it('ends the earlier connection with C09', async () => {
    const first = await county.connect();
    const closed = once(first, 'close') as Promise<[Close | undefined]>;
    await county.connect();
    expect((await closed)[0]?.code).toBe('C09');
  });

  it('begins anew after the simulator was killed', async () => {
    const doomed = await county.start();
    const first = await county.connect({ port: doomed.port });
    await first.request(hit, { mnemonic: 'QZ01' });
    await doomed.kill();
    const next = await county.start(doomed.port);
    const second = await county.connect({ port: doomed.port, session: first.session });
    expect(second.welcome).toMatchObject({ resumed: false, received: 0 });
    expect((await second.request(hit, { mnemonic: 'QZ01' })).kind).toBe('answered');
    second.cut();
    await next.stop();
  });
});

describe('the window', () => {
  it('is respected by the station: never more are on their way', async () => {
    const station = await county.connect();
    await county.host.command('acks off');
    const asked = Array.from({ length: 3 * window }, () =>
      station.request(hit, { mnemonic: 'QZ01' }),
    );
    await county.host.command('show');
    expect([station.session.outbox.open, station.session.outbox.waiting]).toEqual([
      window,
      2 * window,
    ]);
    await county.host.command('acks on');
    for (const { kind } of await Promise.all(asked)) expect(kind).toBe('answered');
  });

  it('is respected by the host: answers wait for their ACK', async () => {
    const station = await county.connect({ autoAck: false });
    const came = collect(station, window);
    const all: Received[] = [];
    station.on('message', (message) => all.push(message));
    for (let at = 0; at < window + 2; at++) station.send('QZ01', `AB1${at}.${hit}`);
    await came;
    await Promise.all([once(station, 'status'), county.host.command('status NLETS up')]);
    expect(all.length).toBe(window);
    await collect(station, 2, () => station.acknowledge(2));
    station.acknowledge(6);
    expect(all.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('that a station ignores ends the line with C11', async () => {
    await county.host.command('acks off');
    const raw = await county.greet({ received: 0 });
    await raw.next();
    for (let number = 1; number <= window + 1; number++) raw.write(message(number));
    expect(await closeOf(raw)).toBe('C11');
  });
});

describe('what is not the protocol is refused', () => {
  it.each([
    [
      'octets that are no frame',
      'C01',
      () => asciiBytes('GET / HTTP/1.1\r\nHost: nowhere\r\n\r\n'),
    ],
    ['a message before HELLO', 'C04', () => message(1)],
    ['a HELLO too long', 'C03', () => controlFrame('HELLO', { station: 'x'.repeat(5000) })],
    ['a HELLO that is no HELLO', 'C01', () => controlFrame('HELLO', { protocol: [1] })],
    ['a station that is not the certificate’s', 'C02', () => county.hello({ station: 'COUNTY-0' })],
    ['a terminal', 'C02', () => county.hello({ role: 'terminal' })],
    ['another version', 'C06', () => county.hello({ protocol: [2] })],
  ])('%s: %s', async (_what, code, octets) => {
    const raw = await county.raw();
    raw.write(octets());
    expect(await closeOf(raw)).toBe(code);
  });

  it.each([
    ['a number that is not the next', 'C10', () => message(2)],
    ['an ACK of what was never sent', 'C10', () => ackFrame(99)],
    ['a second HELLO', 'C04', () => county.hello({})],
  ])('after WELCOME, %s: %s', async (_what, code, octets) => {
    const raw = await county.greet({ received: 0 });
    await raw.next();
    raw.write(octets());
    expect(await closeOf(raw)).toBe(code);
  });

  it('a certificate of somebody else gets no frame at all', async () => {
    const stranger = await SimAuthority.create();
    const { pem } = await stranger.issue(county.name, 'station');
    await expect(county.connect({ cert: pem.cert, key: pem.key })).rejects.toMatchObject({
      code: 'SIM-UNREACHABLE',
    });
    stranger.remove();
  });

  it('TLS 1.2 (link T1)', async () => {
    const { host, port } = county.host;
    const socket = connect({ host, port, maxVersion: 'TLSv1.2', rejectUnauthorized: false });
    const [error] = (await once(socket, 'error')) as [Error];
    expect(error.message).toMatch(/protocol version/);
  });

  it('a station that may not come is told so', async () => {
    await expect(county.connect({ role: 'terminal' })).rejects.toMatchObject({
      code: 'SIM-NOT-ALLOWED',
    });
  });

  it('a switch of another name is not trusted by the station', async () => {
    await expect(county.connect({ serverName: 'elsewhere.invalid' })).rejects.toMatchObject({
      code: 'SIM-UNREACHABLE',
    });
  });

  it('others are served meanwhile', async () => {
    const station = await county.connect();
    const raw = await county.raw();
    raw.write(new Uint8Array(100_000));
    expect((await station.request(hit, { mnemonic: 'QZ01' })).kind).toBe('answered');
  });
});

function message(number: number): Uint8Array {
  const mnemonic = parseMnemonic('QZ01');
  if (mnemonic === undefined) throw new Error('QZ01 is a mnemonic');
  return messageFrame({ flags: 0, class: 3, number, mnemonic, body: asciiBytes(`AB12.${hit}`) });
}

/** The code of the CLOSE that ends the line. */
async function closeOf(raw: RawLink): Promise<string | undefined> {
  for (let frame = await raw.next(); frame !== undefined; frame = await raw.next())
    // A CLOSE has a code, or the test fails as it should.
    if (frame.type === 'CLOSE') return (JSON.parse(latin1(frame.body)) as Close).code;
  return undefined;
}

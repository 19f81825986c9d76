// One connection: frames however they are split, deadlines, and a bound on what a peer can cost.

import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { controlFrame, echoFrame, stationFrames, type FrameType } from '#protocol/frame';
import { buildHouse, dial, openEdge, stationOptions } from './edge.ts';
import type { Edge, EdgeOptions, House } from './edge.ts';

let house: House;
let edge: Edge | undefined;
let socket: TLSSocket | undefined;

beforeAll(async () => {
  house = await buildHouse();
});
afterEach(() => {
  socket?.destroy();
  edge?.close();
});

const hello = controlFrame('HELLO', { protocol: [1], station: 'TEST-01', received: 0 });
const ping = echoFrame('PING', new Uint8Array(8));

interface Up {
  readonly edge: Edge;
  readonly socket: TLSSocket;
  readonly link: number;
}

async function up(options: EdgeOptions = {}): Promise<Up> {
  edge = await openEdge(house, options);
  socket = await dial(edge.port, stationOptions(house));
  const { link } = await edge.inbox.nth('opened');
  return { edge, socket, link };
}

/** A link after its HELLO and our WELCOME. */
async function welcomed(options: EdgeOptions = {}): Promise<Up> {
  const all = await up(options);
  all.socket.write(hello);
  await all.edge.inbox.nth('frame');
  all.edge.links.expect(all.link, stationFrames.terminal, 32_768);
  return all;
}

describe('a link takes', () => {
  it('a frame split over as many TLS records as it has octets', async () => {
    const { edge, socket } = await up();
    for (const octet of hello) {
      socket.write(Uint8Array.of(octet));
      await turn();
    }
    const { frame } = await edge.inbox.nth('frame');
    expect(frame.type).toBe('HELLO');
    expect(frame.body).toEqual(hello.subarray(20));
  });

  it('many frames of one record in their order', async () => {
    const { edge, socket } = await welcomed();
    const pings = Array.from({ length: 50 }, (_, n) => echoFrame('PING', Uint8Array.of(n)));
    socket.write(Buffer.concat(pings));
    await edge.inbox.nth('frame', 50);
    const bodies = edge.inbox.all('frame').slice(1);
    expect(bodies.map(({ frame }) => frame.body[0])).toEqual(pings.map((_, n) => n));
  });

  it('nothing while the inbox is full, and goes on when there is room', async () => {
    const { edge, socket } = await welcomed();
    edge.inbox.full = true;
    socket.write(ping);
    await edge.inbox.nth('frame', 1);
    // Held from here on: this one stays in the socket.
    socket.write(ping);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(edge.inbox.all('frame')).toHaveLength(2);
    edge.inbox.makeRoom();
    await edge.inbox.nth('frame', 2);
  });

  it('nothing while it is held, though its deadline goes by', async () => {
    const { edge, socket, link } = await welcomed({ limits: { frameMs: 60 } });
    edge.links.hold(link);
    socket.write(ping.subarray(0, 10));
    await new Promise((resolve) => setTimeout(resolve, 120));
    edge.links.releaseHeld();
    socket.write(ping.subarray(10));
    expect((await edge.inbox.nth('frame', 1)).frame.type).toBe('PING');
    expect(edge.inbox.all('garbled')).toEqual([]);
  });
});

describe('a link refuses', () => {
  const refusals: readonly (readonly [string, Uint8Array, string])[] = [
    ['octets that are not the protocol', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'), 'C01'],
    ['a first frame that is no HELLO', ping, 'C04'],
    ['a HELLO that claims more than its limit', longHello(), 'C03'],
    ['ten megabytes without a period', Buffer.alloc(10_000_000, 'A'), 'C01'],
  ];
  it.each(refusals)('%s', async (_title, octets, code) => {
    const { edge, socket } = await up();
    socket.write(octets);
    expect((await edge.inbox.nth('garbled')).reject.code).toBe(code);
    expect(edge.inbox.all('frame')).toEqual([]);
  });

  it('what a station says between HELLO and WELCOME', async () => {
    const { edge, socket } = await up();
    socket.write(Buffer.concat([hello, ping]));
    expect((await edge.inbox.nth('garbled')).reject.code).toBe('C04');
  });

  it('a HELLO that is not complete in time', async () => {
    const { edge, socket } = await up({ limits: { helloMs: 150 } });
    socket.write(hello.subarray(0, 30));
    expect((await edge.inbox.nth('garbled')).reject.code).toBe('C05');
  });

  it('a frame that is not complete in time, however steadily it drips, while others are served', async () => {
    const { edge, socket, link } = await welcomed({ limits: { frameMs: 200 } });
    const other = await dial(edge.port, stationOptions(house));
    const drip = setInterval(() => socket.write(ping.subarray(0, 1)), 40);
    const late = await edge.inbox.nth('garbled');
    clearInterval(drip);
    expect(late).toMatchObject({ link, reject: { code: 'C05' } });
    other.write(hello);
    await edge.inbox.nth('frame', 1);
    other.destroy();
  });
});

describe('a link, after the CLOSE of its peer,', () => {
  it('takes nothing more and ends at once', async () => {
    const { edge, socket, link } = await welcomed({ limits: { discardMs: 60_000 } });
    const close = controlFrame('CLOSE', { code: 'C18', text: 'leaving' });
    socket.resume().write(Buffer.concat([close, ping]));
    await edge.inbox.nth('frame', 1);
    edge.links.end(link);
    await once(socket, 'end');
    await edge.inbox.nth('closed');
    const types = edge.inbox.all('frame').map(({ frame }): FrameType => frame.type);
    expect(types).toEqual(['HELLO', 'CLOSE']);
  });
});

describe('a link says', () => {
  it('that a peer is alive while a long frame comes, once a second at most', async () => {
    const { edge, socket, link } = await welcomed({ limits: { frameMs: 5000 } });
    const long = echoFrame('PING', new Uint8Array(60));
    const drip = [...long.subarray(0, 70)];
    const timer = setInterval(() => socket.write(Uint8Array.of(drip.shift() ?? 0)), 20);
    const heard = await edge.inbox.nth('heard');
    clearInterval(timer);
    expect(heard.link).toBe(link);
    expect(edge.inbox.all('heard')).toHaveLength(1);
  });

  it('closed, once, when the peer goes', async () => {
    const { edge, socket, link } = await welcomed();
    socket.destroy();
    expect((await edge.inbox.nth('closed')).link).toBe(link);
    edge.links.cut(link);
    edge.links.end(link);
    await turn();
    expect(edge.inbox.all('closed')).toHaveLength(1);
    expect(edge.links.size).toBe(0);
  });
});

describe('a link writes', () => {
  it('all frames of a turn in one piece, in order', async () => {
    const { edge, socket, link } = await welcomed();
    const pieces: Buffer[] = [];
    socket.on('data', (piece: Buffer) => pieces.push(piece));
    for (let n = 0; n < 100; n++) edge.links.send(link, echoFrame('PING', Uint8Array.of(n)));
    edge.links.flush();
    while (Buffer.concat(pieces).length < 2100) await once(socket, 'data');
    expect(pieces).toHaveLength(1);
    expect(Buffer.concat(pieces)[20 + 21 * 99]).toBe(99);
  });

  it('no more than its bound to a peer that does not read: it is cut, others are served', async () => {
    const { edge, socket, link } = await welcomed({ limits: { helloMs: 10_000 } });
    socket.pause();
    const other = await dial(edge.port, stationOptions(house));
    const body = new Uint8Array(32_000);
    const frame = controlFrame('STATUS', { body: String(body) });
    const before = process.memoryUsage().rss;
    for (let n = 0; n < 2000 && edge.inbox.all('closed').length === 0; n++) {
      edge.links.send(link, frame);
      edge.links.flush();
      await turn();
    }
    expect((await edge.inbox.nth('closed')).why).toBe('slow reader');
    expect(process.memoryUsage().rss - before).toBeLessThan(64 << 20);
    other.write(hello);
    await edge.inbox.nth('frame', 1);
    other.destroy();
  });

  it('no more than a bound to all together: whoever has most waiting is cut, others stay', async () => {
    const { edge } = await welcomed({
      limits: { writeBytesTotal: 1 << 20, writeBytesMax: 64 << 20, helloMs: 10_000 },
    });
    const others = await Promise.all([1, 2].map(() => dial(edge.port, stationOptions(house))));
    const [first, most] = [
      (await edge.inbox.nth('opened')).link,
      (await edge.inbox.nth('opened', 2)).link,
    ];
    for (const peer of [...others, socket]) peer?.pause();
    // Nobody reads: the kernel takes some of it, the rest waits here. No one alone is over its bound.
    const piece = new Uint8Array(600 << 10);
    const fill = (link: number): void => {
      edge.links.send(link, piece);
      edge.links.flush();
    };
    const cut = edge.inbox.nth('closed');
    // 12 MiB at most: far below what one alone may have.
    let left = 10;
    const timer = setInterval(() => {
      if (left-- <= 0) return;
      fill(first);
      fill(most);
      fill(most);
    }, 20);
    expect(await cut).toMatchObject({ link: most, why: 'slow reader' });
    clearInterval(timer);
    for (const peer of others) peer.destroy();
  });

  it('nothing after CLOSE, throws away what comes, and ends', async () => {
    const { edge, socket, link } = await welcomed();
    const got: Buffer[] = [];
    socket.on('data', (piece: Buffer) => got.push(piece));
    const close = controlFrame('CLOSE', { code: 'C07', text: 'draining' });
    edge.links.send(link, close);
    edge.links.end(link);
    edge.links.send(link, ping);
    edge.links.flush();
    socket.write(ping);
    await once(socket, 'end');
    await edge.inbox.nth('closed');
    expect(Buffer.concat(got)).toEqual(Buffer.from(close));
    expect(edge.inbox.all('frame').map(({ frame }): FrameType => frame.type)).toEqual(['HELLO']);
  });
});

function longHello(): Uint8Array {
  const frame = controlFrame('HELLO', {});
  new DataView(frame.buffer).setUint32(12, 4097);
  return frame;
}

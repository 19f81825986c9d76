// The clocks and the farewell of one end of a connection, over plain loopback sockets.

import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { echoFrame, stationFrames } from '#protocol/frame';
import type { Frame } from '#protocol/frame';
import { Framer } from '#protocol/framer';
import { asciiBytes, latin1 } from '#protocol/octets';
import { LinkSocket } from '#src/sim/link-socket';

/** Long enough that a slow machine hears PING before the line is cut. */
const keepAliveMs = 400;
let server: Server;
let peer: Socket;
let link: LinkSocket;
let ended: Promise<void>;

beforeEach(async () => {
  server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  // A TCP server that listens has such an address.
  peer = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [socket] = await accepted;
  const rules = { from: 'station', bodyBytesMax: 4096, allowed: stationFrames.host } as const;
  ended = new Promise((resolve) => {
    const nothing = (): void => undefined;
    const owner = { frame: nothing, settled: nothing, ended: () => resolve() };
    link = new LinkSocket(socket, rules, owner);
  });
});
afterEach(() => {
  vi.useRealTimers();
  link.cut();
  peer.destroy();
  server.close();
});

it('answers PING with PONG and the same octets', async () => {
  peer.write(echoFrame('PING', asciiBytes('still there')));
  const pong = await nextFrame();
  expect([pong.type, latin1(pong.body)]).toEqual(['PONG', 'still there']);
});

it('sends PING when it has said nothing for the keep-alive time (link S6)', async () => {
  link.keepAliveMs = keepAliveMs;
  expect((await nextFrame()).type).toBe('PING');
});

it('cuts a line on which nothing was heard for twice that time (link S6)', async () => {
  link.keepAliveMs = keepAliveMs;
  await ended;
  expect(link.isOpen()).toBe(false);
});

it.each([3_600_000, -3_600_000])(
  'says PING as ever, and cuts nothing, when the clock is set by %i ms',
  async (stepMs) => {
    link.keepAliveMs = keepAliveMs;
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + stepMs });
    expect((await nextFrame()).type).toBe('PING');
    expect(link.isOpen()).toBe(true);
  },
);

it('says nothing after CLOSE, and ends when the peer does (link S9)', async () => {
  link.close('C14', 'Idle.');
  link.write(echoFrame('PING'));
  expect((await nextFrame()).type).toBe('CLOSE');
  peer.end();
  await ended;
});

async function nextFrame(): Promise<Frame> {
  const framer = new Framer({ from: 'switch', bodyBytesMax: 4096, allowed: all });
  for await (const chunk of peer.iterator({ destroyOnReturn: false })) {
    // Without setEncoding a socket gives octets.
    framer.push(chunk as Uint8Array);
    const next = framer.next();
    if (next?.ok === true) return next.value;
  }
  throw new Error('the line ended');
}

const all: ReadonlySet<Frame['type']> = new Set<Frame['type']>(['PING', 'PONG', 'CLOSE']);

// Before TLS: who waits, for how long, and who is next. Over a real listener, from addresses of loopback.

import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { firstFlight } from '#support/crowd/strangers';
import { buildHouse, dial, openEdge, stationOptions } from './edge.ts';
import type { Edge, EdgeOptions, House } from './edge.ts';

let house: House;
let edge: Edge;
const sockets: Socket[] = [];
const open = async (options: EdgeOptions): Promise<Edge> => (edge = await openEdge(house, options));

beforeAll(async () => {
  house = await buildHouse();
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  edge.close();
});

function tcp(localAddress = '127.1.0.1'): Socket {
  const socket = connectTcp({ port: edge.port, host: '127.0.0.1', localAddress });
  socket.on('error', () => socket.destroy()).resume();
  sockets.push(socket);
  return socket;
}

async function silent(count: number): Promise<readonly Socket[]> {
  const all = Array.from({ length: count }, () => tcp());
  await Promise.all(all.map((socket) => once(socket, 'connect')));
  return all;
}

/** A station whose TLS begins when its turn comes. */
function station(localAddress = '127.1.0.1'): TLSSocket {
  const wire = connectTcp({ port: edge.port, host: '127.0.0.1', localAddress });
  const socket = connect({ ...stationOptions(house), socket: wire });
  socket.on('error', () => socket.destroy());
  sockets.push(socket);
  return socket;
}

const reasons = (): readonly string[] => edge.inbox.all('turned-away').map(({ why }) => why);

describe('before its TLS begins, a connection', () => {
  it('may send its ClientHello in as many pieces as it has octets', async () => {
    // One place for links and handshakes: whoever has it keeps the other out.
    await open({ limits: { helloMs: 10_000 }, listener: { connectionsMax: 1 } });
    const wire = tcp();
    await once(wire, 'connect');
    const flight = await firstFlight();
    let answered = 0;
    wire.on('data', (chunk) => (answered += chunk.length));
    wire.setNoDelay(true);
    for (const octet of flight.subarray(0, -1)) wire.write(Uint8Array.of(octet));
    const other = await dial(edge.port, stationOptions(house));
    await edge.inbox.nth('opened');
    expect(answered).toBe(0);
    other.destroy();
    await edge.inbox.nth('closed');
    wire.write(flight.subarray(-1));
    await once(wire, 'data');
  });

  it('that is not TLS is turned away at its first octet', async () => {
    await open({ limits: { helloMs: 10_000 } });
    const wire = tcp();
    wire.write('GET / HTTP/1.1\r\n\r\n');
    await once(wire, 'close');
    await edge.inbox.nth('turned-away');
    expect(reasons()).toEqual(['no TLS']);
  });

  it('has left, and is counted once', async () => {
    await open({ limits: { helloMs: 10_000 } });
    for (const socket of await silent(3)) socket.destroy();
    expect((await edge.inbox.nth('turned-away')).count).toBe(3);
    expect(reasons()).toEqual(['left before TLS began']);
  });
});

describe('where all places are taken', () => {
  it('whoever has said nothing for longest gives way to a newcomer', async () => {
    await open({ room: { places: 4 }, limits: { helloMs: 10_000 } });
    const [first, ...others] = await silent(4);
    const socket = station();
    await once(socket, 'secureConnect');
    expect(first?.destroyed).toBe(true);
    expect(others.filter(({ destroyed }) => destroyed)).toEqual([]);
    await edge.inbox.nth('turned-away');
    expect(reasons()).toEqual(['too many connections']);
  });
});

describe('handshakes', () => {
  it('begin so many a second and no more', async () => {
    await open({ room: { handshakesPerSecond: 20, turnMs: 10_000 }, limits: { helloMs: 10_000 } });
    const began = performance.now();
    await Promise.all(Array.from({ length: 20 }, () => once(station(), 'secureConnect')));
    // Four turns may have been saved up.
    expect(performance.now() - began).toBeGreaterThan((1_000 * (20 - 4 - 1)) / 20);
  });

  it('of one address do not keep those of another waiting', async () => {
    await open({ room: { handshakesPerSecond: 2, turnMs: 10_000 }, limits: { helloMs: 10_000 } });
    const flight = await firstFlight();
    const answered: string[] = [];
    const knock = (localAddress: string): void => {
      const wire = tcp(localAddress);
      wire.once('data', () => answered.push(localAddress));
      wire.write(flight);
    };
    // Some turns were saved up and begin at once; half a second later all are ready, and take turns.
    for (let count = 0; count < 16; count += 1) knock('127.1.0.1');
    knock('127.1.0.2');
    await expect.poll(() => answered, { timeout: 10_000 }).toContain('127.1.0.2');
    expect(answered.length).toBeLessThanOrEqual(8);
  });

  it('that would come too late are given up, and their peers may come back', async () => {
    await open({ room: { handshakesPerSecond: 5, turnMs: 300 }, limits: { helloMs: 10_000 } });
    const all = Array.from({ length: 12 }, () => station());
    const ends = all.map(
      (socket) =>
        new Promise<string>((resolve) => {
          socket.once('secureConnect', () => resolve('in'));
          socket.once('close', () => resolve('out'));
        }),
    );
    const results = await Promise.all(ends);
    expect(results.filter((end) => end === 'out').length).toBeGreaterThan(2);
    await edge.inbox.nth('turned-away');
    expect(new Set(reasons())).toEqual(new Set(['too many new connections']));
    await once(station(), 'secureConnect');
  });
});

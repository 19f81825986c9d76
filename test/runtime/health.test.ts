// Health as a probe sees it.

import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createHealthServer, type Report } from '#src/runtime/health';

let notReady: string | undefined;
let status: Report['status'] = 'ok';
let metrics = (): Promise<string> => Promise.resolve('msc_ready 1\n');
const faults: unknown[] = [];
const server = createHealthServer({
  version: '1.2.3',
  notReady: () => notReady,
  metrics: () => metrics(),
  health: () => Promise.resolve({ status, checks: [{ name: 'disk' }] }),
  onFault: (cause) => faults.push(cause),
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
// It listens on a port, so its address is of this kind.
const { port } = server.address() as AddressInfo;
const get = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${port}${path}`, { method });

interface Raw {
  readonly socket: Socket;
  readonly closed: Promise<void>;
  readonly heard: string[];
}

async function raw(text: string): Promise<Raw> {
  const socket = connect(port, '127.0.0.1').setEncoding('latin1');
  const heard: string[] = [];
  socket.on('data', (chunk) => heard.push(String(chunk)));
  // One that is dropped may be reset.
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await once(socket, 'connect');
  socket.write(text);
  return { socket, closed, heard };
}

afterEach(() => {
  notReady = undefined;
  status = 'ok';
  metrics = () => Promise.resolve('msc_ready 1\n');
  faults.splice(0);
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

describe('health', () => {
  it('is alive, whether ready or not', async () => {
    notReady = 'draining';
    expect((await get('/livez')).status).toBe(200);
  });

  it('is ready with 200 ok, else 503 with the reason', async () => {
    const ready = await get('/readyz');
    expect([ready.status, await ready.text()]).toEqual([200, 'ok\n']);
    notReady = 'the disk of the journal is full';
    const not = await get('/readyz');
    expect([not.status, await not.text()]).toEqual([503, 'the disk of the journal is full\n']);
  });

  it.each([
    ['ok', 200],
    ['warn', 200],
    ['fail', 503],
  ] as const)('in one word: %s with %i', async (word, code) => {
    status = word;
    const answer = await get('/healthz');
    expect([answer.status, await answer.text()]).toEqual([code, `${word}\n`]);
    const verbose = await get('/healthz?verbose');
    expect([verbose.status, await verbose.json()]).toEqual([
      code,
      { status: word, checks: [{ name: 'disk' }] },
    ]);
    expect(verbose.headers.get('content-type')).toBe('application/json; charset=utf-8');
  });

  it('says each thing in its own type, the metrics in that of Prometheus', async () => {
    const types = await Promise.all(
      ['/metrics', '/version', '/livez'].map(async (path) => (await get(path)).headers),
    );
    expect(types.map((headers) => headers.get('content-type'))).toEqual([
      'text/plain; version=0.0.4; charset=utf-8',
      'text/plain; charset=utf-8',
      'text/plain; charset=utf-8',
    ]);
    expect(await (await get('/version')).text()).toBe('1.2.3\n');
    expect(await (await get('/metrics')).text()).toBe('msc_ready 1\n');
  });

  it('answers a fault with 500 and goes on', async () => {
    metrics = () => Promise.reject(new Error('a fault'));
    const answer = await get('/metrics');
    expect([answer.status, await answer.text()]).toEqual([500, 'a fault of msc: see its log\n']);
    expect(faults).toMatchObject([{ message: 'a fault' }]);
    expect((await get('/livez')).status).toBe(200);
  });

  it('answers nothing else', async () => {
    for (const path of ['/', '/metrics/', '/healthz/x', '/%00', '/readyz%20'])
      expect((await get(path)).status).toBe(404);
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
      expect((await get('/readyz', method)).status).toBe(405);
    const head = await get('/readyz', 'HEAD');
    expect([head.status, await head.text()]).toEqual([200, '']);
  });
});

describe('its listener', () => {
  it('refuses headers that are too long', async () => {
    const { closed, heard } = await raw(`GET /livez HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(9000)}`);
    await closed;
    expect(heard.join('')).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('lets go of whoever does not finish a request', { timeout: 60_000 }, async () => {
    const { closed, heard } = await raw('GET /livez HTTP/1.1\r\nHost:');
    await closed;
    expect(heard.join('')).toMatch(/^(HTTP\/1\.1 408 |$)/);
  });

  it('has 64 connections and drops the next, whatever they do', async () => {
    const many = await Promise.all(Array.from({ length: 64 }, () => raw('')));
    const one = await raw('GET /livez HTTP/1.1\r\nHost: a\r\n\r\n');
    await one.closed;
    expect(one.heard).toEqual([]);
    const count = await new Promise((resolve) => {
      server.getConnections((_, connections) => resolve(connections));
    });
    expect(count).toBe(64);
    for (const { socket } of many) socket.destroy();
  });
});

// Health as a probe sees it.

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createHealthServer } from '#src/runtime/health';

let notReady: string | undefined;
const server = createHealthServer({
  version: '1.2.3',
  notReady: () => notReady,
  facts: () => ({
    view: {
      stations: [],
      upstreams: [{ name: 'STATE', state: 'up', sinceMs: 0, waiting: 3, unacknowledged: 2 }],
      queues: [{ name: 'QZ01', waiting: 4, oldestMs: 1500 }],
      intercept: 1,
      requests: 5,
      entries: 77,
      mode: 'running',
    },
    links: 9,
    startedAtUs: 2_000_000,
    lastCommitAtUs: 3_000_000,
  }),
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
// It listens on a port, so its address is of this kind.
const { port } = server.address() as AddressInfo;
const get = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${port}${path}`, { method });

afterEach(() => {
  notReady = undefined;
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

  it('counts under the names of the operator reference', async () => {
    const text = await (await get('/metrics')).text();
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        'msc_build_info{version="1.2.3"} 1',
        'msc_ready 1',
        'msc_journal_entries_total 77',
        'msc_links 9',
        'msc_queue_depth{queue="STATE"} 3',
        'msc_queue_oldest_seconds{queue="stations"} 1.5',
        'msc_upstream_up{upstream="STATE"} 1',
      ]),
    );
  });

  it('answers nothing else', async () => {
    expect((await get('/')).status).toBe(404);
    expect((await get('/readyz', 'POST')).status).toBe(405);
  });
});

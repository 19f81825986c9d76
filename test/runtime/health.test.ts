// Health as a probe sees it.

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createHealthServer } from '#src/runtime/health';
import type { StationView } from '#switch/view';

let notReady: string | undefined;
const station = (
  name: string,
  role: StationView['role'],
  mnemonics: readonly string[],
  peer?: string,
): StationView => ({
  ...{ name, role, mnemonics, peer, unacknowledged: 0 },
  state: peer === undefined ? 'absent' : 'connected',
});
const server = createHealthServer({
  version: '1.2.3',
  notReady: () => notReady,
  facts: () => ({
    view: {
      stations: [
        station('DISP1', 'terminal', ['QZ01'], '10.9.9.1:4000'),
        station('DISP2', 'terminal', ['QZ02']),
        station('SHARE1', 'terminal', ['QS01'], '10.9.9.2:4000'),
        station('SHARE2', 'terminal', ['QS01']),
        station('MDT1', 'terminal', [], '10.9.9.3:4000'),
        station('CAD1', 'host', ['QC01', 'QC02'], '10.9.9.4:4000'),
        station('PRT1', 'printer', ['QP01']),
      ],
      upstreams: [{ name: 'STATE', state: 'up', sinceMs: 0, waiting: 3, unacknowledged: 2 }],
      queues: [
        { name: 'QZ02', waiting: 4, oldestMs: 1500 },
        { name: 'jdoe', waiting: 2, oldestMs: 700 },
      ],
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
    expect(text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([
      'msc_build_info{version="1.2.3"} 1',
      'msc_start_time_seconds 2',
      'msc_ready 1',
      'msc_journal_entries_total 77',
      'msc_journal_last_commit_timestamp_seconds 3',
      'msc_links{link_kind="terminal"} 3',
      'msc_links{link_kind="printer"} 0',
      'msc_links{link_kind="host"} 1',
      'msc_links{link_kind="upstream"} 1',
      'msc_links{link_kind="unknown"} 4',
      'msc_terminal_connected{mnemonic="QZ01"} 1',
      'msc_terminal_connected{mnemonic="QZ02"} 0',
      'msc_terminal_connected{mnemonic="QS01"} 1',
      'msc_terminals_signed_on 0',
      'msc_requests_open 5',
      'msc_intercept_depth 1',
      'msc_queue_depth{queue="stations"} 6',
      'msc_queue_depth{queue="STATE"} 3',
      'msc_queue_oldest_seconds{queue="stations"} 1.5',
      'msc_upstream_up{upstream="STATE"} 1',
      'msc_upstream_unacknowledged{upstream="STATE"} 2',
    ]);
  });

  it('explains each metric once, before its samples, and names no person', async () => {
    const text = await (await get('/metrics')).text();
    const blocks = text.split(/^# HELP /m).slice(1);
    for (const block of blocks)
      expect(block).toMatch(
        /^(msc_\w+) .+\.\n# TYPE \1 (gauge|counter)\n(\1(\{[^}]+\})? \d\S*\n)+$/,
      );
    const names = blocks.map((block) => block.split(' ')[0]);
    expect(new Set(names).size).toBe(names.length);
    expect(text).not.toContain('jdoe');
  });

  it('is not ready in its metrics either', async () => {
    notReady = 'draining';
    expect(await (await get('/metrics')).text()).toContain('\nmsc_ready 0\n');
  });

  it('answers nothing else', async () => {
    expect((await get('/')).status).toBe(404);
    expect((await get('/readyz', 'POST')).status).toBe(405);
  });
});

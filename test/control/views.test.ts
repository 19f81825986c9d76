// Views and acts over the control socket: lists in pieces, who may do what, reasons, tests that wait for their
// ACK, and followers that end with their client.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectControl, type ControlClient } from '#src/control/client';
import type { WaitingRow } from '#src/control/wire-views';
import { requireRole } from '#src/control/roles';
import type { Visit } from '#src/control/visit';
import { sendInPieces } from '#src/control/views';
import type { CommandName } from '#src/control/wire';
import type { OperatorRole } from '#journal/register';
import { queueRow, terminalRow } from './fake-views.ts';
import { openBench, type Bench } from './socket-help.ts';

let bench: Bench;
let client: ControlClient;
beforeEach(async () => {
  bench = await openBench();
  client = await connectControl(bench.path, { timeoutMs: 20_000 });
});
afterEach(async () => {
  client.close();
  await bench.close();
});

const roles: readonly OperatorRole[] = ['operator', 'supervisor', 'auditor', 'admin'];
const acts: readonly OperatorRole[] = ['supervisor', 'admin'];

describe('a command', () => {
  it.each([
    ['links', roles],
    ['link', roles],
    ['link-watch', roles],
    ['terminals', roles],
    ['terminal', roles],
    ['upstreams', roles],
    ['upstream', roles],
    ['queues', roles],
    ['queue', roles],
    ['follow', ['operator', 'supervisor', 'auditor']],
    ['upstream-probe', ['operator', 'supervisor', 'admin']],
    ['link-close', acts],
    ['terminal-set', acts],
    ['terminal-test', acts],
    ['upstream-set', acts],
  ] as [CommandName, OperatorRole[]][])('%s is for %s alone', (command, allowed) => {
    for (const role of roles) {
      if (allowed.includes(role)) requireRole(command, [role]);
      else expect(() => requireRole(command, [role])).toThrow('needs');
    }
    expect(() => requireRole(command, [])).toThrow('your role does not allow this');
  });
});

describe('a list', () => {
  it('comes in bounded pieces, whole and in order', async () => {
    bench.desk.rows.links = Array.from({ length: 10_000 }, (_, link) => ({
      ...{ link, state: 'connected', name: `STATION-${link}` },
    }));
    const sizes: number[] = [];
    const numbers: unknown[] = [];
    const { count } = await client.call('links', {}, (rows) => {
      sizes.push(rows.length);
      numbers.push(...rows.map(({ link }) => link));
    });
    expect([count, Math.max(...sizes)]).toEqual([10_000, 250]);
    expect(numbers).toEqual(Array.from({ length: 10_000 }, (_, at) => at));
  });

  it('lets the switch turn between two pieces, and ends with its client', async () => {
    let made = 0;
    const rows = (function* () {
      // Bounded, so that a list that never pauses fails instead of hanging.
      while (made < 1_000_000) yield { made: (made += 1) };
    })();
    const gone = new AbortController();
    let turns = 0;
    const visit: Visit = {
      ...{ person: 'root', roles, nowMs: () => 0, gone: gone.signal },
      sendRows: () => Promise.resolve(),
    };
    const turning = setInterval(() => {
      if ((turns += 1) === 3) gone.abort();
    });
    await sendInPieces(visit, rows);
    clearInterval(turning);
    expect(turns).toBeGreaterThanOrEqual(3);
  });

  it('of a queue has a limit, and a name that means several is refused with their whole names', async () => {
    const entries = Array.from({ length: 60 }, (_, entry) => waitingRow(entry));
    const queue = { key: 'm:QZ01', row: queueRow('QZ01', 60), waiting: () => entries };
    bench.desk.rows.queues = [queue];
    const heard: unknown[] = [];
    const end = await client.call(
      'queue',
      { name: 'QZ01', limit: 50 },
      (rows) => void heard.push(...rows),
    );
    expect([heard.length, end.total]).toEqual([50, 60]);
    bench.desk.rows.queues = [queue, { ...queue, key: 'x:QZ01' }];
    await expect(client.call('queue', { name: 'QZ01', limit: 0 })).rejects.toMatchObject({
      ...{ code: 'MSC-1001', hint: 'msc queue show m:QZ01 or msc queue show x:QZ01' },
    });
    await expect(client.call('queue', { name: 'x:QZ01', limit: 0 })).resolves.toMatchObject({
      total: 60,
    });
  });

  it('of one thing that is not there is MSC-1601', async () => {
    await expect(client.call('link', { link: 7 })).rejects.toMatchObject({
      ...{ code: 'MSC-1601', exit: 1 },
    });
    for (const command of ['terminal', 'upstream'] as const)
      await expect(client.call(command, { name: 'NOBODY' })).rejects.toMatchObject({
        code: 'MSC-1601',
      });
  });
});

it('views never read the journal', async () => {
  // Whatever the length of the journal, a view does not notice (operator-experience 1).
  const asked: string[] = [];
  for (const name of ['head', 'read', 'scan', 'search'] as const)
    Object.assign(bench.desk.journal, { [name]: () => void asked.push(name) });
  bench.desk.rows.terminals = [terminalRow('DISP1', 'QZ01')];
  for (const list of ['links', 'terminals', 'upstreams', 'queues'] as const)
    await client.call(list, {});
  await client.call('status', { brief: true });
  await client.call('terminal', { name: 'QZ01' });
  expect(asked).toEqual([]);
});

describe('an act', () => {
  const disable = { name: 'QZ01', to: 'disable' } as const;
  beforeEach(() => {
    bench.desk.rows.terminals = [terminalRow('DISP1', 'QZ01')];
  });

  it('is only looked at without `apply`, and needs a reason where it takes something away', async () => {
    await client.call('terminal-set', { ...disable, apply: false });
    await expect(client.call('terminal-set', { ...disable, apply: true })).rejects.toMatchObject({
      ...{ code: 'MSC-1001', exit: 64 },
    });
    expect(bench.desk.happened).toEqual([]);
    const done = await client.call('terminal-set', { ...disable, apply: true, reason: 'lost' });
    expect(done.entry).toBe(1);
    expect(await bench.desk.entries()).toMatchObject([
      { event: 'disable', station: 'DISP1', person: client.person, reason: 'lost' },
    ]);
    await client.call('terminal-set', { name: 'QZ01', to: 'enable', apply: true });
  });

  it('that tests a terminal waits for the end of its message, and says how long it took', async () => {
    const test = client.call('terminal-test', { name: 'DISP1', apply: true });
    await until(() => bench.desk.happened.length === 1);
    const about = { kind: 'sent', direction: 'down' } as const;
    feed(bench, { ...about, delivery: '9.0' as const, entry: 2, time: 1_000_000 });
    feed(bench, { ...about, delivery: '1.0' as const, entry: 3, time: 2_000_000 });
    const ack = { kind: 'delivered', direction: 'down', delivery: '1.0' } as const;
    feed(bench, { ...ack, entry: 4, time: 2_084_000 });
    expect(await test).toMatchObject({ outcome: 'acknowledged', acknowledged_seconds: 0.084 });
  });

  it.each([
    [
      { kind: 'refused', direction: 'down', code: 'R02', delivery: '1.0' },
      { outcome: 'refused', code: 'R02' },
    ],
    [{ kind: 'expired', direction: 'down', delivery: '1.0' }, { outcome: 'not delivered' }],
  ] as const)('that tests a terminal says of %j: %j', async (entry, told) => {
    const test = client.call('terminal-test', { name: 'DISP1', apply: true });
    await until(() => bench.desk.happened.length === 1);
    feed(bench, { ...entry, entry: 2, time: 1 });
    expect(await test).toMatchObject(told);
  });
});

describe('following', () => {
  it('leaves an entry that says who and what, then tells entries without their text', async () => {
    const rows: Readonly<Record<string, unknown>>[] = [];
    const ended = client
      .call('follow', { where: [], asked: '--mke QV' }, (batch) => void rows.push(...batch))
      .catch((error: unknown) => error);
    await until(() => bench.desk.feed.followers === 1);
    await bench.desk.addMessages(3, 'AB12.QV.CA0990100.LIC/2ZZZ999');
    await until(() => rows.length === 3);
    expect(rows[0]).toMatchObject({ entry: 2, kind: 'received', mke: 'QV', bytes: 29 });
    expect(JSON.stringify(rows)).not.toContain('2ZZZ999');
    const [first] = await bench.desk.entries();
    expect(first).toMatchObject({
      event: 'search',
      detail: { command: 'tail', asked: '--mke QV' },
    });
    client.close();
    await ended;
    await until(() => bench.desk.feed.followers === 0);
  });

  it('the links tells what happens to them, and nothing of messages', async () => {
    const rows: Readonly<Record<string, unknown>>[] = [];
    const ended = client
      .call('link-watch', {}, (batch) => void rows.push(...batch))
      .catch((error: unknown) => error);
    await until(() => bench.desk.feed.followers === 1);
    await bench.desk.addMessages(1, 'AB12.QV.CA0990100.LIC/2ZZZ999');
    feed(bench, { kind: 'event', event: 'link-up', entry: 2, time: 1 });
    await until(() => rows.length === 1);
    expect(rows).toMatchObject([{ event: 'link-up' }]);
    client.close();
    await ended;
  });
});

type Entry = Parameters<Bench['desk']['feed']['publish']>[0][number]['entry'];

function feed({ desk }: Bench, entry: Entry): void {
  desk.feed.publish([{ entry }]);
}

async function until(holds: () => boolean): Promise<void> {
  await expect.poll(holds, { timeout: 20_000 }).toBe(true);
}

function waitingRow(entry: number): WaitingRow {
  return {
    ...{ delivery: `${entry}.0`, entry, thread: entry, class: 5, since: '2026-11-26T10:00:00Z' },
    ...{ waiting_seconds: 3, again: false },
  };
}

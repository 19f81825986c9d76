import { once } from 'node:events';
import { existsSync, lstatSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoredEntry } from '#journal/entry';
import { connectControl } from '#src/control/client';
import { openControl } from '#src/control/server';
import { isRoot, openBench, RawClient, strangerUid, type Bench } from './socket-help.ts';

let bench: Bench;
const clients: RawClient[] = [];
beforeEach(async () => {
  bench = await openBench();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.socket.destroy();
  await bench.close();
});

function dial(): RawClient {
  const client = new RawClient(bench.path);
  clients.push(client);
  return client;
}

const everything = { where: [], reverse: true, limit: 0 };
const searchAll = { query: everything, asked: '', text: false };

describe('the proof of a person', () => {
  it('lets the user of the switch in, with every role', async () => {
    const welcome = await dial().prove();
    expect(welcome).toMatchObject({ roles: ['operator', 'supervisor', 'auditor', 'admin'] });
  });

  it('is refused without the file, and the connection ends', async () => {
    const client = dial();
    const greeting = await client.hear();
    client.say({ proof: typeof greeting === 'string' ? '' : greeting['nonce'] });
    expect(await client.hear()).toMatchObject({ id: 0, error: { code: 'MSC-1206', exit: 77 } });
    expect(await client.hear()).toBe('closed');
  });

  it('is refused for another nonce than its own', async () => {
    const [first, second] = [dial(), dial()];
    await first.hear();
    const greeting = await second.hear();
    if (typeof greeting === 'string') throw new Error(greeting);
    writeFileSync(join(String(greeting['folder']), String(greeting['nonce'])), '', { mode: 0o600 });
    first.say({ proof: greeting['nonce'] });
    expect(await first.hear()).toMatchObject({ error: { code: 'MSC-1206' } });
  });

  it('is refused to whoever made the file and does not name the nonce', async () => {
    const client = dial();
    const greeting = await client.hear();
    if (typeof greeting === 'string') throw new Error(greeting);
    writeFileSync(join(String(greeting['folder']), String(greeting['nonce'])), '', { mode: 0o600 });
    client.say({ proof: 'another' });
    expect(await client.hear()).toMatchObject({ error: { code: 'MSC-1206' } });
  });

  it.runIf(isRoot)('gives whoever owns the file that person and no other', async () => {
    const client = dial();
    expect(await client.prove(strangerUid)).toEqual({ person: 'daemon', roles: [] });
    client.say({ id: 1, command: 'status', args: {} });
    expect(await client.hear()).toMatchObject({ id: 1, error: { code: 'MSC-1202', exit: 77 } });
    client.say({ id: 2, command: 'status', args: {}, person: 'root' });
    expect(await client.hear()).toMatchObject({ id: 2, error: { code: 'MSC-1202' } });
    expect(bench.desk.happened).toEqual([]);
  });

  it.runIf(isRoot)(
    'allows what the register says of that login, as it is at that moment',
    async () => {
      const client = dial();
      await client.prove(strangerUid);
      bench.desk.register().operator.set('daemon', { login: 'daemon', roles: ['operator'] });
      client.say({ id: 1, command: 'status', args: {} });
      expect(await client.hear()).toMatchObject({ id: 1, end: { version: '1.2.3' } });
      client.say({ id: 2, command: 'user-unlock', args: { user: 'jdoe' } });
      expect(await client.hear()).toMatchObject({ id: 2, error: { code: 'MSC-1202', exit: 77 } });
      client.say({ id: 3, command: 'search', args: { ...searchAll, text: true, reason: 'r' } });
      expect(await client.hear()).toMatchObject({ id: 3, error: { code: 'MSC-1202' } });
      expect(bench.desk.happened).toEqual(Array(2).fill('note security by daemon'));
    },
  );

  it('that does not come leaves room for others', async () => {
    const silent = Array.from({ length: 17 }, dial);
    const answers = await Promise.all(silent.map((client) => client.hear()));
    const refused = answers.filter((answer) => typeof answer !== 'string' && 'error' in answer);
    expect(refused).toEqual([expect.objectContaining({ id: 0 })]);
    for (const client of silent) client.socket.destroy();
    await expect
      .poll(() => connectControl(bench.path, { timeoutMs: 5_000 }))
      .toHaveProperty('person');
  });
});

describe('a client that does not keep the rules', () => {
  it.each([
    ['no JSON', '{"id":1,', 'MSC-1205', 0],
    ['no object', '[1]', 'MSC-1205', 0],
    ['no command', '{"id":1,"args":{}}', 'MSC-1205', 0],
    ['an unknown command', '{"id":7,"command":"frobnicate","args":{}}', 'MSC-1205', 7],
    ['a name of the language', '{"id":7,"command":"constructor","args":{}}', 'MSC-1205', 7],
    [
      'arguments of the wrong form',
      '{"id":8,"command":"show","args":{"entry":"1"}}',
      'MSC-1004',
      8,
    ],
  ])('is told so for %s, and can go on', async (_, line, code, id) => {
    const client = dial();
    await client.prove();
    client.say(line);
    expect(await client.hear()).toMatchObject({ id, error: { code } });
    client.say({ id: 9, command: 'status', args: {} });
    expect(await client.hear()).toMatchObject({ id: 9, end: { county: 'EXAMPLE' } });
  });

  it('may send a line of megabytes in many pieces', async () => {
    const client = dial();
    await client.prove();
    const toml = `# ${'x'.repeat(2_000_000)}\n`;
    client.say({ id: 1, command: 'registry', args: { toml, file: 'r.toml', apply: false } });
    expect(await client.hear()).toMatchObject({
      id: 1,
      end: { changes: expect.any(Array) as unknown },
    });
  });

  it('is told that a line is too long, and the connection ends, while others are served', async () => {
    const [rude, other] = [dial(), dial()];
    await rude.prove();
    await other.prove();
    const megabyte = Buffer.alloc(1_048_576, 0x61);
    for (let sent = 0; sent < 5; sent += 1) rude.socket.write(megabyte);
    other.say({ id: 1, command: 'status', args: {} });
    expect(await other.hear()).toMatchObject({ id: 1, end: { ready: true } });
    expect(await rude.hear()).toMatchObject({ id: 0, error: { code: 'MSC-1205' } });
    expect(await rude.hear()).toBe('closed');
  });

  it('never hears or leaves in the log what it sent', async () => {
    const client = dial();
    await client.prove();
    const secret = 'Tr0ub4dor-burst';
    const wish = { name: 'A', oif: 'A00001', agency: 'CA0990100', sends: [], pools: [] };
    const sent = [
      {
        id: 1,
        command: 'user-passwd',
        args: { user: secret, password: secret, mustChange: false },
      },
      { id: 2, command: 'user-passwd', args: { user: 'x', password: [secret], mustChange: false } },
      { id: 3, command: secret, args: {} },
      {
        id: 4,
        command: 'user-add',
        args: { user: 'ann', ...wish, password: secret, mustChange: false },
      },
      `{"id":5,"password":"${secret}"`,
    ];
    const heard: unknown[] = [];
    for (const line of sent) {
      client.say(line);
      heard.push(await client.hear());
    }
    expect(heard).toMatchObject(
      ['MSC-1302', 'MSC-1004', 'MSC-1205', 'MSC-9001', 'MSC-1205'].map((code) => ({
        error: { code },
      })),
    );
    const told = JSON.stringify([
      heard,
      bench.log,
      bench.desk.happened,
      await bench.desk.entries(),
    ]);
    expect(told).not.toContain(secret);
  });
});

describe('a search', () => {
  /** Counts what was read of an endless journal. */
  function endless(text: string): { read: number; ended: Promise<undefined> } {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const tally = { read: 0, ended: promise };
    bench.desk.journal.search = async function* () {
      try {
        for (;;) {
          tally.read += 1;
          await Promise.resolve();
          const entry = { kind: 'event', event: 'heartbeat', entry: 1, time: 1 } as const;
          const batch: StoredEntry[] = [{ entry: { ...entry, reason: text } }];
          yield batch;
        }
      } finally {
        resolve(undefined);
      }
    };
    return tally;
  }

  it('ends when its client dies, and leaves its entry all the same', async () => {
    const client = dial();
    await client.prove();
    const tally = endless('x'.repeat(100));
    client.say({ id: 1, command: 'search', args: searchAll });
    await client.hear();
    client.socket.destroy();
    await tally.ended;
    await expect.poll(() => bench.desk.happened.length).toBe(1);
    const [entry] = await bench.desk.entries();
    expect(entry).toMatchObject({ event: 'search', detail: { ended: 'broken off' } });
  });

  it('ends when its client dies while nothing is found', async () => {
    const client = dial();
    await client.prove();
    const reading = Promise.withResolvers<undefined>();
    bench.desk.journal.search = async function* () {
      reading.resolve(undefined);
      await new Promise<never>(() => undefined);
      yield [];
    };
    client.say({ id: 1, command: 'search', args: searchAll });
    await reading.promise;
    client.socket.destroy();
    await expect.poll(() => bench.desk.happened.length).toBe(1);
  });

  it('reads no further than a slow client takes', async () => {
    const client = dial();
    await client.prove();
    const tally = endless('x'.repeat(10_000));
    client.socket.pause();
    client.say({ id: 1, command: 'search', args: searchAll });
    let before = -1;
    // The pipe between them fills, then nothing more is read.
    await expect
      .poll(() => {
        const still = tally.read === before && tally.read > 0;
        before = tally.read;
        return still;
      })
      .toBe(true);
    expect(tally.read).toBeLessThan(200);
    const { read } = tally;
    client.socket.resume();
    for (let heard = 0; heard < 100; heard += 1) await client.hear();
    expect(tally.read).toBeGreaterThan(read);
    client.socket.destroy();
    await tally.ended;
  });
});

describe('the socket', () => {
  it('is taken over from a switch that was killed, and not from one that lives', async () => {
    const { desk, folder, path } = bench;
    const ports = {
      desk,
      version: '1',
      random: (octets: number) => new Uint8Array(octets),
      nowMs: () => Date.now(),
      log: () => undefined,
    };
    await expect(openControl(path, ports)).rejects.toMatchObject({ code: 'MSC-2201', exit: 75 });
    expect(await dial().prove()).toHaveProperty('person');

    const left = join(folder, 'left.sock');
    const { spawnSync } = await import('node:child_process');
    const script = `require('net').createServer().listen(${JSON.stringify(left)}, () => process.kill(process.pid, 9))`;
    spawnSync(process.execPath, ['-e', script]);
    expect(lstatSync(left).isSocket()).toBe(true);
    const server = await openControl(left, ports);
    await server.close();
    expect(existsSync(left)).toBe(false);
  });

  it('never removes what is no socket', async () => {
    const file = join(bench.folder, 'file.sock');
    writeFileSync(file, 'precious');
    const ports = {
      desk: bench.desk,
      version: '1',
      random: () => new Uint8Array(1),
      nowMs: () => 0,
      log: () => undefined,
    };
    await expect(openControl(file, ports)).rejects.toMatchObject({ code: 'MSC-1006' });
    expect(existsSync(file)).toBe(true);
  });

  it('with a path over 100 octets moves, and both ends find it', async () => {
    const long = await openBench(`${'d'.repeat(60)}/${'e'.repeat(60)}/control.sock`);
    try {
      expect(long.path.length).toBeLessThan(100);
      const wanted = join(long.folder, 'd'.repeat(60), 'e'.repeat(60), 'control.sock');
      const client = await connectControl(wanted, { timeoutMs: 5_000 });
      expect(await client.call('status', {})).toMatchObject({ ready: true });
      client.close();
    } finally {
      await long.close();
      rmSync(dirname(long.path), { recursive: true });
    }
  });

  it('ends its clients when it closes', async () => {
    const client = dial();
    await client.prove();
    const closed = once(client.socket, 'close');
    await bench.server.close();
    await closed;
    expect(existsSync(bench.path)).toBe(false);
  });
});

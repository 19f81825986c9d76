import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectControl } from '#src/control/client';
import { LineSplitter } from '#src/control/lines';
import { makeSocketFolder, socketPath } from '#src/control/socket-path';

let folder: string;
let path: string;
let server: Server | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'msc-client-'));
  path = join(folder, 'control.sock');
});
afterEach(() => {
  server?.close();
  rmSync(folder, { recursive: true });
});

/** A switch that says these lines, whatever it hears. */
async function pretend(say: (socket: Socket) => void): Promise<void> {
  const pretender = createServer((socket) => {
    socket.on('error', () => undefined);
    say(socket);
  });
  server = pretender;
  await new Promise<void>((resolve) => pretender.listen(path, resolve));
}

const nonce = 'n'.repeat(43);
const line = (value: unknown): string => `${JSON.stringify(value)}\n`;

describe('a client', () => {
  it('says in one sentence that the switch is down, with the next step', async () => {
    const down = connectControl(path, { timeoutMs: 1_000 });
    await expect(down).rejects.toMatchObject({ code: 'MSC-1201', exit: 69 });
    await expect(down).rejects.toThrow(/^the switch cannot be reached: nobody answers at [^\n]+$/);
    writeFileSync(path, '');
    await expect(connectControl(path, { timeoutMs: 1_000 })).rejects.toMatchObject({ exit: 69 });
  });

  it('waits no longer than it was told', async () => {
    await pretend(() => undefined);
    const silent = connectControl(path, { timeoutMs: 50 });
    await expect(silent).rejects.toMatchObject({ code: 'MSC-1204', exit: 75 });
  });

  it.each([
    ['no JSON', 'hello\n', 'MSC-1205'],
    ['no greeting', line({}), 'MSC-1205'],
    ['an end of the stream', '', 'MSC-1201'],
    [
      'a refusal',
      line({ id: 0, error: { code: 'MSC-1203', message: 'busy', hint: 'wait', exit: 75 } }),
      'MSC-1203',
    ],
    [
      'a refusal with a code of a newer switch',
      line({ id: 0, error: { code: 'MSC-9999', message: 'new' } }),
      'MSC-1205',
    ],
  ])('fails with a code when it hears %s', async (_, said, code) => {
    await pretend((socket) => socket.end(said));
    await expect(connectControl(path, { timeoutMs: 5_000 })).rejects.toMatchObject({ code });
  });

  it('proves itself only beside the socket it dialled', async () => {
    const elsewhere = join(folder, 'elsewhere');
    mkdirSync(elsewhere);
    await pretend((socket) => socket.write(line({ msc: '1', nonce, folder: elsewhere })));
    const lured = connectControl(path, { timeoutMs: 1_000 });
    await expect(lured).rejects.toMatchObject({ code: 'MSC-1205' });
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  it('fails when the switch goes away in the middle of an answer', async () => {
    mkdirSync(join(folder, 'proof'));
    await pretend((socket) => {
      socket.write(line({ msc: '1', nonce, folder: join(folder, 'proof') }));
      socket.write(line({ person: 'root', roles: ['admin'] }));
      socket.end(line({ id: 1, rows: [{ entry: 1 }] }));
    });
    const client = await connectControl(path, { timeoutMs: 5_000 });
    const rows: unknown[] = [];
    const args = { query: { where: [], reverse: true, limit: 0 }, asked: '', text: false };
    const call = client.call('search', args, (batch) => void rows.push(...batch));
    await expect(call).rejects.toMatchObject({ code: 'MSC-1201', exit: 69 });
    expect(rows).toEqual([{ entry: 1 }]);
    client.close();
  });
});

describe('the path of the socket', () => {
  it('stays where it is wanted up to 100 octets, and moves to one place beyond', () => {
    const short = `/run/${'a'.repeat(95)}`;
    expect(socketPath(short)).toBe(short);
    const moved = socketPath(`${short}a`);
    expect(moved).toMatch(/^\/tmp\/msc-[0-9a-f]{24}\/control\.sock$/);
    expect(socketPath(`${short}a`)).toBe(moved);
    expect(socketPath(moved)).toBe(moved);
    expect(socketPath(`${short}b`)).not.toBe(moved);
    expect(socketPath(`/${'ä'.repeat(50)}`)).toMatch(/^\/tmp\//);
  });

  it.runIf(process.geteuid?.() === 0)(
    'is not taken where somebody else waits in its place',
    async () => {
      const moved = socketPath(join(folder, 'x'.repeat(120)));
      await makeSocketFolder(moved);
      try {
        const { chownSync } = await import('node:fs');
        chownSync(dirname(moved), 1, 1);
        const refused = connectControl(moved, { timeoutMs: 1_000 });
        await expect(refused).rejects.toMatchObject({ code: 'MSC-1206', exit: 77 });
        await expect(makeSocketFolder(moved)).rejects.toMatchObject({ code: 'MSC-1006' });
      } finally {
        rmSync(dirname(moved), { recursive: true });
      }
    },
  );
});

describe('lines', () => {
  it('come out the same however the octets are split', () => {
    const octets = Buffer.from('ä\nbc\n\nd');
    for (let at = 0; at <= octets.length; at += 1) {
      const splitter = new LineSplitter(8);
      const parts = [octets.subarray(0, at), octets.subarray(at), Buffer.from('\n')];
      expect(parts.flatMap((part) => splitter.push(part))).toEqual(['ä', 'bc', '', 'd']);
    }
  });

  it('over the limit are refused before their end', () => {
    const splitter = new LineSplitter(4);
    expect(splitter.push(Buffer.from('abcd\nab'))).toEqual(['abcd']);
    expect(splitter.push(Buffer.from('cde'))).toBe('too-long');
    expect(new LineSplitter(4).push(Buffer.from('abcde\n'))).toBe('too-long');
  });
});

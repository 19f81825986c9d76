// A control socket that answers as told: what the commands print, without a switch behind it.

import { mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { proofFolderOf } from '#src/control/socket-path';
import type { StatusReport } from '#src/control/wire';

export interface Answer {
  readonly rows?: readonly (readonly Readonly<Record<string, unknown>>[])[];
  readonly end?: object;
  readonly error?: object;
}

export class FakeSwitch {
  readonly folder = mkdtempSync(join(tmpdir(), 'msc-cli-'));
  readonly socket = join(this.folder, 'control.sock');
  /** Every request, as it came. */
  readonly asked: { readonly command: string; readonly args: Record<string, unknown> }[] = [];
  readonly #answers: Readonly<Record<string, Answer>>;
  readonly #server: Server;

  constructor(answers: Readonly<Record<string, Answer>>) {
    this.#answers = answers;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  async open(): Promise<this> {
    mkdirSync(proofFolderOf(this.socket), { recursive: true });
    this.#server.listen(this.socket);
    await once(this.#server, 'listening');
    return this;
  }

  async close(): Promise<void> {
    this.#server.close();
    await once(this.#server, 'close');
    rmSync(this.folder, { recursive: true, force: true });
  }

  #serve(socket: Socket): void {
    const say = (line: object): void => {
      socket.write(`${JSON.stringify(line)}\n`);
    };
    socket.on('error', () => socket.destroy());
    say({
      msc: '0.1.0',
      nonce: randomBytes(32).toString('base64url'),
      folder: proofFolderOf(this.socket),
    });
    let proved = false;
    const reader = createInterface({ input: socket });
    reader.on('error', () => socket.destroy());
    reader.on('line', (line) => {
      if (!proved) {
        proved = true;
        say({ person: 'tester', roles: ['operator'] });
        return;
      }
      // What the client under test sends.
      const request = JSON.parse(line) as {
        id: number;
        command: string;
        args: Record<string, unknown>;
      };
      this.asked.push(request);
      const { rows = [], end = {}, error } = this.#answers[request.command] ?? {};
      for (const batch of rows) say({ id: request.id, rows: batch });
      say(error === undefined ? { id: request.id, end } : { id: request.id, error });
    });
  }
}

/** An entry of the journal as `search` answers it. */
export function entryRow(entry: number): Readonly<Record<string, unknown>> {
  return {
    entry,
    time: `2026-11-21T23:41:07.${String(118_000 + (entry % 1000)).padStart(6, '0')}Z`,
    kind: 'received',
    direction: 'up-in',
    thread: entry,
    upstream: 'STATE',
    mnemonic: 'QZ01',
    user: 'a-user-with-a-long-name',
    ori: 'CA0990100',
    mke: 'QV',
    outcome: 'no-hit',
    bytes: 40,
    digest: '0'.repeat(64),
  };
}

export const statusReport: StatusReport = {
  version: '0.1.0',
  county: 'EXAMPLE',
  pid: 4711,
  startedAtUs: (Date.now() - 90_061_000) * 1000,
  ready: true,
  view: {
    stations: [
      {
        name: 'DEMO-DISP-01',
        role: 'terminal',
        state: 'signed-on',
        mnemonics: ['QZ01'],
        user: 'jdoe',
        sinceMs: 1_795_000_000_000,
        unacknowledged: 0,
      },
      {
        name: 'DEMO-DISP-02',
        role: 'terminal',
        state: 'absent',
        mnemonics: ['QZ02'],
        unacknowledged: 0,
      },
    ],
    upstreams: [
      { name: 'STATE', state: 'up', sinceMs: 1_795_000_000_000, waiting: 0, unacknowledged: 1 },
    ],
    queues: [{ name: 'QP01', waiting: 7, oldestMs: 220_000 }],
    intercept: 1,
    requests: 2,
    entries: 48_811_512,
    mode: 'running',
  },
  terminals: { known: 2, connected: 1, signedOn: 1, disabled: 0, dark: ['DEMO-DISP-02'] },
  dialling: [],
  journal: {
    folder: '/var/lib/msc/journal',
    entries: 48_811_512,
    lastCommitMs: 2,
    blocked: false,
    diskUsed: 0.61,
  },
  addresses: { stations: '127.0.0.1:7443' },
  attention: [
    { code: 'MSC-2107', text: 'certificate of QZ09 ends in 11 days', next: 'msc cert issue QZ09' },
  ],
};
